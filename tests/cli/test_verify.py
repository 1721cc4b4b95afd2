# SPDX-License-Identifier: Apache-2.0
"""Verification: three results, whom it trusts, and that no changed file passes."""
import os

from harness import INCOMPLETE, INVALID, UNREADABLE, USAGE, aval, case, equal, main, read, table, write
from story import UBL, WITHOUT, issue_words, key, party, sign, token, trust

ROWS = ["encoding", "disclosure", "terms", "parties", "signatures", "identity", "mandates", "history", "registered",
        "live", "duplicate", "fresh"]
ALL = ("supplier", "buyer", "factor")
LEI = "lei:5299000AVALTEST00079"


def verify(file, *words, **expect):
    return aval("verify", file, "--json", *words, **expect).json


def rows(answer):
    return {row["check"]: row for row in answer["checks"]}


@case("the report for machines")
def _(_folder):
    answer = verify(token("disclosed"), *trust(*ALL), "--without", WITHOUT)
    equal((answer["kind"], answer["result"]), ("bundle", "valid"))
    equal([row["check"] for row in answer["checks"]], ROWS)
    for row in answer["checks"]:
        assert {"check", "verdict", "where", "reason"} <= set(row), row
        equal(row["verdict"], "not checked" if row["check"] in WITHOUT else "pass")
        equal(row["required"], row["check"] not in WITHOUT)
    equal(answer["token"]["status"], "accepted")
    equal(sorted(answer["policy"]["without"]), sorted(WITHOUT.split(",")))
    equal(len(answer["policy"]["trust"]), 3)


@case("the report for people")
def _(_folder):
    out = aval("verify", token("disclosed"), *trust(*ALL), "--without", WITHOUT).out
    assert out.startswith("bundle: valid\n"), out
    assert "BT-59                  (the invoice has none)" in out


@table([
    ("the default policy", [], INCOMPLETE),
    ("nobody trusted", ["--without", WITHOUT], INCOMPLETE),
    ("one key short", [*trust("supplier", "buyer"), "--without", WITHOUT], INCOMPLETE),
    ("one check short", [*trust(*ALL), "--without", "parties,registered,live,duplicate"], INCOMPLETE),
    ("identity done without", ["--without", WITHOUT + ",identity"], 0),
    ("checks one by one", [*trust(*ALL)] + [word for name in WITHOUT.split(",") for word in ("--without", name)], 0),
])
def three_results(_folder, words, code):
    answer = verify(token("disclosed"), *words, code=code)
    equal(answer["result"], "valid" if code == 0 else "incomplete")


@case("terms that are not shown are not checked")
def _(_folder):
    answer = verify(token("assigned"), *trust(*ALL), "--without", WITHOUT, code=INCOMPLETE)
    equal([rows(answer)[name]["verdict"] for name in ("disclosure", "terms")], ["not checked", "not checked"])


@case("a draft is never valid")
def _(_folder):
    answer = verify(token("offered"), "--without", ",".join(ROWS), code=INCOMPLETE)
    equal(answer["result"], "incomplete")
    equal(answer["draft"]["missing"], [{"role": "assignee", "party": party("factor"), "signed": 0, "needed": 1}])


@case("a policy file says what words say, and words add to it")
def _(folder):
    content = '{"trust": ["%s", "%s"], "without": ["parties,registered", "live"]}' % (party("supplier"), party("buyer"))
    file = write(os.path.join(folder, "policy.json"), content)
    verify(token("disclosed"), "--policy", file, code=INCOMPLETE)
    verify(token("disclosed"), "--policy", file, *trust("factor"), "--without", "duplicate,fresh")


@table([
    ("an unknown check", ["--without", "colour"], USAGE),
    ("a check twice with a comma too many", ["--without", "live,,fresh"], USAGE),
    ("a key that is none", ["--trust", "key:12"], USAGE),
    ("a party that is none", ["--trust", "key:" + "0" * 64 + "=acme"], USAGE),
    ("a registry key that is none", ["--registry-key", "x"], USAGE),
    ("a time that is none", ["--at", "noon"], USAGE),
    ("a policy that is not there", ["--policy", "/nonexistent.json"], UNREADABLE),
])
def bad_words(_folder, words, code):
    equal(aval("verify", token("disclosed"), *words, code=code).out, "")


@table([
    ("an unknown member", '{"colour": []}'),
    ("a member that is no array", '{"trust": "key:x"}'),
    ("a member of numbers", '{"without": [1]}'),
    ("a member twice", '{"without": [], "without": []}'),
    ("no object", "[]"),
])
def bad_policies(folder, content):
    file = write(os.path.join(folder, "policy.json"), content)
    aval("verify", token("disclosed"), "--policy", file, code=UNREADABLE)


@case("a key that speaks for a party")
def _(folder):
    out = os.path.join(folder, "t")
    aval(*issue_words(out, supplier=LEI, terms="BT-3,BT-5,BT-9,BT-115"))
    mine = party("supplier")
    answer = verify(out, "--trust", mine, "--without", WITHOUT, code=INCOMPLETE)
    equal(rows(answer)["identity"]["verdict"], "not checked")
    equal(rows(answer)["identity"]["party"], LEI)
    verify(out, "--trust", f"{mine}={LEI}", "--without", WITHOUT)


@case("past register_by without a receipt, the report says so")
def _(_folder):
    before = rows(verify(token("disclosed"), code=INCOMPLETE))["registered"]
    after = rows(verify(token("disclosed"), "--at", "2099-01-01T00:00:00Z", code=INCOMPLETE))["registered"]
    equal((before["verdict"], after["verdict"]), ("not checked", "not checked"))
    assert before["reason"] != after["reason"], after


@case("with the source, and with a source that is not the one that was issued")
def _(folder):
    out = os.path.join(folder, "t")
    aval(*issue_words(out, with_source=True, terms="BT-3,BT-5,BT-9,BT-115"))
    verify(out, *trust("supplier"), "--without", WITHOUT)
    data = read(out)
    at = data.index(b"EC-2030-0117", data.index(b"<?xml"))
    forged = write(os.path.join(folder, "f"), data[:at] + b"EC-2030-0118" + data[at + 12:])
    equal(verify(forged, code=INVALID)["result"], "invalid")


@table([
    ("an empty file", b""),
    ("an invoice", read(UBL)),
    ("one byte", b"\x83"),
    ("noise", bytes(range(256)) * 16),
])
def what_is_no_bundle(folder, data):
    answer = verify(write(os.path.join(folder, "x"), data), code=INVALID)
    equal(rows(answer)["encoding"]["verdict"], "fail")


@case("a file that is not there")
def _(_folder):
    aval("verify", "/nonexistent.aval", code=UNREADABLE, says="AVAL_E_NOT_FOUND")


@case("bytes behind the bundle, and every 97th truncation and flip, are refused")
def _(folder):
    data = read(token("disclosed"))
    words = [*trust(*ALL), "--without", WITHOUT]
    forgeries = [data + b"\0"] + [data[:n] for n in range(0, len(data), 97)]
    forgeries += [data[:n] + bytes([data[n] ^ 1 << n % 8]) + data[n + 1:] for n in range(0, len(data), 97)]
    for number, forged in enumerate(forgeries):
        equal(verify(write(os.path.join(folder, str(number)), forged), *words, code=INVALID)["result"], "invalid")


@case("the verdict of a row that fails counts though it is done without")
def _(folder):
    data = read(token("disclosed"))
    forged = write(os.path.join(folder, "x"), data.replace(b"EC-2030-0117", b"EC-2030-0118"))
    answer = verify(forged, "--without", ",".join(ROWS), code=INVALID)
    equal(rows(answer)["disclosure"]["verdict"], "fail")


@case("what others signed in other algorithms")
def _(folder):
    first, second = os.path.join(folder, "1"), os.path.join(folder, "2")
    aval(*issue_words(first, key=key("schnorr", "schnorr"), debtor=party("buyer"), terms="BT-3,BT-5,BT-9,BT-115"))
    sign("accept", first, "buyer", second)
    verify(second, *trust("schnorr", "buyer"), "--without", WITHOUT)

# Several files: a portfolio.

def many(files, *words, **expect):
    return aval("verify", *files, *trust(*ALL), "--without", WITHOUT, *words, **expect)


@case("several files: each as alone, and one exit for all")
def _(_folder):
    files = [token("disclosed"), token("issued"), token("disclosed"), token("offered")]
    answer = many(files, "--json", "--at", "2030-02-01T00:00:00Z", code=INCOMPLETE).json
    equal([row["file"] for row in answer["files"]], files)
    equal(answer["result"], "incomplete")
    equal(answer["summary"]["valid"], 2)
    assert answer["summary"]["distinct_signatures"] < answer["summary"]["signatures"], answer["summary"]
    for row in answer["files"]:
        alone = aval("verify", row["file"], *trust(*ALL), "--without", WITHOUT, "--json", "--at", "2030-02-01T00:00:00Z",
                     code=0 if row["result"] == "valid" else INCOMPLETE).json
        equal(answer["policy"], alone.pop("policy"))
        equal({key: value for key, value in row.items() if key != "file"}, alone)


@case("several files: lines for people")
def _(folder):
    broken = write(os.path.join(folder, "broken.aval"), read(token("disclosed"))[:-1])
    out = many([token("disclosed"), broken], code=INVALID).out.splitlines()
    equal(out[0], f"{token('disclosed')}: valid")
    assert out[1].startswith(f"{broken}: invalid: encoding: "), out
    equal(out[2], "2 files: 1 valid, 1 invalid, 0 incomplete")


@table([
    ("all valid", ["disclosed", "disclosed"], 0),
    ("one incomplete", ["disclosed", "issued"], INCOMPLETE),
    ("one invalid among incomplete ones", ["issued", None, "issued"], INVALID),
])
def several_files_exit(folder, states, code):
    broken = write(os.path.join(folder, "broken.aval"), "no bundle")
    many([broken if state is None else token(state) for state in states], code=code)


@case("several files: one that is not there")
def _(folder):
    equal(many([token("disclosed"), os.path.join(folder, "none")], code=UNREADABLE, says="none").out, "")


main()
