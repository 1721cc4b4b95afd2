#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The independent verifier over tests/vectors/bundle-verify.json: the same result, verdicts and status, case by case.

    test_bundles.py ROOT MAKE_BUNDLES

MAKE_BUNDLES is the program that writes the vectors; the committed file must be what it writes. Prints TAP.
"""
import json
import pathlib
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests" / "interop"))

try:
    import aval_verify
except ImportError as missing:
    print(f"1..1\nok 1 - independent verifier # SKIP {missing}")
    sys.exit(0)

VECTORS = root / "tests" / "vectors" / "bundle-verify.json"


def compare(case):
    """None, or what differs."""
    given, expect = case["input"], case["expect"]
    without = [check for check in given["without"].split(",") if check]
    got = aval_verify.verify(bytes.fromhex(given["bundle"]), aval_verify.Policy(given["trust"], without))
    verdicts = {row["check"]: row["verdict"] for row in got["checks"]}
    failed = [row["status"] for row in got["checks"] if row["verdict"] == "fail"]
    if got["result"] != expect["result"]:
        return f"result {got['result']}, want {expect['result']}"
    # What the library alone can read: importing invoices is not part of the second implementation.
    for check, verdict in expect["checks"].items():
        if verdicts[check] != verdict:
            return f"{check} {verdicts[check]}, want {verdict}"
    if failed and failed[0] != expect["status"]:
        return f"status {failed[0]}, want {expect['status']}"
    return None


FLIPS = 41


def flipped(case):
    """The first of every 41st bit of a valid bundle whose flip is not invalid, or None."""
    data, policy = bytearray.fromhex(case["input"]["bundle"]), aval_verify.Policy(case["input"]["trust"])
    for bit in range(0, 8 * len(data), FLIPS):
        data[bit // 8] ^= 1 << bit % 8
        if aval_verify.verify(bytes(data), policy)["result"] != "invalid":
            return bit
        data[bit // 8] ^= 1 << bit % 8
    return None


def main():
    written = subprocess.run([sys.argv[2]], stdout=subprocess.PIPE, check=True).stdout
    committed = VECTORS.read_bytes()
    cases = json.loads(committed)["cases"]
    print(f"1..{len(cases) + 2}")
    failures = 0
    if written != committed:
        failures += 1
        print("not ok 1 - the committed vectors are what make_bundles writes")
    else:
        print("ok 1 - the committed vectors are what make_bundles writes")
    for number, case in enumerate(cases, 2):
        difference = compare(case)
        failures += difference is not None
        print(f"ok {number} - {case['id']}" if difference is None else f"not ok {number} - {case['id']}: {difference}")
    bit = flipped(next(case for case in cases if case["id"] == "accepted"))
    failures += bit is not None
    print(f"{'ok' if bit is None else 'not ok'} {len(cases) + 2} - flipped bits are invalid{'' if bit is None else f': {bit}'}")
    return 1 if failures else 0


sys.exit(main())
