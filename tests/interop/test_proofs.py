# SPDX-License-Identifier: Apache-2.0
"""Published vectors about logs: Merkle probes of transparency-dev, roots of RFC 6962, notes of C2SP, the test log of
Tessera, receipts of RFC 9942 and of SCITT.

    test_proofs.py PEER VECTORS

VECTORS is the folder that holds them; a suite that is not there is skipped.
"""
import base64
import collections
import hashlib
import json
import os
import sys

from peer import Peer, Skip, case, equal, main, table

peer = Peer(sys.argv[1])
VECTORS = sys.argv[2] if len(sys.argv) > 2 else ""
OK, INVALID, UNSUPPORTED = "AVAL_OK", "AVAL_E_SIGNATURE_INVALID", "AVAL_E_UNSUPPORTED"
EXAMPLE = ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
           b"This is an example message.\n\n\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT"
           b"gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
# What this build says of a good Ed25519 signature, and of a bad one.
ED25519 = peer.status("note", EXAMPLE[1], EXAMPLE[0].encode())
assert ED25519 in (OK, UNSUPPORTED)
ED25519_BAD = INVALID if ED25519 == OK else UNSUPPORTED


def path(*names):
    return os.path.join(VECTORS, *names)


def need(*names):
    if not VECTORS or not os.path.exists(path(*names)):
        raise Skip(f"the vectors {'/'.join(names)} are not here")
    return path(*names)


def read(*names):
    with open(need(*names), "rb") as file:
        return file.read()


# The probes: each is a proof and whether it is one.

PROBES = ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"]
NO_HASH = "a hash is missing"
# By how many probes each is had. A change of one is a change of the library.
STATUSES = {
    "inclusion": {"AVAL_E_PROOF_INDEX": 8, "AVAL_E_PROOF_LENGTH": 26, "AVAL_E_PROOF_ROOT_MISMATCH": 34,
                  "AVAL_E_PROOF_SHAPE": 3, OK: 6, NO_HASH: 21},
    "consistency": {"AVAL_E_PROOF_FORK": 3, "AVAL_E_PROOF_LENGTH": 47, "AVAL_E_PROOF_ROOT_MISMATCH": 25,
                    "AVAL_E_PROOF_SHAPE": 5, "AVAL_E_PROOF_SHRUNK": 4, OK: 6, NO_HASH: 8},
    "subtreeinclusion": {"AVAL_E_PROOF_INDEX": 19, "AVAL_E_PROOF_LENGTH": 52, "AVAL_E_PROOF_ROOT_MISMATCH": 68,
                         "AVAL_E_PROOF_SHAPE": 11, OK: 12, NO_HASH: 42},
    "subtreeconsistency": {"AVAL_E_PROOF_FORK": 3, "AVAL_E_PROOF_INDEX": 4, "AVAL_E_PROOF_LENGTH": 54,
                           "AVAL_E_PROOF_ROOT_MISMATCH": 29, "AVAL_E_PROOF_SHAPE": 8, OK: 12, NO_HASH: 8},
}
COUNTS = {"inclusion": 98, "consistency": 98, "subtreeinclusion": 204, "subtreeconsistency": 118}


def probe_files(kind):
    folder = need("transparency-dev-merkle", "testdata", kind)
    files = sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names
                   if name.endswith(".json"))
    equal(len(files), COUNTS[kind], "probes")
    return files


def hash32(text):
    """The bytes of a hash; where a probe has a word in its place, another for each word. Nothing is no hash."""
    data = base64.b64decode(text or "")
    return data if len(data) in (0, 32) else hashlib.sha256(b"in place of " + data).digest()


def ask(kind, probe):
    hashes = {name: hash32(probe[name]) for name in ("root", "root1", "root2", "leafHash") if name in probe}
    proof = [hash32(item) for item in probe["proof"] or []]
    if b"" in hashes.values() or b"" in proof:
        return NO_HASH
    numbers = [probe.get(name, 0) for name in ("leafIdx", "treeSize", "size1", "size2", "start", "end", "size")]
    assert all(0 <= n < 2**64 for n in numbers), numbers
    joined = b"".join(proof)
    if kind == "inclusion":
        return peer.status(kind, hashes["root"], probe["treeSize"], probe["leafIdx"], hashes["leafHash"], joined)
    if kind == "consistency":
        return peer.status(kind, hashes["root1"], probe["size1"], hashes["root2"], probe["size2"], joined)
    if kind == "subtreeinclusion":
        return peer.status(kind, hashes["root"], probe["start"], probe["end"], probe["leafIdx"], hashes["leafHash"], joined)
    return peer.status(kind, hashes["root1"], probe["start"], probe["end"], hashes["root2"], probe["size"], joined)


@table("transparency-dev", [(kind, kind) for kind in PROBES])
def probes(kind):
    seen = collections.Counter()
    for name in probe_files(kind):
        with open(name, encoding="utf-8") as file:
            probe = json.load(file)
        got = ask(kind, probe)
        about = os.path.relpath(name, path("transparency-dev-merkle", "testdata"))
        assert (got != OK) == probe["wantErr"], f"{about}: got {got}, wantErr {probe['wantErr']}"
        assert got in (OK, NO_HASH) or got.startswith("AVAL_E_PROOF_"), f"{about}: {got}"
        seen[got] += 1
    equal(dict(sorted(seen.items())), STATUSES[kind], "statuses")




@case("RFC 6962 roots")
def _():
    vectors = json.loads(read("rfc6962-reference", "rfc6962_roots.json"))
    leaves = [bytes.fromhex(leaf) for leaf in vectors["leaf_inputs_hex"]]
    equal(len(vectors["root_by_size"]), len(leaves) + 1)
    for size, root in enumerate(vectors["root_by_size"]):
        equal(peer.status("root", *leaves[:size]), root, f"size {size}")


# Notes and checkpoints.

@case("C2SP signed-note: the example")
def _():
    vkey, note = read("c2sp-signed-note", "example.vkey").strip(), read("c2sp-signed-note", "example.note")
    equal((vkey.decode(), note), EXAMPLE)
    equal(peer.status("note", note.replace(b"example message", b"example Message"), vkey), ED25519_BAD)


@table("Tessera's test log", [(str(size), size) for size in range(16)])
def tessera(size):
    vkey = b"example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    note = read("tessera-testlog", "testdata", "log", f"checkpoint.{size}")
    equal(peer.ask("checkpoint", note, vkey), [ED25519, str(size)])
    equal(peer.ask("checkpoint", note.replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1)), vkey),
          [ED25519_BAD, str(size + 1)])


# Receipts.

@case("RFC 9942: inclusion")
def _():
    equal(peer.ask("receipt", read("rfc9942-cose-receipts", "inclusion-receipt.cbor")),
          [OK, "1", "0", "5", "3", "0", "0"])


@case("RFC 9942: consistency")
def _():
    equal(peer.ask("receipt", read("rfc9942-cose-receipts", "consistency-receipt.cbor")),
          [OK, "0", "1", "0", "0", "3", "5"])


SCITT = {"valid-es256": OK, "valid-eddsa": ED25519, "fail-tampered-path": ED25519_BAD, "fail-bad-statement-sig": ED25519,
         "fail-unsupported-vds": UNSUPPORTED, "valid-ccf-vds2": UNSUPPORTED}


def public_key(pem):
    """A point, or an Ed25519 key; what is neither is left to the peer's first refusal."""
    der = base64.b64decode("".join(line for line in pem.decode().splitlines() if not line.startswith("-")))
    return der[-65:] if len(der) == 91 else der[-32:]


@table("SCITT", [(name, name) for name in SCITT])
def scitt(name):
    need("scitt-cose-v1", "test-vectors", "v1", name)

    def part(file):
        return read("scitt-cose-v1", "test-vectors", "v1", name, file)

    expected = json.loads(part("expected.json"))
    entry = hashlib.sha256(part("statement.cose")).digest()
    if expected["leaf_index"] is not None:
        equal(entry.hex(), expected["leaf_entry"], "entry")
    leaf = peer.bytes("leaf", entry)
    key = public_key(part("log-key.pub"))
    equal(peer.status("receipt-inclusion", part("receipt.cose"), key, leaf), SCITT[name])
    if SCITT[name] == OK:
        other = bytes([leaf[0] ^ 1]) + leaf[1:]
        equal(peer.status("receipt-inclusion", part("receipt.cose"), key, other), INVALID)
        equal(peer.ask("receipt", part("receipt.cose"))[3:5], [str(expected["tree_size"]), str(expected["leaf_index"])])


def ccf_part(vector, where, prefix=""):
    """A receipt, the key and the statement's hash: of statements that are not there the hash is."""
    part = vector["direction_flip"]["our_receipt"] if where == "direction_flip" else vector[where]
    return bytes.fromhex(part[prefix + "bytes_hex"]), public_key(part["ts_public_key_pem"].encode()), part


def ccf_leaf(vector, where):
    hashed = (vector if where == "our_receipt" else vector["direction_flip"])["leaf_entry"]["hex"]
    return peer.bytes("leaf", bytes.fromhex(hashed))


@table("SCITT and CCF", [
    ("one leaf", "our_receipt", 1, 0, 0), ("151 of 152", "direction_flip", 152, 151, 5)])
def shared_vector(where, size, index, hashes):
    vector = json.loads(read("scitt-cose-v1", "interop", "ccf", "shared-vector.json"))
    receipt, key, part = ccf_part(vector, where)
    statement = base64.b64decode((vector["statement"]["bytes_base64"] if where == "our_receipt" else
                                  vector["direction_flip"]["statement_bytes_base64"]))
    leaf = ccf_leaf(vector, where)
    equal(peer.bytes("leaf", hashlib.sha256(statement).digest()), leaf, "leaf")
    equal(part["verify_result"]["tree_size"], size, "size")
    equal(peer.ask("receipt", receipt), [OK, "1", "0", str(size), str(index), "0", "0"])
    equal(len(receipt.split(b"\x58\x20")) - 1, hashes, "hashes")
    equal(peer.status("receipt-inclusion", receipt, key, leaf), ED25519)
    equal(peer.status("receipt-inclusion", receipt, key, bytes([leaf[0] ^ 1]) + leaf[1:]), ED25519_BAD)
    other = ccf_part(vector, "direction_flip" if where == "our_receipt" else "our_receipt")[1]
    equal(peer.status("receipt-inclusion", receipt, other, leaf), ED25519_BAD)


@case("SCITT and CCF: a receipt of CCF")
def _():
    vector = json.loads(read("scitt-cose-v1", "interop", "ccf", "shared-vector.json"))
    receipt, key, _part = ccf_part(vector, "ccf_receipt", "receipt_")
    equal(vector["ccf_receipt"]["statement_sha256"], vector["direction_flip"]["leaf_entry"]["hex"], "one statement")
    equal(peer.status("receipt", receipt), UNSUPPORTED)
    # Its key is on P-384, and is not asked: any other gets the same.
    equal(peer.status("receipt-inclusion", receipt, key, ccf_leaf(vector, "direction_flip")), UNSUPPORTED)


main(peer)
