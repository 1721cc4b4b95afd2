# SPDX-License-Identifier: Apache-2.0
"""Hashes, COSE_Keys and signatures. ECDSA comes from the cryptography package, BIP340 is written out."""
import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from aval_cbor import Refused, decode, encode, mapping, raw

ES256K, ESP256, ES256, SCHNORR = -47, -9, -7, -65537
P256, SECP256K1 = 1, 8
CURVE_OF = {ES256K: SECP256K1, SCHNORR: SECP256K1, ESP256: P256, ES256: P256}
# Numbers of batch signatures, and the algorithm that signs the root: docs/spec/batch.md.
BATCH_OF = {-65538: ES256K, -65539: ESP256, -65540: SCHNORR}
CURVES = {SECP256K1: ec.SECP256K1(), P256: ec.SECP256R1()}
ORDER = {
    SECP256K1: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
}


def sha256(data):
    return hashlib.sha256(data).digest()


def tagged(tag, data):
    prefix = sha256(tag.encode())
    return sha256(prefix + prefix + data)


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


class Key:
    """A COSE_Key: {1: 2, 3: alg, -1: crv, -2: x, -3: y}."""

    def __init__(self, item):
        mapping(item, required=(1, 3, -1, -2, -3))
        self.alg, self.curve = item[3], item[-1]
        self.x, self.y = raw(item[-2], 32), raw(item[-3], 32)
        if item[1] != 2:
            raise Refused("AVAL_E_KEY_FORMAT", "kty is not EC2")
        if self.alg not in CURVE_OF:
            raise Refused("AVAL_E_COSE_ALGORITHM", "an unknown algorithm")
        if self.curve != CURVE_OF[self.alg]:
            raise Refused("AVAL_E_KEY_CURVE", "not the algorithm's curve")
        if self.alg == SCHNORR and self.y[31] & 1:
            raise Refused("AVAL_E_KEY_POINT", "y is odd")
        try:
            numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(self.x, "big"), int.from_bytes(self.y, "big"),
                                                    CURVES[self.curve])
            self.public = numbers.public_key()
        except ValueError as error:
            raise Refused("AVAL_E_KEY_POINT", "not on the curve") from error
        # RFC 9679: the required members alone.
        self.thumbprint = sha256(encode({1: 2, -1: self.curve, -2: self.x, -3: self.y}))

    def verify(self, message, signature):
        if self.alg == SCHNORR:
            if not verify_bip340(self.x, tagged("aval/schnorr", message), signature):
                raise Refused("AVAL_E_SIGNATURE_INVALID", "does not verify")
            return
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        order = ORDER[self.curve]
        if order // 2 < s < order:
            raise Refused("AVAL_E_SIGNATURE_HIGH_S", "s is above half the order")
        try:
            self.public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise Refused("AVAL_E_SIGNATURE_INVALID", "does not verify") from error


# BIP340, "Verification", over secp256k1: y^2 = x^3 + 7.
PRIME = 2**256 - 2**32 - 977
BASE = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def _add(p, q):
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0] and (p[1] + q[1]) % PRIME == 0:
        return None
    if p == q:
        slope = 3 * p[0] * p[0] * pow(2 * p[1], -1, PRIME) % PRIME
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, PRIME) % PRIME
    x = (slope * slope - p[0] - q[0]) % PRIME
    return x, (slope * (p[0] - x) - p[1]) % PRIME


def _multiply(p, scalar):
    result = None
    while scalar:
        if scalar & 1:
            result = _add(result, p)
        p, scalar = _add(p, p), scalar >> 1
    return result


def _lift_x(x):
    if x >= PRIME:
        return None
    square = (pow(x, 3, PRIME) + 7) % PRIME
    y = pow(square, (PRIME + 1) // 4, PRIME)
    if y * y % PRIME != square:
        return None
    return x, y if y % 2 == 0 else PRIME - y


def verify_bip340(x32, message, signature):
    point = _lift_x(int.from_bytes(x32, "big"))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    order = ORDER[SECP256K1]
    if point is None or r >= PRIME or s >= order:
        return False
    challenge = int.from_bytes(tagged("BIP0340/challenge", signature[:32] + x32 + message), "big") % order
    result = _add(_multiply(BASE, s), _multiply(point, order - challenge))
    return result is not None and result[1] % 2 == 0 and result[0] == r


def aggregate(members):
    """The thumbprint of the key that members make (BIP327, KeyAgg), or None where there is none."""
    digest = tagged("KeyAgg list", b"".join(members))
    second = next((member for member in members if member != members[0]), None)
    total = None
    for member in members:
        point = _lift_x(int.from_bytes(member[1:], "big"))
        if point is None:
            return None
        if member[0] == 3:
            point = point[0], PRIME - point[1]
        factor = 1 if member == second else int.from_bytes(tagged("KeyAgg coefficient", digest + member), "big")
        total = _add(total, _multiply(point, factor % ORDER[SECP256K1]))
    if total is None:
        return None
    x, y = total[0].to_bytes(32, "big"), min(total[1], PRIME - total[1], key=lambda number: number % 2).to_bytes(32, "big")
    return sha256(encode({1: 2, -1: SECP256K1, -2: x, -3: y}))


def parse_key(item):
    return Key(item if isinstance(item, dict) else decode(item))
