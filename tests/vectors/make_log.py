#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write log-proof.json: roots, proofs and tiles of logs, by the recursive definitions of RFC 9162 and C2SP, and what is
wrong with some of them.

    python3 tests/vectors/make_log.py > tests/vectors/log-proof.json
"""
import hashlib
import json

cases = []
OK, SHAPE, INDEX, LENGTH = "AVAL_OK", "AVAL_E_PROOF_SHAPE", "AVAL_E_PROOF_INDEX", "AVAL_E_PROOF_LENGTH"
MISMATCH, FORK, SHRUNK = "AVAL_E_PROOF_ROOT_MISMATCH", "AVAL_E_PROOF_FORK", "AVAL_E_PROOF_SHRUNK"
PAST = 2**63


def sha256(data):
    return hashlib.sha256(data).digest()


def entry(i):
    """Leaf i of docs/spec/log.md, section 7."""
    return bytes((i + j) % 256 for j in range(i % 40))


def leaves_of(size):
    return [sha256(b"\0" + entry(i)) for i in range(size)]


def node(left, right):
    return sha256(b"\1" + left + right)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def subtree(begin, end, leaves, whole=True):
    """RFC 9162, section 2.1.4.1, which begins at 0; the same from anywhere else: down to what the subtree is made of."""
    if (begin, end) == (0, len(leaves)):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if end <= k:
        return subtree(begin, end, leaves[:k], whole) + [root(leaves[k:])]
    if begin >= k:
        return subtree(begin - k, end - k, leaves[k:], whole) + [root(leaves[:k])]
    return subtree(0, end - k, leaves[k:], False) + [root(leaves[:k])]


def multi(indices, leaves):
    """The largest nodes without an opened leaf, from left to right."""
    if not indices:
        return [root(leaves)] if leaves else []
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    return multi([i for i in indices if i < k], leaves[:k]) + multi([i - k for i in indices if i >= k], leaves[k:])


def case(op, what, status, **given):
    given = {key: value.hex() if isinstance(value, bytes) else b"".join(value).hex() if isinstance(value, list) else value
             for key, value in given.items()}
    cases.append({"id": f"{op}: {what}", "input": {"op": op, **given}, "expect": {"status": status}})


def bad_paths(op, what, given):
    """The neighbours that every path has: a hash less, a hash more, half a hash is none of these functions' to see."""
    path = given["path"]
    if path:
        case(op, f"{what}, a hash less", LENGTH, **{**given, "path": path[:-1]})
        bent = path[:-1] + [bytes([path[-1][0] ^ 1]) + path[-1][1:]]
        case(op, f"{what}, another last hash", MISMATCH, **{**given, "path": bent})
    case(op, f"{what}, a hash more", LENGTH, **{**given, "path": path + [bytes(32)]})


def roots():
    for size in list(range(18)) + [127, 128, 129, 255, 256, 257]:
        case("root", f"{size} leaves", OK, size=size, root=root(leaves_of(size)))


def inclusions():
    for size, index in ((1, 0), (2, 1), (5, 4), (7, 3), (8, 0), (129, 128), (257, 100)):
        leaves = leaves_of(size)
        given = {"size": size, "index": index, "leaf": leaves[index], "path": inclusion(index, leaves), "root": root(leaves)}
        case("inclusion", f"leaf {index} of {size}", OK, **given)
        bad_paths("inclusion", f"leaf {index} of {size}", given)
        case("inclusion", f"leaf {index} of {size}, the index is the size", INDEX, **{**given, "index": size})
        case("inclusion", f"leaf {index} of {size}, another leaf", MISMATCH, **{**given, "leaf": sha256(b"?")})
    given["path"], given["index"] = [], 0
    case("inclusion", "of an empty tree", SHAPE, **{**given, "size": 0})
    case("inclusion", "of a tree of 2^63 leaves", SHAPE, **{**given, "size": PAST})
    leaves = leaves_of(6)
    case("inclusion", "a node for a leaf", LENGTH, size=6, index=0, leaf=node(*leaves[:2]), path=inclusion(0, leaves)[1:],
         root=root(leaves))
    case("inclusion", "the proof of the neighbour", MISMATCH, size=6, index=1, leaf=leaves[0], path=inclusion(0, leaves),
         root=root(leaves))


def consistencies():
    for old, new in ((1, 1), (1, 2), (3, 7), (4, 7), (6, 8), (7, 7), (64, 129), (100, 257)):
        leaves = leaves_of(new)
        given = {"old_size": old, "new_size": new, "old_root": root(leaves[:old]), "new_root": root(leaves),
                 "path": subtree(0, old, leaves)}
        case("consistency", f"{old} to {new}", OK, **given)
        bad_paths("consistency", f"{old} to {new}", given)
        other = FORK if old == new else MISMATCH
        case("consistency", f"{old} to {new}, another later root", other, **{**given, "new_root": sha256(b"?")})
        case("consistency", f"{old} to {new}, another earlier root", other, **{**given, "old_root": sha256(b"?")})
    swapped = {"old_size": 257, "new_size": 100, "old_root": given["new_root"], "new_root": given["old_root"]}
    case("consistency", "a tree that shrank", SHRUNK, **{**given, **swapped})
    empty = {"old_size": 0, "old_root": root([]), "path": []}
    case("consistency", "0 to 0", OK, **{**given, **empty, "new_size": 0, "new_root": root([])})
    case("consistency", "0 to 257", SHAPE, **{**given, **empty})
    case("consistency", "to 2^63", SHAPE, **{**given, "new_size": PAST})


def subtrees():
    for begin, end, size in ((0, 3, 7), (4, 7, 7), (4, 6, 7), (4, 7, 9), (6, 7, 7), (64, 100, 257), (2, 2, 5)):
        leaves = leaves_of(size)
        given = {"begin": begin, "end": end, "size": size, "subtree_root": root(leaves[begin:end]), "root": root(leaves),
                 "path": subtree(begin, end, leaves) if begin < end else []}
        case("subtree", f"[{begin}, {end}) of {size}", OK, **given)
        bad_paths("subtree", f"[{begin}, {end}) of {size}", given)
    case("subtree", "no multiple of its width", SHAPE, **{**given, "begin": 2, "end": 5})
    case("subtree", "past the end", INDEX, **{**given, "begin": 4, "end": 6})
    for begin, end, index in ((4, 7, 4), (4, 7, 6), (64, 100, 99), (6, 7, 6)):
        leaves = leaves_of(end)
        given = {"begin": begin, "end": end, "index": index, "leaf": leaves[index],
                 "subtree_root": root(leaves[begin:end]), "path": inclusion(index - begin, leaves[begin:end])}
        case("subtree-inclusion", f"leaf {index} in [{begin}, {end})", OK, **given)
        bad_paths("subtree-inclusion", f"leaf {index} in [{begin}, {end})", given)
        case("subtree-inclusion", f"leaf {index} in [{begin}, {end}), the index is the end", INDEX, **{**given, "index": end})
        case("subtree-inclusion", f"leaf {index} in [{begin}, {end}), the index lies before", INDEX,
             **{**given, "index": begin - 1})
    case("subtree-inclusion", "no subtree", SHAPE, **{**given, "begin": 5})


def multis():
    for size, indices in ((1, [0]), (7, [2, 6]), (8, [0, 3, 4]), (8, list(range(8))), (130, [0, 63, 64, 127, 129])):
        leaves = leaves_of(size)
        given = {"size": size, "indices": " ".join(map(str, indices)), "leaves": [leaves[i] for i in indices],
                 "hashes": multi(indices, leaves), "root": root(leaves)}
        name = f"{len(indices)} of {size}, from {indices[0]}"
        case("multi", name, OK, **given)
        case("multi", f"{name}, a hash more", LENGTH, **{**given, "hashes": given["hashes"] + [bytes(32)]})
        if given["hashes"]:
            case("multi", f"{name}, a hash less", LENGTH, **{**given, "hashes": given["hashes"][1:]})
        case("multi", f"{name}, another leaf", MISMATCH, **{**given, "leaves": given["leaves"][:-1] + [sha256(b"?")]})
    case("multi", "an index twice", INDEX, **{**given, "indices": "0 63 63 127 129"})
    case("multi", "indices that descend", INDEX, **{**given, "indices": "63 0 64 127 129"})
    case("multi", "an index that is the size", INDEX, **{**given, "indices": "0 63 64 127 130"})
    case("multi", "no leaf", SHAPE, **{**given, "indices": "", "leaves": []})


def tiles():
    """C2SP tlog-tiles: hashes of one level, 256 a tile; entries behind their lengths."""
    for size, level, number in ((1, 0, 0), (255, 0, 0), (256, 0, 0), (257, 0, 1), (257, 1, 0), (600, 0, 2), (600, 1, 0)):
        width = min(256, size // 256**level - 256 * number)
        part = "" if width == 256 else f".p/{width}"
        hashes = [root(leaves_of(256**level * (256 * number + i + 1))[-256**level:]) for i in range(width)]
        case("tile", f"{size} leaves, level {level}, number {number}", OK, size=size,
             path=f"tile/{level}/{number:03}{part}", bytes=hashes)
        if level == 0 and size < 300:
            bundle = [len(entry(i)).to_bytes(2, "big") + entry(i) for i in range(256 * number, 256 * number + width)]
            case("tile", f"{size} leaves, entries {number}", OK, size=size, path=f"tile/entries/{number:03}{part}",
                 bytes=bundle)


def main():
    for section in (roots, inclusions, consistencies, subtrees, multis, tiles):
        section()
    head = {"format": "logs of the leaves of docs/spec/log.md, section 7; hashes side by side in hexadecimal",
            "source": "tests/vectors/make_log.py", "count": len(cases)}
    print(json.dumps(head, indent=0)[:-2] + ',\n"cases": [')
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


if __name__ == "__main__":
    main()
