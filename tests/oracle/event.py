# SPDX-License-Identifier: Apache-2.0
"""Events and what they do, from docs/spec/event.md alone: naive, standard library only.

A note here is a list of units' worth of text: its recourse is kept as explicit sub-ranges, cut anew at every step.
"""
import hashlib

TYP = "application/aval-event+cbor"
SUPPLIER, DEBTOR, HOLDER, ASSIGNEE = 1, 2, 3, 4
ISSUE, ACCEPT, REJECT, VOID, ASSIGN = 1, 2, 3, 4, 6
MAX_RECOURSE = 64


def tagged(tag, data):
    t = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(t + t + data).digest()


# Deterministic CBOR that remembers where each item stands.

class Raw:
    """Bytes that are CBOR already."""

    def __init__(self, hex_text):
        self.data = bytes.fromhex(hex_text)


class Pairs(list):
    """Pairs of a map in the order given, which may be a wrong one."""


def head(major, value):
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * length:
            return bytes([major << 5 | info]) + value.to_bytes(length, "big")
    raise ValueError(value)


class Encoder:
    """out: the bytes; at[path]: the offset of the item there; at[path + ("key",)] of its key."""

    def __init__(self, item):
        self.out, self.at = b"", {}
        self.put(item, ())
        self.at["end"] = len(self.out)

    def put_pairs(self, pairs, path):
        self.out += head(5, len(pairs))
        for key, value in pairs:
            self.at[path + (key, "key")] = len(self.out)
            self.put(key, path + (key, "key"))
            self.put(value, path + (key,))
        self.at[path + ("end",)] = len(self.out)

    def put(self, item, path):
        self.at.setdefault(path, len(self.out))
        if isinstance(item, Raw):
            self.out += item.data
        elif item is None or isinstance(item, bool):
            self.out += {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[item]
        elif isinstance(item, int):
            self.out += head(0, item) if item >= 0 else head(1, -1 - item)
        elif isinstance(item, bytes):
            self.out += head(2, len(item)) + item
        elif isinstance(item, str):
            self.out += head(3, len(item.encode())) + item.encode()
        elif isinstance(item, Pairs):
            self.put_pairs(item, path)
        elif isinstance(item, dict):
            self.put_pairs(sorted(item.items(), key=lambda pair: cbor(pair[0])), path)
        else:
            self.out += head(4, len(item))
            for index, element in enumerate(item):
                self.put(element, path + (index,))


def cbor(item):
    return Encoder(item).out


# Ids.

def event_id(payload):
    return tagged("aval/event", cbor([cbor({16: TYP}), payload]))


def note_id(event, index):
    return tagged("aval/note", cbor([event, index]))


def next_head(seq, record_head, event):
    return tagged("aval/record", cbor([seq, record_head, event]))


# The transition function.

class Refused(Exception):
    def __init__(self, status, where):
        super().__init__(status, where)
        self.status, self.where = "AVAL_E_" + status, where


def refuse(condition, status, where):
    if condition:
        raise Refused(status, where)


class Note:
    def __init__(self, id_, begin, end, holder, recourse):
        self.id, self.begin, self.end, self.holder, self.recourse = id_, begin, end, holder, recourse

    def cut(self, begin, end):
        """The recourse of a sub-range."""
        cuts = [(a, max(b, begin), min(e, end)) for a, b, e in self.recourse]
        return [(a, b, e) for a, b, e in cuts if b < e]


def check_signers(event, want):
    have = [(role, party.encode()) for role, party in event[5]]
    want = sorted({(role, party.encode()) for role, party in want})
    for mine, asked in zip(have, want):
        refuse(asked < mine, "TOKEN_SIGNERS", "event.signers")
        refuse(mine < asked, "TOKEN_SIGNERS", "event.signers[]")
    refuse(len(have) < len(want), "TOKEN_SIGNERS", "event.signers")
    refuse(len(have) > len(want), "TOKEN_SIGNERS", "event.signers[]")


class Token:
    def __init__(self, event, registered_at=None):
        refuse(event[1] != ISSUE, "TOKEN_STATUS", "event.type")
        refuse(registered_at is not None and registered_at > event[4], "TOKEN_EXPIRED", "event.register_by")
        by_debtor = [DEBTOR, event[14]] in event[5]
        check_signers(event, [(DEBTOR, event[14])] if by_debtor else [(SUPPLIER, event[13])])
        self.id = event_id(cbor(event))
        self.registry, self.face, self.supplier, self.debtor = event[2], event[10], event[13], event[14]
        self.status, self.consent = "open", None
        self.seq, self.head = 0, self.id
        self.live = [Note(note_id(self.id, 0), 0, self.face, self.supplier, [])]
        self.spent, self.events = set(), {self.id}

    def apply(self, event, registered_at=None):
        id_ = event_id(cbor(event))
        kind = event[1]
        refuse(id_ in self.events, "TOKEN_DUPLICATE_EVENT", "event")
        refuse(kind == ISSUE, "TOKEN_STATUS", "event.type")
        refuse(event[6] != self.id, "TOKEN_OTHER", "event.token")
        refuse(event[2] != self.registry, "TOKEN_REGISTRY", "event.registry")
        refuse(registered_at is not None and registered_at > event[4], "TOKEN_EXPIRED", "event.register_by")
        allowed = {ACCEPT: ["open"], REJECT: ["open"], VOID: ["open", "rejected"],
                   ASSIGN: ["open", "rejected", "accepted"]}[kind]
        refuse(self.status not in allowed, "TOKEN_STATUS", "event.type")
        {ACCEPT: self.accept, REJECT: self.reject, VOID: self.void, ASSIGN: self.assign}[kind](event, id_)
        self.events.add(id_)
        if kind != ASSIGN:
            self.seq += 1
            self.head = next_head(self.seq, self.head, id_)

    def check_record(self, event):
        refuse(event[8][0] != self.seq, "TOKEN_RECORD", "event.record.seq")
        refuse(event[8][1] != self.head, "TOKEN_RECORD", "event.record.head")

    def holders(self):
        return [(HOLDER, note.holder) for note in self.live]

    def accept(self, event, id_):
        self.check_record(event)
        refuse(event[20] > self.face, "TOKEN_FACE", "event.accepted")
        lower = [] if event[20] == self.face else [(SUPPLIER, self.supplier)] + self.holders()
        check_signers(event, [(DEBTOR, self.debtor)] + lower)
        self.status, self.consent = "accepted", event[21][0]
        kept = []
        for note in self.live:
            if note.begin < event[20]:
                note.recourse = note.cut(note.begin, event[20])
                note.end = min(note.end, event[20])
                kept.append(note)
        self.live = kept

    def reject(self, event, id_):
        check_signers(event, [(DEBTOR, self.debtor)])
        self.status = "rejected"

    def void(self, event, id_):
        self.check_record(event)
        check_signers(event, [(SUPPLIER, self.supplier)] + self.holders())
        self.status = "void"
        self.spent |= {note.id for note in self.live}
        self.live = []

    def find(self, inputs):
        found = []
        for id_ in inputs:
            notes = [note for note in self.live if note.id == id_]
            refuse(not notes and id_ not in self.spent, "NOTE_UNKNOWN", "event.inputs[]")
            refuse(not notes, "NOTE_SPENT", "event.inputs[]")
            found += notes
        return found

    def assign(self, event, id_):
        if self.status != "accepted":
            refuse(len(event[7]) != 1, "TOKEN_STATUS", "event.inputs")
            refuse(len(event[30]) != 1, "TOKEN_STATUS", "event.allocation")
        notes = self.find(event[7])
        union = Note(None, notes[0].begin, notes[0].end, notes[0].holder, list(notes[0].recourse))
        for note in notes[1:]:
            refuse(note.begin != union.end, "TOKEN_MERGE", "event.inputs[]")
            refuse(note.holder != union.holder, "TOKEN_MERGE", "event.inputs[]")
            same = len(note.recourse) == len(union.recourse) and all(
                a == c and e == union.end == f for (a, b, e), (c, f, g) in zip(union.recourse, note.recourse))
            refuse(not same, "TOKEN_MERGE", "event.inputs[]")
            union.recourse = [(a, b, g) for (a, b, e), (c, f, g) in zip(union.recourse, note.recourse)]
            union.end = note.end
        left = union.end - union.begin
        for length, _, _ in event[30]:
            refuse(length > left, "TOKEN_ALLOCATION", "event.allocation[].length")
            left -= length
        refuse(left != 0, "TOKEN_ALLOCATION", "event.allocation")
        self.check_holders(event, notes, union)
        outputs, begin = [], union.begin
        for index, (length, holder, recourse) in enumerate(event[30]):
            end = begin + length
            entries = union.cut(begin, end)
            if recourse:
                entries.append((union.holder, end - recourse, end))
                refuse(len(entries) > MAX_RECOURSE, "LIMIT", "event.allocation[].recourse")
            outputs.append(Note(note_id(id_, index), begin, end, holder, entries))
            begin = end
        check_signers(event, [(HOLDER, union.holder)] + [(ASSIGNEE, note.holder) for note in outputs
                                                         if note.holder != union.holder])
        self.live = sorted([note for note in self.live if note not in notes] + outputs, key=lambda note: note.begin)
        self.spent |= {note.id for note in notes}

    def check_holders(self, event, notes, union):
        for length, holder, recourse in event[30]:
            refuse(holder == union.holder and recourse, "TOKEN_ALLOCATION", "event.allocation[].recourse")
        is_new = any(holder != union.holder for _, holder, _ in event[30])
        refuse(is_new == (event[31] == 0), "TOKEN_ALLOCATION", "event.kind")
        unchanged = [note.end - note.begin for note in notes] == [length for length, _, _ in event[30]]
        refuse(not is_new and unchanged, "TOKEN_ALLOCATION", "event.allocation")
        refuse(is_new and self.status == "accepted" and not self.consent, "TOKEN_CONSENT",
               "event.allocation[].holder")

    def show(self):
        """The state in one line; tests/unit/test_event_apply.c writes the same."""
        notes = []
        for note in self.live:
            recourse = "".join(f" [{a} {b}-{e}]" for a, b, e in note.recourse)
            notes.append(f"{note.begin}-{note.end} {note.holder} {note.id.hex()}{recourse}")
        return " | ".join([f"{self.status} {self.seq} {self.head.hex()}"] + notes)
