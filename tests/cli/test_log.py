# SPDX-License-Identifier: Apache-2.0
"""Logs from the command line: begun, appended to, proven, checked, replayed; and what is refused, with its exit code."""
import base64
import fcntl
import hashlib
import json
import os
import shutil
import sys

from harness import (INCOMPLETE, INVALID, REFUSED, ROOT, UNREADABLE, USAGE, Skip, aval, aval_code, case, equal, main,
                     read, table, write)

ORIGIN = "log.example/cli"


def tree_root(leaves):
    """RFC 9162, section 2.1.1, as it is written."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree_root(leaves[:k]) + tree_root(leaves[k:])).digest()


def b64(data):
    return base64.b64encode(data).decode()


class Log:
    """A log with a key of its own, in a folder."""
    def __init__(self, folder, name="log", key=None, origin=ORIGIN):
        self.dir, self.key = os.path.join(folder, name), key or os.path.join(folder, name + ".key")
        self.folder, self.entries = folder, []
        if key is None:
            aval("key", "new", "--alg", "esp256", "--out", self.key)
        self.vkey = aval("log", "new", self.dir, "--key", self.key, "--origin", origin, "--json").json["vkey"]

    def append(self, count, prefix="entry"):
        new = [f"{prefix} {len(self.entries) + i}" for i in range(count)]
        path = os.path.join(self.folder, "lines")
        write(path, "".join(line + "\n" for line in new))
        result = aval("log", "append", self.dir, "--key", self.key, "--lines", path, "--json").json
        self.entries += [line.encode() for line in new]
        equal(result, {"origin": ORIGIN, "size": len(self.entries), "root": b64(tree_root(self.entries))})
        return self

    def path(self, name):
        return os.path.join(self.dir, *name.split("/"))

    def prove(self, index, name="proof"):
        out = os.path.join(self.folder, name)
        aval("log", "prove", self.dir, "--index", index, "--out", out)
        return out

    def entry(self, index):
        return write(os.path.join(self.folder, f"entry{index}"), self.entries[index])


@case("a log grows, and its root is the tree's")
def _(folder):
    log = Log(folder)
    for count in (1, 2, 252, 1, 1, 300):
        log.append(count)
        found = aval("log", "check", log.dir, "--vkey", log.vkey, "--json").json
        equal(found, {"origin": ORIGIN, "size": len(log.entries), "root": b64(tree_root(log.entries)),
                      "signatures": [{"name": ORIGIN, "verdict": "valid"}]})
    for size in (0, 1, 3, 256, 257, 557):
        found = aval("log", "root", log.dir, "--size", size, "--vkey", log.vkey, "--json").json
        equal(found, {"origin": ORIGIN, "size": size, "root": b64(tree_root(log.entries[:size]))})
    equal(read(log.path("checkpoint")).decode().split("\n")[:3], [ORIGIN, "557", b64(tree_root(log.entries))])
    assert os.path.exists(log.path("tile/0/001")) and os.path.exists(log.path("tile/0/002.p/45"))


@case("entries come from files, whatever is in them")
def _(folder):
    log = Log(folder)
    data = [b"", b"\n\n", bytes(range(256)), b"x" * 65535]
    words = []
    for i, entry in enumerate(data):
        words += ["--entry", write(os.path.join(folder, f"e{i}"), entry)]
    aval("log", "append", log.dir, "--key", log.key, *words)
    equal(aval("log", "check", log.dir, "--json").json["root"], b64(tree_root(data)))
    long = write(os.path.join(folder, "long"), b"x" * 65536)
    before = read(log.path("checkpoint"))
    aval("log", "append", log.dir, "--key", log.key, "--entry", long, code=UNREADABLE, says="AVAL_E_LIMIT")
    equal(read(log.path("checkpoint")), before)


@case("the last line needs no newline")
def _(folder):
    log = Log(folder)
    lines = write(os.path.join(folder, "l"), "a\n\nb")
    aval("log", "append", log.dir, "--key", log.key, "--lines", lines)
    equal(aval("log", "check", log.dir, "--json").json["root"], b64(tree_root([b"a", b"", b"b"])))


@case("a log without entries")
def _(folder):
    log = Log(folder)
    found = aval("log", "check", log.dir, "--vkey", log.vkey, "--json").json
    equal((found["size"], found["root"]), (0, b64(tree_root([]))))
    aval("log", "prove", log.dir, "--index", 0, "--out", os.path.join(folder, "p"), code=USAGE, says="0 leaves")


@case("what new refuses makes no folder")
def _(folder):
    dir_ = os.path.join(folder, "log")
    other = os.path.join(folder, "k1.key")
    aval("key", "new", "--out", other)
    aval("log", "new", dir_, "--key", other, "--origin", ORIGIN, code=REFUSED, says="AVAL_E_COSE_ALGORITHM")
    log = Log(folder, "good")
    for origin in ("", "two words", "a+b", "x" * 256):
        aval("log", "new", dir_, "--key", log.key, "--origin", origin, code=USAGE)
    assert not os.path.exists(dir_)
    aval("log", "new", log.dir, "--key", log.key, "--origin", ORIGIN, code=UNREADABLE, says="AVAL_E_EXISTS")
    aval("log", "new", os.path.join(folder, "no", "log"), "--key", log.key, "--origin", ORIGIN, code=UNREADABLE,
         says="AVAL_E_IO")


@case("only the key that signed the last checkpoint appends")
def _(folder):
    log, other = Log(folder).append(3), Log(folder, "other")
    lines = write(os.path.join(folder, "l"), "x\n")
    aval("log", "append", log.dir, "--key", other.key, "--lines", lines, code=REFUSED, says="AVAL_E_SIGNER_MISSING")
    aval("log", "append", log.dir, "--key", log.key, code=USAGE, says="--entry FILE or --lines FILE")
    aval("log", "check", log.dir, "--vkey", log.vkey)


@case("one writer at a time")
def _(folder):
    log = Log(folder).append(2)
    lines = write(os.path.join(folder, "l"), "x\n")
    held = os.open(log.dir, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    aval("log", "append", log.dir, "--key", log.key, "--lines", lines, code=UNREADABLE, says="AVAL_E_LOG_BUSY")
    aval("log", "check", log.dir)
    os.close(held)
    aval("log", "append", log.dir, "--key", log.key, "--lines", lines)


@case("what a crash left behind counts for nothing")
def _(folder):
    log = Log(folder).append(255)
    write(log.path("tile/entries/000"), b"half a bundle")
    write(log.path("tile/0/000"), b"half a tile")
    write(log.path("tile/0/000.tmp"), b"less")
    write(log.path("checkpoint.tmp"), b"less still")
    aval("log", "check", log.dir, "--vkey", log.vkey)
    log.append(2)
    aval("log", "check", log.dir, "--vkey", log.vkey)
    assert not os.path.exists(log.path("checkpoint.tmp"))


@table([
    ("a tile's bit", "tile/0/000", lambda d: bytes([d[0] ^ 1]) + d[1:], INVALID, "AVAL_E_PROOF_ROOT_MISMATCH"),
    ("a partial tile's bit", "tile/0/001.p/44", lambda d: d[:-1] + bytes([d[-1] ^ 1]), INVALID,
     "AVAL_E_PROOF_ROOT_MISMATCH"),
    ("an upper tile's bit", "tile/1/000.p/1", lambda d: d[:-1] + bytes([d[-1] ^ 1]), INVALID, "AVAL_E_PROOF_ROOT_MISMATCH"),
    ("a short tile", "tile/0/000", lambda d: d[:-1], INVALID, "AVAL_E_TILE_LENGTH"),
    ("a long tile", "tile/0/000", lambda d: d + b"x", INVALID, "AVAL_E_TILE_LENGTH"),
    ("an entry", "tile/entries/000", lambda d: d[:-1] + b"?", INVALID, "AVAL_E_PROOF_ROOT_MISMATCH"),
    ("a bundle that ends early", "tile/entries/000", lambda d: d[:-1], INVALID, "AVAL_E_TILE_FORMAT"),
    ("an entry too many", "tile/entries/001.p/44", lambda d: d + b"\0\0", INVALID, "AVAL_E_TILE_LENGTH"),
    ("a missing tile", "tile/0/000", None, UNREADABLE, "AVAL_E_NOT_FOUND"),
    ("a missing bundle", "tile/entries/000", None, UNREADABLE, "AVAL_E_NOT_FOUND"),
    ("a missing checkpoint", "checkpoint", None, UNREADABLE, "AVAL_E_NOT_FOUND"),
    ("a checkpoint of another size", "checkpoint", lambda d: d.replace(b"\n300\n", b"\n299\n"), UNREADABLE,
     "AVAL_E_NOT_FOUND"),
    ("no checkpoint", "checkpoint", lambda d: b"hello\n", INVALID, "AVAL_E_CHECKPOINT_FORMAT"),
    ("a signature twice", "checkpoint", lambda d: d + d[d.index(b"\n\n") + 2:], INVALID, "AVAL_E_CHECKPOINT_DUPLICATE"),
])
def check_finds(folder, name, change, code, status):
    log = Log(folder).append(300)
    path = log.path(name)
    if change is None:
        os.remove(path)
    else:
        write(path, change(read(path)))
    result = aval("log", "check", log.dir, "--vkey", log.vkey, "--json", code=code, says=status)
    equal(result.json["error"]["status"], status)


@case("a pipe in place of a tile holds nobody up")
def _(folder):
    log = Log(folder).append(300)
    os.remove(log.path("tile/0/000"))
    os.mkfifo(log.path("tile/0/000"))
    aval("log", "check", log.dir, "--vkey", log.vkey, code=UNREADABLE, says="AVAL_E_IO")


@case("check names the root that the entries have")
def _(folder):
    log = Log(folder).append(5)
    other = tree_root([b"else"])
    text = read(log.path("checkpoint")).decode().split("\n")
    text[2] = b64(other)
    write(log.path("checkpoint"), "\n".join(text))
    found = aval("log", "check", log.dir, "--json", code=INVALID, says="another root").json
    equal(found["root"], b64(tree_root(log.entries)))


@case("check judges each signature")
def _(folder):
    log, other = Log(folder).append(5), Log(folder, "other")
    rows = [{"name": ORIGIN, "verdict": "unknown key"}]
    equal(aval("log", "check", log.dir, "--json").json["signatures"], rows)
    found = aval("log", "check", log.dir, "--vkey", other.vkey, "--json", code=INCOMPLETE, says="no signature by").json
    equal(found["signatures"], rows)
    found = aval("log", "check", log.dir, "--vkey", log.vkey, "--vkey", other.vkey, "--json", code=INCOMPLETE).json
    equal(found["signatures"], [{"name": ORIGIN, "verdict": "valid"}])
    path = log.path("checkpoint")
    text = read(path).replace(b"\n\n", b"\nextension\n\n")
    write(path, text)
    found = aval("log", "check", log.dir, "--vkey", log.vkey, "--json", code=INVALID).json
    equal(found["signatures"], [{"name": ORIGIN, "verdict": "invalid"}])
    aval("log", "check", log.dir, "--vkey", "nonsense", code=USAGE, says="no verifier key")


@case("check answers with one object where it cannot judge")
def _(folder):
    log = Log(folder).append(5)
    # A signature that no key made; a build with libsodium finds that out, one without cannot tell.
    public = bytes(range(32))
    name = "ed.example"
    id_ = hashlib.sha256(name.encode() + b"\n\1" + public).digest()[:4]
    with open(log.path("checkpoint"), "ab") as file:
        file.write(f"— {name} {b64(id_ + bytes(64))}\n".encode())
    words = ["log", "check", log.dir, "--vkey", log.vkey, "--vkey", f"{name}+{id_.hex()}+{b64(bytes([1]) + public)}"]
    code = aval_code(*words)
    found = aval(*words, "--json", code=code).json
    if code == INVALID:
        equal(found["signatures"], [{"name": ORIGIN, "verdict": "valid"}, {"name": name, "verdict": "invalid"}])
    else:
        equal((code, found["error"]["exit"], found["error"]["status"]), (INCOMPLETE, INCOMPLETE, "AVAL_E_UNSUPPORTED"))
        equal(list(found), ["error"])


def off_the_curve(vkey):
    """The vkey of a point beside the curve, with the id that its bytes have."""
    name, _, material = vkey.split("+", 2)
    data = bytearray(base64.b64decode(material))
    data[-1] ^= 1
    return f"{name}+{hashlib.sha256(bytes(data[1:])).hexdigest()[:8]}+{b64(bytes(data))}"


@case("a verifier key off the curve is a wrong word")
def _(folder):
    log = Log(folder).append(3)
    bad = off_the_curve(log.vkey)
    # A line by it, so that its signature would be looked at.
    name, id_, _ = bad.split("+", 2)
    line = "— " + name + " " + b64(bytes.fromhex(id_) + bytes.fromhex("3006020101020101")) + "\n"
    with open(log.path("checkpoint"), "ab") as file:
        file.write(line.encode())
    receipt, proof = os.path.join(folder, "receipt"), log.prove(0)
    aval("log", "receipt", log.dir, "--key", log.key, "--index", 0, "--out", receipt)
    entry = log.entry(0)
    for words in (["check", log.dir], ["root", log.dir], ["audit", log.dir], ["verify", proof, "--entry", entry],
                  ["verify-receipt", receipt, "--entry", entry],
                  ["verify", proof, "--entry", entry, "--vkey", log.vkey, "--witness"]):
        option = "--witness" if words[-1] == "--witness" else "--vkey"
        words = words if option == "--witness" else [*words, option]
        aval("log", *words, bad, code=USAGE, says=f"{option} is no verifier key: ")
    for words in (["check", log.dir], ["verify", proof, "--entry", entry], ["verify-receipt", receipt, "--entry", entry]):
        aval("log", *words, "--vkey", log.vkey)


@table([
    ("2023", 1_700_000_000, "2023-11-14T22:13:20Z"),
    ("the last of 9999", 253402300799, "9999-12-31T23:59:59Z"),
    ("10000", 253402300800, None),
    ("the largest in milliseconds", (2**63 - 1) // 1000, None),
    ("a second more", (2**63 - 1) // 1000 + 1, None),
    ("2023 in milliseconds modulo 2^64", (2**64 + 1_700_000_000_384) // 1000, None),
    ("the largest", 2**63 - 1, None),
])
def time_of_a_witness(folder, seconds, want):
    sys.path.insert(0, os.path.join(ROOT, "tests", "vectors"))
    try:
        from make_note import COSIGNATURE, Key
    except ImportError:
        raise Skip("python3-cryptography is not here") from None
    log, witness = Log(folder).append(5), Key("witness.example", COSIGNATURE, 7)
    text = read(log.path("checkpoint")).decode().split("\n\n")[0] + "\n"
    with open(log.path("checkpoint"), "ab") as file:
        file.write(witness.line(text, time=seconds).encode())
    words = ["log", "check", log.dir, "--vkey", log.vkey, "--vkey", witness.vkey, "--json"]
    if aval_code(*words) == INCOMPLETE:
        raise Skip("this build has no libsodium")
    equal(aval(*words).json["signatures"][1], {"name": "witness.example", "verdict": "valid", "time": want})


@case("each entry has a proof that verifies with it alone")
def _(folder):
    log = Log(folder).append(7)
    for index in range(7):
        proof = log.prove(index, f"proof{index}")
        found = aval("log", "verify", proof, "--entry", log.entry(index), "--vkey", log.vkey, "--json").json
        equal(found, {"result": "valid", "status": "AVAL_OK", "where": "", "reason": "", "origin": ORIGIN, "size": 7,
                      "index": index})
        found = aval("log", "verify", proof, "--entry", log.entry((index + 1) % 7), "--vkey", log.vkey, "--json",
                     code=INVALID).json
        equal((found["result"], found["status"]), ("invalid", "AVAL_E_PROOF_ROOT_MISMATCH"))
    aval("log", "prove", log.dir, "--index", 7, "--out", os.path.join(folder, "p"), code=USAGE, says="7 leaves")
    aval("log", "prove", log.dir, "--index", "x", "--out", os.path.join(folder, "p"), code=USAGE)
    aval("log", "prove", log.dir, "--index", 1, "--out", os.path.join(folder, "proof1"), code=UNREADABLE,
         says="AVAL_E_EXISTS")


@case("prove says its path to machines")
def _(folder):
    log = Log(folder).append(3)
    found = aval("log", "prove", log.dir, "--index", 2, "--vkey", log.vkey, "--out", os.path.join(folder, "p"),
                 "--json").json
    equal(found, {"origin": ORIGIN, "size": 3, "index": 2, "path": [b64(tree_root(log.entries[:2]))]})


@table([
    ("another index", lambda t: t.replace("index 2", "index 3"), INVALID, "AVAL_E_PROOF_ROOT_MISMATCH"),
    ("an index past the end", lambda t: t.replace("index 2", "index 9"), INVALID, "AVAL_E_PROOF_INDEX"),
    ("a hash more", lambda t: t.replace("index 2\n", "index 2\n" + b64(bytes(32)) + "\n"), INVALID,
     "AVAL_E_PROOF_LENGTH"),
    ("another origin", lambda t: t.replace("log.example/cli\n", "log.example/clj\n"), INVALID, "AVAL_E_CHECKPOINT_ORIGIN"),
    ("a checkpoint that was changed", lambda t: t.replace("\n9\n", "\n10\n"), INVALID, "AVAL_E_SIGNATURE_INVALID"),
    ("no signature by the log", lambda t: t.replace("— log.example/cli", "— log.example/clj"), INCOMPLETE,
     "AVAL_E_SIGNER_MISSING"),
    ("no proof", lambda t: "hello", INVALID, "AVAL_E_PROOF_FORMAT"),
])
def verify_refuses(folder, change, code, status):
    log = Log(folder).append(9)
    proof = log.prove(2)
    bad = write(os.path.join(folder, "bad"), change(read(proof).decode()))
    found = aval("log", "verify", bad, "--entry", log.entry(2), "--vkey", log.vkey, "--json", code=code, says=status).json
    equal((found["status"], found["result"]), (status, "incomplete" if code == INCOMPLETE else "invalid"))


@case("verify asks for witnesses")
def _(folder):
    log, witness = Log(folder).append(4), Log(folder, "witness", origin="witness.example")
    proof, entry = log.prove(1), log.entry(1)
    words = ["log", "verify", proof, "--entry", entry, "--vkey", log.vkey]
    aval(*words, "--witness", witness.vkey, code=INCOMPLETE, says="AVAL_E_CHECKPOINT_WITNESSES")
    aval(*words, "--witness", witness.vkey, "--threshold", 0)
    aval(*words, "--threshold", 1, code=USAGE, says="more witnesses")
    aval(*words, "--witness", "x", code=USAGE, says="--witness is no verifier key")


@case("a log is consistent with what it showed before")
def _(folder):
    log, old = Log(folder), []
    for count in (0, 3, 5, 260):
        if count:
            log.append(count)
        old.append(write(os.path.join(folder, f"old{count}"), read(log.path("checkpoint"))))
    for path, size in zip(old, (0, 3, 8, 268)):
        found = aval("log", "consistency", log.dir, "--old", path, "--vkey", log.vkey, "--json").json
        equal((found["old_size"], found["size"]), (size, 268))


@case("a log that shrank, was forked or was swapped is found out")
def _(folder):
    log = Log(folder).append(5)
    before = shutil.copytree(log.dir, os.path.join(folder, "before"))
    log.append(3)
    late = write(os.path.join(folder, "late"), read(log.path("checkpoint")))
    aval("log", "consistency", before, "--old", late, code=INVALID, says="AVAL_E_PROOF_SHRUNK")
    fork = Log(folder, "fork", log.key).append(8, "other")
    aval("log", "consistency", fork.dir, "--old", late, code=INVALID, says="AVAL_E_PROOF_FORK")
    fork.append(1, "other")
    aval("log", "consistency", fork.dir, "--old", late, code=INVALID, says="AVAL_E_PROOF_ROOT_MISMATCH")
    other = Log(folder, "swapped", origin="log.example/other")
    aval("log", "consistency", other.dir, "--old", late, code=INVALID, says="AVAL_E_CHECKPOINT_ORIGIN")
    aval("log", "consistency", log.dir, "--old", late, "--vkey", other.vkey, code=INVALID,
         says="AVAL_E_CHECKPOINT_ORIGIN")


def cbor_head(major, value):
    if value < 256:
        return bytes([major << 5 | value]) if value < 24 else bytes([major << 5 | 24, value])
    return bytes([major << 5 | 27]) + value.to_bytes(8, "big")


def cbor_bytes(data):
    return cbor_head(2, len(data)) + data


def receipt_bytes(kind, numbers, path, signature):
    """The receipt that docs/spec/receipt.md asks for, written by hand."""
    proof = cbor_head(4, 3) + b"".join(cbor_head(0, n) for n in numbers) + cbor_head(4, len(path))
    proof += b"".join(cbor_bytes(node) for node in path)
    # 18([<< {1: -9, 395: 1} >>, {396: {kind: [<< proof >>]}}, null, signature])
    return b"\xd2\x84" + cbor_bytes(bytes.fromhex("a2012819018b01")) + bytes.fromhex("a119018ca1") + \
        bytes([0x20 - kind - 1]) + b"\x81" + cbor_bytes(proof) + b"\xf6" + cbor_bytes(signature)


def receipt_of(log, name, *words):
    out = os.path.join(log.folder, name)
    found = aval("log", "receipt", log.dir, "--key", log.key, *words, "--out", out, "--json").json
    return out, found


@case("each entry has a receipt, byte for byte as the specification says")
def _(folder):
    log = Log(folder).append(5)
    e = [hashlib.sha256(b"\0" + entry).digest() for entry in log.entries]
    node = lambda a, b: hashlib.sha256(b"\1" + a + b).digest()
    paths = {0: [e[1], node(e[2], e[3]), e[4]], 4: [node(node(e[0], e[1]), node(e[2], e[3]))]}
    for index in range(5):
        out, found = receipt_of(log, f"r{index}", "--index", index)
        equal(found, {"kind": "inclusion", "origin": ORIGIN, "size": 5, "index": index})
        if index in paths:
            data = read(out)
            equal(data, receipt_bytes(-1, [5, index], paths[index], data[-64:]))
        words = ["log", "verify-receipt", out, "--entry", log.entry(index), "--vkey", log.vkey, "--json"]
        facts = {"result": "valid", "status": "AVAL_OK", "where": "", "reason": "", "kind": "inclusion", "size": 5,
                 "index": index}
        equal(aval(*words).json, {**facts, "bound": False})
        equal(aval(*words, "--checkpoint", log.path("checkpoint")).json, {**facts, "bound": True})
        words[4] = log.entry((index + 1) % 5)
        found = aval(*words, code=INVALID, says="AVAL_E_SIGNATURE_INVALID").json
        equal((found["result"], found["status"]), ("invalid", "AVAL_E_SIGNATURE_INVALID"))
        found = aval(*words, "--checkpoint", log.path("checkpoint"), code=INVALID).json
        equal(found["status"], "AVAL_E_PROOF_ROOT_MISMATCH")
    assert aval("log", "verify-receipt", out, "--entry", log.entry(4), "--vkey", log.vkey).out == "valid\n"


@case("the one entry of a log has a receipt with an empty path")
def _(folder):
    log = Log(folder).append(1)
    out, _found = receipt_of(log, "r", "--index", 0)
    equal(read(out), receipt_bytes(-1, [1, 0], [], read(out)[-64:]))
    aval("log", "verify-receipt", out, "--entry", log.entry(0), "--vkey", log.vkey)
    bent = write(os.path.join(folder, "bent"), receipt_bytes(-1, [2, 0], [], read(out)[-64:]))
    aval("log", "verify-receipt", bent, "--entry", log.entry(0), "--vkey", log.vkey, code=INVALID,
         says="AVAL_E_PROOF_LENGTH")


@case("a receipt of consistency")
def _(folder):
    log, olds = Log(folder), {}
    for count in (0, 3, 1, 3):
        if count:
            log.append(count)
        olds[len(log.entries)] = write(os.path.join(folder, f"old{len(log.entries)}"), read(log.path("checkpoint")))
    out, found = receipt_of(log, "r", "--old", olds[4])
    equal(found, {"kind": "consistency", "origin": ORIGIN, "size": 7, "old_size": 4})
    equal(read(out), receipt_bytes(-2, [4, 7], [tree_root(log.entries[4:])], read(out)[-64:]))
    words = ["log", "verify-receipt", out, "--vkey", log.vkey, "--json", "--old"]
    facts = {"result": "valid", "status": "AVAL_OK", "where": "", "reason": "", "kind": "consistency", "size": 7,
             "old_size": 4}
    equal(aval(*words, olds[4]).json, {**facts, "bound": False})
    equal(aval(*words, olds[4], "--checkpoint", olds[7]).json, {**facts, "bound": True})
    equal(aval(*words, olds[3], code=INVALID).json["status"], "AVAL_E_RECEIPT_SIZE")
    equal(aval(*words, olds[4], "--checkpoint", olds[4], code=INVALID).json["status"], "AVAL_E_RECEIPT_SIZE")
    fork = Log(folder, "fork", log.key).append(4, "other")
    # Four leaves are a whole subtree: the earlier root is part of the proof, and leads to a root nobody signed.
    equal(aval(*words, fork.path("checkpoint"), code=INVALID).json["status"], "AVAL_E_SIGNATURE_INVALID")
    equal(aval(*words, fork.path("checkpoint"), "--checkpoint", olds[7], code=INVALID).json["status"],
          "AVAL_E_PROOF_ROOT_MISMATCH")
    refuse = ["log", "receipt", log.dir, "--key", log.key, "--out", os.path.join(folder, "none"), "--old"]
    aval(*refuse, olds[7], code=INVALID, says="AVAL_E_PROOF_LENGTH")
    aval(*refuse, olds[0], code=INVALID, says="AVAL_E_PROOF_SHAPE")
    aval(*refuse, fork.path("checkpoint"), code=INVALID, says="AVAL_E_PROOF_ROOT_MISMATCH")
    before = Log(folder, "before", log.key).append(2)
    refuse[2] = before.dir
    aval(*refuse, olds[7], code=INVALID, says="AVAL_E_PROOF_SHRUNK")
    assert not os.path.exists(refuse[6])


@table([(f"{numbers[0]}, {numbers[1]}", kind, numbers, said) for kind, numbers, said in [
    (-1, [2**63 - 1, 5], [2**63 - 1, 5]), (-1, [2**63, 5], [None, 5]), (-1, [5, 2**63 - 1], [5, 2**63 - 1]),
    (-1, [2**64 - 1, 2**64 - 1], [None, None]), (-2, [2, 2**63 - 1], [2**63 - 1, 2]),
    (-2, [2**63, 2**64 - 1], [None, None])]])
def numbers_of_a_receipt(folder, kind, numbers, said):
    log = Log(folder).append(3)
    receipt = write(os.path.join(folder, "r"), receipt_bytes(kind, numbers, [bytes(32)], bytes(64)))
    more = ["--entry", log.entry(0)] if kind == -1 else ["--old", log.path("checkpoint")]
    found = aval("log", "verify-receipt", receipt, "--vkey", log.vkey, "--json", *more, code=INVALID).json
    equal([found["size"], found["index" if kind == -1 else "old_size"]], said)


@case("what is no receipt, or is asked for wrongly")
def _(folder):
    log, other = Log(folder).append(3), Log(folder, "other")
    out, _found = receipt_of(log, "r", "--index", 1)
    sign = ["log", "receipt", log.dir, "--out", os.path.join(folder, "none"), "--key"]
    aval(*sign, other.key, "--index", 1, code=REFUSED, says="AVAL_E_SIGNER_MISSING")
    aval(*sign, log.key, code=USAGE, says="either --index or --old is needed")
    aval(*sign, log.key, "--index", 1, "--old", log.path("checkpoint"), code=USAGE)
    aval(*sign, log.key, "--index", 3, code=USAGE, says="3 leaves")
    aval("log", "receipt", log.dir, "--out", out, "--key", log.key, "--index", 1, code=UNREADABLE, says="AVAL_E_EXISTS")
    verify = ["log", "verify-receipt", out, "--vkey", log.vkey]
    aval(*verify, code=USAGE, says="either --entry or --old is needed")
    aval(*verify, "--entry", log.entry(1), "--proof", 1, code=USAGE, says="1 proofs of inclusion")
    aval(*verify, "--old", log.path("checkpoint"), code=USAGE, says="0 of consistency")
    aval(*verify, "--entry", log.entry(1), "--checkpoint", other.path("checkpoint"), code=INCOMPLETE,
         says="AVAL_E_SIGNER_MISSING")
    verify[4] = other.vkey
    aval(*verify, "--entry", log.entry(1), code=INVALID, says="AVAL_E_SIGNATURE_INVALID")
    verify[4] = log.vkey
    data = read(out)
    for at in range(len(data)):
        bent = write(os.path.join(folder, "bent"), data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        code = aval_code("log", "verify-receipt", bent, "--vkey", log.vkey, "--entry", log.entry(1),
                         "--checkpoint", log.path("checkpoint"))
        assert code in (INVALID, INCOMPLETE, USAGE), f"byte {at}: exit {code}"


def foreign_vkey(pem):
    """The verifier key of a P-256 or Ed25519 key; of another kind none can be made, and one that is not asked stands in."""
    spki = base64.b64decode("".join(line for line in pem.decode().splitlines() if not line.startswith("-")))
    name = "scitt.example"
    if len(spki) == 91:
        return f"{name}+{hashlib.sha256(spki).hexdigest()[:8]}+{b64(bytes([2]) + spki)}"
    key = bytes([1]) + spki[-32:]
    return f"{name}+{hashlib.sha256(name.encode() + bytes([10]) + key).hexdigest()[:8]}+{b64(key)}"


@table([(name, name, code, status) for name, code, status in [
    ("valid-es256", 0, "AVAL_OK"), ("fail-unsupported-vds", INCOMPLETE, "AVAL_E_UNSUPPORTED"),
    ("valid-ccf-vds2", INCOMPLETE, "AVAL_E_UNSUPPORTED")]])
def receipt_of_another_program(folder, name, code, status):
    path = os.path.join(ROOT, "..", "shared", "vectors", "scitt-cose-v1", "test-vectors", "v1", name)
    if not os.path.isdir(path):
        raise Skip("SCITT's receipts are not here")
    vkey = foreign_vkey(read(os.path.join(path, "log-key.pub")))
    statement = hashlib.sha256(read(os.path.join(path, "statement.cose"))).digest()
    words = ["log", "verify-receipt", os.path.join(path, "receipt.cose"), "--vkey", vkey, "--json", "--entry"]
    found = aval(*words, write(os.path.join(folder, "entry"), statement), code=code).json
    equal(found["status"], status)
    if code == 0:
        equal((found["size"], found["index"], found["bound"]), (8, 2, False))
        found = aval(*words, write(os.path.join(folder, "other"), statement[::-1]), code=INVALID).json
        equal(found["status"], "AVAL_E_SIGNATURE_INVALID")


def forked(folder, ours, theirs):
    """Two logs of one key; the second has other entries from the first one on."""
    one = Log(folder, "one")
    other = Log(folder, "other", one.key)
    return one.append(ours), other.append(theirs, "forged")


def rows_of(answer):
    return {row["check"]: row["verdict"] for row in answer["checks"]}


@case("a fork of one size is evidence, from two checkpoints alone")
def _(folder):
    one, other = forked(folder, 5, 5)
    out = os.path.join(folder, "evidence.aval")
    found = aval("log", "evidence", one.path("checkpoint"), "--other", other.path("checkpoint"), "--vkey", one.vkey,
                 "--out", out, "--json").json
    equal(found, {"kind": "root", "origin": ORIGIN})
    answer = aval("verify", out, "--json").json
    equal((answer["kind"], answer["result"]), ("evidence", "valid"))
    equal(rows_of(answer), {**dict.fromkeys(["disclosure", "terms", "parties", "identity", "mandates", "registered", "live",
                                             "duplicate", "fresh"], "not checked"),
                            **dict.fromkeys(["encoding", "signatures", "history"], "pass")})
    roots = sorted(b64(tree_root(log.entries)) for log in (one, other))
    equal(sorted(answer["evidence"][side]["root"] for side in ("first", "second")), roots)
    text = aval("verify", out).out
    assert text.startswith("evidence: valid\n") and "one size has two roots" in text, text
    assert "disclosure" not in text, text


@case("a rewritten log is evidence, with the leaf that changed")
def _(folder):
    one, other = forked(folder, 300, 517)
    out = os.path.join(folder, "evidence.aval")
    words = ["log", "evidence", one.dir, "--vkey", one.vkey, "--out", out, "--json", "--other"]
    aval(*words, other.path("checkpoint"), code=USAGE, says="name the folders of both logs")
    equal(aval(*words, other.dir).json, {"kind": "leaf", "origin": ORIGIN, "index": 0})
    answer = aval("verify", out, "--json").json
    equal((answer["kind"], answer["result"], answer["evidence"]["index"]), ("evidence", "valid", 0))
    equal([answer["evidence"][side]["size"] for side in ("first", "second")], [300, 517])
    assert "leaf 0 is not the same in both" in aval("verify", out).out


@case("evidence counts for whom the caller relies on")
def _(folder):
    one, other = forked(folder, 5, 5)
    stranger = Log(folder, "stranger")
    out = os.path.join(folder, "evidence.aval")
    aval("log", "evidence", one.dir, "--other", other.dir, "--vkey", one.vkey, "--out", out)
    equal(rows_of(aval("verify", out, "--registry-key", one.vkey, "--json").json)["identity"], "pass")
    aval("verify", out, "--registry-key", stranger.vkey, "--json", code=INCOMPLETE)
    aval("verify", out, "--registry-key", stranger.vkey, "--without", "identity")


@case("an honest log is not accused, nor a stranger's")
def _(folder):
    log = Log(folder).append(5)
    before = shutil.copytree(log.dir, os.path.join(folder, "before"))
    log.append(3)
    out = os.path.join(folder, "evidence.aval")
    words = ["log", "evidence", log.dir, "--out", out]
    aval(*words, "--other", before, "--vkey", log.vkey, code=REFUSED, says="AVAL_E_EVIDENCE_NONE")
    aval(*words, "--other", log.dir, "--vkey", log.vkey, code=REFUSED, says="AVAL_E_EVIDENCE_NONE")
    stranger = Log(folder, "stranger").append(8, "theirs")
    aval(*words, "--other", stranger.dir, "--vkey", log.vkey, code=INCOMPLETE, says="AVAL_E_SIGNER_MISSING")
    assert not os.path.exists(out)


@case("evidence that was bent is invalid")
def _(folder):
    one, other = forked(folder, 5, 5)
    out = os.path.join(folder, "evidence.aval")
    aval("log", "evidence", one.dir, "--other", other.dir, "--vkey", one.vkey, "--out", out)
    data = read(out)
    for at in range(0, len(data), 29):
        bent = write(os.path.join(folder, "bent"), data[:at] + bytes([data[at] ^ 4]) + data[at + 1:])
        aval("verify", bent, code=INVALID)


@case("a log of another program is read")
def _(folder):
    path = os.path.join(ROOT, "..", "shared", "vectors", "tessera-testlog", "testdata", "log")
    if not os.path.isdir(path):
        raise Skip("the test log of Tessera is not here")
    found = aval("log", "check", path, "--json").json
    equal((found["size"], found["signatures"]), (15, [{"name": "example.com/log/testdata", "verdict": "unknown key"}]))
    result = aval("log", "root", path, "--size", 8, "--json").json
    equal(result["root"], read(os.path.join(path, "checkpoint.8")).decode().split("\n")[2])
    for size in range(1, 15):
        aval("log", "consistency", path, "--old", os.path.join(path, f"checkpoint.{size}"))


AUDITS = [c for c in json.loads(read(os.path.join(ROOT, "tests", "vectors", "state.json")))["cases"]
          if c["id"].startswith("audit-")]
assert len(AUDITS) > 10


def registry_log(folder, vector):
    """The entries of a vector as a log, their deltas beside them."""
    log = Log(folder)
    words = []
    for i, (entry, delta) in enumerate(zip(vector["input"]["entries"], vector["input"]["deltas"])):
        words += ["--entry", write(os.path.join(folder, f"e{i}"), bytes.fromhex(entry))]
        if delta:
            os.makedirs(log.path("delta"), exist_ok=True)
            write(log.path(f"delta/{i:03}"), bytes.fromhex(delta))
    aval("log", "append", log.dir, "--key", log.key, *words)
    return log


@table([(c["id"], c) for c in AUDITS])
def audit(folder, vector):
    log, expect = registry_log(folder, vector), vector["expect"]
    if expect["status"] == "AVAL_OK" and vector["input"]["deltas"][-1]:
        aval("log", "audit", log.dir, code=INVALID, says="AVAL_E_STATE_OPEN")
    elif expect["status"] == "AVAL_OK":
        found = aval("log", "audit", log.dir, "--vkey", log.vkey, "--json").json
        equal((found["size"], found["map_root"]), (len(vector["input"]["entries"]), expect["map_root"]))
    else:
        aval("log", "audit", log.dir, code=INVALID, says=[f"entry {expect['agreed']}: {expect['status']}"])


def many_notes(folder, log, index, first, count):
    """An entry that brings so many notes, its delta beside it."""
    pair = b"\x83\x82\x01\x58\x20", b"\xf6\x58\x20" + bytes([9]) * 32
    delta = bytes([0x80 + count]) if count < 24 else b"\x9a" + count.to_bytes(4, "big")
    delta += b"".join([pair[0] + n.to_bytes(32, "big") + pair[1] for n in range(first, first + count)])
    os.makedirs(log.path("delta"), exist_ok=True)
    write(log.path(f"delta/{index:03}"), delta)
    tag = hashlib.sha256(b"aval/delta").digest()
    entry = b"\x86\x65event" + cbor_head(2, 32) + index.to_bytes(32, "big") + cbor_head(2, 32) + bytes(32) + \
        cbor_head(2, 32) + hashlib.sha256(tag + tag + delta).digest() + b"\1\0"
    return ["--entry", write(os.path.join(folder, f"e{index}"), entry)]


@case("an audit that is too much finds nothing")
def _(folder):
    log, words = Log(folder), []
    for i in range(16):
        words += many_notes(folder, log, i, i << 16, 1 << 16)
    aval("log", "append", log.dir, "--key", log.key, *words)
    aval("log", "audit", log.dir, code=INVALID, says="AVAL_E_STATE_OPEN")
    words = many_notes(folder, log, 16, 1 << 20, 1)
    aval("log", "append", log.dir, "--key", log.key, *words)
    found = aval("log", "audit", log.dir, "--json", code=UNREADABLE, says="entry 16: AVAL_E_LIMIT: audit.map").json
    equal((found["error"]["exit"], found["error"]["status"]), (UNREADABLE, "AVAL_E_LIMIT"))


@case("a delta of more changes than the rules allow is a finding")
def _(folder):
    log = Log(folder)
    aval("log", "append", log.dir, "--key", log.key, *many_notes(folder, log, 0, 0, (1 << 16) + 1))
    aval("log", "audit", log.dir, code=INVALID, says=["entry 0: AVAL_E_LIMIT", "more than AVAL_DELTA_MAX_CHANGES"])


@case("audit misses a delta, and a state at the end")
def _(folder):
    log = registry_log(folder, AUDITS[0])
    deltas = sorted(os.listdir(log.path("delta")))
    os.remove(log.path("delta/" + deltas[-1]))
    aval("log", "audit", log.dir, code=UNREADABLE, says=[f"entry {int(deltas[-1])}: ", "AVAL_E_NOT_FOUND"])
    os.mkdir(os.path.join(folder, "two"))
    short = {"input": {"entries": AUDITS[0]["input"]["entries"][:1], "deltas": AUDITS[0]["input"]["deltas"][:1]}}
    log = registry_log(os.path.join(folder, "two"), short)
    aval("log", "audit", log.dir, code=INVALID, says="AVAL_E_STATE_OPEN")


@case("audit of what is no registry's log")
def _(folder):
    aval("log", "audit", Log(folder).append(2).dir, code=INVALID, says="entry 0: AVAL_E_CBOR")


@table([(name, words) for name, words in {
    "root": ["root", "DIR"], "check": ["check", "DIR"], "append": ["append", "DIR", "--key", "KEY", "--entry", "KEY"],
    "audit": ["audit", "DIR"], "prove": ["prove", "DIR", "--index", "0", "--out", "OUT"]}.items()])
def no_such_log(folder, words):
    log = Log(folder)
    names = {"DIR": os.path.join(folder, "none"), "KEY": log.key, "OUT": os.path.join(folder, "out")}
    aval("log", *[names.get(word, word) for word in words], code=UNREADABLE, says="AVAL_E_NOT_FOUND")


main()
