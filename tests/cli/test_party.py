# SPDX-License-Identifier: Apache-2.0
"""Party ids and certificates from the command line, over the chains of tests/vectors/chains.json."""
import base64
import hashlib
import json
import os

from harness import DONE, INCOMPLETE, INVALID, ROOT, UNREADABLE, USAGE, aval, case, equal, main, table, write

with open(os.path.join(ROOT, "tests", "vectors", "chains.json"), encoding="utf-8") as _file:
    OBJECTS = json.load(_file)["cases"][0]["input"]
LEI = "lei:5299000AVALTEST00079"
AT = ("--at", "2026-06-01T00:00:00Z")


def pem(label, *names):
    return "".join(f"-----BEGIN {label}-----\n{base64.encodebytes(bytes.fromhex(OBJECTS[name])).decode()}-----END {label}-----\n"
                   for name in names)


def files(folder, chain="leaf issuing", anchors="root", crls="root-crl issuing-crl"):
    return (write(os.path.join(folder, "chain.pem"), pem("CERTIFICATE", *chain.split())),
            "--anchor", write(os.path.join(folder, "anchors.pem"), pem("CERTIFICATE", *anchors.split())),
            *(["--crl", write(os.path.join(folder, "crls.pem"), pem("X509 CRL", *crls.split()))] if crls else []))


@table([
    ("an LEI", LEI, "lei", None), ("a VAT number", "vat:DE123456789", "vat", None),
    ("a USCC", "uscc:91310000MA1FLAWX0U", "uscc", None), ("a key", "key:" + "0a" * 32, "key", None),
    ("an ISO 6523 id", "iso6523:0088:7300010000001", "iso6523", "EN16931-1.3.16"),
])
def check(_folder, party, scheme, list_):
    answer = aval("party", "check", party, "--json").json
    want = {"party": party, "scheme": scheme, "result": "valid", "status": "AVAL_OK", "where": "", "reason": ""}
    equal(answer, {**want, "list": list_} if list_ else want)
    out = aval("party", "check", party).out.splitlines()
    equal(out[0].split(), ["scheme", scheme])
    equal(out[-1], "valid")


@table([
    ("a wrong check digit", LEI[:-1] + "8", "AVAL_E_PARTY_CHECK"), ("no scheme", "duns:1", "AVAL_E_PARTY_FORMAT"),
    ("an unknown ISO 6523 scheme", "iso6523:0001:1", "AVAL_E_PARTY_SCHEME"),
])
def check_refuses(_folder, party, status):
    equal(aval("party", "check", party, code=INVALID, says=status).out, "invalid\n")
    equal(aval("party", "check", party, "--json", code=INVALID).json["status"], status)


@case("show tells what the certificates say")
def _(folder):
    chain = files(folder)[0]
    answer = aval("party", "show", chain, "--json").json
    leaf, issuing = answer["certificates"]
    equal((leaf["subject"], leaf["subject_organization"], leaf["issuer"]), ("Example GmbH Treasury", "Example GmbH", "Example Issuing CA"))
    equal((leaf["serial"], leaf["key"], leaf["key_bits"], leaf["ca"]), ("64", "P-256", 256, False))
    equal((leaf["from"], leaf["until"]), ("2025-01-01T00:00:00Z", "2028-01-01T00:00:00Z"))
    equal(issuing["ca"], True)
    equal(answer["parties"], [{"party": LEI, "source": "organizationIdentifier"}])
    equal(answer["sha256"], hashlib.sha256(bytes.fromhex(OBJECTS["leaf"])).hexdigest())
    assert answer["key_party"].startswith("key:"), answer
    out = aval("party", "show", chain).out
    for text in ("Example GmbH Treasury", f"party {LEI} (organizationIdentifier)", answer["key_party"], "may issue"):
        assert text in out, out


@case("show reads DER, and knows of RSA that it signs no events")
def _(folder):
    path = write(os.path.join(folder, "leaf.der"), bytes.fromhex(OBJECTS["rsa-end"]))
    answer = aval("party", "show", path, "--json").json
    equal((answer["certificates"][0]["key"], answer["certificates"][0]["key_bits"]), ("RSA", 2048))
    equal(answer["key_party"], None)
    assert "RSA 2048 bits" in aval("party", "show", path).out


@case("a chain that is valid")
def _(folder):
    answer = aval("party", "verify", *files(folder), *AT, "--party", LEI, "--json").json
    equal(answer, {"at": "2026-06-01T00:00:00Z", "parties": [{"party": LEI, "source": "organizationIdentifier"}],
                   "from": "2026-05-01T00:00:00Z", "until": "2026-07-01T00:00:00Z", "path": 3, "cleared": 2,
                   "result": "valid", "status": "AVAL_OK", "where": "", "reason": ""})
    equal(aval("party", "verify", *files(folder), *AT).out.splitlines()[-1], "valid")


@table([
    ("the leaf is revoked", {"crls": "root-crl CRL-revoked"}, INVALID, "AVAL_E_CERT_REVOKED", "chain[0]"),
    ("another anchor", {"anchors": "other"}, INVALID, "AVAL_E_CERT_ANCHOR", "chain[1]"),
    ("a CRL is missing", {"crls": "root-crl"}, INCOMPLETE, "AVAL_E_CRL_MISSING", "chain[0]"),
    ("a signature is changed", {"chain": "a-signature-that-is-changed issuing"}, INVALID, "AVAL_E_CERT_SIGNATURE", "chain[0]"),
])
def verify_refuses(folder, how, code, status, where):
    how = {key: value.replace("CRL-revoked", "crl-revoked-at-that-moment") for key, value in how.items()}
    answer = aval("party", "verify", *files(folder, **how), *AT, "--json", code=code).json
    equal((answer["result"], answer["status"], answer["where"]),
          ("incomplete" if code == INCOMPLETE else "invalid", status, where))
    equal(aval("party", "verify", *files(folder, **how), *AT, code=code, says=status).out.splitlines()[-1], answer["result"])


@table([
    ("stale CRLs", ["--at", "2026-07-01"], INCOMPLETE, "AVAL_E_CRL_STALE"),
    ("stale CRLs that are ignored", ["--at", "2026-07-01", "--crl-mode", "ignored"], DONE, "AVAL_OK"),
    ("before all", ["--at", "2024-12-31"], INVALID, "AVAL_E_CERT_NOT_YET_VALID"),
    ("after all", ["--at", "2028-01-01"], INVALID, "AVAL_E_CERT_EXPIRED"),
    ("another party", [*AT, "--party", "vat:DE123456789"], INVALID, "AVAL_E_CERT_PARTY"),
])
def verify_at(folder, words, code, status):
    equal(aval("party", "verify", *files(folder), *words, "--json", code=code).json["status"], status)


@case("without CRLs where they are checked if present")
def _(folder):
    equal(aval("party", "verify", *files(folder, crls=""), *AT, "--crl-mode", "if-present", "--json").json["cleared"], 0)


@table([
    ("no anchor", ["verify", "CHAIN"], "--anchor"),
    ("another mode", ["verify", "CHAIN", "--anchor", "CHAIN", "--crl-mode", "maybe"], "--crl-mode"),
    ("no party id", ["verify", "CHAIN", "--anchor", "CHAIN", "--party", "ACME"], "--party"),
    ("no time", ["verify", "CHAIN", "--anchor", "CHAIN", "--at", "noon"], "--at"),
    ("no file", ["show"], "FILE"),
])
def usage(folder, words, says):
    chain = files(folder)[0]
    aval("party", *[chain if word == "CHAIN" else word for word in words], code=USAGE, says=says)


@case("files that cannot be read")
def _(folder):
    chain, anchors = files(folder)[0], files(folder)[2]
    text = write(os.path.join(folder, "text"), "hello")
    aval("party", "show", text, code=UNREADABLE, says="AVAL_E_CERT_FORMAT")
    aval("party", "show", os.path.join(folder, "none"), code=UNREADABLE, says="AVAL_E_NOT_FOUND")
    aval("party", "verify", chain, "--anchor", text, code=UNREADABLE, says="AVAL_E_CERT_FORMAT")
    aval("party", "verify", chain, "--anchor", anchors, "--crl", text, code=UNREADABLE, says="AVAL_E_CRL_FORMAT")
    answer = aval("party", "verify", text, "--anchor", anchors, "--json", code=UNREADABLE).json
    equal(answer["error"]["status"], "AVAL_E_CERT_FORMAT")


main()
