# SPDX-License-Identifier: Apache-2.0
"""State keys, entries, deltas and the auditor's replay from docs/spec/state.md alone; naive, standard library only."""
import smt
from commitment import Reader, Refused, cbor, head, node, sha256, tagged

NOTE, TOKEN, FINGERPRINT, PARTY = 1, 2, 3, 4
LIVE, VOID, CANCELLED = 1, 2, 3
TOP = 2 ** 63 - 1


def key_path(kind, id_):
    return tagged("aval/map-key", cbor([kind, id_]))


def preimage(kind, id_):
    t = sha256(b"aval/map-key")
    return t + t + cbor([kind, id_])


def fingerprint(token, status):
    return cbor([token, status])


def value(item):
    return b"\xf6" if item is None else cbor(item)


def delta(changes):
    """Changes are (kind, id, old, new), sorted here by the encoding of their keys."""
    rows = sorted((cbor([kind, id_]), value(old), value(new)) for kind, id_, old, new in changes)
    return head(4, len(rows)) + b"".join(head(4, 3) + b"".join(row) for row in rows)


def delta_hash(data):
    return tagged("aval/delta", data)


def entry(kind, id_, envelope, delta_, time, base):
    return cbor([kind, id_, envelope, delta_, time, base])


def state_entry(map_root, time):
    return cbor(["state", map_root, time])


# Reading

def finish(r):
    if r.at != len(r.data):
        raise Refused("CBOR_TRAILING", r.at)


def read_entry(data):
    r = Reader(data)
    count = r.array()
    at = r.at
    kind = r.text()
    if kind not in ("event", "mandate", "state"):
        raise Refused("CBOR_RANGE", at)
    if count != (3 if kind == "state" else 6):
        raise Refused("CBOR_RANGE", 0)
    hashes = [r.bytes32() for _ in range(1 if kind == "state" else 3)]
    numbers = [r.uint(0, TOP) for _ in range(1 if kind == "state" else 2)]
    finish(r)
    return kind, hashes, numbers


def read_value(r):
    at = r.at
    if at < len(r.data) and r.data[at] >> 5 == 7:
        if r.head(7)[1] != 22:
            raise Refused("CBOR_TYPE", at)
        return None
    data = r.take(r.head(2)[1])
    if not data:
        raise Refused("CBOR_RANGE", at)
    return data


def read_fingerprint(data):
    r = Reader(data)
    r.array(2)
    parts = r.bytes32(), r.uint(1, 3)
    finish(r)
    return parts


def check_fingerprint(old, new):
    if new is None:
        raise Refused("STATE_CHANGE")
    new = read_fingerprint(new)
    old = None if old is None else read_fingerprint(old)
    if old is None:
        good = new[1] == LIVE
    elif old[1] == LIVE:
        good = new[0] == old[0] and new[1] != LIVE
    else:
        good = new[0] != old[0] and new[1] == LIVE
    if not good:
        raise Refused("STATE_CHANGE")


def check_change(kind, id_, old, new):
    """Ids of parties are lawful here: their rules are tested elsewhere."""
    if kind != PARTY and len(id_) != 32:
        raise Refused("CBOR_RANGE")
    if old == new:
        raise Refused("STATE_CHANGE")
    if kind == FINGERPRINT:
        check_fingerprint(old, new)
    elif any(v is not None and len(v) != 32 for v in (old, new)):
        raise Refused("CBOR_RANGE")
    elif kind == TOKEN and new is None:
        raise Refused("STATE_CHANGE")


def read_delta(data):
    r = Reader(data)
    changes, last = [], b""
    count = r.array()
    if count > 65536:
        raise Refused("LIMIT", 0)
    for _ in range(count):
        at = r.at
        r.array(3)
        key_at = r.at
        r.array(2)
        kind = r.uint(1, 4)
        id_ = r.text() if kind == PARTY else r.take(r.head(2)[1])
        key = data[key_at:r.at]
        change = kind, id_, read_value(r), read_value(r)
        try:
            check_change(*change)
        except Refused as refused:
            raise Refused(refused.status[len("AVAL_E_"):], at) from None
        if key <= last:
            raise Refused("STATE_ORDER", at)
        last = key
        changes.append(change)
    finish(r)
    return changes


# Replay

def log_root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(log_root(leaves[:half]), log_root(leaves[half:]))


class Audit:
    def __init__(self):
        self.entries, self.items, self.ids, self.base, self.time = [], {}, set(), 0, 0

    def add(self, data, beside):
        kind, hashes, numbers = read_entry(data)
        if numbers[0] < self.time:
            raise Refused("STATE_TIME")
        if kind == "state":
            if smt.root(self.items) != hashes[0]:
                raise Refused("STATE_ROOT")
            self.base = len(self.entries) + 1
        else:
            self.register(kind, hashes, numbers[1], beside)
        self.time = numbers[0]
        self.entries.append(data)

    def register(self, kind, hashes, base, beside):
        if hashes[0] in self.ids:
            raise Refused("STATE_DUPLICATE")
        if base != self.base:
            raise Refused("STATE_BASE")
        if delta_hash(beside) != hashes[2]:
            raise Refused("STATE_DELTA")
        changes = read_delta(beside)
        for key_kind, id_, old, _ in changes:
            if (key_kind == PARTY) != (kind == "mandate"):
                raise Refused("STATE_CHANGE")
            if self.items.get(key_path(key_kind, id_)) != (None if old is None else sha256(old)):
                raise Refused("STATE_OLD")
        for key_kind, id_, _, new in changes:
            if new is None:
                del self.items[key_path(key_kind, id_)]
            else:
                self.items[key_path(key_kind, id_)] = sha256(new)
        self.ids.add(hashes[0])

    def check(self, root):
        if log_root(self.entries) != root:
            raise Refused("PROOF_FORK")
        if self.base != len(self.entries) or not self.entries:
            raise Refused("STATE_OPEN")
