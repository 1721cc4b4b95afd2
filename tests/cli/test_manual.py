# SPDX-License-Identifier: Apache-2.0
"""Help, man pages and completion name the same commands and options."""
import os
import re
import subprocess

from harness import ROOT, aval, case, equal, main, read, table

COMMANDS = ["key new", "key show", "invoice terms", "invoice check", "token issue", "token accept", "token reject",
            "token void", "token assign", "token split", "token merge", "token sign", "token sign-batch", "token show",
            "token disclose", "mandate new", "mandate show", "mandate revoke",
            "log new", "log append", "log root", "log prove", "log verify", "log consistency", "log check", "log audit",
            "log evidence", "log receipt", "log verify-receipt", "musig keys", "musig start", "musig sign", "musig show", "musig finish",
            "map new", "map set", "map root", "map prove", "map verify", "party check", "party show", "party verify",
            "verify"]


def options_of_help(command):
    out = aval("help", *command.split()).out
    return re.findall(r"^  --([a-z-]+)", out, re.M)


@case("the overview lists every command, and no other")
def _(_folder):
    out = aval("help").out
    found = re.findall(r"^  ([a-z]+(?: [a-z]+(?:-[a-z]+)*)?)\b.*", out, re.M)
    groups = {"key", "invoice", "token", "mandate", "musig", "log", "map", "party", "verify"}
    listed = [row for row in found if row.split()[0] in groups]
    equal(sorted(" ".join(row.split()[:1 if row.startswith("verify") else 2]) for row in listed), sorted(COMMANDS))


@table([(command, command) for command in COMMANDS])
def the_man_page_names_every_option(_folder, command):
    path = os.path.join(ROOT, "tools", "aval", "man", f"aval-{command.split()[0]}.1")
    page = read(path).decode()
    assert f"aval {command}" in page, f"no synopsis of {command}"
    for option in options_of_help(command):
        assert f"Fl -{option}" in page, f"--{option} is not in {path}"


@table([(command, command) for command in COMMANDS])
def the_completion_knows_every_option(_folder, command):
    script = os.path.join(ROOT, "tools", "aval", "completion", "aval.bash")
    ask = f'. "{script}"; _aval_options "{command}"'
    words = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    equal(sorted(words), sorted("--" + option for option in options_of_help(command)))


@case("the completion offers commands")
def _(_folder):
    script = os.path.join(ROOT, "tools", "aval", "completion", "aval.bash")
    ask = f'. "{script}"; COMP_WORDS=(aval token a); COMP_CWORD=2; _aval; echo "${{COMPREPLY[@]}}"'
    out = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout
    equal(sorted(out.split()), ["accept", "assign"])


main()
