# SPDX-License-Identifier: Apache-2.0
"""Maps from the command line, against the model in tests/oracle: roots, proofs of presence and of absence."""
import hashlib
import os
import sys

from harness import INVALID, REFUSED, ROOT, UNREADABLE, USAGE, aval, case, equal, main, read, table, write

sys.path.insert(0, os.path.join(ROOT, "tests", "oracle"))
import smt  # noqa: E402
import state  # noqa: E402


def sha256(data):
    return hashlib.sha256(data).digest()


class Map:
    """A map file beside the items that it should hold."""
    def __init__(self, folder):
        self.folder, self.items, self.file, self.count = folder, {}, os.path.join(folder, "map0"), 0
        equal(aval("map", "new", "--out", self.file, "--json").json, {"root": "00" * 32, "keys": 0})

    def change(self, set_=(), delete=()):
        """set_ holds keys as words, their paths and values."""
        self.count += 1
        out = os.path.join(self.folder, f"map{self.count}")
        words = [w for word, _, value in set_ for w in ("--set", f"{word}={value.hex()}")]
        words += [w for word, _ in delete for w in ("--delete", word)]
        found = aval("map", "set", self.file, *words, "--out", out, "--json").json
        for _, path, value in set_:
            self.items[path] = sha256(value)
        for _, path in delete:
            del self.items[path]
        self.file = out
        equal(found, {"root": self.root.hex(), "keys": len(self.items)})

    @property
    def root(self):
        return smt.root(self.items)

    def prove(self, *words):
        self.count += 1
        out = os.path.join(self.folder, f"proof{self.count}")
        aval("map", "prove", self.file, *[w for word in words for w in ("--key", word)], "--out", out)
        return out


def raw(number):
    path = sha256(b"%d" % number)
    return path.hex(), path


def filled(folder, count):
    map_ = Map(folder)
    map_.change([(*raw(i), b"value %d" % i) for i in range(count)])
    return map_


@case("maps of many sizes have the model's root")
def _(folder):
    map_ = Map(folder)
    for first, last in ((0, 1), (1, 2), (2, 40), (40, 120)):
        map_.change([(*raw(i), b"%d" % i) for i in range(first, last)])
    map_.change([(*raw(i), b"changed") for i in range(0, 50, 7)], [raw(i) for i in range(1, 120, 3) if i % 7])
    equal(aval("map", "root", map_.file, "--json").json, {"root": map_.root.hex(), "keys": len(map_.items)})
    map_.change((), [(path.hex(), path) for path in map_.items])
    equal(map_.items, {})


@case("the keys of a registry")
def _(folder):
    id_ = sha256(b"id")
    words = [(f"note:{id_.hex()}", state.key_path(1, id_)), (f"token:{id_.hex()}", state.key_path(2, id_)),
             (f"fingerprint:{id_.hex()}", state.key_path(3, id_)),
             ("party:vat:FR00300000003", state.key_path(4, "vat:FR00300000003"))]
    map_ = Map(folder)
    map_.change([(word, path, b"x") for word, path in words])
    proof = map_.prove(*[word for word, _ in words])
    aval("map", "verify", proof, "--root", map_.root.hex(), *[w for word, _ in words for w in ("--present", word + "=78")])


@case("a proof shows a key present, or absent, and not the other")
def _(folder):
    map_ = filled(folder, 20)
    root = ["--root", map_.root.hex()]
    here, gone = raw(3)[0], raw(99)[0]
    value = b"value 3".hex()
    aval("map", "verify", map_.prove(here), *root, "--present", f"{here}={value}")
    aval("map", "verify", map_.prove(gone), *root, "--absent", gone)
    for file, words, status in (
            (map_.prove(here), ["--present", f"{here}={value}00"], "AVAL_E_PROOF_ROOT_MISMATCH"),
            (map_.prove(here), ["--absent", here], "AVAL_E_MAP_KIND"),
            (map_.prove(gone), ["--present", f"{gone}={value}"], "AVAL_E_MAP_KIND"),
            (map_.prove(here), ["--present", f"{raw(4)[0]}={value}"], "AVAL_E_PROOF_ROOT_MISMATCH")):
        found = aval("map", "verify", file, *root, *words, "--json", code=INVALID, says=status).json
        equal((found["result"], found["status"]), ("invalid", status))
    aval("map", "verify", map_.prove(here), "--root", "11" * 32, "--present", f"{here}={value}", code=INVALID)


@case("one proof for many keys")
def _(folder):
    map_ = filled(folder, 30)
    keys = [raw(i)[0] for i in (1, 7, 12, 77, 78)]
    proof = map_.prove(*keys)
    claims = [w for i in (1, 7, 12) for w in ("--present", f"{raw(i)[0]}={(b'value %d' % i).hex()}")]
    claims += ["--absent", raw(77)[0], "--absent", raw(78)[0]]
    root = ["--root", map_.root.hex()]
    equal(aval("map", "verify", proof, *root, *claims, "--json").json,
          {"result": "valid", "status": "AVAL_OK", "where": "", "reason": ""})
    aval("map", "verify", proof, *root, *claims[:-2], code=INVALID)
    found = aval("map", "prove", map_.file, "--key", keys[0], "--key", keys[3], "--out", os.path.join(folder, "p"),
                 "--json").json
    equal({row["path"]: row["present"] for row in found["keys"]}, {keys[0]: True, keys[3]: False})


@table([
    ("no key", ["--set", "nonsense=00"]), ("no value", ["--set", "00" * 32]), ("a value that is no hexadecimal",
                                                                                 ["--set", "00" * 32 + "=xy"]),
    ("half a byte", ["--set", "00" * 32 + "=123"]), ("a short id", ["--set", "note:00=00"]),
    ("no party", ["--set", "party:nobody=00"]), ("nothing", [])])
def set_refuses(folder, words):
    map_ = Map(folder)
    out = os.path.join(folder, "out")
    aval("map", "set", map_.file, *words, "--out", out, code=USAGE)
    assert not os.path.exists(out)


@case("what is not there cannot be deleted, nor one key changed twice")
def _(folder):
    map_ = filled(folder, 3)
    out = os.path.join(folder, "out")
    aval("map", "set", map_.file, "--delete", raw(9)[0], "--out", out, code=REFUSED, says="AVAL_E_NOT_FOUND")
    aval("map", "set", map_.file, "--set", raw(1)[0] + "=00", "--delete", raw(1)[0], "--out", out, code=REFUSED)
    assert not os.path.exists(out)


@table([
    ("another first line", lambda t: t.replace("aval map 1", "aval map 2")),
    ("a line cut off", lambda t: t[:-1]),
    ("lines in another order", lambda t: "".join([t.splitlines(True)[0], *reversed(t.splitlines(True)[1:])])),
    ("a line twice", lambda t: t + t.splitlines(True)[-1]),
    ("a digit that is none", lambda t: t[:-2] + "x\n"),
    ("nothing", lambda t: ""),
])
def a_file_that_is_no_map(folder, change):
    map_ = filled(folder, 4)
    bad = write(os.path.join(folder, "bad"), change(read(map_.file).decode()))
    aval("map", "root", bad, code=UNREADABLE, says="AVAL_E_MAP_PAGE")


@case("words of verify")
def _(folder):
    map_ = filled(folder, 2)
    proof = map_.prove(raw(1)[0])
    aval("map", "verify", proof, "--root", "00", "--absent", raw(1)[0], code=USAGE, says="64 hexadecimal digits")
    aval("map", "verify", proof, "--root", "00" * 32, code=USAGE, says="--present KEY=VALUE or --absent KEY")
    aval("map", "verify", os.path.join(folder, "none"), "--root", "00" * 32, "--absent", raw(1)[0], code=UNREADABLE)
    bent = write(os.path.join(folder, "bent"), b"hello")
    aval("map", "verify", bent, "--root", map_.root.hex(), "--absent", raw(9)[0], code=INVALID, says="AVAL_E_CBOR")


main()
