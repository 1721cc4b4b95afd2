# SPDX-License-Identifier: Apache-2.0
"""Write chains.json: certificates and CRLs, each status of aval_chain_verify() beside the nearest chain that has none.

Written without a library of X.509, so that what no library would sign can be signed. The case "objects" holds every
certificate and CRL by its name; the others name them.
"""
import hashlib
import json
import sys
from calendar import timegm

from curves import K1, P256, Curve

P384 = Curve(2**384 - 2**128 - 2**96 + 2**32 - 1, -3,
             0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
             0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
             0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
             0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f, 2)


# DER

def tlv(tag, content, form="der"):
    n = len(content)
    if form == "long":
        return bytes([tag, 0x81, n]) + content if n < 128 else bytes([tag, 0x83, 0]) + n.to_bytes(2, "big") + content
    if form == "indefinite":
        return bytes([tag, 0x80]) + content + b"\0\0"
    if n < 128:
        return bytes([tag, n]) + content
    size = (n.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + n.to_bytes(size, "big") + content


def seq(*parts):
    return tlv(0x30, b"".join(parts))


def set_of(*parts):
    return tlv(0x31, b"".join(sorted(parts)))


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = bytes([40 * first + second])
    for arc in rest:
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.append(arc & 127 | 128)
        out += bytes(reversed(digits))
    return tlv(6, out)


def bits(data, unused=0):
    return tlv(3, bytes([unused]) + data)


def octets(data):
    return tlv(4, data)


def utf8(text):
    return tlv(12, text.encode())


def printable(text):
    return tlv(19, text.encode())


def when(text, generalized=False):
    """Of "2026-01-31 12:00:00"."""
    digits = "".join(c for c in text if c.isdigit())
    return tlv(24, digits.encode() + b"Z") if generalized or not "1950" <= digits[:4] < "2050" else tlv(
        23, digits[2:].encode() + b"Z")


def ms(text):
    digits = "".join(c for c in text if c.isdigit())
    return 1000 * timegm((int(digits[:4]), int(digits[4:6]), int(digits[6:8]), int(digits[8:10]), int(digits[10:12]),
                          int(digits[12:14]), 0, 0, 0))


NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"
HASH_OID = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3",
            "sha1": "1.3.14.3.2.26"}
CURVE_OID = {8: "1.3.132.0.10", 1: "1.2.840.10045.3.1.7", 2: "1.3.132.0.34"}
EC_KEY = "1.2.840.10045.2.1"


# Keys

def number(seed, size):
    out = b""
    while len(out) < size:
        out += hashlib.sha256(f"{seed} {len(out)}".encode()).digest()
    return int.from_bytes(out[:size], "big")


def is_prime(n):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(base, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(seed, size):
    n = number(seed, size) | 3 << (8 * size - 2) | 1
    while n % 65537 == 1 or not is_prime(n):
        n += 2
    return n


class EcKey:
    def __init__(self, curve, seed):
        self.curve, self.size = curve, 48 if curve is P384 else 32
        self.d = number(seed, self.size) % (curve.n - 1) + 1
        x, y = curve.mul(self.d)
        self.point = b"\4" + x.to_bytes(self.size, "big") + y.to_bytes(self.size, "big")

    def spki(self):
        return seq(seq(oid(EC_KEY), oid(CURVE_OID[self.curve.number])), bits(self.point))

    def sign_numbers(self, name, data, high=False):
        digest = hashlib.new(name, data).digest()
        e = int.from_bytes(digest[:self.size], "big")
        k = number(f"nonce {self.d} {digest.hex()}", self.size) % (self.curve.n - 1) + 1
        r = self.curve.mul(k)[0] % self.curve.n
        s = pow(k, -1, self.curve.n) * (e + r * self.d) % self.curve.n
        return r, max(s, self.curve.n - s) if high else min(s, self.curve.n - s)

    def sign(self, name, data, high=False):
        r, s = self.sign_numbers(name, data, high)
        return seq(integer(r), integer(s))

    def raw(self, name, data, high=False):
        return b"".join(n.to_bytes(self.size, "big") for n in self.sign_numbers(name, data, high))

    def pem_der(self):
        return seq(integer(0), seq(oid(EC_KEY), oid(CURVE_OID[self.curve.number])),
                   octets(seq(integer(1), octets(self.d.to_bytes(self.size, "big")), tlv(0xa1, bits(self.point)))))

    def algorithm(self, name):
        return seq(oid(f"1.2.840.10045.4.3.{ {'sha256': 2, 'sha384': 3, 'sha512': 4}[name] }"))


class RsaKey:
    def __init__(self, seed, size=128):
        self.p, self.q = prime(seed + " p", size), prime(seed + " q", size)
        self.n, self.e = self.p * self.q, 65537
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))
        self.size = 2 * size

    def spki(self):
        return rsa_spki(self.n, self.e)

    def sign(self, name, data, high=False):
        info = seq(seq(oid(HASH_OID[name]), NULL), octets(hashlib.new(name, data).digest()))
        padded = b"\0\1" + b"\xff" * (self.size - 3 - len(info)) + b"\0" + info
        return pow(int.from_bytes(padded, "big"), self.d, self.n).to_bytes(self.size, "big")

    def algorithm(self, name):
        return seq(oid("1.2.840.113549.1.1." + {"sha1": "5", "sha256": "11", "sha384": "12", "sha512": "13"}[name]), NULL)

    def pem_der(self):
        return seq(integer(0), seq(oid("1.2.840.113549.1.1.1"), NULL), octets(seq(
            integer(0), *map(integer, (self.n, self.e, self.d, self.p, self.q, self.d % (self.p - 1),
                                       self.d % (self.q - 1), pow(self.q, -1, self.p))))))


def mgf1(name, seed, size):
    out = b""
    for i in range(size // hashlib.new(name).digest_size + 1):
        out += hashlib.new(name, seed + i.to_bytes(4, "big")).digest()
    return out[:size]


class PssKey(RsaKey):
    """The same key, signing with PSS; the hash of the mask may be told to differ."""

    def __init__(self, key, salt_len=32, mask=None, trailer=None):
        self.n, self.d, self.size, self.e = key.n, key.d, key.size, key.e
        self.salt_len, self.mask, self.trailer = salt_len, mask, trailer

    def sign(self, name, data, high=False):
        digest, mask = hashlib.new(name, data).digest(), self.mask or name
        salt = hashlib.sha512(digest).digest()[:self.salt_len]
        h = hashlib.new(name, bytes(8) + digest + salt).digest()
        db = bytes(self.size - len(h) - len(salt) - 2) + b"\1" + salt
        db = bytes(a ^ b for a, b in zip(db, mgf1(mask, h, len(db))))
        em = bytes([db[0] & 0x7f]) + db[1:] + h + b"\xbc"
        return pow(int.from_bytes(em, "big"), self.d, self.n).to_bytes(self.size, "big")

    def algorithm(self, name):
        def of(which):
            return seq(oid(HASH_OID[which]), NULL)
        parts = [] if name == "sha1" else [
            tlv(0xa0, of(name)), tlv(0xa1, seq(oid("1.2.840.113549.1.1.8"), of(self.mask or name)))]
        if self.salt_len != 20:
            parts.append(tlv(0xa2, integer(self.salt_len)))
        if self.trailer:
            parts.append(tlv(0xa3, integer(self.trailer)))
        return seq(oid("1.2.840.113549.1.1.10"), seq(*parts))


def rsa_spki(n, e=65537):
    return seq(seq(oid("1.2.840.113549.1.1.1"), NULL), bits(seq(integer(n), integer(e))))


# Names, extensions, certificates, CRLs

def attribute(kind, value):
    return seq(oid({"C": "2.5.4.6", "O": "2.5.4.10", "CN": "2.5.4.3", "ID": "2.5.4.97"}[kind]),
               value if isinstance(value, bytes) else utf8(value))


def name_of(*pairs):
    return seq(*(set_of(attribute(kind, value)) for kind, value in pairs))


def extension(kind, value, critical=False):
    return seq(oid(kind), TRUE if critical else b"", octets(value))


def basic(ca=True, path_len=None, critical=True):
    return extension("2.5.29.19", seq(*([TRUE] if ca else []), *([] if path_len is None else [integer(path_len)])), critical)


def key_usage(*numbers):
    value = sum(1 << (7 - n) for n in numbers)
    unused = 7 - max(numbers)
    return extension("2.5.29.15", bits(bytes([value]), unused), True)


def key_id(key):
    return hashlib.sha1(key.point if isinstance(key, EcKey) else key.spki()).digest()


def subject_key(key):
    return extension("2.5.29.14", octets(key_id(key)))


def authority_key(key):
    return extension("2.5.29.35", seq(tlv(0x80, key_id(key))))


def purposes(*oids):
    return extension("2.5.29.37", seq(*map(oid, oids)))


CERT_SIGN, CRL_SIGN = 5, 6
CA_EXTENSIONS = [basic(), key_usage(CERT_SIGN, CRL_SIGN)]
LEAF_EXTENSIONS = [key_usage(0)]
LEI, LEI_2 = "5299000AVALTEST00079", "5299000AVALTEST00176"
USCC = "91310000MA1FLAWX0U"
LEI_EXTENSION = "1.3.6.1.4.1.52266.1"


def certificate(subject, key, issuer, signer, extensions=None, serial=1, begin="2025-01-01 00:00:00",
                end="2027-12-31 23:59:59", hash_name="sha256", version=tlv(0xa0, integer(2)), outer=None, spki=None,
                serial_der=None, validity=None, edit=None, ids=b"", high=False, flip=False, trailing=b"", form="der",
                generalized=False):
    algorithm = signer.algorithm(hash_name)
    if extensions is None:
        extensions = CA_EXTENSIONS
    tail = b"" if extensions == [] else tlv(0xa3, seq(*extensions))
    tbs = seq(version, serial_der or integer(serial), algorithm, issuer,
              validity or seq(when(begin, generalized), when(end, generalized)), subject, spki or key.spki(), ids, tail)
    signature = signer.sign(hash_name, tbs, high)
    if flip:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    if edit:
        tbs = edit(tbs)
    return tlv(0x30, tbs + (outer or algorithm) + bits(signature) + trailing, form)


def crl(issuer, signer, revoked=(), begin="2026-05-01 00:00:00", end="2026-07-01 00:00:00", hash_name="sha256",
        extensions=(), version=integer(1), flip=False, trailing=b""):
    """revoked: (serial, date, entry extensions)."""
    algorithm = signer.algorithm(hash_name)
    entries = [seq(integer(serial), when(date), seq(*more) if more else b"") for serial, date, more in revoked]
    tbs = seq(version, algorithm, issuer, when(begin), when(end) if end else b"", seq(*entries) if entries else b"",
              tlv(0xa0, seq(*extensions)) if extensions else b"")
    signature = signer.sign(hash_name, tbs)
    if flip:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    return seq(tbs, algorithm, bits(signature)) + trailing


ROOT = name_of(("C", "DE"), ("O", "Example Trust"), ("CN", "Example Root CA"))
ISSUING = name_of(("C", "DE"), ("O", "Example Trust"), ("CN", "Example Issuing CA"))
OTHER = name_of(("C", "DE"), ("O", "Other Trust"), ("CN", "Other Root CA"))
LEAF = name_of(("C", "DE"), ("O", "Example GmbH"), ("ID", "LEIXG-" + LEI), ("CN", "Example GmbH Treasury"))

root_key, issuing_key, leaf_key, other_key = (EcKey(P256, seed) for seed in ("root", "issuing", "leaf", "other"))
next_key = EcKey(P256, "next")
k1_root, k1_leaf = EcKey(K1, "k1 root"), EcKey(K1, "k1 leaf")
p384_root, p384_leaf = EcKey(P384, "p384 root"), EcKey(P384, "p384 leaf")
rsa_root, rsa_leaf = RsaKey("rsa root"), RsaKey("rsa leaf")

objects, cases = {}, []
AT = "2026-06-01 00:00:00"


def put(name, der):
    if objects.setdefault(name, der.hex()) != der.hex():
        sys.exit(f"two objects are named {name}")
    return name


def case(title, status="AVAL_OK", where="", chain="leaf issuing", anchors="root", crls="root-crl issuing-crl", at=AT,
         ms_more=0, mode="required", party="", **expect):
    cases.append({"id": title, "input": {"chain": chain, "anchors": anchors, "crls": crls, "at": ms(at) + ms_more,
                                         "mode": mode, "party": party},
                  "expect": {"status": status, "where": where, **expect}})


def leaf(name, extensions=None, subject=LEAF, key=leaf_key, issuer=ISSUING, signer=issuing_key, serial=100, **more):
    return put(name, certificate(subject, key, issuer, signer, LEAF_EXTENSIONS if extensions is None else extensions,
                                 serial=serial, **more))


def issuing(name, extensions=None, serial=10, **more):
    return put(name, certificate(ISSUING, issuing_key, ROOT, root_key, extensions, serial=serial, **more))


def leaf_case(title, status, extensions=None, name=None, where="chain[0]", party="", **more):
    case(title, status, where if status != "AVAL_OK" else "", party=party,
         chain=leaf(name or title.replace(" ", "-"), extensions, **more) + " issuing")


def issuing_case(title, status, extensions=None, where="chain[1]", **more):
    case(title, status, where if status != "AVAL_OK" else "", chain="leaf " + issuing(title.replace(" ", "-"), extensions, **more))


put("root", certificate(ROOT, root_key, ROOT, root_key, [*CA_EXTENSIONS, subject_key(root_key)], begin="2020-01-01 00:00:00",
                        end="2039-12-31 23:59:59"))
issuing("issuing")
leaf("leaf")
put("root-crl", crl(ROOT, root_key))
put("issuing-crl", crl(ISSUING, issuing_key))
put("other", certificate(OTHER, other_key, OTHER, other_key))

# The chain itself, its order, and what stands beside it
case("valid", path_count=3, crl_count=2, valid_from=ms("2026-05-01 00:00:00"), valid_until=ms("2026-07-01 00:00:00"))
case("the root stands in the chain too", chain="leaf issuing root", path_count=3)
case("intermediates that are not needed", chain="leaf other root issuing", path_count=3)
case("issued by the anchor itself", chain=leaf("leaf-of-root", issuer=ROOT, signer=root_key), path_count=2, crl_count=1)
case("the intermediate is missing", "AVAL_E_CERT_ANCHOR", "chain[0]", chain="leaf")
case("the anchor is another", "AVAL_E_CERT_ANCHOR", "chain[1]", anchors="other")
case("no anchor", "AVAL_E_CERT_ANCHOR", "chain[1]", anchors="")
case("one of several anchors", anchors="other root")
case("the intermediate is an anchor", anchors="issuing", path_count=2, crl_count=1)
case("the leaf is an anchor", "AVAL_E_CERT_ANCHOR", "chain[0]", anchors="leaf root")
case("a leaf signed by itself", "AVAL_E_CERT_ANCHOR", "chain[0]", crls="",
     chain=put("self", certificate(LEAF, leaf_key, LEAF, leaf_key, LEAF_EXTENSIONS)))
case("a leaf without issuer", "AVAL_E_CERT_ANCHOR", "chain[0]",
     chain=leaf("no-issuer", issuer=seq()) + " " + put("no-name", certificate(seq(), issuing_key, ROOT, root_key)))
case("two that issued each other", "AVAL_E_CERT_ANCHOR", "chain[2]", chain=" ".join([
    leaf("leaf-of-circle", issuer=name_of(("CN", "A")), signer=root_key),
    put("circle-a", certificate(name_of(("CN", "A")), root_key, name_of(("CN", "B")), issuing_key)),
    put("circle-b", certificate(name_of(("CN", "B")), issuing_key, name_of(("CN", "A")), root_key))]))


def names(i):
    return name_of(("CN", f"Example CA {i}"))


for count in (8,):
    rows = [put(f"deep-{i}", certificate(names(i), issuing_key, names(i + 1) if i < count else ROOT,
                                         issuing_key if i < count else root_key)) for i in range(1, count + 1)]
    case("eight intermediates", chain=" ".join([leaf("leaf-deep", issuer=names(1)), *reversed(rows)]), mode="ignored",
         path_count=10, crl_count=0)
case("nine intermediates", "AVAL_E_LIMIT", "chain", chain=" ".join(["leaf-deep", *rows, "issuing"]))
case("names that differ in case and in kind of text", chain=leaf("leaf-folded", issuer=name_of(
    ("C", printable("de")), ("O", "EXAMPLE trust"), ("CN", printable("example issuing CA")))) + " issuing")
# These mbedTLS does not confirm.
UNCONFIRMED = "AVAL_E_CERT_UNCONFIRMED"
case("names that differ in white space", UNCONFIRMED, "chain[0]", chain=leaf("leaf-wide", issuer=name_of(
    ("C", "DE"), ("O", "  Example   Trust "), ("CN", "Example Issuing CA"))) + " issuing")
case("names that differ by a space", "AVAL_E_CERT_ANCHOR", "chain[0]", chain=leaf("leaf-spaced", issuer=name_of(
    ("C", "DE"), ("O", "ExampleTrust"), ("CN", "Example Issuing CA"))) + " issuing")
case("names that differ in their parts", "AVAL_E_CERT_ANCHOR", "chain[0]", chain=leaf("leaf-joined", issuer=seq(
    set_of(attribute("C", "DE"), attribute("O", "Example Trust")), set_of(attribute("CN", "Example Issuing CA")))) + " issuing")
case("names of another kind of text", "AVAL_E_CERT_ANCHOR", "chain[0]", chain=leaf("leaf-bmp", issuer=name_of(
    ("C", "DE"), ("O", "Example Trust"), ("CN", tlv(30, "Example Issuing CA".encode("utf-16-be"))))) + " issuing")
case("a second CA of the name, tried in vain first", chain="leaf " + put("issuing-again", certificate(
    ISSUING, other_key, ROOT, root_key, serial=11)) + " issuing")
same = name_of(("CN", "Same"))
case("too many ways to go", "AVAL_E_LIMIT", "chain", chain=" ".join(
    [leaf("leaf-same", issuer=same, signer=other_key)] + [
        put(f"same-{i}", certificate(same, other_key, same, other_key, serial=200 + i)) for i in range(8)]))

# Signatures
leaf_case("a signature that is changed", "AVAL_E_CERT_SIGNATURE", flip=True)
leaf_case("a certificate that is changed", "AVAL_E_CERT_SIGNATURE", edit=lambda tbs: tbs.replace(b"Example GmbH", b"Exemple GmbH"))
leaf_case("signed by another key", "AVAL_E_CERT_SIGNATURE", signer=other_key)
issuing_case("the intermediate signed by another key", "AVAL_E_CERT_SIGNATURE", flip=True)
leaf_case("high s in a certificate", "AVAL_OK", high=True)

# Dates
case("the leaf in its last second", at="2027-12-31 23:59:59", ms_more=999, mode="ignored", path_count=3,
     valid_until=ms("2028-01-01 00:00:00"), valid_from=ms("2025-01-01 00:00:00"))
case("the leaf has ended", "AVAL_E_CERT_EXPIRED", "chain[0]", at="2028-01-01 00:00:00", mode="ignored")
case("the leaf in its first moment", at="2025-01-01 00:00:00", mode="ignored")
case("the leaf is not yet valid", "AVAL_E_CERT_NOT_YET_VALID", "chain[0]", at="2025-01-01 00:00:00", ms_more=-1, mode="ignored")
issuing_case("the intermediate has ended", "AVAL_E_CERT_EXPIRED", end="2026-05-31 23:59:59")
issuing_case("the intermediate in its last second", "AVAL_OK", end="2026-06-01 00:00:00")
issuing_case("the intermediate is not yet valid", "AVAL_E_CERT_NOT_YET_VALID", begin="2026-06-01 00:00:01")
case("the anchor has ended", "AVAL_E_CERT_EXPIRED", "anchor", anchors=put("root-old", certificate(
    ROOT, root_key, ROOT, root_key, end="2026-05-31 23:59:59")))
case("the anchor is not yet valid", "AVAL_E_CERT_NOT_YET_VALID", "anchor", anchors=put("root-new", certificate(
    ROOT, root_key, ROOT, root_key, begin="2026-06-01 00:00:01")))
leaf_case("GeneralizedTime before 2050", "AVAL_OK", generalized=True)
leaf_case("a leaf until the year 9999", "AVAL_OK", end="9999-12-31 23:59:59")
leaf_case("a leaf since 1950", "AVAL_OK", begin="1950-01-01 00:00:00")

# Usage
leaf_case("a leaf without key usage", "AVAL_OK", [purposes("1.3.6.1.5.5.7.3.4")])
leaf_case("a leaf without extensions", "AVAL_OK", [])
leaf_case("contentCommitment alone", "AVAL_OK", [key_usage(1)])
leaf_case("keyEncipherment alone", "AVAL_E_CERT_USAGE", [key_usage(2)])
leaf_case("a CA's usage alone", "AVAL_E_CERT_USAGE", [key_usage(CERT_SIGN, CRL_SIGN)])
leaf_case("a web server", "AVAL_E_CERT_USAGE", [key_usage(0), purposes("1.3.6.1.5.5.7.3.1")])
leaf_case("a web server and client", "AVAL_OK", [key_usage(0), purposes("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")])
leaf_case("any purpose", "AVAL_OK", [key_usage(0), purposes("2.5.29.37.0")])
leaf_case("documents", "AVAL_OK", [key_usage(0), purposes("1.3.6.1.5.5.7.3.36")])
leaf_case("code and time stamps", "AVAL_E_CERT_USAGE", [purposes("1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.8")])
issuing_case("a CA that may not sign certificates", "AVAL_E_CERT_USAGE", [basic(), key_usage(0, CRL_SIGN)])
issuing_case("a CA for servers alone", "AVAL_E_CERT_USAGE", [*CA_EXTENSIONS, purposes("1.3.6.1.5.5.7.3.1")])
issuing_case("a CA for servers and e-mail", "AVAL_OK", [*CA_EXTENSIONS, purposes("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4")])
case("a CA without key usage", chain="leaf " + issuing("ca-no-usage", [basic()]), mode="ignored")
issuing_case("an issuer without basic constraints", "AVAL_E_CERT_CA", [key_usage(CERT_SIGN, CRL_SIGN)])
issuing_case("an issuer that is no CA", "AVAL_E_CERT_CA", [basic(False), key_usage(CERT_SIGN, CRL_SIGN)])
issuing_case("basic constraints that are not critical", "AVAL_OK", [basic(critical=False), key_usage(CERT_SIGN, CRL_SIGN)])
case("an anchor that is no CA", "AVAL_E_CERT_CA", "anchor", anchors=put("root-no-ca", certificate(
    ROOT, root_key, ROOT, root_key, [key_usage(CERT_SIGN, CRL_SIGN)])))
leaf_case("a leaf that is a CA", "AVAL_OK", [basic(), key_usage(0, CERT_SIGN)])

# Path length
case("a path length that is too short", "AVAL_E_CERT_PATH_LEN", "anchor", anchors=put("root-0", certificate(
    ROOT, root_key, ROOT, root_key, [basic(path_len=0), key_usage(CERT_SIGN, CRL_SIGN)])))
case("a path length that is just enough", anchors=put("root-1", certificate(
    ROOT, root_key, ROOT, root_key, [basic(path_len=1), key_usage(CERT_SIGN, CRL_SIGN)])))
issuing_case("a path length of zero above the leaf", "AVAL_OK", [basic(path_len=0), key_usage(CERT_SIGN, CRL_SIGN)])
case("an intermediate issued to itself does not count", anchors="root-1", mode="ignored", path_count=4, chain=" ".join([
    leaf("leaf-next", signer=next_key),
    put("issuing-next", certificate(ISSUING, next_key, ISSUING, issuing_key, serial=12)), "issuing"]))

# Algorithms
for title, key, hash_name in [("secp256k1", k1_root, "sha256"), ("secp256k1 with SHA-512", k1_root, "sha512"),
                              ("P-256 with SHA-384", root_key, "sha384"), ("P-384", p384_root, "sha384"),
                              ("P-384 with SHA-256", p384_root, "sha256"), ("RSA", rsa_root, "sha256"),
                              ("RSA with SHA-384", rsa_root, "sha384"), ("RSA with SHA-512", rsa_root, "sha512"),
                              ("RSA-PSS", PssKey(rsa_root), "sha256"), ("RSA-PSS with SHA-512", PssKey(rsa_root, 64), "sha512"),
                              ("RSA-PSS without salt", PssKey(rsa_root, 0), "sha256"),
                              ("RSA-PSS with its trailer named", PssKey(rsa_root, 32, trailer=1), "sha256")]:
    slug = title.lower().replace(" ", "-")
    put(slug + "-root", certificate(ROOT, key, ROOT, key, hash_name=hash_name))
    leaf(slug + "-leaf", issuer=ROOT, signer=key, hash_name=hash_name)
    put(slug + "-crl", crl(ROOT, key, hash_name=hash_name))
    case("signed with " + title, chain=slug + "-leaf", anchors=slug + "-root", crls=slug + "-crl", path_count=2, crl_count=1)
for title, key, hash_name in [("RSA and SHA-1", rsa_root, "sha1"), ("RSA-PSS and SHA-1", PssKey(rsa_root, 20), "sha1"),
                              ("RSA-PSS of two hashes", PssKey(rsa_root, 32, "sha512"), "sha256"),
                              ("RSA-PSS of another trailer", PssKey(rsa_root, 32, trailer=2), "sha256")]:
    case("signed with " + title, "AVAL_E_CERT_ALGORITHM", "chain[0]", anchors="rsa-root", crls="rsa-crl",
         chain=leaf(title.lower().replace(" ", "-"), issuer=ROOT, signer=key, hash_name=hash_name))


class Named(EcKey):
    """A key that signs under the name of another algorithm."""
    other = b""

    def algorithm(self, name):
        return self.other


named = Named(P256, "issuing")
for title, other in [("ECDSA and SHA-1", seq(oid("1.2.840.10045.4.1"))), ("Ed25519", seq(oid("1.3.101.112"))),
                     ("SM2", seq(oid("1.2.156.10197.1.501"))), ("the name of RSA", rsa_root.algorithm("sha256")),
                     ("ECDSA with parameters", seq(oid("1.2.840.10045.4.3.2"), NULL))]:
    named.other = other
    leaf_case("signed with " + title, "AVAL_E_CERT_ALGORITHM", signer=named)
n2048 = rsa_leaf.n
for title, spki, status in [
        ("RSA of 2048 bits", rsa_spki(n2048), "AVAL_OK"), ("RSA of 2047 bits", rsa_spki(n2048 >> 1 | 1), "AVAL_E_CERT_ALGORITHM"),
        ("RSA of 4096 bits", rsa_spki(1 << 4095 | 1), "AVAL_OK"), ("RSA of 4097 bits", rsa_spki(1 << 4096 | 1), "AVAL_E_CERT_ALGORITHM"),
        ("RSA with exponent 3", rsa_spki(n2048, 3), "AVAL_OK"), ("RSA with exponent 1", rsa_spki(n2048, 1), "AVAL_E_CERT_ALGORITHM"),
        ("RSA with exponent 4", rsa_spki(n2048, 4), "AVAL_E_CERT_ALGORITHM"), ("RSA of an even modulus", rsa_spki(n2048 - 1), "AVAL_E_CERT_ALGORITHM"),
        ("RSA with an exponent of 65 bits", rsa_spki(n2048, 2**64 + 1), "AVAL_E_CERT_ALGORITHM"),
        ("a key for RSA-PSS alone", seq(seq(oid("1.2.840.113549.1.1.10")), bits(seq(integer(n2048), integer(65537)))), "AVAL_E_CERT_ALGORITHM"),
        ("P-521", seq(seq(oid(EC_KEY), oid("1.3.132.0.35")), bits(b"\4" + bytes(132))), "AVAL_E_CERT_ALGORITHM"),
        ("a compressed point", seq(seq(oid(EC_KEY), oid(CURVE_OID[1])), bits(b"\2" + leaf_key.point[1:33])), "AVAL_E_CERT_ALGORITHM"),
        ("a curve without name", seq(seq(oid(EC_KEY), seq(integer(1))), bits(leaf_key.point)), "AVAL_E_CERT_ALGORITHM"),
        ("an Ed25519 key", seq(seq(oid("1.3.101.112")), bits(bytes(32))), "AVAL_E_CERT_ALGORITHM"),
        ("a P-384 key", p384_leaf.spki(), "AVAL_OK"), ("a secp256k1 key", k1_leaf.spki(), "AVAL_OK")]:
    leaf_case("the leaf has " + title, status, spki=spki)
issuing_case("an intermediate with a weak key", "AVAL_E_CERT_ALGORITHM", spki=rsa_spki(n2048 >> 1 | 1), where="chain[0]")
issuing_case("an intermediate with a key that is no point", "AVAL_E_CERT_SIGNATURE", where="chain[0]", spki=seq(
    seq(oid(EC_KEY), oid(CURVE_OID[1])), bits(b"\4" + issuing_key.point[1:64] + bytes([issuing_key.point[64] ^ 1]))))

# Features that are refused
POLICY = "1.3.6.1.4.1.99999.1"
for title, status, ext in [
        ("name constraints", "AVAL_E_CERT_NAME_CONSTRAINTS", extension("2.5.29.30", seq(tlv(0xa0, seq(seq(tlv(0xa4, ROOT))))), True)),
        ("name constraints that are not critical", "AVAL_E_CERT_NAME_CONSTRAINTS", extension("2.5.29.30", seq(tlv(0xa0, seq(seq(tlv(0xa4, ROOT))))))),
        ("policies", "AVAL_OK", extension("2.5.29.32", seq(seq(oid(POLICY))))),
        ("critical policies", "AVAL_E_CERT_POLICY", extension("2.5.29.32", seq(seq(oid(POLICY))), True)),
        ("policy mappings", "AVAL_E_CERT_POLICY", extension("2.5.29.33", seq(seq(oid(POLICY), oid(POLICY))))),
        ("policy constraints", "AVAL_E_CERT_POLICY", extension("2.5.29.36", seq(tlv(0x80, b"\0")))),
        ("inhibitAnyPolicy", "AVAL_E_CERT_POLICY", extension("2.5.29.54", integer(0))),
        ("an unknown critical extension", "AVAL_E_CERT_CRITICAL", extension("1.3.6.1.4.1.99999.2", NULL, True)),
        ("an unknown extension", "AVAL_OK", extension("1.3.6.1.4.1.99999.2", NULL)),
        ("critical distribution points", "AVAL_E_CERT_CRITICAL", extension("2.5.29.31", seq(seq()), True)),
        ("a critical alternative name", "AVAL_OK", extension("2.5.29.17", seq(tlv(0x81, b"treasury@example.com")), True))]:
    leaf_case("the leaf has " + title, status, [key_usage(0), ext])
    issuing_case("the intermediate has " + title, status, [*CA_EXTENSIONS, ext])
case("the anchor has name constraints", "AVAL_E_CERT_NAME_CONSTRAINTS", "anchor", anchors=put("root-names", certificate(
    ROOT, root_key, ROOT, root_key, [*CA_EXTENSIONS, extension("2.5.29.30", seq(), True)])))

# Forms
FORMAT = "AVAL_E_CERT_FORMAT"


def form_case(title, where, **more):
    leaf_case(title, FORMAT, where=where, **more)


form_case("two extensions of a kind", "certificate.extensions", extensions=[key_usage(0), key_usage(0)])
form_case("an empty list of extensions", "certificate.extensions", extensions=[b""])
form_case("a critical flag that is no boolean", "certificate.extensions", extensions=[
    seq(oid("2.5.29.15"), b"\x01\x01\x01", octets(bits(b"\x80", 7)))])
form_case("a key usage with unused bits that are set", "certificate.extensions", extensions=[
    extension("2.5.29.15", bits(b"\x81", 7), True)])
form_case("a key usage with something behind", "certificate.extensions", extensions=[
    extension("2.5.29.15", bits(b"\x80", 7) + NULL, True)])
leaf_case("an explicit default", "AVAL_OK", [seq(oid("2.5.29.15"), b"\x01\x01\x00", octets(bits(b"\x80", 7)))])
form_case("version 1", "certificate.version", version=b"", extensions=[])
form_case("version 2", "certificate.version", version=tlv(0xa0, integer(1)))
form_case("version 4", "certificate.version", version=tlv(0xa0, integer(3)))
form_case("another algorithm outside", "certificate.signature", outer=issuing_key.algorithm("sha384"))
form_case("a byte behind the signature", "certificate.signature", trailing=b"\0")
case("a byte behind the certificate", FORMAT, "certificate", chain=put("behind", bytes.fromhex(objects["leaf"]) + b"\0") + " issuing")
case("a certificate that is cut", FORMAT, "certificate", chain=put("cut", bytes.fromhex(objects["leaf"])[:-1]) + " issuing")
form_case("a length of more bytes than it needs", "certificate", form="long")
form_case("an indefinite length", "certificate", form="indefinite")
form_case("a serial of more bytes than it needs", "certificate.serial", serial_der=b"\x02\x02\x00\x01")
form_case("a serial without bytes", "certificate.serial", serial_der=b"\x02\x00")
leaf_case("a negative serial", "AVAL_OK", serial=-1)
leaf_case("a serial of 21 bytes", "AVAL_OK", serial=1 << 160)
form_case("a time without seconds", "certificate.validity", validity=seq(tlv(23, b"2501010000Z"), when("2027-01-01 00:00:00")))
form_case("a time with a zone", "certificate.validity", validity=seq(tlv(23, b"250101000000+0100"), when("2027-01-01 00:00:00")))
form_case("a day that is none", "certificate.validity", validity=seq(tlv(23, b"250230000000Z"), when("2027-01-01 00:00:00")))
form_case("an hour that is none", "certificate.validity", validity=seq(tlv(23, b"250101240000Z"), when("2027-01-01 00:00:00")))
form_case("a leap second", "certificate.validity", validity=seq(tlv(23, b"250101235960Z"), when("2027-01-01 00:00:00")))
form_case("an empty part of a name", "certificate.subject", subject=seq(tlv(0x31, b"")))
form_case("a name that is a set", "certificate.issuer", issuer=set_of())
form_case("an RSA key with something behind", "certificate.key", spki=seq(seq(oid("1.2.840.113549.1.1.1"), NULL), bits(
    seq(integer(n2048), integer(65537)) + NULL)))
form_case("an RSA key that is negative", "certificate.key", spki=rsa_spki(-n2048))
leaf_case("unique ids of old", UNCONFIRMED, ids=tlv(0x81, b"\0\1") + tlv(0x82, b"\0\1"))
form_case("unique ids in another order", "certificate.extensions", ids=tlv(0x82, b"\0\1") + tlv(0x81, b"\0\1"))
leaf_case("sixty-four extensions", "AVAL_OK", [extension(f"1.3.6.1.4.1.99999.3.{i}", NULL) for i in range(64)])
leaf_case("sixty-five extensions", "AVAL_E_LIMIT", [extension(f"1.3.6.1.4.1.99999.3.{i}", NULL) for i in range(65)], where="certificate.extensions")
case("no certificate", FORMAT, "chain", chain="")

# Revocation
REASON, INVALIDITY = "2.5.29.21", "2.5.29.24"


def crl_case(title, status="AVAL_OK", where="chain[0]", mode="required", at=AT, ms_more=0, chain="leaf issuing", **more):
    name = "crl-" + title.replace(" ", "-")
    put(name, crl(ISSUING, more.pop("signer", issuing_key), **more))
    case("CRL: " + title, status, where if status != "AVAL_OK" else "", chain=chain, crls="root-crl " + name, mode=mode, at=at, ms_more=ms_more)


case("CRL: none of the leaf's issuer", "AVAL_E_CRL_MISSING", "chain[0]", crls="root-crl")
case("CRL: none of the intermediate's issuer", "AVAL_E_CRL_MISSING", "chain[1]", crls="issuing-crl")
case("CRL: none, where they are checked if present", crls="", mode="if-present", crl_count=0, path_count=3)
case("CRL: one of two, where they are checked if present", crls="root-crl", mode="if-present", crl_count=1, path_count=3)
case("CRL: none, where they are ignored", crls="", mode="ignored", crl_count=0)
crl_case("in its last moment", at="2026-07-01 00:00:00", ms_more=-1)
put("root-crl-long", crl(ROOT, root_key, end="2027-12-31 00:00:00"))
for mode in ("required", "if-present"):
    case(f"CRL: past its next update, {mode}", "AVAL_E_CRL_STALE", "chain[0]", at="2026-07-01 00:00:00", mode=mode, crls="root-crl-long issuing-crl")
case("CRL: past its next update, ignored", at="2026-07-01 00:00:00", mode="ignored")
case("CRL: in its first moment", at="2026-05-01 00:00:00")
put("root-crl-early", crl(ROOT, root_key, begin="2025-01-01 00:00:00"))
case("CRL: not yet", "AVAL_E_CRL_NOT_YET_VALID", "chain[0]", at="2026-05-01 00:00:00", ms_more=-1, crls="root-crl-early issuing-crl")
put("issuing-crl-before", crl(ISSUING, issuing_key, begin="2026-04-01 00:00:00", end="2026-05-01 00:00:00"))
case("CRL: an old and a current one", crls="root-crl issuing-crl-before issuing-crl")
case("CRL: two that leave a gap", "AVAL_E_CRL_NOT_YET_VALID", "chain[0]", at="2026-05-15 00:00:00", crls="root-crl issuing-crl-before " + put(
    "issuing-crl-after", crl(ISSUING, issuing_key, begin="2026-06-01 00:00:00")))
crl_case("a signature that is changed", "AVAL_E_CRL_SIGNATURE", flip=True)
crl_case("signed by another key", "AVAL_E_CRL_SIGNATURE", signer=other_key)
crl_case("signed with high numbers", extensions=[extension("2.5.29.20", integer(2**70))])
named.other = seq(oid("1.2.840.10045.4.1"))
crl_case("SHA-1", "AVAL_E_CRL_ALGORITHM", signer=named)
crl_case("an unknown critical extension", "AVAL_E_CRL_CRITICAL", extensions=[extension("1.3.6.1.4.1.99999.2", NULL, True)])
crl_case("an unknown extension", extensions=[extension("1.3.6.1.4.1.99999.2", NULL)])
crl_case("a delta", "AVAL_E_CRL_CRITICAL", extensions=[extension("2.5.29.27", integer(1), True)])
crl_case("a partial one", "AVAL_E_CRL_CRITICAL", extensions=[extension("2.5.29.28", seq(tlv(0x81, b"\xff")), True)])
crl_case("an unknown critical extension of an entry", "AVAL_E_CRL_CRITICAL", revoked=[(5, "2026-05-01 00:00:00", [extension("1.3.6.1.4.1.99999.2", NULL, True)])])
crl_case("a critical extension of an indirect one", "AVAL_E_CRL_CRITICAL", revoked=[(5, "2026-05-01 00:00:00", [extension("2.5.29.29", seq(tlv(0xa4, OTHER)), True)])])
DATE = "2026-05-20 12:00:00"
crl_case("another serial is revoked", revoked=[(99, DATE, []), (101, DATE, [])])
crl_case("revoked at that moment", "AVAL_E_CERT_REVOKED", revoked=[(99, DATE, []), (100, DATE, [])], at=DATE)
crl_case("revoked a moment later", revoked=[(100, DATE, [])], at=DATE, ms_more=-1)
cases[-1]["expect"].update(valid_until=ms(DATE), valid_from=ms("2026-05-01 00:00:00"))
crl_case("a hold", "AVAL_E_CERT_REVOKED", revoked=[(100, DATE, [extension(REASON, tlv(10, b"\6"))])])
crl_case("invalid before it was revoked", "AVAL_E_CERT_REVOKED", at="2026-05-10 00:00:00",
         revoked=[(100, DATE, [extension(REASON, tlv(10, b"\1")), extension(INVALIDITY, when("2026-05-10 00:00:00", True))])])
crl_case("not yet invalid", at="2026-05-10 00:00:00", ms_more=-1,
         revoked=[(100, DATE, [extension(INVALIDITY, when("2026-05-10 00:00:00", True))])])
crl_case("listed twice", "AVAL_E_CERT_REVOKED", at=DATE, revoked=[(100, "2026-06-20 00:00:00", []), (100, DATE, [])])
case("CRL: a later one knows of a revocation before", "AVAL_E_CERT_REVOKED", "chain[0]", crls="root-crl issuing-crl " + put(
    "issuing-crl-later", crl(ISSUING, issuing_key, [(100, DATE, [])], begin="2026-06-15 00:00:00")))
case("CRL: the intermediate is revoked", "AVAL_E_CERT_REVOKED", "chain[1]", crls="issuing-crl " + put(
    "root-crl-revoked", crl(ROOT, root_key, [(10, DATE, [])])))
case("CRL: the anchor's serial is revoked", crls="issuing-crl " + put("root-crl-root", crl(ROOT, root_key, [(1, DATE, [])])))
case("CRL: a CA that may not sign CRLs", "AVAL_E_CRL_USAGE", "chain[0]", chain="leaf " + issuing("ca-no-crl", [basic(), key_usage(CERT_SIGN)]))
rolled = " ".join(["leaf-next", put("issuing-next-keyed", certificate(ISSUING, next_key, ISSUING, issuing_key, [
    *CA_EXTENSIONS, subject_key(next_key)], serial=12)), put("issuing-keyed", certificate(ISSUING, issuing_key, ROOT, root_key, [
        *CA_EXTENSIONS, subject_key(issuing_key)], serial=10))])
old_crl = put("crl-old-key", crl(ISSUING, issuing_key, extensions=[authority_key(issuing_key)]))
next_crl = put("crl-next-key", crl(ISSUING, next_key, extensions=[authority_key(next_key)]))
case("CRL: signed with the CA's former key, on the path", chain=rolled, crls="root-crl " + old_crl, path_count=4, crl_count=3)
case("CRL: of both keys of the CA", chain=rolled, crls="root-crl " + old_crl + " " + next_crl, path_count=4)
case("CRL: of a key that is not on the path", "AVAL_E_CRL_SIGNER", "chain[0]", chain="leaf issuing-keyed", crls="root-crl " + next_crl)
case("CRL: of a key that is not on the path, beside the right one", chain="leaf issuing-keyed", crls="root-crl " + next_crl + " " + old_crl)
case("CRL: the certificate names another issuer of its lists", "AVAL_E_CRL_SIGNER", "chain[0]", crls="root-crl", chain=leaf(
    "leaf-indirect", [key_usage(0), extension("2.5.29.31", seq(seq(tlv(0xa2, tlv(0xa4, OTHER)))))]) + " issuing")
CRL_FORMAT = "AVAL_E_CRL_FORMAT"
crl_case("no next update", CRL_FORMAT, "crl.next_update", end=None)
crl_case("version 1", CRL_FORMAT, "crl.version", version=integer(0))
crl_case("no version", CRL_FORMAT, "crl.version", version=b"")
crl_case("a byte behind", CRL_FORMAT, "crl", trailing=b"\0")
crl_case("an entry with an empty list of extensions", CRL_FORMAT, "crl.revoked", revoked=[(5, DATE, [b""])])
crl_case("an invalidity date that is none", CRL_FORMAT, "crl.revoked", revoked=[(5, DATE, [extension(INVALIDITY, NULL)])])

# Parties
LEI_PARTY = "lei:" + LEI


def party_case(title, ids=(), extensions=(), parties="", sources="", texts=utf8):
    subject = name_of(("O", "Example GmbH"), *(("ID", texts(i)) for i in ids))
    name = "party-" + title.replace(" ", "-")
    put(name, certificate(subject, leaf_key, ISSUING, issuing_key, [key_usage(0), *extensions], serial=100))
    first = parties.split(" ")[0]
    case("party: " + title, chain=name + " issuing", parties=parties, sources=sources, party=first)
    if not first:
        case("party: " + title + ", asked", "AVAL_E_CERT_PARTY", "chain[0]", chain=name + " issuing", party=LEI_PARTY)


def lei_extension(value, critical=False):
    return extension(LEI_EXTENSION, value, critical)


ROLE = extension("1.3.6.1.4.1.52266.2", printable("CFO"))
party_case("an LEI as printable text", extensions=[lei_extension(printable(LEI))], parties=LEI_PARTY, sources="1")
party_case("an LEI as UTF-8", extensions=[lei_extension(utf8(LEI))], parties=LEI_PARTY, sources="1")
party_case("an LEI in a sequence", extensions=[lei_extension(seq(printable(LEI)))], parties=LEI_PARTY, sources="1")
party_case("an LEI with a role in a sequence", extensions=[lei_extension(seq(printable(LEI), tlv(0xa0, printable("CFO"))))], parties=LEI_PARTY, sources="1")
party_case("an LEI and a role", extensions=[lei_extension(printable(LEI)), ROLE], parties=LEI_PARTY, sources="1")
case("party: a critical LEI", "AVAL_E_CERT_CRITICAL", "chain[0]", chain=put("party-a-critical-LEI", certificate(
    name_of(("O", "Example GmbH")), leaf_key, ISSUING, issuing_key, [key_usage(0), lei_extension(printable(LEI), True)])) + " issuing",
     parties=LEI_PARTY, sources="1")
party_case("a role alone", extensions=[ROLE])
party_case("an LEI under the arc that was misprinted", extensions=[extension("1.3.6.1.4.1.5222266.1", printable(LEI))])
party_case("an LEI with wrong check digits", extensions=[lei_extension(printable(LEI[:-1] + "8"))])
party_case("an LEI in small letters", extensions=[lei_extension(printable(LEI.lower()))])
party_case("an LEI of 19 characters", extensions=[lei_extension(printable(LEI[:-1]))])
party_case("an LEI that is an integer", extensions=[lei_extension(integer(5))])
party_case("an LEI with something behind", extensions=[lei_extension(printable(LEI) + NULL)])
party_case("an LEI with something behind its role", extensions=[lei_extension(seq(printable(LEI), tlv(0xa0, printable("CFO")), NULL))])
party_case("an LEI with something behind its sequence", extensions=[lei_extension(seq(printable(LEI)) + NULL)])
party_case("an LEI in the subject", ["LEIXG-" + LEI], parties=LEI_PARTY, sources="2")
party_case("an LEI in the subject, printable", ["LEIXG-" + LEI], parties=LEI_PARTY, sources="2", texts=printable)
party_case("an LEI in the subject in another encoding", ["LEIXG-" + LEI], texts=lambda t: tlv(30, t.encode("utf-16-be")))
party_case("an LEI in the subject as IA5", ["LEIXG-" + LEI], texts=lambda t: tlv(22, t.encode()))
party_case("an LEI in both places", ["LEIXG-" + LEI], [lei_extension(printable(LEI))], parties=LEI_PARTY, sources="1")
party_case("two LEIs that differ", ["LEIXG-" + LEI_2], [lei_extension(printable(LEI))])
party_case("two LEIs of the subject that differ", ["LEIXG-" + LEI, "LEIXG-" + LEI_2])
party_case("an LEI beside one with wrong check digits", ["LEIXG-" + LEI[:-1] + "8"], [lei_extension(printable(LEI))])
party_case("an LEI of a country", ["LEIDE-" + LEI])
party_case("an LEI of a state", ["LEIXG+PA-" + LEI])
party_case("a VAT number", ["VATDE-123456789"], parties="vat:DE123456789", sources="2")
party_case("a VAT number of Greece", ["VATGR-123456789"], parties="vat:EL123456789", sources="2")
party_case("a VAT number of Greece by its prefix", ["VATEL-123456789"], parties="vat:EL123456789", sources="2")
party_case("a VAT number with points", ["VATBE-0876.866.142"])
party_case("a VAT number that is too long", ["VATDE-1234567890123"])
party_case("two VAT numbers that differ", ["VATDE-123456789", "VATFR-12345678901"])
party_case("an LEI beside two VAT numbers that differ", ["VATDE-123456789", "LEIXG-" + LEI, "VATFR-12345678901"], parties=LEI_PARTY, sources="2")
party_case("four ids of four schemes", ["NTRCN-" + USCC, "NTRNO-987654321", "VATDE-123456789", "LEIXG-" + LEI],
           parties=f"{LEI_PARTY} vat:DE123456789 iso6523:0192:987654321 uscc:{USCC}", sources="2 2 2 2")
for country, digits, scheme in [("BE", "0876866142", "0208"), ("EE", "10747013", "0191"), ("FR", "552081317", "0002"),
                                ("FR", "55208131766522", "0009"), ("NL", "30280353", "0106"), ("NO", "983163327", "0192"),
                                ("SE", "5560125790", "0007")]:
    party_case(f"a register number of {country} of {len(digits)} digits", [f"NTR{country}-{digits}"], parties=f"iso6523:{scheme}:{digits}", sources="2")
    party_case(f"a register number of {country} of {len(digits) - 1} digits and a letter", [f"NTR{country}-{digits[1:]}A"])
party_case("a register number of China", ["NTRCN-" + USCC], parties="uscc:" + USCC, sources="2")
party_case("a register number of China with a wrong check character", ["NTRCN-" + USCC[:-1] + "T"])
party_case("a register number of Germany", ["NTRDE-HRB123456"])
party_case("a payment service provider", ["PSDDE-BAFIN-123456"])
party_case("a scheme of a country", ["SI:CZ-1234567"])
party_case("an id that is too short", ["VATDE-"])
party_case("no id")
case("party: the leaf's", party=LEI_PARTY, parties=LEI_PARTY, sources="2")
case("party: another LEI", "AVAL_E_CERT_PARTY", "chain[0]", party="lei:" + LEI_2)
case("party: another scheme", "AVAL_E_CERT_PARTY", "chain[0]", party="vat:DE123456789")
case("party: a key", "AVAL_E_CERT_PARTY", "chain[0]", party="key:" + "0" * 64)
case("party: a prefix of the leaf's", "AVAL_E_CERT_PARTY", "chain[0]", party=LEI_PARTY[:-1])

# Endorsements: what test_certificate.c signs and verifies
MESSAGE = b"three officers may sign up to 5,000,000.00 EUR"
put("message", MESSAGE)
for title, key, pss in [("p256", leaf_key, None), ("k1", k1_leaf, None), ("p384", p384_leaf, None), ("rsa", rsa_leaf, PssKey(rsa_leaf))]:
    put(title + "-end", certificate(LEAF, key, ISSUING, issuing_key, LEAF_EXTENSIONS, serial=100))
    put(title + "-key", key.pem_der())
    if pss:
        put("rsa-ps256", pss.sign("sha256", MESSAGE))
        put("rsa-ps256-salt-20", PssKey(rsa_leaf, 20).sign("sha256", MESSAGE))
        put("rsa-rs256", key.sign("sha256", MESSAGE))
        put("rsa-rs512", key.sign("sha512", MESSAGE))
    else:
        put(title + "-signature", key.raw("sha384" if key is p384_leaf else "sha256", MESSAGE))
        put(title + "-signature-high", key.raw("sha384" if key is p384_leaf else "sha256", MESSAGE, True))
mismatch = seq(integer(0), seq(oid(EC_KEY), oid(CURVE_OID[2])), octets(seq(integer(1), octets(p384_leaf.d.to_bytes(48, "big")), tlv(0xa1, bits(p384_root.point)))))
put("p384-key-mismatch", mismatch)
put("p384-key-zero", seq(integer(0), seq(oid(EC_KEY), oid(CURVE_OID[2])), octets(seq(integer(1), octets(bytes(48))))))
put("rsa-key-wrong", seq(integer(0), seq(oid("1.2.840.113549.1.1.1"), NULL), octets(seq(
    integer(0), *map(integer, (rsa_leaf.n, 65537, rsa_leaf.d ^ 2, rsa_leaf.p, rsa_leaf.q, 1, 1, 1))))))
put("rsa-key-odd", seq(integer(0), seq(oid("1.2.840.113549.1.1.1"), NULL), octets(seq(
    integer(0), *map(integer, (rsa_leaf.n, 65537, rsa_leaf.d, rsa_leaf.p, rsa_root.q, 1, 1, 1))))))
small = RsaKey("small", 64)
put("rsa-key-small", small.pem_der())

rows = [{"id": "objects", "input": objects, "expect": {}}, *cases]
print('{\n"format": "certificates and CRLs in hexadecimal under \\"objects\\"; each further case is a chain (the leaf first), '
      'anchors, CRLs, a time, and what aval_chain_verify() says, or the parser before it",\n"source": "make_chains.py",\n'
      f'"count": {len(rows)},\n"cases": [')
print(",\n".join(json.dumps(row) for row in rows) + "\n]\n}")
