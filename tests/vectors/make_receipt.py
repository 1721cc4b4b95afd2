#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write receipt.json: COSE Receipts as other programs make them, and what is wrong with some.

    python3 tests/vectors/make_receipt.py > tests/vectors/receipt.json
"""
import json

from curves import P256, ecdsa, sha256
from make_cose import Raw, Tag, cbor, head
from make_note import COSIGNATURE, ECDSA, ED25519, Key

cases = []
LEAVES = [sha256(b"\0" + bytes([i])) for i in range(8)]


def node(left, right):
    return sha256(b"\1" + left + right)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(leaves):
    return leaves[0] if len(leaves) == 1 else node(root(leaves[:split(len(leaves))]), root(leaves[split(len(leaves)):]))


def inclusion(index, leaves):
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(m, leaves, whole=True):
    """RFC 9162, section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return consistency(m, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [root(leaves[:k])]


class Pairs(list):
    """A map whose pairs stand as they are listed."""


def foreign(item):
    if isinstance(item, Pairs):
        return head(5, len(item)) + b"".join(foreign(k) + foreign(v) for k, v in item)
    if isinstance(item, Tag):
        return head(6, item.number) + foreign(item.item)
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(foreign, item))
    return cbor(item)


log, ed, other = Key("log", ECDSA, 0xb0b), Key("log", ED25519, 1), Key("log", ECDSA, 0xfee)
witness = Key("log", COSIGNATURE, 1)


def sign(key, protected, payload):
    message = cbor(["Signature1", protected, b"", payload])
    return ecdsa(P256, key.number, sha256(message)) if key.type == ECDSA else key.secret.sign(message)


def receipt(proofs, signed, key=log, alg=-9, protected=None, payload=None, tag=18, signature=None, vdp=None,
            unprotected=None):
    header = foreign(Pairs([(1, alg), (395, 1)]) if protected is None else protected)
    body = Pairs([(396, vdp or Pairs([(kind, [cbor(p) if isinstance(p, list) else p for p in items])
                                      for kind, items in proofs]))])
    return foreign(Tag(tag, [header, unprotected if unprotected is not None else body, payload,
                             sign(key, header, signed) if signature is None else signature]))


def case(id_, data, status, op="inclusion", key=log, proof=0, leaf=None, old=None, size=None, tree=None, plain=None,
         **expect):
    given = {"op": op, "receipt": data.hex(), "vkey": key.vkey, "proof": proof}
    if leaf is not None:
        given["leaf"] = leaf.hex()
    if old is not None:
        given["old_size"], given["old_root"] = old[0], old[1].hex()
    if size is not None:
        given["size"], given["root"] = size, tree.hex()
    cases.append({"id": id_, "input": given, "expect": {"status": status, "plain": plain or status, **expect}})


def included(index, count, path=None):
    return [count, index, inclusion(index, LEAVES[:count]) if path is None else path]


OK, INVALID = "AVAL_OK", "AVAL_E_SIGNATURE_INVALID"
R5, R8 = root(LEAVES[:5]), root(LEAVES)
good = receipt([(-1, [included(3, 5)])], R5)
for count in range(1, 9):
    for index in range(count):
        case(f"leaf {index} of {count}", receipt([(-1, [included(index, count)])], root(LEAVES[:count])), OK,
             leaf=LEAVES[index])
case("ES256", receipt([(-1, [included(3, 5)])], R5, alg=-7), OK, leaf=LEAVES[3])
case("EdDSA", receipt([(-1, [included(3, 5)])], R5, ed, -8), OK, key=ed, leaf=LEAVES[3], plain="AVAL_E_UNSUPPORTED")
case("Ed25519", receipt([(-1, [included(3, 5)])], R5, ed, -19), OK, key=ed, leaf=LEAVES[3], plain="AVAL_E_UNSUPPORTED")
case("keys in no order", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(395, 1), (4, b"kid"), (1, -9)])), OK,
     leaf=LEAVES[3])
case("claims in the header", receipt([(-1, [included(3, 5)])], R5, protected=Pairs(
    [(4, b"kid"), (1, -9), (395, 1), (15, Pairs([(1, "issuer")]))])), OK, leaf=LEAVES[3])
case("long heads", good.replace(cbor({396: 0})[:4], bytes([0xb8, 1]) + head(0, 396, 4)), OK, leaf=LEAVES[3])
case("the root inside", receipt([(-1, [included(3, 5)])], R5, payload=R5), OK, leaf=LEAVES[3])
case("several proofs, the first", receipt([(-1, [included(3, 5), included(1, 5)])], R5), OK, leaf=LEAVES[3])
case("several proofs, the second", receipt([(-1, [included(3, 5), included(1, 5)])], R5), OK, leaf=LEAVES[1], proof=1)
case("several proofs, no third", receipt([(-1, [included(3, 5), included(1, 5)])], R5), "AVAL_E_INVALID_ARGUMENT",
     leaf=LEAVES[1], proof=2)
case("both kinds", receipt([(-2, [[3, 5, consistency(3, LEAVES[:5])]]), (-1, [included(3, 5)])], R5), OK,
     leaf=LEAVES[3])
case("a kind that is not known beside", receipt([(-7, []), (-1, [included(3, 5)])], R5), OK, leaf=LEAVES[3])
case("with the checkpoint", good, OK, leaf=LEAVES[3], size=5, tree=R5)

case("the neighbour leaf", good, INVALID, leaf=LEAVES[2])
case("a node in place of a leaf", receipt([(-1, [[2, 0, [node(LEAVES[2], LEAVES[3])]]])], root(LEAVES[:4])), OK,
     leaf=node(LEAVES[0], LEAVES[1]))
case("a node in place of a leaf, with the checkpoint", receipt([(-1, [[2, 0, [node(LEAVES[2], LEAVES[3])]]])],
                                                              root(LEAVES[:4])), "AVAL_E_RECEIPT_SIZE",
     leaf=node(LEAVES[0], LEAVES[1]), size=4, tree=root(LEAVES[:4]))
case("another size with the same path", receipt([(-1, [[6, 3, inclusion(3, LEAVES[:5])]])], R5), OK, leaf=LEAVES[3])
case("another size, with the checkpoint", receipt([(-1, [[6, 3, inclusion(3, LEAVES[:5])]])], R5),
     "AVAL_E_RECEIPT_SIZE", leaf=LEAVES[3], size=5, tree=R5)
case("another root than the checkpoint's", good, "AVAL_E_PROOF_ROOT_MISMATCH", leaf=LEAVES[3], size=5,
     tree=root(LEAVES[3:]))
case("another root inside", receipt([(-1, [included(3, 5)])], R5, payload=R8), "AVAL_E_PROOF_ROOT_MISMATCH",
     leaf=LEAVES[3])
case("size 0", receipt([(-1, [[0, 0, [R5]]])], R5), "AVAL_E_PROOF_SHAPE", leaf=LEAVES[3])
case("size 2^63", receipt([(-1, [[2**63, 3, [R5] * 63]])], R5), "AVAL_E_PROOF_SHAPE", leaf=LEAVES[3])
case("index equal to the size", receipt([(-1, [[5, 5, inclusion(3, LEAVES[:5])]])], R5), "AVAL_E_PROOF_INDEX",
     leaf=LEAVES[3])
case("a hash too few", receipt([(-1, [[5, 3, inclusion(3, LEAVES[:5])[:-1]]])], R5), "AVAL_E_PROOF_LENGTH",
     leaf=LEAVES[3])
case("a trailing hash", receipt([(-1, [[5, 3, inclusion(3, LEAVES[:5]) + [R5]]])], R5), "AVAL_E_PROOF_LENGTH",
     leaf=LEAVES[3])
case("another key", good, INVALID, key=other, leaf=LEAVES[3])
case("a key of the other kind", good, "AVAL_E_COSE_ALGORITHM", key=ed, leaf=LEAVES[3])
case("the key of a witness", good, "AVAL_E_CHECKPOINT_KEY", key=witness, leaf=LEAVES[3])
case("alg ES384", receipt([(-1, [included(3, 5)])], R5, alg=-35), "AVAL_E_COSE_ALGORITHM", leaf=LEAVES[3])
case("alg ES256K", receipt([(-1, [included(3, 5)])], R5, alg=-47), "AVAL_E_COSE_ALGORITHM", leaf=LEAVES[3])
case("signature of 63 bytes", receipt([(-1, [included(3, 5)])], R5, signature=bytes(63)), "AVAL_E_SIGNATURE_LENGTH",
     leaf=LEAVES[3])
case("signature of zeros", receipt([(-1, [included(3, 5)])], R5, signature=bytes(64)), INVALID, leaf=LEAVES[3])
case("signed over another header", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(1, -9), (395, 1), (4, b"")]),
                                           signature=sign(log, cbor({1: -9, 395: 1}), R5)), INVALID, leaf=LEAVES[3])

# The form.
case("no tag", good[1:], "AVAL_E_CBOR_TYPE", "parse")
case("tag 98", receipt([(-1, [included(3, 5)])], R5, tag=98), "AVAL_E_CBOR_TYPE", "parse")
case("no vds", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(1, -9)])), "AVAL_E_COSE_HEADER", "parse")
case("vds in the unprotected header alone", receipt([], R5, protected=Pairs([(1, -9)]), unprotected=Pairs(
    [(395, 1), (396, Pairs([(-1, [cbor(included(3, 5))])]))])), "AVAL_E_COSE_HEADER", "parse")
case("vds in both headers", receipt([], R5, unprotected=Pairs(
    [(395, 1), (396, Pairs([(-1, [cbor(included(3, 5))])]))])), "AVAL_E_CBOR_KEY_DUPLICATE", "parse")
case("vds 2", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(1, -9), (395, 2)])), "AVAL_E_UNSUPPORTED", "parse")
case("vds text", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(1, -9), (395, "1")])), "AVAL_E_CBOR_TYPE",
     "parse")
case("no alg", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(395, 1)])), "AVAL_E_COSE_HEADER", "parse")
case("crit", receipt([(-1, [included(3, 5)])], R5, protected=Pairs([(1, -9), (395, 1), (2, [395])])),
     "AVAL_E_UNSUPPORTED", "parse")
case("crit in the unprotected header", receipt([], R5, unprotected=Pairs(
    [(2, [395]), (396, Pairs([(-1, [cbor(included(3, 5))])]))])), "AVAL_E_UNSUPPORTED", "parse")
case("a label beside in the unprotected header", receipt([], R5, unprotected=Pairs(
    [(4, b"kid"), (396, Pairs([(-1, [cbor(included(3, 5))])]))])), OK, "parse")
case("no vdp", receipt([], R5, unprotected=Pairs([])), "AVAL_E_COSE_HEADER", "parse")
case("vdp in the protected header", receipt([], R5, unprotected=Pairs([]), protected=Pairs(
    [(1, -9), (395, 1), (396, Pairs([(-1, [cbor(included(3, 5))])]))])), "AVAL_E_COSE_HEADER", "parse")
case("vdp an array", receipt([], R5, vdp=[cbor(included(3, 5))]), "AVAL_E_CBOR_TYPE", "parse")
case("an empty vdp", receipt([], R5), "AVAL_E_COSE_HEADER", "parse")
case("a kind without proofs", receipt([(-1, [])], R5), "AVAL_E_CBOR_RANGE", "parse")
case("a kind twice", receipt([(-1, [included(3, 5)]), (-1, [included(1, 5)])], R5), "AVAL_E_CBOR_KEY_DUPLICATE", "parse")
case("a kind that is not known twice", receipt([(-7, []), (-1, [included(3, 5)]), (-7, [])], R5),
     "AVAL_E_CBOR_KEY_DUPLICATE", "parse")
case("two kinds that are not known", receipt([(-7, []), (-1, [included(3, 5)]), (-8, [])], R5), OK, "parse")
case("64 kinds", receipt([(k, []) for k in range(63)] + [(-1, [included(3, 5)])], R5), OK, "parse")
case("64 kinds, the first twice", receipt([(k, []) for k in range(62)] + [(-1, [included(3, 5)]), (0, [])], R5),
     "AVAL_E_CBOR_KEY_DUPLICATE", "parse")
case("65 kinds", receipt([(k, []) for k in range(64)] + [(-1, [included(3, 5)])], R5), "AVAL_E_LIMIT", "parse")
case("a kind as text", receipt([("x", []), (-1, [included(3, 5)])], R5), "AVAL_E_CBOR_TYPE", "parse")
MANY = [(1000 + k, 0) for k in range(63)]
VDP = (396, Pairs([(-1, [cbor(included(3, 5))])]))
case("64 labels in the protected header", receipt([], R5, protected=Pairs([(1, -9), (395, 1)] + MANY[:62]),
                                                  unprotected=Pairs([VDP])), OK, "parse")
case("65 labels in the protected header", receipt([], R5, protected=Pairs([(1, -9), (395, 1)] + MANY),
                                                  unprotected=Pairs([VDP])), "AVAL_E_LIMIT", "parse")
case("64 labels in the unprotected header", receipt([], R5, unprotected=Pairs(MANY + [VDP])), OK, "parse")
case("65 labels in the unprotected header", receipt([], R5, unprotected=Pairs(MANY + [(0, 0), VDP])), "AVAL_E_LIMIT",
     "parse")
case("a proof that is not in bytes", receipt([], R5, vdp=Pairs([(-1, [included(3, 5)])])), "AVAL_E_CBOR_TYPE", "parse")
case("a proof of two parts", receipt([(-1, [[5, 3]])], R5), "AVAL_E_CBOR_RANGE", "parse")
case("a proof of four parts", receipt([(-1, [included(3, 5) + [0]])], R5), "AVAL_E_CBOR_RANGE", "parse")
case("a byte behind a proof", receipt([(-1, [cbor(included(3, 5)) + b"\0"])], R5), "AVAL_E_CBOR_TRAILING", "parse")
case("a negative size", receipt([(-1, [[-5, 3, [R5]]])], R5), "AVAL_E_CBOR_TYPE", "parse")
case("a hash of 31 bytes", receipt([(-1, [[5, 3, [bytes(31)]]])], R5), "AVAL_E_CBOR_RANGE", "parse")
case("a hash as text", receipt([(-1, [[5, 3, ["x" * 32]]])], R5), "AVAL_E_CBOR_TYPE", "parse")
case("an empty path for five leaves", receipt([(-1, [[5, 3, []]])], R5), "AVAL_E_PROOF_LENGTH", "parse")
case("an empty path for no leaf", receipt([(-1, [[0, 0, []]])], R5), "AVAL_E_PROOF_LENGTH", "parse")
case("64 hashes", receipt([(-1, [[5, 3, [R5] * 64]])], R5), OK, "parse")
case("65 hashes", receipt([(-1, [[5, 3, [R5] * 65]])], R5), "AVAL_E_PROOF_LENGTH", "parse")
case("64 proofs", receipt([(-1, [included(3, 5)] * 64)], R5), OK, "parse")
case("65 proofs", receipt([(-1, [included(3, 5)] * 65)], R5), "AVAL_E_LIMIT", "parse")
case("a root of 31 bytes", receipt([(-1, [included(3, 5)])], R5, payload=R5[1:]), "AVAL_E_CBOR_RANGE", "parse")
case("a header of 4096 bytes", receipt([(-1, [included(3, 5)])], R5, protected=Pairs(
    [(1, -9), (395, 1), (4, bytes(4096 - 11))])), OK, "parse")
case("a header of 4097 bytes", receipt([(-1, [included(3, 5)])], R5, protected=Pairs(
    [(1, -9), (395, 1), (4, bytes(4096 - 10))])), "AVAL_E_LIMIT", "parse")
case("a byte behind", good + b"\0", "AVAL_E_CBOR_TRAILING", "parse")
case("nothing", b"", "AVAL_E_CBOR_TRUNCATED", "parse")

# Consistency.
for m in range(1, 8):
    for n in range(m + 1, 9):
        case(f"from {m} to {n}", receipt([(-2, [[m, n, consistency(m, LEAVES[:n])]])], root(LEAVES[:n])), OK,
             "consistency", old=(m, root(LEAVES[:m])), new_root=root(LEAVES[:n]).hex())
grown = receipt([(-2, [[3, 5, consistency(3, LEAVES[:5])]])], R5)
case("growth with the checkpoint", grown, OK, "consistency", old=(3, root(LEAVES[:3])), size=5, tree=R5, new_root=R5.hex())
case("growth, another size of the checkpoint", grown, "AVAL_E_RECEIPT_SIZE", "consistency", old=(3, root(LEAVES[:3])),
     size=6, tree=R5)
case("growth, another root of the checkpoint", grown, "AVAL_E_PROOF_ROOT_MISMATCH", "consistency",
     old=(3, root(LEAVES[:3])), size=5, tree=R8)
case("growth from another size", grown, "AVAL_E_RECEIPT_SIZE", "consistency", old=(4, root(LEAVES[:4])))
case("growth from another root", grown, "AVAL_E_PROOF_ROOT_MISMATCH", "consistency", old=(3, root(LEAVES[1:4])))
case("a tree that shrank", receipt([(-2, [[5, 3, consistency(3, LEAVES[:5])]])], R5), "AVAL_E_PROOF_SHRUNK",
     "consistency", old=(5, R5))
case("growth from nothing", receipt([(-2, [[0, 5, [R5]]])], R5), "AVAL_E_PROOF_SHAPE", "consistency", old=(0, sha256(b"")))
case("no growth, an empty path", receipt([(-2, [[5, 5, []]])], R5), "AVAL_E_PROOF_LENGTH", "consistency", old=(5, R5))
case("no growth from one leaf, an empty path", receipt([(-2, [[1, 1, []]])], LEAVES[0]), "AVAL_E_PROOF_LENGTH",
     "consistency", old=(1, LEAVES[0]))
case("growth with a trailing hash", receipt([(-2, [[3, 5, consistency(3, LEAVES[:5]) + [R5]]])], R5),
     "AVAL_E_PROOF_LENGTH", "consistency", old=(3, root(LEAVES[:3])))
case("growth signed for the old root", receipt([(-2, [[3, 5, consistency(3, LEAVES[:5])]])], root(LEAVES[:3])), INVALID,
     "consistency", old=(3, root(LEAVES[:3])))
case("growth, no proof of it", good, "AVAL_E_INVALID_ARGUMENT", "consistency", old=(3, root(LEAVES[:3])))
case("inclusion, no proof of it", grown, "AVAL_E_INVALID_ARGUMENT", leaf=LEAVES[3])

if __name__ == "__main__":
    print("{")
    print('"format": "a COSE Receipt, the log\'s key, and what it is asked to prove; see make_receipt.py",')
    print('"source": "make_receipt.py",')
    print(f'"count": {len(cases)},\n"cases": [')
    print(",\n".join(json.dumps(c) for c in cases))
    print("]\n}")
