#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write signed-note.json: checkpoints signed by logs and witnesses, by code that shares nothing with the library.

    python3 tests/vectors/make_note.py > tests/vectors/signed-note.json
"""
import base64
import json
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from curves import P256, b32, ecdsa, sha256

ED25519, ECDSA, COSIGNATURE = 1, 2, 4
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
OK, INVALID, UNSUPPORTED = "AVAL_OK", "AVAL_E_SIGNATURE_INVALID", "AVAL_E_UNSUPPORTED"
cases = []


def b64(data):
    return base64.b64encode(data).decode()


def der(signature):
    def number(data):
        data = data.lstrip(b"\0") or b"\0"
        data = b"\0" + data if data[0] & 0x80 else data
        return b"\x02" + bytes([len(data)]) + data
    body = number(signature[:32]) + number(signature[32:])
    return b"\x30" + bytes([len(body)]) + body


class Key:
    """A key under a name: of P-256 by its number, else of Ed25519 by a byte of its seed."""
    def __init__(self, name, type_, number):
        self.name, self.type, self.number = name, type_, number
        if type_ == ECDSA:
            x, y = P256.mul(number)
            self.public = SPKI + b"\x04" + b32(x) + b32(y)
            self.id = sha256(self.public)[:4]
        else:
            self.secret = Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
            self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            self.id = sha256(name.encode() + b"\n" + bytes([type_]) + self.public)[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.type]) + self.public)}"

    def sign(self, text, time=1_700_000_000, high=False):
        if self.type == ECDSA:
            return der(ecdsa(P256, self.number, sha256(text.encode()), high))
        if self.type == ED25519:
            return self.secret.sign(text.encode())
        return struct.pack(">Q", time) + self.secret.sign(f"cosignature/v1\ntime {time}\n{text}".encode())

    def line(self, text, signature=None, name=None, id_=None, **how):
        data = (id_ or self.id) + (self.sign(text, **how) if signature is None else signature)
        return f"— {name or self.name} {b64(data)}\n"


def checkpoint(origin="log.example/one", size=42, root=bytes(range(32)), more=""):
    return f"{origin}\n{size}\n{b64(root)}\n{more}"


def case(id_, text, lines, status, log=None, witnesses=(), threshold=0, verdicts=None, line=None, plain=OK, count=None):
    """line: of the offset expected; plain: the status without libsodium; count: the cause."""
    note = text + "\n" + "".join(lines)
    expect = {"status": status, "plain": plain if plain != OK else status}
    if line is not None:
        expect["offset"] = len((text + "\n" + "".join(lines[:line])).encode())
    if count is not None:
        expect["cause"] = count
    if verdicts:
        expect["verdicts"] = verdicts
    cases.append({"id": id_, "input": {"note": note.encode().hex(), "vkey": (log or p256).vkey,
                                       "witnesses": [w.vkey for w in witnesses], "threshold": threshold},
                  "expect": expect})


p256 = Key("log.example/one", ECDSA, 0xb0b)
ed = Key("log.example/one", ED25519, 1)
other = Key("log.example/two", ECDSA, 0xfee)
w1, w2, w3 = (Key(f"witness.example/{n}", COSIGNATURE, 10 + n) for n in (1, 2, 3))
w1_again = Key("witness.example/same-key", COSIGNATURE, 11)
p256_witness = Key("witness.example/p256", ECDSA, 0xeee)
log_as_witness = Key("witness.example/log", ECDSA, 0xb0b)
text = checkpoint()
good = p256.line(text)
sig = p256.sign(text)
r, s = sig[4:4 + sig[3]], sig[6 + sig[3]:]

# The log's key.
case("P-256", text, [good], OK, verdicts=["valid"])
case("P-256, high s", text, [p256.line(text, high=True)], OK, verdicts=["valid"])
case("P-256 over an extension line", checkpoint(more="ext\n"), [p256.line(checkpoint(more="ext\n"))], OK)
case("P-256, size 0", checkpoint(size=0), [p256.line(checkpoint(size=0))], OK)
case("P-256, another size", checkpoint(size=43), [good], INVALID, line=0, verdicts=["invalid"])
case("P-256, another root", checkpoint(root=bytes(32)), [good], INVALID, line=0)
case("P-256, an extension line added", text + "x\n", [good], INVALID, line=0)
case("P-256, another origin in the text alone", checkpoint("log.example/onf"), [good], "AVAL_E_CHECKPOINT_ORIGIN")
case("another log's checkpoint", checkpoint("log.example/two"), [other.line(checkpoint("log.example/two"))],
     "AVAL_E_CHECKPOINT_ORIGIN", verdicts=["unknown key"])
case("signed by another log", text, [other.line(text)], "AVAL_E_SIGNER_MISSING", verdicts=["unknown key"])
case("the log's name, another id", text, [p256.line(text, id_=b"\1\2\3\4")], "AVAL_E_SIGNER_MISSING",
     verdicts=["unknown key"])
case("the log's id, another name", text, [p256.line(text, name="log.example/onf")], "AVAL_E_SIGNER_MISSING",
     verdicts=["unknown key"])
case("the log's name and id, another key's signature", text, [other.line(text, name=p256.name, id_=p256.id)], INVALID,
     line=0, verdicts=["invalid"])
for name, character, status in [("U+0009", "\t", "AVAL_E_CHECKPOINT_FORMAT"), ("U+000D", "\r", "AVAL_E_CHECKPOINT_FORMAT"),
                                ("U+001F", "\x1f", "AVAL_E_CHECKPOINT_FORMAT"), ("U+0020", " ", OK), ("U+007F", "\x7f", OK),
                                ("U+0080", "\x80", OK), ("U+009F", "\x9f", OK)]:
    with_it = checkpoint(more=f"a{character}b\n")
    case(f"{name} in the text", with_it, [p256.line(with_it)], status)
for name, character, status in [("U+001F", "\x1f", "AVAL_E_CHECKPOINT_FORMAT"), ("U+0021", "!", OK),
                                ("U+007E", "~", OK), ("U+007F", "\x7f", "AVAL_E_CHECKPOINT_FORMAT"), ("U+0080", "\x80", OK),
                                ("U+0085", "\x85", "AVAL_E_CHECKPOINT_FORMAT"), ("U+0086", "\x86", OK),
                                ("a plus", "+", "AVAL_E_CHECKPOINT_FORMAT"), ("a wide space", "\u3000", "AVAL_E_CHECKPOINT_FORMAT")]:
    case(f"{name} in a name", text, [good, other.line(text, name=f"log.example/{character}")], status)
case("an unknown key before the log's", text, [other.line(text), good], OK, verdicts=["unknown key", "valid"])
case("an unknown key behind the log's", text, [good, other.line(text, b"\0" * 2420)], OK,
     verdicts=["valid", "unknown key"])
case("invalid behind an unknown key", text, [other.line(text), p256.line(text, b"\x30\0")], INVALID, line=1)
case("log's line twice", text, [good, good], "AVAL_E_CHECKPOINT_DUPLICATE", line=1)
case("log's line twice, the second invalid", text, [good, p256.line(text, high=True)], "AVAL_E_CHECKPOINT_DUPLICATE",
     line=1)

# DER.
for name, bad in {
        "r || s": ecdsa(P256, 0xb0b, sha256(text.encode())),
        "a byte behind": sig + b"\0",
        "cut": sig[:-1],
        "a long length": b"\x30\x81" + sig[1:],
        "a set": b"\x31" + sig[1:],
        "r with a zero before it": b"\x30" + bytes([sig[1] + 1]) + b"\x02" + bytes([len(r) + 1]) + b"\0" + r + sig[4 + len(r):],
        "negative r": b"\x30" + bytes([4 + 32 + len(s)]) + b"\x02\x20\x80" + r[-31:] + b"\x02" + bytes([len(s)]) + s,
        "r of 33 bytes": b"\x30" + bytes([4 + 33 + len(s)]) + b"\x02\x21\x01" + r[-32:] + b"\x02" + bytes([len(s)]) + s,
        "empty r": b"\x30" + bytes([4 + len(s)]) + b"\x02\x00\x02" + bytes([len(s)]) + s,
        "r zero": b"\x30" + bytes([5 + len(s)]) + b"\x02\x01\x00\x02" + bytes([len(s)]) + s,
        "r an octet string": sig[:2] + b"\x04" + sig[3:],
        "a third number": b"\x30" + bytes([sig[1] + 3]) + sig[2:] + b"\x02\x01\x01",
        "one byte": b"\x30"}.items():
    case(f"DER: {name}", text, [p256.line(text, bad)], INVALID, line=0, verdicts=["invalid"])

# Ed25519.
case("Ed25519", text, [ed.line(text)], OK, ed, verdicts=["valid"], plain=UNSUPPORTED)
case("Ed25519, another size", checkpoint(size=43), [ed.line(text)], INVALID, ed, line=0, plain=UNSUPPORTED)
case("Ed25519, 63 bytes", text, [ed.line(text, ed.sign(text)[:63])], INVALID, ed, line=0, verdicts=["invalid"])
case("Ed25519, 65 bytes", text, [ed.line(text, ed.sign(text) + b"\0")], INVALID, ed, line=0)
case("both keys of one log, by P-256", text, [ed.line(text), good], OK, verdicts=["unknown key", "valid"])
case("both keys of one log, by Ed25519", text, [ed.line(text), good], OK, ed, verdicts=["valid", "unknown key"],
     plain=UNSUPPORTED)

# Witnesses.
case("a witness in place of the log", text, [w1.line(text)], "AVAL_E_CHECKPOINT_KEY", Key(p256.name, COSIGNATURE, 5))
lines = [good, w1.line(text), w2.line(text)]
three = [w1, w2, w3]
case("2 of 3", text, lines, OK, None, three, 2, ["valid"] * 3, plain=UNSUPPORTED)
case("3 of 3, one missing", text, lines, "AVAL_E_CHECKPOINT_WITNESSES", None, three, 3, plain=UNSUPPORTED, count=2)
case("1 of 1", text, lines[:2], OK, None, [w1], 1, plain=UNSUPPORTED)
case("1 of 1, by another", text, lines[:2], "AVAL_E_CHECKPOINT_WITNESSES", None, [w3], 1, count=0)
case("0 of 3", text, [good], OK, None, three, 0)
case("4 of 3", text, lines, "AVAL_E_INVALID_ARGUMENT", None, three, 4)
case("one key under two names, 2 asked", text, [good, w1.line(text), w1_again.line(text)],
     "AVAL_E_CHECKPOINT_WITNESSES", None, [w1, w1_again], 2, plain=UNSUPPORTED, count=1)
case("one key under its second name", text, [good, w1_again.line(text)], OK, None, [w1, w1_again], 1, plain=UNSUPPORTED)
case("one witness named twice, 2 asked", text, lines[:2], "AVAL_E_CHECKPOINT_WITNESSES", None, [w1, w1], 2,
     plain=UNSUPPORTED, count=1)
case("the log as its own witness", text, [good, log_as_witness.line(text)], "AVAL_E_CHECKPOINT_WITNESSES", None,
     [log_as_witness], 1, count=0)
case("a P-256 witness", text, [good, p256_witness.line(text)], OK, None, [p256_witness], 1, ["valid", "valid"])
case("enough witnesses, one invalid", text, [good, w1.line(text), w2.line(text, w2.sign(checkpoint(size=43)))], INVALID,
     None, three, 1, ["valid", "valid", "invalid"], line=2, plain=UNSUPPORTED)
case("cosignature moved to another time", text,
     [good, w1.line(text, struct.pack(">Q", 1_700_000_001) + w1.sign(text)[8:])], INVALID, None, [w1], 1,
     ["valid", "invalid"], line=1, plain=UNSUPPORTED)
case("cosignature at 0", text, [good, w1.line(text, time=0)], OK, None, [w1], 1, plain=UNSUPPORTED)
case("cosignature at the last second", text, [good, w1.line(text, time=2**63 - 1)], OK, None, [w1], 1,
     plain=UNSUPPORTED)
case("cosignature past the last second", text, [good, w1.line(text, time=2**63)], INVALID, None, [w1], 1, line=1)
case("plain Ed25519 in place of a cosignature", text, [good, w1.line(text, w1.secret.sign(text.encode()))], INVALID,
     None, [w1], 1, line=1)
case("cosignature over an extension line", checkpoint(more="e\n"),
     [p256.line(checkpoint(more="e\n")), w1.line(checkpoint(more="e\n"))], OK, None, [w1], 1, plain=UNSUPPORTED)
case("cosignature without the extension line", checkpoint(more="e\n"),
     [p256.line(checkpoint(more="e\n")), w1.line(text)], INVALID, None, [w1], 1, line=1, plain=UNSUPPORTED)

if __name__ == "__main__":
    print("{")
    print('"format": "a signed checkpoint, the log\'s key, witnesses and how many must have signed; see tests/vectors/make_note.py",')
    print('"source": "tests/vectors/make_note.py",')
    print(f'"count": {len(cases)},\n"cases": [')
    print(",\n".join(json.dumps(c, ensure_ascii=False) for c in cases))
    print("]\n}")
