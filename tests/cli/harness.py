# SPDX-License-Identifier: Apache-2.0
"""Runs the command-line tool and reports each case as a line of TAP."""
import json
import os
import subprocess
import sys
import tempfile
import traceback

TOOL = os.path.abspath(sys.argv[1])
ROOT = os.path.abspath(sys.argv[2])

DONE, INVALID, USAGE, UNREADABLE, REFUSED, INCOMPLETE = range(6)

_cases = []


class Skip(Exception):
    """The case cannot run here; the message says why."""


class Result:
    def __init__(self, words, process):
        self.words = words
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    @property
    def json(self):
        """The one object on standard output."""
        value = json.loads(self.out)
        assert isinstance(value, dict), self.out
        return value


def aval(*words, code=DONE, says=None, folder=None, stdin=None, **how):
    """
    Run the tool; the exit code, and words that standard error must hold, are part of every case. how goes to
    subprocess.run().
    """
    words = [str(word) for word in words]
    process = subprocess.run([TOOL, *words], cwd=folder, input=stdin, capture_output=True, timeout=120, **how)
    result = Result(words, process)
    assert result.code == code, f"aval {' '.join(words)}: exit {result.code}, want {code}\n{result.err}"
    for text in [says] if isinstance(says, str) else says or []:
        assert text in result.err, f"aval {' '.join(words)}: want {text!r} in\n{result.err}"
    if code == DONE:
        assert result.err == "", f"aval {' '.join(words)}: unexpected words\n{result.err}"
    elif code not in (INVALID, INCOMPLETE):
        assert result.err.startswith("aval: "), f"aval {' '.join(words)}: no message"
    return result


def aval_code(*words):
    """The exit code alone, whatever it is; the tool must not have been killed."""
    process = subprocess.run([TOOL, *map(str, words)], capture_output=True, timeout=120)
    assert process.returncode >= 0, f"aval {words}: signal {-process.returncode}"
    return process.returncode


def equal(got, want):
    assert got == want, f"got {got!r}, want {want!r}"


def case(name, *args):
    """Register a function as a case, with arguments as one row of a table."""
    def register(function):
        _cases.append((name, function, args))
        return function
    return register


def table(rows):
    """Register a function as one case for each row; the first field of a row is its name."""
    def register(function):
        for name, *args in rows:
            _cases.append((f"{function.__name__.replace('_', ' ')}: {name}", function, args))
        return function
    return register


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


def main():
    """Each case gets an empty folder of its own as its first argument."""
    failed = 0
    for number, (name, function, args) in enumerate(_cases, 1):
        with tempfile.TemporaryDirectory(prefix="aval-cli-") as folder:
            try:
                function(folder, *args)
                print(f"ok {number} - {name}")
            except Skip as reason:
                print(f"ok {number} - {name} # SKIP {reason}")
            except Exception:
                failed += 1
                print(f"not ok {number} - {name}")
                for line in traceback.format_exc().splitlines():
                    print("#", line)
        sys.stdout.flush()
    print(f"1..{len(_cases)}")
    sys.exit(failed != 0)
