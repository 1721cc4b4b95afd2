# SPDX-License-Identifier: Apache-2.0
"""Parties and events that the cases of all event vectors start from."""
from event import ACCEPT, ASSIGN, ASSIGNEE, DEBTOR, HOLDER, ISSUE, REJECT, SUPPLIER, VOID, cbor, event_id, note_id

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


def issue(face=1000, by=SUPPLIER, changes=None):
    event = {**common(ISSUE, [(by, S if by == SUPPLIER else D)]), 10: face, 11: "EUR", 12: ["2026-12-31", 0], 13: S,
             14: D, 15: b"\xc0" * 32, 16: b"\x50" * 32, 17: {}, 18: b"\x0e" * 16}
    return with_changes(event, changes or {})


def numbered(changes):
    return {int(key[1:]): value for key, value in changes.items()}


EXAMPLE = issue()
T32 = event_id(cbor(EXAMPLE))
N32 = note_id(T32, 0)
accept = {**common(ACCEPT, [(DEBTOR, D)]), 6: T32, 8: [0, T32], 20: 1000, 21: [True, False]}
reject = {**common(REJECT, [(DEBTOR, D)]), 6: T32}
void = {**common(VOID, [(SUPPLIER, S), (HOLDER, S)]), 6: T32, 8: [0, T32]}
assign = {**common(ASSIGN, [(HOLDER, S), (ASSIGNEE, F)]), 6: T32, 7: [N32], 30: [[400, F, 100], [600, S, 0]], 31: 1}
