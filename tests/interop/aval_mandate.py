# SPDX-License-Identifier: Apache-2.0
"""Mandates, and whether keys may sign for a party: docs/spec/mandate.md. The path of a certificate is another program's matter."""
import re

from aval_cbor import Refused, Tag, array, decode, encode, mapping, raw, text, uint
from aval_event import ACCEPT, ASSIGN, DEBTOR, HOLDER, limited, milliseconds, party
from aval_keys import ES256K, ESP256, SCHNORR, SECP256K1, Key, aggregate, sha256, tagged

TYP = "application/aval-mandate+cbor"
GRANT, REVOCATION = 1, 2
MAX_LEN, MAX_MANDATES, MAX_KEYS, MAX_CAPS, MAX_GROUPS, MAX_MEMBERS = 65536, 256, 256, 64, 16, 64
AMOUNT = (1 << 63) - 1
# Lengths of the signatures of certificates' keys.
CERTIFIED = {ES256K: (64, 64), ESP256: (64, 64), -35: (96, 96), -37: (256, 1024), -257: (256, 1024)}


def bad(reason):
    raise Refused("AVAL_E_MANDATE_FORMAT", reason)


def ascending(items):
    if any(a >= b for a, b in zip(items, items[1:])):
        bad("not strictly ascending")
    return items


def printable(value):
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in value):
        bad("a control character")


def origin(value):
    text(value, 1, 255)
    if re.search(r"[\s+\x00-\x20\x7f\u0085]", value):
        bad("no key name")
    return value


def header(data):
    """alg and the signer, a Key or the SHA-256 of a certificate."""
    if not data:
        raise Refused("AVAL_E_COSE_HEADER", "an empty header")
    item = decode(data)
    if not isinstance(item, dict):
        raise Refused("AVAL_E_CBOR_TYPE", "no map")
    labels = set(item)
    if labels not in ({1, 16, "key"}, {1, 16, 34}):
        if 16 in labels and isinstance(item[16], str) and item[16] != TYP:
            raise Refused("AVAL_E_COSE_TYP", item[16])
        raise Refused("AVAL_E_COSE_HEADER", "other headers")
    if text(item[16]) != TYP:
        raise Refused("AVAL_E_COSE_TYP", item[16])
    if not isinstance(item[1], int):
        raise Refused("AVAL_E_CBOR_TYPE", "alg")
    if "key" in labels:
        key = Key(item["key"])
        if key.alg != item[1] or key.alg not in (ES256K, ESP256, SCHNORR):
            raise Refused("AVAL_E_COSE_ALGORITHM", "not the key's")
        return item[1], key
    hash_alg, digest = array(item[34], 2)
    if hash_alg != -16 or item[1] not in CERTIFIED:
        raise Refused("AVAL_E_COSE_ALGORITHM", "not of certificates")
    return item[1], raw(digest, 32)


class Mandate:
    """A mandate that was read; its signature and the authority behind it are judged apart."""

    def __init__(self, envelope):
        if len(envelope) > MAX_LEN:
            raise Refused("AVAL_E_LIMIT", "too long")
        item = decode(envelope)
        if not isinstance(item, Tag) or item.number != 18:
            raise Refused("AVAL_E_CBOR_TYPE", "tag 18 was expected")
        self.protected, unprotected, self.payload, self.signature = array(item.value, 4)
        self.alg, signer = header(raw(self.protected))
        self.key = signer if isinstance(signer, Key) else None
        self.signer = signer.thumbprint if self.key else signer
        if mapping(unprotected, (), tuple(unprotected)):
            raise Refused("AVAL_E_COSE_HEADER", "an unprotected header")
        low, high = (64, 64) if self.key else CERTIFIED[self.alg]
        if not low <= len(raw(self.signature)) <= high:
            raise Refused("AVAL_E_SIGNATURE_LENGTH", str(len(self.signature)))
        self.read(decode(raw(self.payload)))
        if self.party.startswith("key:") and (self.key is None or self.party != "key:" + self.signer.hex()):
            raise Refused("AVAL_E_MANDATE_AUTHORITY", self.party)
        self.id = tagged("aval/mandate", encode([self.protected, self.payload]))

    def read(self, item):
        if not isinstance(item, dict):
            raise Refused("AVAL_E_CBOR_TYPE", "no map")
        if 1 not in item:
            raise Refused("AVAL_E_CBOR_FIELD_MISSING", "kind")
        self.kind = uint(item[1], GRANT, REVOCATION)
        if self.kind == GRANT:
            mapping(item, (1, 2, 3, 4, 5, 6, 8, 9, 11), (7, 10, 15))
        else:
            mapping(item, (1, 2, 3, 12, 13), (14,))
        self.registry, self.party = origin(item[2]), party(text(item[3], 1, 128))
        if self.kind == GRANT:
            self.read_grant(item)
            return
        self.grant, self.revoked_at = raw(item[12], 32), milliseconds(item[13])
        if 14 in item:
            printable(text(item[14], 1, 256))

    def read_grant(self, item):
        self.keys = ascending([raw(key, 32) for key in limited(item[4], MAX_KEYS)])
        self.threshold = uint(item[5], 1, 256)
        if self.threshold > len(self.keys):
            bad("a threshold above the keys")
        self.types = ascending([uint(number, 1, 24) for number in limited(item[6], 24)])
        self.caps = None
        if 7 in item:
            caps = [(text(array(cap, 2)[0], 3, 3), uint(cap[1], 1, AMOUNT)) for cap in limited(item[7], MAX_CAPS)]
            if not all(re.fullmatch("[A-Z]{3}", currency) for currency, _ in caps):
                bad("a currency")
            ascending([currency for currency, _ in caps])
            self.caps = dict(caps)
        self.valid_from, self.valid_until = milliseconds(item[8]), milliseconds(item[9])
        if self.valid_until <= self.valid_from:
            bad("an end before the begin")
        self.predecessor = raw(item[10], 32) if 10 in item else None
        raw(item[11], 16)
        self.groups = [self.read_group(group) for group in limited(item[15], MAX_GROUPS)] if 15 in item else []
        ascending([key for key, _ in self.groups])

    def read_group(self, group):
        key, members = array(group, 2)
        if raw(key, 32) not in self.keys:
            bad("a group that is not listed")
        members = ascending([raw(member, 33) for member in limited(members, MAX_MEMBERS)])
        if len(members) < 2 or any(member[0] not in (2, 3) for member in members):
            bad("no members of a group")
        return key, members

    def verify(self):
        if self.key is not None:
            try:
                self.key.verify(encode(["Signature1", self.protected, b"", self.payload]), self.signature)
            except Refused as refused:
                raise Refused("AVAL_E_MANDATE_SIGNATURE", str(refused)) from refused
        if self.kind == GRANT and any(aggregate(members) != key for key, members in self.groups):
            raise Refused("AVAL_E_MANDATE_GROUP")

    def is_grant_to(self, event, who):
        return self.kind == GRANT and self.party == who and self.registry == event.registry

    def is_ended_by(self, other, at):
        """The status with which another mandate has ended this grant by a time, or None."""
        if (other.party, other.registry) != (self.party, self.registry):
            return None
        if other.kind == REVOCATION:
            return "AVAL_E_MANDATE_REVOKED" if other.grant == self.id and other.revoked_at <= at else None
        return "AVAL_E_MANDATE_REPLACED" if other.predecessor == self.id and other.valid_from <= at else None

    def refusal(self, kids, type_, currency, amount, at):
        """The status of the first rule that an act of its party breaks, or None."""
        if not kids <= set(self.keys):
            return "AVAL_E_MANDATE_KEY"
        if type_ not in self.types:
            return "AVAL_E_MANDATE_TYPE"
        if self.caps is not None and self.caps.get(currency, -1) < amount:
            return "AVAL_E_MANDATE_AMOUNT"
        if len(kids) != self.threshold:
            return "AVAL_E_MANDATE_THRESHOLD"
        if at is None:
            return "AVAL_E_NOT_FOUND"
        if at < self.valid_from:
            return "AVAL_E_MANDATE_NOT_YET_VALID"
        return "AVAL_E_MANDATE_EXPIRED" if at >= self.valid_until else None


def read_mandates(items, events):
    """The section of a bundle: in order, each of use."""
    mandates = [Mandate(raw(item)) for item in limited(items, MAX_MANDATES)]
    ids = {mandate.id: mandate for mandate in mandates}
    if any(a.id >= b.id for a, b in zip(mandates, mandates[1:])):
        raise Refused("AVAL_E_BUNDLE_FORMAT", "mandates do not ascend")
    asked = {(event.registry, who) for event in events for _, who in event.signers}
    for mandate in mandates:
        if mandate.party not in {who for _, who in asked}:
            raise Refused("AVAL_E_MANDATE_UNUSED")
        if (mandate.registry, mandate.party) not in asked:
            raise Refused("AVAL_E_MANDATE_REGISTRY")
        grant = ids.get(mandate.grant) if mandate.kind == REVOCATION else mandate
        if grant is None or grant.kind != GRANT or (grant.registry, grant.party) != (mandate.registry, mandate.party):
            raise Refused("AVAL_E_MANDATE_UNUSED")
    return mandates


def groups_of(event):
    """Thumbprints by role and party, in the order of roles and parties."""
    groups = {}
    for _, _, kid, signer, _ in event.signatures:
        groups.setdefault(tuple(signer), set()).add(kid)
    return sorted(groups.items(), key=lambda item: (item[0][0], item[0][1].encode()))


def needed(event, who, kids, mandates):
    if len(kids) == 1 and who == "key:" + next(iter(kids)).hex():
        return 1
    listing = [m for m in mandates if m.is_grant_to(event, who) and kids <= set(m.keys)]
    in_force = [m for m in listing if m.valid_from <= event.claimed < m.valid_until and
                not any(m.is_ended_by(other, event.claimed) for other in mandates)]
    return min((m.threshold for m in in_force or listing), default=1)


def is_complete(event, mandates):
    return event.is_complete and all(len(kids) >= needed(event, who, kids, mandates)
                                     for (_, who), kids in groups_of(event))


def amount_of(event, role, who, issue):
    if event.type == ASSIGN:
        return sum(length for length, holder, _ in event.outputs if (holder == who) != (role == HOLDER))
    return event.accepted if event.type == ACCEPT and role == DEBTOR else issue.face


class Signers:
    """The rows identity and mandates, as [verdict, status] each."""

    def __init__(self, bundle, policy):
        self.bundle, self.policy, self.issue = bundle, policy, bundle.events[0]
        self.identity, self.mandates = ["pass", None], ["pass", None]
        for event in bundle.events:
            for (role, who), kids in groups_of(event):
                for kid in kids:
                    self.tell(self.identity, self.key(event, who, kid))
                self.tell(self.mandates, self.group(event, role, who, kids))

    @staticmethod
    def tell(row, found):
        verdict, status = found
        if verdict != "pass" and row[0] != "fail" and (verdict == "fail" or row[0] == "pass"):
            row[:] = [verdict, status]

    def may_speak(self, mandate):
        """Whether the signer of a mandate speaks for its party: True, or None where that is not known."""
        key, scheme = "key:" + mandate.signer.hex(), mandate.party.partition(":")[0]
        return mandate.key is not None and (scheme == "key" or (key, mandate.party) in self.policy.speaks or
                                            (scheme, key) in self.policy.endorsers) or None

    def key(self, event, who, kid):
        own = "key:" + kid.hex()
        if (own, who) in self.policy.speaks:
            return "pass", None
        if own == who:
            return ("pass", None) if own in self.policy.known else ("not checked", "AVAL_E_SIGNER_KEY")
        listing = [m for m in self.bundle.mandates if m.is_grant_to(event, who) and kid in m.keys]
        if who.startswith("key:"):
            if not listing:
                return "fail", "AVAL_E_SIGNER_KEY"
            return ("pass", None) if who in self.policy.known else ("not checked", "AVAL_E_SIGNER_KEY")
        if any(self.may_speak(m) for m in listing):
            return "pass", None
        return "not checked", "AVAL_E_MANDATE_AUTHORITY" if listing else "AVAL_E_SIGNER_KEY"

    def grant(self, grant, event, kids, amount):
        """None if it permits; else the status, and whether that is only not established."""
        at = self.policy.at
        refusal = grant.refusal(kids, event.type, self.issue.currency, amount, at)
        if refusal:
            waits = event is self.bundle.draft and refusal == "AVAL_E_MANDATE_THRESHOLD" and len(kids) < grant.threshold
            return refusal, waits or refusal == "AVAL_E_NOT_FOUND"
        ends = [(other, status) for other in self.bundle.mandates if (status := grant.is_ended_by(other, at))]
        certain = [status for other, status in ends if self.may_speak(other)]
        if certain:
            return certain[0], False
        return ("AVAL_E_MANDATE_AUTHORITY", True) if ends or not self.may_speak(grant) else None

    def group(self, event, role, who, kids):
        if len(kids) == 1:
            own = "key:" + next(iter(kids)).hex()
            if own == who or (own, who) in self.policy.speaks:
                return "pass", None
        grants = [m for m in self.bundle.mandates if m.is_grant_to(event, who)]
        amount = amount_of(event, role, who, self.issue)
        found = [(grant, self.grant(grant, event, kids, amount)) for grant in grants]
        if not found:
            return "not checked", "AVAL_E_SIGNER_KEY"
        if any(result is None for _, result in found):
            return "pass", None
        for _, (status, is_open) in found:
            if is_open:
                return "not checked", status
        _, (status, _) = max(found, key=lambda item: (len(kids & set(item[0].keys)), item[0].valid_from))
        return "fail", status
