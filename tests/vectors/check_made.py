# SPDX-License-Identifier: Apache-2.0
"""The vectors that are committed are those that their makers write, as TAP.

    check_made.py MAKER:VECTORS[:inputs]...

With inputs the maker writes the cases alone: what they expect comes from programs that are not here.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def check(maker, vectors, part=None):
    words = [sys.executable, os.path.join(HERE, maker)] + ([f"--{part}"] if part else [])
    process = subprocess.run(words, capture_output=True, text=True, timeout=300)
    if "No module named 'cryptography'" in process.stderr:
        return "ok", " # SKIP python3-cryptography is not here"
    with open(os.path.join(HERE, vectors), encoding="utf-8") as file:
        text = file.read()
    if part:
        text = json.dumps([{key: value for key, value in case.items() if key != "expect"}
                           for case in json.loads(text)["cases"]])
    same = process.returncode == 0 and process.stdout == text
    for line in process.stderr.splitlines():
        print("#", line)
    return "ok" if same else "not ok", ""


pairs = [word.split(":") for word in sys.argv[1:]]
print(f"1..{len(pairs)}")
results = [check(*pair) for pair in pairs]
for number, (pair, (verdict, more)) in enumerate(zip(pairs, results), 1):
    what = f"the {pair[2]} of {pair[1]} are" if len(pair) > 2 else f"{pair[1]} is"
    print(f"{verdict} {number} - {what} what {pair[0]} writes{more}")
sys.exit(any(verdict != "ok" for verdict, _ in results))
