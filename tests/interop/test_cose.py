# SPDX-License-Identifier: Apache-2.0
"""Keys and signatures both ways with others: Python's cryptography, and the program openssl.

    test_cose.py PEER FOLDER

FOLDER is tests/vectors, whose make_cose.py builds the envelopes on the other side.
"""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

from peer import Peer, Skip, case, equal, main, table

sys.path.insert(0, sys.argv[2])
import make_cose  # noqa: E402
from curves import K1, P256, tagged  # noqa: E402

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
except ImportError:
    ec = None

peer = Peer(sys.argv[1])
ES256K, ESP256, SCHNORR = -47, -9, -65537
ALGS = [("ES256K", ES256K), ("ESP256", ESP256)]
ORDER = {ES256K: K1.n, ESP256: P256.n}


def need_cryptography():
    if ec is None:
        raise Skip("Python's cryptography is not installed")


def curve(alg):
    return ec.SECP256K1() if alg == ES256K else ec.SECP256R1()


def point(key):
    return key.public_key().public_bytes(serialization.Encoding.X962,
                                         serialization.PublicFormat.UncompressedPoint)


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def foreign_signature(key, alg, message):
    """64 bytes with a low s, by the other library."""
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + min(s, ORDER[alg] - s).to_bytes(32, "big")


def foreign_verify(key, message, signature):
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.verify(der, message, ec.ECDSA(hashes.SHA256()))


@table("their signatures", ALGS)
def theirs(alg):
    need_cryptography()
    for i in range(20):
        key, message = ec.generate_private_key(curve(alg)), os.urandom(i * 7)
        signature = foreign_signature(key, alg, message)
        equal(peer.status("verify", alg, point(key), message, signature), "AVAL_OK")
        s = ORDER[alg] - int.from_bytes(signature[32:], "big")
        equal(peer.status("verify", alg, point(key), message, signature[:32] + s.to_bytes(32, "big")),
              "AVAL_E_SIGNATURE_HIGH_S")
        equal(peer.status("verify", alg, point(key), message + b"x", signature), "AVAL_E_SIGNATURE_INVALID")


def parts_of(envelope):
    """The items of a COSE_Sign of ours, read by no more than is needed to check its signatures."""
    items, rest = decode(envelope)
    equal(rest, b"")
    tag, (body, unprotected, payload, signatures) = items
    equal((tag, unprotected), (98, {}))
    return body, payload, signatures


def decode(data):
    """A CBOR item as Python values, and what follows; deterministic heads are assumed."""
    major, info = data[0] >> 5, data[0] & 31
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(info, 0)
    value = int.from_bytes(data[1:1 + size], "big") if size else info
    rest = data[1 + size:]
    if major in (0, 1):
        return (value if major == 0 else -1 - value), rest
    if major in (2, 3):
        return (rest[:value] if major == 2 else rest[:value].decode()), rest[value:]
    if major == 6:
        item, rest = decode(rest)
        return (value, item), rest
    items = []
    for _ in range(value if major == 4 else 2 * value):
        item, rest = decode(rest)
        items.append(item)
    return (items if major == 4 else dict(zip(items[::2], items[1::2]))), rest


@table("our signatures", ALGS)
def ours(alg):
    need_cryptography()
    for i in range(10):
        key, payload = ec.generate_private_key(curve(alg)), os.urandom(100 * i)
        envelope = peer.bytes("sign", pem(key), i + 1, make_cose.LEI, make_cose.TYP, payload)
        body, got_payload, signatures = parts_of(envelope)
        equal(body, make_cose.cbor({16: make_cose.TYP}))
        equal(got_payload, payload)
        (header, unprotected, signature), = signatures
        x, y = point(key)[1:33], point(key)[33:]
        fields = {1: 2, -1: 8 if alg == ES256K else 1, -2: x, -3: y}
        thumbprint = hashlib.sha256(make_cose.cbor(fields)).digest()
        equal(decode(header)[0], {1: alg, 4: thumbprint, "signer": [i + 1, make_cose.LEI]})
        equal(header, make_cose.cbor(decode(header)[0]))
        equal(unprotected, {})
        assert int.from_bytes(signature[32:], "big") <= ORDER[alg] // 2
        message = make_cose.sig_structure(body, header, payload)
        foreign_verify(key.public_key(), message, signature)
        try:
            foreign_verify(key.public_key(), message + b"\0", signature)
            raise AssertionError("another message verifies")
        except InvalidSignature:
            pass


@case("our Schnorr signatures, by curves of the tests")
def _():
    for i in range(5):
        text = peer.bytes("new", SCHNORR)
        assert text.startswith(b"alg: schnorr\n-----BEGIN PRIVATE KEY-----\n")
        alg, point_hex = peer.ask("file", text)
        equal(int(alg), SCHNORR)
        x, y = int(point_hex[2:66], 16), int(point_hex[66:], 16)
        equal(K1.lift(x, 0), (x, y))
        envelope = peer.bytes("sign", text, 4, make_cose.LEI, make_cose.TYP, os.urandom(50))
        body, payload, ((header, _, signature),) = parts_of(envelope)
        digest = tagged("aval/schnorr", make_cose.sig_structure(body, header, payload))
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        e = int.from_bytes(tagged("BIP0340/challenge", signature[:32] + bytes.fromhex(point_hex[2:66]) + digest),
                           "big") % K1.n
        equal(K1.add(K1.mul(s), K1.mul(K1.n - e, (x, y))), K1.lift(r, 0))


@case("an envelope signed by turns, here and there")
def _():
    need_cryptography()
    keys = {alg: ec.generate_private_key(curve(alg)) for _, alg in ALGS}
    envelope = peer.bytes("sign", pem(keys[ES256K]), 1, make_cose.LEI, make_cose.TYP, b"invoice")
    body, payload, signatures = parts_of(envelope)
    x, y = point(keys[ESP256])[1:33], point(keys[ESP256])[33:]
    thumbprint = hashlib.sha256(make_cose.cbor({1: 2, -1: 1, -2: x, -3: y})).digest()
    header = make_cose.cbor({1: ESP256, 4: thumbprint, "signer": [2, "vat:DE123456789"]})
    signature = foreign_signature(keys[ESP256], ESP256, make_cose.sig_structure(body, header, payload))
    joined = sorted(signatures + [[header, {}, signature]], key=lambda item: item[0])
    data = make_cose.cbor(make_cose.Tag(98, [body, {}, payload, joined]))
    again = peer.bytes("sign", pem(keys[ES256K]), 3, make_cose.LEI, make_cose.TYP, data, "again")
    cose_keys = []
    for item in parts_of(again)[2]:
        alg = decode(item[0])[0][1]
        x, y = point(keys[alg])[1:33], point(keys[alg])[33:]
        cose_keys.append(make_cose.cbor({1: 2, 3: alg, -1: 8 if alg == ES256K else 1, -2: x, -3: y}))
    equal(peer.ask("open", make_cose.TYP, again, *cose_keys), ["AVAL_OK"] * 3)


@table("their key files", ALGS)
def key_files(alg):
    need_cryptography()
    for _ in range(10):
        key = ec.generate_private_key(curve(alg))
        equal(peer.ask("file", pem(key)), [str(alg), point(key).hex()])
    encrypted = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.BestAvailableEncryption(b"secret"))
    equal(peer.status("file", encrypted), "AVAL_E_KEY_ENCRYPTED")
    sec1 = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                             serialization.NoEncryption())
    equal(peer.status("file", sec1), "AVAL_E_UNSUPPORTED")
    other = ec.generate_private_key(ec.SECP384R1())
    equal(peer.status("file", pem(other)), "AVAL_E_KEY_CURVE")


@table("our key files, by cryptography", ALGS + [("Schnorr", SCHNORR)])
def our_key_files(alg):
    need_cryptography()
    text = peer.bytes("new", alg)
    key = serialization.load_pem_private_key(text, None)
    equal(peer.ask("file", text), [str(alg), point(key).hex()])


def openssl(*words, stdin=b""):
    program = shutil.which("openssl")
    if program is None:
        raise Skip("there is no program openssl")
    process = subprocess.run([program, *words], input=stdin, capture_output=True, timeout=60, check=False)
    equal(process.returncode, 0, process.stderr.decode())
    return process.stdout


@table("our key files, by openssl", ALGS + [("Schnorr", SCHNORR)])
def openssl_reads(alg):
    text = peer.bytes("new", alg)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key.pem")
        with open(path, "wb") as file:
            file.write(text)
        openssl("pkey", "-in", path, "-check", "-noout")
        spki = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
    equal(peer.ask("file", text), [str(alg), spki[-65:].hex()])


@table("key files of openssl", [(f"{name}, {form}", alg, option) for name, alg in ALGS for form, option in (
    ("in full", "uncompressed"), ("compressed", "compressed"))])
def openssl_writes(alg, form):
    name = "secp256k1" if alg == ES256K else "prime256v1"
    text = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{name}")
    text = openssl("pkey", "-ec_conv_form", form, stdin=text)
    spki = openssl("pkey", "-pubout", "-outform", "DER", "-ec_conv_form", "uncompressed", stdin=text)
    equal(peer.ask("file", text), [str(alg), spki[-65:].hex()])


SPEC = os.path.join(sys.argv[2], "..", "..", "docs", "spec", "cose.md")


def spec_bytes(words):
    """The bytes of the first indented block behind these words, without its comments."""
    with open(SPEC, encoding="utf-8") as file:
        lines = file.read().split(words, 1)[1].split("\n\n", 2)[1].splitlines()
    return bytes.fromhex("".join(line.split(";")[0] for line in lines))


@case("the example of the specification")
def _():
    part = make_cose.Part(make_cose.supplier)
    envelope, key = spec_bytes("and in bytes:"), spec_bytes("The COSE_Key that kid names:")
    equal(envelope, make_cose.envelope([part]))
    equal(key, make_cose.supplier.cose)
    equal(spec_bytes("The Sig_structure:"), make_cose.sig_structure(make_cose.BODY, part.protected, make_cose.PAYLOAD))
    equal(peer.ask("open", make_cose.TYP, envelope, key), ["AVAL_OK"])


main(peer)
