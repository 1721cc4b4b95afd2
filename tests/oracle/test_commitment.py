#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors and example are what the oracle writes, and the library judges damaged disclosures as the oracle does.

    test_commitment.py OPEN-DISCLOSURES-PROGRAM
"""
import collections
import random
import subprocess
import sys

import commitment as oracle
import commitment_vectors as vectors

ROUNDS = 40


def damage(rng, data, others):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = rng.choice((0, 1, 0x17, 0x18, 0x19, 0x1b, 0x40, 0x58, 0x5f, 0x60, 0x80, 0x82, 0x84, 0xa0, 0xf6, 0xff))
        elif kind == 2:
            del data[at:at + rng.choice((1, 2, 32, 34))]
        elif kind == 3:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            data[at:at] = other[start:start + rng.choice((1, 34, 100))]
        elif kind == 4:
            length = rng.choice((1, 34, 45))
            data[at:at] = data[at:at + length]
        else:
            del data[at:]
    return bytes(data)


def expected(commitment, data):
    try:
        oracle.verify(data, commitment)
        return "AVAL_OK -"
    except oracle.Refused as refused:
        return f"{refused.status} {'-' if refused.offset is None else refused.offset}"


def main(program):
    print("1..4")
    failed = 0
    for number, (path, text) in enumerate(vectors.files().items(), 1):
        same = path.read_text(encoding="utf-8") == text
        failed += not same
        print("ok" if same else "not ok", number, "-", path.name + " is what the oracle writes")
    cases = [(bytes.fromhex(c["input"]["commitment"]), bytes.fromhex(c["input"]["disclosure"]))
             for c in vectors.write_disclosure_vectors()]
    rng = random.Random(1)
    inputs = [(c, damage(rng, d, [o for _, o in cases])) for c, d in cases for _ in range(ROUNDS)]
    got = subprocess.run([program], input="".join(f"{c.hex()} {d.hex()}\n" for c, d in inputs), text=True,
                         capture_output=True, check=True).stdout.splitlines()
    assert len(got) == len(inputs)
    kinds, wrong = collections.Counter(), 0
    for (commitment, data), line in zip(inputs, got):
        want = expected(commitment, data)
        # Where in a path its form breaks, the oracle does not say.
        same = line == want or (want == "AVAL_E_INVOICE_TERM_UNKNOWN -" and line.startswith(want[:-1]))
        kinds[want.split()[0]] += 1
        if not same:
            wrong += 1
            print(f"# got {line}, want {want}: {commitment.hex()} {data.hex()}")
    print("ok" if not wrong else "not ok", 4, "-", len(inputs), "damaged disclosures:",
          ", ".join(f"{n} {k[7:]}" for k, n in kinds.most_common()))
    return failed + wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) != 0)
