#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""BIP327 in plain integers, and the vectors that it writes: musig.json.

    musig_vectors.py FOLDER           write FOLDER/musig.json
    musig_vectors.py --check FOLDER   compare

These are what the BIP's own files leave out: members that sign twice, nonces that cancel out, a partial signature that
is zero, numbers at the order.
"""
import hashlib
import json
import os
import sys

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def add(a, b):
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def mul(point, scalar):
    result = None
    for bit in bin(scalar % N)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def compress(point):
    return bytes(33) if point is None else bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def tagged(tag, data):
    prefix = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(prefix + prefix + data).digest()


def scalar_of(tag, data):
    return int.from_bytes(tagged(tag, data), "big") % N


def coefficients(keys):
    listed = tagged("KeyAgg list", b"".join(keys))
    second = next((key for key in keys if key != keys[0]), None)
    return [1 if key == second else scalar_of("KeyAgg coefficient", listed + key) for key in keys]


class Session:
    """Who signs what; secret numbers stand for keys and nonces."""

    def __init__(self, scalars, nonces, message):
        self.keys = [compress(mul(G, scalar)) for scalar in scalars]
        self.factors = coefficients(self.keys)
        self.q = mul(G, sum(a * d for a, d in zip(self.factors, scalars)))
        self.scalars, self.nonces, self.message = scalars, nonces, message
        self.sums = [sum(nonce[i] for nonce in nonces) % N for i in (0, 1)]
        self.pair = b"".join(compress(mul(G, k)) for k in self.sums)
        self.b = scalar_of("MuSig/noncecoef", self.pair + self.x() + message)
        self.r = mul(G, self.sums[0] + self.b * self.sums[1]) or G
        self.e = scalar_of("BIP0340/challenge", self.r[0].to_bytes(32, "big") + self.x() + message)

    def x(self):
        return self.q[0].to_bytes(32, "big")

    def partial(self, index):
        k = self.nonces[index][0] + self.b * self.nonces[index][1]
        k = -k if self.r[1] % 2 else k
        d = -self.scalars[index] if self.q[1] % 2 else self.scalars[index]
        return (k + self.e * self.factors[index] * d) % N

    def signature(self):
        s = sum(self.partial(i) for i in range(len(self.keys))) % N
        return self.r[0].to_bytes(32, "big") + s.to_bytes(32, "big")

    def given(self):
        return {"keys": [key.hex() for key in self.keys], "tweaks": [], "message": self.message.hex(),
                "nonces": [(compress(mul(G, a)) + compress(mul(G, b))).hex() for a, b in self.nonces]}

    def rows(self, name, signed=True):
        """The whole of one session."""
        yield f"{name}: aggregate", "aggregate", {"keys": self.given()["keys"], "tweaks": []}, {"x": self.x().hex()}
        yield f"{name}: sum", "sum", {"nonces": self.given()["nonces"]}, {"sum": self.pair.hex()}
        parts = [n32(self.partial(i)) for i in range(len(self.keys))]
        for i, part in enumerate(parts):
            secret = {"scalar": n32(self.scalars[i]), "key": self.keys[i].hex(), "sum": self.pair.hex(),
                      "secret": "".join(map(n32, self.nonces[i])), **self.given()}
            yield f"{name}: sign {i}", "sign", secret, {"partial": part}
            yield (f"{name}: verify {i}", "verify", {**self.given(), "signer": i, "partial": part},
                   {"status": "AVAL_OK"})
            other = n32((int(part, 16) + 1) % N)
            yield (f"{name}: verify {i}, one more", "verify", {**self.given(), "signer": i, "partial": other},
                   {"status": "AVAL_E_MUSIG_PARTIAL"})
        if signed:
            whole = {**self.given(), "sum": self.pair.hex(), "partials": parts}
            yield f"{name}: combine", "combine", whole, {"signature": self.signature().hex()}


def n32(number):
    return number.to_bytes(32, "big").hex()


def secret(name):
    return scalar_of("aval/test", name.encode())


def nonces(name, count):
    return [(secret(f"{name} {i} first"), secret(f"{name} {i} second")) for i in range(count)]


def with_zero_partial(scalars, message):
    """The first signer's nonce is chosen so that its part comes to nothing, whatever the second one's is."""
    total = (secret("total first"), secret("total second"))
    draft = Session(scalars, [total, (0, 0)], message)
    d = -scalars[0] if draft.q[1] % 2 else scalars[0]
    need = -draft.e * draft.factors[0] * d
    need = -need if draft.r[1] % 2 else need
    own = ((need - draft.b) % N, 1)
    session = Session(scalars, [own, tuple((t - o) % N for t, o in zip(total, own))], message)
    assert session.partial(0) == 0
    return session


def cases():
    message = tagged("aval/schnorr", b"three pallets of sealed bearings")
    keys = [secret(f"key {i}") for i in range(3)]
    # Schnorr keys: the number whose point has an even y.
    keys = [key if mul(G, key)[1] % 2 == 0 else N - key for key in keys]
    yield from Session(keys[:1], nonces("one", 1), message).rows("one member")
    yield from Session(keys, nonces("three", 3), message).rows("three members")
    yield from Session([keys[0]] * 2, nonces("twice", 2), message).rows("one member twice")
    yield from Session([keys[0], keys[0], keys[1]], nonces("thrice", 3), message).rows("two alike and another")
    yield from Session(keys[:2], nonces("empty", 2), b"").rows("an empty message")
    first = nonces("cancel", 1)[0]
    # G takes the place of a nonce that nobody knows, so that the whole is no signature.
    yield from Session(keys[:2], [first, (N - first[0], N - first[1])], message).rows("nonces cancel out", False)
    yield from Session(keys[:2], [first, (secret("rest"), N - first[1])], message).rows("second halves cancel out")
    yield from with_zero_partial(keys[:2], message).rows("a part is zero")
    session = Session(keys, nonces("three", 3), message)
    for name, number in (("0", 0), ("the order less 1", N - 1), ("the order", N), ("2^256 - 1", 2**256 - 1)):
        yield (f"a part of {name}", "verify", {**session.given(), "signer": 0, "partial": n32(number)},
               {"status": "AVAL_E_MUSIG_PARTIAL"})
    for name, signer, number in (("the order", 1, N), ("2^256 - 1", 2, 2**256 - 1)):
        parts = [n32(session.partial(i)) for i in range(3)]
        parts[signer] = n32(number)
        yield (f"combine, a part of {name}", "combine", {**session.given(), "sum": session.pair.hex(), "partials": parts},
               {"status": "AVAL_E_MUSIG_PARTIAL", "signer": signer})
    yield ("a key of infinity", "aggregate", {"keys": [session.keys[0].hex(), bytes(33).hex()], "tweaks": []},
           {"status": "AVAL_E_KEY_POINT", "signer": 1})
    for half in (0, 33):
        nonce = bytearray.fromhex(session.given()["nonces"][1])
        nonce[half:half + 33] = bytes(33)
        yield (f"a nonce of infinity at {half}", "sum", {"nonces": [session.given()["nonces"][0], nonce.hex()]},
               {"status": "AVAL_E_MUSIG_NONCE", "signer": 1})
    for name, number, status in (("0", 0, None), ("the order less 1", N - 1, None), ("the order", N, "AVAL_E_KEY_SCALAR")):
        q = add(session.q, mul(G, number))
        yield (f"a tweak of {name}", "aggregate",
               {"keys": session.given()["keys"], "tweaks": [{"tweak": n32(number), "xonly": False}]},
               {"status": status} if status else {"x": n32(q[0])})
    yield "sort", "sort", {"keys": [k.hex() for k in reversed(sorted(session.keys))]}, {
        "keys": [k.hex() for k in sorted(session.keys)]}


def document():
    rows = [{"id": i, "kind": kind, "input": given, "expect": expect} for i, kind, given, expect in cases()]
    head = {"format": "steps of BIP327; see tests/unit/test_musig_vectors.c", "source": "tests/oracle/musig_vectors.py",
            "count": len(rows)}
    lines = ",\n".join(json.dumps(row) for row in rows)
    return json.dumps(head, indent=0)[:-2] + ",\n\"cases\": [\n" + lines + "\n]\n}\n"


def main():
    path = os.path.join(sys.argv[-1], "musig.json")
    if sys.argv[1] != "--check":
        with open(path, "w", encoding="utf-8") as file:
            file.write(document())
        return
    with open(path, encoding="utf-8") as file:
        if file.read() != document():
            sys.exit(f"{path} is not what this script writes")


main()
