# SPDX-License-Identifier: Apache-2.0
"""What the comparisons with real invoices share: their report as TAP, and tables."""
import csv
import os


class Tap:
    def __init__(self):
        self.count, self.failed = 0, False

    def case(self, name, problems, note=""):
        self.count += 1
        self.failed |= bool(problems)
        for problem in problems[:20]:
            print("#", problem)
        if len(problems) > 20:
            print(f"# and {len(problems) - 20} more")
        print(f"{'not ok' if problems else 'ok'} {self.count} - {name}{' # ' + note if note else ''}")

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def read_csv(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return list(csv.DictReader(file))
