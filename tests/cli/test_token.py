# SPDX-License-Identifier: Apache-2.0
"""Tokens from issue to disclosure: what each command does, refuses and leaves alone."""
import os
import stat

from harness import REFUSED, UNREADABLE, USAGE, aval, case, equal, main, read, table, write
from story import (CII, DUE, PAYABLE, TERMS, UBL, changed_invoice, issue_words, key, note_ids, notes, party, seed, show,
                   sign, token, without_element)

LEI = "lei:5299000AVALTEST00079"
VAT = "vat:DE123456789"


def out_in(folder):
    return os.path.join(folder, "out.aval")


# Issue

@case("issue: what the token says")
def _(_folder):
    answer = show(token("issued"))
    state = answer["token"]
    equal((state["state"], state["status"], state["face"], state["face_minor"], state["currency"]),
          ("proposed", "open", PAYABLE, 1924916, "EUR"))
    equal((state["due_date"], state["due_mark"]), (DUE, "invoice"))
    equal((state["supplier"], state["debtor"]), (party("supplier"), party("buyer")))
    equal(state["record"], {"seq": 0, "head": state["id"]})
    equal([(event["type"], event["complete"]) for event in answer["events"]], [("ISSUE", True)])
    equal(answer["missing"], [])
    equal(notes(token("issued")), [("0.00", PAYABLE, party("supplier"))])


@case("issue: registered within 30 days unless said otherwise")
def _(folder):
    event = show(token("issued"))["events"][0]
    equal(event["register_by"][11:], event["claimed"][11:])
    aval(*issue_words(out_in(folder), register_by="2099-12-31T00:00:00Z"))
    equal(show(out_in(folder))["events"][0]["register_by"], "2099-12-31T00:00:00Z")


@case("issue: the seed is made once, for its owner alone, and serves again")
def _(folder):
    file = os.path.join(folder, "seed")
    aval(*issue_words(out_in(folder), seed=file))
    before = read(file)
    equal((len(before), stat.S_IMODE(os.stat(file).st_mode)), (32, 0o600))
    aval(*issue_words(os.path.join(folder, "2.aval"), seed=file))
    equal(read(file), before)


@case("issue: one invoice and seed, one commitment, in UBL and in CII")
def _(folder):
    aval(*issue_words(out_in(folder), invoice=CII, seed=seed()))
    equal(show(out_in(folder))["token"]["commitment"], show(token("issued"))["token"]["commitment"])
    aval(*issue_words(os.path.join(folder, "2.aval"), seed=os.path.join(folder, "other")))
    assert show(os.path.join(folder, "2.aval"))["token"]["commitment"] != show(token("issued"))["token"]["commitment"]


@table([
    ("the whole", {}, PAYABLE),
    ("less", {"amount": "100"}, "100.00"),
    ("one cent", {"amount": "0.01"}, "0.01"),
    ("the amount due", {"amount": PAYABLE}, PAYABLE),
    ("another supplier", {"supplier": LEI}, PAYABLE),
    ("a debtor by LEI", {"debtor": LEI}, PAYABLE),
    ("a debtor by VAT number", {"debtor": VAT}, PAYABLE),
    ("by the debtor", {"key": key("buyer"), "by_debtor": True, "supplier": LEI}, PAYABLE),
    ("with the source", {"with_source": True}, PAYABLE),
    ("with terms", {"terms": TERMS}, PAYABLE),
    ("after a void token", {"predecessor": "ab" * 32}, PAYABLE),
    ("due as the invoice says", {"due": DUE}, PAYABLE),
])
def issue(folder, changes, face):
    out = out_in(folder)
    answer = aval(*issue_words(out, **changes), "--json").json
    equal(sorted(answer), ["event", "token"])
    equal(show(out)["token"]["face"], face)
    equal(show(out)["missing"], [])
    assert b"Example" not in read(out) or "with_source" in changes or "terms" in changes, "the token shows the invoice"


@table([
    ("an amount above what is due", {"amount": "19249.17"}, REFUSED, "AVAL_E_TOKEN_FACE"),
    ("an amount finer than a cent", {"amount": "0.001"}, REFUSED, "AVAL_E_"),
    ("no amount", {"amount": "0"}, REFUSED, "AVAL_E_TOKEN_FACE"),
    ("a negative amount", {"amount": "-1"}, REFUSED, "AVAL_E_TOKEN_FACE"),
    ("an amount of 2^63 minor units", {"amount": "92233720368547758.08"}, REFUSED, "AVAL_E_"),
    ("an amount that is no number", {"amount": "1e3"}, USAGE, "1e3 is no amount"),
    ("another due date", {"due": "2030-03-17"}, REFUSED, "AVAL_E_TOKEN_DUE_DATE"),
    ("a debtor that is no party", {"debtor": "buyer"}, REFUSED, "AVAL_E_PARTY_FORMAT"),
    ("a debtor with wrong check digits", {"debtor": LEI[:-1] + "8"}, REFUSED, "AVAL_E_PARTY_CHECK"),
    ("the supplier as debtor", {"debtor": party("supplier")}, REFUSED, "AVAL_E_TOKEN_EVENT_FORMAT"),
    ("a registry with a blank", {"registry": "my registry"}, REFUSED, "AVAL_E_TOKEN_EVENT_FORMAT"),
    ("a key party that is not the key's", {"supplier": party("buyer"), "debtor": LEI}, REFUSED, "AVAL_E_SIGNER_KEY"),
    ("a deadline in the past", {"register_by": "2020-01-01T00:00:00Z"}, USAGE, "lies in the past"),
    ("an unknown term", {"terms": "BT-1,BT-999"}, USAGE, "BT-999 is no business term"),
    ("a predecessor that is no id", {"predecessor": "ab"}, USAGE, "is no token id"),
    ("by the debtor without a supplier", {"by_debtor": True}, USAGE, "--by-debtor needs --supplier"),
    ("no debtor", {"debtor": None}, USAGE, "--debtor PARTY is missing"),
    ("no key file", {"key": "/nonexistent/key"}, UNREADABLE, "AVAL_E_NOT_FOUND"),
])
def issue_refused(folder, changes, code, says):
    file = os.path.join(folder, "seed")
    result = aval(*issue_words(out_in(folder), **{"seed": file, **changes}), code=code, says=says)
    equal(result.out, "")
    equal(os.listdir(folder), [])


@table([
    ("a credit note", ">380<", ">381<", "AVAL_E_INVOICE_CREDIT_NOTE"),
    ("nothing to pay", ">19249.16<", ">0.00<", "AVAL_E_INVOICE_NOT_PAYABLE"),
    ("less than nothing to pay", ">19249.16<", ">-19249.16<", "AVAL_E_INVOICE_NOT_PAYABLE"),
    ("an unknown currency", ">EUR<", ">EUX<", "AVAL_E_INVOICE_CURRENCY"),
    ("an amount that is none", ">19249.16<", ">19249,16<", "AVAL_E_INVOICE_TERM_VALUE"),
    ("a sum that is wrong", ">19249.16<", ">19249.15<", "AVAL_E_INVOICE_RULE"),
])
def issue_over_a_bad_invoice(folder, old, new, says):
    file = changed_invoice(folder, old, new)
    aval(*issue_words(out_in(folder), invoice=file, seed=os.path.join(folder, "seed")), code=REFUSED, says=says)
    equal(os.listdir(folder), ["changed.xml"])


@case("issue: an invoice without a due date takes an agreed one")
def _(folder):
    file = without_element(folder, "cbc:DueDate")
    aval(*issue_words(out_in(folder), invoice=file), code=REFUSED, says="AVAL_E_TOKEN_DUE_DATE")
    aval(*issue_words(out_in(folder), invoice=file, due="2030-04-01"))
    state = show(out_in(folder))["token"]
    equal((state["due_date"], state["due_mark"]), ("2030-04-01", "agreed"))


@table([
    ("all members", '{"effectiveness": "notice", "grace_days": 10, "arbiter": "%s", "authority": "%s"}' % (LEI, VAT), 0, None),
    ("an unknown member", '{"colour": "red"}', UNREADABLE, "a token's policy has"),
    ("an effectiveness that is none", '{"effectiveness": "never"}', UNREADABLE, "effectiveness is"),
    ("days beyond ten years", '{"grace_days": 3651}', UNREADABLE, "grace_days"),
    ("no object", "[]", UNREADABLE, "not a JSON object"),
    ("no JSON", "{", UNREADABLE, "not a JSON object"),
    ("an arbiter that is no party", '{"arbiter": "me"}', REFUSED, "AVAL_E_PARTY_FORMAT"),
])
def issue_with_a_policy(folder, content, code, says):
    file = write(os.path.join(folder, "policy.json"), content)
    aval(*issue_words(out_in(folder), policy=file), code=code, says=says)
    equal(os.path.exists(out_in(folder)), code == 0)


@table([
    ("of 31 bytes", b"x" * 31, False),
    ("of 33 bytes", b"x" * 33, False),
    ("of 32 bytes", b"x" * 32, True),
    ("in hexadecimal", b"0f" * 32 + b"\n", True),
    ("in hexadecimal, cut", b"0f" * 31 + b"\n", False),
])
def a_seed(folder, content, is_seed):
    file = write(os.path.join(folder, "seed"), content)
    aval(*issue_words(out_in(folder), seed=file), code=0 if is_seed else UNREADABLE,
         says=None if is_seed else "not a seed")
    equal(read(file), content)


@case("issue: nothing is overwritten, and a seed that came too early goes again")
def _(folder):
    out = write(out_in(folder), b"precious")
    aval(*issue_words(out, seed=os.path.join(folder, "seed")), code=UNREADABLE, says="AVAL_E_EXISTS")
    equal((read(out), os.listdir(folder)), (b"precious", ["out.aval"]))


# Accept, reject, void

@case("accept: the whole face")
def _(_folder):
    answer = show(token("accepted"))
    state = answer["token"]
    equal((state["status"], state["accepted"], state["consent"], state["waiver"]), ("accepted", PAYABLE, True, True))
    equal((state["record"]["seq"], answer["missing"]), (1, []))


@case("accept: less than the face needs supplier and holder too")
def _(folder):
    draft = out_in(folder)
    answer = sign("accept", token("issued"), "buyer", draft, "--amount", "10000", "--json").json
    equal([(row["role"], row["party"]) for row in answer["event"]["missing"]],
          [("supplier", party("supplier")), ("holder", party("supplier"))])
    equal(show(draft)["token"]["status"], "open")
    equal(notes(token("lower")), [("0.00", "10000.00", party("supplier"))])
    equal(show(token("lower"))["token"]["accepted"], "10000.00")


@case("accept: without consent, with defences")
def _(folder):
    sign("accept", token("issued"), "buyer", out_in(folder), "--no-consent", "--keep-defences")
    state = show(out_in(folder))["token"]
    equal((state["consent"], state["waiver"]), (False, False))
    sign("assign", out_in(folder), "supplier", os.path.join(folder, "2"), "--to", party("factor"), "--recourse", "none",
         code=REFUSED, says="AVAL_E_TOKEN_CONSENT")


@table([
    ("accept by another key", "accept", "issued", "supplier", [], REFUSED, "AVAL_E_SIGNER_KEY"),
    ("accept more than the face", "accept", "issued", "buyer", ["--amount", "19249.17"], REFUSED, "AVAL_E_TOKEN_FACE"),
    ("accept nothing", "accept", "issued", "buyer", ["--amount", "0"], REFUSED, "AVAL_E_"),
    ("accept twice", "accept", "accepted", "buyer", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("accept after a rejection", "accept", "rejected", "buyer", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("accept what is void", "accept", "void", "buyer", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("accept over a draft", "accept", "offered", "buyer", [], REFUSED, "AVAL_E_TOKEN_"),
    ("reject what is accepted", "reject", "accepted", "buyer", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("reject by another key", "reject", "issued", "supplier", [], REFUSED, "AVAL_E_SIGNER_KEY"),
    ("void what is accepted", "void", "accepted", "supplier", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("void by another key", "void", "issued", "buyer", [], REFUSED, "AVAL_E_SIGNER_KEY"),
    ("void twice", "void", "void", "supplier", [], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("an invoice without a seed", "accept", "issued", "buyer", ["--invoice", UBL], USAGE, "stand together"),
    ("a source without an invoice", "accept", "issued", "buyer", ["--with-source"], USAGE, "--with-source needs"),
])
def refused(folder, command, state, who, words, code, says):
    before = read(token(state))
    equal(sign(command, token(state), who, out_in(folder), *words, code=code, says=says).out, "")
    equal((os.listdir(folder), read(token(state))), ([], before))


@case("reject is final, and what is rejected may be void")
def _(folder):
    equal(show(token("rejected"))["token"]["status"], "rejected")
    sign("void", token("rejected"), "supplier", out_in(folder))
    equal(show(out_in(folder))["token"]["status"], "void")
    assert "notes     none is live\n" in aval("token", "show", out_in(folder)).out


@table([
    ("the same invoice", None, None, 0, None),
    ("another invoice", ("EC-2030-0117", "EC-2030-0118"), None, REFUSED, "AVAL_E_COMMITMENT_MISMATCH"),
    ("another seed", None, b"y" * 32, REFUSED, "AVAL_E_COMMITMENT_MISMATCH"),
    ("the same terms in another file", ("<cbc:DueDate>", "<cbc:DueDate> "), None, REFUSED, "AVAL_E_BUNDLE_SOURCE"),
])
def compared_before_signing(folder, change, other_seed, code, says):
    invoice = changed_invoice(folder, *change) if change is not None else UBL
    file = write(os.path.join(folder, "seed"), other_seed) if other_seed is not None else seed()
    sign("accept", token("issued"), "buyer", out_in(folder), "--invoice", invoice, "--seed", file, code=code, says=says)
    equal(os.path.exists(out_in(folder)), code == 0)


# Assign, split, merge, sign

@case("a deadline is an event's own: whoever adds a signature cannot name another")
def _(folder):
    draft, time = os.path.join(folder, "draft"), "2099-12-31T00:00:00Z"
    sign("assign", token("accepted"), "supplier", draft, "--to", party("factor"), "--recourse", "none", "--register-by", time)
    equal(show(draft)["events"][-1]["register_by"], time)
    sign("sign", draft, "factor", out_in(folder), "--register-by", time, code=USAGE, says="unknown option --register-by")
    sign("sign", draft, "factor", out_in(folder))
    equal(show(out_in(folder))["events"][-1]["register_by"], time)


@case("assign: the low end, with recourse")
def _(_folder):
    equal(notes(token("assigned")), [("0.00", "7699.66", party("factor")), ("7699.66", PAYABLE, party("supplier"))])
    note = show(token("assigned"))["token"]["notes"][0]
    equal(note["recourse"], [{"assignor": party("supplier"), "begin": "0.00", "end": "7699.66"}])
    equal(show(token("offered"))["missing"], [{"role": "assignee", "party": party("factor"), "signed": 0, "needed": 1}])
    equal(notes(token("offered")), [("0.00", PAYABLE, party("supplier"))])


@table([
    ("none", "none", []),
    ("capped: the highest units", "1000", [("6699.66", "7699.66")]),
    ("full", "full", [("0.00", "7699.66")]),
])
def recourse(folder, word, ranges):
    draft = os.path.join(folder, "draft")
    sign("assign", token("accepted"), "supplier", draft, "--to", party("factor"), "--amount", "7699.66", "--recourse", word)
    sign("sign", draft, "factor", out_in(folder))
    note = show(out_in(folder))["token"]["notes"][0]
    equal([(row["begin"], row["end"]) for row in note["recourse"]], ranges)


@case("assign: the whole note before acceptance, on to a third, and void by all")
def _(folder):
    first, second, third = (os.path.join(folder, name) for name in "123")
    sign("assign", token("issued"), "supplier", first, "--to", party("factor"), "--recourse", "full")
    sign("sign", first, "factor", second)
    equal(notes(second), [("0.00", PAYABLE, party("factor"))])
    answer = sign("void", second, "supplier", third, "--json").json
    equal(answer["event"]["missing"], [{"role": "holder", "party": party("factor"), "signed": 0, "needed": 1}])
    sign("sign", third, "factor", out_in(folder))
    equal(show(out_in(folder))["token"]["status"], "void")
    assert "notes     none is live\n" in aval("token", "show", out_in(folder)).out


@table([
    ("a part before acceptance", "issued", ["--to", LEI, "--amount", "1", "--recourse", "none"], REFUSED, "AVAL_E_TOKEN_STATUS"),
    ("more than there is", "accepted", ["--to", LEI, "--amount", "19249.17", "--recourse", "none"], REFUSED, "AVAL_E_"),
    ("nothing", "accepted", ["--to", LEI, "--amount", "0", "--recourse", "none"], REFUSED, "AVAL_E_"),
    ("more recourse than amount", "accepted", ["--to", LEI, "--amount", "10", "--recourse", "10.01"], REFUSED, "AVAL_E_"),
    ("to oneself", "accepted", ["--to", party("supplier"), "--recourse", "none"], REFUSED, "AVAL_E_TOKEN_ALLOCATION"),
    ("what is void", "void", ["--to", LEI, "--recourse", "none"], REFUSED, "AVAL_E_"),
    ("no recourse word", "accepted", ["--to", LEI], USAGE, "--recourse RECOURSE is missing"),
    ("several notes, none named", "assigned", ["--to", LEI, "--recourse", "none"], USAGE, "several notes are live"),
    ("a note that is no id", "assigned", ["--to", LEI, "--recourse", "none", "--note", "7"], USAGE, "is no note id"),
    ("a note that never was", "assigned", ["--to", LEI, "--recourse", "none", "--note", "0" * 64], REFUSED, "AVAL_E_NOTE_UNKNOWN"),
    ("to nobody", "accepted", ["--to", "x", "--recourse", "none"], REFUSED, "AVAL_E_PARTY_FORMAT"),
])
def assign_refused(folder, state, words, code, says):
    sign("assign", token(state), "supplier", out_in(folder), *words, code=code, says=says)
    equal(os.listdir(folder), [])


@case("assign: a note of somebody else, a note that is spent")
def _(folder):
    theirs = note_ids(token("assigned"))[0]
    spent = note_ids(token("accepted"))[0]
    words = ["--to", LEI, "--recourse", "none", "--note"]
    sign("assign", token("assigned"), "supplier", out_in(folder), *words, theirs, code=REFUSED, says="AVAL_E_SIGNER_KEY")
    sign("assign", token("assigned"), "supplier", out_in(folder), *words, spent, code=REFUSED, says="AVAL_E_NOTE_SPENT")


@case("split and merge")
def _(folder):
    equal(notes(token("split")), [("0.00", "5000.00", party("supplier")), ("5000.00", PAYABLE, party("supplier"))])
    low, high = note_ids(token("split"))
    for number, pair in enumerate([(low, high), (high, low)]):
        out = os.path.join(folder, str(number))
        sign("merge", token("split"), "supplier", out, "--note", pair[0], "--note", pair[1])
        equal(notes(out), [("0.00", PAYABLE, party("supplier"))])


@case("split three ways: what does not adjoin does not merge")
def _(folder):
    out, high = out_in(folder), note_ids(token("split"))[1]
    sign("split", token("split"), "supplier", out, "--at", "1000", "--note", high)
    first, second, third = note_ids(out)
    merged = os.path.join(folder, "m")
    sign("merge", out, "supplier", merged, "--note", first, "--note", third, code=REFUSED, says="AVAL_E_TOKEN_")
    sign("merge", out, "supplier", merged, "--note", first, "--note", first, code=REFUSED, says="AVAL_E_TOKEN_")
    sign("merge", out, "supplier", merged, "--note", first, code=USAGE, says="a merge takes 2 to")
    sign("merge", out, "supplier", merged, "--note", third, "--note", second, "--note", first)
    equal(notes(merged), [("0.00", PAYABLE, party("supplier"))])


@case("merge: different holders")
def _(folder):
    low, high = note_ids(token("assigned"))
    sign("merge", token("assigned"), "supplier", out_in(folder), "--note", low, "--note", high, code=REFUSED,
         says="AVAL_E_TOKEN_MERGE")


@table([
    ("split at nothing", ["--at", "0"], REFUSED),
    ("split at the end", ["--at", PAYABLE], REFUSED),
    ("split beyond", ["--at", "20000"], REFUSED),
    ("split at no number", ["--at", "half"], USAGE),
])
def bad_splits(folder, words, code):
    sign("split", token("accepted"), "supplier", out_in(folder), *words, code=code)
    equal(os.listdir(folder), [])


@table([
    ("no draft", "accepted", "factor", [], REFUSED, "AVAL_E_TOKEN_DRAFT"),
    ("a key of nobody concerned", "offered", "stranger", [], REFUSED, "AVAL_E_SIGNER_KEY"),
    ("a party that is not asked", "offered", "factor", ["--party", LEI], 0, None),
    ("another key for a key party", "offered", "stranger", ["--party", party("factor")], REFUSED, "AVAL_E_SIGNER_KEY"),
])
def sign_draft(folder, state, who, words, code, says):
    sign("sign", token(state), who, out_in(folder), *words, code=code, says=says)


@case("sign: for a party by LEI, found or named")
def _(folder):
    draft = os.path.join(folder, "draft")
    sign("assign", token("accepted"), "supplier", draft, "--to", LEI, "--recourse", "none")
    sign("sign", draft, "factor", out_in(folder))
    sign("sign", draft, "factor", os.path.join(folder, "2"), "--party", LEI)
    equal(notes(out_in(folder)), [("0.00", PAYABLE, LEI)])


@case("keys of all three algorithms in one token")
def _(folder):
    schnorr, esp256 = key("schnorr", "schnorr"), key("esp256", "esp256")
    files = [os.path.join(folder, str(i)) for i in range(4)]
    aval(*issue_words(files[0], key=schnorr, debtor=party("esp256")))
    sign("accept", files[0], "esp256", files[1])
    sign("assign", files[1], "schnorr", files[2], "--to", party("factor"), "--recourse", "none")
    sign("sign", files[2], "factor", files[3])
    equal(notes(files[3]), [("0.00", PAYABLE, party("factor"))])
    assert esp256 != schnorr


# Show, disclose, files

@case("show: for people")
def _(_folder):
    out = aval("token", "show", token("offered")).out
    for text in ("status    accepted (proposed", "[0.00, 19249.16)", "waits for assignee " + party("factor")):
        assert text in out, out


@case("disclose: present and absent terms, in place of what was shown")
def _(folder):
    def shown(file):
        return {row["path"]: row.get("value") for row in aval("verify", file, "--json", code=5).json["disclosed"]}

    equal(shown(token("disclosed")), {"BT-1": "EC-2030-0117", "BT-3": "380", "BT-5": "EUR", "BT-9": DUE, "BT-115": PAYABLE,
                                      "BT-59": None})
    aval("token", "disclose", token("disclosed"), "--invoice", CII, "--seed", seed(), "--terms", "BT-5", "--out",
         out_in(folder))
    equal(shown(out_in(folder)), {"BT-5": "EUR"})
    sign("split", out_in(folder), "factor", os.path.join(folder, "2"), "--at", "1", "--note", note_ids(token("disclosed"))[0])
    equal(shown(os.path.join(folder, "2")), {"BT-5": "EUR"})


@table([
    ("an unknown term", UBL, None, "BT-1,XX", USAGE, "XX is no business term"),
    ("an index on a term that has none", UBL, None, "BT-1.1", USAGE, "BT-1.1 is no business term"),
    ("an empty list", UBL, None, "", USAGE, "is no business term"),
    ("another seed", UBL, b"z" * 32, "BT-1", REFUSED, "AVAL_E_COMMITMENT_MISMATCH"),
    ("no invoice", "/nonexistent.xml", None, "BT-1", UNREADABLE, "AVAL_E_NOT_FOUND"),
])
def disclose_refused(folder, invoice, other_seed, terms, code, says):
    file = seed() if other_seed is None else write(os.path.join(folder, "seed"), other_seed)
    aval("token", "disclose", token("assigned"), "--invoice", invoice, "--seed", file, "--terms", terms, "--out",
         out_in(folder), code=code, says=says)
    equal(os.path.exists(out_in(folder)), False)


@case("disclose: another invoice")
def _(folder):
    file = changed_invoice(folder, "EC-2030-0117", "EC-2030-0118")
    aval("token", "disclose", token("assigned"), "--invoice", file, "--seed", seed(), "--terms", "BT-1", "--out",
         out_in(folder), code=REFUSED, says="AVAL_E_COMMITMENT_MISMATCH")


@table([(command, command) for command in ("accept", "reject", "void", "split", "sign", "show")])
def a_file_that_is_no_bundle(folder, command):
    file = write(os.path.join(folder, "x"), b"\x83")
    words = [] if command == "show" else ["--key", key("supplier"), "--out", out_in(folder)]
    aval("token", command, file, *words, *(["--at", "1"] if command == "split" else []), code=UNREADABLE, says="AVAL_E_CBOR_")
    equal(os.listdir(folder), ["x"])


@case("a forged bundle is not signed on top of")
def _(folder):
    forged = write(os.path.join(folder, "forged"), read(token("issued")).replace(b"registry.example", b"registry.exbmple"))
    aval("token", "accept", forged, "--key", key("buyer"), "--out", out_in(folder), code=REFUSED,
         says="AVAL_E_VERIFY_INVALID")
    equal(os.listdir(folder), ["forged"])


@case("nothing is overwritten")
def _(folder):
    out = write(out_in(folder), b"precious")
    sign("accept", token("issued"), "buyer", out, code=UNREADABLE, says="AVAL_E_EXISTS")
    equal(read(out), b"precious")


main()
