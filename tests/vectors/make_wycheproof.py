#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write wycheproof-p256.json: keys, messages, signatures and verdicts of Wycheproof's suite for ECDSA on P-256.

    make_wycheproof.py ecdsa_secp256r1_sha256_p1363_test.json > wycheproof-p256.json

The suite is https://github.com/C2SP/wycheproof under the Apache License 2.0, of the commit below. Its comments and notes
are left out; a case is named by its number and its flags. The verdict is the suite's, not this library's.
"""
import hashlib
import json
import sys

COMMIT = "dac1dd4729fd1f8dd9e1e9f3dce51d783da6c166"
SHA256 = "c60de693930e386c3a5472d08081623ef8504decc54b38ac01ec6b2a2575c986"

with open(sys.argv[1], "rb") as file:
    data = file.read()
if hashlib.sha256(data).hexdigest() != SHA256:
    sys.exit(f"{sys.argv[1]}: not the file of commit {COMMIT}")
suite = json.loads(data)
rows = []
for group in suite["testGroups"]:
    if (group["publicKey"]["curve"], group["sha"]) != ("secp256r1", "SHA-256"):
        sys.exit("a group of another curve or hash function")
    for test in group["tests"]:
        rows.append({"id": " ".join([str(test["tcId"]), *test["flags"]]),
                     "input": {"point": group["publicKey"]["uncompressed"], "message": test["msg"],
                               "signature": test["sig"]}, "expect": {"verdict": test["result"]}})
if len(rows) != suite["numberOfTests"]:
    sys.exit("a case is missing")
print('{\n"format": "ECDSA on P-256 with SHA-256: a point, a message, a signature r || s, and whether it is valid",\n'
      f'"source": "Project Wycheproof, testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json of C2SP/wycheproof at {COMMIT[:12]}, '
      f'by make_wycheproof.py",\n"license": "Apache-2.0",\n"count": {len(rows)},\n"cases": [')
print(",\n".join(json.dumps(row) for row in rows) + "\n]\n}")
