# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/vectors/event-apply.json. Expected status and where are by hand, and event.py must agree."""
from event import ACCEPT, ASSIGN, ASSIGNEE, DEBTOR, HOLDER, REJECT, SUPPLIER, VOID, Refused, Token, cbor
from event_base import B, D, F, KEY, MAX, REGISTRY, S, T32, UNTIL, accept, assign, common, issue, numbered

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
    judge("void: nothing is assigned after it", voided, voided.assign([s.token.live[0]], [[1000, F, 0]]),
          "TOKEN_STATUS", "event.type")


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
    top = s.then(s.assign([0], [[1000, F, 300]]))
    top = top.then(top.assign([0], [[1000, S, 0]]))
    top = top.then(top.split(0, 700, 300))
    top = top.then(top.assign([0], [[700, F, 700]]))
    top = top.then(top.assign([1], [[300, F, 0]]))
    judge("merge: what is empty on the left does not come back", top, top.assign([0, 1], [[1000, F, 0]], 0))
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


def make():
    for cases_of in (judge_issue_cases, place_cases, accept_rules, reject_void_rules, assign_rules, recourse_rules):
        cases_of()
    return apply_cases
