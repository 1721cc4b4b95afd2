# SPDX-License-Identifier: Apache-2.0
"""MuSig2 with @scure/btc-signer as co-signer; skips where node, npm or the registry is not there.

The packages of node/package-lock.json go into the build folder, once.
"""
import os
import shutil
import subprocess
import sys

SOURCE, PEER, BUILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node"), sys.argv[1], sys.argv[2]
FILES = ("package.json", "package-lock.json", "musig.js")


def skip(reason):
    print(f"1..1\nok 1 - MuSig2 with another implementation # SKIP {reason}")
    sys.exit(0)


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")


def install(folder):
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1",
             "--cache", os.path.join(folder, "cache")]
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        skip("the registry of npm does not answer")
    if done.returncode == 0:
        return
    if any(code in done.stderr for code in ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN",
                                            "ENETUNREACH", "EHOSTUNREACH")):
        skip("the registry of npm is not reached")
    print(f"1..1\nnot ok 1 - npm ci\n# {done.stderr}")
    sys.exit(1)


def main():
    if shutil.which("node") is None or shutil.which("npm") is None:
        skip("node or npm is not installed")
    if int(version("node").split(".")[0]) < 20:
        skip("node is older than 20")
    folder = os.path.join(BUILD, "node")
    os.makedirs(folder, exist_ok=True)
    for name in FILES:
        shutil.copyfile(os.path.join(SOURCE, name), os.path.join(folder, name))
    if not os.path.isdir(os.path.join(folder, "node_modules", "@scure", "btc-signer")):
        install(folder)
    sys.exit(subprocess.run(["node", "musig.js", os.path.abspath(PEER)], cwd=folder, timeout=120).returncode)


main()
