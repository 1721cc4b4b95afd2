# SPDX-License-Identifier: Apache-2.0
"""Two curves and their signatures in plain integers: slow, short, and written for these vectors alone."""
import hashlib
import hmac


class Curve:
    def __init__(self, p, a, b, n, gx, gy, number):
        self.p, self.a, self.b, self.n, self.g, self.number = p, a, b, n, (gx, gy), number

    def add(self, one, two):
        if one is None or two is None:
            return one or two
        (x1, y1), (x2, y2) = one, two
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if one == two:
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def mul(self, k, point=None):
        total, power = None, point or self.g
        while k:
            if k & 1:
                total = self.add(total, power)
            power = self.add(power, power)
            k >>= 1
        return total

    def lift(self, x, odd):
        y = pow(x**3 + self.a * x + self.b, (self.p + 1) // 4, self.p)
        if (y * y - x**3 - self.a * x - self.b) % self.p:
            return None
        return x, y if y & 1 == odd else self.p - y


K1 = Curve(2**256 - 2**32 - 977, 0, 7, 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141,
           0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,
           0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8, 8)
P256 = Curve(2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
             0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
             0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
             0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
             0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5, 1)


def b32(number):
    return number.to_bytes(32, "big")


def sha256(data):
    return hashlib.sha256(data).digest()


def tagged(tag, data):
    return sha256(sha256(tag.encode()) * 2 + data)


def rfc6979(curve, d, digest):
    """The nonces of RFC 6979, section 3.2, with SHA-256, for an order of 256 bits."""
    def mac(key, data):
        return hmac.new(key, data, hashlib.sha256).digest()

    seed = b32(d) + b32(int.from_bytes(digest, "big") % curve.n)
    v, k = b"\x01" * 32, b"\x00" * 32
    for byte in (b"\x00", b"\x01"):
        k = mac(k, v + byte + seed)
        v = mac(k, v)
    while True:
        v = mac(k, v)
        nonce = int.from_bytes(v, "big")
        if 0 < nonce < curve.n:
            yield nonce
        k = mac(k, v + b"\x00")
        v = mac(k, v)


def ecdsa(curve, d, digest, high=False):
    """r || s, s in its low form or, if asked for, in its high one."""
    for nonce in rfc6979(curve, d, digest):
        r = curve.mul(nonce)[0] % curve.n
        s = pow(nonce, -1, curve.n) * (int.from_bytes(digest, "big") + r * d) % curve.n
        if r and s:
            return b32(r) + b32(max(s, curve.n - s) if high else min(s, curve.n - s))


def ecdsa_verify(curve, point, digest, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    w = pow(s, -1, curve.n)
    sum_ = curve.add(curve.mul(int.from_bytes(digest, "big") * w % curve.n) if int.from_bytes(digest, "big") % curve.n
                     else None, curve.mul(r * w % curve.n, point))
    return sum_ is not None and sum_[0] % curve.n == r


def bip340(d, message, aux):
    point = K1.mul(d)
    d = d if point[1] % 2 == 0 else K1.n - d
    t = bytes(a ^ b for a, b in zip(b32(d), tagged("BIP0340/aux", aux)))
    nonce = int.from_bytes(tagged("BIP0340/nonce", t + b32(point[0]) + message), "big") % K1.n
    r = K1.mul(nonce)
    nonce = nonce if r[1] % 2 == 0 else K1.n - nonce
    e = int.from_bytes(tagged("BIP0340/challenge", b32(r[0]) + b32(point[0]) + message), "big") % K1.n
    return b32(r[0]) + b32((nonce + e * d) % K1.n)
