#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write checks.json: which rules the official artefacts fire on variants of checks-ubl.xml and checks-cii.xml.

    make_checks.py EN16931-UBL-validation.xslt EN16931-CII-validation.xslt > checks.json
    make_checks.py --inputs      the cases without their expectations, for which nothing is needed

Needs the package saxonche and the stylesheets of eInvoicing-EN16931, release 1.3.16. An edit is LINE=TEXT: the text of
the element on that line becomes TEXT; LINE= alone removes the line.
"""
import json
import os
import random
import re
import sys
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
CATEGORIES = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG")
RULES = [f"BR-CO-{n}" for n in range(10, 19)] + [f"BR-{c}-0{n}" for n in (8, 9) for c in CATEGORIES]
NUMBER = re.compile(r"<([\w:]*(?:Amount|Percent))[^>]*>([-\d.]+)</")
CATEGORY = re.compile(r"<(?:cbc:ID|ram:CategoryCode)>(S|Z)</")
DELTAS = ["0.01", "-0.01", "0.005", "-0.005", "0.004", "0.0049999999999999999", "0.99", "-0.99", "1", "-1", "1.01",
          "-1.01", "0.995", "1.005", "100000000000000", "10000000000000000"]
TEXTS = ["0", "-5", "1.005", "2.675", "0.285", "8.345", "0.5", "0.49", "1000000000000000000000000000000"]
RNG = random.Random(20481)


def apply(lines, edits):
    out = list(lines)
    for line, text in edits:
        out[line - 1] = re.sub(r">[^<]*<", f">{text}<", out[line - 1], count=1) if text else ""
    return "\n".join(out)


def plain(value):
    return format(value, "f")


def variants(base, text):
    """Texts in the place of a number, and none at all."""
    value = Decimal(text)
    for delta in DELTAS:
        yield plain(value + Decimal(delta))
    yield from TEXTS
    yield plain(-value)
    yield plain(value) + ".00" if "." not in text else text + "00"
    yield ""


def is_minus_zero(lines, edits):
    """Saxon's round() gives -0 for numbers from -0.5 to 0, and then holds 0.00 and -0 to be different. IEEE does not."""
    taxes = [m.group(2) for m in map(NUMBER.search, apply(lines, edits).split("\n")) if m and "CalculatedAmount" in m.group(1)]
    return Decimal("-0.005") <= sum(map(Decimal, taxes)) < 0


def edit_lists(base, lines):
    numbers = [(n, m.group(2)) for n, m in ((i, NUMBER.search(l)) for i, l in enumerate(lines, 1)) if m]
    codes = [n for n, l in enumerate(lines, 1) if CATEGORY.search(l)]
    for line, text in numbers:
        for other in dict.fromkeys(variants(base, text)):
            if other != text:
                yield [(line, other)]
    for line in codes:
        for code in ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "X"):
            yield [(line, code)]
    for code in ("Z", "E", "AE", "K", "G", "O", "L", "M"):
        last = codes[-1:] + [c for c in codes if "Z" in lines[c - 1]]
        yield [(c, code) for c in dict.fromkeys(last)]
    for _ in range(350):
        chosen = RNG.sample(numbers, RNG.choice([2, 2, 3, 4]))
        edits = [(line, RNG.choice(list(variants(base, text)))) for line, text in chosen]
        if RNG.random() < 0.3:
            edits.append((RNG.choice(codes), RNG.choice(["S", "Z", "E", "O", "L"])))
        yield edits


def inputs(base):
    """Each case without its expectation, and the file that it stands for."""
    with open(os.path.join(HERE, f"checks-{base}.xml"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    number = 0
    for edits in [[]] + list(edit_lists(base, lines)):
        if base == "cii" and is_minus_zero(lines, edits):
            continue
        number += 1
        yield {"id": f"{base}-{number:04}",
               "input": {"base": base, "edits": " ".join(f"{line}={text}" for line, text in edits)}}, apply(lines, edits)


def main(ubl, cii):
    import saxonche
    processor = saxonche.PySaxonProcessor(license=False)
    cases = []
    for base, stylesheet in (("ubl", ubl), ("cii", cii)):
        transform = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
        for case, text in inputs(base):
            report = transform.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))
            fired = set(re.findall(r'<svrl:failed-assert[^>]*\bid="([^"]+)"', report))
            cases.append({**case, "expect": {"rules": " ".join(r for r in RULES if r in fired)}})
    head = {"format": "aval-vectors-1",
            "source": "tests/vectors/make_checks.py (eInvoicing-EN16931 1.3.16 under SaxonC-HE)", "count": len(cases)}
    sys.stdout.write(json.dumps(head)[:-1] + ', "cases": [\n')
    sys.stdout.write(",\n".join(json.dumps(c) for c in cases))
    sys.stdout.write("\n]}\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--inputs"]:
        json.dump([case for base in ("ubl", "cii") for case, _ in inputs(base)], sys.stdout)
    else:
        main(*sys.argv[1:])
