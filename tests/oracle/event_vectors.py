#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of events, by the encoder and the transition function of event.py.

    event_vectors.py FOLDER            write FOLDER/event-payload.json, event-apply.json and event-envelope.json
    event_vectors.py --check FOLDER    compare them with what would be written

What each case expects is written by hand, status, offset (as the path of an item) and where; event.py must agree.
"""
import json
import pathlib
import sys

import event_envelopes
from event import (ACCEPT, ASSIGN, ASSIGNEE, DEBTOR, HOLDER, ISSUE, REJECT, SUPPLIER, VOID, Encoder, Pairs, Raw,
                   Refused, Token, cbor, event_id, head, note_id)

S, D = "vat:DE100000001", "lei:529900T8BM49AURSDO55"
F, B = "vat:FR300000003", "iso6523:0088:7300010000001"
KEY = "key:" + "0123456789abcdef" * 4
REGISTRY, CLAIMED, UNTIL = "registry.example/log", 1790000000000, 1790003600000
MAX = 2 ** 63 - 1
DROP = object()


def with_changes(event, changes):
    event = {**event, **changes}
    return {key: value for key, value in event.items() if value is not DROP}


def common(kind, signers):
    return {1: kind, 2: REGISTRY, 3: CLAIMED, 4: UNTIL, 5: [list(signer) for signer in sorted(signers)]}


def issue(face=1000, by=SUPPLIER, **changes):
    event = {**common(ISSUE, [(by, S if by == SUPPLIER else D)]), 10: face, 11: "EUR", 12: ["2026-12-31", 0], 13: S,
             14: D, 15: b"\xc0" * 32, 16: b"\x50" * 32, 17: {}, 18: b"\x0e" * 16}
    return with_changes(event, changes.get("changes", {}))


def numbered(changes):
    return {int(key[1:]): value for key, value in changes.items()}


# Payloads.

payload_cases = []


def payload(id_, event, status=None, at=None, where=None, comment=None):
    """status None: read, and the id is computed. at: path of the item, or a number."""
    encoder = Encoder(event)
    if status is None:
        expect = {"status": "AVAL_OK", "id": event_id(encoder.out).hex()}
    else:
        offset = at if isinstance(at, int) else encoder.at[at]
        expect = {"status": "AVAL_E_" + status, "offset": offset, "where": where}
    row = {"id": id_, "input": {"payload": encoder.out.hex()}, "expect": expect}
    if comment:
        row["comment"] = comment
    payload_cases.append(row)


EXAMPLE = issue()
T32 = event_id(cbor(EXAMPLE))
N32 = note_id(T32, 0)
accept = {**common(ACCEPT, [(DEBTOR, D)]), 6: T32, 8: [0, T32], 20: 1000, 21: [True, False]}
reject = {**common(REJECT, [(DEBTOR, D)]), 6: T32}
void = {**common(VOID, [(SUPPLIER, S), (HOLDER, S)]), 6: T32, 8: [0, T32]}
assign = {**common(ASSIGN, [(HOLDER, S), (ASSIGNEE, F)]), 6: T32, 7: [N32], 30: [[400, F, 100], [600, S, 0]], 31: 1}


def bad(id_, base, status, at, where, comment=None, **changes):
    payload(id_, with_changes(base, numbered(changes)), status, at, where, comment)


def good(id_, base, comment=None, **changes):
    payload(id_, with_changes(base, numbered(changes)), comment=comment)


def encoding_cases():
    whole = cbor(EXAMPLE)
    pairs = sorted(EXAMPLE.items())
    payload("encoding: nothing", Raw(""), "CBOR_TRUNCATED", 0, "event")
    payload("encoding: an array", [1, 2], "CBOR_TYPE", 0, "event")
    payload("encoding: a byte string around the map", whole, "CBOR_TYPE", 0, "event")
    payload("encoding: a tag around the map", Raw("c1" + whole.hex()), "CBOR_TYPE", 0, "event")
    payload("encoding: a byte behind", Raw(whole.hex() + "00"), "CBOR_TRAILING", len(whole), "cbor")
    payload("encoding: the last byte is missing", Raw(whole[:-1].hex()), "CBOR_COUNT", len(whole) - 17, "event.nonce")
    payload("encoding: an indefinite map", Raw("bf" + whole[1:].hex() + "ff"), "CBOR_INDEFINITE", 0, "event")
    payload("encoding: a long head", Raw("b80f" + whole[1:].hex()), "CBOR_NOT_SHORTEST", 0, "event")
    payload("encoding: keys swapped", Pairs(pairs[1:2] + pairs[:1] + pairs[2:]), "CBOR_FIELD_MISSING", (2, "key"),
            "event.type", "a key that stands too early is a missing one first")
    payload("encoding: keys swapped later", Pairs(pairs[:-2] + [pairs[-1], pairs[-2]]), "CBOR_FIELD_MISSING",
            (18, "key"), "event.policy")
    payload("encoding: a key falls behind", Pairs(pairs[:2] + pairs[:1] + pairs[2:]), "CBOR_KEY_ORDER",
            len(cbor(dict(pairs[:2]))), "event")
    payload("encoding: a key twice", Pairs(pairs[:2] + pairs[1:2] + pairs[2:]), "CBOR_KEY_DUPLICATE",
            len(cbor(dict(pairs[:2]))), "event")
    bad("encoding: a float as time", EXAMPLE, "CBOR_FLOAT", (3,), "event.claimed", _3=Raw("fb3ff0000000000000"))
    bad("encoding: a bignum as face", EXAMPLE, "CBOR_TYPE", (10,), "event.face", _10=Raw("c24101"))
    payload("encoding: a text key", {**EXAMPLE, "x": 0}, "CBOR_TYPE", ("x", "key"), "event")
    payload("encoding: a negative key", {**EXAMPLE, -1: 0}, "CBOR_FIELD_UNKNOWN", (-1, "key"), "event")
    bad("encoding: key 0", EXAMPLE, "CBOR_FIELD_UNKNOWN", (0, "key"), "event", _0=1)
    bad("encoding: key 9", EXAMPLE, "CBOR_FIELD_UNKNOWN", (9, "key"), "event", _9=1)
    bad("encoding: a key behind the last", EXAMPLE, "CBOR_FIELD_UNKNOWN", (33, "key"), "event", _33=1)


def common_cases():
    payload("type: missing", {2: REGISTRY}, "CBOR_FIELD_MISSING", (2, "key"), "event.type")
    payload("type: an empty map", {}, "CBOR_FIELD_MISSING", 1, "event.type")
    for number in (0, 25, 2 ** 64 - 1):
        bad(f"type: {number}", accept, "TOKEN_EVENT_FORMAT", (1,), "event.type", _1=number)
    bad("type: text", accept, "CBOR_TYPE", (1,), "event.type", _1="ISSUE")
    for number in [5, *range(7, 25)]:
        payload(f"type: {number} is not handled", {1: number}, "UNSUPPORTED", (1,), "event.type")
    for id_, registry in (("one byte", "r"), ("255 bytes", "r" * 255), ("letters beyond ASCII", "Börse/1")):
        good(f"registry: {id_}", EXAMPLE, _2=registry)
    where = "event.registry"
    bad("registry: missing", EXAMPLE, "CBOR_FIELD_MISSING", (3, "key"), where, _2=DROP)
    bad("registry: empty", EXAMPLE, "CBOR_RANGE", (2,), where, _2="")
    bad("registry: 256 bytes", EXAMPLE, "CBOR_RANGE", (2,), where, _2="r" * 256)
    bad("registry: bytes", EXAMPLE, "CBOR_TYPE", (2,), where, _2=b"registry")
    for id_, text in (("a blank", "a b"), ("a plus", "a+b"), ("a line feed", "a\n"), ("DEL", "a\x7f"),
                      ("a no-break space", "a\u00a0b"), ("NUL", "a\0b")):
        bad(f"registry: {id_}", EXAMPLE, "TOKEN_EVENT_FORMAT", (2,), where, _2=text)
    good("times: equal", EXAMPLE, _3=CLAIMED, _4=CLAIMED)
    good("times: zero", EXAMPLE, _3=0, _4=0)
    good("times: the last", EXAMPLE, _3=MAX, _4=MAX)
    bad("times: register_by before claimed", EXAMPLE, "TOKEN_EVENT_FORMAT", (4,), "event.register_by", _4=CLAIMED - 1)
    bad("times: claimed missing", EXAMPLE, "CBOR_FIELD_MISSING", (4, "key"), "event.claimed", _3=DROP)
    bad("times: register_by missing", EXAMPLE, "CBOR_FIELD_MISSING", (5, "key"), "event.register_by", _4=DROP)
    bad("times: claimed negative", EXAMPLE, "CBOR_TYPE", (3,), "event.claimed", _3=-1)
    bad("times: 2^63", EXAMPLE, "CBOR_RANGE", (4,), "event.register_by", _4=2 ** 63)
    bad("token: missing", accept, "CBOR_FIELD_MISSING", (8, "key"), "event.token", _6=DROP)
    bad("token: 31 bytes", accept, "CBOR_RANGE", (6,), "event.token", _6=T32[:31])
    bad("token: 33 bytes", accept, "CBOR_RANGE", (6,), "event.token", _6=T32 + b"0")
    bad("token: in an ISSUE", EXAMPLE, "CBOR_FIELD_UNKNOWN", (6, "key"), "event", _6=T32)
    bad("record: in an ISSUE", EXAMPLE, "CBOR_FIELD_UNKNOWN", (8, "key"), "event", _8=[0, T32])
    bad("record: in an ASSIGN", assign, "CBOR_FIELD_UNKNOWN", (8, "key"), "event", _8=[0, T32])
    bad("record: in a REJECT", reject, "CBOR_FIELD_UNKNOWN", (8, "key"), "event", _8=[0, T32])
    bad("record: missing", accept, "CBOR_FIELD_MISSING", (20, "key"), "event.record", _8=DROP)
    bad("record: the head is missing", accept, "CBOR_RANGE", (8,), "event.record", _8=[0])
    bad("record: an element more", accept, "CBOR_RANGE", (8,), "event.record", _8=[0, T32, 0])
    bad("record: a head of 31 bytes", accept, "CBOR_RANGE", (8, 1), "event.record.head", _8=[0, T32[:31]])
    good("record: the longest", accept, _8=[2 ** 64 - 1, T32])


def signer_cases():
    where = "event.signers[]"
    bad("signers: missing", accept, "CBOR_FIELD_MISSING", (6, "key"), "event.signers", _5=DROP)
    bad("signers: none", accept, "CBOR_RANGE", (5,), "event.signers", _5=[])
    bad("signers: a map", accept, "CBOR_TYPE", (5,), "event.signers", _5={2: D})
    bad("signers: a role alone", accept, "CBOR_RANGE", (5, 0), where, _5=[[2]])
    bad("signers: three elements", accept, "CBOR_RANGE", (5, 0), where, _5=[[2, D, 0]])
    good("signers: role 11", accept, _5=[[11, D]])
    bad("signers: role 0", accept, "CBOR_RANGE", (5, 0, 0), where + ".role", _5=[[0, D]])
    bad("signers: role 12", accept, "CBOR_RANGE", (5, 0, 0), where + ".role", _5=[[12, D]])
    bad("signers: a role of text", accept, "CBOR_TYPE", (5, 0, 0), where + ".role", _5=[["debtor", D]])
    good("signers: two parties in one role", accept, _5=[[4, S], [4, F]])
    good("signers: one party in two roles", accept, _5=[[1, S], [3, S]])
    bad("signers: roles descend", accept, "TOKEN_EVENT_FORMAT", (5, 1), where, _5=[[3, S], [1, S]])
    bad("signers: parties descend", accept, "TOKEN_EVENT_FORMAT", (5, 1), where, _5=[[4, F], [4, S]])
    bad("signers: the same twice", accept, "TOKEN_EVENT_FORMAT", (5, 2), where, _5=[[1, S], [4, S], [4, S]])
    bad("signers: a longer party first", accept, "TOKEN_EVENT_FORMAT", (5, 1), where, _5=[[4, S + "1"], [4, S]])
    party = where + ".party"
    bad("signers: a party without scheme", accept, "PARTY_FORMAT", (5, 0, 1), party, _5=[[2, "Example GmbH"]])
    bad("signers: a key of 63 digits", accept, "PARTY_FORMAT", (5, 0, 1), party, _5=[[2, KEY[:-1]]])
    good("signers: a key", accept, _5=[[2, KEY]])
    bad("signers: check digits", accept, "PARTY_CHECK", (5, 0, 1), party, _5=[[2, "lei:529900T8BM49AURSDO56"]])
    bad("signers: an empty party", accept, "CBOR_RANGE", (5, 0, 1), party, _5=[[2, ""]])
    bad("signers: 129 bytes", accept, "CBOR_RANGE", (5, 0, 1), party, _5=[[2, "iso6523:0088:" + "1" * 116]])
    many = [[4, f"vat:DE{number:04}"] for number in range(321)]
    good("signers: 320", accept, _5=many[:320])
    bad("signers: 321", accept, "LIMIT", (5,), "event.signers", _5=many)


def issue_cases():
    good("issue", EXAMPLE)
    good("issue: by the debtor", issue(by=DEBTOR))
    for face in (1, MAX):
        good(f"face: {face}", EXAMPLE, _10=face)
    for face in (0, 2 ** 63):
        bad(f"face: {face}", EXAMPLE, "CBOR_RANGE", (10,), "event.face", _10=face)
    bad("face: negative", EXAMPLE, "CBOR_TYPE", (10,), "event.face", _10=-1)
    bad("face: text", EXAMPLE, "CBOR_TYPE", (10,), "event.face", _10="1000")
    good("currency: another", EXAMPLE, _11="JPY")
    for text, status in (("EU", "CBOR_RANGE"), ("EURO", "CBOR_RANGE"), ("eur", "TOKEN_EVENT_FORMAT"),
                         ("E1R", "TOKEN_EVENT_FORMAT")):
        bad(f"currency: {text}", EXAMPLE, status, (11,), "event.currency", _11=text)
    for date in ("0001-01-01", "2024-02-29", "2000-02-29", "9999-12-31", "2026-04-30"):
        good(f"due: {date}", EXAMPLE, _12=[date, 1])
    for date in ("0000-12-31", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-13-01", "2026-01-00",
                 "2026-01-32", "2026/01/01", "20260-1-01", "2026-1-001", "+026-01-01"):
        bad(f"due: {date}", EXAMPLE, "DATE", (12, 0), "event.due.date", _12=[date, 0])
    bad("due: nine bytes", EXAMPLE, "CBOR_RANGE", (12, 0), "event.due.date", _12=["2026-1-01", 0])
    bad("due: without mark", EXAMPLE, "CBOR_RANGE", (12,), "event.due", _12=["2026-01-01"])
    bad("due: mark 2", EXAMPLE, "CBOR_RANGE", (12, 1), "event.due.mark", _12=["2026-01-01", 2])
    bad("due: missing", EXAMPLE, "CBOR_FIELD_MISSING", (13, "key"), "event.due", _12=DROP)
    bad("parties: the supplier owes himself", EXAMPLE, "TOKEN_EVENT_FORMAT", (14,), "event.debtor", _14=S)
    bad("parties: a supplier without scheme", EXAMPLE, "PARTY_FORMAT", (13,), "event.supplier", _13="DE100000001")
    bad("parties: a debtor with wrong check digits", EXAMPLE, "PARTY_CHECK", (14,), "event.debtor",
        _14="lei:529900T8BM49AURSDO54")
    bad("parties: no debtor", EXAMPLE, "CBOR_FIELD_MISSING", (15, "key"), "event.debtor", _14=DROP)
    for key, name in ((15, "commitment"), (16, "source")):
        for length in (31, 33):
            bad(f"{name}: {length} bytes", EXAMPLE, "CBOR_RANGE", (key,), f"event.{name}", **{f"_{key}": b"0" * length})
        bad(f"{name}: missing", EXAMPLE, "CBOR_FIELD_MISSING", (key + 1, "key"), f"event.{name}", **{f"_{key}": DROP})
    bad("nonce: 15 bytes", EXAMPLE, "CBOR_RANGE", (18,), "event.nonce", _18=b"0" * 15)
    bad("nonce: 17 bytes", EXAMPLE, "CBOR_RANGE", (18,), "event.nonce", _18=b"0" * 17)
    bad("nonce: missing", EXAMPLE, "CBOR_FIELD_MISSING", ("end",), "event.nonce", _18=DROP)
    good("predecessor", EXAMPLE, _19=b"\x11" * 32)
    bad("predecessor: 31 bytes", EXAMPLE, "CBOR_RANGE", (19,), "event.predecessor", _19=b"0" * 31)
    for key in (20, 30):
        bad(f"issue: key {key} of another type", EXAMPLE, "CBOR_FIELD_UNKNOWN", (key, "key"), "event", **{f"_{key}": 1})


def policy_cases():
    good("policy: all", EXAMPLE, _17={1: 3, 2: 3650, 3: F, 4: B})
    good("policy: the least", EXAMPLE, _17={1: 1, 2: 1})
    good("policy: arbiter and authority alike", EXAMPLE, _17={3: F, 4: F})
    bad("policy: missing", EXAMPLE, "CBOR_FIELD_MISSING", (18, "key"), "event.policy", _17=DROP)
    bad("policy: an array", EXAMPLE, "CBOR_TYPE", (17,), "event.policy", _17=[])
    for key, name, above in ((1, "effectiveness", 4), (2, "grace_days", 3651)):
        for number in (0, above):
            bad(f"policy: {name} {number}", EXAMPLE, "CBOR_RANGE", (17, key), f"event.policy.{name}",
                "a default is not written" if number == 0 else None, _17={key: number})
    for key, name in ((3, "arbiter"), (4, "authority")):
        bad(f"policy: {name} without scheme", EXAMPLE, "PARTY_FORMAT", (17, key), f"event.policy.{name}", _17={key: "x"})
        bad(f"policy: {name} empty", EXAMPLE, "CBOR_RANGE", (17, key), f"event.policy.{name}", _17={key: ""})
    bad("policy: key 5", EXAMPLE, "CBOR_FIELD_UNKNOWN", (17, 5, "key"), "event.policy", _17={5: 1})
    bad("policy: key 0", EXAMPLE, "CBOR_FIELD_UNKNOWN", (17, 0, "key"), "event.policy", _17={0: 1, 1: 1})


def accept_cases():
    good("accept", accept)
    good("accept: consent false, waiver true", accept, _21=[False, True])
    for amount in (1, MAX):
        good(f"accepted: {amount}", accept, _20=amount)
    for amount in (0, 2 ** 63):
        bad(f"accepted: {amount}", accept, "CBOR_RANGE", (20,), "event.accepted", _20=amount)
    bad("accepted: missing", accept, "CBOR_FIELD_MISSING", (21, "key"), "event.accepted", _20=DROP)
    bad("consent: missing", accept, "CBOR_FIELD_MISSING", ("end",), "event.consent", _21=DROP)
    bad("consent: one element", accept, "CBOR_RANGE", (21,), "event.consent", _21=[True])
    bad("consent: null", accept, "CBOR_TYPE", (21, 0), "event.consent.assignment", _21=[None, False])
    bad("consent: a number", accept, "CBOR_TYPE", (21, 1), "event.consent.waiver", _21=[True, 1])
    bad("accept: inputs", accept, "CBOR_FIELD_UNKNOWN", (7, "key"), "event", _7=[N32])
    bad("accept: a reason", accept, "CBOR_FIELD_UNKNOWN", (22, "key"), "event", _22="x")


def reject_cases():
    good("reject", reject)
    for id_, text in (("one byte", "x"), ("256 bytes", "x" * 256), ("a no-break space", "5\u00a0EUR"),
                      ("beyond ASCII", "Ware fehlt größtenteils")):
        good(f"reason: {id_}", reject, _22=text)
    bad("reason: empty", reject, "CBOR_RANGE", (22,), "event.reason", _22="")
    bad("reason: 257 bytes", reject, "CBOR_RANGE", (22,), "event.reason", _22="x" * 257)
    for id_, text in (("a line feed", "a\nb"), ("ESC", "\x1b[2J"), ("DEL", "a\x7f"), ("C1", "a\u009b2J"), ("NUL", "\0")):
        bad(f"reason: {id_}", reject, "TOKEN_EVENT_FORMAT", (22,), "event.reason", _22=text)
    bad("reject: accepted", reject, "CBOR_FIELD_UNKNOWN", (20, "key"), "event", _20=1)
    bad("reject: inputs", reject, "CBOR_FIELD_UNKNOWN", (7, "key"), "event", _7=[N32])
    good("void", void)
    bad("void: a reason", void, "CBOR_FIELD_UNKNOWN", (22, "key"), "event", _22="x")
    bad("void: the record is missing", void, "CBOR_FIELD_MISSING", ("end",), "event.record", _8=DROP)


def assign_cases():
    ids = [note_id(T32, index) for index in range(65)]
    good("assign", assign)
    good("assign: reorganisation", assign, _5=[[3, S]], _30=[[400, S, 0], [600, S, 0]], _31=0)
    good("assign: collection, with price", assign, _31=2, _32=b"\x99" * 32)
    bad("inputs: missing", assign, "CBOR_FIELD_MISSING", (30, "key"), "event.inputs", _7=DROP)
    bad("inputs: none", assign, "CBOR_RANGE", (7,), "event.inputs", _7=[])
    good("inputs: 64", assign, _7=ids[:64])
    bad("inputs: 65", assign, "LIMIT", (7,), "event.inputs", _7=ids)
    bad("inputs: one twice", assign, "TOKEN_EVENT_FORMAT", (7, 2), "event.inputs[]", _7=[ids[0], ids[1], ids[0]])
    bad("inputs: 31 bytes", assign, "CBOR_RANGE", (7, 1), "event.inputs[]", _7=[ids[0], ids[1][:31]])
    bad("inputs: a record", assign, "CBOR_TYPE", (7, 0), "event.inputs[]", _7=[0, T32])
    output = "event.allocation[]"
    bad("allocation: missing", assign, "CBOR_FIELD_MISSING", (31, "key"), "event.allocation", _30=DROP)
    bad("allocation: none", assign, "CBOR_RANGE", (30,), "event.allocation", _30=[])
    good("allocation: 256", assign, _30=[[1, F, 0]] * 256)
    bad("allocation: 257", assign, "LIMIT", (30,), "event.allocation", _30=[[1, F, 0]] * 257)
    bad("allocation: two elements", assign, "CBOR_RANGE", (30, 0), output, _30=[[1, F]])
    bad("allocation: length 0", assign, "CBOR_RANGE", (30, 1, 0), output + ".length", _30=[[1, F, 0], [0, F, 0]])
    good("allocation: the longest", assign, _30=[[MAX, F, MAX]])
    bad("allocation: 2^63", assign, "CBOR_RANGE", (30, 0, 0), output + ".length", _30=[[2 ** 63, F, 0]])
    good("allocation: 2^63 - 1 in two", assign, _30=[[MAX - 1, F, 0], [1, F, 0]])
    bad("allocation: 2^63 in two", assign, "TOKEN_ALLOCATION", (30, 1), output + ".length", _30=[[MAX, F, 0], [1, F, 0]])
    bad("allocation: 2^64 in three", assign, "TOKEN_ALLOCATION", (30, 1), output + ".length",
        _30=[[MAX, F, 0], [MAX, F, 0], [2, F, 0]])
    bad("allocation: a holder without scheme", assign, "PARTY_FORMAT", (30, 0, 1), output + ".holder", _30=[[1, "F", 0]])
    good("recourse: all of it", assign, _30=[[400, F, 400], [600, S, 0]])
    bad("recourse: one more", assign, "TOKEN_ALLOCATION", (30, 0, 2), output + ".recourse", _30=[[400, F, 401]])
    bad("recourse: negative", assign, "CBOR_TYPE", (30, 0, 2), output + ".recourse", _30=[[400, F, -1]])
    bad("kind: missing", assign, "CBOR_FIELD_MISSING", ("end",), "event.kind", _31=DROP)
    bad("kind: 3", assign, "CBOR_RANGE", (31,), "event.kind", _31=3)
    bad("price: 31 bytes", assign, "CBOR_RANGE", (32,), "event.price", _32=b"0" * 31)
    bad("price: of a reorganisation", assign, "TOKEN_EVENT_FORMAT", (32,), "event.price", _31=0, _32=b"0" * 32)


# Transitions.

apply_cases = []


def run(events):
    token = Token(*events[0])
    for event, registered_at in events[1:]:
        token.apply(event, registered_at)
    return token


class Story:
    """What has happened to one token so far; a branch is a copy."""

    def __init__(self, events=None):
        self.events = events or [(issue(), None)]

    def then(self, event, registered_at=None):
        return Story(self.events + [(event, registered_at)])

    @property
    def token(self):
        return run(self.events)

    def common(self, kind, signers, **changes):
        token = self.token
        return {**common(kind, signers), 6: token.id, **numbered(changes)}

    def accept(self, accepted=1000, consent=True, **changes):
        token = self.token
        signers = [(DEBTOR, D)]
        if accepted < 1000:
            signers += [(SUPPLIER, S)] + [(HOLDER, note.holder) for note in token.live]
        return {**self.common(ACCEPT, set(signers)), 8: [token.seq, token.head], 20: accepted, 21: [consent, False],
                **numbered(changes)}

    def reject(self, **changes):
        return {**self.common(REJECT, [(DEBTOR, D)]), **numbered(changes)}

    def void(self, **changes):
        token = self.token
        signers = {(SUPPLIER, S)} | {(HOLDER, note.holder) for note in token.live}
        return {**self.common(VOID, signers), 8: [token.seq, token.head], **numbered(changes)}

    def assign(self, notes, outputs, kind=1, **changes):
        token = self.token
        inputs = [token.live[n] if isinstance(n, int) else n for n in notes]
        holder = inputs[0].holder
        signers = {(HOLDER, holder)} | {(ASSIGNEE, o[1]) for o in outputs if o[1] != holder}
        return {**self.common(ASSIGN, signers), 7: [note.id for note in inputs], 30: [list(o) for o in outputs],
                31: kind, **numbered(changes)}

    def split(self, note, *lengths):
        holder = self.token.live[note].holder
        return self.assign([note], [[length, holder, 0] for length in lengths], 0)


def judge(id_, story, event, status=None, where=None, registered_at=None, comment=None):
    try:
        after = story.then(event, registered_at).token
        assert status is None, f"{id_}: applied, want {status}"
        expect = {"status": "AVAL_OK", "state": after.show()}
    except Refused as refused:
        assert status is not None, f"{id_}: {refused}"
        assert (refused.status, refused.where) == ("AVAL_E_" + status, where), f"{id_}: {refused}"
        expect = {"status": refused.status, "where": refused.where}
    events = story.events + [(event, registered_at)]
    row = {"id": id_, "input": {"events": [{"payload": cbor(e).hex(), "registered_at": -1 if t is None else t}
                                           for e, t in events]}, "expect": expect}
    if comment:
        row["comment"] = comment
    apply_cases.append(row)


class Beginning(Story):
    """Nothing has happened yet."""

    def __init__(self):
        self.events = []


def judge_issue_cases():
    start = Beginning()
    signers = "event.signers", "event.signers[]"
    judge("issue", start, issue())
    judge("issue: by the debtor", start, issue(by=DEBTOR), comment="reverse factoring: the supplier holds the note")
    judge("issue: the largest face", start, issue(face=MAX))
    judge("issue: by the holder", start, issue(changes={5: [[3, S]]}), "TOKEN_SIGNERS", signers[0])
    judge("issue: by both", start, issue(changes={5: [[1, S], [2, D]]}), "TOKEN_SIGNERS", signers[1])
    judge("issue: roles swapped", start, issue(changes={5: [[1, D]]}), "TOKEN_SIGNERS", signers[1])
    judge("issue: roles swapped, the debtor's", start, issue(changes={5: [[2, S]]}), "TOKEN_SIGNERS", signers[0])
    judge("issue: by a stranger", start, issue(changes={5: [[1, F]]}), "TOKEN_SIGNERS", signers[0])
    judge("issue: a stranger beside", start, issue(changes={5: [[1, S], [4, F]]}), "TOKEN_SIGNERS", signers[1])
    judge("issue: at register_by", start, issue(), registered_at=UNTIL)
    judge("issue: past register_by", start, issue(), "TOKEN_EXPIRED", "event.register_by", UNTIL + 1)
    judge("issue: before the claimed time", start, issue(), registered_at=0)
    judge("issue: an ACCEPT comes first", start, accept, "TOKEN_STATUS", "event.type")
    judge("issue: an ASSIGN comes first", start, assign, "TOKEN_STATUS", "event.type")
    judge("issue: twice", Story(), issue(), "TOKEN_DUPLICATE_EVENT", "event")
    judge("issue: another on top", Story(), issue(changes={18: b"\x0f" * 16}), "TOKEN_STATUS", "event.type")


def place_cases():
    s = Story()
    other = Story([(issue(changes={18: b"\x0f" * 16}), None)])
    for name, event in (("accept", s.accept()), ("reject", s.reject()), ("void", s.void()),
                        ("assign", s.assign([0], [[1000, F, 0]]))):
        judge(f"{name}: at register_by", s, event, registered_at=UNTIL)
        judge(f"{name}: past register_by", s, event, "TOKEN_EXPIRED", "event.register_by", UNTIL + 1)
        judge(f"{name}: for another registry", s, {**event, 2: "registry.example/log2"}, "TOKEN_REGISTRY", "event.registry")
        judge(f"{name}: for the registry in capitals", s, {**event, 2: REGISTRY.upper()}, "TOKEN_REGISTRY",
              "event.registry")
        judge(f"{name}: of another token", other, event, "TOKEN_OTHER", "event.token")
        judge(f"{name}: twice", s.then(event), event, "TOKEN_DUPLICATE_EVENT", "event")
        judge(f"{name}: twice, past register_by", s.then(event), event, "TOKEN_DUPLICATE_EVENT", "event", UNTIL + 1,
              "a retry is told that it is one")


def signer_rule(name, s, event, extra):
    """Every signer left out, each put into another role, and one too many."""
    have = event[5]
    for index, (role, party) in enumerate(have):
        rest = have[:index] + have[index + 1:]
        if rest:
            judge(f"{name}: without the signer {role} {party}", s, {**event, 5: rest}, "TOKEN_SIGNERS", "event.signers")
        if [11, party] not in rest:
            judge(f"{name}: {party} as registry, not as {role}", s, {**event, 5: sorted(rest + [[11, party]])},
                  "TOKEN_SIGNERS", "event.signers")
        judge(f"{name}: a stranger in place of {role} {party}", s, {**event, 5: sorted(rest + [[role, KEY]])},
              "TOKEN_SIGNERS", "event.signers[]" if KEY < party else "event.signers")
    judge(f"{name}: a signer more", s, {**event, 5: sorted(have + [extra])}, "TOKEN_SIGNERS", "event.signers[]")


def accept_rules():
    s = Story()
    sold = s.then(s.assign([0], [[1000, F, 300]]))
    judge("accept", s, s.accept())
    judge("accept: without consent", s, s.accept(consent=False))
    judge("accept: of a note that was assigned", sold, sold.accept(), comment="the record did not move")
    judge("accept: one more than the face", s, s.accept(1001), "TOKEN_FACE", "event.accepted")
    judge("accept: 2^63 - 1", s, s.accept(MAX), "TOKEN_FACE", "event.accepted")
    judge("accept: one less than the face", s, s.accept(999))
    judge("accept: one", sold, sold.accept(1), comment="the recourse is cut off")
    judge("accept: up to the recourse", sold, sold.accept(700))
    judge("accept: one unit of the recourse", sold, sold.accept(701))
    judge("accept: after an ACCEPT", s.then(s.accept()), s.then(s.accept()).accept(), "TOKEN_STATUS", "event.type")
    judge("accept: after a REJECT", s.then(s.reject()), s.then(s.reject()).accept(), "TOKEN_STATUS", "event.type")
    judge("accept: after a VOID", s.then(s.void()), s.then(s.void()).accept(), "TOKEN_STATUS", "event.type")
    judge("accept: a record too long", s, s.accept(_8=[1, T32]), "TOKEN_RECORD", "event.record.seq")
    judge("accept: another branch", s, s.accept(_8=[0, b"\x01" * 32]), "TOKEN_RECORD", "event.record.head")
    judge("accept: the face as lower signs", s, s.accept(5 * 200, _5=[[1, S], [2, D], [3, S]]), "TOKEN_SIGNERS",
          "event.signers[]")
    signer_rule("accept", s, s.accept(), [11, F])
    signer_rule("accept lower", sold, sold.accept(500), [11, F])
    lower = s.accept(500)
    judge("accept lower: the holder was the supplier when it was signed", sold, lower, "TOKEN_SIGNERS", "event.signers[]")


def reject_void_rules():
    s = Story()
    rejected = s.then(s.reject())
    sold = s.then(s.assign([0], [[1000, F, 0]]))
    sold_rejected = rejected.then(rejected.assign([0], [[1000, F, 1000]], 2))
    judge("reject", s, s.reject())
    judge("reject: with a reason", s, s.reject(_22="goods not received"))
    judge("reject: after a REJECT", rejected, rejected.reject(_22="again"), "TOKEN_STATUS", "event.type")
    judge("reject: after an ACCEPT", s.then(s.accept()), s.reject(), "TOKEN_STATUS", "event.type")
    judge("reject: after a VOID", s.then(s.void()), s.reject(), "TOKEN_STATUS", "event.type")
    signer_rule("reject", s, s.reject(), [11, F])
    judge("void", s, s.void())
    judge("void: after a REJECT", rejected, rejected.void())
    judge("void: another holder", sold, sold.void())
    judge("void: after an ACCEPT", s.then(s.accept()), s.then(s.accept()).void(), "TOKEN_STATUS", "event.type")
    judge("void: after a VOID", s.then(s.void()), s.then(s.void()).void(), "TOKEN_STATUS", "event.type")
    judge("void: made before the REJECT", rejected, s.void(), "TOKEN_RECORD", "event.record.seq")
    other = Story().then(s.reject(_22="another reason"))
    judge("void: on another branch", rejected, other.void(), "TOKEN_RECORD", "event.record.head")
    judge("void: made before the note was sold", sold, s.void(), "TOKEN_SIGNERS", "event.signers[]")
    judge("void: after a REJECT and a sale", sold_rejected, sold_rejected.void())
    signer_rule("void", sold, sold.void(), [11, F])
    voided = s.then(s.void())
    judge("void: nothing is assigned after it", voided, voided.assign([0], [[1000, F, 0]]), "TOKEN_STATUS", "event.type")


def assign_rules():
    s = Story().then(Story().accept())
    open_ = Story()
    rejected = open_.then(open_.reject())
    sale = s.assign([0], [[400, F, 100], [600, S, 0]])
    sold = s.then(sale)
    outputs, length = "event.allocation", "event.allocation[].length"
    judge("assign: a part", s, sale)
    judge("assign: a part from the high end", s, s.assign([0], [[600, S, 0], [400, F, 400]]))
    judge("assign: all", s, s.assign([0], [[1000, F, 0]]))
    judge("assign: to three", s, s.assign([0], [[1, F, 1], [1, B, 0], [998, KEY, 998]]))
    judge("assign: two outputs to one", s, s.assign([0], [[400, F, 0], [600, F, 600]]))
    judge("assign: to the debtor", s, s.assign([0], [[1000, D, 0]]), comment="no rule forbids it")
    judge("assign: for collection", s, s.assign([0], [[1000, F, 0]], 2))
    judge("assign: with price", s, s.assign([0], [[1000, F, 0]], _32=b"\x99" * 32))
    judge("assign: one unit short", s, s.assign([0], [[400, F, 100], [599, S, 0]]), "TOKEN_ALLOCATION", outputs)
    judge("assign: one unit too many", s, s.assign([0], [[400, F, 100], [601, S, 0]]), "TOKEN_ALLOCATION", length)
    judge("assign: an output too many", s, s.assign([0], [[400, F, 100], [600, S, 0], [1, S, 0]]), "TOKEN_ALLOCATION",
          length)
    judge("assign: 2^63 - 1", s, s.assign([0], [[MAX, F, 0]]), "TOKEN_ALLOCATION", length)
    judge("assign: of the face, the note is shorter", sold, sold.assign([0], [[1000, B, 0]]), "TOKEN_ALLOCATION", length)
    judge("assign: with recourse on what is kept", s, s.assign([0], [[400, F, 0], [600, S, 1]]), "TOKEN_ALLOCATION",
          "event.allocation[].recourse")
    judge("assign: a reorganisation with a new holder", s, s.assign([0], [[400, F, 0], [600, S, 0]], 0),
          "TOKEN_ALLOCATION", "event.kind")
    for kind in (1, 2):
        judge(f"assign: kind {kind} without a new holder", s, s.assign([0], [[400, S, 0], [600, S, 0]], kind),
              "TOKEN_ALLOCATION", "event.kind")
    judge("assign: nothing changes", s, s.assign([0], [[1000, S, 0]], 0), "TOKEN_ALLOCATION", outputs)
    two = s.then(s.split(0, 400, 600))
    judge("assign: nothing changes in two", two, two.assign([0, 1], [[400, S, 0], [600, S, 0]], 0), "TOKEN_ALLOCATION",
          outputs)
    judge("assign: the cut moves by one", two, two.assign([0, 1], [[401, S, 0], [599, S, 0]], 0))
    never = type("", (), {"id": b"\x07" * 32, "holder": S})
    judge("assign: a note that never was", s, s.assign([never], [[1000, F, 0]]), "NOTE_UNKNOWN", "event.inputs[]")
    spent = s.token.live[0]
    judge("assign: a note that is spent", sold, sold.assign([spent], [[1000, B, 0]]), "NOTE_SPENT", "event.inputs[]")
    judge("assign: a second buyer of the same note", sold, s.assign([0], [[1000, B, 0]]), "NOTE_SPENT", "event.inputs[]")
    sibling = {**sold.assign([0], [[400, B, 0]]), 7: [sold.token.live[1].id]}
    judge("assign: signed for one note, aimed at its sibling", sold, sibling, "TOKEN_ALLOCATION", outputs)
    equal = s.then(s.assign([0], [[500, F, 0], [500, S, 0]]))
    judge("assign: aimed at a sibling of equal length", equal,
          {**equal.assign([0], [[500, B, 0]]), 7: [equal.token.live[1].id]}, "TOKEN_SIGNERS", "event.signers")
    signer_rule("assign", s, s.assign([0], [[400, F, 0], [600, B, 0]]), [11, F])
    judge("assign: holder and assignee swapped", s, s.assign([0], [[1000, F, 0]], _5=[[3, F], [4, S]]), "TOKEN_SIGNERS",
          "event.signers")
    judge("assign: by the supplier, not as holder", s, s.assign([0], [[1000, F, 0]], _5=[[1, S], [4, F]]),
          "TOKEN_SIGNERS", "event.signers[]")
    judge("assign: by a former holder", sold, sold.assign([0], [[400, B, 0]], _5=[[3, S], [4, B]]), "TOKEN_SIGNERS",
          "event.signers[]")
    judge("assign: who keeps a part signs as assignee too", s, {**sale, 5: [[3, S], [4, S], [4, F]]}, "TOKEN_SIGNERS",
          "event.signers[]")
    for name, story in (("open", open_), ("rejected", rejected)):
        judge(f"assign: all, {name}", story, story.assign([0], [[1000, F, 500]]))
        judge(f"assign: a part, {name}", story, story.assign([0], [[400, F, 0], [600, S, 0]]), "TOKEN_STATUS", outputs)
        judge(f"assign: a split, {name}", story, story.split(0, 400, 600), "TOKEN_STATUS", outputs)
    never2 = type("", (), {"id": b"\x08" * 32, "holder": S})
    judge("assign: a merge before acceptance", open_, open_.assign([0, never2], [[1000, F, 0]]), "TOKEN_STATUS",
          "event.inputs")
    bound = open_.then(open_.accept(consent=False))
    judge("assign: without consent", bound, bound.assign([0], [[1000, F, 0]]), "TOKEN_CONSENT",
          "event.allocation[].holder")
    judge("assign: a part without consent", bound, bound.assign([0], [[1, F, 0], [999, S, 0]]), "TOKEN_CONSENT",
          "event.allocation[].holder")
    judge("assign: a split without consent", bound, bound.split(0, 400, 600))
    before = open_.then(open_.assign([0], [[1000, F, 0]]))
    judge("assign: a split by the holder, who has it without consent", before.then(before.accept(consent=False)),
          before.then(before.accept(consent=False)).split(0, 1, 999))


def recourse_rules():
    s = Story().then(Story().accept())
    capped = s.then(s.assign([0], [[1000, F, 300]]))
    judge("recourse: a split below it", capped, capped.split(0, 600, 400))
    judge("recourse: a split where it begins", capped, capped.split(0, 700, 300))
    judge("recourse: a split within it", capped, capped.split(0, 800, 200))
    judge("recourse: a second assignor", capped, capped.assign([0], [[500, B, 500], [500, B, 100]]))
    judge("recourse: the second assignor has none of it", capped, capped.assign([0], [[1000, B, 0]]))
    judge("recourse: back to the first", capped, capped.assign([0], [[1000, S, 1000]]))
    within = capped.then(capped.split(0, 800, 200))
    judge("merge: within a recourse", within, within.assign([0, 1], [[1000, F, 0]], 0))
    at = capped.then(capped.split(0, 700, 300))
    judge("merge: where a recourse begins", at, at.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE", "event.inputs[]")
    below = capped.then(capped.split(0, 600, 400))
    judge("merge: below a recourse", below, below.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE", "event.inputs[]")
    parts = capped.then(capped.split(0, 100, 200, 400, 200, 100))
    judge("merge: two without recourse", parts, parts.assign([0, 1], [[300, F, 0]], 0))
    judge("merge: two within it", parts, parts.assign([3, 4], [[300, F, 0]], 0))
    judge("merge: three, the last with recourse", parts, parts.assign([0, 1, 2], [[700, F, 0]], 0))
    judge("merge: over the begin of it", parts, parts.assign([1, 2, 3], [[800, F, 0]], 0), "TOKEN_MERGE",
          "event.inputs[]")
    judge("merge: and cut elsewhere", parts, parts.assign([3, 4], [[150, F, 0], [150, F, 0]], 0))
    judge("merge: and sold", parts, parts.assign([0, 1], [[300, B, 300]]))
    judge("merge: descending", parts, parts.assign([1, 0], [[300, F, 0]], 0), "TOKEN_MERGE", "event.inputs[]")
    judge("merge: not adjacent", parts, parts.assign([0, 2], [[500, F, 0]], 0), "TOKEN_MERGE", "event.inputs[]")
    judge("merge: one of three not adjacent", parts, parts.assign([0, 1, 3], [[500, F, 0]], 0), "TOKEN_MERGE",
          "event.inputs[]")
    two = s.then(s.assign([0], [[400, F, 0], [600, S, 0]]))
    judge("merge: two holders", two, two.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE", "event.inputs[]")
    unlike = s.then(s.assign([0], [[400, F, 400], [600, F, 0]]))
    judge("merge: recourse on the left alone", unlike, unlike.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE",
          "event.inputs[]")
    both = s.then(s.assign([0], [[400, F, 200], [600, F, 600]]))
    judge("merge: the right one has it whole", both, both.assign([0, 1], [[1000, F, 0]], 0))
    gap = s.then(s.assign([0], [[400, F, 400], [600, F, 599]]))
    judge("merge: one unit without it on the right", gap, gap.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE",
          "event.inputs[]")
    split = s.then(s.split(0, 400, 600))
    first = split.then(split.assign([0], [[400, B, 400]]))
    first = first.then(first.assign([0], [[400, F, 400]]))
    crossed = first.then(first.assign([1], [[600, KEY, 600]]))
    crossed = crossed.then(crossed.assign([1], [[600, F, 600]]))
    judge("merge: different assignors", crossed, crossed.assign([0, 1], [[1000, F, 0]], 0), "TOKEN_MERGE",
          "event.inputs[]")
    chain = s
    for index in range(64):
        chain = chain.then(chain.assign([0], [[1000, F if index % 2 == 0 else S, 1000]]))
    judge("recourse: 64 entries, none more", chain, chain.assign([0], [[1000, F, 0]]))
    judge("recourse: 65 entries", chain, chain.assign([0], [[1000, F, 1]]), "LIMIT", "event.allocation[].recourse")
    judge("recourse: 65 entries in the second output", chain, chain.assign([0], [[500, F, 0], [500, F, 1]]), "LIMIT",
          "event.allocation[].recourse")
    top = s
    for index in range(64):
        top = top.then(top.assign([0], [[1000, F if index % 2 == 0 else S, 1000 if index else 1]]))
    judge("recourse: 64 entries, one of them empty below", top, top.assign([0], [[999, F, 1], [1, S, 0]]))


def envelope_cases():
    envelopes.extend(event_envelopes.make(EXAMPLE, accept))


envelopes = []
CASES = {
    "event-payload": (payload_cases, [encoding_cases, common_cases, signer_cases, issue_cases, policy_cases,
                                      accept_cases, reject_cases, assign_cases]),
    "event-apply": (apply_cases, [judge_issue_cases, place_cases, accept_rules, reject_void_rules, assign_rules,
                                  recourse_rules]),
    "event-envelope": (envelopes, [envelope_cases]),
}


def spec_ids():
    """The ids of the example in docs/spec/event.md."""
    return [T32, N32, event_id(cbor(accept)), Story().then(accept).token.head]


def text_of(cases):
    rows = ",\n".join(json.dumps(case) for case in cases)
    return (f'{{"format": "aval-vectors-1", "source": "tests/oracle/event_vectors.py", "count": {len(cases)}, '
            f'"cases": [\n{rows}\n]}}\n')


def main(arguments):
    check = arguments[0] == "--check"
    folder = pathlib.Path(arguments[-1])
    stale = []
    for name, (cases, makers) in CASES.items():
        for make in makers:
            make()
        path, text = folder / f"{name}.json", text_of(cases)
        if not check:
            path.write_text(text)
        elif path.read_text() != text:
            stale.append(path.name)
    spec = (pathlib.Path(__file__).parent / "../../docs/spec/event.md").read_text()
    stale += ["docs/spec/event.md" for id_ in spec_ids() if id_.hex() not in spec]
    if stale:
        sys.exit(f"not what event_vectors.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main(sys.argv[1:])
