# SPDX-License-Identifier: Apache-2.0
"""Write the objects of chains.json that bench_chain.c verifies as C arrays: chain_to_c.py chains.json bench_chain.h"""
import json
import sys

NAMES = {"leaf": "p256-end", "issuing": "issuing", "root": "root", "root_crl": "root-crl", "issuing_crl": "issuing-crl",
         "message": "message", "signature": "p256-signature"}
with open(sys.argv[1], encoding="utf-8") as file:
    objects = json.load(file)["cases"][0]["input"]
with open(sys.argv[2], "w", encoding="ascii") as out:
    for name, key in NAMES.items():
        data = bytes.fromhex(objects[key])
        out.write(f"static const uint8_t chain_{name}[{len(data)}] = {{ {', '.join(map(str, data))} }};\n")
