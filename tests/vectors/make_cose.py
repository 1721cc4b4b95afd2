#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write cose.json: keys, key files, signatures and envelopes by an encoder that shares nothing with the library.

    python3 tests/vectors/make_cose.py > tests/vectors/cose.json
"""
import base64
import json

from curves import K1, P256, b32, bip340, ecdsa, sha256, tagged

ES256K, ESP256, ES256, SCHNORR = -47, -9, -7, -65537
TYP = "application/aval-event+cbor"
cases = []


def case(op, id_, expect, **given):
    cases.append({"id": f"{op}: {id_}", "input": {"op": op, **given}, "expect": expect})


# Deterministic CBOR, and the heads that it forbids.

def head(major, value, width=None):
    if width is None:
        width = 0 if value < 24 else 1 if value < 2**8 else 2 if value < 2**16 else 4 if value < 2**32 else 8
    info = value if width == 0 else {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return bytes([major << 5 | info]) + (value.to_bytes(width, "big") if width else b"")


class Raw(bytes):
    """Bytes that are CBOR already."""


class Tag:
    def __init__(self, number, item):
        self.number, self.item = number, item


def cbor(item):
    if isinstance(item, Raw):
        return bytes(item)
    if isinstance(item, Tag):
        return head(6, item.number) + cbor(item.item)
    if item is None or isinstance(item, bool):
        return bytes([{None: 0xf6, False: 0xf4, True: 0xf5}[item]])
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(cbor, item))
    pairs = sorted((cbor(k), cbor(v)) for k, v in item.items())
    return head(5, len(pairs)) + b"".join(k + v for k, v in pairs)


# Keys.

class Key:
    def __init__(self, alg, d):
        self.alg, self.curve = alg, P256 if alg in (ESP256, ES256) else K1
        self.point = self.curve.mul(d)
        if alg == SCHNORR and self.point[1] % 2:
            d, self.point = K1.n - d, (self.point[0], K1.p - self.point[1])
        self.d = d
        self.x, self.y = map(b32, self.point)
        self.thumbprint = sha256(cbor({1: 2, -1: self.curve.number, -2: self.x, -3: self.y}))
        self.fields = {1: 2, 3: alg, -1: self.curve.number, -2: self.x, -3: self.y}
        self.cose = cbor(self.fields)

    def sign(self, message, high=False):
        if self.alg == SCHNORR:
            return bip340(self.d, tagged("aval/schnorr", message), bytes([7] * 32))
        return ecdsa(self.curve, self.d, sha256(message), high)


supplier, debtor, factor = Key(ES256K, 0xa11ce), Key(ESP256, 0xb0b), Key(SCHNORR, 0xfac708)
other, other_p256, other_schnorr = Key(ES256K, 0x07e8), Key(ESP256, 0x07e8), Key(SCHNORR, 0x07e8)
EVEN = next(d for d in range(2, 50) if K1.mul(d)[1] % 2 == 0)
ODD = next(d for d in range(2, 50) if K1.mul(d)[1] % 2 == 1)


def key_case(id_, data, expect):
    case("key", id_, expect, key=data.hex())


def fail(status, offset=None):
    return {"status": "AVAL_E_" + status, **({} if offset is None else {"offset": offset})}


def key_with(**changes):
    fields = dict(supplier.fields)
    names = {"kty": 1, "kid": 2, "alg": 3, "ops": 4, "crv": -1, "x": -2, "y": -3, "d": -4}
    for name, value in changes.items():
        fields[names[name]] = value
        if value is ...:
            del fields[names[name]]
    return cbor(fields)


def key_cases():
    for name, key in (("ES256K", supplier), ("ESP256", debtor), ("Schnorr", factor), ("ES256", Key(ES256, 0xb0b)),
                      ("ES256K, odd y", Key(ES256K, ODD)), ("Schnorr of an odd y", Key(SCHNORR, ODD))):
        key_case(name, key.cose, {"status": "AVAL_OK", "alg": ESP256 if key.alg == ES256 else key.alg,
                                  "thumbprint": key.thumbprint.hex(), "party": "key:" + key.thumbprint.hex()})
    data = supplier.cose
    odd = K1.mul(ODD)
    key_case("Schnorr, odd y", key_with(alg=SCHNORR, x=b32(odd[0]), y=b32(odd[1])), fail("KEY_POINT"))
    key_case("no kty", key_with(kty=...), fail("CBOR_FIELD_MISSING", 1))
    key_case("no alg", key_with(alg=...), fail("CBOR_FIELD_MISSING", 3))
    key_case("no crv", key_with(crv=...), fail("CBOR_FIELD_MISSING", 6))
    key_case("no x", key_with(x=...), fail("CBOR_FIELD_MISSING", 8))
    key_case("no y", key_with(y=...), fail("CBOR_FIELD_MISSING", 43))
    key_case("a kid", key_with(kid=b"1"), fail("CBOR_FIELD_UNKNOWN", 3))
    key_case("key_ops", key_with(ops=[2]), fail("CBOR_FIELD_UNKNOWN", 6))
    key_case("a secret key beside", key_with(d=b32(1)), fail("CBOR_FIELD_UNKNOWN", 78))
    key_case("a text label", cbor({**supplier.fields, "x": 0}), fail("CBOR_TYPE", 78))
    key_case("kty OKP", key_with(kty=1), fail("KEY_FORMAT"))
    key_case("kty text", key_with(kty="EC2"), fail("CBOR_TYPE", 2))
    key_case("alg EdDSA", key_with(alg=-8), fail("COSE_ALGORITHM"))
    key_case("alg text", key_with(alg="ES256K"), fail("CBOR_TYPE", 4))
    key_case("alg ES384", key_with(alg=-35), fail("COSE_ALGORITHM"))
    key_case("alg next to Schnorr's", key_with(alg=SCHNORR - 1), fail("COSE_ALGORITHM"))
    key_case("alg of the other curve", key_with(alg=ESP256), fail("KEY_CURVE"))
    key_case("crv P-256", key_with(crv=1), fail("KEY_CURVE"))
    key_case("crv P-384", key_with(crv=2), fail("KEY_CURVE"))
    key_case("crv text", key_with(crv="P-256"), fail("CBOR_TYPE", 7))
    key_case("y as its sign", key_with(y=True), fail("CBOR_TYPE", 44))
    key_case("y of 31 bytes", key_with(y=supplier.y[1:]), fail("CBOR_RANGE", 44))
    key_case("x of 33 bytes", key_with(x=b"\0" + supplier.x), fail("CBOR_RANGE", 9))
    key_case("another y", key_with(y=b32(int.from_bytes(supplier.y, "big") ^ 1)), fail("KEY_POINT"))
    key_case("x not below the field", key_with(x=b32(K1.p), y=b32(K1.lift(5, 0)[1] if K1.lift(5, 0) else 0)),
             fail("KEY_POINT"))
    key_case("zeros", key_with(x=bytes(32), y=bytes(32)), fail("KEY_POINT"))
    zero = {**debtor.fields, -2: bytes(32), -3: bytes(32)}
    key_case("zeros on P-256", cbor(zero), fail("KEY_POINT"))
    key_case("a point of P-256 on secp256k1", key_with(x=debtor.x, y=debtor.y), fail("KEY_POINT"))
    key_case("a point of secp256k1 on P-256", cbor({**debtor.fields, -2: supplier.x, -3: supplier.y}),
             fail("KEY_POINT"))
    key_case("a byte behind", data + b"\0", fail("CBOR_TRAILING", len(data)))
    key_case("cut", data[:-1], fail("CBOR_COUNT", 44))
    key_case("empty", b"", fail("CBOR_TRUNCATED", 0))
    key_case("an array", cbor([1, 2]), fail("CBOR_TYPE", 0))
    swapped = data[:3] + data[6:8] + data[3:6] + data[8:]
    key_case("crv before alg", swapped, fail("CBOR_FIELD_MISSING", 3))
    key_case("kty twice", bytes([0xa6]) + data[1:3] + data[1:], fail("CBOR_KEY_DUPLICATE", 3))
    key_case("kty in a long head", data[:2] + b"\x18\x02" + data[3:], fail("CBOR_NOT_SHORTEST", 2))
    key_case("an indefinite map", b"\xbf" + data[1:] + b"\xff", fail("CBOR_INDEFINITE", 0))


# Signatures.

def signature_case(id_, key, message, signature, status):
    case("signature", id_, {"status": status}, key=key.cose.hex(), message=message.hex(), signature=signature.hex())


def signature_cases():
    message = b"deliver the bearings"
    for key in (supplier, debtor, factor):
        name = {ES256K: "ES256K", ESP256: "ESP256", SCHNORR: "Schnorr"}[key.alg]
        good, n = key.sign(message), key.curve.n
        r, s = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
        invalid = "AVAL_E_SIGNATURE_INVALID"
        signature_case(f"{name}, good", key, message, good, "AVAL_OK")
        signature_case(f"{name}, of nothing", key, b"", key.sign(b""), "AVAL_OK")
        signature_case(f"{name}, other message", key, message + b".", good, invalid)
        signature_case(f"{name}, other key", Key(key.alg, 5), message, good, invalid)
        signature_case(f"{name}, r zero", key, message, bytes(32) + good[32:], invalid)
        signature_case(f"{name}, s zero", key, message, good[:32] + bytes(32), invalid)
        signature_case(f"{name}, r the order", key, message, b32(n) + good[32:], invalid)
        signature_case(f"{name}, s the order", key, message, good[:32] + b32(n), invalid)
        signature_case(f"{name}, s beyond the order", key, message, good[:32] + b32(2**256 - 1), invalid)
        signature_case(f"{name}, r and s swapped", key, message, good[32:] + good[:32],
                       "AVAL_E_SIGNATURE_HIGH_S" if key.alg != SCHNORR and r > n // 2 else invalid)
        if key.alg == SCHNORR:
            signature_case(f"{name}, over SHA-256", key, message,
                           bip340(key.d, sha256(message), bytes(32)), invalid)
            signature_case(f"{name}, an ECDSA signature", key, message, ecdsa(K1, key.d, sha256(message)), invalid)
            signature_case(f"{name}, s negated", key, message, good[:32] + b32(n - s), invalid)
        else:
            signature_case(f"{name}, high s", key, message, key.sign(message, True), "AVAL_E_SIGNATURE_HIGH_S")
            signature_case(f"{name}, s half the order", key, message, good[:32] + b32(n // 2), invalid)
            signature_case(f"{name}, s just above half", key, message, good[:32] + b32(n // 2 + 1),
                           "AVAL_E_SIGNATURE_HIGH_S")
            signature_case(f"{name}, s the order less one", key, message, good[:32] + b32(n - 1),
                           "AVAL_E_SIGNATURE_HIGH_S")


def made_case(id_, key, message, signature):
    case("make", id_, {"signature": signature.hex()}, alg=key.alg, secret=b32(key.d).hex(), message=message.hex())


def made_cases():
    """Signatures that the library makes itself, byte for byte; the Schnorr nonce has auxiliary bytes of 07."""
    for message in (b"", b"a", b"sample", b"test", bytes(range(256))):
        for key in (supplier, debtor, factor, Key(ES256K, 1), Key(ESP256, 1), Key(SCHNORR, ODD), Key(SCHNORR, EVEN),
                    Key(ES256K, K1.n - 1), Key(ESP256, P256.n - 1)):
            made_case(f"{key.alg}, {len(message)} bytes, key ending in {key.d & 0xffff:04x}", key, message,
                      key.sign(message))


# Key files.

def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256
                           else bytes([0x82]) + size.to_bytes(2, "big")) + content


EC = bytes.fromhex("06072a8648ce3d0201")
OIDS = {K1: bytes.fromhex("06052b8104000a"), P256: bytes.fromhex("06082a8648ce3d030107")}
P384 = bytes.fromhex("06052b81040022")
RSA = bytes.fromhex("06092a864886f70d010101") + b"\x05\x00"


def full(key):
    return b"\x04" + key.x + key.y


def short(key):
    return bytes([2 + key.y[31] % 2]) + key.x


def pkcs8(key, version=0, algorithm=None, inner=None, behind=b"", **inner_changes):
    algorithm = EC + OIDS[key.curve] if algorithm is None else algorithm
    return der(0x30, der(2, bytes([version])), der(0x30, algorithm),
               der(4, ec_private(key, **inner_changes) if inner is None else inner), behind)


def ec_private(key, version=1, scalar=None, parameters=b"", point=..., behind=b""):
    public = b"" if point is None else der(0xa1, der(3, b"\0" + (full(key) if point is ... else point)))
    return der(0x30, der(2, bytes([version])), der(4, b32(key.d) if scalar is None else scalar), parameters, public,
               behind)


def pem(data, label="PRIVATE KEY", before="", after="", eol="\n", width=64):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + width] for i in range(0, len(text), width)]
    return before + eol.join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]) + eol + after


def file_case(id_, text, expect):
    case("file", id_, expect, text=text)


def good(key, written=None):
    expect = {"status": "AVAL_OK", "key": key.cose.hex()}
    if written is not None:
        expect["text"] = written
    return expect


def file_cases():
    own = pem(pkcs8(supplier))
    schnorr = "alg: schnorr\n" + pem(pkcs8(factor))
    file_case("ES256K", own, good(supplier, own))
    file_case("ESP256", pem(pkcs8(debtor)), good(debtor, pem(pkcs8(debtor))))
    file_case("Schnorr", schnorr, good(factor, schnorr))
    file_case("ES256K by name", "alg: es256k\n" + own, good(supplier, own))
    file_case("ESP256 by name", "alg: esp256\n" + pem(pkcs8(debtor)), good(debtor))
    file_case("CR LF", "alg: schnorr\r\n" + pem(pkcs8(factor), eol="\r\n"), good(factor, schnorr))
    file_case("blank lines around", "\n\n" + own + "\n\r\n", good(supplier))
    file_case("no newline at the end", own[:-1], good(supplier))
    file_case("lines of 76", pem(pkcs8(supplier), width=76), good(supplier))
    file_case("one line", pem(pkcs8(supplier), width=1000), good(supplier))
    file_case("without the public key", pem(pkcs8(supplier, point=None)), good(supplier, own))
    file_case("public key compressed", pem(pkcs8(supplier, point=short(supplier))), good(supplier, own))
    file_case("public key compressed, P-256", pem(pkcs8(debtor, point=short(debtor))), good(debtor))
    file_case("curve named inside too", pem(pkcs8(supplier, parameters=der(0xa0, OIDS[K1]))), good(supplier, own))
    odd, schnorr_odd = Key(ES256K, ODD), Key(SCHNORR, ODD)
    for name, point in (("in full", full(odd)), ("compressed", short(odd)), ("absent", None)):
        file_case(f"Schnorr of an odd y, public key {name}", "alg: schnorr\n" + pem(pkcs8(odd, point=point)),
                  good(schnorr_odd, "alg: schnorr\n" + pem(pkcs8(schnorr_odd))))
    for name, point in (("in full", full(schnorr_odd)), ("compressed", short(schnorr_odd))):
        file_case(f"Schnorr of an odd y, public key negated, {name}",
                  "alg: schnorr\n" + pem(pkcs8(odd, point=point)), fail("KEY_MISMATCH"))

    begin = "-----BEGIN PRIVATE KEY-----\n"
    file_case("encrypted", pem(pkcs8(supplier), "ENCRYPTED PRIVATE KEY"), fail("KEY_ENCRYPTED", 0))
    file_case("SEC 1", pem(ec_private(supplier), "EC PRIVATE KEY"), fail("UNSUPPORTED", 0))
    file_case("a public key", pem(b"\x30\0", "PUBLIC KEY"), fail("UNSUPPORTED", 0))
    file_case("empty", "", fail("KEY_FORMAT", 0))
    file_case("blank", "\n\n", fail("KEY_FORMAT", 2))
    file_case("text before", "my key\n" + own, fail("KEY_FORMAT", 0))
    file_case("text behind", own + "x\n", fail("KEY_FORMAT", len(own)))
    file_case("a second block", own + own, fail("KEY_FORMAT", len(own)))
    file_case("an alg line behind", own + "alg: es256k\n", fail("KEY_FORMAT", len(own)))
    file_case("two alg lines", "alg: es256k\nalg: es256k\n" + own, fail("KEY_FORMAT", 12))
    file_case("alg unknown", "alg: ed25519\n" + own, fail("COSE_ALGORITHM", 0))
    file_case("alg in capitals", "alg: ES256K\n" + own, fail("COSE_ALGORITHM", 0))
    file_case("alg with a blank behind", "alg: schnorr \n" + own, fail("COSE_ALGORITHM", 0))
    file_case("Alg", "Alg: schnorr\n" + own, fail("KEY_FORMAT", 0))
    file_case("alg empty", "alg: \n" + own, fail("COSE_ALGORITHM", 0))
    file_case("alg of the other curve", "alg: esp256\n" + own, fail("KEY_CURVE"))
    file_case("Schnorr on P-256", "alg: schnorr\n" + pem(pkcs8(debtor)), fail("KEY_CURVE"))
    file_case("no end", own[:own.index("-----END")], fail("KEY_FORMAT", own.index("-----END")))
    file_case("another end", own.replace("END PRIVATE", "END EC PRIVATE"),
              fail("KEY_FORMAT", len(own) + 3))
    file_case("no base64", begin + "MIGE!\n" + own[28:], fail("KEY_FORMAT"))
    file_case("a blank in a line", own.replace("MIGE", "MI GE"), fail("KEY_FORMAT"))
    file_case("a digit cut", own[:100] + own[101:], fail("KEY_FORMAT"))
    file_case("an empty block", begin + "-----END PRIVATE KEY-----\n", fail("KEY_FORMAT"))
    file_case("a byte behind the key", pem(pkcs8(supplier) + b"\0"), fail("KEY_FORMAT"))
    file_case("a byte behind the inner key", pem(pkcs8(supplier, inner=ec_private(supplier) + b"\0")),
              fail("KEY_FORMAT"))
    file_case("a byte behind the inner fields", pem(pkcs8(supplier, inner=ec_private(supplier, behind=b"\0"))),
              fail("KEY_FORMAT"))
    file_case("a byte behind the curve", pem(pkcs8(supplier, algorithm=EC + OIDS[K1] + b"\0")), fail("KEY_FORMAT"))
    file_case("attributes", pem(pkcs8(supplier, behind=der(0xa0))), fail("UNSUPPORTED"))
    file_case("version 2", pem(pkcs8(supplier, version=1)), fail("UNSUPPORTED"))
    file_case("inner version 0", pem(pkcs8(supplier, inner=ec_private(supplier, version=0))), fail("KEY_FORMAT"))
    file_case("RSA", pem(pkcs8(supplier, algorithm=RSA)), fail("UNSUPPORTED"))
    file_case("P-384", pem(pkcs8(supplier, algorithm=EC + P384)), fail("KEY_CURVE"))
    file_case("a curve in numbers", pem(pkcs8(supplier, algorithm=EC + der(0x30, der(2, b"\1")))), fail("KEY_CURVE"))
    file_case("no curve", pem(pkcs8(supplier, algorithm=EC)), fail("KEY_FORMAT"))
    file_case("another curve inside", pem(pkcs8(supplier, parameters=der(0xa0, OIDS[P256]))), fail("KEY_CURVE"))
    file_case("zero", pem(pkcs8(supplier, scalar=bytes(32), point=None)), fail("KEY_SCALAR"))
    file_case("zero, P-256", pem(pkcs8(debtor, scalar=bytes(32), point=None)), fail("KEY_SCALAR"))
    for name, key in (("", supplier), (", P-256", debtor)):
        last = Key(key.alg, key.curve.n - 1)
        file_case("the order less one" + name, pem(pkcs8(last)), good(last))
        file_case("the order" + name, pem(pkcs8(key, scalar=b32(key.curve.n), point=None)), fail("KEY_SCALAR"))
        file_case("beyond the order" + name, pem(pkcs8(key, scalar=b32(2**256 - 1), point=None)), fail("KEY_SCALAR"))
    file_case("31 bytes", pem(pkcs8(supplier, scalar=b32(supplier.d)[1:])), fail("KEY_FORMAT"))
    file_case("33 bytes", pem(pkcs8(supplier, scalar=b"\0" + b32(supplier.d))), fail("KEY_FORMAT"))
    file_case("another public key", pem(pkcs8(supplier, point=full(other))), fail("KEY_MISMATCH"))
    file_case("another public key, compressed", pem(pkcs8(supplier, point=short(other))), fail("KEY_MISMATCH"))
    file_case("the negated public key", pem(pkcs8(supplier, point=bytes([short(supplier)[0] ^ 1]) + supplier.x)),
              fail("KEY_MISMATCH"))
    file_case("another public key, P-256", pem(pkcs8(debtor, point=full(other_p256))), fail("KEY_MISMATCH"))
    file_case("a hybrid public key", pem(pkcs8(supplier, point=bytes([6 + supplier.y[31] % 2]) + full(supplier)[1:])),
              fail("KEY_FORMAT"))
    file_case("an empty public key", pem(pkcs8(supplier, point=b"")), fail("KEY_FORMAT"))
    file_case("unused bits in the public key",
              pem(pkcs8(supplier, inner=der(0x30, der(2, b"\1"), der(4, b32(supplier.d)),
                                            der(0xa1, der(3, b"\1" + full(supplier)))))), fail("KEY_FORMAT"))
    long_form = pkcs8(supplier).replace(b"\x30\x81", b"\x30\x82\x00", 1)
    file_case("a length in the long form", pem(long_form), fail("KEY_FORMAT"))
    file_case("an indefinite length", pem(b"\x30\x80" + pkcs8(supplier)[3:] + b"\0\0"), fail("KEY_FORMAT"))
    file_case("too long", own + "\n" * 4096, fail("LIMIT"))
    file_case("as long as may be", own + "\n" * (4096 - len(own)), good(supplier))


# Envelopes.

def header(key, role, party, alg=None):
    return cbor({1: key.alg if alg is None else alg, 4: key.thumbprint, "signer": [role, party]})


def sig_structure(body, sign, payload, context="Signature", aad=b""):
    return cbor([context, body, sign, aad, payload])


BODY = cbor({16: TYP})
PAYLOAD = cbor({1: 1, 2: "log.example.org/one"})
LEI = "lei:5299000AVALTEST00079"


class Part:
    """One COSE_Signature; every field can be bent."""
    def __init__(self, key, role=1, party=LEI, alg=None, protected=None, unprotected=None, signature=None,
                 signed=None, body=BODY, payload=PAYLOAD, high=False, **context):
        self.key, self.role, self.party = key, role, party
        self.alg = key.alg if alg is None else alg
        self.protected = header(key, role, party, alg) if protected is None else protected
        self.unprotected = {} if unprotected is None else unprotected
        message = sig_structure(body, self.protected if signed is None else signed, payload, **context)
        self.signature = key.sign(message, high) if signature is None else signature
        self.items = [self.protected, self.unprotected, self.signature]


def envelope(parts, body=BODY, unprotected=None, payload=PAYLOAD, tag=98, order=True, extra=()):
    parts = sorted(parts, key=lambda p: p.protected) if order else parts
    array = [body, {} if unprotected is None else unprotected, payload, [p.items for p in parts], *extra]
    return cbor(Tag(tag, array)) if tag is not None else cbor(array)


def envelope_case(id_, data, expect, keys=(), typ=TYP):
    case("envelope", id_, expect, envelope=data.hex(), typ=typ, keys=[k.cose.hex() for k in keys])


def accepted(parts, statuses=None):
    parts = sorted(parts, key=lambda p: p.protected)
    statuses = statuses or ["AVAL_OK"] * len(parts)
    return {"status": "AVAL_OK", "signatures": [
        {"alg": ESP256 if p.alg == ES256 else p.alg, "role": str(p.role), "party": p.party, "status": s}
        for p, s in zip(parts, statuses)]}


def good_envelopes():
    one, two, three = Part(supplier), Part(debtor, 2, "vat:DE123456789"), Part(factor, 4)
    for name, parts in (("one", [one]), ("P-256 alone", [two]), ("Schnorr alone", [three]), ("two", [one, two]),
                        ("three", [one, two, three]),
                        ("one party in two roles", [one, Part(supplier, 3)]),
                        ("one party by two keys", [one, Part(other)]),
                        ("roles 23 and 24", [Part(supplier, 23), Part(supplier, 24)]),
                        ("a role of 64 bits", [Part(supplier, 2**64 - 1)]),
                        ("ESP256 as ES256", [Part(debtor, alg=ES256)]),
                        ("one key as ESP256 and as ES256 in two roles", [Part(debtor), Part(debtor, 2, alg=ES256)]),
                        ("ESP256 and ES256 of two keys", [Part(debtor), Part(other_p256, alg=ES256)]),
                        ("four numbers of algorithms", [Part(debtor), Part(other_p256, alg=ES256), Part(supplier),
                                                        Part(factor)]),
                        ("a party of 128 bytes", [Part(supplier, party="x" * 128)])):
        envelope_case(name, envelope(parts), accepted(parts),
                      [p.key for p in sorted(parts, key=lambda p: p.protected)])
    empty = Part(supplier, payload=b"")
    envelope_case("an empty payload", envelope([empty], payload=b""), accepted([empty]), [supplier])
    long_ = Part(supplier, payload=bytes(300))
    envelope_case("a long payload", envelope([long_], payload=bytes(300)), accepted([long_]), [supplier])
    many = [Part(Key(ES256K, d)) for d in range(2, 34)]
    envelope_case("32 of one party", envelope(many), accepted(many),
                  [p.key for p in sorted(many, key=lambda p: p.protected)])


def bad_signatures():
    """Envelopes in order whose one signature does not hold."""
    def one(id_, part, status, key=supplier, **outer):
        envelope_case(id_, envelope([part], **outer), accepted([part], ["AVAL_E_" + status]), [key])

    good_, body = Part(supplier), cbor({16: TYP + "2"})
    one("high s", Part(supplier, high=True), "SIGNATURE_HIGH_S")
    one("high s on P-256", Part(debtor, high=True), "SIGNATURE_HIGH_S", debtor)
    one("signed as another role", Part(supplier, 2, signed=header(supplier, 1, LEI)), "SIGNATURE_INVALID")
    one("signed as another party", Part(supplier, signed=header(supplier, 1, LEI + "0")), "SIGNATURE_INVALID")
    one("signed with another kid", Part(supplier, signed=header(other, 1, LEI)), "SIGNATURE_INVALID")
    one("another key's signature", Part(supplier, signature=Part(other).signature), "SIGNATURE_INVALID")
    one("another kid", Part(supplier, protected=header(other, 1, LEI)), "SIGNATURE_INVALID", other)
    one("a key that kid does not name", good_, "KEY_THUMBPRINT", other)
    one("the point's key for another algorithm", good_, "COSE_ALGORITHM", Key(SCHNORR, supplier.d)
        if supplier.point[1] % 2 == 0 else Key(ES256K, 1))
    one("alg changed", Part(debtor, alg=ES256, signed=header(debtor, 1, LEI)), "SIGNATURE_INVALID", debtor)
    one("alg of the other curve", Part(supplier, alg=ESP256), "COSE_ALGORITHM")
    one("another payload", Part(supplier, payload=PAYLOAD + b"\0"), "SIGNATURE_INVALID")
    one("an external_aad", Part(supplier, aad=b"\0"), "SIGNATURE_INVALID")
    one("a signature of a COSE_Sign1", Part(supplier, context="Signature1"), "SIGNATURE_INVALID")
    one("a countersignature", Part(supplier, context="CounterSignature"), "SIGNATURE_INVALID")
    one("Schnorr over SHA-256", Part(factor, signature=bip340(
        factor.d, sha256(sig_structure(BODY, header(factor, 1, LEI), PAYLOAD)), bytes(32))), "SIGNATURE_INVALID", factor)
    one("zeros", Part(supplier, signature=bytes(64)), "SIGNATURE_INVALID")
    envelope_case("another typ under the signature", envelope([Part(supplier, body=BODY)], body=body),
                  accepted([good_], ["AVAL_E_SIGNATURE_INVALID"]), [supplier], TYP + "2")
    two = [Part(supplier, signature=Part(debtor).signature), Part(debtor, signature=Part(supplier).signature)]
    envelope_case("signatures swapped", envelope(two), accepted(two, ["AVAL_E_SIGNATURE_INVALID"] * 2),
                  [p.key for p in sorted(two, key=lambda p: p.protected)])


def refuse(id_, data, status, piece=None, shift=0, typ=TYP):
    offset = None if piece is None else piece if isinstance(piece, int) else data.index(piece) + shift
    envelope_case(id_, data, fail(status, offset), typ=typ)


def bent_bodies():
    part = Part(supplier)

    def body(id_, fields, status, piece=None, shift=0):
        content = fields if isinstance(fields, bytes) else cbor(fields)
        refuse(id_, envelope([part], body=content), status, piece, shift)

    refuse("no tag", envelope([part], tag=None), "CBOR_TYPE", 0)
    refuse("tag 97", envelope([part], tag=97), "CBOR_TYPE", 0)
    refuse("tag of COSE_Sign1", envelope([part], tag=18), "CBOR_TYPE", 0)
    refuse("three items", cbor(Tag(98, [BODY, {}, PAYLOAD])), "CBOR_RANGE", 2)
    refuse("five items", envelope([part], extra=[0]), "CBOR_RANGE", 2)
    body("no header at all", b"", "COSE_HEADER", 4)
    body("a header without typ", {}, "COSE_HEADER", 5)
    body("alg beside typ", {1: ES256K, 16: TYP}, "COSE_HEADER", 6)
    body("a content type beside typ", {3: TYP, 16: TYP}, "COSE_HEADER", 6)
    body("crit beside typ", {2: [16], 16: TYP}, "COSE_HEADER", 6)
    body("a label behind typ", {16: TYP, 17: 0}, "COSE_HEADER", b"\x11\x00")
    body("a text label behind typ", {16: TYP, "x": 0}, "COSE_HEADER", b"\x61x\x00")
    body("a text label", {"typ": TYP}, "COSE_HEADER", 6)
    body("typ as a number", {16: 1}, "CBOR_TYPE", 6)
    body("typ as bytes", {16: TYP.encode()}, "CBOR_TYPE", 7)
    for other_typ in (TYP[:-1], TYP + "2", "", TYP.upper(), "application/cose"):
        body(f"typ {other_typ!r}", {16: other_typ}, "COSE_TYP", b"\x10" + cbor(other_typ), 1)
    body("typ twice", b"\xa2\x10" + cbor(TYP) + b"\x10" + cbor(TYP), "COSE_HEADER", b"\x10\x78", 30)
    body("a header that is an array", [TYP], "CBOR_TYPE", 5)
    body("bytes behind the header", BODY + b"\0", "CBOR_TRAILING", 5 + len(BODY))
    body("the header cut", BODY[:-1], "CBOR_COUNT", 7)
    body("a long head in the header", b"\xb8\x01" + BODY[1:], "CBOR_NOT_SHORTEST", 5)
    refuse("the header bare", cbor(Tag(98, [{16: TYP}, {}, PAYLOAD, [part.items]])), "CBOR_TYPE", 3)
    refuse("alg unprotected", envelope([part], unprotected={1: ES256K}), "COSE_HEADER", 3 + len(cbor(BODY)))
    refuse("a kid unprotected", envelope([part], unprotected={4: b"1"}), "COSE_HEADER", 3 + len(cbor(BODY)))
    refuse("unprotected as nothing", envelope([part], unprotected=False), "CBOR_TYPE", 3 + len(cbor(BODY)))
    refuse("a detached payload", envelope([part], payload=None), "CBOR_TYPE", 4 + len(cbor(BODY)))
    refuse("a payload of text", envelope([part], payload="x"), "CBOR_TYPE", 4 + len(cbor(BODY)))
    refuse("no signature", envelope([]), "CBOR_RANGE", 4 + len(cbor(BODY) + cbor(PAYLOAD)))
    refuse("signatures as nothing", cbor(Tag(98, [BODY, {}, PAYLOAD, None])), "CBOR_TYPE",
           4 + len(cbor(BODY) + cbor(PAYLOAD)))


def bent_signatures():
    good_, begin = Part(supplier), 5 + len(cbor(BODY) + cbor(PAYLOAD))
    inside = begin + 1 + len(head(2, len(good_.protected)))

    def protected(id_, fields, status, offset=None):
        content = fields if isinstance(fields, bytes) else cbor(fields)
        refuse(id_, envelope([Part(supplier, protected=content)]), status, offset)

    kid, signer = supplier.thumbprint, [1, LEI]
    protected("signature without a header", b"", "COSE_HEADER", begin + 2)
    protected("signature with an empty header", {}, "COSE_HEADER", begin + 3)
    protected("no alg", {4: kid, "signer": signer}, "COSE_HEADER", inside + 1)
    protected("no kid", {1: ES256K, "signer": signer}, "COSE_HEADER", inside + 4)
    protected("no signer", {1: ES256K, 4: kid}, "COSE_HEADER", inside + 39)
    protected("crit", {1: ES256K, 2: [4], 4: kid, "signer": signer}, "COSE_HEADER", inside + 4)
    protected("a content type", {1: ES256K, 3: "x", 4: kid, "signer": signer}, "COSE_HEADER", inside + 4)
    protected("a label behind kid", {1: ES256K, 4: kid, 5: b"", "signer": signer}, "COSE_HEADER", inside + 39)
    protected("a label behind signer", {1: ES256K, 4: kid, "signer": signer, "signerx": 0}, "COSE_HEADER",
              inside + 39 + 7 + len(cbor(signer)))
    protected("another text label", {1: ES256K, 4: kid, "signes": signer}, "COSE_HEADER", inside + 39)
    protected("alg as text", {1: "ES256K", 4: kid, "signer": signer}, "CBOR_TYPE", inside + 2)
    for alg in (0, -8, -35, -36, -257, -46, -48, SCHNORR - 4, SCHNORR + 1, 2**63 - 1):
        protected(f"alg {alg}", {1: alg, 4: kid, "signer": signer}, "COSE_ALGORITHM",
                  begin + 1 + len(head(2, len(cbor({1: alg, 4: kid, "signer": signer})))) + 2)
    protected("kid of 31 bytes", {1: ES256K, 4: kid[1:], "signer": signer}, "CBOR_RANGE", inside + 5)
    protected("kid of 33 bytes", {1: ES256K, 4: kid + b"\0", "signer": signer}, "CBOR_RANGE", inside + 5)
    protected("kid as text", {1: ES256K, 4: "x" * 32, "signer": signer}, "CBOR_TYPE", inside + 5)
    at = inside + 39 + 7
    protected("signer of one", {1: ES256K, 4: kid, "signer": [1]}, "CBOR_RANGE", at)
    protected("signer of three", {1: ES256K, 4: kid, "signer": [1, LEI, 0]}, "CBOR_RANGE", at)
    protected("signer as text", {1: ES256K, 4: kid, "signer": LEI}, "CBOR_TYPE", at)
    protected("a role below zero", {1: ES256K, 4: kid, "signer": [-1, LEI]}, "CBOR_TYPE", at + 1)
    protected("a role as text", {1: ES256K, 4: kid, "signer": ["1", LEI]}, "CBOR_TYPE", at + 1)
    protected("a party as bytes", {1: ES256K, 4: kid, "signer": [1, LEI.encode()]}, "CBOR_TYPE", at + 2)
    protected("a party of no bytes", {1: ES256K, 4: kid, "signer": [1, ""]}, "PARTY_FORMAT", at + 2)
    protected("a party of 129 bytes", {1: ES256K, 4: kid, "signer": [1, "x" * 129]}, "PARTY_FORMAT", at + 2)
    protected("a party that is no UTF-8", good_.protected.replace(b"lei:", b"lei\xff"), "CBOR_UTF8", at + 2 + 2 + 3)
    protected("bytes behind the signature's header", good_.protected + b"\0", "CBOR_TRAILING",
              inside + len(good_.protected))
    protected("kid before alg", b"\xa3" + good_.protected[4:39] + good_.protected[1:4] + good_.protected[39:],
              "COSE_HEADER", inside + 1)
    protected("alg twice", b"\xa4" + good_.protected[1:4] + good_.protected[1:], "CBOR_KEY_DUPLICATE", inside + 4)
    protected("a long head in the signature's header", good_.protected.replace(b"\x82\x01", b"\x82\x18\x01"),
              "CBOR_NOT_SHORTEST", at + 1)
    end = begin + 1 + len(cbor(good_.protected))
    refuse("alg unprotected in the signature", envelope([Part(supplier, unprotected={1: ES256K})]), "COSE_HEADER", end)
    moved = Part(supplier, protected=cbor({4: kid, "signer": signer}), unprotected={1: ES256K})
    refuse("alg moved to the unprotected header", envelope([moved]), "COSE_HEADER", inside + 1)
    for size in (0, 63, 65, 71):
        refuse(f"a signature of {size} bytes", envelope([Part(supplier, signature=bytes(size))]), "SIGNATURE_LENGTH",
               end + 1)
    refuse("a signature as text", envelope([Part(supplier, signature="x" * 64)]), "CBOR_TYPE", end + 1)
    short_, long_ = Part(supplier), Part(supplier)
    short_.items, long_.items = good_.items[:2], good_.items + [0]
    refuse("a signature of two items", envelope([short_]), "CBOR_RANGE", begin)
    refuse("a signature of four items", envelope([long_]), "CBOR_RANGE", begin)


def bent_orders():
    parts = sorted([Part(supplier), Part(supplier, 2), Part(debtor)], key=lambda p: p.protected)
    begin = 5 + len(cbor(BODY) + cbor(PAYLOAD))
    sizes = [len(cbor(p.items)) for p in parts]
    refuse("two exchanged", envelope(parts[1::-1], order=False), "COSE_ORDER", begin + sizes[1])
    refuse("the last first", envelope([parts[2], parts[0], parts[1]], order=False), "COSE_ORDER", begin + sizes[2])
    refuse("one twice", envelope([parts[0], parts[0], parts[1]]), "COSE_ORDER", begin + sizes[0])
    again = Part(supplier, signature=bytes([1] * 64), protected=parts[0].protected)
    refuse("one twice with two signatures", envelope([parts[0], again], order=False), "COSE_ORDER", begin + sizes[0])
    point = Key(ES256K, EVEN)
    for name, pair in (("one key as ESP256 and as ES256", [Part(debtor, alg=ES256), Part(debtor)]),
                       ("one point as ES256K and as Schnorr", [Part(point), Part(Key(SCHNORR, EVEN))])):
        refuse(name, envelope(pair), "COSE_ORDER", begin + len(cbor(pair[0].items)))
        among = [Part(Key(alg, d), role=role) for alg, numbers in ((ESP256, (3, 4)), (ES256K, (3, 4)), (SCHNORR, (5, 6)))
                 for d in numbers for role in (1, 2)]
        among = sorted(among + pair, key=lambda p: p.protected)
        at = 5 + len(cbor(BODY) + cbor(PAYLOAD)) + sum(len(cbor(p.items)) for p in among[:among.index(pair[1])])
        refuse(name + ", among others", envelope(among), "COSE_ORDER", at)
    data = envelope(parts)
    refuse("a byte behind the envelope", data + b"\0", "CBOR_TRAILING", len(data))
    refuse("an envelope behind the envelope", data + data, "CBOR_TRAILING", len(data))
    refuse("the tag in a long head", b"\xd9\x00\x62" + data[2:], "CBOR_NOT_SHORTEST", 0)
    refuse("the array in a long head", data[:2] + b"\x98\x04" + data[3:], "CBOR_NOT_SHORTEST", 2)
    refuse("an indefinite array", data[:2] + b"\x9f" + data[3:] + b"\xff", "CBOR_INDEFINITE", 2)
    refuse("more signatures than bytes", data[:begin - 1] + head(4, 2**32), "CBOR_COUNT", begin - 1)
    refuse("nothing", b"", "CBOR_TRUNCATED", 0)


def main():
    key_cases()
    signature_cases()
    made_cases()
    file_cases()
    good_envelopes()
    bad_signatures()
    bent_bodies()
    bent_signatures()
    bent_orders()
    print(f'{{"format": "aval-vectors-1", "source": "tests/vectors/make_cose.py", "count": {len(cases)}, "cases": [')
    print(",\n".join(json.dumps(case_, ensure_ascii=False) for case_ in cases))
    print("]}")


if __name__ == "__main__":
    main()
