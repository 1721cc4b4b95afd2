# SPDX-License-Identifier: Apache-2.0
"""What the cases over tokens share: invoices, keys, and tokens in every state, made once by the tool itself."""
import json
import os
import re
import subprocess
import tempfile

from harness import ROOT, aval, read, write

UBL = os.path.join(ROOT, "examples", "invoices", "invoice-ubl.xml")
CII = os.path.join(ROOT, "examples", "invoices", "invoice-cii.xml")
CHAINS = os.path.join(ROOT, "tests", "vectors", "chains.json")
COMPANY = "lei:5299000AVALTEST00079"
REGISTRY = "registry.example/receivables"
PAYABLE = "19249.16"
DUE = "2030-03-16"
WITHOUT = "parties,registered,live,duplicate,fresh"
TERMS = "BT-1,BT-3,BT-5,BT-9,BT-115,BT-59"

_kept = tempfile.TemporaryDirectory(prefix="aval-story-")
_made = {}


def path(name):
    return os.path.join(_kept.name, name)


def key(who, alg="es256k"):
    """A key file of that name; made on first use."""
    file = path(f"{who}.key")
    if not os.path.exists(file):
        aval("key", "new", "--out", file, "--alg", alg)
    return file


def party(who):
    return aval("key", "show", key(who), "--json").json["party"]


def seed():
    token("issued")
    return path("seed")


def issue_words(out, invoice=UBL, **changes):
    """The words of a plain issue; a change of None drops an option, True makes it a flag."""
    options = {"key": key("supplier"), "debtor": party("buyer"), "registry": REGISTRY, "seed": path("seed"), "out": out}
    options.update({name.replace("_", "-"): value for name, value in changes.items()})
    words = ["token", "issue", invoice]
    for name, value in options.items():
        if value is True:
            words += [f"--{name}"]
        elif value is not None:
            words += [f"--{name}", value]
    return words


def sign(command, source, who, out, *words, **expect):
    return aval("token", command, source, "--key", key(who), "--out", out, *words, **expect)


def _issued(out):
    aval(*issue_words(out))


def _accepted(out):
    sign("accept", token("issued"), "buyer", out)


def _rejected(out):
    sign("reject", token("issued"), "buyer", out, "--reason", "goods are missing")


def _void(out):
    sign("void", token("issued"), "supplier", out)


def _lower(out):
    """Accepted for 10,000.00; the supplier, who is the holder too, has signed."""
    sign("accept", token("issued"), "buyer", path("lower-draft.aval"), "--amount", "10000")
    sign("sign", path("lower-draft.aval"), "supplier", out)


def _offered(out):
    sign("assign", token("accepted"), "supplier", out, "--to", party("factor"), "--amount", "7699.66", "--recourse", "full")


def _assigned(out):
    sign("sign", token("offered"), "factor", out)


def _split(out):
    sign("split", token("accepted"), "supplier", out, "--at", "5000")


def _disclosed(out):
    aval("token", "disclose", token("assigned"), "--invoice", UBL, "--seed", seed(), "--terms", TERMS, "--out", out)


_MAKE = {"issued": _issued, "accepted": _accepted, "rejected": _rejected, "void": _void, "lower": _lower,
         "offered": _offered, "assigned": _assigned, "split": _split, "disclosed": _disclosed}


def token(state):
    """A token in that state; made on first use."""
    if state not in _made:
        _made[state] = path(f"{state}.aval")
        _MAKE[state](_made[state])
    return _made[state]


def show(file):
    return aval("token", "show", file, "--json").json


def notes(file):
    return [(note["begin"], note["end"], note["holder"]) for note in show(file)["token"]["notes"]]


def note_ids(file):
    return [note["id"] for note in show(file)["token"]["notes"]]


def trust(*who):
    return [word for name in who for word in ("--trust", party(name))]


def changed_invoice(folder, old, new, name="changed.xml"):
    """The sample invoice with one piece replaced."""
    text = read(UBL).decode()
    assert old in text, f"{old} is not in the sample invoice"
    return write(os.path.join(folder, name), text.replace(old, new))


def without_element(folder, element):
    text, count = re.subn(rf"\s*<{element}\b[^>]*>[^<]*</{element}>", "", read(UBL).decode(), count=1)
    assert count == 1, f"{element} is not in the sample invoice"
    return write(os.path.join(folder, "without.xml"), text)


def pem(label, hexadecimal):
    """A block, by openssl's own base64."""
    text = subprocess.run(["base64", "-w", "64"], input=bytes.fromhex(hexadecimal), stdout=subprocess.PIPE, check=True).stdout
    return f"-----BEGIN {label}-----\n{text.decode()}-----END {label}-----\n"


def certificates(folder):
    """Certificates of a company and their keys, out of the vectors, as files; gives the path of one."""
    given = json.loads(read(CHAINS))["cases"][0]["input"]
    files = {
        "chain.pem": pem("CERTIFICATE", given["p256-end"]) + pem("CERTIFICATE", given["issuing"]),
        "rsa.pem": pem("CERTIFICATE", given["rsa-end"]) + pem("CERTIFICATE", given["issuing"]),
        "root.pem": pem("CERTIFICATE", given["root"]), "other.pem": pem("CERTIFICATE", given["other"]),
        "crls.pem": pem("X509 CRL", given["root-crl"]) + pem("X509 CRL", given["issuing-crl"]),
        "p256.key": pem("PRIVATE KEY", given["p256-key"]), "rsa.key": pem("PRIVATE KEY", given["rsa-key"]),
    }
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    return lambda name: os.path.join(folder, name)
