#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a file of test vectors into a C header, so that C tests need no JSON parser.

    to_c.py decimal.json decimal.vectors.h

Each case becomes a row of named texts: {"input": {"a": "1"}} is the field "input.a". Numbers and booleans become
their JSON text, elements of arrays are named by index ("input.paths.0"), with the count under the array's own name.
A file whose "count" is not the number of its cases is refused. tests/unit/vectors.h reads what is written here.
"""
import json
import os
import sys


def fields(prefix, value):
    if isinstance(value, dict):
        for key in value:
            yield from fields(f"{prefix}.{key}" if prefix else key, value[key])
    elif isinstance(value, list):
        yield prefix, str(len(value))
        for index, element in enumerate(value):
            yield from fields(f"{prefix}.{index}", element)
    else:
        yield prefix, value if isinstance(value, str) else json.dumps(value)


def literal(text):
    """A C string; octal escapes end after three digits, so nothing that follows joins them."""
    data = text.encode()
    plain = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in data)
    # C compilers need to take no more than 4095 characters at once.
    parts = [plain[i:i + 4000] for i in range(0, len(plain), 4000)] or [""]
    if any(p.endswith("\\") or p[-3:-2] == "\\" or p[-2:-1] == "\\" for p in parts[:-1]):
        parts = ["".join(f"\\{b:03o}" for b in data[i:i + 1000]) for i in range(0, len(data), 1000)]
    return "\n\t\t".join(f'"{p}"' for p in parts), len(data)


def main(source, target):
    with open(source, encoding="utf-8") as file:
        vectors = json.load(file)
    cases = vectors["cases"]
    if vectors["count"] != len(cases) or not cases:
        sys.exit(f"{source}: count is {vectors['count']}, cases are {len(cases)}")
    if len({case["id"] for case in cases}) != len(cases):
        sys.exit(f"{source}: an id occurs twice")
    stem = os.path.basename(source).split(".")[0].replace("-", "_")
    with open(target, "w", encoding="ascii") as out:
        out.write(f"/* Generated from {os.path.basename(source)} by to_c.py. */\n")
        begins = [0]
        out.write(f"static const struct vector_field {stem}_fields[] = {{\n")
        for case in cases:
            rows = list(fields("", case))
            for name, value in rows:
                text, length = literal(value)
                out.write(f'\t{{ "{name}", {text}, {length} }},\n')
            begins.append(begins[-1] + len(rows))
        out.write(f"}};\n\nstatic const struct vector_case {stem}_cases[] = {{\n")
        for case, begin, end in zip(cases, begins, begins[1:]):
            out.write(f"\t{{ {literal(case['id'])[0]}, {stem}_fields + {begin}, {end - begin} }},\n")
        out.write(f"}};\n\n#define {stem.upper()}_COUNT {len(cases)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
