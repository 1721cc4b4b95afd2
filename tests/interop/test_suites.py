# SPDX-License-Identifier: Apache-2.0
"""Published vectors: BIP340, Wycheproof's ECDSA, COSE_Sign1 of the working group, of gluecose and of SCITT.

    test_suites.py PEER VECTORS

VECTORS is the folder that holds them; a suite that is not there is skipped.
"""
import base64
import csv
import json
import os
import sys

from peer import Peer, Skip, case, equal, main, table

peer = Peer(sys.argv[1])
VECTORS = sys.argv[2] if len(sys.argv) > 2 else ""
OK, INVALID, HIGH_S, LENGTH = ("AVAL_OK", "AVAL_E_SIGNATURE_INVALID", "AVAL_E_SIGNATURE_HIGH_S",
                               "AVAL_E_SIGNATURE_LENGTH")
ES256K, ESP256 = -47, -9


def path(*names):
    return os.path.join(VECTORS, *names)


def need(suite, *names):
    if not VECTORS or not os.path.exists(path(suite, *names)):
        raise Skip(f"the vectors {'/'.join((suite, *names))} are not here")


def rows_of(function):
    """Rows of a suite, or one row without arguments where it is not there."""
    try:
        return list(function())
    except Skip as reason:
        return [(str(reason),)]


# BIP340.

def bip340_rows():
    need("bip340", "test-vectors.csv")
    with open(path("bip340", "test-vectors.csv"), newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield f"{row['index']} {row['comment']}".strip(), row


@table("bip340", rows_of(bip340_rows))
def bip340(row=None):
    if row is None:
        raise Skip("no vectors")
    key, message, signature = (bytes.fromhex(row[name]) for name in ("public key", "message", "signature"))
    equal(peer.status("bip340", key, message, signature), OK if row["verification result"] == "TRUE" else INVALID)
    if row["secret key"] and len(message) == 32:
        made = peer.bytes("bip340-sign", bytes.fromhex(row["secret key"]), bytes.fromhex(row["aux_rand"]), message)
        equal(made, signature)


# Wycheproof: a valid signature with a high s is refused, by its own status; all else is as the suite says.

ORDERS = {"secp256k1": 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141,
          "secp256r1": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551}


def wycheproof_rows(curve):
    def rows():
        name = f"ecdsa_{curve}_sha256_p1363_test.json"
        need("wycheproof", name)
        with open(path("wycheproof", name), encoding="utf-8") as file:
            suite = json.load(file)
        tests = [(group["publicKey"]["uncompressed"], test) for group in suite["testGroups"]
                 for test in group["tests"]]
        equal(len(tests), suite["numberOfTests"])
        for key, test in tests:
            yield f"{test['tcId']} {test['comment']}", curve, key, test
    return rows


def wycheproof_expectation(order, test):
    signature = bytes.fromhex(test["sig"])
    if len(signature) != 64:
        equal(test["result"], "invalid")
        return LENGTH
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if 0 < r < order and order // 2 < s < order:
        return HIGH_S
    return OK if test["result"] == "valid" else INVALID


# On P-256 test_wycheproof_p256.c runs the suite's numbers, which are committed.
@table("wycheproof", rows_of(wycheproof_rows("secp256k1")))
def wycheproof(curve=None, key=None, test=None):
    if curve is None:
        raise Skip("no vectors")
    alg = ES256K if curve == "secp256k1" else ESP256
    want = wycheproof_expectation(ORDERS[curve], test)
    signature = bytes.fromhex(test["sig"])
    equal(peer.status("verify", alg, bytes.fromhex(key), bytes.fromhex(test["msg"]), signature), want)
    if want == HIGH_S:
        # Its low twin is what the suite says of it.
        s = ORDERS[curve] - int.from_bytes(signature[32:], "big")
        twin = signature[:32] + s.to_bytes(32, "big")
        equal(peer.status("verify", alg, bytes.fromhex(key), bytes.fromhex(test["msg"]), twin),
              OK if test["result"] == "valid" else INVALID)


def der_numbers(data):
    """r and s of strict DER, both below 2^256; None of anything else."""
    def number(at):
        if len(data) < at + 3 or data[at] != 2:
            return None, None
        length = data[at + 1]
        body = data[at + 2:at + 2 + length]
        if not 0 < length < 34 or len(body) != length or body[0] & 0x80 or (length > 1 and not body[0] | body[1] & 0x80):
            return None, None
        return int.from_bytes(body, "big"), at + 2 + length
    if len(data) < 2 or data[0] != 0x30 or data[1] != len(data) - 2 or data[1] > 127:
        return None
    r, at = number(2)
    s, end = number(at) if r is not None else (None, None)
    return (r, s) if end == len(data) and max(r, s) < 2**256 else None


def wycheproof_der_rows(name, curve):
    def rows():
        need("wycheproof", name)
        with open(path("wycheproof", name), encoding="utf-8") as file:
            suite = json.load(file)
        tests = [(group["publicKey"]["uncompressed"], test) for group in suite["testGroups"]
                 for test in group["tests"]]
        equal(len(tests), suite["numberOfTests"])
        for key, test in tests:
            yield f"{name} {test['tcId']} {test['comment']}", curve, key, test
    return rows


@table("wycheproof der", rows_of(wycheproof_der_rows("ecdsa_secp256k1_sha256_test.json", "secp256k1")) +
       rows_of(wycheproof_der_rows("ecdsa_secp256k1_sha256_bitcoin_test.json", "secp256k1")) +
       rows_of(wycheproof_der_rows("ecdsa_secp256r1_sha256_test.json", "secp256r1")))
def wycheproof_der(curve=None, key=None, test=None):
    if curve is None:
        raise Skip("no vectors")
    order, numbers = ORDERS[curve], der_numbers(bytes.fromhex(test["sig"]))
    if numbers is None:
        equal(test["result"], "invalid")
        want = "der"
    elif 0 < numbers[0] < order and order // 2 < numbers[1] < order:
        want = HIGH_S
    else:
        want = OK if test["result"] == "valid" else INVALID
    alg = ES256K if curve == "secp256k1" else ESP256
    equal(peer.status("verify-der", alg, bytes.fromhex(key), bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])),
          want)


# COSE_Sign1 by others.

def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key):
    return b"\x04" + unbase64(key["x"]) + unbase64(key["y"])


# What the working group's examples are to a reader who wants alg protected.
WG_STATUS = {
    "sign1-tests/sign-pass-01": "AVAL_E_COSE_HEADER",  # alg unprotected
    "sign1-tests/sign-pass-02": INVALID,               # with an external_aad
    "sign1-tests/sign-pass-03": "AVAL_E_CBOR_TYPE",    # no tag
    "sign1-tests/sign-fail-01": "AVAL_E_CBOR_TYPE",    # another tag
    "sign1-tests/sign-fail-02": INVALID,
    "sign1-tests/sign-fail-03": "AVAL_E_COSE_ALGORITHM",
    "sign1-tests/sign-fail-04": "AVAL_E_CBOR_TYPE",
    "sign1-tests/sign-fail-06": INVALID,
    "sign1-tests/sign-fail-07": INVALID,
    "ecdsa-examples/ecdsa-sig-01": OK,
    "ecdsa-examples/ecdsa-sig-02": "AVAL_E_COSE_ALGORITHM",
    "ecdsa-examples/ecdsa-sig-03": "AVAL_E_COSE_ALGORITHM",
    "ecdsa-examples/ecdsa-sig-04": "AVAL_E_COSE_ALGORITHM",
}


@table("cose-wg", [(name, name, status) for name, status in WG_STATUS.items()])
def working_group(name, status):
    need("cose-wg-examples", name + ".json")
    with open(path("cose-wg-examples", name + ".json"), encoding="utf-8") as file:
        example = json.load(file)
    key = example["input"]["sign0"]["key"]
    point = point_of(key) if key["crv"] == "P-256" else point_of(P256_KEY)
    equal(peer.status("sign1", ESP256, point, bytes.fromhex(example["output"]["cbor"]), b""), status)


P256_KEY = {"x": "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8", "y": "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"}


def gluecose_rows():
    need("gluecose")
    for name in sorted(os.listdir(path("gluecose"))):
        if not name.startswith("sign1-verify"):
            continue
        with open(path("gluecose", name), encoding="utf-8") as file:
            yield name, json.load(file)


@table("gluecose", rows_of(gluecose_rows))
def gluecose(example=None):
    if example is None:
        raise Skip("no vectors")
    if example["alg"] != "ES256":
        raise Skip(f"{example['alg']} is none of ours")
    if example["sign1::verify"].get("external"):
        raise Skip("external_aad is empty in all we read")
    data = bytes.fromhex(example["sign1::verify"]["taggedCOSESign1"]["cborHex"])
    status = peer.status("sign1", ESP256, point_of(example["key"]), data, b"")
    equal(status == OK, example["sign1::verify"]["shouldVerify"], status)


SCITT = "scitt-cose-v1/test-vectors/v1"


def read(*names):
    with open(path(*names), "rb") as file:
        return file.read()


def scitt_point(*names):
    """The last 65 bytes of a SubjectPublicKeyInfo in PEM."""
    lines = read(*names).decode().split("-----")[2]
    return base64.b64decode(lines)[-65:]


@case("scitt: a statement by its issuer")
def _():
    need(SCITT, "valid-es256")
    statement = read(SCITT, "valid-es256", "statement.cose")
    equal(peer.status("sign1", ESP256, scitt_point(SCITT, "valid-es256", "issuer-key.pub"), statement, b""), OK)
    equal(peer.status("sign1", ESP256, scitt_point(SCITT, "valid-es256", "log-key.pub"), statement, b""), INVALID)


@case("scitt: a receipt over the root of its log")
def _():
    need(SCITT, "valid-es256")
    receipt = read(SCITT, "valid-es256", "receipt.cose")
    root = bytes.fromhex(json.loads(read(SCITT, "valid-es256", "expected.json"))["reconstructed_root"])
    point = scitt_point(SCITT, "valid-es256", "log-key.pub")
    equal(peer.status("sign1", ESP256, point, receipt, root), OK)
    equal(peer.status("sign1", ESP256, point, receipt, root[:-1] + b"\0"), INVALID)


main(peer)
