#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write evidence-file.json: evidence against a log (docs/spec/evidence.md), and what is none.

    python3 tests/vectors/make_evidence.py > tests/vectors/evidence-file.json
"""
import json

from make_cose import cbor
from make_log import inclusion, leaves_of, root, sha256
from make_note import COSIGNATURE, ECDSA, Key, b64

ORIGIN = "log.example/forked"
OK, FORMAT, NONE = "AVAL_OK", "AVAL_E_EVIDENCE_FORMAT", "AVAL_E_EVIDENCE_NONE"
cases = []
key, stranger = Key(ORIGIN, ECDSA, 0xf0), Key(ORIGIN, ECDSA, 0xf1)
witness = Key(ORIGIN, COSIGNATURE, 40)
HONEST = leaves_of(9)
FORGED = HONEST[:3] + [sha256(b"\0forged")] + HONEST[4:]


def text(leaves, origin=ORIGIN, more=""):
    return f"{origin}\n{len(leaves)}\n{b64(root(leaves))}\n{more}"


def note(leaves, signer=key, lines=None, **how):
    body = text(leaves, **how)
    return (body + "\n" + "".join([signer.line(body)] if lines is None else lines)).encode()


def leaf(leaves, index, path=None, hash32=None):
    return [hash32 or leaves[index], inclusion(index, leaves) if path is None else path]


def case(id_, status, *items, raw=None):
    data = cbor(list(items)) if raw is None else raw
    cases.append({"id": id_, "input": {"evidence": data.hex()}, "expect": {"status": status}})
    return data


def evidence(id_, status, first, second, more=None, vkey=key.vkey, name="aval/evidence", version=1):
    return case(id_, status, name, version, vkey, first, second, *([] if more is None else [more]))


def roots():
    one, two = sorted([note(HONEST[:5]), note(FORGED[:5])])
    data = evidence("one size, two roots", OK, one, two)
    evidence("one size, the other order", FORMAT, two, one)
    evidence("one checkpoint twice", NONE, one, one)
    same = sorted([note(HONEST[:5]), note(HONEST[:5], more="extension\n")])
    evidence("one size and one root, an extension line apart", NONE, *same)
    evidence("one size, and a leaf", FORMAT, one, two, [3, leaf(HONEST[:5], 3), leaf(FORGED[:5], 3)])
    evidence("another name", FORMAT, one, two, name="aval/evidencf")
    evidence("another version", "AVAL_E_UNSUPPORTED", one, two, version=2)
    evidence("the key of a stranger", "AVAL_E_SIGNER_MISSING", one, two, vkey=stranger.vkey)
    evidence("the key of a witness", "AVAL_E_CHECKPOINT_KEY", one, two, vkey=witness.vkey)
    evidence("a key that is none", "AVAL_E_CHECKPOINT_KEY", one, two, vkey="log.example/forked")
    other = Key("log.example/other", ECDSA, 0xf0)
    evidence("the same key under another name", "AVAL_E_CHECKPOINT_ORIGIN", one, two, vkey=other.vkey)
    bent = note(FORGED[:5], lines=[key.line(text(HONEST[:5]))])
    evidence("a signature that is another checkpoint's", "AVAL_E_SIGNATURE_INVALID", *sorted([note(HONEST[:5]), bent]))
    line = key.line(text(FORGED[:5]))
    twice = sorted([note(HONEST[:5]), note(FORGED[:5], lines=[line, line])])
    evidence("a signature line twice", "AVAL_E_CHECKPOINT_DUPLICATE", *twice)
    evidence("a note that is no checkpoint", "AVAL_E_CHECKPOINT_FORMAT", b"hello\n", one)
    case("no item", FORMAT)
    case("the name alone", FORMAT, "aval/evidence")
    case("the name and the version", FORMAT, "aval/evidence", 1)
    case("another name and the version", FORMAT, "aval/evidencf", 1)
    case("the name and another version", "AVAL_E_UNSUPPORTED", "aval/evidence", 2)
    case("another version of seven items", "AVAL_E_UNSUPPORTED", "aval/evidence", 2, key.vkey, one, two, 0, 0)
    case("seven items", FORMAT, "aval/evidence", 1, key.vkey, one, two,
         [3, leaf(HONEST[:5], 3), leaf(FORGED[:5], 3)], 0)
    case("four items", FORMAT, "aval/evidence", 1, key.vkey, one)
    case("a byte less", "AVAL_E_CBOR_COUNT", raw=data[:-1])
    case("a byte more", "AVAL_E_CBOR_TRAILING", raw=data + b"\0")


def leaves():
    small, large = HONEST[:5], FORGED
    one, two = note(small), note(large)
    good = [3, leaf(small, 3), leaf(large, 3)]
    evidence("two sizes, another leaf", OK, one, two, good)
    evidence("two sizes, the larger one first", FORMAT, two, one, [3, leaf(large, 3), leaf(small, 3)])
    evidence("two sizes, no leaf", FORMAT, one, two)
    evidence("a leaf that is the same in both", NONE, one, two, [2, leaf(small, 2), leaf(large, 2)])
    evidence("a leaf behind the smaller tree", "AVAL_E_PROOF_INDEX", one, two, [5, leaf(small, 3), leaf(large, 5)])
    evidence("a path with a hash less", "AVAL_E_PROOF_LENGTH", one, two, [3, leaf(small, 3, inclusion(3, small)[:-1]), good[2]])
    evidence("a path with a hash more", "AVAL_E_PROOF_LENGTH", one, two, [3, good[1], leaf(large, 3, inclusion(3, large) + [bytes(32)])])
    evidence("a path of 65 hashes", "AVAL_E_PROOF_LENGTH", one, two, [3, leaf(small, 3, [bytes(32)] * 65), good[2]])
    evidence("a leaf that is not in its tree", "AVAL_E_PROOF_ROOT_MISMATCH", one, two,
             [3, leaf(small, 3, hash32=sha256(b"?")), good[2]])
    evidence("the leaves exchanged", "AVAL_E_PROOF_ROOT_MISMATCH", one, two, [3, leaf(small, 3, hash32=FORGED[3]),
                                                                              leaf(large, 3, hash32=HONEST[3])])


roots()
leaves()

if __name__ == "__main__":
    head = {"format": "evidence against a log, in hexadecimal", "source": "tests/vectors/make_evidence.py",
            "count": len(cases)}
    print(json.dumps(head, indent=0)[:-2] + ',\n"cases": [')
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")
