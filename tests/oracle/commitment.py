#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Commitment and disclosure from docs/spec/commitment.md alone: naive, standard library only."""
import csv
import hashlib
import hmac
import pathlib
import re

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
        self.terms_hash = tagged("aval/terms", cbor([MAP_VERSION, terms]))
        self.k = mac(seed, self.terms_hash)
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
