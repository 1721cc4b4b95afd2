# SPDX-License-Identifier: Apache-2.0
"""Keys in a token of SoftHSM 2: shown and signed with by their PKCS#11 URI, and what is refused."""
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile

import story
from harness import REFUSED, TOOL, UNREADABLE, USAGE, Skip, aval, case, equal, main, table, write

MAKE_TOKEN = sys.argv[3]

_kept = tempfile.TemporaryDirectory(prefix="aval-softhsm-")
_made = {}


def hsm():
    """Path of the module and the PIN; the token is made on first use."""
    if not _made:
        made = subprocess.run([MAKE_TOKEN, _kept.name], capture_output=True, text=True, check=False)
        _made["code"] = made.returncode
        _made["lines"] = made.stdout.split("\n")
        os.environ["SOFTHSM2_CONF"] = os.path.join(_kept.name, "softhsm2.conf")
    if _made["code"] == 77:
        raise Skip("libsofthsm2.so is not installed")
    equal(_made["code"], 0)
    return _made["lines"][0], _made["lines"][1]


def uri(path="token=officers;object=treasury", pin=True, module=True):
    module_path, pin_value = hsm()
    query = [f"module-path={module_path}"] if module else []
    query += [f"pin-value={pin_value}"] if pin is True else [pin] if pin else []
    return "pkcs11:" + path + "?" + "&".join(query)


@table([("on secp256k1", "treasury", "es256k"), ("on P-256", "registry", "esp256")])
def a_key_is_shown(_folder, name, alg):
    shown = aval("key", "show", uri(f"token=officers;object={name}"), "--json").json
    equal(sorted(shown), ["alg", "cose_key", "party"])
    equal(shown["alg"], alg)


@table([("on secp256k1", "treasury"), ("on P-256", "registry")])
def a_story(folder, name):
    """Issued by a key in the token, accepted by a key file, assigned by the token again."""
    key = uri(f"object={name}")
    party = aval("key", "show", key, "--json").json["party"]
    issued, accepted, offered, assigned = (os.path.join(folder, file) for file in "iaof")
    words = story.issue_words(issued, key=key, seed=os.path.join(folder, "seed"))
    aval(*words)
    aval("token", "accept", issued, "--key", story.key("buyer"), "--out", accepted)
    aval("token", "assign", accepted, "--key", key, "--out", offered, "--to", story.party("factor"), "--recourse", "none")
    aval("token", "sign", offered, "--key", story.key("factor"), "--out", assigned)
    verified = aval("verify", assigned, "--trust", party, *story.trust("buyer", "factor"), "--without",
                    story.WITHOUT + ",terms,disclosure", "--json").json
    equal(verified["result"], "valid")


@case("a log signed by a token")
def _(folder):
    log = os.path.join(folder, "log")
    entry = write(os.path.join(folder, "entry"), "one")
    made = aval("log", "new", log, "--key", uri("object=registry"), "--origin", "registry.example/hsm", "--json").json
    aval("log", "append", log, "--key", uri("id=%02"), "--entry", entry)
    aval("log", "check", log, "--vkey", made["vkey"])


@case("the key of a log is on P-256")
def _(folder):
    aval("log", "new", os.path.join(folder, "log"), "--key", uri(), "--origin", "registry.example/hsm", code=REFUSED,
         says="AVAL_E_COSE_ALGORITHM")
    equal(os.listdir(folder), [])


@table([
    ("in a file", "pin-source=file:{}", True),
    ("in a file, as a URI of three slashes", "pin-source=file://{}", True),
    ("in a file by its path", "pin-source={}", True),
    ("in the environment", None, False),
])
def the_pin(folder, source, in_file):
    pin = hsm()[1]
    if in_file:
        file = write(os.path.join(folder, "pin"), pin + "\nsecond line\n")
        aval("key", "show", uri(pin=source.format(file)))
    else:
        aval("key", "show", uri(pin=None), env={**os.environ, "AVAL_PKCS11_PIN": pin}, start_new_session=True)


@case("the module in the environment")
def _(_folder):
    aval("key", "show", uri(module=False), env={**os.environ, "AVAL_PKCS11_MODULE": hsm()[0]})


def on_terminal(words, *typed):
    """Run the tool on a terminal of its own and type once it asks; what the terminal showed, and the exit code."""
    try:
        pid, terminal = pty.fork()
    except OSError:
        raise Skip("no terminal can be made: /dev/pts is not mounted") from None
    if pid == 0:
        os.execv(TOOL, [TOOL, *words])
    seen, asked = b"", 0
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 1024)
        except OSError:
            break
        seen += part
        if seen.count(b"PIN of the token officers: ") > asked:
            os.write(terminal, typed[asked])
            asked += 1
        if not part:
            break
    else:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return seen, code


@table([
    ("typed", lambda pin: pin + b"\n", 0),
    ("typed with a mistake", lambda pin: b"x\x7f" + pin + b"yz\x7f\x08\n", 0),
    ("begun anew", lambda pin: b"wrong\x15" + pin + b"\n", 0),
    ("given up", lambda pin: b"12\x03", UNREADABLE),
    ("wrong", lambda pin: pin[:-1] + b"\n", UNREADABLE),
    ("too long", lambda pin: b"1" * 300 + b"\n", UNREADABLE),
])
def the_pin_from_the_terminal(_folder, typing, want):
    pin = hsm()[1].encode()
    seen, code = on_terminal(["key", "show", uri(pin=None)], typing(pin))
    equal(code, want)
    equal(b"party     key:" in seen, want == 0)
    assert b"1111" not in seen and pin[:-1] not in seen, "the terminal showed the PIN"


@table([
    ("a token that is not there", "token=clerks", True, UNREADABLE, "AVAL_E_PKCS11_TOKEN_MISSING"),
    ("a key that is not there", "object=vault", True, UNREADABLE, "AVAL_E_PKCS11_KEY_MISSING"),
    ("two keys of one label", "object=twin", True, USAGE, "AVAL_E_PKCS11_KEY_SEVERAL"),
    ("a curve of neither kind", "object=large", True, UNREADABLE, "AVAL_E_KEY_CURVE"),
    ("a wrong PIN", "object=treasury", "pin-value=1235", UNREADABLE, "AVAL_E_PKCS11_PIN_WRONG"),
    ("a PIN's file that is not there", "object=treasury", "pin-source=file:/nowhere/pin", UNREADABLE, "AVAL_E_CALLBACK"),
    ("no PIN and no terminal", "object=treasury", None, UNREADABLE, "AVAL_E_PKCS11_PIN_MISSING"),
    ("an attribute that is not known", "colour=red", True, UNREADABLE, "AVAL_E_UNSUPPORTED"),
    ("a URI that is none", "object=%zz", True, USAGE, "AVAL_E_PKCS11_URI"),
])
def refused(_folder, path, pin, code, says):
    hsm()
    name = uri(path, pin)
    env = {key: value for key, value in os.environ.items() if key != "AVAL_PKCS11_PIN"}
    result = aval("key", "show", name, "--json", code=code, says=says, env=env, start_new_session=True)
    equal(result.json["error"]["status"], says)
    assert hsm()[1] not in result.err + result.out, "a PIN in a message"


@case("a module that is not there")
def _(_folder):
    aval("key", "show", "pkcs11:object=k?module-path=/nowhere/module.so", code=UNREADABLE, says="AVAL_E_PKCS11_MODULE")


main()
