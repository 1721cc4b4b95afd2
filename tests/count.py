#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Count the cases of a meson test log: TAP lines one by one, other programs as one case each."""
import json
import re
import sys

passed = failed = skipped = 0
for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    cases = re.findall(r"^(not )?ok\b[^#\n]*(# *skip)?", test.get("stdout", ""), re.M | re.I)
    if cases:
        for bad, skip in cases:
            skipped += bool(skip)
            failed += bool(bad and not skip)
            passed += not bad and not skip
        continues = test["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
        failed += not continues and not any(bad for bad, _ in cases)
    elif test["result"] == "OK":
        passed += 1
    elif test["result"] == "SKIP":
        skipped += 1
        print("skipped:", test["name"])
    else:
        failed += 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed != 0 or passed == 0)
