#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verify full bundles: an implementation of docs/spec of its own, sharing nothing with the library.

    aval_verify.py FILE [--trust key:ID[=PARTY]|SCHEME=key:ID]... [--without CHECK,CHECK] [--at MILLISECONDS]

Prints one JSON object, {"result", "checks": [{"check", "verdict", "status"?}]}. Exit codes: 0 valid, 1 invalid,
5 incomplete. It needs Python's standard library and the package cryptography. The source section is compared by its
binding alone, since importing invoices is another page's matter. Section 6, certificates, is not read: a bundle with one is
refused as if the section were unknown.
"""
import argparse
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from aval_cbor import Refused, array, decode, encode, mapping, raw, text, uint  # noqa: E402
from aval_disclosure import Disclosure  # noqa: E402
from aval_event import ISSUE, Event, Token  # noqa: E402
from aval_keys import BATCH_OF, Key, mac, sha256  # noqa: E402
from aval_parties import judge_parties  # noqa: E402
from aval_mandate import Signers, is_complete, read_mandates  # noqa: E402

CHECKS = ["encoding", "disclosure", "terms", "parties", "signatures", "identity", "mandates", "history", "registered",
          "live", "duplicate", "fresh"]
MAX_LEN = 67108864
MAX_SIGNATURES = 65536


# Types that make a claim: docs/spec/bundle.md#ver-terms.
CLAIMS = set("""71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 384 385 386 387 388 389 390 393 394 395 456
457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935""".split())

# Active codes of ISO 4217 by the digits of their minor units.
CURRENCIES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD
KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG""",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS = {code: digits for digits, codes in CURRENCIES.items() for code in codes.split()}


def minor_units(value, exponent):
    """An exact decimal as a number of minor units, or None: docs/spec/checks.md#chk-decimals."""
    match = re.fullmatch(r"([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))", value)
    if not match:
        return None
    sign, whole, fraction = match[1], (match[2] or "").lstrip("0"), (match[3] or match[4] or "").rstrip("0")
    digits = (whole + fraction).lstrip("0") if not whole else whole + fraction
    if len(digits) > 34 or len(fraction) > max(exponent, 0) or len(fraction) > 34:
        return None
    minor = int((whole + fraction.ljust(exponent, "0")) or "0")
    return None if minor >= 1 << 63 else -minor if sign == "-" else minor


class Unknown(Exception):
    """Nothing was established, and nothing is said against the file."""


class Policy:
    def __init__(self, trust=(), without=(), at=None):
        self.known, self.speaks, self.endorsers, self.without, self.at = set(), set(), set(), set(without), at
        for item in trust:
            key, _, party = item.partition("=")
            if re.fullmatch("(lei|vat|iso6523|uscc)=key:[0-9a-f]{64}", item):
                self.endorsers.add((key, party))
                continue
            if not re.fullmatch("key:[0-9a-f]{64}", key):
                raise ValueError(item)
            self.known.add(key)
            if party:
                self.speaks.add((key, party))


class Bundle:
    def __init__(self, data):
        if len(data) > MAX_LEN:
            raise Refused("AVAL_E_LIMIT", "longer than a bundle may be")
        item = decode(data)
        array(item, least=1)
        if text(item[0]) != "aval/bundle":
            raise Refused("AVAL_E_BUNDLE_FORMAT", "not a bundle")
        if len(item) < 2 or uint(item[1]) != 1:
            raise Refused("AVAL_E_UNSUPPORTED", "another version")
        if len(item) != 3:
            raise Refused("AVAL_E_BUNDLE_FORMAT", "not three items")
        sections = mapping(item[2], (1, 2), (3, 4, 5))
        self.read_events(sections[1])
        self.read_keys(sections[2])
        self.disclosure = self.source = None
        if 3 in sections:
            self.read_disclosures(sections[3])
        if 4 in sections:
            self.source = (raw(array(sections[4], 2)[0], 32), raw(sections[4][1]))
            if not self.source[1]:
                raise Refused("AVAL_E_CBOR_RANGE", "an empty file")
        self.mandates = read_mandates(sections[5], self.events) if 5 in sections else []
        self.draft = None if is_complete(self.events[-1], self.mandates) else self.events[-1]

    def read_events(self, items):
        self.events = [Event(raw(item)) for item in array(items, least=1)]
        for index, event in enumerate(self.events):
            if (event.type == ISSUE) != (index == 0):
                raise Refused("AVAL_E_BUNDLE_FORMAT", "the first event is ISSUE, and no other")
        if not all(event.is_complete for event in self.events[:-1]):
            raise Refused("AVAL_E_TOKEN_DRAFT", "a draft before the last event")

    def read_keys(self, items):
        keys = [Key(item) for item in array(items, least=1)]
        prints = [key.thumbprint for key in keys]
        if any(a >= b for a, b in zip(prints, prints[1:])):
            raise Refused("AVAL_E_COSE_ORDER", "keys do not ascend")
        self.keys = dict(zip(prints, keys))

    def read_disclosures(self, items):
        if len(array(items, least=1)) > 1:
            raise Refused("AVAL_E_BUNDLE_FORMAT", "more than one disclosure")
        commitment, data = array(items[0], 2)
        if raw(commitment, 32) != self.events[0].commitment:
            raise Refused("AVAL_E_BUNDLE_FORMAT", "a disclosure of another token")
        self.disclosure = raw(data)


class Report:
    """One row for each check: [verdict, status]."""

    def __init__(self, data, policy):
        self.policy, self.rows = policy, {check: ["not checked", None] for check in CHECKS}
        self.bundle = self.judge("encoding", lambda: Bundle(data))
        if self.bundle is not None:
            self.reached = 0
            self.token = self.judge("history", self.history)
            self.judge("signatures", self.signatures)
            if self.passed("signatures"):
                self.signers()
            self.shown = self.judge_disclosure()
            self.terms()
            if self.passed("disclosure") and self.shown is not None:
                self.rows["parties"] = judge_parties(self.shown, self.bundle.events[0], self.policy)

    def passed(self, check):
        return self.rows[check][0] == "pass"

    def judge(self, check, work):
        try:
            result = work()
        except Unknown:
            return None
        except Refused as refused:
            self.rows[check] = ["fail", refused.status]
            return None
        self.rows[check] = ["pass", None]
        return result

    def signatures(self):
        keys, used, count = self.bundle.keys, set(), 0
        for event in self.bundle.events[:self.reached]:
            for protected, alg, kid, _, signature in event.signatures:
                if kid not in keys:
                    raise Refused("AVAL_E_KEY_MISSING")
                used.add(kid)
                count += 1
                if count > MAX_SIGNATURES:
                    raise Unknown
                if {BATCH_OF.get(alg, alg), keys[kid].alg} not in ({BATCH_OF.get(alg, alg)}, {-7, -9}):
                    raise Refused("AVAL_E_COSE_ALGORITHM")
                event.verify(keys[kid], protected, signature)
        if self.reached < len(self.bundle.events):
            raise Unknown
        if set(keys) - used:
            raise Refused("AVAL_E_KEY_UNUSED")

    def signers(self):
        try:
            for mandate in self.bundle.mandates:
                mandate.verify()
        except Refused as refused:
            self.rows["mandates"] = ["fail", refused.status]
            return
        found = Signers(self.bundle, self.policy)
        self.rows["identity"], self.rows["mandates"] = found.identity, found.mandates

    def history(self):
        token = None
        for event in self.bundle.events:
            self.reached += 1
            if event is self.bundle.draft:
                if token is None:
                    Token(event)
                else:
                    token.check(event)
            elif token is None:
                token = Token(event)
            else:
                token.apply(event)
        return token

    def judge_disclosure(self):
        if self.bundle.disclosure is None and self.bundle.source is None:
            return None
        return self.judge("disclosure", self.disclosure)

    def disclosure(self):
        issue, shown = self.bundle.events[0], None
        if self.bundle.disclosure is not None:
            shown = Disclosure(self.bundle.disclosure, issue.commitment)
        if self.bundle.source is not None:
            key, file = self.bundle.source
            if mac(key, encode(["source", sha256(file)])) != issue.source:
                raise Refused("AVAL_E_BUNDLE_SOURCE")
        return shown

    def terms(self):
        if not self.passed("disclosure") or self.shown is None:
            return
        lacking = False
        for judge in (self.type, self.currency, self.amount, self.due_date):
            path, rule = judge()
            how, value = self.shown.find(path)
            if how == "not shown":
                lacking = True
                continue
            status = rule(how == "opened", value)
            if status == "lacking":
                lacking = True
            elif status:
                self.rows["terms"] = ["fail", status]
                return
        if not lacking:
            self.rows["terms"] = ["pass", None]

    def type(self):
        def rule(opened, value):
            return None if opened and value in CLAIMS else "AVAL_E_TOKEN_TERMS"
        return "BT-3", rule

    def currency(self):
        def rule(opened, value):
            return None if opened and value == self.bundle.events[0].currency else "AVAL_E_TOKEN_TERMS"
        return "BT-5", rule

    def amount(self):
        issue = self.bundle.events[0]

        def rule(opened, value):
            qualifier = self.shown.terms["BT-115"][1].get("currency", issue.currency) if opened else None
            if not opened or qualifier != issue.currency or issue.currency not in EXPONENTS:
                return "AVAL_E_TOKEN_TERMS"
            minor = minor_units(value, EXPONENTS[issue.currency])
            if minor is None:
                return "AVAL_E_TOKEN_TERMS"
            return None if issue.face <= minor else "AVAL_E_TOKEN_FACE"
        return "BT-115", rule

    def due_date(self):
        issue = self.bundle.events[0]

        def rule(opened, value):
            given = opened and value != ""
            if issue.mark == 1:
                accepted = self.token is not None and self.token.status == "accepted"
                return "AVAL_E_TOKEN_DUE_DATE" if given else None if accepted else "lacking"
            return None if given and value == issue.due else "AVAL_E_TOKEN_DUE_DATE"
        return "BT-9", rule

    def result(self):
        if any(verdict == "fail" for verdict, _ in self.rows.values()):
            return "invalid"
        lacking = any(self.rows[check][0] != "pass" for check in CHECKS if check not in self.policy.without)
        return "incomplete" if lacking or self.bundle.draft is not None else "valid"


def verify(data, policy):
    report = Report(data, policy)
    checks = [{"check": check, "verdict": verdict} | ({"status": status} if status else {})
              for check, (verdict, status) in report.rows.items()]
    return {"result": report.result(), "checks": checks}


def main():
    parser = argparse.ArgumentParser(description="Verify a full bundle.")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--trust", action="append", default=[])
    parser.add_argument("--without", default="")
    parser.add_argument("--at", type=int)
    arguments = parser.parse_args()
    without = [check for check in arguments.without.split(",") if check]
    if set(without) - set(CHECKS):
        parser.error("no such check")
    outcome = verify(arguments.file.read_bytes(), Policy(arguments.trust, without, arguments.at))
    print(json.dumps(outcome, indent=2))
    return {"valid": 0, "invalid": 1, "incomplete": 5}[outcome["result"]]


if __name__ == "__main__":
    sys.exit(main())
