# SPDX-License-Identifier: Apache-2.0
"""Mandates from docs/spec/mandate.md alone: the envelope, the id, groups, and what a grant permits. Naive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))
from curves import K1, P256, b32, bip340, ecdsa, sha256, tagged  # noqa: E402
from event import Encoder, cbor, head  # noqa: E402

TYP = "application/aval-mandate+cbor"
ES256K, ESP256, SCHNORR = -47, -9, -65537
GRANT, REVOCATION = 1, 2


class Key:
    def __init__(self, alg, d):
        self.alg, self.curve = alg, P256 if alg == ESP256 else K1
        point = self.curve.mul(d)
        if alg == SCHNORR and point[1] % 2:
            d, point = K1.n - d, (point[0], K1.p - point[1])
        self.d, self.point = d, point
        self.item = {1: 2, 3: alg, -1: self.curve.number, -2: b32(point[0]), -3: b32(point[1])}
        self.thumbprint = thumbprint(self.curve, point)
        self.party = "key:" + self.thumbprint.hex()

    def sign(self, message, high=False):
        if self.alg == SCHNORR:
            return bip340(self.d, tagged("aval/schnorr", message), bytes(32))
        return ecdsa(self.curve, self.d, sha256(message), high)


def thumbprint(curve, point):
    return sha256(cbor({1: 2, -1: curve.number, -2: b32(point[0]), -3: b32(point[1])}))


def key_header(key, typ=TYP, alg=None, item=None):
    return {1: key.alg if alg is None else alg, 16: typ, "key": key.item if item is None else item}


def certificate_header(alg, digest, typ=TYP, hash_alg=-16):
    return {1: alg, 16: typ, 34: [hash_alg, digest]}


def structure(protected, payload):
    return cbor(["Signature1", protected, b"", payload])


class Envelope:
    """The bytes, and where things stand: at[path] of the envelope, inner[path] of the payload, outer[path] of the header."""

    def __init__(self, payload, key=None, header=None, signature=None, high=False, tag=18, unprotected=None, items=None):
        header = key_header(key) if header is None else header
        coded, content = Encoder(header), Encoder(payload)
        protected, self.payload = coded.out, content.out
        if signature is None:
            signature = key.sign(structure(protected, self.payload), high)
        whole = Encoder(items(protected, self.payload, signature) if items else
                        [protected, {} if unprotected is None else unprotected, self.payload, signature])
        prefix = head(6, tag)
        self.data, self.protected = prefix + whole.out, protected
        self.at = {path: len(prefix) + offset for path, offset in whole.at.items() if path != "end"}
        self.outer = {path: self.at[(0,)] + len(head(2, len(protected))) + offset for path, offset in coded.at.items()
                      if path != "end"} if (0,) in self.at else {}
        self.inner = {path: self.at[(2,)] + len(head(2, len(self.payload))) + offset
                      for path, offset in content.at.items() if path != "end"} if (2,) in self.at else {}
        self.id = tagged("aval/mandate", cbor([protected, self.payload]))


# Groups: KeyAgg of BIP327, without tweaks.

def compress(point):
    return bytes([2 + point[1] % 2]) + b32(point[0])


def aggregate(members):
    """The point with an even y that the members make."""
    digest = tagged("KeyAgg list", b"".join(members))
    second = next((m for m in members if m != members[0]), None)
    total = None
    for member in members:
        point = K1.lift(int.from_bytes(member[1:], "big"), member[0] == 3)
        factor = 1 if member == second else int.from_bytes(tagged("KeyAgg coefficient", digest + member), "big") % K1.n
        total = K1.add(total, K1.mul(factor, point))
    return total if total[1] % 2 == 0 else (total[0], K1.p - total[1])


# What a grant permits.

class Act:
    def __init__(self, party, registry, type_, currency, amount, at, keys):
        self.party, self.registry, self.type, self.currency = party, registry, type_, currency
        self.amount, self.at, self.keys = amount, at, keys


def permits(grant, act):
    """The status of the first rule that is broken, or OK; grant is the payload's map."""
    caps = dict(grant[7]) if 7 in grant else None
    rules = [
        (act.party == grant[3], "MANDATE_PARTY"),
        (act.registry == grant[2], "MANDATE_REGISTRY"),
        (set(act.keys) <= set(grant[4]), "MANDATE_KEY"),
        (act.type in grant[6], "MANDATE_TYPE"),
        (caps is None or caps.get(act.currency, -1) >= act.amount, "MANDATE_AMOUNT"),
        (len(set(act.keys)) == grant[5], "MANDATE_THRESHOLD"),
        (act.at is not None, "NOT_FOUND"),
        (act.at is None or grant[8] <= act.at, "MANDATE_NOT_YET_VALID"),
        (act.at is None or act.at < grant[9], "MANDATE_EXPIRED"),
    ]
    return next((status for holds, status in rules if not holds), "OK")


def ended(grant, grant_id, other, at):
    """What another mandate makes of a grant by a time; None is any time."""
    if (other[2], other[3]) != (grant[2], grant[3]):
        return "OK"
    if other[1] == REVOCATION and other[12] == grant_id and (at is None or other[13] <= at):
        return "MANDATE_REVOKED"
    if other[1] == GRANT and other.get(10) == grant_id and (at is None or other[8] <= at):
        return "MANDATE_REPLACED"
    return "OK"
