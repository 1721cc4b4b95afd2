#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write musig-file.json: the files of MuSig2 sessions, by code that shares nothing with the library.

    python3 tests/vectors/make_musig_file.py > tests/vectors/musig-file.json
"""
import json

from curves import K1, b32, sha256, tagged

cases = []


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([major << 5 | 23 + size.bit_length()]) + number.to_bytes(size, "big")


def cbor(item):
    """Deterministic CBOR of what the files hold; bytes that are CBOR already come as a Raw."""
    if isinstance(item, Raw):
        return bytes(item)
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    return head(4, len(item)) + b"".join(cbor(part) for part in item)


class Raw(bytes):
    pass


def point(number):
    """The point of a number with an even y, as Schnorr keys have it."""
    x, _ = K1.mul(number)
    return K1.lift(x, 0)


def cose_key(key, alg=-65537):
    pairs = [(1, 2), (3, alg), (-1, 8), (-2, b32(key[0])), (-3, b32(key[1]))]
    return Raw(head(5, len(pairs)) + b"".join(cbor(label) + cbor(value) for label, value in pairs))


def aggregate_x(keys):
    plain = [b"\2" + b32(key[0]) for key in keys]
    listed = tagged("KeyAgg list", b"".join(plain))
    second = next((one for one in plain if one != plain[0]), None)
    total = None
    for key, one in zip(keys, plain):
        number = 1 if one == second else int.from_bytes(tagged("KeyAgg coefficient", listed + one), "big") % K1.n
        total = K1.add(total, K1.mul(number, key))
    return b32(total[0])


def case(id_, kind, data, status="AVAL_OK", offset=None, **fields):
    expect = {key: value for key, value in fields.pop("expect", {}).items()}
    expect["status"] = status
    if offset is not None:
        expect["offset"] = offset
    cases.append({"id": id_, "input": {"kind": kind, "data": data.hex(), **fields}, "expect": expect})


KEYS = sorted(point(number) for number in (11, 12, 13))
MEMBERS = [cose_key(key) for key in KEYS]
ID, ROLE, PARTY = sha256(b"id"), 4, "lei:529900T8BM49AURSDO55"
MESSAGE = b"three pallets of sealed bearings"
NAME = tagged("aval/musig-session", ID + aggregate_x(KEYS) + tagged("aval/schnorr", MESSAGE))
NONCES = b"".join(b"\2" + b32(point(100 + i)[0]) for i in range(6))
SEEN = tagged("aval/musig-nonces", NONCES)
PARTIAL = sha256(b"partial")

GROUP = ["aval/musig-group", 1, MEMBERS]
SESSION = ["aval/musig-session", 1, ID, ROLE, PARTY, MEMBERS]
NONCE = ["aval/musig-nonce", 1, NAME, 1, NONCES[66:132]]
PART = ["aval/musig-partial", 1, NAME, 2, SEEN, PARTIAL]


def changed(file, at, value):
    return cbor(file[:at] + [value] + file[at + 1:])


def groups():
    expect = {"aggregate": aggregate_x(KEYS).hex(), "count": 3}
    case("a group", "group", cbor(GROUP), expect=expect)
    case("a group of one", "group", changed(GROUP, 2, MEMBERS[:1]),
         expect={"aggregate": aggregate_x(KEYS[:1]).hex(), "count": 1})
    twice = [KEYS[0], KEYS[0], KEYS[1]]
    case("a member twice", "group", changed(GROUP, 2, [MEMBERS[0]] + MEMBERS[:2]),
         expect={"aggregate": aggregate_x(twice).hex(), "count": 3})
    first = len(cbor(GROUP[0])) + 2
    case("another kind of file", "group", cbor(SESSION), "AVAL_E_MUSIG_FORMAT", 0)
    case("an item too many", "group", cbor(GROUP + [1]), "AVAL_E_MUSIG_FORMAT", 0)
    case("an item too few", "group", cbor(GROUP[:2]), "AVAL_E_MUSIG_FORMAT", 0)
    case("another version", "group", changed(GROUP, 1, 2), "AVAL_E_UNSUPPORTED", first - 1)
    case("no member", "group", changed(GROUP, 2, []), "AVAL_E_MUSIG_FORMAT", first + 1)
    case("members out of order", "group", changed(GROUP, 2, [MEMBERS[1], MEMBERS[0]]), "AVAL_E_MUSIG_FORMAT",
         first + 1 + len(MEMBERS[1]))
    case("a member for ECDSA", "group", changed(GROUP, 2, [cose_key(KEYS[0], -47)]), "AVAL_E_COSE_ALGORITHM", first + 1)
    odd = (KEYS[0][0], K1.p - KEYS[0][1])
    case("a member with an odd y", "group", changed(GROUP, 2, [cose_key(odd)]), "AVAL_E_KEY_POINT")
    case("a byte behind", "group", cbor(GROUP) + b"\0", "AVAL_E_CBOR_TRAILING", len(cbor(GROUP)))
    case("members that are no array", "group", changed(GROUP, 2, 7), "AVAL_E_CBOR_TYPE", first)


def sessions():
    expect = {"id": ID.hex(), "role": ROLE, "party": PARTY, "count": 3, "name": NAME.hex()}
    case("a session", "session", cbor(SESSION), message=MESSAGE.hex(), expect=expect)
    case("a group in its place", "session", cbor(GROUP), "AVAL_E_MUSIG_FORMAT", 0)
    case("an id of 31 bytes", "session", changed(SESSION, 2, ID[:31]), "AVAL_E_CBOR_RANGE")
    case("no party", "session", changed(SESSION, 4, ""), "AVAL_E_CBOR_RANGE")
    case("a party of 128 bytes", "session", changed(SESSION, 4, "p" * 128), message=MESSAGE.hex(),
         expect={**expect, "party": "p" * 128})
    case("a party of 129 bytes", "session", changed(SESSION, 4, "p" * 129), "AVAL_E_CBOR_RANGE")
    case("a role below zero", "session", changed(SESSION, 3, -1), "AVAL_E_CBOR_TYPE")


def parts():
    both = {"session": NAME.hex(), "nonces": NONCES.hex()}
    case("a nonce", "nonce", cbor(NONCE), index=1, **both, expect={"content": NONCES[66:132].hex()})
    case("a nonce of another session", "nonce", changed(NONCE, 2, ID), "AVAL_E_MUSIG_SESSION", 19, index=1, **both)
    case("a nonce of another member", "nonce", cbor(NONCE), "AVAL_E_MUSIG_SESSION", 19 + 34, index=0, **both)
    case("a nonce of 65 bytes", "nonce", changed(NONCE, 4, NONCES[:65]), "AVAL_E_CBOR_RANGE", index=1, **both)
    case("a partial signature as nonce", "nonce", cbor(PART), "AVAL_E_MUSIG_FORMAT", 0, index=2, **both)
    case("a nonce of another version", "nonce", changed(NONCE, 1, 0), "AVAL_E_UNSUPPORTED", index=1, **both)
    case("a partial signature", "partial", cbor(PART), index=2, **both, expect={"content": PARTIAL.hex()})
    case("a partial signature of another session", "partial", changed(PART, 2, ID), "AVAL_E_MUSIG_SESSION", index=2,
         **both)
    case("a partial signature of another member", "partial", cbor(PART), "AVAL_E_MUSIG_SESSION", index=1, **both)
    case("a partial signature over other nonces", "partial", changed(PART, 4, ID), "AVAL_E_MUSIG_NONCES", index=2, **both)
    case("a partial signature of 33 bytes", "partial", changed(PART, 5, PARTIAL + b"\0"), "AVAL_E_CBOR_RANGE", index=2,
         **both)
    case("a nonce as partial signature", "partial", cbor(NONCE), "AVAL_E_MUSIG_FORMAT", 0, index=1, **both)


groups()
sessions()
parts()
print(json.dumps({"format": "musig-file", "source": "tests/vectors/make_musig_file.py", "count": len(cases),
                  "cases": cases}, indent=1))
