#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The vectors of commitment and disclosure, and the worked example of the specification, as the oracle makes them.

    commitment_vectors.py    write tests/vectors/{commitment,disclosure}.json and the example in docs/spec/commitment.md
"""
import json
import pathlib
import random

from commitment import MAP, Commitment, Refused, cbor, head, path_key, sha256, slot_of, verify

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = ROOT / "docs/spec/commitment.md"
EXAMPLE_BEGIN, EXAMPLE_END = "<!-- example: made by tests/oracle/commitment_vectors.py -->\n", "<!-- example ends -->\n"


def small_terms():
    return [["BG-1.1/BT-22", "Goods received", {}],
            ["BG-24.1/BT-125", "", {"filename": "a.pdf", "hash": "00", "mime": "application/pdf"}],
            ["BG-25.1/BG-27.1/BT-136", "0.5", {"currency": "EUR"}],
            ["BG-25.1/BT-126", "1", {}], ["BG-25.1/BT-129", "10", {"unit": "C62"}],
            ["BG-25.2/BT-126", "2", {}], ["BG-25.2/BT-129", "2.5", {"unit": "KGM"}],
            ["BG-25.10/BT-126", "10", {}],
            ["BT-1", "INV-2", {}], ["BT-3", "380", {}], ["BT-5", "EUR", {}], ["BT-13", "", {}],
            ["BT-27", "M\u00fcller GmbH", {}],
            ["BT-29.1", "4000001000005", {"scheme": "0088"}], ["BT-29.2", "7", {}], ["BT-29.10", "x", {}],
            ["BT-115", "119", {"currency": "EUR"}]]


def many_terms(count):
    """So many terms with values of all lengths, in lines of eight."""
    terms = []
    for i in range(count):
        line, item = divmod(i, 8)
        path = f"BG-25.{line + 1}/BT-{126 + item}"
        value = "x" * (i % 67)
        terms.append([path, value, {"scheme": str(i), "unit": "C62"} if i % 5 == 0 else {}])
    return terms


def crowded_terms():
    """Terms of which several share a slot at depth 10, found by trying line numbers."""
    slots = {}
    for line in range(1, 200):
        path = f"BG-25.{line}/BT-131"
        slots.setdefault(slot_of(path, 10), []).append(path)
    paths = sorted((p for s in slots.values() if len(s) > 1 for p in s), key=path_key)
    assert max(map(len, slots.values())) >= 3 and len(paths) <= 128
    return [[p, str(i), {"currency": "EUR"}] for i, p in enumerate(paths)]


def packed_terms(count):
    """So many terms in one slot."""
    terms, line = [], 0
    while len(terms) < count:
        line += 1
        if slot_of(f"BG-25.{line}/BT-131", 10) == 5:
            terms.append([f"BG-25.{line}/BT-131", str(line), {}])
    return terms


def long_terms():
    """Values around the lengths at which a term takes one block more, and one that is very long."""
    return [[f"BG-1.{i}/BT-22", "y" * (5000 if i == 100 else i * 3 // 2), {}] for i in range(1, 121)]


EXAMPLE_TERMS = [["BT-1", "INV-7", {}], ["BT-5", "EUR", {}], ["BT-18", "PO-9", {"scheme": "AUN"}]]
EXAMPLE_PATHS = ["BT-5", "BT-9", "BT-18"]


def seed_of(number):
    return sha256(b"seed %d" % number) if number else bytes(range(32))


def commitment_cases():
    """(id, comment, terms, number of the seed, lists of paths to disclose)"""
    small = small_terms()
    yield "example", "the worked example of the specification", EXAMPLE_TERMS, 0, [EXAMPLE_PATHS]
    yield "one-term", "the least invoice", [["BT-1", "1", {}]], 1, [["BT-1"], ["BT-2"]]
    yield "small", "every form of path and qualifier", small, 1, [
        [t[0] for t in small],
        ["BT-9", "BT-5", "BT-115"],
        ["BT-115", "BT-5", "BT-9", "BT-5", "BT-9"],
        ["BT-9", "BT-29.3", "BG-25.3/BT-126"],
        ["BT-13", "BT-14"]]
    yield "small-other-seed", "another seed, other salts throughout", small, 2, [["BT-1", "BT-115"]]
    changed = [[path, "119.01" if path == "BT-115" else value, q] for path, value, q in small]
    yield "small-other-value", "one value differs: every salt does", changed, 1, [["BT-1", "BT-115"]]
    crowded = crowded_terms()
    yield "crowded", "slot-mates: opened and hidden ones", crowded, 3, [
        [t[0] for t in crowded[::3]], [crowded[0][0]]]
    packed = packed_terms(40)
    yield "packed", "more slot-mates than fit anywhere", packed, 3, [
        [packed[20][0]], [t[0] for t in packed[::2]], [t[0] for t in packed],
        [next(p for p in (f"BG-25.{n}/BT-132" for n in range(1, 99999)) if slot_of(p, 10) == 5)]]
    long = long_terms()
    yield "long-values", "values of all lengths", long, 3, [[t[0] for t in long[::10]], [long[99][0]], [t[0] for t in long]]
    yield "depth-10-full", "128 terms, the last number at depth 10", many_terms(128), 4, [["BG-25.1/BT-126", "BG-25.16/BT-133"]]
    yield "depth-11", "129 terms, the first number at depth 11", many_terms(129), 4, [["BG-25.1/BT-126", "BG-25.17/BT-126"]]
    many = many_terms(513)
    yield "depth-13", "513 terms; disclosures small, of a batch and of all", many, 5, [
        [t[0] for t in many[7::50]], [t[0] for t in many[:31]], [t[0] for t in many[:32]], [t[0] for t in many[:33]],
        [t[0] for t in many[::5]] + [f"BT-{n}" for n, (groups, index) in MAP.items() if not groups and not index], [t[0] for t in many]]


def write_commitment_vectors():
    cases = []
    for id_, comment, terms, number, disclosures in commitment_cases():
        c = Commitment(terms, seed_of(number))
        source = sha256(id_.encode())
        expect = {"depth": c.depth, "commitment": c.hash.hex(), "source_binding": c.source_binding(source).hex(),
                  "disclosures": []}
        for paths in disclosures:
            data = cbor(c.disclosure(paths))
            shown = verify(data, c.hash)
            assert set(shown) == set(paths)
            assert all(shown[p] == c.terms.get(p) for p in paths)
            expect["disclosures"].append(
                {"bytes": data.hex()} if len(data) < 4000 else {"len": len(data), "sha256": sha256(data).hex()})
        cases.append({"id": id_, "comment": comment, "flags": [],
                      "input": {"seed": seed_of(number).hex(), "source_sha256": source.hex(), "terms": terms,
                                "disclosures": disclosures},
                      "expect": expect})
    return cases


class Case:
    def __init__(self):
        self.list = []

    def add(self, id_, comment, commitment, data, status):
        """Pins status and offset as the verifier above finds them; the status is said beforehand."""
        offset, shown = None, None
        try:
            found = verify(data, commitment)
            got = "AVAL_OK"
            shown = [[p, *v] if v is not None else [p] for p, v in sorted(found.items(), key=lambda i: path_key(i[0]))]
        except Refused as refused:
            got, offset = refused.status, refused.offset
        assert got == status, (id_, got, status)
        expect = {"status": status}
        if offset is not None:
            expect["offset"] = offset
        if shown is not None:
            expect["shown"] = shown
        assert id_ not in [c["id"] for c in self.list], id_
        self.list.append({"id": id_, "comment": comment, "flags": ["valid" if shown is not None else "invalid"],
                          "input": {"commitment": commitment.hex(), "disclosure": data.hex()}, "expect": expect})


def copy(item):
    return [copy(i) for i in item] if isinstance(item, list) else item


def deep(item, path, change):
    """A copy with one place changed."""
    item = copy(item)
    at = item
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = change(at[path[-1]])
    return item


def write_disclosure_vectors():
    cases, crowded = Case(), crowded_terms()
    c = Commitment(crowded, seed_of(3))
    other = Commitment(crowded, seed_of(4))
    full = next(s for s in c.slots if len(s) >= 3)          # a slot with slot-mates
    lone = "BG-25.201/BT-131"
    while c.slots[slot_of(lone, 10)]:
        lone = lone.replace("201", str(random.Random(lone).randrange(202, 9999)))
    paths = [full[0], full[2], crowded[-1][0], lone]
    d = c.disclosure(paths)
    at_full = next(i for i, s in enumerate(d[3]) if s[0] == slot_of(full[0], 10))
    at_lone = next(i for i, s in enumerate(d[3]) if s[0] == slot_of(lone, 10))

    def add(id_, comment, item, status, commitment=c.hash):
        cases.add(id_, comment, commitment, item if isinstance(item, bytes) else cbor(item), "AVAL_" + status)

    ok = "OK"
    add("valid", "two opened slot-mates beside a hidden one, and an absent term", d, ok)
    add("other-commitment", "the same terms under another seed", d, "E_DISCLOSURE_MISMATCH", other.hash)
    add("one-slot", "a single opened term", c.disclosure([full[0]]), ok)
    add("absent-only", "a single absent term", c.disclosure([lone]), ok)
    # Depth and version
    add("depth-9", "below the least depth", [9] + d[1:], "E_CBOR_RANGE")
    add("depth-27", "above the largest depth", [27] + d[1:], "E_CBOR_RANGE")
    add("depth-11", "another depth: paths have other slots", [11] + d[1:], "E_DISCLOSURE_SUPERFLUOUS")
    add("depth-26", "the largest depth, which this is not", [26] + d[1:], "E_DISCLOSURE_SUPERFLUOUS")
    add("map-version-2", "a term map that is not known", [10, 2] + d[2:], "E_UNSUPPORTED")
    add("map-version-0", "a term map that never was", [10, 0] + d[2:], "E_UNSUPPORTED")
    # Order
    add("slots-swapped", "slots descend", deep(d, [3], lambda s: [s[1], s[0]] + s[2:]), "E_DISCLOSURE_ORDER")
    add("slot-twice", "a slot stands twice", deep(d, [3], lambda s: s[:1] + s), "E_DISCLOSURE_ORDER")
    add("entries-swapped", "entries of a slot descend", deep(d, [3, at_full, 2], lambda e: [e[1], e[0]] + e[2:]),
        "E_DISCLOSURE_ORDER")
    add("entry-twice", "an entry stands twice: no path can have two values",
        deep(d, [3, at_full, 2], lambda e: e[:1] + e), "E_DISCLOSURE_ORDER")
    two = [lone, next(p for p in (f"BG-25.{n}/BT-132" for n in range(1, 999)) if slot_of(p, 10) == slot_of(lone, 10))]
    both = c.disclosure(two)
    add("two-absent-one-slot", "two absent paths of one slot", both, ok)
    add("absent-swapped", "absent paths descend", deep(both, [2], lambda a: a[::-1]), "E_DISCLOSURE_ORDER")
    add("absent-twice", "an absent path stands twice", deep(both, [2], lambda a: a[:1] + a), "E_DISCLOSURE_ORDER")
    # Form of paths
    add("absent-no-path", "an absent path without form", deep(both, [2, 0], lambda p: p + "."), "E_INVOICE_TERM_UNKNOWN")
    add("entry-no-path", "a hidden path without form", deep(d, [3, at_full, 2, 1, 0], lambda p: p.replace("BT", "BX")),
        "E_INVOICE_TERM_UNKNOWN")
    for id_, path in (("absent-no-term", "BT-4"), ("absent-no-index", "BT-29"), ("absent-index", "BT-1.1"),
                      ("absent-no-group", "BT-131"), ("absent-other-group", "BG-24.1/BT-131"),
                      ("absent-large-index", "BT-29.1048577")):
        # It stands in its slot, is absent, and still says nothing about the invoice.
        claim = [path, *both[2]] if path_key(path) < path_key(both[2][0]) else [*both[2], path]
        add(id_, "an absent path that the term map does not have", deep(both, [2], lambda a: claim), "E_INVOICE_TERM_UNKNOWN")
    add("absent-largest-index", "the largest index", c.disclosure(["BT-29.1048576"]), ok)
    add("entry-no-term", "an opened path that the term map does not have",
        deep(d, [3, at_full, 2, 0, 0], lambda p: p.replace("BG-25", "BG-24")), "E_INVOICE_TERM_UNKNOWN")
    add("path-empty", "the empty path", deep(d, [3, at_full, 2, 0, 0], lambda p: ""), "E_INVOICE_TERM_UNKNOWN")
    # Slots
    add("opened-elsewhere", "an opened term in another slot", deep(d, [3, at_lone, 2], lambda e: [d[3][at_full][2][0]]),
        "E_DISCLOSURE_SLOT")
    add("hidden-elsewhere", "a hidden path in another slot", deep(d, [3, at_lone, 2], lambda e: [[full[1], c.value(full[1])]]),
        "E_DISCLOSURE_SLOT")
    add("index-changed", "a slot under another index", deep(d, [3, -1, 0], lambda i: i + 1), "E_DISCLOSURE_SLOT")
    add("index-1024", "an index not below 2^d", deep(d, [3, -1, 0], lambda i: 1024), "E_CBOR_RANGE")
    # Need
    hidden = copy(d)
    hidden[3][at_full][2] = [[p, c.value(p)] for p in full]
    add("hidden-only", "a slot of which no term is opened", hidden, "E_DISCLOSURE_SUPERFLUOUS")
    empty = copy(c.disclosure([full[0], lone]))
    empty[2] = []
    add("empty-unclaimed", "an empty slot for which no absence is claimed", empty, "E_DISCLOSURE_SUPERFLUOUS")
    # Absence
    add("present-opened", "an opened term claimed absent", deep(d, [2], lambda a: sorted(a + [full[0]], key=path_key)),
        "E_DISCLOSURE_PRESENT")
    add("present-hidden", "a hidden term claimed absent", deep(d, [2], lambda a: sorted(a + [full[1]], key=path_key)),
        "E_DISCLOSURE_PRESENT")
    mate = next(p for p in (f"BG-25.{n}/BT-132" for n in range(1, 9999)) if slot_of(p, 10) == slot_of(full[0], 10))
    add("absent-beside-opened", "an absent path whose slot is opened for another reason",
        c.disclosure([full[0], mate]), ok)
    add("absent-beside-hidden", "an absent path whose slot has hidden terms alone", c.disclosure([mate]), ok)
    for id_, slot in (("absent-unopened-low", 0), ("absent-unopened-high", 1023)):
        path = next(p for p in (f"BG-25.{n}/BT-133" for n in range(1, 99999)) if slot_of(p, 10) == slot)
        assert slot not in [s[0] for s in d[3]]
        add(id_, "an absent path whose slot is not opened", deep(d, [2], lambda a: sorted(a + [path], key=path_key)),
            "E_DISCLOSURE_PRESENT")
    # Hashes
    add("hash-missing", "one hash too few", deep(d, [4], lambda h: h[:-1]), "E_PROOF_LENGTH")
    add("hash-spare", "one hash too many", deep(d, [4], lambda h: h + h[:1]), "E_PROOF_LENGTH")
    add("hashes-swapped", "two hashes change places", deep(d, [4], lambda h: [h[1], h[0]] + h[2:]), "E_DISCLOSURE_MISMATCH")
    add("hash-31", "a short hash", deep(d, [4, 0], lambda h: h[:31]), "E_CBOR_RANGE")
    # What is shown
    opened = [3, at_full, 2, 0]
    add("value-changed", "another value", deep(d, opened + [2], lambda v: v + "0"), "E_DISCLOSURE_MISMATCH")
    add("qualifier-changed", "another qualifier", deep(d, opened + [3], lambda q: {"currency": "USD"}), "E_DISCLOSURE_MISMATCH")
    add("qualifier-dropped", "a qualifier left out", deep(d, opened + [3], lambda q: {}), "E_DISCLOSURE_MISMATCH")
    add("qualifier-added", "one qualifier more", deep(d, opened + [3], lambda q: {**q, "unit": "C62"}), "E_DISCLOSURE_MISMATCH")
    add("value-salt-changed", "another value salt", deep(d, opened + [1], lambda s: s[::-1]), "E_DISCLOSURE_MISMATCH")
    add("slot-salt-changed", "another slot salt", deep(d, [3, 0, 1], lambda s: s[::-1]), "E_DISCLOSURE_MISMATCH")
    add("mate-dropped", "a hidden slot-mate left out", deep(d, [3, at_full, 2], lambda e: [e[0], e[2]]), "E_DISCLOSURE_MISMATCH")
    add("mate-swapped", "value commitments change places",
        deep(deep(d, [3, at_full, 2, 1, 1], lambda v: c.value(full[2])), opened + [2], str), "E_DISCLOSURE_MISMATCH")
    add("path-exchanged", "the value of one term under the path of its slot-mate",
        deep(d, [3, at_full, 2], lambda e: [[full[0], *e[1][1:]], [full[1], *e[0][1:]], e[2]]), "E_DISCLOSURE_MISMATCH")
    # Shape and encoding
    add("no-slot", "no slot", d[:3] + [[], [c.levels[-1][0]]], "E_CBOR_RANGE")
    add("four-items", "an item missing", d[:4], "E_CBOR_RANGE")
    add("six-items", "an item more", d + [0], "E_CBOR_RANGE")
    add("slot-two-items", "a slot without entries", deep(d, [3, 0], lambda s: s[:2]), "E_CBOR_RANGE")
    add("entry-three-items", "an entry of three items", deep(d, opened, lambda e: e[:3]), "E_CBOR_RANGE")
    add("entry-five-items", "an entry of five items", deep(d, opened, lambda e: e + [0]), "E_CBOR_RANGE")
    add("salt-33", "a long salt", deep(d, [3, 0, 1], lambda s: s + b"\0"), "E_CBOR_RANGE")
    add("value-bytes", "a value that is no text", deep(d, opened + [2], str.encode), "E_CBOR_TYPE")
    add("value-null", "null is no absence", cbor(d).replace(cbor(d[3][at_full][2][0][2]) + b"\xa1", b"\xf6\xa1", 1),
        "E_CBOR_TYPE")
    raw = cbor(d)
    add("trailing", "a byte behind", raw + b"\0", "E_CBOR_TRAILING")
    add("truncated", "the last byte missing", raw[:-1], "E_CBOR_COUNT")
    add("empty", "nothing", b"", "E_CBOR_TRUNCATED")
    add("not-shortest", "the depth in two bytes too many", raw[:1] + b"\x18\x0a" + raw[2:], "E_CBOR_NOT_SHORTEST")
    add("indefinite", "an indefinite length", b"\x9f" + raw[1:] + b"\xff", "E_CBOR_INDEFINITE")
    q = Commitment([["BG-24.1/BT-125", "", {"hash": "0", "mime": "1"}]], seed_of(7))
    qd = cbor(q.disclosure(["BG-24.1/BT-125"]))
    add("qualifiers", "an empty value with two qualifiers", qd, ok, q.hash)
    pairs = cbor("hash") + cbor("0"), cbor("mime") + cbor("1")
    add("qualifiers-descend", "qualifiers descend", qd.replace(pairs[0] + pairs[1], pairs[1] + pairs[0]),
        "E_CBOR_KEY_ORDER", q.hash)
    add("qualifier-twice", "a qualifier stands twice", qd.replace(pairs[0] + pairs[1], pairs[0] + pairs[0]),
        "E_CBOR_KEY_DUPLICATE", q.hash)
    add("utf8", "a value that is no UTF-8", qd.replace(cbor("1") + b"\x8a", b"\x61\x80\x8a"), "E_CBOR_UTF8", q.hash)
    return cases.list


def document(source, cases):
    """One case a line."""
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    return ('{\n "format": "aval-%s-1",\n "source": "tests/oracle/commitment_vectors.py",\n "count": %d,\n "cases": [\n%s\n ]\n}\n'
            % (source, len(cases), lines))


# The worked example

class Listing:
    """Bytes on the left, what they are on the right."""

    def __init__(self):
        self.bytes, self.lines = b"", []

    def add(self, data, depth, text):
        for i in range(0, max(len(data), 1), 34):
            piece = data[i:i + 34].hex()
            self.lines.append(f"    {'  ' * depth}{piece}" + (f"  ; {text}" if i == 0 else ""))
        self.bytes += data

    def item(self, value, depth, text):
        self.add(cbor(value), depth, text)


def list_slot(listing, c, slot):
    index, salt, entries = slot
    listing.add(head(4, 3), 2, "a slot")
    listing.item(index, 3, f"its index, {index}")
    listing.item(salt, 3, f'its salt, HMAC(k, ["slot", {index}])')
    listing.add(head(4, len(entries)), 3, f"{len(entries)} term" + ("s" if len(entries) != 1 else ": the slot is empty" if not entries else ""))
    for path, salt, value, qualifiers in entries:
        listing.add(head(4, 4), 4, "an opened term")
        listing.item(path, 5, json.dumps(path))
        listing.item(salt, 5, f'its salt, HMAC(k, ["value", "{path}"])')
        listing.item(value, 5, json.dumps(value))
        listing.item(qualifiers, 5, json.dumps(qualifiers))


def closed_subtrees(level, index, opened):
    if not any(slot >> level == index for slot in opened):
        return [(index << level, (index + 1 << level) - 1)]
    if level == 0:
        return []
    return [s for child in (2 * index, 2 * index + 1) for s in closed_subtrees(level - 1, child, opened)]


def example():
    c = Commitment(EXAMPLE_TERMS, seed_of(0))
    d = c.disclosure(EXAMPLE_PATHS)
    listing = Listing()
    listing.add(head(4, 5), 0, "a disclosure")
    listing.item(d[0], 1, "d = 10: 1024 slots")
    listing.item(d[1], 1, "map version 1")
    listing.add(head(4, len(d[2])), 1, f"{len(d[2])} absent path")
    for path in d[2]:
        listing.item(path, 2, f"{json.dumps(path)}, whose slot is {slot_of(path, 10)}")
    listing.add(head(4, len(d[3])), 1, f"{len(d[3])} slots")
    for slot in d[3]:
        list_slot(listing, c, slot)
    listing.add(head(4, len(d[4])), 1, f"{len(d[4])} hashes, each the root over a run of slots")
    for hash_, (first, last) in zip(d[4], closed_subtrees(10, 0, [s[0] for s in d[3]]), strict=True):
        listing.item(hash_, 2, f"{first}" + (f" to {last}" if last > first else ""))
    assert listing.bytes == cbor(d)
    shown = verify(listing.bytes, c.hash)
    assert shown == {"BT-5": ("EUR", {}), "BT-9": None, "BT-18": ("PO-9", {"scheme": "AUN"})}
    rows = [("seed", seed_of(0)), ('TH("aval/terms", ...)', c.terms_hash), ("k", c.k), ("root", c.levels[-1][0]),
            ("commitment", c.hash)]
    terms = "\n".join("      " + json.dumps(t) for t in EXAMPLE_TERMS)
    slots = ", ".join(f"{t[0]} in slot {slot_of(t[0], 10)}" for t in EXAMPLE_TERMS)
    values = "\n".join(f"    {name:22} {value.hex()}" for name, value in rows)
    return (f"An invoice of three terms,\n\n{terms}\n\nhas d = 10, {slots}, and these values:\n\n{values}\n\n"
            f"The disclosure of BT-5 and BT-18 and of the absence of BT-9 has {len(listing.bytes)} bytes. A line without a "
            f"remark goes on\nwith the bytes above it.\n\n" + "\n".join(listing.lines) + "\n")


def with_example(text):
    before, rest = text.split(EXAMPLE_BEGIN)
    return before + EXAMPLE_BEGIN + "\n" + example() + "\n" + EXAMPLE_END + rest.split(EXAMPLE_END)[1]


def files():
    """What each file is to hold."""
    return {ROOT / "tests/vectors/commitment.json": document("commitment", write_commitment_vectors()),
            ROOT / "tests/vectors/disclosure.json": document("disclosure", write_disclosure_vectors()),
            SPEC: with_example(SPEC.read_text(encoding="utf-8"))}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
