# SPDX-License-Identifier: Apache-2.0
"""Many files under one signature."""
import os

from harness import INCOMPLETE, REFUSED, UNREADABLE, USAGE, aval, case, equal, main, read, table, write
from story import COMPANY, PAYABLE, REGISTRY, WITHOUT, certificates, issue_words, key, party, path, sign, token, trust

COUNT = 5
_offers = []


def offers():
    """Notes of as many tokens, offered to the factor; made once."""
    for number in range(len(_offers), COUNT):
        issued, accepted, offered = (path(f"batch-{state}-{number}.aval") for state in ("issued", "accepted", "offered"))
        aval(*issue_words(issued, terms="BT-3,BT-5,BT-9,BT-115"))
        sign("accept", issued, "buyer", accepted)
        sign("assign", accepted, "supplier", offered, "--to", party("factor"), "--recourse", "none")
        _offers.append(offered)
    return _offers


def batch(files, folder, *words, who="factor", **expect):
    return aval("token", "sign-batch", *files, "--key", key(who), "--out", os.path.join(folder, "signed"), *words, **expect)


def signed(folder, file):
    return os.path.join(folder, "signed", os.path.basename(file))


@case("every file of a batch verifies alone")
def _(folder):
    answer = batch(offers(), folder, "--json").json
    equal(answer["batch"], COUNT)
    equal([(row["file"], row["out"]) for row in answer["files"]], [(file, signed(folder, file)) for file in offers()])
    assert all(row["event"]["complete"] and row["event"]["type"] == "ASSIGN" for row in answer["files"])
    equal(sorted(os.listdir(os.path.join(folder, "signed"))), sorted(os.path.basename(file) for file in offers()))
    for file in offers():
        aval("verify", file, *trust("supplier", "buyer", "factor"), "--without", WITHOUT, code=INCOMPLETE)
        answer = aval("verify", signed(folder, file), *trust("supplier", "buyer", "factor"), "--without", WITHOUT, "--json").json
        equal(answer["result"], "valid")
        equal(answer["token"]["notes"][0]["holder"], party("factor"))


@case("words for people")
def _(folder):
    equal(batch(offers(), folder).out, f"{COUNT} signatures in one batch; of {COUNT} events {COUNT} are complete\n")


@case("a batch of one, and a folder that is there")
def _(folder):
    os.mkdir(os.path.join(folder, "signed"))
    write(os.path.join(folder, "signed", "other.aval"), "other")
    batch(offers()[:1], folder)
    equal(len(os.listdir(os.path.join(folder, "signed"))), 2)


@case("a party in two roles, and one role of them")
def _(folder):
    draft = os.path.join(folder, "lower.aval")
    sign("accept", token("issued"), "buyer", draft, "--amount", "10000")
    answer = batch([draft], folder, "--json", who="supplier").json
    equal((answer["batch"], answer["files"][0]["event"]["missing"]), (2, []))
    os.rename(os.path.join(folder, "signed"), os.path.join(folder, "both"))
    answer = batch([draft], folder, "--role", "holder", "--json", who="supplier").json
    equal((answer["batch"], [row["role"] for row in answer["files"][0]["event"]["missing"]]), (1, ["supplier"]))
    again = signed(folder, draft)
    sign("sign", again, "supplier", os.path.join(folder, "whole.aval"))
    aval("verify", os.path.join(folder, "whole.aval"), *trust("supplier", "buyer"), "--without", WITHOUT + ",disclosure,terms")


@case("a company by a key of its own")
def _(folder):
    offered = os.path.join(folder, "company.aval")
    sign("assign", token("accepted"), "supplier", offered, "--to", COMPANY, "--recourse", "none")
    batch([offered], folder, code=REFUSED, says="say --party")
    answer = batch([offered], folder, "--party", COMPANY, "--json").json
    equal(answer["files"][0]["event"]["complete"], True)
    words = trust("supplier", "buyer") + ["--trust", f"{party('factor')}={COMPANY}"]
    aval("verify", signed(folder, offered), *words, "--without", WITHOUT + ",disclosure,terms")


def grant(folder, *officers, threshold=1, cap=PAYABLE):
    """A mandate of the factor for its officers."""
    out = os.path.join(folder, "factor.mandate")
    words = [word for who in officers for word in ("--officer", party(who))]
    aval("mandate", "new", "--key", key("factor"), "--registry", REGISTRY, *words, "--threshold", str(threshold), "--types", "ASSIGN",
         "--cap", f"EUR={cap}", "--until", "2099-01-01T00:00:00Z", "--out", out)
    return ["--mandate", out, "--party", party("factor")]


@case("one officer under a mandate, up to its cap")
def _(folder):
    equal(batch(offers(), folder, *grant(folder, "first", "second"), "--json", who="first").json["batch"], COUNT)
    for file in offers():
        aval("verify", signed(folder, file), *trust("supplier", "buyer", "factor"), "--without", WITHOUT)


@case("two officers, one batch each")
def _(folder):
    words = grant(folder, "first", "second", threshold=2)
    answer = batch(offers(), folder, *words, "--json", who="first").json
    equal([row["event"]["complete"] for row in answer["files"]], [False] * COUNT)
    half = os.path.join(folder, "half")
    os.rename(os.path.join(folder, "signed"), half)
    halves = [os.path.join(half, os.path.basename(file)) for file in offers()]
    batch(halves, folder, "--party", party("factor"), who="first", code=REFUSED)
    nothing_written(folder)
    batch(halves, folder, "--party", party("factor"), who="second")
    for file in offers():
        aval("verify", signed(folder, file), *trust("supplier", "buyer", "factor"), "--without", WITHOUT)


@table([
    ("one cent above the cap of a mandate", "19249.15", "first", "AVAL_E_MANDATE_AMOUNT"),
    ("an officer whom no mandate lists", PAYABLE, "stranger", "AVAL_E_MANDATE_KEY"),
])
def not_by_mandate(folder, cap, who, says):
    batch(offers(), folder, *grant(folder, "first", "second", cap=cap), who=who, code=REFUSED, says=says)
    nothing_written(folder)


def company_offers(folder):
    """Offers to a company, its certificates, and the mandate that one of them signed for the factor's key."""
    at, mandate, offered = certificates(folder), os.path.join(folder, "company.mandate"), []
    aval("mandate", "new", "--certificate", at("chain.pem"), "--key", at("p256.key"), "--registry", REGISTRY, "--officer",
         party("factor"), "--types", "ASSIGN", "--from", "2026-01-01T00:00:00Z", "--until", "2100-01-01T00:00:00Z", "--out",
         mandate)
    for number in range(2):
        accepted = offers()[number].replace("offered", "accepted")
        offered.append(os.path.join(folder, f"company-{number}.aval"))
        sign("assign", accepted, "supplier", offered[-1], "--to", COMPANY, "--recourse", "none")
    return at, offered, ["--mandate", mandate]


@case("a mandate that a certificate signed")
def _(folder):
    at, files, words = company_offers(folder)
    answer = batch(files, folder, *words, "--certificates", at("chain.pem"), "--json").json
    equal((answer["batch"], [row["event"]["complete"] for row in answer["files"]]), (2, [True, True]))
    policy = trust("supplier", "buyer") + ["--crl", at("crls.pem"), "--at", "2026-06-01T00:00:00Z", "--without", WITHOUT]
    for file in files:
        answer = aval("verify", signed(folder, file), *policy, "--trust", at("root.pem"), "--json").json
        equal((answer["result"], answer["token"]["notes"][0]["holder"]), ("valid", COMPANY))
        answer = aval("verify", signed(folder, file), *policy, "--trust", at("other.pem"), "--json", code=INCOMPLETE).json
        equal([row["status"] for row in answer["checks"] if row["check"] == "identity"], ["AVAL_E_CERT_ANCHOR"])


@table([
    ("not there", None, REFUSED, "AVAL_E_CERT_MISSING"),
    ("another's", "other.pem", REFUSED, "AVAL_E_CERT_MISSING"),
    ("one beside it that is of no use", "both", REFUSED, "AVAL_E_CERT_UNUSED"),
    ("no certificate", "p256.key", UNREADABLE, "AVAL_E_CERT_FORMAT"),
])
def the_certificate_of_a_mandate(folder, name, code, says):
    at, files, words = company_offers(folder)
    write(at("both"), read(at("chain.pem")) + read(at("other.pem")))
    words += [] if name is None else ["--certificates", at(name)]
    result = batch(files, folder, *words, "--json", code=code, says=says)
    equal(result.json["error"]["status"], says)
    nothing_written(folder)


def nothing_written(folder):
    assert not os.path.exists(os.path.join(folder, "signed")), os.listdir(os.path.join(folder, "signed"))


@table([
    ("a key that signs for nobody", ["--role", "assignee"], "stranger", REFUSED, "say --party"),
    ("a role that does not wait", ["--role", "debtor"], "factor", REFUSED, "say --party"),
    ("a party that does not wait", ["--party", COMPANY], "factor", REFUSED, "the party's signature is not missing"),
    ("another key's party", ["--party", "PARTY"], "stranger", REFUSED, "that of another key"),
    ("no such role", ["--role", "owner"], "factor", USAGE, "there is no role owner"),
])
def refused(folder, words, who, code, says):
    words = [party("factor") if word == "PARTY" else word for word in words]
    batch(offers(), folder, *words, who=who, code=code, says=says)
    nothing_written(folder)


@case("no file at all")
def _(folder):
    batch([], folder, code=USAGE, says="FILE is missing")


@case("two files of one name")
def _(folder):
    twin = os.path.join(folder, os.path.basename(offers()[0]))
    write(twin, read(offers()[1]))
    batch([offers()[0], twin], folder, code=USAGE, says="two files are called")
    nothing_written(folder)


@case("the same file twice")
def _(folder):
    batch([offers()[0], offers()[0]], folder, code=USAGE, says="two files are called")


@case("a file without a draft among others")
def _(folder):
    batch(offers()[:2] + [token("accepted")] + offers()[2:], folder, code=REFUSED, says="no signature is missing")
    nothing_written(folder)


@case("a file that is not there")
def _(folder):
    batch(offers() + [os.path.join(folder, "none.aval")], folder, code=UNREADABLE, says="none.aval")
    nothing_written(folder)


@case("a changed file among others")
def _(folder):
    data = bytearray(read(offers()[2]))
    at = data.index(b"\x58\x40") + 40  # inside of the first signature
    data[at] ^= 1
    changed = write(os.path.join(folder, "changed.aval"), bytes(data))
    batch(offers()[:2] + [changed], folder, code=REFUSED, says="changed.aval")
    nothing_written(folder)


@case("a file that stands in the way: the others are taken back")
def _(folder):
    os.mkdir(os.path.join(folder, "signed"))
    write(signed(folder, offers()[3]), "mine")
    batch(offers(), folder, code=UNREADABLE, says=os.path.basename(offers()[3]))
    equal(os.listdir(os.path.join(folder, "signed")), [os.path.basename(offers()[3])])
    equal(read(signed(folder, offers()[3])), b"mine")


@case("a folder that cannot be made")
def _(folder):
    write(os.path.join(folder, "signed"), "a file")
    batch(offers(), folder, code=UNREADABLE, says="the folder cannot be made")


main()
