# SPDX-License-Identifier: Apache-2.0
"""Asks a peer program line by line and reports each case as a line of TAP."""
import subprocess
import sys
import traceback

_cases = []


class Skip(Exception):
    """The case cannot run here; the message says why."""


class Peer:
    """A program that answers each line on its standard input by one on its standard output."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        """The answer's words; bytes go out as hexadecimal, none as a dash."""
        line = " ".join((word.hex() or "-") if isinstance(word, bytes) else str(word) for word in words)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer.endswith("\n"), f"the peer stopped at {line[:200]}"
        return answer.split()

    def status(self, *words):
        answer = self.ask(*words)
        assert len(answer) == 1, answer
        return answer[0]

    def bytes(self, *words):
        answer = self.status(*words)
        assert not answer.startswith("AVAL_"), answer
        return bytes.fromhex(answer)


def equal(got, want, about=""):
    assert got == want, f"{about}: got {got!r}, want {want!r}"


def table(name, rows):
    """Register a function as one case for each row; the first field of a row names it."""
    def register(function):
        for row, *args in rows:
            _cases.append((f"{name}: {row}", function, args))
        return function
    return register


def case(name):
    def register(function):
        _cases.append((name, function, []))
        return function
    return register


def main(peer):
    """Run every case; the peer must end well too, as sanitizers want it."""
    failed = 0
    for number, (name, function, args) in enumerate(_cases, 1):
        name = name.replace("#", "no.")
        try:
            function(*args)
            print(f"ok {number} - {name}")
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print("#", line)
    print(f"1..{len(_cases)}")
    peer.process.stdin.close()
    sys.exit(failed != 0 or peer.process.wait(60) != 0)
