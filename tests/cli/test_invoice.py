# SPDX-License-Identifier: Apache-2.0
"""Business terms and checks of an invoice, as the tool lists them."""
import os

from harness import INVALID, UNREADABLE, USAGE, aval, case, equal, main, read, table, write
from story import CII, UBL, changed_invoice, without_element


def terms(file):
    return aval("invoice", "terms", file, "--json").json


@case("the terms for machines")
def _(_folder):
    answer = terms(UBL)
    equal(sorted(answer), ["map_version", "syntax", "terms", "unmapped"])
    equal((answer["syntax"], answer["map_version"]), ("ubl-invoice", 1))
    found = {term["path"]: term for term in answer["terms"]}
    equal(found["BT-115"]["value"], "19249.16")
    equal(found["BT-9"], {"path": "BT-9", "value": "2030-03-16"})
    assert "scheme" in found["BT-29.1"]["qualifiers"], found["BT-29.1"]
    assert all(sorted(row) == ["path", "value"] for row in answer["unmapped"])


@case("UBL and CII give the same terms")
def _(_folder):
    equal(terms(CII)["syntax"], "cii")
    equal(terms(CII)["terms"], terms(UBL)["terms"])


@case("the terms for people")
def _(_folder):
    out = aval("invoice", "terms", UBL).out
    assert "\nBT-115                   19249.16\n" in out, out
    assert "not mapped to a business term" in out


@case("a text of a stranger moves no cursor")
def _(folder):
    file = changed_invoice(folder, "EC-2030-0117", "EC\u009b2J-2030")
    assert "EC\\u009b2J-2030" in aval("invoice", "terms", file).out


@case("a valid invoice")
def _(_folder):
    answer = aval("invoice", "check", UBL, "--at", "2030-02-01", "--json").json
    equal((sorted(answer), answer["valid"], answer["findings"]), (["findings", "rule_set", "valid"], True, []))
    assert aval("invoice", "check", UBL, "--at", "2030-02-01").out.startswith("valid by EN16931-")


@case("a wrong total is an error with expected and found")
def _(folder):
    file = changed_invoice(folder, ">19249.16<", ">19249.17<")
    answer = aval("invoice", "check", file, "--json", code=INVALID).json
    found = [row for row in answer["findings"] if row["rule"] == "BR-CO-16"]
    equal(len(found), 1)
    equal((found[0]["severity"], found[0]["where"], found[0]["expected"], found[0]["found"]),
          ("error", "BT-115", "19249.16", "19249.17"))
    equal(answer["valid"], False)
    assert "BR-CO-16 at BT-115: expected 19249.16, found 19249.17" in aval("invoice", "check", file, code=INVALID).out


@case("an overdue invoice is a warning")
def _(_folder):
    day_after = aval("invoice", "check", UBL, "--at", "2030-03-17", "--json").json
    equal([(row["rule"], row["severity"]) for row in day_after["findings"]], [("AVAL-OVERDUE", "warning")])
    equal(aval("invoice", "check", UBL, "--at", "2030-03-16", "--json").json["findings"], [])


@table([
    ("no invoice number", "cbc:ID", "BT-1"),
    ("no currency", "cbc:DocumentCurrencyCode", "BT-5"),
])
def what_is_missing(folder, element, where):
    answer = aval("invoice", "check", without_element(folder, element), "--json", code=INVALID).json
    assert where in {row["where"] for row in answer["findings"] if row["severity"] == "error"}, answer


@case("payment terms stand in for a due date")
def _(folder):
    aval("invoice", "check", without_element(folder, "cbc:DueDate"))


ROOT_ELEMENT = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">{}</Invoice>'


@table([
    ("a missing file", None, "AVAL_E_NOT_FOUND"),
    ("an empty file", "", "AVAL_E_XML_SYNTAX"),
    ("no XML", "invoice", "AVAL_E_XML_SYNTAX"),
    ("cut off", read(UBL)[:3000], "AVAL_E_XML_SYNTAX"),
    ("a document type", "<!DOCTYPE x>" + ROOT_ELEMENT, "AVAL_E_XML_DOCTYPE"),
    ("an entity", '<!DOCTYPE x [<!ENTITY a "b">]>' + ROOT_ELEMENT.format("&a;"), "AVAL_E_XML_DOCTYPE"),
    ("an unknown root", "<Invoice/>", "AVAL_E_XML_ROOT"),
    ("an unknown encoding", '<?xml version="1.0" encoding="klingon"?>' + ROOT_ELEMENT, "AVAL_E_XML_ENCODING"),
    ("a NUL byte", ROOT_ELEMENT.format("\0"), "AVAL_E_XML_SYNTAX"),
])
def unreadable(folder, content, says):
    file = os.path.join(folder, "i.xml")
    if content is not None:
        write(file, content)
    for command in ("terms", "check"):
        equal(aval("invoice", command, file, code=UNREADABLE, says=says).out, "")
        equal(aval("invoice", command, file, "--json", code=UNREADABLE).json["error"]["status"], says)


@table([
    ("no file", ["check"], "FILE is missing"),
    ("two files", ["check", UBL, CII], "one word too many"),
    ("a time that is none", ["check", UBL, "--at", "tomorrow"], "tomorrow is no time"),
    ("an unknown option", ["terms", UBL, "--all"], "unknown option --all"),
])
def bad_words(_folder, words, says):
    aval("invoice", *words, code=USAGE, says=says)


@case("an invoice on standard input")
def _(_folder):
    out = aval("invoice", "terms", "-", "--json", stdin=read(UBL)).json
    equal(out["terms"], terms(UBL)["terms"])


main()
