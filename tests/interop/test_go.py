# SPDX-License-Identifier: Apache-2.0
"""Logs of ours read by golang.org/x/mod/sumdb, and a log that it wrote read by ours. Skips without Go or its module.

    test_go.py TOOL SOURCE-ROOT [GO]
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

TOOL, ROOT = (os.path.abspath(path) for path in sys.argv[1:3])
GO = sys.argv[3] if len(sys.argv) > 3 else None
SIZES = [1, 2, 255, 256, 257, 700]


def run(*words, code=0):
    process = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)
    assert process.returncode == code, f"{words}: exit {process.returncode}, want {code}\n{process.stderr}"
    return process.stdout


def aval(*words, code=0):
    return run(TOOL, *words, code=code)


def build(folder):
    """The program of tests/interop/go, or why there is none."""
    if GO is None:
        return None, "there is no go"
    out = os.path.join(folder, "interop")
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"}
    process = subprocess.run([GO, "build", "-o", out, "."], cwd=os.path.join(ROOT, "tests", "interop", "go"),
                             env=environment, capture_output=True, text=True, timeout=900)
    if process.returncode == 0:
        return out, None
    # What does not compile is a failure; a module that cannot be had is none.
    away = ("dial tcp", "lookup ", "no such host", "module lookup disabled", "connection refused", "i/o timeout",
            "proxyconnect", "GOPROXY list", "requires go >=", "TLS handshake")
    if any(word in process.stderr for word in away):
        return None, "golang.org/x/mod cannot be had"
    raise SystemExit(f"go build failed:\n{process.stderr}")


def our_log(folder):
    """A log that grew in steps, with each checkpoint that it showed."""
    key, log = os.path.join(folder, "key"), os.path.join(folder, "log")
    aval("key", "new", "--alg", "esp256", "--out", key)
    words = aval("log", "new", log, "--key", key, "--origin", "log.example/for-go").split()
    vkey, old, size = words[words.index("vkey") + 1], [], 0
    for next_size in SIZES:
        lines = os.path.join(folder, f"lines{next_size}")
        with open(lines, "w", encoding="ascii") as file:
            file.writelines(f"entry {i}\n" for i in range(size, next_size))
        aval("log", "append", log, "--key", key, "--lines", lines)
        old.append(shutil.copy(os.path.join(log, "checkpoint"), os.path.join(folder, f"checkpoint{next_size}")))
        size = next_size
    return log, vkey, old


def go_reads_ours(folder, program):
    log, vkey, old = our_log(folder)
    assert run(program, "verify", log, vkey, *old).startswith("700 ")


def go_refuses_ours_when_bent(folder, program):
    log, vkey, _ = our_log(folder)
    for name in ("checkpoint", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/188"):
        path = os.path.join(log, *name.split("/"))
        with open(path, "rb") as file:
            data = file.read()
        for bent in (data[:-2] + bytes([data[-2] ^ 1]) + data[-1:],):
            with open(path, "wb") as file:
                file.write(bent)
            run(program, "verify", log, vkey, code=1)
            with open(path, "wb") as file:
                file.write(data)
    run(program, "verify", log, vkey)


def ours_reads_gos(folder, program):
    for size in SIZES:
        log = os.path.join(folder, f"go{size}")
        vkey = run(program, "write", log, "log.example/by-go", size).strip()
        assert f"size    {size}\n" in aval("log", "check", log, "--vkey", vkey)
        entry, proof = os.path.join(folder, "entry"), os.path.join(folder, f"proof{size}")
        with open(entry, "w", encoding="ascii") as file:
            file.write(f"go entry {size - 1}")
        aval("log", "prove", log, "--index", size - 1, "--vkey", vkey, "--out", proof)
        aval("log", "verify", proof, "--entry", entry, "--vkey", vkey)


def ours_refuses_gos_when_bent(folder, program):
    log = os.path.join(folder, "go")
    vkey = run(program, "write", log, "log.example/by-go", 300).strip()
    path = os.path.join(log, "tile", "entries", "001.p", "44")
    with open(path, "rb+") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"?")
    aval("log", "check", log, "--vkey", vkey, code=1)


CASES = [go_reads_ours, go_refuses_ours_when_bent, ours_reads_gos, ours_refuses_gos_when_bent]


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="aval-go-") as folder:
        program, reason = build(folder)
        print(f"1..{len(CASES)}")
        for number, function in enumerate(CASES, 1):
            name = function.__name__.replace("_", " ")
            if program is None:
                print(f"ok {number} - {name} # SKIP {reason}")
                continue
            try:
                with tempfile.TemporaryDirectory(dir=folder) as own:
                    function(own, program)
                print(f"ok {number} - {name}")
            except Exception:
                failed += 1
                print(f"not ok {number} - {name}")
                for line in traceback.format_exc().splitlines():
                    print("#", line)
    sys.exit(failed != 0)


main()
