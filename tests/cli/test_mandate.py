# SPDX-License-Identifier: Apache-2.0
"""aval mandate, and tokens that are signed under mandates."""
import json
import os

from harness import DONE, INCOMPLETE, INVALID, REFUSED, ROOT, UNREADABLE, USAGE, aval, case, equal, main, read, table
from story import certificates

REGISTRY = "registry.example/log"
UNTIL = "2100-01-01T00:00:00Z"
LEI = "lei:5299000AVALTEST00079"
AT = "2026-06-01T00:00:00Z"
WITHOUT = "parties,registered,live,duplicate,fresh"


def key(folder, name, alg="es256k"):
    """A key file and its id."""
    path = os.path.join(folder, f"{name}.key")
    if not os.path.exists(path):
        aval("key", "new", "--out", path, "--alg", alg)
    return path, aval("key", "show", path, "--json").json["party"]


def grant(folder, name="m.mandate", *words, by="bank", officers=("o1", "o2", "o3"), threshold=2, types="ACCEPT", **more):
    path = os.path.join(folder, name)
    given = [word for officer in officers for word in ("--officer", key(folder, officer)[1])]
    more = {"until": UNTIL, "registry": REGISTRY, **more}
    options = [word for option, value in more.items() for word in ("--" + option, value)]
    aval("mandate", "new", "--key", key(folder, by)[0], *given, "--threshold", threshold, "--types", types, "--out", path,
         *options, *words)
    return path


def issued(folder, debtor=None):
    """A token whose debtor is the bank, or a company."""
    path = os.path.join(folder, "issued.aval")
    debtor = debtor or key(folder, "bank")[1]
    aval("token", "issue", os.path.join(ROOT, "examples", "invoices", "invoice-ubl.xml"), "--key", key(folder, "seller")[0],
         "--debtor", debtor, "--registry", REGISTRY, "--seed", os.path.join(folder, "seed"), "--out", path,
         "--terms", "BT-1,BT-3,BT-5,BT-9,BT-115")
    return path


def sign(folder, verb, token, officer, out, *words, **expect):
    out = os.path.join(folder, out)
    aval("token", verb, token, "--key", key(folder, officer)[0], "--out", out, *words, **expect)
    return out


def verify(folder, token, *words, code=DONE, trust=("seller", "bank")):
    trusted = [word for name in trust for word in ("--trust", key(folder, name)[1])]
    rows = aval("verify", token, *trusted, "--without", WITHOUT, "--json", *words, code=code).json
    return rows, {row["check"]: row for row in rows["checks"]}


@case("new says what it made, show says it again")
def _(folder):
    path = grant(folder, "m.mandate", "--cap", "EUR=50000", "--cap", "JPY=900000")
    answer = aval("mandate", "show", path, "--json").json
    equal(answer["party"], key(folder, "bank")[1])
    equal(answer["signer"], key(folder, "bank")[1])
    equal(answer["signature"], "valid")
    equal(answer["officers"], sorted(key(folder, name)[1] for name in ("o1", "o2", "o3")))
    equal((answer["threshold"], answer["types"], answer["kind"]), (2, ["ACCEPT"], "grant"))
    equal(answer["caps"], {"EUR": "50000.00", "JPY": "900000"})
    assert "threshold  2 of 3" in aval("mandate", "show", path).out


@case("a changed signature is invalid, a file that is none cannot be read")
def _(folder):
    path = grant(folder)
    data = bytearray(read(path))
    data[-1] ^= 1
    changed = os.path.join(folder, "changed.mandate")
    with open(changed, "wb") as file:
        file.write(data)
    equal(aval("mandate", "show", changed, "--json", code=INVALID).json["signature"], "INVALID")
    aval("mandate", "show", issued(folder), code=UNREADABLE, says="AVAL_E_CBOR_TYPE")


@table([
    ("no officer", ["--types", "ACCEPT", "--until", UNTIL], "needs --officer"),
    ("a type that is none", ["--types", "ACCEPT,BLESS", "--until", UNTIL, "--officer", "o1"], "BLESS is no type"),
    ("an end in the past", ["--types", "ACCEPT", "--until", "2020-01-01T00:00:00Z", "--officer", "o1"], "not after the begin"),
    ("a threshold above the officers", ["--types", "ACCEPT", "--until", UNTIL, "--officer", "o1", "--threshold", "2"],
     "AVAL_E_MANDATE_FORMAT"),
    ("a cap without currency", ["--types", "ACCEPT", "--until", UNTIL, "--officer", "o1", "--cap", "5"], "not CURRENCY"),
    ("a cap that is finer than a cent", ["--types", "ACCEPT", "--until", UNTIL, "--officer", "o1", "--cap", "EUR=0.001"], None),
    ("an officer twice", ["--types", "ACCEPT", "--until", UNTIL, "--officer", "o1", "--officer", "o1"],
     "AVAL_E_MANDATE_FORMAT"),
])
def refused_words(folder, words, says):
    words = [key(folder, word)[1] if word == "o1" else word for word in words]
    code = USAGE if says else REFUSED
    aval("mandate", "new", "--key", key(folder, "bank")[0], "--registry", REGISTRY, *words, "--out",
         os.path.join(folder, "x.mandate"), code=code, says=says or "AVAL_E_DECIMAL_INEXACT")
    assert not os.path.exists(os.path.join(folder, "x.mandate"))


@case("a key: party's mandate is made by that key")
def _(folder):
    aval("mandate", "new", "--key", key(folder, "o1")[0], "--party", key(folder, "bank")[1], "--registry", REGISTRY,
         "--officer", key(folder, "o1")[1], "--types", "ACCEPT", "--until", UNTIL, "--out",
         os.path.join(folder, "x.mandate"), code=REFUSED, says="AVAL_E_MANDATE_AUTHORITY")


@case("two of three officers accept")
def _(folder):
    mandate, token = grant(folder, "m.mandate", "--cap", "EUR=50000"), issued(folder)
    one = sign(folder, "accept", token, "o1", "one.aval", "--mandate", mandate)
    waits = aval("token", "show", one, "--json").json["missing"]
    equal(waits, [{"role": "debtor", "party": key(folder, "bank")[1], "signed": 1, "needed": 2}])
    assert ": 1 of 2 signed" in aval("token", "show", one).out
    answer, rows = verify(folder, one, code=INCOMPLETE)
    equal((rows["mandates"]["verdict"], rows["mandates"]["status"]), ("not checked", "AVAL_E_MANDATE_THRESHOLD"))
    equal(answer["token"]["status"], "open")
    sign(folder, "sign", one, "o1", "again.aval", code=REFUSED, says="AVAL_E_SIGNER_KEY")
    two = sign(folder, "sign", one, "o3", "two.aval")
    answer, rows = verify(folder, two)
    equal((answer["result"], answer["token"]["status"]), ("valid", "accepted"))
    sign(folder, "sign", two, "o2", "three.aval", code=REFUSED, says="AVAL_E_TOKEN_DRAFT")
    _, rows = verify(folder, two, code=INCOMPLETE, trust=("seller",))
    equal((rows["identity"]["verdict"], rows["identity"]["status"]), ("not checked", "AVAL_E_SIGNER_KEY"))
    _, rows = verify(folder, two, "--at", UNTIL, code=INVALID)
    equal((rows["mandates"]["verdict"], rows["mandates"]["status"]), ("fail", "AVAL_E_MANDATE_EXPIRED"))


@case("what the mandate does not allow is refused, and nothing is written")
def _(folder):
    token = issued(folder)
    for name, words, status in (
            ("cap", ["--cap", "EUR=19249.15"], "AVAL_E_MANDATE_AMOUNT"),
            ("currency", ["--cap", "USD=99999"], "AVAL_E_MANDATE_AMOUNT"),
            ("later", ["--from", "2099-01-01T00:00:00Z"], None)):
        mandate = grant(folder, f"{name}.mandate", *words, threshold=1)
        out = os.path.join(folder, f"{name}.aval")
        sign(folder, "accept", token, "o1", f"{name}.aval", "--mandate", mandate, code=REFUSED,
             says=status or "AVAL_E_MANDATE_NOT_YET_VALID")
        assert not os.path.exists(out)
    mandate = grant(folder, "type.mandate", threshold=1, types="ISSUE,REJECT")
    sign(folder, "accept", token, "o1", "type.aval", "--mandate", mandate, code=REFUSED, says="AVAL_E_MANDATE_TYPE")
    mandate = grant(folder, "exact.mandate", "--cap", "EUR=19249.16", threshold=1)
    verify(folder, sign(folder, "accept", token, "o1", "exact.aval", "--mandate", mandate))
    sign(folder, "accept", token, "seller", "x.aval", "--mandate", mandate, code=REFUSED, says="AVAL_E_SIGNER_KEY")


@table([
    ("of a party that signs nothing", {"by": "stranger"}, "AVAL_E_MANDATE_UNUSED"),
    ("for another registry", {"registry": "registry.example/other"}, "AVAL_E_MANDATE_REGISTRY"),
])
def a_mandate_of_no_use(folder, more, says):
    mandate = grant(folder, "m.mandate", **more)
    sign(folder, "accept", issued(folder), "o1", "x.aval", "--mandate", mandate, code=REFUSED, says=says)


@case("revoked and replaced")
def _(folder):
    mandate, token = grant(folder, threshold=1), issued(folder)
    end = os.path.join(folder, "end.mandate")
    answer = aval("mandate", "revoke", mandate, "--key", key(folder, "bank")[0], "--reason", "left", "--out", end, "--json").json
    equal((answer["kind"], answer["reason"]), ("revocation", "left"))
    equal(answer["revokes"], aval("mandate", "show", mandate, "--json").json["mandate"])
    aval("mandate", "revoke", end, "--key", key(folder, "bank")[0], "--out", os.path.join(folder, "x"), code=USAGE)
    aval("mandate", "revoke", mandate, "--key", key(folder, "o1")[0], "--out", os.path.join(folder, "x"), code=REFUSED,
         says="AVAL_E_MANDATE_AUTHORITY")
    sign(folder, "accept", token, "o1", "x.aval", "--mandate", end, code=REFUSED, says="AVAL_E_MANDATE_UNUSED")
    sign(folder, "accept", token, "o1", "x.aval", "--mandate", end, "--mandate", mandate, code=REFUSED,
         says="AVAL_E_MANDATE_REVOKED")
    new = grant(folder, "new.mandate", "--replaces", mandate, officers=("o2",), threshold=1)
    sign(folder, "accept", token, "o1", "x.aval", "--mandate", new, "--mandate", mandate, code=REFUSED,
         says="AVAL_E_MANDATE_REPLACED")
    verify(folder, sign(folder, "accept", token, "o2", "y.aval", "--mandate", new, "--mandate", mandate))


@table([
    ("of another party", lambda folder: {"party": key(folder, "endorser")[1]}, "is of another party"),
    ("for another registry", lambda folder: {"registry": "registry.example/other"}, "is for another registry"),
])
def a_successor_that_would_end_nothing(folder, changes, says):
    """By whoever may sign for either party."""
    old = grant(folder, "old.mandate", by="endorser", party=LEI)
    words = {"party": LEI, "registry": REGISTRY, **changes(folder)}
    successor(folder, old, *(word for name, value in words.items() for word in ("--" + name, value)), by="endorser",
              code=USAGE, says=says)
    assert not os.path.exists(os.path.join(folder, "next.mandate"))
    answer = successor(folder, old, "--party", LEI, "--registry", REGISTRY, by="endorser").json
    equal(answer["replaces"], aval("mandate", "show", old, "--json").json["mandate"])


def successor(folder, old, *words, by="bank", **expect):
    return aval("mandate", "new", "--key", key(folder, by)[0], "--officer", key(folder, "o1")[1], "--types", "ACCEPT", "--until",
                UNTIL, "--replaces", old, "--out", os.path.join(folder, "next.mandate"), "--json", *words, **expect)


@case("a successor has its predecessor's party and registry, where none are said")
def _(folder):
    old = grant(folder, "old.mandate", by="endorser", party=LEI)
    answer = successor(folder, old, by="endorser").json
    equal((answer["party"], answer["registry"], answer["signature"]), (LEI, REGISTRY, "valid"))


@case("a successor of a revocation, of what cannot be read, and of none without a registry")
def _(folder):
    old, end = grant(folder), os.path.join(folder, "end.mandate")
    aval("mandate", "revoke", old, "--key", key(folder, "bank")[0], "--out", end)
    successor(folder, end, code=USAGE, says="is a revocation")
    successor(folder, key(folder, "bank")[0], code=UNREADABLE, says="AVAL_E_CBOR_")
    aval("mandate", "new", "--key", key(folder, "bank")[0], "--officer", key(folder, "o1")[1], "--types", "ACCEPT", "--until",
         UNTIL, "--out", os.path.join(folder, "next.mandate"), code=USAGE, says="--registry ORIGIN is missing")
    assert not os.path.exists(os.path.join(folder, "next.mandate"))


@case("officers of the supplier issue, and assign up to their cap")
def _(folder):
    mandate = grant(folder, "m.mandate", "--cap", "EUR=19249.16", types="ISSUE,ASSIGN", threshold=1)
    token = os.path.join(folder, "t.aval")
    aval("token", "issue", os.path.join(ROOT, "examples", "invoices", "invoice-ubl.xml"), "--key", key(folder, "o1")[0],
         "--supplier", key(folder, "bank")[1], "--debtor", key(folder, "seller")[1], "--registry", REGISTRY, "--seed",
         os.path.join(folder, "seed"), "--out", token, "--mandate", mandate, "--terms", "BT-3,BT-5,BT-9,BT-115")
    accepted = sign(folder, "accept", token, "seller", "accepted.aval")
    offered = sign(folder, "assign", accepted, "o2", "offered.aval", "--to", key(folder, "factor")[1], "--recourse", "none",
                   "--amount", "100")
    verify(folder, sign(folder, "sign", offered, "factor", "assigned.aval"), trust=("seller", "bank", "factor"))


@case("an endorser's mandate of a company")
def _(folder):
    mandate = grant(folder, "m.mandate", by="endorser", party=LEI, threshold=1)
    accepted = sign(folder, "accept", issued(folder, LEI), "o1", "accepted.aval", "--mandate", mandate)
    endorser = key(folder, "endorser")[1]
    answer, _ = verify(folder, accepted, "--trust", f"lei={endorser}")
    equal(answer["policy"]["endorsers"], [{"scheme": "lei", "key": endorser[4:]}])
    for words in (["--trust", f"vat={endorser}"], ["--trust", endorser], []):
        _, rows = verify(folder, accepted, *words, code=INCOMPLETE)
        equal((rows["identity"]["verdict"], rows["identity"]["status"]), ("not checked", "AVAL_E_MANDATE_AUTHORITY"))
    verify(folder, accepted, "--trust", f"{endorser}={LEI}")


@table([("on P-256", "chain.pem", "p256.key"), ("with an RSA key", "rsa.pem", "rsa.key")])
def a_company_by_its_certificate(folder, chain, secret):
    at = certificates(folder)
    mandate = os.path.join(folder, "m.mandate")
    answer = aval("mandate", "new", "--certificate", at(chain), "--key", at(secret), "--registry", REGISTRY, "--officer",
                  key(folder, "o1")[1], "--types", "ACCEPT", "--from", "2026-01-01T00:00:00Z", "--until", UNTIL, "--out",
                  mandate, "--json").json
    equal((answer["party"], answer["signature"]), (LEI, "valid"))
    equal(aval("mandate", "show", mandate, "--certificate", at(chain), "--json").json["signature"], "valid")
    aval("mandate", "show", mandate, "--certificate", at("root.pem"), code=INVALID)
    token = issued(folder, LEI)
    sign(folder, "accept", token, "o1", "x.aval", "--mandate", mandate, code=REFUSED, says="AVAL_E_CERT_MISSING")
    accepted = sign(folder, "accept", token, "o1", "accepted.aval", "--mandate", mandate, "--certificates", at(chain))
    good = ["--trust", at("root.pem"), "--crl", at("crls.pem"), "--at", AT]
    answer, rows = verify(folder, accepted, *good)
    equal((answer["policy"]["crls"], answer["policy"]["crl-mode"], len(answer["policy"]["anchors"])), (2, "required", 1))
    for words, code, status in (
            (["--at", AT], INCOMPLETE, "AVAL_E_CERT_ANCHOR"),
            (["--trust", at("other.pem"), "--crl", at("crls.pem"), "--at", AT], INCOMPLETE, "AVAL_E_CERT_ANCHOR"),
            (["--trust", at("root.pem"), "--at", AT], INCOMPLETE, "AVAL_E_CRL_MISSING"),
            (["--trust", at("root.pem"), "--at", "2029-01-01T00:00:00Z"], INVALID, "AVAL_E_CERT_EXPIRED")):
        _, rows = verify(folder, accepted, *words, code=code)
        equal(rows["identity"]["status"], status)
    verify(folder, accepted, "--trust", at("root.pem"), "--crl-mode", "if-present", "--at", AT)
    verify(folder, accepted, "--trust", f"lei={at(chain)}", "--at", AT)
    aval("verify", accepted, "--trust", at("root.pem"), "--crl-mode", "sometimes", code=USAGE)
    aval("verify", accepted, "--crl-mode", "required", "--crl-mode", "ignored", code=USAGE, says="--crl-mode stands twice")
    aval("verify", accepted, "--trust", at("p256.key"), code=UNREADABLE, says="AVAL_E_CERT_FORMAT")


@case("anchors and revocation lists of a policy file")
def _(folder):
    at = certificates(folder)
    policy = os.path.join(folder, "policy.json")
    with open(policy, "w", encoding="ascii") as file:
        json.dump({"trust": [at("root.pem"), f"lei={at('chain.pem')}"], "crl": [at("crls.pem")], "crl-mode": ["ignored"]}, file)
    answer = aval("verify", issued(folder), "--policy", policy, "--json", code=INCOMPLETE).json["policy"]
    equal((len(answer["anchors"]), answer["crls"], answer["crl-mode"]), (1, 2, "ignored"))
    assert "certificate" in answer["endorsers"][0]


main()
