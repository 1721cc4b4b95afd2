# SPDX-License-Identifier: Apache-2.0
"""MuSig2 over files: groups, three officers at once, and everything that can be wrong in a session's folder."""
import os
import shutil
import subprocess
import time

import story
from harness import (DONE, INCOMPLETE, INVALID, REFUSED, TOOL, UNREADABLE, USAGE, aval, case, equal, main, read, table,
                     write)

OFFICERS = ["first", "second", "third"]
WAIT = 30


def officer(who):
    return story.key("officer-" + who, "schnorr")


def cose_key(who):
    return aval("key", "show", officer(who), "--json").json["cose_key"]


_kept = {}


def group(who=tuple(OFFICERS)):
    """The group file of those officers and what the tool said of it; made once."""
    if who not in _kept:
        file = story.path("group-" + "-".join(who))
        members = [word for name in who for word in ("--member", cose_key(name))]
        _kept[who] = file, aval("musig", "keys", *members, "--out", file, "--json").json
    return _kept[who]


def seat(who):
    """The index of an officer in the group of three."""
    party = aval("key", "show", officer(who), "--json").json["party"]
    return [member["party"] for member in group()[1]["members"]].index(party)


def offered(folder):
    """A token whose holder assigns it to the group; the group's signature is missing."""
    out = os.path.join(folder, "offered.aval")
    story.sign("assign", story.token("accepted"), "supplier", out, "--to", group()[1]["party"], "--recourse", "none")
    return out


def start(folder):
    session = os.path.join(folder, "session")
    aval("musig", "start", offered(folder), "--group", group()[0], "--out", session)
    return session


def sign_at_once(session, who=tuple(OFFICERS), *words):
    """One process an officer, all at the same time; exit codes and standard errors by officer."""
    begun = [subprocess.Popen([TOOL, "musig", "sign", session, "--key", officer(name), "--wait", str(WAIT), *words],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for name in who]
    ended = [(process.communicate(timeout=2 * WAIT), process.returncode) for process in begun]
    return {name: (code, texts[1]) for name, (texts, code) in zip(who, ended)}


def signed(folder):
    session = start(folder)
    for name, (code, err) in sign_at_once(session).items():
        equal((name, code, err), (name, DONE, ""))
    return session


def part(session, who, kind):
    return os.path.join(session, f"{seat(who)}.{kind}")


def members(session):
    return [(m["nonce"], m["partial"]) for m in aval("musig", "show", session, "--json").json["members"]]


def verify(file):
    trusted = ["--trust", group()[1]["party"], *story.trust("supplier", "buyer")]
    return aval("verify", file, *trusted, "--without", story.WITHOUT + ",terms,disclosure", "--json").json["result"]


@case("a group is the same in whatever order its members are given")
def _(folder):
    made = []
    for order in (["first", "second", "third"], ["third", "first", "second"]):
        file = os.path.join(folder, "-".join(order))
        words = [word for name in order for word in ("--member", cose_key(name))]
        made.append((aval("musig", "keys", *words, "--out", file, "--json").json, read(file)))
    equal(made[0], made[1])
    equal(sorted(made[0][0]), ["alg", "cose_key", "members", "party"])
    equal(len(made[0][0]["members"]), 3)


@case("members by key file, by COSE_Key in a file and in words are the same")
def _(folder):
    text = write(os.path.join(folder, "second.txt"), cose_key("second") + "\n")
    raw = write(os.path.join(folder, "third.cose"), bytes.fromhex(cose_key("third")))
    made = aval("musig", "keys", "--member", officer("first"), "--member", text, "--member", raw, "--out",
                os.path.join(folder, "g"), "--json").json
    equal(made, group()[1])


@table([
    ("no member", [], USAGE, "--member KEY is missing"),
    ("a key for ECDSA", ["--member", "ecdsa"], REFUSED, "AVAL_E_COSE_ALGORITHM"),
    ("a file that is not there", ["--member", "nowhere"], UNREADABLE, "AVAL_E_NOT_FOUND"),
    ("a COSE_Key cut short", ["--member", "a501"], UNREADABLE, "AVAL_E_CBOR_"),
])
def bad_members(folder, words, code, says):
    words = [story.key("supplier") if word == "ecdsa" else word for word in words]
    aval("musig", "keys", *words, "--out", os.path.join(folder, "g"), code=code, says=says)
    equal(os.listdir(folder), [])


@case("a group is never overwritten")
def _(folder):
    file = write(os.path.join(folder, "g"), "precious")
    aval("musig", "keys", "--member", officer("first"), "--out", file, code=UNREADABLE, says="AVAL_E_EXISTS")
    equal(read(file), b"precious")


@case("three officers at once, and the bundle is valid")
def _(folder):
    session = start(folder)
    equal(members(session), [("missing", "missing")] * 3)
    results = sign_at_once(session)
    equal({name: code for name, (code, _) in results.items()}, {name: DONE for name in OFFICERS})
    equal(members(session), [("there", "valid")] * 3)
    equal(sorted(os.listdir(session)), sorted(["bundle.aval", "session"] +
                                              [f"{i}.{kind}" for i in range(3) for kind in ("nonce", "partial")]))
    out = os.path.join(folder, "done.aval")
    aval("musig", "finish", session, "--out", out)
    equal(verify(out), "valid")
    equal(story.show(out)["missing"], [])


@case("an event that the group alone signs: the key of a command is the group")
def _(folder):
    assigned = os.path.join(folder, "assigned.aval")
    aval("musig", "finish", signed(folder), "--out", assigned)
    session, out = os.path.join(folder, "split"), os.path.join(folder, "split.aval")
    begun = aval("token", "split", assigned, "--key", group()[0], "--out", session, "--at", "5000", "--json").json
    equal(begun["event"]["missing"],
          [{"role": "holder", "party": group()[1]["party"], "signed": 0, "needed": 1}])
    equal(sorted(os.listdir(session)), ["bundle.aval", "event", "session"])
    equal({code for code, _ in sign_at_once(session).values()}, {DONE})
    aval("musig", "finish", session, "--out", out)
    equal(verify(out), "valid")
    equal(len(story.notes(out)), 2)


@case("show tells people what is to be signed")
def _(folder):
    out = aval("musig", "show", start(folder)).out
    assert "to be signed" in out and "for assignee key:" in out, out
    equal(out.count("nonce missing, partial signature missing"), 3)


@case("two officers of three: the third is missing, and a wait that is too short takes the nonce back")
def _(folder):
    session = start(folder)
    begun = time.monotonic()
    aval("musig", "sign", session, "--key", officer("first"), "--wait", "0", code=INCOMPLETE, says="AVAL_E_MUSIG_MISSING")
    aval("musig", "sign", session, "--key", officer("first"), "--wait", "1", code=INCOMPLETE, says="AVAL_E_MUSIG_MISSING")
    assert 1 <= time.monotonic() - begun < 20
    equal(sorted(os.listdir(session)), ["bundle.aval", "session"])
    aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INCOMPLETE, says="AVAL_E_MUSIG_MISSING")
    # Taken back, so that all three may still sign.
    equal({code for code, _ in sign_at_once(session).values()}, {DONE})


@case("a partial signature that is not there")
def _(folder):
    session = signed(folder)
    os.unlink(part(session, "second", "partial"))
    aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INCOMPLETE, says="AVAL_E_MUSIG_MISSING")


def _party(who):
    return aval("key", "show", officer(who), "--json").json["party"]


@table([(who, who) for who in OFFICERS])
def a_faulty_partial_signature_is_named(folder, who):
    session = signed(folder)
    file = part(session, who, "partial")
    data = bytearray(read(file))
    data[-1] ^= 1
    write(file, bytes(data))
    out = os.path.join(folder, "out")
    result = aval("musig", "finish", session, "--out", out, "--json", code=INVALID,
                  says=["AVAL_E_MUSIG_PARTIAL", f"member {seat(who)}, {_party(who)}"])
    equal(result.json["error"]["status"], "AVAL_E_MUSIG_PARTIAL")
    assert _party(who) in result.json["error"]["where"], result.json
    shown = [m["partial"] for m in aval("musig", "show", session, "--json").json["members"]]
    equal([state == "faulty" for state in shown], [i == seat(who) for i in range(3)])
    assert not os.path.exists(out)


@case("two faulty partial signatures: both are named")
def _(folder):
    session = signed(folder)
    for who in ("first", "third"):
        write(part(session, who, "partial"), read(part(session, who, "partial"))[:-1] + b"\xff")
    result = aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID)
    for who in OFFICERS:
        equal(_party(who) in result.err, who != "second")


@case("a nonce that was replaced after it was signed with")
def _(folder):
    session, other = signed(folder), os.path.join(folder, "other")
    shutil.copytree(session, other)
    for name in os.listdir(other):
        if name.endswith((".nonce", ".partial")):
            os.unlink(os.path.join(other, name))
    equal({code for code, _ in sign_at_once(other).values()}, {DONE})
    shutil.copy(part(other, "second", "nonce"), part(session, "second", "nonce"))
    result = aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID,
                  says="AVAL_E_MUSIG_NONCES")
    equal(result.err.count("AVAL_E_MUSIG_NONCES"), 3)


@case("a nonce that was replaced before it was signed with")
def _(folder):
    """The officer whose file it is does not sign; the others do, over what they see."""
    session, other = start(folder), os.path.join(folder, "other")
    shutil.copytree(session, other)
    equal({code for code, _ in sign_at_once(other).values()}, {DONE})
    first = subprocess.Popen([TOOL, "musig", "sign", session, "--key", officer("first"), "--wait", str(WAIT)],
                             stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while not os.path.exists(part(session, "first", "nonce")):
        time.sleep(0.02)
    os.replace(part(other, "first", "nonce"), part(session, "first", "nonce"))
    others = sign_at_once(session, ("second", "third"))
    err = first.communicate(timeout=2 * WAIT)[1]
    equal(first.returncode, REFUSED)
    assert "AVAL_E_NONCE_OTHER" in err, err
    equal({code for code, _ in others.values()}, {DONE})


@case("a key signs once in a session")
def _(folder):
    session = signed(folder)
    before = {name: read(os.path.join(session, name)) for name in os.listdir(session)}
    aval("musig", "sign", session, "--key", officer("first"), code=REFUSED, says="AVAL_E_NONCE_REUSED")
    equal({name: read(os.path.join(session, name)) for name in os.listdir(session)}, before)


@case("a session that was exchanged after it was looked at")
def _(folder):
    """The officer names what was shown; the files of another session, each of them in order, are not signed."""
    session, other = start(folder), os.path.join(folder, "other")
    name = aval("musig", "show", session, "--json").json["session"]
    assert f"session   {name}\n" in aval("musig", "show", session).out
    aval("musig", "start", os.path.join(folder, "offered.aval"), "--group", group()[0], "--out", other)
    shutil.copy(os.path.join(other, "session"), os.path.join(session, "session"))
    aval("musig", "sign", session, "--key", officer("first"), "--session", name, code=REFUSED,
         says="AVAL_E_MUSIG_SESSION")
    aval("musig", "sign", session, "--key", officer("first"), "--session", name[:-1], code=USAGE, says="--session")
    assert not os.path.exists(part(session, "first", "nonce"))
    now = aval("musig", "show", session, "--json").json["session"]
    equal({code for code, _ in sign_at_once(session, tuple(OFFICERS), "--session", now).values()}, {DONE})


@case("a process that was killed leaves a nonce that nobody can use")
def _(folder):
    session = start(folder)
    process = subprocess.Popen([TOOL, "musig", "sign", session, "--key", officer("first")], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not os.path.exists(part(session, "first", "nonce")):
        time.sleep(0.02)
    process.kill()
    process.wait()
    aval("musig", "sign", session, "--key", officer("first"), code=REFUSED, says="AVAL_E_NONCE_REUSED")


@case("a nonce of another session")
def _(folder):
    ours, theirs = os.path.join(folder, "a"), os.path.join(folder, "b")
    os.mkdir(ours)
    os.mkdir(theirs)
    first, second = start(ours), signed(theirs)
    shutil.copy(part(second, "second", "nonce"), part(first, "second", "nonce"))
    shutil.copy(part(second, "third", "nonce"), part(first, "third", "nonce"))
    result = aval("musig", "sign", first, "--key", officer("first"), "--wait", "1", code=INVALID,
                  says="AVAL_E_MUSIG_SESSION")
    assert _party("second") in result.err and _party("third") in result.err, result.err
    assert not os.path.exists(part(first, "first", "nonce")), "the nonce was not taken back"


@case("a nonce in another member's place")
def _(folder):
    session = signed(folder)
    shutil.copy(part(session, "second", "nonce"), part(session, "first", "nonce"))
    aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID, says="AVAL_E_MUSIG_SESSION")


@table([
    ("empty", b"", "AVAL_E_CBOR_TRUNCATED"),
    ("not CBOR of ours", b"\xff", "AVAL_E_CBOR_"),
    ("a partial signature in its place", None, "AVAL_E_MUSIG_FORMAT"),
    ("too long", b"\x00" * 300, "AVAL_E_LIMIT"),
])
def a_nonce_file_that_is(folder, content, says):
    session = signed(folder)
    write(part(session, "first", "nonce"), read(part(session, "first", "partial")) if content is None else content)
    aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID,
         says=says)


@case("a pipe in place of a nonce holds nobody up")
def _(folder):
    session = signed(folder)
    os.remove(part(session, "first", "nonce"))
    os.mkfifo(part(session, "first", "nonce"))
    aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID, says="AVAL_E_IO")
    aval("musig", "show", session)


@table([(name, name) for name in ("session", "bundle.aval", "event", "mandate-0")])
def a_pipe_holds_nobody_up_in_place_of(folder, name):
    """And neither does a folder; nothing is signed."""
    session = start(folder)
    for command in (["show"], ["sign", "--key", officer("first")], ["finish", "--out", os.path.join(folder, "out")]):
        for make in (os.mkfifo, os.mkdir):
            there = os.path.join(session, name)
            kept = there + ".kept" if os.path.exists(there) else None
            if kept:
                os.rename(there, kept)
            make(there)
            error = aval("musig", command[0], session, *command[1:], "--json", code=UNREADABLE, says=name).json["error"]
            equal((error["status"], error["reason"]), ("AVAL_E_IO", "not a regular file"))
            os.rmdir(there) if make is os.mkdir else os.unlink(there)
            if kept:
                os.rename(kept, there)
    aval("musig", "show", session)
    equal(sorted(os.listdir(session)), ["bundle.aval", "session"])


@case("a nonce that is no points")
def _(folder):
    session = signed(folder)
    data = bytearray(read(part(session, "third", "nonce")))
    data[-66] = 5
    write(part(session, "third", "nonce"), bytes(data))
    result = aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID,
                  says="AVAL_E_MUSIG_NONCE")
    assert _party("third") in result.err, result.err


@case("a foreign bundle: nothing in the folder is for it")
def _(folder):
    session = signed(folder)
    other = os.path.join(folder, "other.aval")
    story.sign("assign", story.token("accepted"), "supplier", other, "--to", group()[1]["party"], "--recourse", "full")
    shutil.copy(other, os.path.join(session, "bundle.aval"))
    result = aval("musig", "finish", session, "--out", os.path.join(folder, "out"), code=INVALID,
                  says="AVAL_E_MUSIG_SESSION")
    equal(result.err.count("AVAL_E_MUSIG_SESSION"), 3)


@case("a bundle that waits for nobody of the group")
def _(folder):
    session = os.path.join(folder, "session")
    aval("musig", "start", story.token("offered"), "--group", group()[0], "--out", session, code=REFUSED,
         says="AVAL_E_SIGNER_KEY")
    aval("musig", "start", story.token("accepted"), "--group", group()[0], "--out", session, code=REFUSED,
         says="AVAL_E_TOKEN_DRAFT")
    good = start(folder)
    shutil.copy(story.token("offered"), os.path.join(good, "bundle.aval"))
    aval("musig", "show", good, code=REFUSED)
    aval("musig", "sign", good, "--key", officer("first"), code=REFUSED)


@case("a bundle that is proven wrong is not signed")
def _(folder):
    session = start(folder)
    data = bytearray(read(os.path.join(session, "bundle.aval")))
    at = data.rindex(bytes.fromhex("5840"))
    data[at + 10] ^= 1
    write(os.path.join(session, "bundle.aval"), bytes(data))
    aval("musig", "sign", session, "--key", officer("first"), "--wait", "0", code=REFUSED)


@case("the invoice is compared before signing")
def _(folder):
    session = start(folder)
    compare = ["--seed", story.seed(), "--invoice"]
    aval("musig", "show", session, *compare, story.UBL)
    other = story.changed_invoice(folder, "19249.16", "19249.17")
    aval("musig", "sign", session, "--key", officer("first"), *compare, other, code=REFUSED,
         says="AVAL_E_COMMITMENT_MISMATCH")
    aval("musig", "sign", session, "--key", officer("first"), "--seed", story.seed(), code=USAGE,
         says="--invoice and --seed stand together")


@table([
    ("a key of no member", lambda: story.key("stranger", "schnorr"), REFUSED, "AVAL_E_MUSIG_KEY"),
    ("a member's number under ECDSA", lambda: story.key("supplier"), REFUSED, "AVAL_E_MUSIG_KEY"),
    ("a key in a token", lambda: "pkcs11:object=k", REFUSED, "AVAL_E_UNSUPPORTED"),
    ("no key file", lambda: group()[0], UNREADABLE, "AVAL_E_KEY_FORMAT"),
])
def keys_that_cannot_sign(folder, key, code, says):
    session = start(folder)
    aval("musig", "sign", session, "--key", key(), code=code, says=says)
    equal(sorted(os.listdir(session)), ["bundle.aval", "session"])


@table([
    ("a folder that is not there", "show", None, "AVAL_E_NOT_FOUND"),
    ("an empty session file", "show", b"", "AVAL_E_CBOR_TRUNCATED"),
    ("a group in place of the session", "show", "group", "AVAL_E_MUSIG_FORMAT"),
])
def folders_that_are_none(folder, command, content, says):
    session = os.path.join(folder, "session")
    if content is not None:
        session = start(folder)
        write(os.path.join(session, "session"), read(group()[0]) if content == "group" else content)
    aval("musig", command, session, code=UNREADABLE, says=says)


@case("the certificate of a mandate is given to finish, and not when the session is begun")
def _(folder):
    at = story.certificates(folder)
    mandate, offer, session, out = (os.path.join(folder, name) for name in ("m", "offer.aval", "session", "out.aval"))
    aval("mandate", "new", "--certificate", at("chain.pem"), "--key", at("p256.key"), "--registry", story.REGISTRY, "--group",
         group()[0], "--types", "ASSIGN", "--from", "2026-01-01T00:00:00Z", "--until", "2100-01-01T00:00:00Z", "--out", mandate)
    story.sign("assign", story.token("accepted"), "supplier", offer, "--to", story.COMPANY, "--recourse", "none")
    begin = ["token", "sign", offer, "--key", group()[0], "--mandate", mandate, "--out", session]
    aval(*begin, "--certificates", at("chain.pem"), code=USAGE, says="give it to aval musig finish")
    assert not os.path.exists(session)
    aval(*begin)
    equal(sorted(os.listdir(session)), ["bundle.aval", "mandate-0", "session"])
    equal({code for code, _ in sign_at_once(session).values()}, {DONE})
    aval("musig", "finish", session, "--out", out, code=REFUSED, says="AVAL_E_CERT_MISSING")
    aval("musig", "finish", session, "--out", out, "--certificates", at("chain.pem"))
    words = story.trust("supplier", "buyer") + ["--trust", at("root.pem"), "--crl", at("crls.pem")]
    aval("verify", out, *words, "--at", "2026-06-01T00:00:00Z", "--without", story.WITHOUT + ",terms,disclosure")


@table([
    ("a session that is there already", "session", "AVAL_E_EXISTS"),
    ("a folder in a folder that is not there", os.path.join("none", "session"), "AVAL_E_IO"),
])
def folders_that_cannot_be_made(folder, name, says):
    start(folder)
    bundle = os.path.join(folder, "offered.aval")
    before = sorted(os.listdir(os.path.join(folder, "session")))
    aval("musig", "start", bundle, "--group", group()[0], "--out", os.path.join(folder, name), code=UNREADABLE, says=says)
    equal(sorted(os.listdir(os.path.join(folder, "session"))), before)


@case("a finished token is never overwritten")
def _(folder):
    out = write(os.path.join(folder, "out"), "precious")
    aval("musig", "finish", signed(folder), "--out", out, code=UNREADABLE, says="AVAL_E_EXISTS")
    equal(read(out), b"precious")


@table([
    ("issue", lambda: ["token", "issue", story.UBL, "--debtor", story.party("buyer"), "--registry", story.REGISTRY, "--seed",
                       "seed"]),
    ("begin a log", lambda: ["log", "new", "log", "--origin", "registry.example/x"]),
])
def what_a_group_does_not_do(folder, words):
    out = ["--out", "out"] if words()[0] == "token" else []
    aval(*words(), "--key", group()[0], *out, code=REFUSED, says="AVAL_E_UNSUPPORTED", folder=folder)
    equal(os.listdir(folder), [])


@case("a member that is there twice signs twice in one process")
def _(folder):
    file = os.path.join(folder, "g")
    made = aval("musig", "keys", "--member", officer("first"), "--member", officer("second"), "--member", officer("first"),
                "--out", file, "--json").json
    offer, session, out = (os.path.join(folder, name) for name in ("o", "s", "t"))
    story.sign("assign", story.token("accepted"), "supplier", offer, "--to", made["party"], "--recourse", "none")
    aval("musig", "start", offer, "--group", file, "--out", session)
    equal({code for code, _ in sign_at_once(session, ("first", "second")).values()}, {DONE})
    aval("musig", "finish", session, "--out", out)
    equal(story.show(out)["missing"], [])


main()
