#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verify proof files from docs/spec alone (tiles.md#tile-proof, checkpoint.md, log.md), and compare with the vectors.

    tlog_proof.py FOLDER    judge each case of FOLDER/tlog-proof.json, as TAP

It shares nothing with the library, nor with what writes the vectors; signatures are verified by the package cryptography.
"""
import base64
import hashlib
import json
import pathlib
import re
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key
except ImportError:
    print("1..1\nok 1 - proof files # SKIP python3-cryptography is not here")
    sys.exit(0)

SPACES = re.compile("[\\s+\x7f\x00-\x20\x85\xa0]")


class Refused(Exception):
    """The status, and where."""
    def __init__(self, status, offset=None):
        super().__init__(status)
        self.status, self.offset = status, offset


def need(good, status, offset=None):
    if not good:
        raise Refused(status, offset)


def strict_base64(text):
    """The bytes of the one base64 that they have, or None."""
    if not re.fullmatch("[A-Za-z0-9+/]*={0,2}", text) or len(text) % 4:
        return None
    data = base64.b64decode(text)
    return data if base64.b64encode(data).decode() == text else None


def number(text):
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63 else None


# checkpoint.md

class Vkey:
    def __init__(self, text):
        self.name, self.id, material = text.split("+", 2)
        material = base64.b64decode(material)
        self.type, self.key = material[0], material[1:]
        hashed = self.key if self.type == 2 else self.name.encode() + b"\n" + material
        assert hashlib.sha256(hashed).hexdigest()[:8] == self.id

    def verifies(self, text, signature):
        """DER of ECDSA, of which cryptography takes the strict form alone, or time and Ed25519."""
        try:
            if self.type == 2:
                load_der_public_key(self.key).verify(signature, text, ec.ECDSA(SHA256()))
            else:
                time = int.from_bytes(signature[:8], "big")
                ed25519.Ed25519PublicKey.from_public_bytes(self.key).verify(
                    signature[8:], b"cosignature/v1\ntime %d\n" % time + text)
            return True
        except InvalidSignature:
            return False


class Checkpoint:
    def __init__(self, note):
        need(not re.search("[\x00-\x09\x0b-\x1f]", note), "AVAL_E_CHECKPOINT_FORMAT")
        text, gap, lines = note.rpartition("\n\n")
        need(gap and lines.endswith("\n"), "AVAL_E_CHECKPOINT_FORMAT")
        self.text, self.signatures = (text + "\n").encode(), {}
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            data = match and strict_base64(match[2])
            need(data and len(data) > 4 and not SPACES.search(match[1]), "AVAL_E_CHECKPOINT_FORMAT")
            by = match[1], data[:4].hex()
            need(by not in self.signatures, "AVAL_E_CHECKPOINT_DUPLICATE")
            self.signatures[by] = data[4:]
        parts = text.split("\n")
        need(len(parts) >= 3 and all(parts), "AVAL_E_CHECKPOINT_FORMAT")
        self.origin, self.size, self.root = parts[0], number(parts[1]), strict_base64(parts[2])
        need(self.size is not None and self.root and len(self.root) == 32, "AVAL_E_CHECKPOINT_FORMAT")

    def verify(self, vkey, witness):
        need(vkey.type != 4, "AVAL_E_CHECKPOINT_KEY")
        need(self.origin == vkey.name, "AVAL_E_CHECKPOINT_ORIGIN")
        need((vkey.name, vkey.id) in self.signatures, "AVAL_E_SIGNER_MISSING")
        need(vkey.verifies(self.text, self.signatures[vkey.name, vkey.id]), "AVAL_E_SIGNATURE_INVALID")
        if witness:
            need((witness.name, witness.id) in self.signatures, "AVAL_E_CHECKPOINT_WITNESSES")
            need(witness.verifies(self.text, self.signatures[witness.name, witness.id]), "AVAL_E_SIGNATURE_INVALID")


# tiles.md#tile-proof

class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def peek(self):
        """The next line, or None."""
        end = self.text.find("\n", self.at)
        return None if end < 0 else self.text[self.at:end]

    def line(self):
        line = self.peek()
        need(line is not None, "AVAL_E_PROOF_FORMAT", self.at)
        self.at += len(line) + 1
        return line


def read(text):
    """Index, path and checkpoint."""
    reader, path = Reader(text), []
    need(reader.peek() == "c2sp.org/tlog-proof@v1", "AVAL_E_PROOF_FORMAT", 0)
    reader.line()
    if (reader.peek() or "").startswith("extra "):
        need(re.fullmatch("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?", reader.peek()[6:]), "AVAL_E_PROOF_FORMAT",
             reader.at)
        reader.line()
    at, line = reader.at, reader.line()
    index = number(line[6:]) if line.startswith("index ") else None
    need(index is not None, "AVAL_E_PROOF_FORMAT", at)
    while True:
        at, line = reader.at, reader.line()
        if not line:
            break
        data = strict_base64(line)
        need(data is not None and len(data) == 32, "AVAL_E_PROOF_FORMAT", at)
        path.append(data)
        need(len(path) <= 64, "AVAL_E_PROOF_LENGTH", at)
    return index, path, Checkpoint(text[reader.at:])


# log.md: the path of an index, told by the recursive definition of the tree.

def sides(index, size):
    """From the leaf up: whether the other subtree is at the left."""
    if size == 1:
        return []
    k = 1 << (size - 1).bit_length() - 1
    return sides(index, k) + [False] if index < k else sides(index - k, size - k) + [True]


def verify(text, vkey, witness, entry):
    index, path, checkpoint = read(text)
    checkpoint.verify(vkey, witness)
    need(index < checkpoint.size, "AVAL_E_PROOF_INDEX")
    way = sides(index, checkpoint.size)
    need(len(way) == len(path), "AVAL_E_PROOF_LENGTH")
    node = hashlib.sha256(b"\0" + entry).digest()
    for left, other in zip(way, path):
        node = hashlib.sha256(b"\1" + (other + node if left else node + other)).digest()
    need(node == checkpoint.root, "AVAL_E_PROOF_ROOT_MISMATCH")


def judge(given):
    witness = Vkey(given["witness"]) if "witness" in given else None
    try:
        verify(bytes.fromhex(given["proof"]).decode(), Vkey(given["vkey"]), witness, bytes.fromhex(given["entry"]))
    except Refused as refused:
        return refused.status, refused.offset
    return "AVAL_OK", None


def main(folder):
    cases = json.loads((pathlib.Path(folder) / "tlog-proof.json").read_text(encoding="utf-8"))["cases"]
    failed = 0
    print(f"1..{len(cases)}")
    for count, case in enumerate(cases, 1):
        got, want = judge(case["input"]), (case["expect"]["status"], case["expect"].get("offset"))
        failed += got != want
        print(f"{'ok' if got == want else 'not ok'} {count} - {case['id']}")
        if got != want:
            print(f"# got {got}, want {want}")
    sys.exit(failed != 0)


main(sys.argv[1])
