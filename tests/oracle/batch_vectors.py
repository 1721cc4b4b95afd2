#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of batch signatures, from docs/spec/batch.md alone.

    batch_vectors.py FOLDER            write FOLDER/batch.json
    batch_vectors.py --check FOLDER    compare it, and the example in docs/spec/batch.md, with what would be written

Cases have the form of event-envelope.json. Trees are built by the recursive definitions of RFC 9162, section 2.1.
"""
import json
import pathlib
import sys

from event import TYP, Encoder, cbor
from event_base import EXAMPLE, accept as ACCEPT
from event_envelopes import (A, A_SCHNORR, A_TWIN, B, C, COMPANY, DEBTOR, ESP256, ES256K, HOLDER, SCHNORR, SUPPLIER, Signature,
                             cases, case, envelope, sha256)

BATCH = {ES256K: -65538, ESP256: -65539, SCHNORR: -65540}
BODY = cbor({16: TYP})
MOST = 1 << 20


def node(left, right):
    return sha256(b"\x01" + left + right)


def split(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def path_of(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path_of(index, leaves[:k]) + [root_of(leaves[k:])]
    return path_of(index - k, leaves[k:]) + [root_of(leaves[:k])]


def header_of(key, role, party=None, alg=None):
    return cbor({1: alg or BATCH[key.alg], 4: key.kid, "signer": [role, party or key.party]})


def sig_structure(header, payload):
    return cbor(["Signature", BODY, header, b"", payload])


def leaf_of(header, payload):
    return sha256(b"\x00" + sig_structure(header, payload))


def message_of(size, root, name="Aval batch v1"):
    return cbor([name, size, root])


class Batch:
    """What one key signs at once: leaves, in their order."""

    def __init__(self, key, leaves, high=False):
        self.key, self.leaves = key, leaves
        self.message = message_of(len(leaves), root_of(leaves))
        self.signature = key.sign(self.message, high)

    def string(self, index, size=None, place=None, path=None, signature=None):
        return cbor([len(self.leaves) if size is None else size, index if place is None else place,
                     path_of(index, self.leaves) if path is None else path, signature or self.signature])


def in_batch(key, role, string, party=None, alg=None):
    """A signature whose string is given."""
    return Signature(key, role, party, raw=string, header=None, alg=alg or BATCH[key.alg])


def issue(key, face=1000, party=None):
    party = party or key.party
    return cbor({**EXAMPLE, 5: [[SUPPLIER, party]], 13: party, 10: face})


def batch_of(key, count, high=False):
    """A batch of ISSUEs, told apart by their faces, and their payloads."""
    payloads = [issue(key, 1000 + i) for i in range(count)]
    return Batch(key, [leaf_of(header_of(key, SUPPLIER), p) for p in payloads], high), payloads


def one(id_, key, payload, string, status=None, where=None, verify=None, at=None, keys=(A, B, C), alg=None, comment=None):
    """One signature in one envelope. at: the path of an item in the string, whose offset is expected; None: of the
    string's content."""
    data, places = envelope(payload, [in_batch(key, SUPPLIER, string, alg=alg)])
    start = places[(3, 0, 2)] + len(Encoder(string).out) - len(string)
    offset = start + (at if isinstance(at, int) else 0)
    if status == "SIGNATURE_LENGTH" and alg:
        offset = places[(3, 0, 2)]
    if verify:
        case(id_, data, keys=keys, verify=(verify, places[(3, 0)], where or "signature"), comment=comment)
    elif status:
        case(id_, data, status, offset, where, keys=keys, comment=comment)
    else:
        case(id_, data, keys=keys, comment=comment)


def good_cases():
    for name, key in (("ES256K", A), ("ESP256", B), ("Schnorr", C)):
        batch, payloads = batch_of(key, 1)
        one(f"a batch of one, {name}", key, payloads[0], batch.string(0))
    for size in (2, 3, 7, 8):
        batch, payloads = batch_of(A, size)
        for index in range(size):
            one(f"event {index} of {size}", A, payloads[index], batch.string(index))
    # The other leaves of the largest batch are all alike: its subtrees without the event are too.
    payload, other = issue(A), [leaf_of(header_of(A, SUPPLIER), issue(A, 7))]
    for _ in range(19):
        other.append(node(other[-1], other[-1]))
    root = leaf_of(header_of(A, SUPPLIER), payload)
    for sibling in other:
        root = node(sibling, root)
    signature = A.sign(message_of(MOST, root))
    one("the last event of 1048576", A, payload, cbor([MOST, MOST - 1, other, signature]))


def mixed_cases():
    """Batches beside plain signatures, and several keys of one party."""
    accepted = cbor({**ACCEPT, 5: [[SUPPLIER, A.party], [DEBTOR, B.party], [HOLDER, A.party]], 20: 900})
    headers = [header_of(A, SUPPLIER), header_of(A, HOLDER)]
    batch = Batch(A, [leaf_of(header, accepted) for header in headers])
    both = [in_batch(A, SUPPLIER, batch.string(0)), in_batch(A, HOLDER, batch.string(1))]
    case("two roles of one party in one batch", envelope(accepted, both + [Signature(B, DEBTOR)])[0])
    case("a batch beside a plain signature", envelope(accepted, [both[0], Signature(B, DEBTOR), Signature(A, HOLDER)])[0])
    case("a draft", envelope(accepted, [both[0]])[0], missing=[(DEBTOR, B.party), (HOLDER, A.party)])
    swapped = [in_batch(A, SUPPLIER, batch.string(1)), in_batch(A, HOLDER, batch.string(0)), Signature(B, DEBTOR)]
    data, at = envelope(accepted, swapped)
    first = min(range(3), key=lambda i: (sorted(s.header for s in swapped)[i] == Signature(B, DEBTOR).header, i))
    case("forgery: a role's place in the batch for the other's", data, verify=("SIGNATURE_INVALID", at[(3, first)], "signature"))
    company = issue(A, party=COMPANY)
    by = {key: Batch(key, [leaf_of(header_of(key, SUPPLIER, COMPANY), company)]) for key in (A, B, C, A_TWIN, A_SCHNORR)}
    signed = {key: in_batch(key, SUPPLIER, batch.string(0), COMPANY) for key, batch in by.items()}
    case("a company by three keys, two of them in batches",
         envelope(company, [signed[A], signed[B], Signature(C, SUPPLIER, COMPANY)])[0])
    for name, pair in (
            ("in a batch and plain", [signed[A], Signature(A, SUPPLIER, COMPANY)]),
            ("in batches of two algorithms", [signed[A_TWIN], signed[A_SCHNORR]]),
            ("in a batch and plain, by two algorithms", [signed[A_SCHNORR], Signature(A_TWIN, SUPPLIER, COMPANY)])):
        data, at = envelope(company, pair)
        case(f"a company by one key {name}", data, "COSE_ORDER", at[(3, 1)], "cose.signatures")
    stranger = Batch(C, [leaf_of(header_of(C, SUPPLIER, A.party), issue(A))])
    data, at = envelope(issue(A), [in_batch(C, SUPPLIER, stranger.string(0), A.party)])
    case("a stranger's batch for the supplier", data, comment="whether it may is the mandates' matter")


def format_cases():
    batch, payloads = batch_of(A, 7)
    payload, path, signature = payloads[2], path_of(2, batch.leaves), batch.signature
    head = 1 + 1 + 1  # array, size, index

    def bad(id_, string, status, where, at):
        one(id_, A, payload, string, "BATCH_FORMAT" if status is None else status, where, at=at)

    bad("a plain signature under a batch's number", batch.signature, None, "signature.batch", 0)
    bad("an empty string", b"", None, "signature.batch", 0)
    bad("three items", cbor([7, 2, path]), None, "signature.batch", 0)
    bad("five items", cbor([7, 2, path, signature, 0]), None, "signature.batch", 0)
    bad("a byte behind", batch.string(2) + b"\0", None, "signature.batch", len(batch.string(2)))
    bad("the last byte is missing", batch.string(2)[:-1], None, "signature.batch.signature", head + 1 + 34 * 3)
    bad("a long head", b"\x84\x18\x07" + batch.string(2)[2:], None, "signature.batch.size", 1)
    bad("size 0", batch.string(2, size=0), None, "signature.batch.size", 1)
    bad("size 2^20 + 1", batch.string(2, size=MOST + 1), None, "signature.batch.size", 1)
    bad("a negative index", batch.string(2, place=-1), None, "signature.batch.index", 2)
    bad("a hash of 31 bytes", batch.string(2, path=[path[0], path[1], path[2][:31]]), None, "signature.batch.path[]", head + 1 + 34 * 2)
    bad("a text in the path", batch.string(2, path=[path[0], "x" * 32, path[2]]), None, "signature.batch.path[]", head + 1 + 34)
    bad("the index is the size", batch.string(2, place=7), "PROOF_INDEX", "signature.batch.index", 2)
    bad("index 2^64 - 1", batch.string(2, place=2 ** 64 - 1), "PROOF_INDEX", "signature.batch.index", 2)
    bad("a hash less", batch.string(2, path=path[:2]), "PROOF_LENGTH", "signature.batch.path", head)
    bad("a hash more", batch.string(2, path=path + [path[0]]), "PROOF_LENGTH", "signature.batch.path", head)
    bad("no hash", batch.string(2, path=[]), "PROOF_LENGTH", "signature.batch.path", head)
    bad("the path of a size that needs a longer one", batch.string(2, size=9), "PROOF_LENGTH", "signature.batch.path", head)
    alone, alone_payloads = batch_of(A, 1)
    one("a batch of one with a hash", A, alone_payloads[0], alone.string(0, path=[path[0]]), "PROOF_LENGTH",
        "signature.batch.path", at=head)
    for length in (63, 65):
        bad(f"a signature of {length} bytes", batch.string(2, signature=signature.ljust(65, b"\0")[:length]),
            "SIGNATURE_LENGTH", "signature.batch.signature", head + 1 + 34 * 3)
    one("a batch's string under a plain number", A, payload, batch.string(2), "SIGNATURE_LENGTH", "signature.signature",
        alg=ES256K)
    one("the number behind the last one", A, payload, batch.string(2), alg=-65541, status=None)
    data = bytes.fromhex(cases.pop()["input"]["envelope"])
    case("the number behind the last one", data, "COSE_ALGORITHM", envelope(payload, [in_batch(
        A, SUPPLIER, batch.string(2), alg=-65541)])[1][(3, 0, 0)] + 4, "signature.alg")


def forgery_cases():
    batch, payloads = batch_of(A, 7)
    path, header = path_of(2, batch.leaves), header_of(A, SUPPLIER)

    def forged(id_, string, payload=payloads[2], status="SIGNATURE_INVALID", where="signature", **more):
        one("forgery: " + id_, A, payload, string, verify=status, where=where, **more)

    forged("the path of a neighbour", batch.string(2), payloads[3])
    forged("an event outside the batch with the path of one inside", batch.string(2), issue(A, 9999))
    forged("the index of the neighbour", batch.string(2, place=3))
    forged("another index of the same depth", batch.string(2, place=0))
    forged("another size of the same path", batch.string(2, size=8))
    forged("two hashes swapped", batch.string(2, path=[path[1], path[0], path[2]]))
    forged("a hash changed", batch.string(2, path=[path[0], path[1], bytes([path[2][0] ^ 1]) + path[2][1:]]))
    forged("the event alone under the batch's signature", batch.string(2, size=1, place=0, path=[]))
    other, _ = batch_of(A, 5)
    forged("the signature of another batch", batch.string(2, signature=other.signature))
    forged("another key's signature of the root", batch.string(2, signature=A_TWIN.sign(batch.message)))
    plain = A.sign(sig_structure(header, payloads[2]))
    forged("a plain signature as a batch of one", cbor([1, 0, [], plain]))
    forged("the root without its size", batch.string(2, signature=A.sign(cbor(["Aval batch v1", root_of(batch.leaves)]))))
    forged("the root under another name", batch.string(2, signature=A.sign(message_of(7, root_of(batch.leaves), "Aval batch v2"))))
    forged("the root alone", batch.string(2, signature=A.sign(root_of(batch.leaves))))
    bare = Batch(A, [sha256(sig_structure(header, p)) for p in payloads])
    forged("leaves without their prefix", bare.string(2))
    by_plain = Batch(A, [leaf_of(header_of(A, SUPPLIER, alg=ES256K), p) for p in payloads])
    forged("leaves under the plain number", by_plain.string(2))
    forged("high s", batch_of(A, 7, high=True)[0].string(2), status="SIGNATURE_HIGH_S")
    forged("zeros", batch.string(2, signature=bytes(64)))
    forged("signed by another algorithm's number", batch.string(2), status="COSE_ALGORITHM", where="signature.alg",
           alg=BATCH[SCHNORR])
    schnorr = issue(A_SCHNORR)
    lone = Batch(A_SCHNORR, [leaf_of(header_of(A_SCHNORR, SUPPLIER), schnorr)])
    untagged = Batch(A_SCHNORR, lone.leaves)
    untagged.signature = A_TWIN.sign(untagged.message)
    data, at = envelope(schnorr, [in_batch(A_SCHNORR, SUPPLIER, untagged.string(0))])
    case("forgery: ECDSA under the number of Schnorr", data, keys=[A_SCHNORR],
         verify=("SIGNATURE_INVALID", at[(3, 0)], "signature"))
    data, at = envelope(schnorr, [in_batch(A_SCHNORR, SUPPLIER, lone.string(0))])
    case("the Schnorr key as an ES256K key", data, keys=[A_TWIN], verify=("COSE_ALGORITHM", at[(3, 0)], "signature.alg"))
    # A root's signature where a plain one is due: what was signed is no Sig_structure.
    data, at = envelope(payloads[2], [Signature(A, SUPPLIER, raw=batch.signature)])
    case("forgery: the batch's signature as a plain one", data, verify=("SIGNATURE_INVALID", at[(3, 0)], "signature"))


def make():
    cases.clear()
    for cases_of in (good_cases, mixed_cases, format_cases, forgery_cases):
        cases_of()
    return cases


def example():
    """What docs/spec/batch.md shows: event 2 of 3."""
    batch, payloads = batch_of(A, 3)
    texts = [leaf.hex() for leaf in batch.leaves] + [root_of(batch.leaves).hex(), batch.message.hex(), batch.signature.hex()]
    return texts + [header_of(A, SUPPLIER).hex(), batch.string(2).hex()]


def main(arguments):
    rows = ",\n".join(json.dumps(row) for row in make())
    text = (f'{{"format": "aval-vectors-1", "source": "tests/oracle/batch_vectors.py", "count": {len(cases)}, '
            f'"cases": [\n{rows}\n]}}\n')
    path = pathlib.Path(arguments[-1]) / "batch.json"
    if arguments[0] != "--check":
        path.write_text(text)
        print("\n".join(example()))
        return
    spec = "".join((pathlib.Path(__file__).parent / "../../docs/spec/batch.md").read_text().split())
    if path.read_text() != text:
        sys.exit("not what batch_vectors.py writes: batch.json")
    if not all(shown in spec for shown in example()):
        sys.exit("not what batch_vectors.py writes: docs/spec/batch.md")


if __name__ == "__main__":
    main(sys.argv[1:])
