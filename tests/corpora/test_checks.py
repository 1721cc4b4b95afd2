#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare our findings with those of the official artefacts, rule by rule, on the real invoices; reports TAP.

    test_checks.py PROGRAM CORPORA EXCEPTIONS

PROGRAM is dump_findings. EXCEPTIONS lists where the two differ and why: a difference that is not listed fails, and so
does an entry that differs no more.
"""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from report import Tap, read_csv

CATEGORIES = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG")
RULES = [f"BR-CO-{n}" for n in range(10, 19)] + [f"BR-{c}-0{n}" for n in (8, 9) for c in CATEGORIES]


def findings(program, paths):
    """{path: (status, set of rules)}, one run for all."""
    out = subprocess.run([program], input="".join(p + "\n" for p in paths), stdout=subprocess.PIPE, check=True,
                         text=True).stdout
    result = {}
    for line in out.splitlines():
        path, status, *found = line.split("\t")
        result[path] = status, {f.split("@")[0] for f in found}
    return result


def compare(tap, label, pairs, exceptions, used):
    """pairs: (key, rule, official fires, ours fires)."""
    for rule in sorted({p[1] for p in pairs}, key=RULES.index):
        problems, same, fired, excused = [], 0, 0, 0
        for key, _, official, ours in (p for p in pairs if p[1] == rule):
            fired += official
            known = (key, rule) in exceptions
            if official == ours and not known:
                same += 1
            elif official != ours and known:
                excused += 1
                used.add((key, rule))
            elif official == ours:
                used.add((key, rule))
                problems.append(f"{key}: listed as different, and is not")
            else:
                problems.append(f"{key}: officially {'violated' if official else 'satisfied'}, here it is not so")
        tap.case(f"{label}: {rule}", problems, f"{same} alike, {fired} violations, {excused} explained")


def check_oracle(tap, program, corpora, exceptions, used):
    rows = read_csv(corpora, "oracle-en16931.csv")
    here = [r for r in rows if os.path.isfile(os.path.join(corpora, r["source"], r["path"]))]
    found = findings(program, [os.path.join(corpora, r["source"], r["path"]) for r in here])
    pairs, problems, aborted = [], [], []
    for row in here:
        key = f"{row['source']}/{row['path']}"
        status, ours = found[os.path.join(corpora, row["source"], row["path"])]
        if status != "AVAL_OK":
            problems.append(f"{key}: {status}")
        if status == "AVAL_OK" and row["status"] == "xslt-abort":
            aborted.append(key)
        if status != "AVAL_OK" or row["status"] == "xslt-abort":
            continue
        official = set(row["fatal_1_3_16"].split()) | set(row["warning_1_3_16"].split())
        pairs += [(key, rule, rule in official, rule in ours) for rule in RULES]
    tap.case(f"oracle: the {len(here)} files are read", problems, f"{len(rows) - len(here)} are not in the folder")
    used.update((key, "*") for key in aborted if (key, "*") in exceptions)
    tap.case("oracle: what has no verdict is explained", [k for k in aborted if (k, "*") not in exceptions],
             f"{len(aborted)} files")
    compare(tap, "oracle", pairs, exceptions, used)


def fragments(path):
    """The documents inside a file of CEN unit tests, by the number of their test."""
    tests = [t for t in ET.parse(path).getroot().iter() if t.tag.endswith("}test") or t.tag == "test"]
    for number, test in enumerate(tests, 1):
        documents = [e for e in test if not e.tag.split("}")[-1] == "assert"]
        if documents:
            yield str(number), documents[0]


def check_expectations(tap, program, corpora, exceptions, used, folder):
    rows = [r for r in read_csv(corpora, "unit-expectations.csv") if r["rule"] in RULES]
    cases, by_file = [], {}
    for row in rows:
        source = os.path.join(corpora, row["source"], row["path"])
        if not os.path.isfile(source):
            continue
        if source not in by_file:
            by_file[source] = dict(fragments(source))
        document = by_file[source].get(row["test"])
        if document is None:
            continue
        name = os.path.join(folder, f"{len(cases)}.xml")
        ET.ElementTree(document).write(name, encoding="utf-8")
        cases.append((f"{row['source']}/{row['path']}#{row['test']}", row["rule"],
                      row["official_result_1_3_16"] == "fired", name))
    found = findings(program, [c[3] for c in cases])
    problems = [f"{key}: {found[name][0]}" for key, _, _, name in cases if found[name][0] != "AVAL_OK"]
    tap.case(f"unit tests: the {len(cases)} fragments of {len(rows)} are read", problems)
    compare(tap, "unit tests", [(k, r, o, r in found[n][1]) for k, r, o, n in cases], exceptions, used)


def main(program, corpora, exceptions_path):
    tap = Tap()
    if not os.path.isfile(os.path.join(corpora, "oracle-en16931.csv")):
        for name in ("oracle", "unit tests", "mutations"):
            tap.skip(f"{name}: agreement with the official artefacts", "the real invoices are not here (-Dcorpora)")
        return tap.end()
    exceptions = {(r["file"], r["rule"]): r["reason"] for r in read_csv(exceptions_path)}
    used = set()
    check_oracle(tap, program, corpora, exceptions, used)
    with tempfile.TemporaryDirectory() as folder:
        check_expectations(tap, program, corpora, exceptions, used, folder)
    if not os.path.isfile(os.path.join(corpora, "xmute-expectations.csv")):
        tap.skip("mutations: agreement with the official artefacts", "xmute-expectations.csv is not in the folder")
    tap.case("every explained difference is still one", [f"{f}: {r}" for f, r in sorted(set(exceptions) - used)])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
