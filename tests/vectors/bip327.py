#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bring BIP327's files of test vectors into the form of musig.json, and both into one file.

    bip327.py musig.json all.json [FOLDER]

The BIP's files name keys and nonces by index; here each case holds its values. A file or a list of cases that this
script does not know is an error, so that none is passed over.
"""
import json
import os
import sys

STATUS = {"pubkey": "AVAL_E_KEY_POINT", "pubnonce": "AVAL_E_MUSIG_NONCE", "aggnonce": "AVAL_E_MUSIG_NONCE",
          "aggothernonce": "AVAL_E_MUSIG_NONCE", "psig": "AVAL_E_MUSIG_PARTIAL",
          "The tweak must be less than n.": "AVAL_E_KEY_SCALAR",
          "The result of tweaking cannot be infinity.": "AVAL_E_KEY_POINT",
          "The signer's pubkey must be included in the list of pubkeys.": "AVAL_E_MUSIG_KEY",
          "first secnonce value is out of range.": "AVAL_E_NONCE_REUSED"}


def failure(error):
    if error["type"] == "value":
        return {"status": STATUS[error["message"]]}
    expect = {"status": STATUS[error["contrib"]]}
    if error["signer"] is not None:
        expect["signer"] = error["signer"]
    return expect


def pick(values, indices):
    return [values[index] for index in indices]


def tweaks(data, case):
    values = pick(data["tweaks"], case["tweak_indices"]) if "tweak_indices" in case else case.get("tweaks", [])
    return [{"tweak": tweak, "xonly": xonly} for tweak, xonly in zip(values, case.get("is_xonly", []), strict=True)]


def key_sort(data):
    yield "sort", {"keys": data["pubkeys"]}, {"keys": data["sorted_pubkeys"]}


def key_agg(data):
    for case in data["valid_test_cases"] + data["error_test_cases"]:
        expect = failure(case["error"]) if "error" in case else {"x": case["expected"]}
        yield "aggregate", {"keys": pick(data["pubkeys"], case["key_indices"]), "tweaks": tweaks(data, case)}, expect


def nonce_gen(data):
    names = {"random": "rand_", "scalar": "sk", "key": "pk", "x": "aggpk", "message": "msg", "extra": "extra_in"}
    for case in data["test_cases"]:
        given = {name: case[theirs] for name, theirs in names.items() if case[theirs] is not None}
        yield "nonce", given, {"secret": case["expected_secnonce"][:128], "public": case["expected_pubnonce"]}


def nonce_agg(data):
    for case in data["valid_test_cases"] + data["error_test_cases"]:
        expect = failure(case["error"]) if "error" in case else {"sum": case["expected"]}
        yield "sum", {"nonces": pick(data["pnonces"], case["pnonce_indices"])}, expect


def sign_verify(data):
    keys = data["pubkeys"]
    for case in data["valid_test_cases"] + data["sign_error_test_cases"]:
        given = {"scalar": data["sk"], "key": keys[0], "secret": data["secnonces"][case.get("secnonce_index", 0)][:128],
                 "keys": pick(keys, case["key_indices"]), "tweaks": [], "sum": data["aggnonces"][case["aggnonce_index"]],
                 "message": data["msgs"][case["msg_index"]]}
        yield "sign", given, failure(case["error"]) if "error" in case else {"partial": case["expected"]}
    for name in ("valid_test_cases", "verify_fail_test_cases", "verify_error_test_cases"):
        for case in data[name]:
            given = {"keys": pick(keys, case["key_indices"]), "tweaks": [], "signer": case["signer_index"],
                     "nonces": pick(data["pnonces"], case["nonce_indices"]), "message": data["msgs"][case["msg_index"]],
                     "partial": case["sig" if "sig" in case else "expected"]}
            status = "AVAL_OK" if name == "valid_test_cases" else "AVAL_E_MUSIG_PARTIAL"
            yield "verify", given, failure(case["error"]) if "error" in case else {"status": status}


def tweak(data):
    for case in data["valid_test_cases"] + data["error_test_cases"]:
        given = {"scalar": data["sk"], "key": data["pubkeys"][0], "secret": data["secnonce"][:128],
                 "keys": pick(data["pubkeys"], case["key_indices"]), "tweaks": tweaks(data, case),
                 "sum": data["aggnonce"], "message": data["msg"]}
        yield "sign", given, failure(case["error"]) if "error" in case else {"partial": case["expected"]}
        if "error" not in case:
            given = {"keys": given["keys"], "tweaks": given["tweaks"], "signer": case["signer_index"],
                     "nonces": pick(data["pnonces"], case["nonce_indices"]), "message": data["msg"],
                     "partial": case["expected"]}
            yield "verify", given, {"status": "AVAL_OK"}


def sig_agg(data):
    for case in data["valid_test_cases"] + data["error_test_cases"]:
        given = {"keys": pick(data["pubkeys"], case["key_indices"]), "tweaks": tweaks(data, case),
                 "sum": case["aggnonce"], "nonces": pick(data["pnonces"], case["nonce_indices"]),
                 "message": data["msg"], "partials": pick(data["psigs"], case["psig_indices"])}
        yield "combine", given, failure(case["error"]) if "error" in case else {"signature": case["expected"]}


def det_sign(data):
    for case in data["valid_test_cases"] + data["error_test_cases"]:
        given = {"scalar": data["sk"], "key": data["pubkeys"][0], "others": case["aggothernonce"],
                 "keys": pick(data["pubkeys"], case["key_indices"]), "tweaks": tweaks(data, case),
                 "message": data["msgs"][case["msg_index"]]}
        if case["rand"] is not None:
            given["random"] = case["rand"]
        expect = failure(case["error"]) if "error" in case else dict(zip(("public", "partial"), case["expected"]))
        yield "deterministic", given, expect


FILES = {"key_sort": key_sort, "key_agg": key_agg, "nonce_gen": nonce_gen, "nonce_agg": nonce_agg,
         "sign_verify": sign_verify, "tweak": tweak, "sig_agg": sig_agg, "det_sign": det_sign}


def of_bip(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    if names != sorted(f"{name}_vectors.json" for name in FILES):
        sys.exit(f"{folder}: not the files of BIP327: {names}")
    for name, convert in FILES.items():
        with open(os.path.join(folder, f"{name}_vectors.json"), encoding="utf-8") as file:
            data = json.load(file)
        cases = sum(len(value) for key, value in data.items() if key.endswith("test_cases")) or 1
        rows = list(convert(data))
        if len(rows) < cases:
            sys.exit(f"{name}: {len(rows)} of {cases} cases are known")
        for number, (kind, given, expect) in enumerate(rows):
            yield {"id": f"BIP327 {name} {number} {kind}", "kind": kind, "input": given, "expect": expect}


def main(own, target, folder=None):
    with open(own, encoding="utf-8") as file:
        vectors = json.load(file)
    if folder:
        vectors["cases"] += of_bip(folder)
        vectors["count"] = len(vectors["cases"])
    with open(target, "w", encoding="utf-8") as file:
        json.dump(vectors, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
