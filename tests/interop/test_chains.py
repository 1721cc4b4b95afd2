# SPDX-License-Identifier: Apache-2.0
"""The chains of chains.json by OpenSSL: what is valid here is valid there, and what RFC 5280 calls invalid is so there.

    test_chains.py VECTORS

Reports TAP; skips without the openssl program.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

# OpenSSL evaluates what is refused here, or takes what RFC 5280 allows and the profile does not.
EVALUATED = {"AVAL_E_CERT_POLICY", "AVAL_E_CERT_NAME_CONSTRAINTS", "AVAL_E_CERT_PARTY", "AVAL_E_CERT_ALGORITHM", "AVAL_E_CERT_USAGE",
             "AVAL_E_CERT_UNCONFIRMED", "AVAL_E_CRL_CRITICAL", "AVAL_E_CRL_SIGNER", "AVAL_E_CRL_USAGE", "AVAL_E_CRL_ALGORITHM",
             "AVAL_E_CRL_FORMAT", "AVAL_E_CERT_FORMAT", "AVAL_E_LIMIT"}
# Single cases in which the two differ, each for a reason.
DIFFERS = {
    "the leaf is an anchor": "OpenSSL takes an anchor that is the leaf",
    "the intermediate is an anchor": "OpenSSL looks up the anchor in CRLs too",
    "an anchor that is no CA": "OpenSSL asks no more of an anchor than its key",
    "names of another kind of text": "OpenSSL compares BMPStrings by content",
    "a second CA of the name, tried in vain first": "OpenSSL judges CRLs by the first CA of the name",
    "the leaf in its last second": "OpenSSL lets a certificate end at the beginning of the second that RFC 5280 includes",
    "the intermediate in its last second": "likewise",
    "an intermediate issued to itself does not count": "OpenSSL takes a self-issued certificate for a self-signed one",
    "CRL: signed with the CA's former key, on the path": "likewise",
    "CRL: of both keys of the CA": "OpenSSL takes one list of an issuer",
    "CRL: revoked a moment later": "OpenSSL has revocation without a date",
    "CRL: not yet invalid": "likewise",
    "CRL: a later one knows of a revocation before": "OpenSSL asks current lists alone",
    "CRL: the anchor's serial is revoked": "OpenSSL looks up the anchor too",
}


def pem(label, der):
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n"


def verify(folder, case, objects):
    paths = {}
    for kind, label in (("chain", "CERTIFICATE"), ("anchors", "CERTIFICATE"), ("crls", "X509 CRL")):
        names = case["input"][kind].split()
        paths[kind] = os.path.join(folder, kind)
        with open(paths[kind], "w", encoding="ascii") as file:
            file.write("".join(pem(label, objects[name]) for name in (names[1:] if kind == "chain" else names)))
    leaf = os.path.join(folder, "leaf")
    with open(leaf, "w", encoding="ascii") as file:
        file.write(pem("CERTIFICATE", objects[case["input"]["chain"].split()[0]]))
    words = ["openssl", "verify", "-partial_chain", "-attime", str(case["input"]["at"] // 1000), "-trusted", paths["anchors"]]
    if case["input"]["chain"].split()[1:]:
        words += ["-untrusted", paths["chain"]]
    crls = case["input"]["crls"].split()
    if case["input"]["mode"] == "required" or (case["input"]["mode"] == "if-present" and len(crls) == 2):
        words += ["-crl_check_all"] + (["-CRLfile", paths["crls"]] if crls else [])
    return subprocess.run([*words, leaf], capture_output=True, text=True)


def main(path):
    with open(path, encoding="utf-8") as file:
        first, *cases = json.load(file)["cases"]
    if shutil.which("openssl") is None:
        print(f"1..1\nok 1 - {len(cases)} chains by OpenSSL # SKIP openssl is not here")
        return 0
    objects = {name: bytes.fromhex(value) for name, value in first["input"].items()}
    failed = number = 0
    for case in cases:
        want = case["expect"]["status"]
        if want in EVALUATED or not case["input"]["chain"] or not case["input"]["anchors"]:
            continue
        number += 1
        with tempfile.TemporaryDirectory(prefix="aval-chains-") as folder:
            process = verify(folder, case, objects)
        good = (process.returncode == 0) == (want == "AVAL_OK")
        if not good and case["id"] in DIFFERS:
            print(f"ok {number} - {case['id']}: {DIFFERS[case['id']]}")
            continue
        print(f"{'ok' if good else 'not ok'} {number} - {case['id']}")
        if not good:
            failed += 1
            print(f"# want {want}: {process.stdout.strip()} {process.stderr.strip()}".replace("\n", "\n# "))
    print(f"1..{number}")
    return failed != 0


sys.exit(main(sys.argv[1]))
