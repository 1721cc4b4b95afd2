#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A smoke run of aval-bench: every row runs, and what is printed has its promised shape."""
import json
import subprocess
import sys

BENCH = sys.argv[1]
KEYS = ["name", "ns_per_op", "limit", "limit_ns", "ratio", "allocs_per_op", "bytes_per_item"]
# Rows that say what an item holds: more than its hash, and less than with a whole path of its own.
HOLDS = {"log.build": (32, 128), "map.insert": (64, 512)}
# Rows that are promised; add yours.
REQUIRED = [
    "cbor.decode", "cbor.read",
    "disclose.commit", "disclose.prove", "disclose.verify",
    "hash.leaves", "hash.blocks", "hash.nodes", "hash.node", "hash.block",
    "log.build", "log.build-fresh", "log.append", "log.prove", "log.verify",
    "log.prove_multi", "log.verify_multi", "log.prove_consistency", "log.verify_consistency",
    "tile.prove", "tile.write", "checkpoint.parse", "checkpoint.verify", "receipt.verify",
    "map.insert", "map.prove", "map.prove_absent", "map.verify", "map.verify_absent",
    "sign.musig2",
    "verify.batch", "verify.bundle", "verify.chain-cold", "verify.chain-warm",
    "verify.event", "verify.event-p256", "verify.event-schnorr", "verify.portfolio",
]
NO_ALLOCATION = ["cbor.decode", "cbor.read", "disclose.verify", "log.prove", "log.verify",
                 "log.prove_multi", "log.verify_multi", "log.prove_consistency", "log.verify_consistency", "checkpoint.parse",
                 "map.prove", "map.prove_absent", "map.verify", "map.verify_absent", "verify.batch", "verify.event",
                 "verify.event-schnorr"]

count = failed = 0


def check(good, name, detail=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print(f"# {detail}")


def run(*args):
    return subprocess.run([BENCH, *args], capture_output=True, text=True)


listed = run("--list").stdout.split()
result = run("--json", "--quick")
check(result.returncode == 0 and result.stderr == "", "a quick run succeeds", (result.returncode, result.stderr))
document = json.loads(result.stdout or "{}")
rows = document.get("rows", [])
check(list(document) == ["rows"], "the document holds rows and nothing else", list(document))
check([row.get("name") for row in rows] == listed, "every listed row is there", listed)
for name in REQUIRED:
    check(name in listed, f"{name} exists", listed)
for row in rows:
    numbers = [row.get(key) for key in KEYS if key not in ("name", "limit", "bytes_per_item")]
    shape = list(row) == KEYS and isinstance(row["limit"], str) and row["limit"] != ""
    shape = shape and all(isinstance(n, (int, float)) and not isinstance(n, bool) and n >= 0 for n in numbers)
    check(shape and row["ns_per_op"] > 0 and row["limit_ns"] > 0, f"{row.get('name')} has its shape", row)
    held, bounds = row.get("bytes_per_item"), HOLDS.get(row.get("name"))
    check(held is None if bounds is None else isinstance(held, (int, float)) and bounds[0] <= held <= bounds[1],
          f"{row.get('name')} says its memory", row)
    if row.get("name") in NO_ALLOCATION:
        check(row["allocs_per_op"] == 0, f"{row['name']} does not allocate", row)

text = run("cbor", "--quick")
check(text.returncode == 0 and [line.split()[0] for line in text.stdout.splitlines()[1:]] ==
      [name for name in listed if "cbor" in name], "a filter chooses rows", text.stdout)
portable = run("hash.nodes", "--quick", "--kernel", "mbedtls")
check(portable.returncode == 0, "a kernel can be chosen", portable)
for args in (["no.such.row"], ["--no-such-option"], ["--kernel", "none"], ["--kernel"], ["--size"], ["--size", "1"], ["log", "cbor"]):
    result = run(*args)
    check(result.returncode == 2 and result.stderr != "", f"{' '.join(args)} is a wrong use", result)

print(f"1..{count}")
sys.exit(failed != 0)
