# SPDX-License-Identifier: Apache-2.0
"""Events, their envelopes and the replay, written from docs/spec/event.md and docs/spec/cose.md alone."""
import datetime
import re

from aval_cbor import Refused, Tag, array, boolean, decode, encode, mapping, raw, text, uint
from aval_keys import BATCH_OF, CURVE_OF, sha256, tagged

TYP = "application/aval-event+cbor"
ISSUE, ACCEPT, REJECT, VOID, ASSIGN = 1, 2, 3, 4, 6
SUPPLIER, DEBTOR, HOLDER, ASSIGNEE = 1, 2, 3, 4
ROLES = range(1, 12)
TYPES = range(1, 25)
MAX_LEN, MAX_SIGNERS, MAX_INPUTS, MAX_OUTPUTS, MAX_RECOURSE = 262144, 320, 64, 256, 64
AMOUNT = (1 << 63) - 1
OPEN, ACCEPTED, REJECTED, VOIDED = "open", "accepted", "rejected", "void"

COMMON = (1, 2, 3, 4, 5)
FIELDS = {
    ISSUE: ((10, 11, 12, 13, 14, 15, 16, 17, 18), (19,)),
    ACCEPT: ((6, 8, 20, 21), ()),
    REJECT: ((6,), (22,)),
    VOID: ((6, 8), ()),
    ASSIGN: ((6, 7, 30, 31), (32,)),
}


def bad(reason):
    raise Refused("AVAL_E_TOKEN_EVENT_FORMAT", reason)


def uscc_check(body):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(char) * pow(3, place, 31) for place, char in enumerate(body[:17]))
    return alphabet[(31 - total % 31) % 31] == body[17]


# The schemes of iso6523: ids, docs/spec/identity.md#ids.
ISO6523 = [(2, 91), (93, 102), (104, 180), (183, 248), (9910, 9910), (9913, 9915), (9918, 9920), (9922, 9953), (9957, 9957),
           (9959, 9959)]


def party(value):
    text(value)
    forms = {
        "key": "[0-9a-f]{64}", "lei": "[0-9A-Z]{18}[0-9]{2}", "vat": "[A-Z]{2}[0-9A-Z+*]{2,12}",
        "iso6523": r"[0-9]{4}:[0-9A-Za-z\-._~:]{1,50}",
        "uscc": "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
    }
    scheme, _, body = value.partition(":")
    if scheme not in forms or not re.fullmatch(forms[scheme], body):
        raise Refused("AVAL_E_PARTY_FORMAT", value)
    if scheme == "lei" and int("".join(str(int(char, 36)) for char in body)) % 97 != 1:
        raise Refused("AVAL_E_PARTY_CHECK", value)
    if scheme == "uscc" and not uscc_check(body):
        raise Refused("AVAL_E_PARTY_CHECK", value)
    if scheme == "iso6523" and not any(first <= int(body[:4]) <= last for first, last in ISO6523):
        raise Refused("AVAL_E_PARTY_SCHEME", value)
    return value


def date(value):
    text(value)
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError(value)
        datetime.date.fromisoformat(value)
    except ValueError as error:
        raise Refused("AVAL_E_DATE", value) from error
    return value


def milliseconds(value):
    return uint(value, 0, AMOUNT)


def limited(value, most):
    array(value, least=1)
    if len(value) > most:
        raise Refused("AVAL_E_LIMIT", "too many items")
    return value


class BatchSignature:
    """[size, index, path, signature], by docs/spec/batch.md."""

    def __init__(self, data):
        try:
            self.size, self.index, self.path, self.signature = array(decode(data), 4)
            uint(self.size, 1, 1 << 20)
            uint(self.index)
            self.path = [raw(item, 32) for item in array(self.path)]
            raw(self.signature)
        except Refused as refused:
            raise Refused("AVAL_E_BATCH_FORMAT", str(refused)) from refused
        if self.index >= self.size:
            raise Refused("AVAL_E_PROOF_INDEX", "not below the size")
        if len(self.path) != len(self.steps()):
            raise Refused("AVAL_E_PROOF_LENGTH", "not the length of this place")
        if len(self.signature) != 64:
            raise Refused("AVAL_E_SIGNATURE_LENGTH", str(len(self.signature)))

    def steps(self):
        """The sides of the path's hashes, leaf to root: RFC 9162, section 2.1.3.2."""
        sides, index, last = [], self.index, self.size - 1
        while last:
            if index & 1:
                sides.append("left")
            elif index < last:
                sides.append("right")
            index, last = index >> 1, last >> 1
        return sides

    def root(self, leaf):
        for side, sibling in zip(self.steps(), self.path):
            leaf = sha256(b"\1" + (sibling + leaf if side == "left" else leaf + sibling))
        return leaf


class Event:
    """A signed event: the envelope is read whole, signatures are not verified."""

    def __init__(self, envelope):
        if len(envelope) > MAX_LEN:
            raise Refused("AVAL_E_LIMIT", "the envelope is too long")
        item = decode(envelope)
        if not isinstance(item, Tag) or item.number != 98:
            raise Refused("AVAL_E_CBOR_TYPE", "tag 98 was expected")
        self.body, unprotected, self.payload, signatures = array(item.value, 4)
        header = self.header(self.body)
        if list(header) != [16]:
            raise Refused("AVAL_E_COSE_HEADER", "the body's header is {16: typ}")
        if text(header[16]) != TYP:
            raise Refused("AVAL_E_COSE_TYP", header[16])
        self.empty(unprotected)
        raw(self.payload)
        self.signatures = [self.signature(item) for item in array(signatures, least=1)]
        headers = [signature[0] for signature in self.signatures]
        if any(a >= b for a, b in zip(headers, headers[1:])):
            raise Refused("AVAL_E_COSE_ORDER", "signatures do not ascend")
        if len({(kid, signer) for _, _, kid, signer, _ in self.signatures}) != len(self.signatures):
            raise Refused("AVAL_E_COSE_ORDER", "one key twice for a role and party")
        self.id = tagged("aval/event", encode([self.body, self.payload]))
        self.read_payload(decode(self.payload))
        self.bind()

    @staticmethod
    def header(data):
        if not raw(data):
            raise Refused("AVAL_E_COSE_HEADER", "an empty header")
        item = decode(data)
        if not isinstance(item, dict):
            raise Refused("AVAL_E_CBOR_TYPE", "a header is a map")
        return item

    @staticmethod
    def empty(item):
        if not isinstance(item, dict):
            raise Refused("AVAL_E_CBOR_TYPE", "a header is a map")
        if item:
            raise Refused("AVAL_E_COSE_HEADER", "an unprotected header")

    def signature(self, item):
        protected, unprotected, signature = array(item, 3)
        header = self.header(protected)
        if list(header) != [1, 4, "signer"]:
            raise Refused("AVAL_E_COSE_HEADER", "a signature's header is {1: alg, 4: kid, signer}")
        if header[1] not in CURVE_OF and header[1] not in BATCH_OF:
            raise Refused("AVAL_E_COSE_ALGORITHM", str(header[1]))
        raw(header[4], 32)
        role, who = array(header["signer"], 2)
        uint(role)
        if not 1 <= len(text(who).encode()) <= 128:
            raise Refused("AVAL_E_PARTY_FORMAT", "length")
        self.empty(unprotected)
        if header[1] in BATCH_OF:
            signature = BatchSignature(raw(signature))
        elif len(raw(signature)) != 64:
            raise Refused("AVAL_E_SIGNATURE_LENGTH", str(len(signature)))
        return protected, header[1], header[4], (role, who), signature

    def read_payload(self, item):
        if len(self.payload) > MAX_LEN:
            raise Refused("AVAL_E_LIMIT", "the payload is too long")
        if not isinstance(item, dict):
            raise Refused("AVAL_E_CBOR_TYPE", "a payload is a map")
        if 1 not in item:
            raise Refused("AVAL_E_CBOR_FIELD_MISSING", "type")
        self.type = uint(item[1])
        if self.type not in TYPES:
            bad("an unknown type")
        if self.type not in FIELDS:
            raise Refused("AVAL_E_UNSUPPORTED", str(self.type))
        required, optional = FIELDS[self.type]
        self.fields = mapping(item, COMMON + required, optional)
        self.registry = text(item[2], 1, 255)
        if any(ord(char) <= 32 or ord(char) == 127 or char == "+" for char in self.registry):
            bad("a registry is a key name")
        self.claimed, self.register_by = milliseconds(item[3]), milliseconds(item[4])
        if self.register_by < self.claimed:
            bad("register_by before claimed")
        self.signers = [(uint(array(pair, 2)[0]), party(pair[1])) for pair in limited(item[5], MAX_SIGNERS)]
        if any(role not in ROLES for role, _ in self.signers):
            bad("an unknown role")
        order = [(role, who.encode()) for role, who in self.signers]
        if any(a >= b for a, b in zip(order, order[1:])):
            bad("signers do not ascend")
        if self.type != ISSUE:
            self.token = raw(item[6], 32)
        {ISSUE: self.read_issue, ACCEPT: self.read_accept, REJECT: self.read_reject, VOID: self.read_record,
         ASSIGN: self.read_assign}[self.type](item)

    def read_issue(self, item):
        self.face = uint(item[10], 1, AMOUNT)
        self.currency = text(item[11], 3, 3)
        if not re.fullmatch("[A-Z]{3}", self.currency):
            bad("not a currency")
        self.due, self.mark = date(array(item[12], 2)[0]), uint(item[12][1], 0, 1)
        self.supplier, self.debtor = party(item[13]), party(item[14])
        if self.supplier == self.debtor:
            bad("supplier and debtor are one")
        self.commitment, self.source = raw(item[15], 32), raw(item[16], 32)
        policy = mapping(item[17], (), (1, 2, 3, 4))
        if 1 in policy:
            uint(policy[1], 1, 3)
        if 2 in policy:
            uint(policy[2], 1, 3650)
        for key in (3, 4):
            if key in policy:
                party(policy[key])
        raw(item[18], 16)
        if 19 in item:
            raw(item[19], 32)

    def read_record(self, item):
        self.record = (uint(array(item[8], 2)[0]), raw(item[8][1], 32))

    def read_accept(self, item):
        self.read_record(item)
        self.accepted = uint(item[20], 1, AMOUNT)
        self.consent, self.waiver = (boolean(value) for value in array(item[21], 2))

    def read_reject(self, item):
        if 22 in item:
            text(item[22], 1, 256)
            if any(ord(char) < 32 or 127 <= ord(char) <= 159 for char in item[22]):
                bad("control characters")

    def read_assign(self, item):
        self.inputs = [raw(note, 32) for note in limited(item[7], MAX_INPUTS)]
        if len(set(self.inputs)) != len(self.inputs):
            bad("an input twice")
        self.outputs, total = [], 0
        for output in limited(item[30], MAX_OUTPUTS):
            length, holder, recourse = uint(array(output, 3)[0], 1, AMOUNT), party(output[1]), uint(output[2])
            total += length
            if recourse > length or total > AMOUNT:
                raise Refused("AVAL_E_TOKEN_ALLOCATION", "recourse or lengths out of bounds")
            self.outputs.append((length, holder, recourse))
        self.kind = uint(item[31], 0, 2)
        if 32 in item:
            raw(item[32], 32)
            if self.kind == 0:
                bad("a reorganisation with a price")

    def bind(self):
        self.signed = set()
        for _, _, _, signer, _ in self.signatures:
            if signer not in self.signers:
                raise Refused("AVAL_E_SIGNER_UNEXPECTED", str(signer))
            self.signed.add(signer)
        self.is_complete = len(self.signed) == len(self.signers)

    def sig_structure(self, protected):
        return encode(["Signature", self.body, protected, b"", self.payload])

    def verify(self, key, protected, signature):
        message = self.sig_structure(protected)
        if isinstance(signature, BatchSignature):
            message = encode(["Aval batch v1", signature.size, signature.root(sha256(b"\0" + message))])
            signature = signature.signature
        key.verify(message, signature)


def note_id(event_id, index):
    return tagged("aval/note", encode([event_id, index]))


class Note:
    def __init__(self, ident, begin, end, holder, recourse):
        self.id, self.begin, self.end, self.holder, self.live = ident, begin, end, holder, True
        clipped = [(who, max(low, begin), min(high, end)) for who, low, high in recourse]
        self.recourse = [entry for entry in clipped if entry[1] < entry[2]]
        if len(self.recourse) > MAX_RECOURSE:
            raise Refused("AVAL_E_LIMIT", "a list of recourse is too long")


class Token:
    def __init__(self, issue):
        if issue.type != ISSUE:
            raise Refused("AVAL_E_TOKEN_STATUS", "no ISSUE")
        if issue.signers not in ([(SUPPLIER, issue.supplier)], [(DEBTOR, issue.debtor)]):
            raise Refused("AVAL_E_TOKEN_SIGNERS", "ISSUE")
        self.issue, self.id, self.status = issue, issue.id, OPEN
        self.record, self.seen, self.consent = (0, issue.id), {issue.id}, None
        self.notes = {}
        self.add(Note(note_id(issue.id, 0), 0, issue.face, issue.supplier, []))

    def add(self, note):
        self.notes[note.id] = note

    def live(self):
        return [note for note in self.notes.values() if note.live]

    def check(self, event):
        """Rules 1 to 6 of the transitions; the rest is the type's, which gives the change to be made."""
        if event.id in self.seen:
            raise Refused("AVAL_E_TOKEN_DUPLICATE_EVENT")
        if event.type == ISSUE:
            raise Refused("AVAL_E_TOKEN_STATUS")
        if event.token != self.id:
            raise Refused("AVAL_E_TOKEN_OTHER")
        if event.registry != self.issue.registry:
            raise Refused("AVAL_E_TOKEN_REGISTRY")
        if self.status == VOIDED:
            raise Refused("AVAL_E_TOKEN_STATUS")
        return {ACCEPT: self.accept, REJECT: self.reject, VOID: self.void, ASSIGN: self.assign}[event.type](event)

    def apply(self, event):
        change = self.check(event)
        change()
        self.seen.add(event.id)

    def advance(self, event):
        seq = self.record[0] + 1
        self.record = (seq, tagged("aval/record", encode([seq, self.record[1], event.id])))

    def want_record(self, event):
        if event.record != self.record:
            raise Refused("AVAL_E_TOKEN_RECORD")

    @staticmethod
    def want_signers(event, signers):
        ordered = sorted(set(signers), key=lambda signer: (signer[0], signer[1].encode()))
        if event.signers != ordered:
            raise Refused("AVAL_E_TOKEN_SIGNERS")

    def accept(self, event):
        if self.status != OPEN:
            raise Refused("AVAL_E_TOKEN_STATUS")
        self.want_record(event)
        if event.accepted > self.issue.face:
            raise Refused("AVAL_E_TOKEN_FACE")
        signers = [(DEBTOR, self.issue.debtor)]
        if event.accepted < self.issue.face:
            signers += [(SUPPLIER, self.issue.supplier)] + [(HOLDER, note.holder) for note in self.live()]
        self.want_signers(event, signers)

        def change():
            for note in self.live():
                note.end = min(note.end, event.accepted)
                note.live = note.begin < note.end
                note.recourse = [(who, low, min(high, note.end)) for who, low, high in note.recourse
                                 if low < note.end]
            self.status, self.consent = ACCEPTED, event.consent
            self.advance(event)
        return change

    def reject(self, event):
        if self.status != OPEN:
            raise Refused("AVAL_E_TOKEN_STATUS")
        self.want_signers(event, [(DEBTOR, self.issue.debtor)])

        def change():
            self.status = REJECTED
            self.advance(event)
        return change

    def void(self, event):
        if self.status not in (OPEN, REJECTED):
            raise Refused("AVAL_E_TOKEN_STATUS")
        self.want_record(event)
        self.want_signers(event, [(SUPPLIER, self.issue.supplier)] + [(HOLDER, note.holder) for note in self.live()])

        def change():
            self.status = VOIDED
            for note in self.live():
                note.live = False
            self.advance(event)
        return change

    def assign(self, event):
        if self.status != ACCEPTED and (len(event.inputs) != 1 or len(event.outputs) != 1):
            raise Refused("AVAL_E_TOKEN_STATUS", "no split before acceptance")
        for ident in event.inputs:
            if ident not in self.notes:
                raise Refused("AVAL_E_NOTE_UNKNOWN")
            if not self.notes[ident].live:
                raise Refused("AVAL_E_NOTE_SPENT")
        merged = self.merge([self.notes[ident] for ident in event.inputs])
        self.check_allocation(event, merged)
        holder = merged.holder
        new = [who for _, who, _ in event.outputs if who != holder]
        if new and self.status == ACCEPTED and not self.consent:
            raise Refused("AVAL_E_TOKEN_CONSENT")
        outputs = self.make_outputs(event, merged)
        self.want_signers(event, [(HOLDER, holder)] + [(ASSIGNEE, who) for who in new])

        def change():
            for ident in event.inputs:
                self.notes[ident].live = False
            for note in outputs:
                self.add(note)
        return change

    @staticmethod
    def merge(notes):
        """The inputs as one note; equal in holder and recourse, each entry of which joins at the seam."""
        first = notes[0]
        whole = Note(first.id, first.begin, first.end, first.holder, first.recourse)
        for note in notes[1:]:
            joins = whole.end == note.begin and whole.holder == note.holder
            joins = joins and [who for who, _, _ in whole.recourse] == [who for who, _, _ in note.recourse]
            pairs = list(zip(whole.recourse, note.recourse))
            if not joins or any(left[2] != note.begin or right[1] != note.begin for left, right in pairs):
                raise Refused("AVAL_E_TOKEN_MERGE")
            whole.recourse = [(left[0], left[1], right[2]) for left, right in pairs]
            whole.end = note.end
        return whole

    def check_allocation(self, event, merged):
        if sum(length for length, _, _ in event.outputs) != merged.end - merged.begin:
            raise Refused("AVAL_E_TOKEN_ALLOCATION", "lengths do not add up")
        if any(recourse and who == merged.holder for _, who, recourse in event.outputs):
            raise Refused("AVAL_E_TOKEN_ALLOCATION", "recourse against oneself")
        moves = any(who != merged.holder for _, who, _ in event.outputs)
        if moves != (event.kind != 0):
            raise Refused("AVAL_E_TOKEN_ALLOCATION", "kind and holders disagree")
        before = [self.notes[ident].end - self.notes[ident].begin for ident in event.inputs]
        if not moves and before == [length for length, _, _ in event.outputs]:
            raise Refused("AVAL_E_TOKEN_ALLOCATION", "nothing changes")

    @staticmethod
    def make_outputs(event, merged):
        notes, begin = [], merged.begin
        for index, (length, who, recourse) in enumerate(event.outputs):
            end = begin + length
            entries = [(assignor, max(low, begin), min(high, end)) for assignor, low, high in merged.recourse]
            entries = [entry for entry in entries if entry[1] < entry[2]]
            if recourse:
                entries.append((merged.holder, end - recourse, end))
            notes.append(Note(note_id(event.id, index), begin, end, who, entries))
            begin = end
        return notes
