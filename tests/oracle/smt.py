# SPDX-License-Identifier: Apache-2.0
"""Sparse Merkle maps from docs/spec/map.md alone: a dictionary and recursion over it; naive, standard library only."""
from commitment import Reader, Refused, node, sha256

EMPTY = bytes(32)
PRESENT, NOTHING, OTHER = 0, 1, 2
MAX_CLAIMS = 65536


def bit(path, depth):
    return path[depth // 8] >> 7 - depth % 8 & 1


def shared(a, b):
    return next((i for i in range(256) if bit(a, i) != bit(b, i)), 256)


def leaf(path, value):
    return sha256(b"\x00" + path + value)


def fork(paths, depth):
    """The sorted paths that turn left at a depth, and those that turn right."""
    return [p for p in paths if not bit(p, depth)], [p for p in paths if bit(p, depth)]


def root(items, paths=None, depth=0):
    paths = sorted(items) if paths is None else paths
    if not paths:
        return EMPTY
    if len(paths) == 1:
        return leaf(paths[0], items[paths[0]])
    left, right = fork(paths, depth)
    return node(root(items, left, depth + 1), root(items, right, depth + 1))


def pack(bits):
    """Bits from the top; a bitmap of whole bytes."""
    return bytes(sum(b << 7 - i for i, b in enumerate(bits[at:at + 8])) for at in range(0, len(bits), 8))


# Proofs about one key

def prove(items, path):
    """The parts of a proof, as a list."""
    paths, depth, down = sorted(items), 0, []
    while len(paths) > 1:
        sides = fork(paths, depth)
        down.append(root(items, sides[1 - bit(path, depth)], depth + 1))
        paths, depth = sides[bit(path, depth)], depth + 1
    end = NOTHING if not paths else PRESENT if paths[0] == path else OTHER
    parts = [end, depth, pack([s != EMPTY for s in down]), b"".join(s for s in reversed(down) if s != EMPTY)]
    return parts + ([paths[0], items[paths[0]]] if end == OTHER else [])


def read_siblings(r):
    bitmap = r.take(r.head(2)[1])
    bitmap_at = r.at - len(bitmap)
    hashes = r.take(r.head(2)[1])
    return bitmap, bitmap_at, hashes, r.at - len(hashes)


def check_siblings(parts, count):
    """Returns the siblings, None where one is empty."""
    bitmap, bitmap_at, hashes, hashes_at = parts
    if len(bitmap) != (count + 7) // 8:
        raise Refused("PROOF_SHAPE", bitmap_at)
    bits = [b >> 7 - i & 1 for b in bitmap for i in range(8)]
    if any(bits[count:]):
        raise Refused("PROOF_SHAPE", bitmap_at + len(bitmap) - 1)
    if len(hashes) != 32 * sum(bits):
        raise Refused("PROOF_LENGTH", hashes_at)
    each = [hashes[at:at + 32] for at in range(0, len(hashes), 32)]
    if EMPTY in each:
        raise Refused("MAP_EMPTY_SIBLING", hashes_at + 32 * each.index(EMPTY))
    return bits[:count], each


def read_depth(r):
    at = r.at
    depth = r.uint()
    if depth > 256:
        raise Refused("PROOF_SHAPE", at)
    return depth


def parse(data):
    r = Reader(data)
    count = r.array()
    end = r.uint(0, 2)
    if count != (6 if end == OTHER else 4):
        raise Refused("CBOR_RANGE", 0)
    depth = read_depth(r)
    parts = read_siblings(r)
    bits, hashes = check_siblings(parts, depth)
    other = (r.bytes32(), r.bytes32()) if end == OTHER else None
    if depth and not bits[-1]:
        raise Refused("MAP_TOO_DEEP", parts[1] + (depth - 1) // 8)
    if r.at != len(data):
        raise Refused("CBOR_TRAILING", r.at)
    return end, depth, bits, hashes, other


def join(path, depth, own, sibling):
    """The parent of the node of a path at a depth."""
    return node(sibling, own) if bit(path, depth - 1) else node(own, sibling)


def verify(map_root, path, value, data):
    """Raises Refused unless the path has the value, or none if the value is None."""
    end, depth, bits, hashes, other = parse(data)
    if (end == PRESENT) != (value is not None):
        raise Refused("MAP_KIND")
    if end == OTHER and other[0] == path:
        raise Refused("MAP_OWN_LEAF")
    if end == OTHER and shared(other[0], path) < depth:
        raise Refused("MAP_PREFIX")
    own = EMPTY if end == NOTHING else leaf(path, value) if end == PRESENT else leaf(*other)
    for at in range(depth, 0, -1):
        own = join(path, at, own, hashes.pop(0) if bits[at - 1] else EMPTY)
    if own != map_root:
        raise Refused("PROOF_ROOT_MISMATCH")


# Proofs about many keys

def prove_many(items, paths):
    ends, siblings = [], []

    def go(inside, asked, depth):
        if len(inside) < 2:
            end = NOTHING if not inside else PRESENT if inside[0] in asked else OTHER
            ends.append([end, depth] + ([inside[0], items[inside[0]]] if end == OTHER else []))
            return
        inside, asked = fork(inside, depth), fork(asked, depth)
        for side in (0, 1):
            if asked[side]:
                go(inside[side], asked[side], depth + 1)
        for side in (0, 1):
            if not asked[side]:
                siblings.append(root(items, inside[side], depth + 1))

    go(sorted(items), sorted(paths), 0)
    return [ends, pack([s != EMPTY for s in siblings]), b"".join(s for s in siblings if s != EMPTY)]


class Folder:
    """Folds the claims along the ends, from the leftmost one on; `claims` is a sorted list of (path, value or None)."""

    def __init__(self, claims, reader, ends, parts):
        self.claims, self.r, self.ends, self.parts = claims, reader, ends, parts
        self.bits = [b >> 7 - i & 1 for b in parts[0] for i in range(8)]
        self.used_bits = self.used_hashes = 0

    def sibling(self):
        if self.used_bits == len(self.bits):
            raise Refused("PROOF_SHAPE", self.parts[1])
        self.used_bits += 1
        if not self.bits[self.used_bits - 1]:
            return EMPTY, 0
        at = 32 * self.used_hashes
        if at == len(self.parts[2]):
            raise Refused("PROOF_LENGTH", self.parts[3])
        self.used_hashes += 1
        return self.parts[2][at:at + 32], 2

    def end(self):
        if not self.ends:
            raise Refused("PROOF_LENGTH", self.r.at)
        self.ends -= 1
        at = self.r.at
        count = self.r.array()
        kind = self.r.uint(0, 2)
        if count != (4 if kind == OTHER else 2):
            raise Refused("CBOR_RANGE", at)
        depth = read_depth(self.r)
        return at, kind, depth, (self.r.bytes32(), self.r.bytes32()) if kind == OTHER else None

    def end_node(self, at, kind, depth, other, group):
        """The hash of an end, and how many leaves it is known to have."""
        present = [c for c in group if c[1] is not None]
        if kind == PRESENT:
            if len(present) != 1:
                raise Refused("MAP_KIND", at)
            return leaf(*present[0]), 1
        for path, value in group:
            if value is not None:
                raise Refused("MAP_KIND", at)
            if other and path == other[0]:
                raise Refused("MAP_OWN_LEAF", at)
        if kind == NOTHING:
            return EMPTY, 0
        if shared(other[0], group[0][0]) < depth:
            raise Refused("MAP_PREFIX", at)
        return leaf(*other), 1

    def fold(self):
        waiting, i = {}, 0
        while i < len(self.claims):
            path = self.claims[i][0]
            at, kind, depth, other = self.end()
            if i and shared(self.claims[i - 1][0], path) >= depth:
                raise Refused("PROOF_SHAPE", at)
            j = i + 1
            while j < len(self.claims) and shared(path, self.claims[j][0]) >= depth:
                j += 1
            own, leaves = self.end_node(at, kind, depth, other, self.claims[i:j])
            stop = shared(path, self.claims[j][0]) + 1 if j < len(self.claims) else 0
            for level in range(depth, stop, -1):
                hash_, known = waiting.pop(level) if level in waiting else self.sibling()
                if leaves + known < 2:
                    raise Refused("MAP_TOO_DEEP", self.r.at)
                own, leaves = join(path, level, own, hash_), 2
            waiting[stop] = own, leaves
            i = j
        if self.ends:
            raise Refused("PROOF_LENGTH", self.r.at)
        check_siblings(self.parts, self.used_bits)
        return own


def skip(r):
    """Step over an item; texts, maps and tags have no place in a proof."""
    major, value = r.head()
    if major == 2:
        r.take(value)
    elif major == 4:
        for _ in range(value):
            skip(r)
    elif major in (3, 5, 6):
        raise NotImplementedError


def verify_many(map_root, claims, data):
    paths = [c[0] for c in claims]
    if not claims:
        raise Refused("PROOF_SHAPE")
    if len(claims) > MAX_CLAIMS:
        raise Refused("LIMIT")
    if paths != sorted(set(paths)):
        raise Refused("PROOF_INDEX")
    r = Reader(data)
    r.array(3)
    again = Reader(data)
    again.at = r.at
    skip(r)
    parts = read_siblings(r)
    if r.at != len(data):
        raise Refused("CBOR_TRAILING", r.at)
    ends = again.array()
    if Folder(claims, again, ends, parts).fold() != map_root:
        raise Refused("PROOF_ROOT_MISMATCH")


def outcome(call, *args):
    """The status and the offset of a verification."""
    try:
        call(*args)
        return "AVAL_OK", None
    except Refused as refused:
        return refused.status, refused.offset
