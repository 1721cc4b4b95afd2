#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare our terms with those that the official stylesheets extract, and twins with each other; reports TAP.

    test_terms.py PROGRAM CORPORA EXCEPTIONS

PROGRAM is dump_terms. Where the two differ, one of the reasons below must hold for that very value, or EXCEPTIONS must
list it: a difference that nothing explains fails, and so does an entry that differs no more.
"""
import base64
import collections
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

from report import Tap, read_csv

INDEXED_GROUPS = {1, 3, 17, 20, 21, 23, 24, 25, 27, 28, 32}
INDEXED_TERMS = {29, 158}
DATES = {2, 7, 9, 26, 72, 73, 74, 134, 135}
DECIMALS = {92, 93, 94, 96, 99, 100, 101, 103, *range(106, 118), 119, 129, 131, 136, 137, 138, 141, 142, 143, 146, 147,
            148, 149, 152}
QUALIFIERS = {"scheme_identifier": "scheme", "scheme_version_identifier": "version", "mime_code": "mime",
              "filename": "filename"}
# The stylesheets give these a scheme that only selected them, or that another syntax cannot say.
NO_SCHEME = {1, 31, 32, 48, 63, 90, 126, 155}
TAX_POINTS = {"5": "3", "29": "35", "72": "432"}
SPACE = " \t\r\n"
REPEATED, UNSELECTED = 2, 3


def dump(program, paths):
    """What dump_terms says of each file, in the order of paths."""
    out = subprocess.run([program, "-"], input="".join(p + "\n" for p in paths), stdout=subprocess.PIPE, check=True,
                         encoding="utf-8").stdout
    return [json.loads(line) for line in out.splitlines()]


def number_of(path):
    return int(path.split("-")[-1].split(".")[0])


def canonical(bt, value, kind):
    """The oracle's value in the form of its term."""
    value = value.strip(SPACE)
    number = re.fullmatch(r"([+-]?)(\d*)(?:\.(\d*))?", value)
    if bt in DECIMALS and number and (number[2] or number[3]):
        whole, fraction = number[2].lstrip("0") or "0", (number[3] or "").rstrip("0")
        text = whole + ("." + fraction if fraction else "")
        return "-" + text if number[1] == "-" and text != "0" else text
    if bt in DATES:
        return re.sub(r"(Z|[+-]\d\d:\d\d)$", "", value)
    if bt == 8 and kind == "cii":
        return TAX_POINTS.get(value, value)
    return value


def attachments(file):
    """{the oracle's name of an attachment: our value}"""
    names = {}
    for element in ET.parse(file).iter():
        if element.tag.endswith(("}EmbeddedDocumentBinaryObject", "}AttachmentBinaryObject")):
            text = (element.text or "").strip(SPACE)
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            data = base64.b64decode("".join(text.split()))
            names[f"b64:{len(text)}:{digest}"] = hashlib.sha256(data).hexdigest() if text else ""
    return names


def normalise(entry, file):
    """The oracle's terms as (path, number, value, qualifiers): only indexed groups, canonical values."""
    terms, counts = [], collections.Counter()
    names = attachments(file) if any("BT-125" in t[0] for t in entry["terms"]) else {}
    for path, value, *qualifiers in entry["terms"]:
        if "DEX" in path:
            continue  # the XRechnung extension: sub-lines and third-party payments
        *groups, term = path.split("/")
        bt = number_of(term)
        path = "/".join([g for g in groups if number_of(g) in INDEXED_GROUPS] + [f"BT-{bt}"])
        if bt in INDEXED_TERMS:
            counts[path] += 1
            path += f".{counts[path]}"
        value = names.get(value, value) if bt == 125 else canonical(bt, value, entry["kind"])
        terms.append((path, bt, value, {QUALIFIERS[k]: v for q in qualifiers for k, v in q.items()}))
    return terms


class File:
    """One file in both views."""

    def __init__(self, path, oracle, ours):
        self.path, self.oracle = path, oracle
        self.terms = {t[0]: t[1] for t in ours["terms"]}
        self.qualifiers = {t[0]: t[2] for t in ours["terms"]}
        self.unmapped = {}
        for reason, _, _, value in ours["unmapped"]:
            self.unmapped.setdefault(value, set()).add(reason)
        self.defects = {d[0] for d in ours["defects"]}
        self.official = collections.defaultdict(list)
        for term_path, _, value, _ in oracle:
            self.official[term_path].append(value)

    def values_of(self, bt):
        return {v for p, v in self.terms.items() if number_of(p.split("/")[-1]) == bt}

    def officials_of(self, bt):
        return {v for _, b, v, _ in self.oracle if b == bt}


# Reasons for a value of the oracle that is not ours at its path: (name, what it means, whether it holds).
def note_code(f, path, bt, value):
    code = f.terms.get(path.replace("BT-22", "BT-21"))
    return bt == 22 and code and value.startswith(f"#{code}#") and value[5:].strip(SPACE) == f.terms.get(path)


def merged(f, path, bt, value):
    first, *others = [canonical(bt, v, "") for v in value.split(";")]
    return bool(others) and f.terms.get(path) == first and all(REPEATED in f.unmapped.get(o, ()) for o in others)


def said_again(f, path, bt, value):
    return f.terms.get(path) == value and f.official[path].count(value) > 1


def listed(f, path, bt, value):
    return bool({REPEATED, UNSELECTED} & f.unmapped.get(value, set()))


def other_index(f, path, bt, value):
    return "/" in path and value in f.values_of(bt)


def object_reference(f, path, bt, value):
    return bt == 122 and value in f.values_of(18) | f.values_of(11)


def one_currency(f, path, bt, value):
    return bt == 111 and f.terms.get("BT-5") == f.terms.get("BT-6") and value == f.terms.get("BT-110")


def invented(f, path, bt, value):
    return bt == 24 and value == "" and not any(e.tag.endswith("}CustomizationID") for e in ET.parse(f.path).iter())


def bad_date(f, path, bt, value):
    return value == f'ILLEGAL DATE FORMAT of "{f.terms.get(path)}".' and path in f.defects


MISSING = [
    ("note-code", "a note's #code# is BT-21 in UBL too", note_code),
    ("merged", "several texts are one value with semicolons there, one term and unmapped ones here", merged),
    ("said-again", "an equal text stands there twice", said_again),
    ("listed", "a further text of a term that stands once, or one that is not selected, is unmapped", listed),
    ("other-index", "groups are counted otherwise, because one of them is none here", other_index),
    ("object", "a reference of type 130 (BT-18) or 50 (BT-11) is a supporting document there as well", object_reference),
    ("one-currency", "BT-5 and BT-6 are the same: there one amount is both totals", one_currency),
    ("invented", "there BT-24 is empty where the file has none", invented),
    ("bad-date", "no date: there a message, here the text and a defect", bad_date),
]


# Reasons for a term of ours that the oracle does not have at its path.
def split_code(f, path, bt, value):
    note = path.replace("BT-21", "BT-22")
    return bt in (21, 22) and any(v.startswith(f"#{f.terms.get(note.replace('BT-22', 'BT-21'))}#") for v in f.official[note])


def first_of(f, path, bt, value):
    return any(";" in v and canonical(bt, v.split(";")[0], "") == value for v in f.official[path])


def no_means(f, path, bt, value):
    return bt in (83, 86) and not f.officials_of(81) or bt == 86 and not f.official[path.replace("86", "84")]


def shifted(f, path, bt, value):
    return "/" in path and value in f.officials_of(bt)


def message(f, path, bt, value):
    return any(v.startswith("ILLEGAL DATE") for v in f.official[path]) and path in f.defects


EXTRA = [
    ("split-code", "BT-21 and the rest of a note", split_code),
    ("first", "the first of several texts", first_of),
    ("no-means", "there remittance and bank are read beside payment means and accounts only", no_means),
    ("shifted", "groups are counted otherwise", shifted),
    ("message", "no date: there a message, here the text", message),
]


def explain(reasons, f, item, counts):
    for name, _, holds in reasons:
        if holds(f, *item):
            counts[name] += 1
            return True
    return False


def compare_terms(f):
    """The oracle's values that are not ours, ours that are not the oracle's, and how many agree."""
    left = collections.Counter((p, v) for p, v in f.terms.items())
    missing, agreed = [], 0
    for path, bt, value, _ in f.oracle:
        if left[path, value] > 0:
            left[path, value] -= 1
            agreed += 1
        else:
            missing.append((path, bt, value))
    extra = [(p, number_of(p.split("/")[-1]), v) for (p, v), n in left.items() if n > 0]
    return missing, extra, agreed


def qualifier_problems(f, short):
    """Qualifiers of terms that agree."""
    for path, bt, value, official in f.oracle:
        if f.terms.get(path) != value or f.official[path].count(value) > 1:
            continue
        ours = {k: v for k, v in f.qualifiers[path].items() if k != "currency"}
        if bt in NO_SCHEME:
            official = {}
        if bt != 158:
            official.pop("version", None)  # only BT-158 has a version in both syntaxes
        if bt in (18, 128):
            continue  # the stylesheets do not read the reference type code of CII
        if ours != official:
            yield f"{short}: {path}: qualifiers {ours}, officially {official}"


def known_of(exceptions, short, path, used):
    for key in ((short, path), (short, "*")):
        if key in exceptions:
            used.add(key)
            return True
    return False


def check_oracle(tap, program, corpora, exceptions, used):
    with gzip.open(os.path.join(corpora, "oracle-bt.jsonl.gz"), "rt", encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    entries = [e for e in entries if os.path.exists(os.path.join(corpora, e["source"], e["path"]))]
    files = [os.path.join(corpora, e["source"], e["path"]) for e in entries]
    counts, total, agreed, excused = collections.Counter(), 0, 0, 0
    problems, qualifiers = [], []
    for entry, path, ours in zip(entries, files, dump(program, files)):
        short = os.path.join(entry["source"], entry["path"])
        if ours["status"] != "AVAL_OK":
            problems.append(f"{short}: {ours['status']}")
            continue
        f = File(path, normalise(entry, path), ours)
        missing, extra, same = compare_terms(f)
        agreed += same
        total += same + len(missing)
        qualifiers += qualifier_problems(f, short)
        for reasons, items, side in ((MISSING, missing, "officially"), (EXTRA, extra, "here")):
            for item in items:
                if explain(reasons, f, item, counts):
                    continue
                if known_of(exceptions, short, item[0], used):
                    excused += 1
                    continue
                problems.append(f"{short}: {item[0]}: {side} {item[2]!r}, ours {f.terms.get(item[0])!r}")
    for name, text, _ in MISSING + EXTRA:
        print(f"# {counts[name]:5} {name}: {text}")
    print(f"# {excused:5} listed one by one")
    tap.case("terms of the official stylesheets", problems, f"{agreed} of {total} values in {len(files)} files agree")
    known = counts["merged"] + counts["said-again"]
    share = agreed / (total - known)
    tap.case("at least 99.5 % agree, known differences aside", [] if share >= 0.995 else [f"{100 * share:.3f} %"],
             f"{100 * share:.2f} %")
    tap.case("qualifiers of the official stylesheets", qualifiers)


def check_files(tap, program, corpora):
    rows = [r for r in read_csv(corpora, "files.csv") if os.path.exists(os.path.join(corpora, r["source"], r["path"]))]
    problems, counts = [], collections.Counter()
    for row, ours in zip(rows, dump(program, [os.path.join(corpora, r["source"], r["path"]) for r in rows])):
        is_invoice = row["kind"] in ("cii", "ubl-invoice", "ubl-creditnote")
        wanted = ("AVAL_OK",) if is_invoice else ("AVAL_E_XML_ROOT", "AVAL_E_XML_SYNTAX")
        counts[ours["status"]] += 1
        if ours["status"] not in wanted:
            problems.append(f"{row['source']}/{row['path']}: {row['kind']}: {ours['status']}")
    tap.case("every invoice is read, everything else is refused", problems,
             ", ".join(f"{n} {s}" for s, n in counts.most_common()))


def check_twins(tap, program, corpora, exceptions, used):
    groups = collections.defaultdict(list)
    for row in read_csv(corpora, "twins.csv"):
        short = os.path.join(row["source"], row["path"])
        if os.path.exists(os.path.join(corpora, short)):
            groups[row["group"]].append(short)
    for group, files in sorted(groups.items()):
        dumps = dump(program, [os.path.join(corpora, f) for f in files])
        if len(files) < 2:
            tap.skip(f"twins {group}", "fewer than two of its files are here")
            continue
        lists = [{t[0]: t[1:] for t in d["terms"]} for d in dumps]
        problems = []
        for short, terms, ours in zip(files[1:], lists[1:], dumps[1:]):
            different = [p for p in sorted(set(lists[0]) | set(terms)) if lists[0].get(p) != terms.get(p)]
            for path in different:
                if not known_of(exceptions, files[0], path, used):
                    problems.append(f"{short}: {path}: {terms.get(path)}, its twin has {lists[0].get(path)}")
            if (ours["commitment"] == dumps[0]["commitment"]) != (not different):
                problems.append(f"{short}: the commitments are not as equal as the terms")
        tap.case(f"twins {group}", problems, f"{len(files)} files, {len(lists[0])} terms")


def main(program, corpora, exceptions_file):
    tap = Tap()
    if not corpora or not os.path.exists(os.path.join(corpora, "oracle-bt.jsonl.gz")):
        for name in ("every invoice is read", "terms of the official stylesheets", "twins"):
            tap.skip(name, "the folder of real invoices is not here (-Dcorpora=DIR)")
        return tap.end()
    exceptions, used = {(r["file"], r["term"]): r["reason"] for r in read_csv(exceptions_file)}, set()
    check_files(tap, program, corpora)
    check_oracle(tap, program, corpora, exceptions, used)
    check_twins(tap, program, corpora, exceptions, used)
    stale = [f"{f}: {t} is listed and differs no more" for f, t in exceptions
             if (f, t) not in used and os.path.exists(os.path.join(corpora, f))]
    tap.case("every exception is needed", stale, f"{len(used)} of {len(exceptions)}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
