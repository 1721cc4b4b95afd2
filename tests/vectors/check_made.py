# SPDX-License-Identifier: Apache-2.0
"""The vectors that are committed are those that their makers write, as TAP.

    check_made.py MAKER:VECTORS...
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def check(maker, vectors):
    process = subprocess.run([sys.executable, os.path.join(HERE, maker)], capture_output=True, text=True, timeout=300)
    if "No module named 'cryptography'" in process.stderr:
        return "ok", " # SKIP python3-cryptography is not here"
    with open(os.path.join(HERE, vectors), encoding="utf-8") as file:
        same = process.returncode == 0 and process.stdout == file.read()
    for line in process.stderr.splitlines():
        print("#", line)
    return "ok" if same else "not ok", ""


pairs = [word.split(":") for word in sys.argv[1:]]
print(f"1..{len(pairs)}")
results = [check(*pair) for pair in pairs]
for number, (pair, (verdict, more)) in enumerate(zip(pairs, results), 1):
    print(f"{verdict} {number} - {pair[1]} is what {pair[0]} writes{more}")
sys.exit(any(verdict != "ok" for verdict, _ in results))
