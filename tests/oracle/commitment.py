#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Commitment and disclosure from docs/spec/commitment.md alone: naive, standard library only.

    commitment.py FOLDER            write FOLDER/commitment.json and FOLDER/disclosure.json
    commitment.py --check FOLDER    compare them with what would be written
    commitment.py --verify          read lines "commitment-hex disclosure-hex", write the status of each
"""
import csv
import hashlib
import hmac
import json
import pathlib
import random
import re
import sys

MAP_VERSION = 1
MIN_DEPTH, MAX_DEPTH, MAX_ABSENT, MAX_INDEX = 10, 26, 1024, 1 << 20


# Hashes

def sha256(data):
    return hashlib.sha256(data).digest()


def tagged(tag, data):
    t = sha256(tag.encode())
    return sha256(t + t + data)


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def node(left, right):
    return sha256(b"\x01" + left + right)


# Deterministic CBOR: unsigned integers, bytes, text, lists, maps of text

def head(major, value):
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * length:
            return bytes([major << 5 | info]) + value.to_bytes(length, "big")
    raise ValueError(value)


def cbor(item):
    if isinstance(item, int):
        return head(0, item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(map(cbor, item))
    pairs = sorted((cbor(k), cbor(v)) for k, v in item.items())
    return head(5, len(pairs)) + b"".join(k + v for k, v in pairs)


class Refused(Exception):
    def __init__(self, status, offset=None):
        super().__init__(status)
        self.status, self.offset = "AVAL_E_" + status, offset


class Reader:
    """Reads one item after another and refuses what a schema or the encoding does not allow."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def head(self, major=None):
        """Returns (major, value); the whole head is judged before the type is."""
        at = self.at
        if at == len(self.data):
            raise Refused("CBOR_TRUNCATED", at)
        found, info = self.data[at] >> 5, self.data[at] & 31
        if 28 <= info < 31:
            raise Refused("CBOR_MALFORMED", at)
        if info == 31:
            raise Refused("CBOR_INDEFINITE" if 2 <= found <= 5 else "CBOR_MALFORMED", at)
        if found == 7 and info not in (20, 21, 22):
            raise Refused("CBOR_FLOAT" if info > 24 else "CBOR_SIMPLE", at)
        length = 0 if info < 24 else 1 << (info - 24)
        if at + 1 + length > len(self.data):
            raise Refused("CBOR_TRUNCATED", at)
        value = int.from_bytes(self.data[at + 1:at + 1 + length], "big") if length else info
        left = len(self.data) - at - 1 - length
        if found in (2, 3) and length and value > left:
            raise Refused("CBOR_COUNT", at)
        if length and value < {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[length]:
            raise Refused("CBOR_NOT_SHORTEST", at)
        if value > {2: left, 3: left, 4: left, 5: left // 2}.get(found, value):
            raise Refused("CBOR_COUNT", at)
        if major is not None and found != major:
            raise Refused("CBOR_TYPE", at)
        self.at = at + 1 + length
        return found, value

    def uint(self, low=0, high=2 ** 64 - 1):
        at = self.at
        value = self.head(0)[1]
        if not low <= value <= high:
            raise Refused("CBOR_RANGE", at)
        return value

    def take(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def bytes32(self):
        at = self.at
        data = self.take(self.head(2)[1])
        if len(data) != 32:
            raise Refused("CBOR_RANGE", at)
        return data

    def text(self):
        start = self.at
        raw = self.take(self.head(3)[1])
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise Refused("CBOR_UTF8", self.at - len(raw) + error.start) from None

    def array(self, *counts):
        at = self.at
        count = self.head(4)[1]
        if counts and count not in counts:
            raise Refused("CBOR_RANGE", at)
        return count

    def map(self):
        result, last = {}, b""
        for _ in range(self.head(5)[1]):
            at = self.at
            key = self.text()
            if self.data[at:self.at] <= last:
                raise Refused("CBOR_KEY_DUPLICATE" if self.data[at:self.at] == last else "CBOR_KEY_ORDER", at)
            last = self.data[at:self.at]
            result[key] = self.text()
        return result


# Paths

def path_key(path):
    """What paths are ordered by; None if it is no path."""
    steps = path.split("/")
    key = []
    for i, step in enumerate(steps):
        match = re.fullmatch(r"(BG|BT)-([1-9][0-9]*)(?:\.([1-9][0-9]*))?", step, re.A)
        if not match:
            return None
        kind, number, index = match.group(1), int(match.group(2)), int(match.group(3) or 0)
        if (kind == "BT") != (i == len(steps) - 1) or (kind == "BG" and not index):
            return None
        if number > 9999 or index > 2 ** 32 - 1:
            return None
        key.append((kind, number, index))
    return tuple(key) if len(key) <= 4 else None


def read_map():
    """{number of a term: (numbers of the groups around it, whether it has an index)}"""
    terms = {}
    with open(pathlib.Path(__file__).parent / "../../lib/invoice/terms.csv", encoding="utf-8") as file:
        for row in csv.reader(line for line in file if line.startswith("BT-") and "@" not in line.split(",")[0]):
            terms[int(row[0][3:])] = ([int(group[3:]) for group in row[2].split()], row[4] == "n")
    return terms


MAP = read_map()


def is_known(path):
    key = path_key(path)
    if key is None or key[-1][1] not in MAP or any(index > MAX_INDEX for _, _, index in key):
        return False
    groups, is_repeatable = MAP[key[-1][1]]
    return [number for _, number, _ in key[:-1]] == groups and (key[-1][2] != 0) == is_repeatable


def slot_of(path, depth):
    return int.from_bytes(tagged("aval/slot-index", path.encode()), "big") >> (256 - depth)


# Prover

class Commitment:
    def __init__(self, terms, seed):
        """terms: [path, value, qualifiers] each."""
        self.terms = {path: (value, qualifiers) for path, value, qualifiers in terms}
        assert [t[0] for t in terms] == sorted(self.terms, key=path_key) and terms
        self.depth = MIN_DEPTH
        while 1 << self.depth < 8 * len(terms):
            self.depth += 1
        self.k = mac(seed, tagged("aval/terms", cbor([MAP_VERSION, terms])))
        self.slots = [[] for _ in range(1 << self.depth)]
        for path in self.terms:
            self.slots[slot_of(path, self.depth)].append(path)
        self.levels = [[sha256(b"\x00" + self.slot(i)) for i in range(1 << self.depth)]]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            self.levels.append([node(below[i], below[i + 1]) for i in range(0, len(below), 2)])
        self.hash = tagged("aval/commitment", cbor([self.depth, MAP_VERSION, self.levels[-1][0]]))

    def slot_salt(self, index):
        return mac(self.k, cbor(["slot", index]))

    def value_salt(self, path):
        return mac(self.k, cbor(["value", path]))

    def value(self, path):
        return tagged("aval/value", cbor([self.value_salt(path), path, *self.terms[path]]))

    def slot(self, index):
        pairs = [[path, self.value(path)] for path in self.slots[index]]
        return tagged("aval/slot", cbor([self.slot_salt(index), index, pairs]))

    def source_binding(self, source_sha256):
        return mac(self.k, cbor(["source", source_sha256]))

    def disclosure(self, paths):
        """The disclosure as Python lists."""
        absent = sorted({p for p in paths if p not in self.terms}, key=path_key)
        opened = {slot_of(p, self.depth) for p in paths}
        slots = []
        for index in sorted(opened):
            entries = [[p, self.value_salt(p), *self.terms[p]] if p in paths else [p, self.value(p)]
                       for p in self.slots[index]]
            slots.append([index, self.slot_salt(index), entries])
        return [self.depth, MAP_VERSION, absent, slots, self.hashes(self.depth, 0, opened)]

    def hashes(self, level, index, opened):
        """The roots of the largest subtrees without an opened slot, from left to right."""
        if not any(slot >> level == index for slot in opened):
            return [self.levels[level][index]]
        if level == 0:
            return []
        return [h for child in (2 * index, 2 * index + 1) for h in self.hashes(level - 1, child, opened)]


# Verifier

def need(depth, level, index, opened):
    if not any(slot >> level == index for slot in opened):
        return 1
    return 0 if level == 0 else need(depth, level - 1, 2 * index, opened) + need(depth, level - 1, 2 * index + 1, opened)


def root(level, index, leaves, hashes):
    if not any(slot >> level == index for slot in leaves):
        return hashes.pop(0)
    if level == 0:
        return leaves[index]
    left = root(level - 1, 2 * index, leaves, hashes)
    return node(left, root(level - 1, 2 * index + 1, leaves, hashes))


def read_path(r, depth):
    """(path, offset of its item, offset of its text)"""
    start = r.at
    path = r.text()
    return path, start, r.at - len(path.encode())


def verify(data, commitment):
    """What the disclosure shows: {path: (value, qualifiers) or None}; raises Refused."""
    r = Reader(data)
    r.array(5)
    depth = r.uint(MIN_DEPTH, MAX_DEPTH)
    at = r.at
    if r.uint() != MAP_VERSION:
        raise Refused("UNSUPPORTED", at)
    shown, absent, start = {}, {}, r.at
    count = r.array()
    if count > MAX_ABSENT:
        raise Refused("LIMIT", start)
    last = ()
    for _ in range(count):
        path, at, text_at = read_path(r, depth)
        if not is_known(path):
            raise Refused("INVOICE_TERM_UNKNOWN")
        if path_key(path) <= last:
            raise Refused("DISCLOSURE_ORDER", at)
        last = path_key(path)
        absent.setdefault(slot_of(path, depth), []).append((path, at))
    start, leaves, stands, last_index = r.at, {}, [], -1
    count = r.array()
    if count == 0:
        raise Refused("CBOR_RANGE", start)
    for _ in range(count):
        last_index = verify_slot(r, depth, absent, last_index, leaves, shown, stands)
    for slot in sorted(absent):
        raise Refused("DISCLOSURE_PRESENT", absent[slot][0][1])
    start = r.at
    count = r.array()
    if count != need(depth, depth, 0, leaves):
        raise Refused("PROOF_LENGTH", start)
    hashes = [r.bytes32() for _ in range(count)]
    if r.at != len(data):
        raise Refused("CBOR_TRAILING", r.at)
    for path, index, at in stands:
        if slot_of(path, depth) != index:
            raise Refused("DISCLOSURE_SLOT", at)
    if tagged("aval/commitment", cbor([depth, MAP_VERSION, root(depth, 0, leaves, hashes)])) != commitment:
        raise Refused("DISCLOSURE_MISMATCH")
    return shown


def verify_slot(r, depth, absent, last_index, leaves, shown, stands):
    start = r.at
    r.array(3)
    at = r.at
    index = r.uint(0, (1 << depth) - 1)
    if index <= last_index:
        raise Refused("DISCLOSURE_ORDER", at)
    salt = r.bytes32()
    for slot in sorted(absent):
        if slot < index:
            raise Refused("DISCLOSURE_PRESENT", absent[slot][0][1])
    claimed = absent.pop(index, [])
    needed = bool(claimed)
    pairs, last = [], ()
    for _ in range(r.array()):
        opened = r.array(2, 4) == 4
        path, at, text_at = read_path(r, depth)
        secret = r.bytes32()
        if opened:
            value, qualifiers = r.text(), r.map()
        if not is_known(path):
            raise Refused("INVOICE_TERM_UNKNOWN")
        stands.append((path, index, text_at))
        if path_key(path) <= last:
            raise Refused("DISCLOSURE_ORDER", at)
        last = path_key(path)
        for claim, claim_at in claimed:
            if claim == path:
                raise Refused("DISCLOSURE_PRESENT", claim_at)
        if opened:
            needed = True
            shown[path] = (value, qualifiers)
            secret = tagged("aval/value", cbor([secret, path, value, qualifiers]))
        pairs.append([path, secret])
    if not needed:
        raise Refused("DISCLOSURE_SUPERFLUOUS", start)
    for path, _ in claimed:
        shown[path] = None
    leaves[index] = sha256(b"\x00" + tagged("aval/slot", cbor([salt, index, pairs])))
    return index


# Vectors

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


def seed_of(number):
    return sha256(b"seed %d" % number)


def commitment_cases():
    """(id, comment, terms, number of the seed, lists of paths to disclose)"""
    small = small_terms()
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
    return ('{\n "format": "aval-%s-1",\n "source": "tests/oracle/commitment.py",\n "count": %d,\n "cases": [\n%s\n ]\n}\n'
            % (source, len(cases), lines))


def serve():
    for line in sys.stdin:
        commitment, data = (bytes.fromhex(w) for w in (line.split() + [""])[:2])
        try:
            verify(data, commitment)
            print("AVAL_OK -")
        except Refused as refused:
            print(refused.status, "-" if refused.offset is None else refused.offset)


def main():
    if sys.argv[1:] == ["--verify"]:
        return serve()
    folder = pathlib.Path(sys.argv[-1])
    status = 0
    for name, make in (("commitment", write_commitment_vectors), ("disclosure", write_disclosure_vectors)):
        text, path = document(name, make()), folder / (name + ".json")
        if sys.argv[1] != "--check":
            path.write_text(text)
        elif path.read_text() != text:
            print(path, "is not what the oracle writes", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
