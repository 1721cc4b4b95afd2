# SPDX-License-Identifier: Apache-2.0
"""Key files: made once, readable by their owner alone, shown by party id, algorithm and public key."""
import os
import re
import stat
import threading

from harness import UNREADABLE, USAGE, aval, case, equal, main, read, table, write

ALGORITHMS = [("es256k", "es256k"), ("schnorr", "schnorr"), ("esp256", "esp256")]


@table(ALGORITHMS)
def a_new_key(folder, alg):
    file = os.path.join(folder, "k")
    made = aval("key", "new", "--out", file, "--alg", alg, "--json").json
    equal(sorted(made), ["alg", "cose_key", "party"])
    equal(made["alg"], alg)
    assert re.fullmatch(r"key:[0-9a-f]{64}", made["party"]), made
    equal(aval("key", "show", file, "--json").json, made)
    equal(stat.S_IMODE(os.stat(file).st_mode), 0o600)
    assert b"-----BEGIN PRIVATE KEY-----" in read(file)
    equal(read(file).startswith(b"alg: schnorr\n"), alg == "schnorr")


@case("the default is es256k")
def _(folder):
    equal(aval("key", "new", "--out", os.path.join(folder, "k"), "--json").json["alg"], "es256k")


@case("the answer for people names the party")
def _(folder):
    file = os.path.join(folder, "k")
    out = aval("key", "new", "--out", file).out
    assert out.startswith("party     key:"), out
    equal(aval("key", "show", file).out, out)


@case("two keys differ")
def _(folder):
    parties = {aval("key", "new", "--out", os.path.join(folder, str(i)), "--json").json["party"] for i in range(2)}
    equal(len(parties), 2)


@case("a key is never overwritten")
def _(folder):
    file = write(os.path.join(folder, "k"), b"precious")
    result = aval("key", "new", "--out", file, code=UNREADABLE, says="AVAL_E_EXISTS")
    equal(result.out, "")
    equal(read(file), b"precious")
    equal(os.listdir(folder), ["k"])


@table([
    ("no file", [], "--out FILE is missing"),
    ("an algorithm that is none", ["--out", "k", "--alg", "rsa"], "--alg is es256k, schnorr or esp256"),
    ("an unknown option", ["--out", "k", "--mode", "1"], "unknown option --mode"),
    ("a word too many", ["--out", "k", "x"], "one word too many"),
])
def bad_words_of_new(folder, words, says):
    aval("key", "new", *words, code=USAGE, says=says, folder=folder)
    equal(os.listdir(folder), [])


PEM = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n"


@table([
    ("a missing file", None, "AVAL_E_NOT_FOUND"),
    ("an empty file", "", "AVAL_E_KEY_FORMAT"),
    ("no PEM", "key", "AVAL_E_KEY_FORMAT"),
    ("PEM of something else", PEM.format("MAMCAQA="), "AVAL_E_KEY_FORMAT"),
    ("an encrypted key", PEM.replace("PRIVATE", "ENCRYPTED PRIVATE").format("MAMCAQA="), "AVAL_E_KEY_ENCRYPTED"),
    ("too long", "x" * 5000, "AVAL_E_LIMIT"),
])
def bad_files(folder, content, says):
    file = os.path.join(folder, "k")
    if content is not None:
        write(file, content)
    equal(aval("key", "show", file, code=UNREADABLE, says=says).out, "")
    error = aval("key", "show", file, "--json", code=UNREADABLE).json["error"]
    equal((error["exit"], error["status"]), (UNREADABLE, says))


@case("a key file that comes through a pipe")
def _(folder):
    file, pipe = os.path.join(folder, "k"), os.path.join(folder, "pipe")
    made = aval("key", "new", "--out", file, "--json").json
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: write(pipe, read(file)))
    writer.start()
    equal(aval("key", "show", pipe, "--json").json, made)
    writer.join()


@case("a folder that is not there")
def _(folder):
    aval("key", "new", "--out", os.path.join(folder, "none", "k"), code=UNREADABLE, says="AVAL_E_IO")


main()
