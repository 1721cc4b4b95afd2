#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The independent verifier over tests/vectors/bundle-verify.json: the same result, verdicts and status, case by case;
and over the envelopes of event-envelope.json and batch.json.

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
    from aval_mandate import Mandate
    from aval_cbor import Refused
    from aval_event import Event
    from aval_keys import BATCH_OF, parse_key
except ImportError as missing:
    print(f"1..1\nok 1 - independent verifier # SKIP {missing}")
    sys.exit(0)

VECTORS = root / "tests" / "vectors" / "bundle-verify.json"
ENVELOPES = ["event-envelope", "batch"]


def compare(case):
    """None, or what differs."""
    given, expect = case["input"], case["expect"]
    without = [check for check in given["without"].split(",") if check]
    got = aval_verify.verify(bytes.fromhex(given["bundle"]), aval_verify.Policy(given["trust"], without, given["at"]))
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


def status_of(work):
    try:
        return "AVAL_OK", work()
    except Refused as refused:
        return refused.status, None


def verify_all(event, keys):
    for protected, alg, kid, _, signature in event.signatures:
        if kid not in keys:
            raise Refused("AVAL_E_KEY_MISSING")
        if BATCH_OF.get(alg, alg) != keys[kid].alg:
            raise Refused("AVAL_E_COSE_ALGORITHM")
        event.verify(keys[kid], protected, signature)


def compare_envelope(case):
    """None, or what differs."""
    given, expect = case["input"], case["expect"]
    status, event = status_of(lambda: Event(bytes.fromhex(given["envelope"])))
    if status != expect["status"]:
        return f"status {status}, want {expect['status']}"
    if event is None:
        return None
    keys = {key.thumbprint: key for key in (parse_key(bytes.fromhex(key)) for key in given["keys"])}
    missing = [f"{role} {party}" for role, party in event.signers if (role, party) not in event.signed]
    if missing != expect["missing"]:
        return f"missing {missing}, want {expect['missing']}"
    status, _ = status_of(lambda: verify_all(event, keys))
    return None if status == expect["verify"] else f"verify {status}, want {expect['verify']}"


def act_status(mandate, given):
    """What aval_mandate_check() says, by the parts of the verifier."""
    if mandate.party != given["party"]:
        return "AVAL_E_MANDATE_PARTY"
    if mandate.registry != given["registry"]:
        return "AVAL_E_MANDATE_REGISTRY"
    keys = bytes.fromhex(given["keys"])
    kids = {keys[i:i + 32] for i in range(0, len(keys), 32)}
    at = None if given["at"] < 0 else given["at"]
    return mandate.refusal(kids, given["type"], given["currency"], given["amount"], at) or "AVAL_OK"


# Where a status of the library has another in the second implementation, which reads headers as a whole.
HEADER_STATUSES = {"AVAL_E_CBOR_FIELD_MISSING", "AVAL_E_COSE_HEADER", "AVAL_E_COSE_ALGORITHM"}


def compare_mandate(case):
    """None, or what differs."""
    given, expect = case["input"], case["expect"]
    status, mandate = status_of(lambda: Mandate(bytes.fromhex(given["envelope"])))
    if given["kind"] == "read":
        if status != expect["status"] and not {status, expect["status"]} <= HEADER_STATUSES:
            return f"status {status}, want {expect['status']}"
        if mandate is None or expect["verify"] == "AVAL_E_INVALID_ARGUMENT":
            return None
        status, _ = status_of(mandate.verify)
        want = expect["groups"] if expect["verify"] == "AVAL_OK" else expect["verify"]
        return None if status == want else f"verify {status}, want {want}"
    if given["kind"] == "act":
        status = act_status(mandate, given)
    else:
        other = Mandate(bytes.fromhex(given["other"]))
        status = mandate.is_ended_by(other, given["at"] if given["at"] >= 0 else 1 << 63) or "AVAL_OK"
    return None if status == expect["status"] else f"{status}, want {expect['status']}"


FLIPS = 41


def flipped(case):
    """The first of every 41st bit of a valid bundle whose flip is not invalid, or None."""
    data, policy = bytearray.fromhex(case["input"]["bundle"]), aval_verify.Policy(case["input"]["trust"], (), case["input"]["at"])
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
    results = [("the committed vectors are what make_bundles writes", None if written == committed else "they differ")]
    results += [(f"flipped bits of {name} are invalid", flipped(next(case for case in cases if case["id"] == name)))
                for name in ("accepted", "mandate-two")]
    beyond = [case["id"] for case in cases if "anchors" in case["input"]]
    results += [(case["id"], compare(case)) for case in cases if case["id"] not in beyond]
    for name in ENVELOPES:
        envelopes = json.loads((VECTORS.parent / f"{name}.json").read_text())["cases"]
        results += [(f"{name}: {case['id']}", compare_envelope(case)) for case in envelopes]
    mandates = json.loads((VECTORS.parent / "mandate.json").read_text())["cases"]
    results += [(f"mandate: {case['id']}", compare_mandate(case)) for case in mandates]
    print(f"1..{len(results) + len(beyond)}")
    for number, (name, difference) in enumerate(results, 1):
        print(f"ok {number} - {name}" if difference is None else f"not ok {number} - {name}: {difference}")
    for number, name in enumerate(beyond, len(results) + 1):
        print(f"ok {number} - {name} # SKIP certificates are beyond the independent verifier")
    return 1 if any(difference is not None for _, difference in results) else 0


sys.exit(main())
