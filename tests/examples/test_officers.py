# SPDX-License-Identifier: Apache-2.0
"""The story of the officers, told over the tool that was built, and over tools that lie: it must not print what is not so.

    test_officers.py AVAL ROOT
"""
import os
import stat
import subprocess
import sys
import tempfile

LINES = ["mandate 1-of-3: refused", "mandate 2-of-3: valid", "mandate over cap: refused", "mandate at cap: valid",
         "musig2 3-of-3: valid", "batch of 1000: valid"]

# The name of the case; what stands in the place of the tool; the lines that are still told.
LIARS = [
    ("a tool that does nothing and says yes", "exit 0", 0),
    ("a tool that does nothing and says no", "exit 4", 0),
    ("a verification that is always valid", 'if [ "$1" = verify ]; then echo \'  "result": "valid"\'; exit 0; fi; exec "$REAL" "$@"', 0),
    ("a verification that is never valid", 'if [ "$1" = verify ]; then "$REAL" "$@"; exit 1; fi; exec "$REAL" "$@"', 1),
    ("a cap that is not kept", 'case "$*" in *offered-above.aval*--mandate*) exit 0;; esac; exec "$REAL" "$@"', 2),
]


def play(aval, root, folder):
    """The lines of LINES that were told, in order, and the exit code."""
    env = {**os.environ, "AVAL": aval, "BUILD": folder}
    done = subprocess.run(["sh", os.path.join(root, "examples", "officers.sh")], env=env, capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines() if line in LINES], done.returncode, done.stderr


def liar(folder, real, body):
    file = os.path.join(folder, "liar")
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\nREAL='{real}'\n{body}\n")
    os.chmod(file, os.stat(file).st_mode | stat.S_IXUSR)
    return file


def main():
    aval, root = map(os.path.abspath, sys.argv[1:])
    failed = 0
    print(f"1..{1 + len(LIARS)}")
    with tempfile.TemporaryDirectory(prefix="aval-officers-") as folder:
        told, code, err = play(aval, root, folder)
    good = (told, code) == (LINES, 0)
    failed += not good
    print(f"{'ok' if good else 'not ok'} 1 - the story as it is" + ("" if good else f": got {told}, exit {code}, {err}"))
    for number, (name, body, most) in enumerate(LIARS, 2):
        with tempfile.TemporaryDirectory(prefix="aval-officers-") as folder:
            told, code, _ = play(liar(folder, aval, body), root, folder)
        good = code != 0 and told == LINES[:len(told)] and len(told) <= most
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}" + ("" if good else f": got {told}, exit {code}"))
    return failed != 0


sys.exit(main())
