# SPDX-License-Identifier: Apache-2.0
"""Disclosures, written from docs/spec/commitment.md alone."""
import re

from aval_cbor import Refused, array, decode, encode, mapping, raw, text, uint
from aval_keys import sha256, tagged

STEP = re.compile(r"(BG|BT)-([1-9][0-9]{0,3})(?:\.([1-9][0-9]*))?")


def path_key(path):
    """Segment by segment: groups before terms, then the number, then the index."""
    steps = []
    for part in path.split("/"):
        match = STEP.fullmatch(part)
        if not match:
            raise Refused("AVAL_E_INVOICE_TERM_UNKNOWN", path)
        kind, number, index = match.groups()
        steps.append((kind == "BT", int(number), int(index or 0)))
    if not steps[-1][0] or any(is_term or not index for is_term, _, index in steps[:-1]):
        raise Refused("AVAL_E_INVOICE_TERM_UNKNOWN", path)
    return tuple(steps)


def ascending(paths):
    keys = [path_key(path) for path in paths]
    if any(a >= b for a, b in zip(keys, keys[1:])):
        raise Refused("AVAL_E_DISCLOSURE_ORDER", "paths do not ascend")


def slot_index(path, depth):
    return int.from_bytes(tagged("aval/slot-index", path.encode())[:4], "big") >> (32 - depth)


class Entry:
    def __init__(self, item):
        array(item)
        if len(item) not in (2, 4):
            raise Refused("AVAL_E_CBOR_RANGE", "an entry has two or four items")
        self.path = text(item[0])
        self.opened = len(item) == 4
        if not self.opened:
            self.commitment = raw(item[1], 32)
            return
        salt, self.value = raw(item[1], 32), text(item[2])
        self.qualifiers = {text(name): text(value) for name, value in mapping_of_text(item[3]).items()}
        self.commitment = tagged("aval/value", encode([salt, self.path, self.value, self.qualifiers]))


def mapping_of_text(item):
    mapping(item, optional=item if isinstance(item, dict) else ())
    return item


class Disclosure:
    """Verified: terms is {path: value}, absent a set of paths."""

    def __init__(self, data, commitment):
        item = array(decode(data), 5)
        depth, version = uint(item[0], 10, 26), uint(item[1])
        if version != 1:
            raise Refused("AVAL_E_UNSUPPORTED", "another version of the term map")
        absent = [text(path) for path in array(item[2])]
        self.leaves, self.paths, self.terms = {}, {}, {}
        for slot in array(item[3], least=1):
            self.add_slot(slot, depth)
        hashes = [raw(value, 32) for value in array(item[4])]
        self.check_absent(absent, depth)
        self.check_needed(absent, depth)
        root = self.root(depth, hashes)
        if tagged("aval/commitment", encode([depth, version, root])) != commitment:
            raise Refused("AVAL_E_DISCLOSURE_MISMATCH", "another commitment")

    def add_slot(self, item, depth):
        array(item, 3)
        index, salt = uint(item[0], 0, (1 << depth) - 1), raw(item[1], 32)
        if self.leaves and index <= max(self.leaves):
            raise Refused("AVAL_E_DISCLOSURE_ORDER", "slots do not ascend")
        entries = [Entry(entry) for entry in array(item[2])]
        ascending([entry.path for entry in entries])
        for entry in entries:
            if slot_index(entry.path, depth) != index:
                raise Refused("AVAL_E_DISCLOSURE_SLOT", entry.path)
            if entry.opened:
                self.terms[entry.path] = (entry.value, entry.qualifiers)
        self.paths[index] = entries
        slot = tagged("aval/slot", encode([salt, index, [[entry.path, entry.commitment] for entry in entries]]))
        self.leaves[index] = sha256(b"\0" + slot)

    def check_absent(self, absent, depth):
        ascending(absent)
        for path in absent:
            entries = self.paths.get(slot_index(path, depth))
            if entries is None or any(entry.path == path for entry in entries):
                raise Refused("AVAL_E_DISCLOSURE_PRESENT", path)
        self.absent = set(absent)

    def check_needed(self, absent, depth):
        claimed = {slot_index(path, depth) for path in absent}
        for index, entries in self.paths.items():
            if index not in claimed and not any(entry.opened for entry in entries):
                raise Refused("AVAL_E_DISCLOSURE_SUPERFLUOUS", str(index))

    def root(self, depth, hashes):
        rest = list(hashes)

        def node(level, index, slots):
            if not slots:
                if not rest:
                    raise Refused("AVAL_E_PROOF_LENGTH", "too few hashes")
                return rest.pop(0)
            if level == 0:
                return self.leaves[index]
            middle = (2 * index + 1) << (level - 1)
            left = node(level - 1, 2 * index, [slot for slot in slots if slot < middle])
            right = node(level - 1, 2 * index + 1, [slot for slot in slots if slot >= middle])
            return sha256(b"\1" + left + right)

        root = node(depth, 0, list(self.leaves))
        if rest:
            raise Refused("AVAL_E_PROOF_LENGTH", "too many hashes")
        return root

    def find(self, path):
        """("opened", value), ("absent", None) or ("not shown", None)."""
        if path in self.terms:
            return "opened", self.terms[path][0]
        return ("absent", None) if path in self.absent else ("not shown", None)
