# SPDX-License-Identifier: Apache-2.0
"""The row parties: docs/spec/bundle.md#ver-parties. Ids that certificates prove are another program's matter."""
from aval_cbor import Refused
from aval_event import party as check_party

EQUAL, DIFFERENT, HIDDEN = "equal", "different", "hidden"
SELLER, BUYER = ("BT-29", "BT-30", "BT-31"), ("BT-46", "BT-47", "BT-48")


def is_uscc(value):
    try:
        check_party("uscc:" + value)
    except Refused:
        return False
    return True


class Side:
    def __init__(self, shown, names):
        self.shown, (self.id, self.legal, self.vat) = shown, names

    def value(self, path, scheme=None):
        """The value of a term that is shown, and is of the scheme where one is asked for."""
        how, value = self.shown.find(path)
        if how != "opened" or (scheme is not None and self.shown.terms[path][1].get("scheme") != scheme):
            return None
        return value

    def by_scheme(self, scheme, value, unique):
        strong, weak, hidden = [self.value(self.legal, scheme)], [], False
        if self.id == "BT-46":
            strong.append(self.value(self.id, scheme))
        else:
            for number in range(1, 100):
                how, _ = self.shown.find(f"{self.id}.{number}")
                if how == "absent":
                    break
                hidden |= how == "not shown"
                weak.append(self.value(f"{self.id}.{number}", scheme))
        if unique and any(v not in (None, value) for v in strong + weak):
            return DIFFERENT
        if value in strong or value in weak:
            return EQUAL
        excused = hidden and not unique
        return DIFFERENT if any(v is not None for v in strong + ([] if excused else weak)) else HIDDEN

    def compare(self, who):
        scheme, _, rest = who.partition(":")
        if scheme == "lei":
            return self.by_scheme("0199", rest, True)
        if scheme == "iso6523":
            return self.by_scheme(rest[:4], rest[5:], False)
        if scheme == "vat":
            value = self.value(self.vat)
            return HIDDEN if value is None else EQUAL if value == rest else DIFFERENT
        if scheme == "uscc":
            values = [self.value(self.legal), self.value(self.vat)]
            others = any(value not in (None, rest) and is_uscc(value) for value in values)
            return DIFFERENT if others else EQUAL if rest in values else HIDDEN
        return HIDDEN


def judge_parties(shown, issue, policy):
    results = []
    for who, names in ((issue.supplier, SELLER), (issue.debtor, BUYER)):
        known = {who} | {party for key, party in policy.speaks if key == who}
        results.append({Side(shown, names).compare(one) for one in known})
    if any(DIFFERENT in result for result in results):
        return ["fail", "AVAL_E_PARTY_OTHER"]
    return ["pass", None] if all(EQUAL in result for result in results) else ["not checked", "AVAL_E_NOT_FOUND"]
