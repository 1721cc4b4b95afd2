#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write ecdsa.json: signatures at the edges of ECDSA on both curves, by code that shares nothing with the library.

    python3 tests/vectors/make_ecdsa.py > tests/vectors/ecdsa.json

A signature with any r and s that are wanted is made backwards: R is a point with that x, and Q = (s R - e G) / r is the
key under which it is valid. DER cases hold the same signature in every form that is not its one DER.
"""
import json

from curves import K1, P256, b32, ecdsa, ecdsa_verify, sha256

OK, INVALID, HIGH_S = "AVAL_OK", "AVAL_E_SIGNATURE_INVALID", "AVAL_E_SIGNATURE_HIGH_S"
POINT = "AVAL_E_KEY_POINT"
MESSAGE = b"three pallets of sealed bearings"
E = int.from_bytes(sha256(MESSAGE), "big")
cases = []


def negate(curve, point):
    return point[0], curve.p - point[1]


def uncompressed(point):
    return b"\4" + b32(point[0]) + b32(point[1])


class Maker:
    """The cases of one curve."""
    def __init__(self, name, alg, curve):
        self.name, self.alg, self.curve = name, alg, curve

    def key_for(self, big_r, s, e=E):
        """The key under which (x of R, s) signs e."""
        curve, r = self.curve, big_r[0] % self.curve.n
        rest = curve.add(curve.mul(s, big_r), negate(curve, curve.mul(e % curve.n)))
        return curve.mul(pow(r, -1, curve.n), rest)

    def point_from(self, x):
        """The first point from that x on, and a low s that is not special."""
        while self.curve.lift(x, 0) is None:
            x += 1
        return self.curve.lift(x, 0)

    def check(self, point, r, s, status, message):
        """What is expected is what the plain formulas say."""
        if status == POINT:
            return
        key = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
        holds = ecdsa_verify(self.curve, key, sha256(message), b32(r) + b32(s))
        high = 0 < r < self.curve.n and self.curve.n // 2 < s < self.curve.n
        assert status == (HIGH_S if high else OK if holds else INVALID), (r, s, status, holds)

    def case(self, name, point, r, s, status, message=MESSAGE):
        self.check(point, r, s, status, message)
        given = {"alg": self.alg, "point": point.hex(), "message": message.hex(), "signature": (b32(r) + b32(s)).hex()}
        cases.append({"id": f"{self.name}: {name}", "input": given, "expect": {"status": status}})

    def der(self, name, data, decodes):
        cases.append({"id": f"{self.name}, DER: {name}", "input": {"der": data.hex()},
                      "expect": {"signature": decodes.hex() if decodes is not None else ""}})

    def numbers(self):
        """One good signature, and numbers put in its place."""
        curve, n = self.curve, self.curve.n
        key = uncompressed(curve.mul(77))
        signature = ecdsa(curve, 77, sha256(MESSAGE))
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        s = min(s, n - s)
        self.case("a good one", key, r, s, OK)
        self.case("its twin with a high s", key, r, n - s, HIGH_S)
        self.case("r and s exchanged", key, s if s < n else r, min(r, n - r), INVALID)
        self.case("another message", key, r, s, INVALID, MESSAGE + b".")
        self.case("the key's negative", uncompressed(negate(curve, curve.mul(77))), r, s, INVALID)
        self.case("another key", uncompressed(curve.mul(78)), r, s, INVALID)
        for what, value in [("zero", 0), ("the order", n), ("the order and one", n + 1), ("the prime", curve.p),
                            ("2^256 - 1", 2**256 - 1)]:
            self.case(f"r is {what}", key, value, s, INVALID)
            self.case(f"s is {what}", key, r, value, INVALID)
            self.case(f"r and s are {what}", key, value, value, INVALID)
        for what, value in [("one", 1), ("two", 2), ("half the order", n // 2)]:
            self.case(f"r is {what}, by chance", key, value, s, INVALID)
            self.case(f"s is {what}, by chance", key, r, value, INVALID)
        self.case("s is just above half the order, by chance", key, r, n // 2 + 1, HIGH_S)
        self.case("s is the order less one, by chance", key, r, n - 1, HIGH_S)
        self.case("r is one more", key, r + 1, s, INVALID)
        self.case("s is one less", key, r, s - 1, INVALID)
        self.case("r is negated", key, n - r, s, INVALID)

    def edges(self):
        """Signatures that are valid at the edges of their numbers."""
        curve, n = self.curve, self.curve.n
        some = curve.mul(1234567)
        for what, s in [("one", 1), ("two", 2), ("half the order", n // 2), ("half the order less one", n // 2 - 1)]:
            self.case(f"valid, s is {what}", uncompressed(self.key_for(some, s)), some[0] % n, s, OK)
        for what, s in [("just above half the order", n // 2 + 1), ("the order less one", n - 1)]:
            self.case(f"valid but for s, which is {what}", uncompressed(self.key_for(some, s)), some[0] % n, s, HIGH_S)
        for what, x in [("small", 1), ("of 128 bits", 2**128), ("near the order", n - 2000), ("of leading zeros", 2**200)]:
            big_r = self.point_from(x)
            self.case(f"valid, r is {what}", uncompressed(self.key_for(big_r, 5)), big_r[0] % n, 5, OK)
        # The x of a point may lie between the order and the prime: r is then less than that x.
        big_r = self.point_from(n + 1)
        self.case("valid, x of R is above the order", uncompressed(self.key_for(big_r, 7)), big_r[0] - n, 7, OK)
        self.case("x of R is above the order, and r not reduced", uncompressed(self.key_for(big_r, 7)), big_r[0], 7, INVALID)
        # A small r whose x plus the order is no x of R either.
        small = self.point_from(3)
        self.case("r equals x of R, and not x less the order", uncompressed(self.key_for(small, 7)), small[0], 7, OK)

    def sums(self):
        """The sum u1 G + u2 Q where its parts are alike, opposite or nothing."""
        curve, n = self.curve, self.curve.n
        r, s = self.point_from(2**255)[0] % n, 9
        # u1 G = -u2 Q: R would be infinity.
        key = curve.mul(-E * pow(r, -1, n) % n)
        self.case("R is infinity", uncompressed(key), r, s, INVALID)
        # u1 G = u2 Q: the sum doubles.
        d = E * 5 % n
        r2 = curve.mul(2 * E * pow(11, -1, n) % n)[0] % n
        key = curve.mul(E * pow(r2, -1, n) % n)
        self.case("both parts of the sum are equal", uncompressed(key), r2, 11, OK)
        # The key is G, or its negative, and close to them.
        for what, number in [("G", 1), ("minus G", n - 1), ("twice G", 2), ("half of G", pow(2, -1, n)), ("e G", d)]:
            k = 4242
            big_r = curve.mul(k)
            s = pow(k, -1, n) * (E + big_r[0] % n * number) % n
            s = min(s, n - s)
            self.case(f"the key is {what}", uncompressed(curve.mul(number)), big_r[0] % n, s, OK)

    def keys(self):
        curve = self.curve
        x, y = curve.mul(77)
        for what, data in [("(0, 0)", bytes(65)[1:]), ("x is the prime", b32(curve.p) + b32(y)),
                           ("y is the prime", b32(x) + b32(curve.p)), ("off the curve", b32(x) + b32(y ^ 1)),
                           ("x and y exchanged", b32(y) + b32(x)), ("all ones", b"\xff" * 64)]:
            self.case(f"a key that is {what}" if what[0] == "o" else f"a key whose point is {what}",
                      b"\4" + data, 1, 1, POINT)
        for form in (0, 2, 3, 5, 6, 7):
            self.case(f"a key of the form {form}", bytes([form]) + b32(x) + b32(y), 1, 1, POINT)
        other = P256 if curve is K1 else K1
        self.case("a key of the other curve", uncompressed(other.mul(77)), 1, 1, POINT)

    def encodings(self):
        """One signature whose r needs a zero in front and whose s does not, in DER and in what is none."""
        r, s = (0x80 << 248) + 5, (0x7f << 248) + 6
        raw = b32(r) + b32(s)

        def number(data):
            return b"\2" + bytes([len(data)]) + data

        def sequence(body):
            return b"\x30" + bytes([len(body)]) + body
        one, two = number(b"\0" + b32(r)), number(b32(s))
        good = sequence(one + two)
        self.der("the one form", good, raw)
        self.der("small numbers", sequence(number(b"\1") + number(b"\x7f")), b32(1) + b32(127))
        self.der("zeros", sequence(number(b"\0") + number(b"\0")), bytes(64))
        self.der("the largest numbers", sequence(number(b"\0" + b"\xff" * 32) + number(b"\0" + b"\xff" * 32)), b"\xff" * 64)
        for length in range(len(good)):
            self.der(f"cut to {length} bytes", good[:length], None)
        bad = {
            "a byte behind": good + b"\0",
            "a byte behind, inside": sequence(one + two + b"\0"),
            "a third number": sequence(one + two + number(b"\1")),
            "one number": sequence(one),
            "nothing inside": sequence(b""),
            "the length of the sequence in two bytes": b"\x30\x81" + good[1:],
            "the length of the sequence in three bytes": b"\x30\x82\0" + good[1:],
            "an indefinite length": b"\x30\x80" + good[2:] + b"\0\0",
            "the length of r in two bytes": sequence(b"\2\x81" + one[1:] + two),
            "the length of s in two bytes": sequence(one + b"\2\x81" + two[1:]),
            "a sequence too long by one": b"\x30" + bytes([good[1] + 1]) + good[2:],
            "a sequence too short by one": b"\x30" + bytes([good[1] - 1]) + good[2:],
            "r without its zero": sequence(number(b32(r)) + two),
            "r with two zeros": sequence(number(b"\0\0" + b32(r)) + two),
            "s with a zero": sequence(one + number(b"\0" + b32(s))),
            "an empty r": sequence(number(b"") + two),
            "an empty s": sequence(one + number(b"")),
            "a small number with a zero": sequence(number(b"\0\1") + two),
            "r below zero": sequence(number(b"\xff") + two),
            "s below zero": sequence(one + number(b"\x80" + b32(s)[1:])),
            "r of 33 bytes": sequence(number(b"\1" + b32(r)) + two),
            "s of 34 bytes": sequence(one + number(b"\0\x80" + b32(s))),
            "r of 2^256": sequence(number(b"\1" + bytes(32)) + two),
            "a set": b"\x31" + good[1:],
            "a primitive sequence": b"\x10" + good[1:],
            "r as bit string": sequence(b"\3" + one[1:] + two),
            "s as octet string": sequence(one + b"\4" + two[1:]),
            "s as null": sequence(one + b"\5\0"),
            "r as real infinity": sequence(b"\x09\1\x40" + two),
            "a tag in two bytes": b"\x3f\x10" + good[1:],
            "two sequences": sequence(good),
            "r and s without a sequence": one + two,
            "raw": raw,
        }
        for name, data in bad.items():
            self.der(name, data, None)


for made in (Maker("es256k", -47, K1), Maker("esp256", -9, P256)):
    made.numbers()
    made.edges()
    made.sums()
    made.keys()
Maker("both", 0, P256).encodings()
print(json.dumps({"format": "ecdsa", "source": "tests/vectors/make_ecdsa.py", "count": len(cases), "cases": cases},
                 indent=1))
