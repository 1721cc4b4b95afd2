#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of mandates, by the encoder of event.py and the rules of mandate.py.

    mandate_vectors.py FOLDER            write FOLDER/mandate.json
    mandate_vectors.py --check FOLDER    compare it with what would be written, and the example of docs/spec/mandate.md

What each case expects is written by hand, status, offset (as the path of an item) and where; mandate.py must agree on what a
grant permits.
"""
import json
import pathlib
import sys

from event import Raw, cbor
from mandate import (ES256K, ESP256, GRANT, REVOCATION, SCHNORR, Act, Envelope, Key, aggregate, certificate_header, compress,
                     ended, key_header, permits, thumbprint)
from curves import K1

REGISTRY = "registry.example/log"
COMPANY = "lei:529900T8BM49AURSDO55"
FROM, UNTIL = 1790000000000, 1800000000000
A, B, C = Key(ES256K, 0xa11ce), Key(ESP256, 0xb0b), Key(SCHNORR, 0xfac708)
OFFICERS = sorted((Key(ES256K, 0x0ff1), Key(ESP256, 0x0ff2), Key(SCHNORR, 0x0ff3)), key=lambda k: k.thumbprint)
KEYS = [officer.thumbprint for officer in OFFICERS]

base = {1: GRANT, 2: REGISTRY, 3: A.party, 4: KEYS, 5: 2, 6: [1, 2], 7: [["EUR", 5000000], ["JPY", 900000]], 8: FROM,
        9: UNTIL, 11: b"\x0e" * 16}
EXAMPLE = Envelope(base, A)
revocation = {1: REVOCATION, 2: REGISTRY, 3: A.party, 12: EXAMPLE.id, 13: FROM + 1000, 14: "left the bank"}

cases = []


def without(item, *keys):
    return {key: value for key, value in item.items() if key not in keys}


def case(id_, envelope, status=None, offset=None, where=None, verify=None, groups=None, comment=None):
    """status: of reading. verify, groups: of what was read, OK if not given; "certificate" where there is no key to verify by."""
    data = envelope if isinstance(envelope, bytes) else envelope.data
    row = {"id": id_, "input": {"kind": "read", "envelope": data.hex()}}
    if status:
        row["expect"] = {"status": "AVAL_E_" + status, "offset": offset, "where": where}
    else:
        row["expect"] = {"status": "AVAL_OK", "id": envelope.id.hex(),
                         "verify": "AVAL_E_INVALID_ARGUMENT" if verify == "certificate" else
                                   "AVAL_E_" + verify if verify else "AVAL_OK",
                         "groups": "AVAL_E_" + groups if groups else "AVAL_OK"}
    if comment:
        row["comment"] = comment
    cases.append(row)


def good(id_, item, key=A, **more):
    case(id_, Envelope(item, key), **more)


def bad(id_, item, status, path, where, key=A, **more):
    envelope = Envelope(item, key)
    case(id_, envelope, status, envelope.inner[path], where, **more)


def form_cases():
    good("a grant by an ES256K key", base)
    good("a grant by an ESP256 key", {**base, 3: B.party}, B)
    good("a grant by a Schnorr key", {**base, 3: C.party}, C)
    good("a grant to a company by an endorser", {**base, 3: COMPANY}, B)
    good("a revocation", revocation)
    good("a revocation without reason", without(revocation, 14))
    good("without caps", without(base, 7))
    good("a successor", {**base, 10: EXAMPLE.id})
    good("one key", {**base, 4: KEYS[:1], 5: 1})
    good("every type", {**base, 6: list(range(1, 25))})
    good("a cap of one minor unit", {**base, 7: [["EUR", 1]]})
    good("the highest cap", {**base, 7: [["EUR", 2 ** 63 - 1]]})
    good("valid for a millisecond", {**base, 8: 0, 9: 1})
    good("valid as long as times go", {**base, 8: 0, 9: 2 ** 63 - 1})
    good("256 keys", {**base, 4: [i.to_bytes(32, "big") for i in range(256)], 5: 256})
    bad("257 keys", {**base, 4: [i.to_bytes(32, "big") for i in range(257)]}, "LIMIT", (4,), "mandate.keys")
    good("64 caps", {**base, 7: [[f"A{chr(65 + i // 26)}{chr(65 + i % 26)}", 1] for i in range(64)]})
    bad("65 caps", {**base, 7: [[f"A{chr(65 + i // 26)}{chr(65 + i % 26)}", 1] for i in range(65)]}, "LIMIT", (7,),
        "mandate.caps")
    bad("kind 0", {**base, 1: 0}, "CBOR_RANGE", (1,), "mandate.kind")
    bad("kind 3", {**base, 1: 3}, "CBOR_RANGE", (1,), "mandate.kind")
    bad("no registry", {**base, 2: ""}, "CBOR_RANGE", (2,), "mandate.registry")
    bad("a registry with a blank", {**base, 2: "a b"}, "MANDATE_FORMAT", (2,), "mandate.registry")
    bad("a party of no scheme", {**base, 3: "bank"}, "PARTY_FORMAT", (3,), "mandate.party")
    bad("a party with a wrong check digit", {**base, 3: COMPANY[:-1] + "6"}, "PARTY_CHECK", (3,), "mandate.party", key=B)
    bad("no keys", {**base, 4: []}, "CBOR_RANGE", (4,), "mandate.keys")
    bad("a key of 31 bytes", {**base, 4: [KEYS[0][:31]]}, "CBOR_RANGE", (4, 0), "mandate.keys[]")
    bad("keys descend", {**base, 4: [KEYS[1], KEYS[0]]}, "MANDATE_FORMAT", (4, 1), "mandate.keys[]")
    bad("a key twice", {**base, 4: [KEYS[0], KEYS[1], KEYS[1]]}, "MANDATE_FORMAT", (4, 2), "mandate.keys[]")
    good("a threshold of all", {**base, 5: 3})
    bad("a threshold of 0", {**base, 5: 0}, "CBOR_RANGE", (5,), "mandate.threshold")
    bad("a threshold above the keys", {**base, 5: 4}, "MANDATE_FORMAT", (5,), "mandate.threshold")
    bad("no types", {**base, 6: []}, "CBOR_RANGE", (6,), "mandate.types")
    bad("type 0", {**base, 6: [0]}, "CBOR_RANGE", (6, 0), "mandate.types[]")
    bad("type 25", {**base, 6: [25]}, "CBOR_RANGE", (6, 0), "mandate.types[]")
    bad("types descend", {**base, 6: [2, 1]}, "MANDATE_FORMAT", (6, 1), "mandate.types[]")
    bad("a type twice", {**base, 6: [1, 1]}, "MANDATE_FORMAT", (6, 1), "mandate.types[]")
    bad("an empty list of caps", {**base, 7: []}, "CBOR_RANGE", (7,), "mandate.caps")
    bad("a cap of 0", {**base, 7: [["EUR", 0]]}, "CBOR_RANGE", (7, 0, 1), "mandate.caps[].amount")
    bad("a cap of 2^63", {**base, 7: [["EUR", 2 ** 63]]}, "CBOR_RANGE", (7, 0, 1), "mandate.caps[].amount")
    bad("a currency of four letters", {**base, 7: [["EURO", 1]]}, "CBOR_RANGE", (7, 0, 0), "mandate.caps[].currency")
    bad("a currency in lower case", {**base, 7: [["eur", 1]]}, "MANDATE_FORMAT", (7, 0, 0), "mandate.caps[].currency")
    bad("a currency twice", {**base, 7: [["EUR", 1], ["EUR", 2]]}, "MANDATE_FORMAT", (7, 1), "mandate.caps[]")
    bad("currencies descend", {**base, 7: [["JPY", 1], ["EUR", 2]]}, "MANDATE_FORMAT", (7, 1), "mandate.caps[]")
    bad("no end", without(base, 9), "CBOR_FIELD_MISSING", (11, "key"), "mandate.valid_until")
    bad("an end at the begin", {**base, 9: FROM}, "MANDATE_FORMAT", (9,), "mandate.valid_until")
    bad("an end before the begin", {**base, 9: FROM - 1}, "MANDATE_FORMAT", (9,), "mandate.valid_until")
    bad("a time of 2^63", {**base, 9: 2 ** 63}, "CBOR_RANGE", (9,), "mandate.valid_until")
    bad("a predecessor of 33 bytes", {**base, 10: bytes(33)}, "CBOR_RANGE", (10,), "mandate.predecessor")
    bad("a nonce of 15 bytes", {**base, 11: bytes(15)}, "CBOR_RANGE", (11,), "mandate.nonce")
    bad("a field of a revocation", {**base, 13: 1}, "CBOR_FIELD_UNKNOWN", (13, "key"), "mandate")
    bad("a field more", {**base, 16: 1}, "CBOR_FIELD_UNKNOWN", (16, "key"), "mandate")
    bad("a revocation with keys", {**revocation, 4: KEYS}, "CBOR_FIELD_UNKNOWN", (4, "key"), "mandate")
    bad("a revocation of nothing", without(revocation, 12), "CBOR_FIELD_MISSING", (13, "key"), "mandate.mandate")
    bad("an empty reason", {**revocation, 14: ""}, "CBOR_RANGE", (14,), "mandate.reason")
    good("a reason of 256 bytes", {**revocation, 14: "r" * 256})
    bad("a reason of 257 bytes", {**revocation, 14: "r" * 257}, "CBOR_RANGE", (14,), "mandate.reason")
    bad("a line break in the reason", {**revocation, 14: "a\nb"}, "MANDATE_FORMAT", (14,), "mandate.reason")
    good("no line break in the reason", {**revocation, 14: "a b"})
    bad("a C1 control in the reason", {**revocation, 14: "a\u009fb"}, "MANDATE_FORMAT", (14,), "mandate.reason")
    good("U+00A0 in the reason", {**revocation, 14: "a\u00a0b"})
    bad("no kind", without(base, 1), "CBOR_FIELD_MISSING", (2, "key"), "mandate.kind")


def members_of(*numbers):
    return sorted(compress(Key(SCHNORR, number).point) for number in numbers)


def group_of(members):
    return [thumbprint(K1, aggregate(members)), members]


def group_cases():
    members, others = members_of(11, 12, 13), members_of(14, 15)
    plain = sorted(compress(K1.mul(number)) for number in (21, 22, 23, 24))
    one, two, three = group_of(members), group_of(others), group_of(plain)

    def grant(*groups):
        return {**base, 4: sorted(KEYS + [group[0] for group in groups]), 5: 1, 15: sorted(groups)}
    good("a group", grant(one))
    good("three groups", grant(one, two, three), comment="the third has members with an odd y")
    good("a group that is another key", {**grant(one), 15: [[KEYS[0], members]]}, groups="MANDATE_GROUP")
    good("a member that is no point", {**grant(one), 15: [[one[0], [b"\x02" + b"\xff" * 32, b"\x03" + b"\xff" * 32]]]},
         groups="MANDATE_GROUP")
    good("a member is missing", {**grant(one), 15: [[one[0], members[:2]]]}, groups="MANDATE_GROUP")
    bad("a group that is not listed", {**base, 15: [one]}, "MANDATE_FORMAT", (15, 0, 0), "mandate.groups[].key")
    bad("no groups", {**base, 15: []}, "CBOR_RANGE", (15,), "mandate.groups")
    alone = [thumbprint(K1, Key(SCHNORR, 11).point), members_of(11)]
    bad("a group of one", {**base, 4: [alone[0]], 5: 1, 15: [alone]}, "MANDATE_FORMAT", (15, 0, 1),
        "mandate.groups[].members")
    bad("a group of none", {**base, 4: [alone[0]], 5: 1, 15: [[alone[0], []]]}, "CBOR_RANGE", (15, 0, 1),
        "mandate.groups[].members")
    bad("members descend", {**grant(one), 15: [[one[0], members[::-1]]]}, "MANDATE_FORMAT", (15, 0, 1, 1),
        "mandate.groups[].members[]")
    bad("a member twice", {**grant(one), 15: [[one[0], [members[0], members[0]]]]}, "MANDATE_FORMAT", (15, 0, 1, 1),
        "mandate.groups[].members[]")
    bad("a member that begins with 04", {**grant(one), 15: [[one[0], [b"\x04" + members[0][1:], members[1]]]]},
        "MANDATE_FORMAT", (15, 0, 1, 0), "mandate.groups[].members[]")
    bad("a member of 32 bytes", {**grant(one), 15: [[one[0], [members[0][1:], members[1]]]]}, "CBOR_RANGE", (15, 0, 1, 0),
        "mandate.groups[].members[]")
    both = sorted([one, two])
    bad("groups descend", {**grant(one, two), 15: both[::-1]}, "MANDATE_FORMAT", (15, 1), "mandate.groups[]")
    bad("a group twice", {**grant(one), 15: [one, one]}, "MANDATE_FORMAT", (15, 1), "mandate.groups[]")
    bad("65 members", {**grant(one), 15: [[one[0], [b"\x02" + n.to_bytes(32, "big") for n in range(65)]]]}, "LIMIT",
        (15, 0, 1), "mandate.groups[].members")
    bad("17 groups", {**grant(one), 15: [one] * 17}, "LIMIT", (15,), "mandate.groups")


def envelope_cases():
    data = EXAMPLE.data
    case("truncated", data[:-1], "CBOR_COUNT", EXAMPLE.at[(3,)], "cose.signature")
    case("a byte behind", data + b"\0", "CBOR_TRAILING", len(data), "cbor")
    case("no tag", data[1:], "CBOR_TYPE", 0, "cose")
    case("the tag of events", Envelope(base, A, tag=98), "CBOR_TYPE", 0, "cose")
    case("an unprotected header", Envelope(base, A, unprotected={4: b"1"}), "COSE_HEADER", EXAMPLE.at[(1,)],
         "cose.unprotected")
    other = Envelope(base, A, header=key_header(A, typ="application/aval-event+cbor"))
    case("the typ of events", other, "COSE_TYP", other.outer[(16,)], "cose.typ")
    old = Envelope({**base, 3: B.party}, B, header=key_header(B, alg=-7))
    case("ESP256 under its old number", old, "COSE_ALGORITHM", old.outer[("key",)], "cose.key",
         comment="the key says -9")
    old = Envelope({**base, 3: B.party}, B, header=key_header(B, alg=-7, item={**B.item, 3: -7}))
    case("a key under the old number", old, "COSE_ALGORITHM", old.outer[("key",)], "cose.key")
    other = Envelope(base, A, header=key_header(A, alg=SCHNORR))
    case("another algorithm than the key's", other, "COSE_ALGORITHM", other.outer[("key",)], "cose.key")
    other = Envelope(base, A, header=key_header(A, item={**A.item, -3: bytes(32)}))
    case("a key that is no point", other, "KEY_POINT", other.outer[("key",)], "cose.key")
    other = Envelope(base, A, header=key_header(A, item=without(A.item, 3)))
    case("a key without alg", other, "CBOR_FIELD_MISSING", other.outer[("key",)], "cose.key")
    other = Envelope(base, A, header=without(key_header(A), "key"))
    case("nobody signed", other, "COSE_HEADER", other.outer[("end",)], "cose.x5t")
    other = Envelope(base, A, header=without(key_header(A), 16))
    case("no typ", other, "COSE_HEADER", other.outer[("key", "key")], "cose.typ")
    other = Envelope(base, A, header={**key_header(A), 4: KEYS[0]})
    case("a kid", other, "COSE_HEADER", other.outer[(4, "key")], "cose.typ")
    other = Envelope(base, A, header={**key_header(A), "kez": 1})
    case("a header behind the key", other, "COSE_HEADER", other.outer[("kez", "key")], "cose.protected")
    other = Envelope(base, A, header={1: ES256K, 16: key_header(A)[16], "kez": A.item})
    case("another label in the place of the key", other, "COSE_HEADER", other.outer[("kez", "key")], "cose.key")
    for length in (0, 63, 65):
        other = Envelope(base, A, signature=bytes(length))
        case(f"a signature of {length} bytes", other, "SIGNATURE_LENGTH", other.at[(3,)], "cose.signature")
    case("a high s", Envelope(base, A, high=True), verify="MANDATE_SIGNATURE")
    case("a signature of zeros", Envelope(base, A, signature=bytes(64)), verify="MANDATE_SIGNATURE")
    case("another's signature", Envelope(base, A, signature=B.sign(b"")), verify="MANDATE_SIGNATURE")
    case("a signature over an event's structure", Envelope(
        base, A, signature=A.sign(cbor(["Signature", EXAMPLE.protected, EXAMPLE.protected, b"", EXAMPLE.payload]))),
        verify="MANDATE_SIGNATURE")
    case("a key: party by another key", Envelope(base, B), "MANDATE_AUTHORITY", 0, "mandate.key")
    case("a revocation of a key: party by another key", Envelope(revocation, C), "MANDATE_AUTHORITY", 0, "mandate.key")
    case("not deterministic", Envelope(Raw(cbor(base).replace(b"\x05\x02", b"\x05\x18\x02").hex()), A), "CBOR_NOT_SHORTEST",
         Envelope(base, A).inner[(5,)], "mandate.threshold")


def certificate_cases():
    company, digest = {**base, 3: COMPANY}, bytes(range(32))

    def by(alg, length, item=company, hash_alg=-16, hash_=digest):
        return Envelope(item, header=certificate_header(alg, hash_, hash_alg=hash_alg), signature=bytes(length))
    for name, alg, length in (("ES256K", -47, 64), ("ESP256", -9, 64), ("ES384", -35, 96), ("PS256", -37, 256),
                              ("RS256", -257, 256), ("RS256 of 8192 bits", -257, 1024)):
        case(f"by a certificate, {name}", by(alg, length), verify="certificate")
    for name, alg, length in (("ES384 of 64 bytes", -35, 64), ("RS256 of 2040 bits", -257, 255),
                              ("RS256 of 8200 bits", -257, 1025), ("ESP256 of 65 bytes", -9, 65)):
        envelope = by(alg, length)
        case(f"by a certificate, {name}", envelope, "SIGNATURE_LENGTH", envelope.at[(3,)], "cose.signature")
    for name, alg in (("Schnorr", SCHNORR), ("ES256", -7), ("PS384", -38)):
        envelope = by(alg, 64)
        case(f"by a certificate, {name}", envelope, "COSE_ALGORITHM", envelope.outer[(1,)], "cose.alg")
    envelope = by(-9, 64, hash_alg=-43)
    case("a certificate by SHA-384", envelope, "COSE_ALGORITHM", envelope.outer[(34, 0)], "cose.x5t")
    envelope = by(-9, 64, hash_=bytes(31))
    case("a certificate's hash of 31 bytes", envelope, "CBOR_RANGE", envelope.outer[(34, 1)], "cose.x5t")
    envelope = by(-9, 64, item=base)
    case("a key: party by a certificate", envelope, "MANDATE_AUTHORITY", 0, "mandate.key")
    header = {**certificate_header(-9, digest), "key": B.item}
    envelope = Envelope(company, header=header, signature=bytes(64))
    case("a certificate and a key", envelope, "COSE_HEADER", envelope.outer[("key", "key")], "cose.protected")


def act_case(id_, status, grant=base, **change):
    given = {"party": A.party, "registry": REGISTRY, "type_": 2, "currency": "EUR", "amount": 5000000, "at": FROM,
             "keys": KEYS[:2], **change}
    act = Act(**given)
    assert permits(grant, act) == status, (id_, permits(grant, act))
    envelope = Envelope(grant, A if grant[3] == A.party else B)
    cases.append({"id": "act: " + id_, "input": {
        "kind": "act", "envelope": envelope.data.hex(), "party": act.party, "registry": act.registry, "type": act.type,
        "currency": act.currency, "amount": act.amount, "at": -1 if act.at is None else act.at,
        "keys": b"".join(act.keys).hex()}, "expect": {"status": "AVAL_" + ("OK" if status == "OK" else "E_" + status)}})


def act_cases():
    act_case("at the cap", "OK")
    act_case("a unit above the cap", "MANDATE_AMOUNT", amount=5000001)
    act_case("nothing at all", "OK", amount=0)
    act_case("another currency at its cap", "OK", currency="JPY", amount=900000)
    act_case("another currency above its cap", "MANDATE_AMOUNT", currency="JPY", amount=900001)
    act_case("a currency without a cap", "MANDATE_AMOUNT", currency="USD", amount=1)
    act_case("nothing in a currency without a cap", "MANDATE_AMOUNT", currency="USD", amount=0)
    act_case("no caps", "OK", without(base, 7), currency="USD", amount=2 ** 63 - 1)
    act_case("another type that is listed", "OK", type_=1)
    act_case("a type that is not listed", "MANDATE_TYPE", type_=3)
    act_case("type 0", "MANDATE_TYPE", type_=0)
    act_case("type 32", "MANDATE_TYPE", type_=32)
    act_case("other two of three keys", "OK", keys=KEYS[1:])
    act_case("one of three keys", "MANDATE_THRESHOLD", keys=KEYS[:1])
    act_case("three of three keys", "MANDATE_THRESHOLD", keys=KEYS)
    act_case("a key that is not listed", "MANDATE_KEY", keys=[KEYS[0], A.thumbprint])
    act_case("the party's own key", "MANDATE_KEY", keys=[A.thumbprint])
    act_case("another party", "MANDATE_PARTY", party=COMPANY)
    act_case("another registry", "MANDATE_REGISTRY", registry="registry.example/lo")
    act_case("the first moment", "OK", at=FROM)
    act_case("before the first moment", "MANDATE_NOT_YET_VALID", at=FROM - 1)
    act_case("the last moment", "OK", at=UNTIL - 1)
    act_case("behind the last moment", "MANDATE_EXPIRED", at=UNTIL)
    act_case("no time", "NOT_FOUND", at=None)
    order = {"party": COMPANY, "registry": "other", "keys": [A.thumbprint], "type_": 9, "amount": 5000001, "at": UNTIL}
    for status in ("MANDATE_PARTY", "MANDATE_REGISTRY", "MANDATE_KEY", "MANDATE_TYPE", "MANDATE_AMOUNT", "MANDATE_THRESHOLD",
                   "MANDATE_EXPIRED"):
        act_case(f"all wrong from {status}", status, **order)
        if status == "MANDATE_KEY":
            order["keys"] = KEYS[:1]
        else:
            order.pop({"MANDATE_PARTY": "party", "MANDATE_REGISTRY": "registry", "MANDATE_TYPE": "type_",
                       "MANDATE_AMOUNT": "amount", "MANDATE_THRESHOLD": "keys", "MANDATE_EXPIRED": "at"}[status])


def end_case(id_, status, other, at, key=A):
    assert ended(base, EXAMPLE.id, other, at) == status, id_
    cases.append({"id": "end: " + id_, "input": {
        "kind": "end", "envelope": EXAMPLE.data.hex(), "other": Envelope(other, key).data.hex(), "at": -1 if at is None else at},
        "expect": {"status": "AVAL_" + ("OK" if status == "OK" else "E_" + status)}})


def end_cases():
    at = revocation[13]
    end_case("revoked at that moment", "MANDATE_REVOKED", revocation, at)
    end_case("not yet revoked", "OK", revocation, at - 1)
    end_case("ever revoked", "MANDATE_REVOKED", revocation, None)
    end_case("another grant is revoked", "OK", {**revocation, 12: bytes(32)}, at)
    end_case("revoked for another party", "OK", {**revocation, 3: COMPANY}, at, B)
    end_case("revoked for another registry", "OK", {**revocation, 2: "other"}, at)
    successor = {**base, 8: at, 10: EXAMPLE.id}
    end_case("replaced at that moment", "MANDATE_REPLACED", successor, at)
    end_case("not yet replaced", "OK", successor, at - 1)
    end_case("replaced, and the successor has expired", "MANDATE_REPLACED", {**successor, 9: at + 1}, at + 5)
    end_case("another grant is replaced", "OK", {**successor, 10: bytes(32)}, at)
    end_case("a grant beside it", "OK", {**base, 8: at}, at)
    end_case("itself", "OK", base, at)


def document():
    cases.clear()
    for make in (form_cases, group_cases, envelope_cases, certificate_cases, act_cases, end_cases):
        make()
    rows = ",\n".join(json.dumps(row) for row in cases)
    return (f'{{"format": "aval-vectors-1", "source": "tests/oracle/mandate_vectors.py", "count": {len(cases)}, '
            f'"cases": [\n{rows}\n]}}\n')


def spec_words():
    """What docs/spec/mandate.md shows of the example."""
    return [EXAMPLE.id.hex(), Envelope(revocation, A).id.hex(), A.party]


def main(arguments):
    folder = pathlib.Path(arguments[-1])
    path, text = folder / "mandate.json", document()
    if arguments[0] != "--check":
        path.write_text(text)
        return
    spec = (pathlib.Path(__file__).parent / "../../docs/spec/mandate.md").read_text()
    stale = ["mandate.json"] if path.read_text() != text else []
    stale += ["docs/spec/mandate.md" for word in spec_words() if word not in spec]
    if stale:
        sys.exit(f"not what mandate_vectors.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main(sys.argv[1:])
