# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/vectors/event-envelope.json: signed events, by the curves of tests/vectors/curves.py."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))
from curves import K1, P256, b32, bip340, ecdsa, sha256, tagged  # noqa: E402
from event import TYP, Encoder, cbor, head  # noqa: E402

ES256K, ESP256, SCHNORR = -47, -9, -65537
SUPPLIER, DEBTOR, HOLDER, ASSIGNEE = 1, 2, 3, 4
COMPANY = "vat:DE100000001"


class Key:
    def __init__(self, alg, d):
        self.alg, self.curve = alg, P256 if alg == ESP256 else K1
        point = self.curve.mul(d)
        if alg == SCHNORR and point[1] % 2:
            d, point = K1.n - d, (point[0], K1.p - point[1])
        self.d, x, y = d, b32(point[0]), b32(point[1])
        self.kid = sha256(cbor({1: 2, -1: self.curve.number, -2: x, -3: y}))
        self.cose = cbor({1: 2, 3: alg, -1: self.curve.number, -2: x, -3: y})
        self.party = "key:" + self.kid.hex()

    def sign(self, message, high=False):
        if self.alg == SCHNORR:
            return bip340(self.d, tagged("aval/schnorr", message), bytes(32))
        return ecdsa(self.curve, self.d, sha256(message), high)


A, B, C = Key(ES256K, 0xa11ce), Key(ESP256, 0xb0b), Key(SCHNORR, 0xfac708)
A_SCHNORR = next(k for k in (Key(SCHNORR, d) for d in range(1, 99)) if Key(ES256K, k.d).kid == k.kid)
A_TWIN = Key(ES256K, A_SCHNORR.d)


class Signature:
    """One by key, as role and party; signed may name other bytes than those of the envelope."""

    def __init__(self, key, role, party=None, alg=None, kid=None, signed=None, high=False, unprotected=None, raw=None,
                 header=None, signed_header=None):
        self.key, self.unprotected, self.raw, self.signed, self.high = key, unprotected or {}, raw, signed, high
        self.header = cbor(header or {1: alg or key.alg, 4: kid or key.kid, "signer": [role, party or key.party]})
        self.signed_header = signed_header or self.header

    def bytes(self, protected, payload):
        message = cbor(["Signature", protected, self.signed_header, b"", self.signed or payload])
        return self.key.sign(message, self.high) if self.raw is None else self.raw


def envelope(payload, signatures, typ=TYP, sort=True, tag=98, protected=None, unprotected=None):
    """The bytes, and where each signature stands, in the order given."""
    protected = cbor({16: typ}) if protected is None else protected
    if sort:
        signatures = sorted(signatures, key=lambda s: s.header)
    rows = [[s.header, s.unprotected, s.bytes(protected, payload)] for s in signatures]
    encoder = Encoder([protected, unprotected or {}, payload, rows])
    prefix = head(6, tag) if tag is not None else b""
    at = {path: len(prefix) + offset for path, offset in encoder.at.items() if path != "end"}
    return prefix + encoder.out, at


cases = []


def case(id_, data, status=None, offset=None, where=None, keys=(A, B, C), verify=None, missing=(), comment=None):
    """status: of parsing. verify: (status, offset, where) of verifying what was parsed, or None if it is valid."""
    row = {"id": id_, "input": {"envelope": data.hex(), "keys": [key.cose.hex() for key in sorted(keys, key=lambda k: k.kid)]}}
    if status:
        row["expect"] = {"status": "AVAL_E_" + status, "offset": offset, "where": where}
    else:
        row["expect"] = {"status": "AVAL_OK", "missing": [f"{role} {party}" for role, party in missing],
                         "verify": "AVAL_OK" if verify is None else "AVAL_E_" + verify[0]}
        if verify:
            row["expect"].update(offset=verify[1], where=verify[2])
    if comment:
        row["comment"] = comment
    cases.append(row)


def good_cases(issue, accept):
    for name, key in (("ES256K", A), ("ESP256", B), ("Schnorr", C)):
        payload = cbor({**issue, 5: [[SUPPLIER, key.party]], 13: key.party})
        case(f"one signature, {name}", envelope(payload, [Signature(key, SUPPLIER)])[0])
    payload = cbor(accept)
    all_three = [Signature(A, SUPPLIER), Signature(B, DEBTOR), Signature(A, HOLDER)]
    signers = [(SUPPLIER, A.party), (DEBTOR, B.party), (HOLDER, A.party)]
    case("three signatures", envelope(payload, all_three)[0])
    for index in range(3):
        rest = all_three[:index] + all_three[index + 1:]
        case(f"a draft without signer {index}", envelope(payload, rest)[0], missing=[signers[index]])
        case(f"a draft with signer {index} alone", envelope(payload, [all_three[index]])[0],
             missing=signers[:index] + signers[index + 1:])
    company = cbor({**issue, 5: [[SUPPLIER, COMPANY]], 13: COMPANY})
    case("a company by any key", envelope(company, [Signature(C, SUPPLIER, COMPANY)])[0],
         comment="whether the key speaks for it is the mandates' matter")
    case("a company by three keys", envelope(company, [Signature(key, SUPPLIER, COMPANY) for key in (A, B, C)])[0])
    twice = [Signature(A_TWIN, SUPPLIER, COMPANY), Signature(A_SCHNORR, SUPPLIER, COMPANY)]
    data, at = envelope(company, twice)
    case("a company by one key under two algorithms", data, "COSE_ORDER", at[(3, 1)], "cose.signatures")
    data, at = envelope(payload, all_three)
    case("a key is missing", data, keys=[A, C], verify=("KEY_MISSING", at[(3, 0)], "signature.kid"))
    case("no keys", data, keys=[], verify=("KEY_MISSING", at[(3, 0)], "signature.kid"))


def envelope_cases(issue, accept):
    payload = cbor({**issue, 5: [[SUPPLIER, A.party]], 13: A.party})
    one = [Signature(A, SUPPLIER)]
    data, at = envelope(payload, one, typ="application/aval-mandate+cbor")
    case("another kind of object", data, "COSE_TYP", at[(0,)] + 4, "cose.typ")
    data, at = envelope(payload, one, protected=b"")
    case("no protected header", data, "COSE_HEADER", at[(0,)] + 1, "cose.protected")
    data, at = envelope(payload, one, unprotected={4: b"1"})
    case("an unprotected header", data, "COSE_HEADER", at[(1,)], "cose.unprotected")
    data, at = envelope(payload, one, tag=None)
    case("no tag", data, "CBOR_TYPE", 0, "cose")
    data, at = envelope(payload, one, tag=18)
    case("the tag of COSE_Sign1", data, "CBOR_TYPE", 0, "cose")
    data, at = envelope(payload, [])
    case("no signature", data, "CBOR_RANGE", at[(3,)], "cose.signatures")
    data, at = envelope(payload, [Signature(A, SUPPLIER, unprotected={4: b"1"})])
    case("a signature's unprotected header", data, "COSE_HEADER", at[(3, 0, 1)], "signature.unprotected")
    for length in (63, 65):
        data, at = envelope(payload, [Signature(A, SUPPLIER, raw=bytes(length))])
        case(f"a signature of {length} bytes", data, "SIGNATURE_LENGTH", at[(3, 0, 2)], "signature.signature")
    data, at = envelope(payload, [Signature(A, SUPPLIER, alg=-37)])
    case("PS256", data, "COSE_ALGORITHM", at[(3, 0, 0)] + 4, "signature.alg")
    data, at = envelope(payload, one)
    case("a byte behind", data + b"\0", "CBOR_TRAILING", len(data), "cbor")
    both = [Signature(B, DEBTOR), Signature(A, SUPPLIER)]
    data, at = envelope(cbor(accept), both, sort=False)
    descending = both[0].header > both[1].header
    if not descending:
        data, at = envelope(cbor(accept), both[::-1], sort=False)
    case("signatures descend", data, "COSE_ORDER", at[(3, 1)], "cose.signatures")
    data, at = envelope(payload, one * 2)
    case("the same signature twice", data, "COSE_ORDER", at[(3, 1)], "cose.signatures")


def binding_cases(issue, accept):
    payload = cbor(accept)
    rest = [Signature(B, DEBTOR)]
    for name, signature, status, where in (
            ("a stranger", Signature(C, SUPPLIER), "SIGNER_UNEXPECTED", "signature.signer"),
            ("the supplier as assignee", Signature(A, ASSIGNEE), "SIGNER_UNEXPECTED", "signature.signer"),
            ("the supplier as debtor", Signature(A, DEBTOR), "SIGNER_UNEXPECTED", "signature.signer"),
            ("the debtor as holder", Signature(B, HOLDER), "SIGNER_UNEXPECTED", "signature.signer"),
            ("role 0", Signature(A, 0), "SIGNER_UNEXPECTED", "signature.signer"),
            ("role 2^64 - 1", Signature(A, 2 ** 64 - 1), "SIGNER_UNEXPECTED", "signature.signer"),
            ("role 2^32 + 1", Signature(A, 2 ** 32 + 1), "SIGNER_UNEXPECTED", "signature.signer"),
            ("a stranger's key for the supplier", Signature(C, SUPPLIER, A.party), None, None),
            ("the debtor's key for the supplier", Signature(B, SUPPLIER, A.party), None, None)):
        both = sorted(rest + [signature], key=lambda s: s.header)
        data, at = envelope(payload, both)
        if status is None:
            case(f"signer: {name}", data, missing=[[HOLDER, A.party]], comment="whether it may is the mandates' matter")
        else:
            case(f"signer: {name}", data, status, at[(3, both.index(signature))], where)
    twin = cbor({**issue, 5: [[SUPPLIER, A_TWIN.party]], 13: A_TWIN.party})
    both = [Signature(A_TWIN, SUPPLIER), Signature(A_SCHNORR, SUPPLIER)]
    data, at = envelope(twin, both)
    case("signer: a key twice under two algorithms", data, "COSE_ORDER", at[(3, 1)], "cose.signatures")
    bad = cbor({**issue, 5: [[SUPPLIER, A.party]], 13: A.party, 10: 0})
    data, at = envelope(bad, [Signature(C, SUPPLIER)])
    offset = Encoder({**issue, 5: [[SUPPLIER, A.party]], 13: A.party, 10: 0}).at[(10,)]
    case("a payload at fault, and its signer", data, "CBOR_RANGE", at[(2,)] + len(head(2, len(bad))) + offset, "event.face",
         comment="the payload is judged first")
    data, at = envelope(b"", [Signature(A, SUPPLIER)])
    case("an empty payload", data, "CBOR_TRUNCATED", at[(2,)] + 1, "event")


def forgery_cases(issue, accept):
    event = {**issue, 5: [[SUPPLIER, A.party]], 13: A.party}
    payload = cbor(event)
    other = cbor({**event, 18: b"\x0f" * 16})

    def forged(id_, signature, status="SIGNATURE_INVALID", where="signature", data=payload, keys=(A, B, C),
               comment=None):
        bytes_, at = envelope(data, [signature])
        case(id_, bytes_, verify=(status, at[(3, 0)], where), keys=keys, comment=comment)

    forged("forgery: signed another token", Signature(A, SUPPLIER, signed=other))
    forged("forgery: signed another face", Signature(A, SUPPLIER, signed=cbor({**event, 10: 999})))
    forged("forgery: signed for another registry", Signature(A, SUPPLIER, signed=cbor({**event, 2: "registry.example"})))
    forged("forgery: signed as debtor", Signature(A, SUPPLIER, signed_header=Signature(A, DEBTOR).header))
    forged("forgery: signed by another algorithm's number", Signature(A, SUPPLIER, alg=SCHNORR), "COSE_ALGORITHM",
           "signature.alg")
    forged("forgery: zeros", Signature(A, SUPPLIER, raw=bytes(64)))
    forged("forgery: high s", Signature(A, SUPPLIER, high=True), "SIGNATURE_HIGH_S")
    on_p256 = {**issue, 5: [[SUPPLIER, B.party]], 13: B.party}
    forged("forgery: high s on P-256", Signature(B, SUPPLIER, high=True), "SIGNATURE_HIGH_S", data=cbor(on_p256))
    message = cbor(["Signature", cbor({16: "application/aval-mandate+cbor"}), Signature(A, SUPPLIER).header, b"", payload])
    forged("forgery: signed as a mandate", Signature(A, SUPPLIER, raw=A.sign(message)))
    message = cbor(["Signature1", cbor({16: TYP}), Signature(A, SUPPLIER).header, b"", payload])
    forged("forgery: signed as COSE_Sign1", Signature(A, SUPPLIER, raw=A.sign(message)))
    message = cbor(["Signature", cbor({16: TYP}), Signature(A, SUPPLIER).header, b"x", payload])
    forged("forgery: signed with external data", Signature(A, SUPPLIER, raw=A.sign(message)))


def make(issue, accept):
    """issue and accept: events of event_vectors.py."""
    accept = {**accept, 5: [[SUPPLIER, A.party], [DEBTOR, B.party], [HOLDER, A.party]], 20: 900}
    for cases_of in (good_cases, envelope_cases, binding_cases, forgery_cases):
        cases_of(issue, accept)
    return cases
