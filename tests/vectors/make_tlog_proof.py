#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write tlog-proof.json: proof files (docs/spec/tiles.md#tile-proof) by code that shares nothing with the library, and what
is wrong with some.

    python3 tests/vectors/make_tlog_proof.py > tests/vectors/tlog-proof.json
"""
import json

from make_log import entry, inclusion, leaves_of, root
from make_note import COSIGNATURE, ECDSA, Key, b64

ORIGIN, HEAD = "log.example/proofs", "c2sp.org/tlog-proof@v1"
OK, FORMAT, LENGTH = "AVAL_OK", "AVAL_E_PROOF_FORMAT", "AVAL_E_PROOF_LENGTH"
MISMATCH, NOTE = "AVAL_E_PROOF_ROOT_MISMATCH", "AVAL_E_CHECKPOINT_FORMAT"
cases = []
key, stranger = Key(ORIGIN, ECDSA, 0x7a), Key(ORIGIN, ECDSA, 0x7b)
witness = Key("witness.example/proofs", COSIGNATURE, 42)


def body(size, origin=ORIGIN):
    return f"{origin}\n{size}\n{b64(root(leaves_of(size)))}\n"


def note(size, signer=key, more="", **how):
    text = body(size, **how)
    return text + "\n" + signer.line(text) + more


def lines(path):
    return "".join(b64(node) + "\n" for node in path)


def path_of(index, size):
    return inclusion(index, leaves_of(size))


def proof(index, size, path=None, number=None, extra="", head=HEAD + "\n", gap="\n", checkpoint=None):
    """Each part may be replaced; number is the text of the line, extra the line with its newline."""
    line = f"index {index}\n" if number is None else number
    return head + extra + line + lines(path_of(index, size) if path is None else path) + gap + \
        (note(size) if checkpoint is None else checkpoint)


def case(id_, status, text, asked, at=None, vkey=None, witness_key=None, plain=None, **expect):
    """asked: the number of the entry that is asked for; at: of the offset; plain: the status without libsodium."""
    given = {"proof": text.encode().hex(), "vkey": (vkey or key).vkey, "entry": entry(asked).hex()}
    if witness_key is not None:
        given["witness"] = witness_key.vkey
    if at is not None:
        expect["offset"] = text.index(at) if isinstance(at, str) else at
    cases.append({"id": id_, "input": given, "expect": {"status": status, "plain": plain or status, **expect}})


def written(index, size):
    """What the library writes, byte for byte: path and checkpoint are what it is given."""
    case(f"entry {index} of {size}", OK, proof(index, size), index, index=index, size=size,
         path=b"".join(path_of(index, size)).hex(), note=note(size).encode().hex())


for count in (1, 2, 3, 7, 8):
    for number in range(count):
        written(number, count)
written(299, 300)

# Verified, and what is not so.
case("another entry", MISMATCH, proof(2, 7), 3)
case("another index", MISMATCH, proof(2, 7, number="index 3\n"), 2)
case("an index that is the size", "AVAL_E_PROOF_INDEX", proof(2, 7, number="index 7\n"), 2)
case("an index of another length of path", LENGTH, proof(2, 7, number="index 6\n"), 2)
case("the largest index", "AVAL_E_PROOF_INDEX", proof(2, 7, number=f"index {2**63 - 1}\n"), 2)
case("a hash less", LENGTH, proof(2, 7, path=path_of(2, 7)[:-1]), 2)
case("a hash more", LENGTH, proof(2, 7, path=path_of(2, 7) + [bytes(32)]), 2)
case("the hashes in the other order", MISMATCH, proof(2, 7, path=path_of(2, 7)[::-1]), 2)
case("no hash", LENGTH, proof(2, 7, path=[]), 2)
case("64 hashes", LENGTH, proof(2, 7, path=[bytes(32)] * 64), 2)
case("65 hashes", LENGTH, proof(2, 7, path=[bytes(32)] * 65), 2, at=len(HEAD + "\nindex 2\n") + 64 * 45)
case("an extra line", OK, proof(2, 7, extra="extra AAEC\n"), 2)
case("an empty extra line", OK, proof(2, 7, extra="extra \n"), 2)
case("another log's key", "AVAL_E_SIGNER_MISSING", proof(2, 7), 2, vkey=stranger)
case("another log's checkpoint", "AVAL_E_CHECKPOINT_ORIGIN",
     proof(2, 7, checkpoint=note(7, origin="log.example/other")), 2)
case("the key of a witness", "AVAL_E_CHECKPOINT_KEY", proof(2, 7), 2, vkey=witness)
case("a checkpoint of another size", "AVAL_E_SIGNATURE_INVALID",
     proof(2, 7, checkpoint=note(7).replace("\n7\n", "\n8\n")), 2)
case("the checkpoint is verified first", "AVAL_E_SIGNATURE_INVALID",
     proof(2, 7, path=[], checkpoint=note(7).replace("\n7\n", "\n8\n")), 2)
case("a later checkpoint", LENGTH, proof(2, 7, checkpoint=note(9)), 2)
case("a witness", OK, proof(2, 7, checkpoint=note(7, more=witness.line(body(7)))), 2, witness_key=witness,
     plain="AVAL_E_UNSUPPORTED")
case("a witness that did not sign", "AVAL_E_CHECKPOINT_WITNESSES", proof(2, 7), 2, witness_key=witness)
case("a witness that nobody asks for", OK, proof(2, 7, checkpoint=note(7, more=witness.line(body(7)))), 2)

# The form.
BEHIND = len(HEAD) + 1
case("nothing", FORMAT, "", 2, at=0)
case("the first line alone", FORMAT, HEAD + "\n", 2, at=BEHIND)
case("another version", FORMAT, proof(2, 7, head="c2sp.org/tlog-proof@v2\n"), 2, at=0)
case("a blank before the first line", FORMAT, proof(2, 7, head=f" {HEAD}\n"), 2, at=0)
case("a carriage return", FORMAT, proof(2, 7, head=f"{HEAD}\r\n"), 2, at=0)
for id_, number in [("no index", ""), ("an index with a zero before it", "index 02\n"), ("a negative index", "index -2\n"),
                    ("an index with a sign", "index +2\n"), ("an empty index", "index \n"), ("two blanks", "index  2\n"),
                    ("a blank behind the index", "index 2 \n"), ("an index in hexadecimal", "index 0x2\n"),
                    ("the index 2^63", f"index {2**63}\n"), ("an index of 20 digits", f"index {10**19}\n"),
                    ("Index with a capital", "Index 2\n")]:
    case(id_, FORMAT, proof(2, 7, number=number), 2, at=BEHIND)
case("extra that is no base64", FORMAT, proof(2, 7, extra="extra AAE\n"), 2, at=BEHIND)
case("extra without a blank", FORMAT, proof(2, 7, extra="extra\n"), 2, at=BEHIND)
case("extra twice", FORMAT, proof(2, 7, extra="extra AAEC\nextra AAEC\n"), 2, at=BEHIND + 11)
case("extra behind the index", FORMAT, proof(2, 7, number="index 2\nextra AAEC\n"), 2, at="extra")
hashes = lines(path_of(2, 7))
for id_, line in [("a hash of 31 bytes", b64(bytes(31))), ("a hash of 33 bytes", b64(bytes(33))),
                  ("a hash with bits left over", b64(bytes(32))[:-2] + "B="), ("a hash without padding", b64(bytes(32))[:-1]),
                  ("a hash in base64url", b64(b"\xff" * 32).replace("/", "_"))]:
    case(id_, FORMAT, proof(2, 7).replace(hashes, hashes + line + "\n"), 2, at=BEHIND + len("index 2\n" + hashes))
case("no empty line", FORMAT, proof(2, 7, gap=""), 2, at=ORIGIN)
case("two empty lines", NOTE, proof(2, 7, gap="\n\n"), 2)
case("no checkpoint", NOTE, proof(2, 7, checkpoint=""), 2)
case("a checkpoint without a signature", NOTE, proof(2, 7, checkpoint=body(7)), 2)
case("a checkpoint signed twice", "AVAL_E_CHECKPOINT_DUPLICATE", proof(2, 7, checkpoint=note(7, more=key.line(body(7)))), 2)
case("a line behind the checkpoint", NOTE, proof(2, 7) + "more\n", 2)

if __name__ == "__main__":
    print("{")
    print('"format": "a proof file, the log\'s key, and the entry that is asked for; see make_tlog_proof.py",')
    print('"source": "make_tlog_proof.py",')
    print(f'"count": {len(cases)},\n"cases": [')
    print(",\n".join(json.dumps(c) for c in cases))
    print("]\n}")
