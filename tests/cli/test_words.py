# SPDX-License-Identifier: Apache-2.0
"""What the tool does with words: help, version, commands and options that do not exist."""
from harness import DONE, USAGE, aval, case, equal, main, table


@case("--version prints name and version")
def _(_folder):
    out = aval("--version").out.split()
    equal(out[0], "aval")
    equal(len(out[1].split(".")), 3)
    equal(len(out), 2)


@table([("help", "help"), ("--help", "--help"), ("-h", "-h")])
def the_overview(_folder, word):
    out = aval(word).out
    assert out.startswith("usage: aval COMMAND"), out
    assert "Exit: 0 done or valid" in out


@table([
    ("no words", [], "a command is missing"),
    ("a command that is none", ["frobnicate"], "there is no command frobnicate"),
    ("an option for a command", ["--json"], "there is no command --json"),
    ("an empty word", [""], "there is no command "),
    ("help for a command that is none", ["help", "frobnicate"], "there is no command frobnicate"),
    ("help with too many words", ["help", "a", "b", "c"], "one word too many: c"),
    ("a control character in a word", ["a\x1b[2J"], "there is no command a\\x1b[2J"),
    ("an override of the direction", ["a\u202eb"], "there is no command a\\u202eb"),
    ("an isolate, its neighbour below and above", ["\u2066\u2065\u206a"], "command \\u2066\u2065\u206a"),
    ("the last isolate and a mark", ["\u2069\u200f\u200d"], "command \\u2069\\u200f\u200d"),
    ("a line separator, an Arabic mark", ["\u2028\u061c\u061b"], "command \\u2028\\u061c\u061b"),
])
def bad_words(_folder, words, says):
    equal(aval(*words, code=USAGE, says=says).out, "")


main()
