#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of maps and of a registry's state, by the models of smt.py and state.py.

    map_vectors.py FOLDER            write FOLDER/map-root.json, map-proof.json, map-multi.json and state.json
    map_vectors.py --check FOLDER    compare them with what would be written

What a case that was broken by hand expects is written by hand, and the model must agree.
"""
import json
import pathlib
import random
import sys

import smt
import state
from commitment import Refused, cbor, sha256
from smt import EMPTY, NOTHING, OTHER, PRESENT

RNG = random.Random(60711)


def value_of(number):
    return sha256(b"value %d" % number)


def anywhere(number):
    return sha256(b"key %d" % number)


def deep(number):
    """Alike but for one bit, from the first to the last."""
    return (1 << 255 - number % 256).to_bytes(32, "big")


def low(number):
    return number.to_bytes(32, "big")


def case(id_, comment, flags, given, expect):
    return {"id": id_, "comment": comment, "flags": flags, "input": given, "expect": expect}


# Roots

def apply(items, changes):
    for path, value in changes:
        if value is None:
            del items[path]
        else:
            items[path] = value


def history(id_, comment, batches):
    items, roots, counts = {}, [], []
    for batch in batches:
        apply(items, batch)
        roots.append(smt.root(items).hex())
        counts.append(len(items))
    texts = [" ".join("%s=%s" % (p.hex(), v.hex() if v else "") for p, v in batch) for batch in batches]
    return case(id_, comment, ["valid"], {"batches": texts}, {"roots": roots, "counts": counts})


def random_history(id_, comment, key, keys, rounds, size):
    items, batches = {}, []
    for number in range(rounds):
        chosen = RNG.sample(range(keys), size)
        batch = [(key(n), None if key(n) in items and RNG.random() < 0.5 else value_of(100 * number + n)) for n in chosen]
        apply(items, batch)
        batches.append(batch)
    batches.append([(path, None) for path in items])
    return history(id_, comment, batches)


def root_cases():
    one = [(low(1), value_of(1))]
    return [
        history("one-key", "a map of one key is its leaf", [one]),
        history("insert-delete", "what is deleted leaves no trace", [one, [(low(1), None)]]),
        history("two-halves", "one key in each half", [[(deep(0), value_of(0)), (low(0), value_of(1))]]),
        history("last-bit", "two keys that part at the last bit", [[(low(0), value_of(0)), (low(1), value_of(1))]]),
        history("rise", "a leaf rises when its neighbours are deleted",
                [[(low(n), value_of(n)) for n in range(4)], [(low(0), None), (low(1), None)], [(low(3), None)]]),
        history("split", "a leaf is deleted where two others come",
                [one, [(low(1), None), (low(2), value_of(2)), (low(3), value_of(3))]]),
        history("change", "a value changes and changes back", [one, [(low(1), value_of(2))], one]),
        history("every-bit", "256 keys that part from one at every bit",
                [[(deep(n), value_of(n)) for n in range(256)] + [(low(0), value_of(256))]]),
        random_history("random-wide", "keys anywhere", anywhere, 200, 8, 60),
        random_history("random-low", "keys alike in their first bits", low, 60, 8, 30),
        random_history("random-deep", "keys that part at every bit", deep, 256, 6, 80),
    ]


# Proofs about one key

def table():
    """The map of the hand-made cases: 00 and 01 fork at depth 7, 80 is alone in the right half."""
    return {bytes([first]) + bytes(31): value_of(first) for first in (0x00, 0x01, 0x80)}


def first(byte):
    return bytes([byte]) + bytes(31)


def items_text(items):
    return " ".join("%s=%s" % (p.hex(), items[p].hex()) for p in sorted(items))


def prove_case(id_, comment, items, path):
    data = cbor(smt.prove(items, path))
    smt.verify(smt.root(items), path, items.get(path), data)
    return case(id_, comment, ["valid", "prove"], {"items": items_text(items), "path": path.hex()},
                {"root": smt.root(items).hex(), "proof": data.hex()})


def verify_case(id_, comment, map_root, path, value, data, want=None):
    status, offset = smt.outcome(smt.verify, map_root, path, value, data)
    assert want is None or status == want, (id_, status, want)
    expect = {"status": status}
    if offset is not None:
        expect["offset"] = offset
    return case(id_, comment, ["valid" if status == "AVAL_OK" else "invalid", "verify"],
                {"root": map_root.hex(), "path": path.hex(), "value": value.hex() if value else "", "proof": data.hex()},
                expect)


def broken_proofs():
    """(id, comment, path asked, presence asked, parts, status)"""
    items = table()
    present, empty, other = (smt.prove(items, first(f)) for f in (0x01, 0x40, 0xc0))
    lone = smt.prove(items, first(0x80))
    zero, some = bytes(32), bytes([7]) * 32
    yield "another-value", "another value", 0x01, first(1), present, "AVAL_E_PROOF_ROOT_MISMATCH"
    yield "neighbour", "the neighbour's proof", 0x00, items[first(0)], present, "AVAL_E_PROOF_ROOT_MISMATCH"
    yield "same-subtree", "another key of the same empty subtree", 0x7f, None, empty, "AVAL_OK"
    yield "same-leaf", "another key at the same leaf", 0x81, None, other, "AVAL_OK"
    yield "other-half", "an empty subtree of the other half", 0xc0, None, empty, "AVAL_E_PROOF_ROOT_MISMATCH"
    yield "kind-absent", "absence where presence is asked", 0x40, some, empty, "AVAL_E_MAP_KIND"
    yield "kind-present", "presence where absence is asked", 0x01, None, present, "AVAL_E_MAP_KIND"
    yield ("own-leaf", "absence by the key's own leaf", 0x01, None, [OTHER, *present[1:], first(1), items[first(1)]],
           "AVAL_E_MAP_OWN_LEAF")
    yield "prefix", "absence by a leaf that is not on the way", 0x40, None, other, "AVAL_E_MAP_PREFIX"
    yield "sibling-missing", "a sibling too few", 0x01, items[first(1)], [*present[:3], present[3][:32]], "AVAL_E_PROOF_LENGTH"
    yield "sibling-trailing", "a sibling too many", 0x01, items[first(1)], [*present[:3], present[3] + some], "AVAL_E_PROOF_LENGTH"
    yield "sibling-half", "half a sibling", 0x01, items[first(1)], [*present[:3], present[3] + some[:16]], "AVAL_E_PROOF_LENGTH"
    yield ("sibling-empty", "an empty subtree as a hash", 0x01, items[first(1)],
           [PRESENT, 8, b"\xc1", present[3][:32] + zero + present[3][32:]], "AVAL_E_MAP_EMPTY_SIBLING")
    yield "bitmap-short", "a bitmap too short", 0x01, items[first(1)], [PRESENT, 8, b"", present[3]], "AVAL_E_PROOF_SHAPE"
    yield "bitmap-long", "a bitmap too long", 0x01, items[first(1)], [PRESENT, 8, b"\x81\0", present[3]], "AVAL_E_PROOF_SHAPE"
    yield "bitmap-spare", "a bit behind the end", 0x40, None, [NOTHING, 2, b"\xe0", empty[3] + some], "AVAL_E_PROOF_SHAPE"
    yield ("depth-256", "the greatest depth", 0x01, items[first(1)], [PRESENT, 256, bytes(31) + b"\1", some],
           "AVAL_E_PROOF_ROOT_MISMATCH")
    yield "depth-257", "a depth that no map has", 0x01, items[first(1)], [PRESENT, 257, bytes(33), b""], "AVAL_E_PROOF_SHAPE"
    yield "deep-leaf", "a lone leaf too deep", 0x80, items[first(0x80)], [PRESENT, 2, b"\x80", lone[3]], "AVAL_E_MAP_TOO_DEEP"
    yield "deep-empty", "an empty end too deep", 0x40, None, [NOTHING, 3, b"\xc0", empty[3]], "AVAL_E_MAP_TOO_DEEP"
    yield "deep-other", "another's leaf too deep", 0xc0, None, [OTHER, 2, b"\x80", *other[3:]], "AVAL_E_MAP_TOO_DEEP"
    yield "end-unknown", "an unknown end", 0x01, items[first(1)], [3, *present[1:]], "AVAL_E_CBOR_RANGE"
    yield "items-five", "another's leaf without its value", 0xc0, None, other[:5], "AVAL_E_CBOR_RANGE"
    yield "items-six", "presence with another's leaf", 0x01, items[first(1)], [*present, *other[4:]], "AVAL_E_CBOR_RANGE"


def damage(data, other):
    data = bytearray(data)
    for _ in range(RNG.choice((1, 1, 2))):
        at = RNG.randrange(len(data))
        kind = RNG.randrange(5)
        if kind < 2:
            data[at] ^= 1 << RNG.randrange(8)
        elif kind == 2:
            data[at] = RNG.choice((0, 1, 2, 0x17, 0x18, 0x19, 0x40, 0x58, 0x5f, 0x82, 0x84, 0x86, 0xf6, 0xff))
        elif kind == 3:
            del data[at:at + RNG.choice((1, 2, 32, 34))]
        else:
            data[at:at] = other[at:at + RNG.choice((1, 32, 34))]
        if not data:
            return bytes(other[:1])
    return bytes(data)


def proof_cases():
    cases = []
    for name, key, count in (("empty", low, 0), ("one", low, 1), ("last-bit", low, 2), ("deep", deep, 256), ("wide", anywhere, 100)):
        items = {key(n): value_of(n) for n in range(count)}
        asked = sorted(items)[::max(1, count // 4)] + [anywhere(1000 + n) for n in range(3)] + [low(count), low(2 ** 40)]
        cases += [prove_case("%s-%d" % (name, i), "a map of %d keys" % count, items, p) for i, p in enumerate(asked)]
    items = example_items()
    asked = [*items, state.key_path(state.NOTE, EXAMPLE[1][1])]
    cases += [prove_case("example-%d" % i, "the example of the specification", items, p) for i, p in enumerate(asked)]
    items = table()
    for id_, comment, byte, value, parts, status in broken_proofs():
        cases.append(verify_case(id_, comment, smt.root(items), first(byte), value, cbor(parts), status))
    wide = {anywhere(n): value_of(n) for n in range(30)}
    for number in range(150):
        path = sorted(wide)[number % 30] if number % 2 else anywhere(500 + number % 9)
        data = damage(cbor(smt.prove(wide, path)), cbor(smt.prove(wide, anywhere(number % 7))))
        cases.append(verify_case("damaged-%d" % number, "", smt.root(wide), path, wide.get(path), data))
        assert cases[-1]["expect"]["status"] != "AVAL_OK" or data == cbor(smt.prove(wide, path))
    return cases


# Proofs about many keys

def claims_text(claims):
    return " ".join("%s=%s" % (p.hex(), v.hex() if v else "") for p, v in claims)


def multi_case(id_, comment, map_root, claims, data, flags, want=None, items=None):
    status, offset = smt.outcome(smt.verify_many, map_root, claims, data)
    assert want is None or status == want, (id_, status, want)
    given = {"root": map_root.hex(), "claims": claims_text(claims), "proof": data.hex()}
    if items is not None:
        given["items"] = items_text(items)
    expect = {"status": status}
    if offset is not None:
        expect["offset"] = offset
    return case(id_, comment, ["valid" if status == "AVAL_OK" else "invalid", *flags], given, expect)


def true_claims(items, paths):
    return [(p, items.get(p)) for p in sorted(set(paths))]


def broken_multis():
    """(id, comment, claims, parts, status); see test_map_multi.c for the map."""
    items = table()
    claims = true_claims(items, [first(f) for f in (0x01, 0x40, 0x80, 0xc0)])
    ends, bitmap, hashes = smt.prove_many(items, [c[0] for c in claims])
    assert ends == [[PRESENT, 8], [NOTHING, 2], [PRESENT, 1]] and bitmap == b"\x80"
    some, lone = bytes([7]) * 32, [first(0x80), items[first(0x80)]]

    def with_end(at, end):
        return [ends[:at] + [end] + ends[at + 1:], bitmap, hashes]

    yield "four-keys", "two present, two absent", claims, [ends, bitmap, hashes], "AVAL_OK"
    yield "no-claim", "no claim", [], [ends, bitmap, hashes], "AVAL_E_PROOF_SHAPE"
    yield "claim-twice", "one claim twice", claims[:1] + claims, [ends, bitmap, hashes], "AVAL_E_PROOF_INDEX"
    yield "claims-descend", "claims descend", claims[::-1], [ends, bitmap, hashes], "AVAL_E_PROOF_INDEX"
    yield "end-missing", "an end too few", claims, [ends[:2], bitmap, hashes], "AVAL_E_PROOF_LENGTH"
    yield "end-trailing", "an end too many", claims, [ends + ends[:1], bitmap, hashes], "AVAL_E_PROOF_LENGTH"
    yield "sibling-missing", "a sibling too few", claims, [ends, bitmap, b""], "AVAL_E_PROOF_LENGTH"
    yield "sibling-trailing", "a sibling too many", claims, [ends, bitmap, hashes + some], "AVAL_E_PROOF_LENGTH"
    yield "sibling-empty", "an empty subtree as a hash", claims, [ends, b"\xc0", hashes + EMPTY], "AVAL_E_MAP_EMPTY_SIBLING"
    yield "bitmap-short", "a bitmap too short", claims, [ends, b"", hashes], "AVAL_E_PROOF_SHAPE"
    yield "bitmap-long", "a bitmap too long", claims, [ends, bitmap + b"\0", hashes], "AVAL_E_PROOF_SHAPE"
    yield "bitmap-spare", "a bit behind the end", claims, [ends, b"\x82", hashes + some], "AVAL_E_PROOF_SHAPE"
    yield "depth-257", "a depth that no map has", claims, with_end(0, [PRESENT, 257]), "AVAL_E_PROOF_SHAPE"
    yield "end-unknown", "an unknown end", claims, with_end(0, [3, 8]), "AVAL_E_CBOR_RANGE"
    yield "end-items", "presence with a leaf", claims, with_end(0, [PRESENT, 8, *lone]), "AVAL_E_CBOR_RANGE"
    yield "kind-absent", "absence shown, presence claimed", claims, with_end(0, [NOTHING, 8]), "AVAL_E_MAP_KIND"
    yield "kind-present", "presence shown, absence claimed", claims, with_end(1, [PRESENT, 2]), "AVAL_E_MAP_KIND"
    yield ("one-leaf-two-claims", "two keys present at one leaf", claims[:3] + [(claims[3][0], some)],
           [ends, bitmap, hashes], "AVAL_E_MAP_KIND")
    yield "own-leaf", "absence by the key's own leaf", claims[:2] + [(claims[2][0], None), claims[3]], with_end(2, [OTHER, 1, *lone]), "AVAL_E_MAP_OWN_LEAF"
    yield "other-leaf", "absence by another's leaf", claims[:2] + claims[3:], with_end(2, [OTHER, 1, *lone]), "AVAL_OK"
    yield "prefix", "a leaf that is not on the way", claims, with_end(1, [OTHER, 2, *lone]), "AVAL_E_MAP_PREFIX"
    yield "above-fork", "an end above the key before", claims, with_end(1, [NOTHING, 1]), "AVAL_E_PROOF_SHAPE"
    yield "deep-leaf", "a lone leaf too deep", claims[:3], with_end(2, [PRESENT, 2]), "AVAL_E_MAP_TOO_DEEP"
    yield "deep-empty", "an empty end too deep", claims, with_end(1, [NOTHING, 3]), "AVAL_E_MAP_TOO_DEEP"
    yield "another-hash", "another sibling", claims, [ends, bitmap, some], "AVAL_E_PROOF_ROOT_MISMATCH"


def multi_cases():
    cases = []
    for name, key, count in (("empty", low, 0), ("one", low, 1), ("low", low, 40), ("deep", deep, 256), ("wide", anywhere, 120)):
        items = {key(n): value_of(n) for n in range(count)}
        for size in (1, 3, 9, 40):
            paths = RNG.sample(sorted(items), min(size, count)) + [anywhere(2000 + n) for n in range(max(1, size // 3))]
            claims = true_claims(items, paths)
            data = cbor(smt.prove_many(items, [c[0] for c in claims]))
            cases.append(multi_case("%s-%d" % (name, size), "a map of %d keys" % count, smt.root(items), claims, data,
                                    ["prove"], "AVAL_OK", items))
    items = example_items()
    claims = true_claims(items, [state.key_path(*EXAMPLE[0][:2]), state.key_path(state.NOTE, EXAMPLE[1][1])])
    cases.append(multi_case("example", "the example of the specification", smt.root(items), claims,
                            cbor(smt.prove_many(items, [c[0] for c in claims])), ["prove"], "AVAL_OK", items))
    items = table()
    for id_, comment, claims, parts, status in broken_multis():
        cases.append(multi_case(id_, comment, smt.root(items), claims, cbor(parts), [], status))
    wide, number = {anywhere(n): value_of(n) for n in range(40)}, 0
    while number < 120:
        claims = true_claims(wide, RNG.sample(sorted(wide), 5) + [anywhere(500 + n) for n in range(3)])
        good = cbor(smt.prove_many(wide, [c[0] for c in claims]))
        data = damage(good, cbor(smt.prove_many(wide, [anywhere(number)])))
        try:
            cases.append(multi_case("damaged-%d" % number, "", smt.root(wide), claims, data, []))
        except NotImplementedError:
            continue
        assert cases[-1]["expect"]["status"] != "AVAL_OK" or data == good
        number += 1
    return cases


# State

LEI, VAT = "lei:529900T8BM49AURSDO55", "vat:FR300000003"


def id_of(text):
    return sha256(text.encode())


def key_cases():
    keys = ((state.NOTE, id_of("note")), (state.TOKEN, id_of("note")), (state.FINGERPRINT, id_of("note")),
            (state.PARTY, LEI), (state.PARTY, VAT), (state.PARTY, "key:" + "0123456789abcdef" * 4))
    for number, (kind, id_) in enumerate(keys):
        path = state.key_path(kind, id_)
        assert path == sha256(state.preimage(kind, id_))
        yield case("key-%d" % number, "", ["valid", "key"],
                   {"kind": kind, "id": (id_.encode() if isinstance(id_, str) else id_).hex()},
                   {"path": path.hex(), "preimage": state.preimage(kind, id_).hex()})


class Story:
    """A log with its deltas, as a registry would write it."""

    def __init__(self):
        self.audit, self.entries, self.deltas, self.time = state.Audit(), [], [], 1700000000000

    def register(self, kind, name, changes, **odd):
        beside = odd.get("delta", state.delta(changes))
        data = state.entry(kind, odd.get("id", id_of(name)), id_of("envelope of " + name),
                           odd.get("hash", state.delta_hash(beside)), odd.get("time", self.time), odd.get("base", self.audit.base))
        self.put(data, beside)

    def sign(self, root=None):
        self.put(state.state_entry(smt.root(self.audit.items) if root is None else root, self.time), b"")

    def put(self, data, beside):
        self.entries.append(data)
        self.deltas.append(beside)
        try:
            self.audit.add(data, beside)
        except Refused as refused:
            self.refused = refused
        self.time += 1000


def begin():
    s = Story()
    token, note, seen = id_of("token"), id_of("note"), id_of("fingerprint")
    s.register("mandate", "mandate of the supplier", [(state.PARTY, LEI, None, id_of("mandate 1"))])
    s.register("event", "issue", [(state.TOKEN, token, None, id_of("record 0")), (state.NOTE, note, None, id_of("note state 0")),
                                  (state.FINGERPRINT, seen, None, state.fingerprint(token, state.LIVE))])
    s.sign()
    s.register("event", "accept", [(state.TOKEN, token, id_of("record 0"), id_of("record 1"))])
    s.register("event", "assign", [(state.NOTE, note, id_of("note state 0"), None),
                                   (state.NOTE, id_of("note 2"), None, id_of("note state 1")),
                                   (state.NOTE, id_of("note 3"), None, id_of("note state 2"))])
    s.register("mandate", "rotation", [(state.PARTY, LEI, id_of("mandate 1"), id_of("mandate 2")),
                                       (state.PARTY, VAT, None, id_of("mandate 3"))])
    s.sign()
    s.sign()
    return s


def audit_case(id_, comment, story, want="AVAL_OK"):
    status = getattr(story, "refused", None)
    got = status.status if status else "AVAL_OK"
    assert got == want, (id_, got, want)
    expect = {"status": got, "agreed": len(story.audit.entries), "map_root": smt.root(story.audit.items).hex(),
              "log_root": state.log_root(story.audit.entries).hex()}
    return case(id_, comment, ["valid" if got == "AVAL_OK" else "invalid", "audit"],
                {"entries": [e.hex() for e in story.entries], "deltas": [d.hex() for d in story.deltas]}, expect)


def add_comes_and_goes(s):
    s.register("event", "a", [(state.NOTE, id_of("brief"), None, id_of("1"))])
    s.register("event", "b", [(state.NOTE, id_of("brief"), id_of("1"), id_of("2"))])
    s.register("event", "c", [(state.NOTE, id_of("brief"), id_of("2"), None)])
    s.sign()


NEW = [(state.NOTE, id_of("new"), None, id_of("state"))]

AUDITS = [
    ("whole", "a log that agrees", lambda s: None, "AVAL_OK"),
    ("comes-and-goes", "a note that comes and goes between two states", add_comes_and_goes, "AVAL_OK"),
    ("no-change", "an event without changes", lambda s: s.register("event", "x", []), "AVAL_OK"),
    ("same-time", "an entry at the time of the one before", lambda s: s.register("event", "x", NEW, time=s.time - 1000), "AVAL_OK"),
    ("earlier", "an entry earlier than the one before", lambda s: s.register("event", "x", NEW, time=s.time - 1001), "AVAL_E_STATE_TIME"),
    ("base-high", "a base above the last state", lambda s: s.register("event", "x", NEW, base=s.audit.base + 1), "AVAL_E_STATE_BASE"),
    ("base-low", "a base below the last state", lambda s: s.register("event", "x", NEW, base=s.audit.base - 1), "AVAL_E_STATE_BASE"),
    ("twice", "an event that was registered before", lambda s: s.register("event", "assign", NEW), "AVAL_E_STATE_DUPLICATE"),
    ("twice-as-mandate", "an event's id as a mandate's", lambda s: s.register("mandate", "issue", []), "AVAL_E_STATE_DUPLICATE"),
    ("other-delta", "another delta than the entry names", lambda s: s.register("event", "x", NEW, hash=id_of("x")), "AVAL_E_STATE_DELTA"),
    ("old-missing", "a note that is there comes again",
     lambda s: s.register("event", "x", [(state.NOTE, id_of("note 2"), None, id_of("y"))]), "AVAL_E_STATE_OLD"),
    ("old-other", "another old value", lambda s: s.register("event", "x", [(state.NOTE, id_of("note 2"), id_of("y"), None)]), "AVAL_E_STATE_OLD"),
    ("old-absent", "a note that is spent is spent again",
     lambda s: s.register("event", "x", [(state.NOTE, id_of("note"), id_of("note state 0"), None)]), "AVAL_E_STATE_OLD"),
    ("event-party", "an event changes a party", lambda s: s.register("event", "x", [(state.PARTY, LEI, id_of("mandate 2"), None)]), "AVAL_E_STATE_CHANGE"),
    ("mandate-note", "a mandate changes a note", lambda s: s.register("mandate", "x", NEW), "AVAL_E_STATE_CHANGE"),
    ("double-financing", "a live fingerprint passes to another token",
     lambda s: s.register("event", "x", [(state.FINGERPRINT, id_of("fingerprint"), state.fingerprint(id_of("token"), state.LIVE),
                                          state.fingerprint(id_of("token 2"), state.LIVE))]), "AVAL_E_STATE_CHANGE"),
    ("root-stale", "a state that leaves out the last event",
     lambda s: (s.register("event", "x", NEW), s.sign(smt.root({p: v for p, v in s.audit.items.items() if p != state.key_path(state.NOTE, id_of("new"))}))), "AVAL_E_STATE_ROOT"),
    ("root-empty", "a state that forgets everything", lambda s: s.sign(EMPTY), "AVAL_E_STATE_ROOT"),
]


def audit_cases():
    for id_, comment, more, status in AUDITS:
        story = begin()
        more(story)
        yield audit_case("audit-" + id_, comment, story, status)


def codec_cases(flag, name, read, good):
    for number, data in enumerate(good):
        read(data)
        yield case("%s-%d" % (name, number), "", ["valid", flag], {"bytes": data.hex()}, {"status": "AVAL_OK"})
    for number in range(80):
        data = damage(RNG.choice(good), RNG.choice(good))
        status, offset = smt.outcome(read, data)
        expect = {"status": status} if offset is None else {"status": status, "offset": offset}
        yield case("%s-damaged-%d" % (name, number), "", ["valid" if status == "AVAL_OK" else "invalid", flag],
                   {"bytes": data.hex()}, expect)


def delta_cases():
    """Without parties, whose ids have rules of their own."""
    token, old = id_of("token"), state.fingerprint(id_of("token 0"), state.VOID)
    rows = [(state.NOTE, id_of("a"), None, id_of("1")), (state.NOTE, id_of("b"), id_of("1"), None),
            (state.TOKEN, token, id_of("1"), id_of("2")), (state.FINGERPRINT, id_of("c"), old, state.fingerprint(token, state.LIVE))]
    good = [state.delta(rows[:n]) for n in range(5)] + [state.delta(rows[1:3]), example_log()[0]]
    return codec_cases("delta", "delta", state.read_delta, good)


def entry_cases():
    good = [state.entry("event", id_of("1"), id_of("2"), id_of("3"), 1700000000000, 7),
            state.entry("mandate", id_of("1"), id_of("2"), id_of("3"), state.TOP, state.TOP), state.state_entry(id_of("4"), 0),
            *example_log()[1:]]
    return codec_cases("entry", "entry", state.read_entry, good)


def state_cases():
    return [*key_cases(), *entry_cases(), *delta_cases(), *audit_cases()]


# The examples of the specification

EXAMPLE = ((state.NOTE, bytes(range(32, 64)), b"\x11" * 32), (state.TOKEN, bytes(range(32)), b"\x22" * 32),
           (state.PARTY, VAT, b"\x33" * 32))


def example_items(rows=EXAMPLE):
    return {state.key_path(kind, id_): sha256(value) for kind, id_, value in rows}


def example_log():
    delta = state.delta([(kind, id_, None, value) for kind, id_, value in EXAMPLE[:2]])
    entry = state.entry("event", EXAMPLE[1][1], b"\x44" * 32, state.delta_hash(delta), 1790000000000, 0)
    return delta, entry, state.state_entry(smt.root(example_items(EXAMPLE[:2])), 1790000000500)


def example_words():
    """What docs/spec/map.md and docs/spec/state.md print."""
    items, (delta, entry, signed) = example_items(), example_log()
    note, absent = state.key_path(*EXAMPLE[0][:2]), state.key_path(state.NOTE, EXAMPLE[1][1])
    in_map = [*items, *(smt.leaf(p, v) for p, v in items.items()), items[note], smt.root(items), absent[:4],
              cbor(smt.prove(items, note)), cbor(smt.prove(items, absent)), cbor(smt.prove_many(items, [note, absent]))]
    return {"map.md": in_map, "state.md": [delta, state.delta_hash(delta), entry, sha256(b"\0" + entry), signed,
                                           state.log_root([entry, signed])]}


def check_examples(folder):
    good = True
    for name, words in example_words().items():
        text = "".join((folder / name).read_text().split())
        for word in words:
            if word.hex() not in text:
                print(folder / name, "does not print", word.hex(), file=sys.stderr)
                good = False
    return good


def document(name, cases):
    assert len({c["id"] for c in cases}) == len(cases)
    lines = ",\n".join("  " + json.dumps(c) for c in cases)
    return ('{\n "format": "aval-%s-1",\n "source": "tests/oracle/map_vectors.py",\n "count": %d,\n "cases": [\n%s\n ]\n}\n'
            % (name, len(cases), lines))


def main(arguments):
    folder, status = pathlib.Path(arguments[-1]), 0
    for name, make in (("map-root", root_cases), ("map-proof", proof_cases), ("map-multi", multi_cases), ("state", state_cases)):
        RNG.seed(name)
        text, path = document(name, make()), folder / (name + ".json")
        if arguments[0] != "--check":
            path.write_text(text)
        elif path.read_text() != text:
            print(path, "is not what the oracle writes", file=sys.stderr)
            status = 1
    if arguments[0] == "--check" and not check_examples(folder / "../../docs/spec"):
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
