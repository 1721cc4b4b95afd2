# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/vectors/event-payload.json. Expected status, offset (as the path of an item) and where are by hand."""
from event import DEBTOR, Encoder, Pairs, Raw, cbor, event_id, note_id
from event_base import (B, CLAIMED, D, DROP, EXAMPLE, F, KEY, MAX, N32, REGISTRY, S, T32, accept, assign, issue,
                        numbered, reject, void, with_changes)

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
    bad("signers: check digits of the second", accept, "PARTY_CHECK", (5, 1, 1), party,
        _5=[[1, "lei:529900T8BM49AURSDO55"], [2, "lei:529900T8BM49AURSDO56"]])
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


def make():
    for cases_of in (encoding_cases, common_cases, signer_cases, issue_cases, policy_cases, accept_cases, reject_cases,
                     assign_cases):
        cases_of()
    return payload_cases
