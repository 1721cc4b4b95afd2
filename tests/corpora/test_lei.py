#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates with LEIs of the linters pkilint and zlint: what they prove by "aval party show"; reports TAP.

    test_lei.py TOOL CORPORA
"""
import json
import os
import subprocess
import sys

TOOL, CORPORA = sys.argv[1:]
AEYE = [{"party": "lei:AEYE00EKXESVZUUEBP67", "source": "LEI extension"}]
# zlint's have an empty sequence for an LEI, and organizationIdentifiers that are no ids of our table.
PKILINT = "pkilint-lei-certs/tests/integration_certificate/smime_br"
ZLINT = "zlint-lei-certs/v3/testdata/smime"
FILES = {
    f"{PKILINT}/individual/strict/prohibited_lei_extensions.crttest": AEYE,
    f"{PKILINT}/organization/multipurpose/orgid_lei_has_state.crttest": AEYE,
    f"{ZLINT}/individual_validated_with_lei.pem": [],
    f"{ZLINT}/mailbox_validated_with_lei.pem": [],
    f"{ZLINT}/organization_validated_with_lei_critical.pem": [],
    f"{ZLINT}/sponsor_validated_with_lei_critical.pem": [],
    f"{ZLINT}/sponsor_validated_with_lei_role_critical.pem": [],
    f"{ZLINT}/with_lei_and_gov_organizationidentifier.pem": [],
    f"{ZLINT}/with_single_lei_organizationidentifier.pem": [],
}

failed = 0
print(f"1..{len(FILES)}")
for number, (name, parties) in enumerate(FILES.items(), 1):
    path = os.path.join(CORPORA, name)
    if not CORPORA or not os.path.exists(path):
        print(f"ok {number} - {os.path.basename(name)} # SKIP it is not there")
        continue
    process = subprocess.run([TOOL, "party", "show", path, "--json"], capture_output=True, text=True)
    got = json.loads(process.stdout).get("parties") if process.returncode == 0 else process.stderr
    failed += got != parties
    print(f"{'ok' if got == parties else 'not ok'} {number} - {os.path.basename(name)}")
    if got != parties:
        print(f"# got {got!r}")
sys.exit(failed != 0)
