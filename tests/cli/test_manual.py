# SPDX-License-Identifier: Apache-2.0
"""Help, man pages and completion name the same commands and options."""
import json
import os
import re
import subprocess

from harness import INCOMPLETE, INVALID, REFUSED, ROOT, TOOL, UNREADABLE, USAGE, aval, case, equal, main, read, table

COMMANDS = ["key new", "key show", "invoice terms", "invoice check", "token issue", "token accept", "token reject",
            "token void", "token assign", "token split", "token merge", "token sign", "token sign-batch", "token show",
            "token disclose", "mandate new", "mandate show", "mandate revoke",
            "log new", "log append", "log root", "log prove", "log verify", "log consistency", "log check", "log audit",
            "log evidence", "log receipt", "log verify-receipt", "musig keys", "musig start", "musig sign", "musig show", "musig finish",
            "map new", "map set", "map root", "map prove", "map verify", "party check", "party show", "party verify",
            "verify"]
GROUPS = sorted({command.split()[0] for command in COMMANDS})


def options_of_help(command):
    out = aval("help", *command.split()).out
    return re.findall(r"^  --([a-z-]+)", out, re.M)


@case("the overview lists every command, and no other")
def _(_folder):
    out = aval("help").out
    found = re.findall(r"^  ([a-z]+(?: [a-z]+(?:-[a-z]+)*)?)\b.*", out, re.M)
    listed = [row for row in found if row.split()[0] in GROUPS]
    equal(sorted(" ".join(row.split()[:1 if row.startswith("verify") else 2]) for row in listed), sorted(COMMANDS))


def man(name):
    return read(os.path.join(ROOT, "tools", "aval", "man", name + ".1")).decode()


def page_of(command):
    return man("aval-" + command.split()[0])


def section(page, kind, title):
    return re.search(rf"^\.{kind} {title}\n(.*?)(?=^\.S[hs] |\Z)", page, re.M | re.S).group(1).splitlines()


def merged(rows):
    """Rows of an option, (name, value, required, repeated), as {name: (value, required, repeated)}."""
    found = {}
    for name, value, required, repeated in rows:
        before = found.get(name, (value, False, False))
        equal(value, before[0])
        found[name] = value, required or before[1], repeated or before[2]
    return found


def options_of_line(line):
    """Those of one line of mdoc, such as ".Op Fl -cap Ar CUR Ns = Ns Ar AMOUNT ..."."""
    required = not line.startswith((".Op ", ".It ")) and "|" not in line
    for part in re.split(r"Fl -", line)[1:]:
        words = [word for word in part.split() if word not in ("Ar", "Cm", "Li", "|", ",")]
        value = " ".join(words[1:]).replace(" Ns ", "")
        yield words[0], value.removesuffix("...").strip(), required, value.endswith("...")


def synopsis(page, command):
    """The operand and the options that a page names of a command."""
    lines, rows, operand = "\n".join(section(page, "Sh", "SYNOPSIS")).split(".Nm "), [], ""
    block = [text.splitlines() for text in lines if text.splitlines()[:1] == [f"aval {command}"]]
    equal(len(block), 1)
    for line in block[0][1:]:
        if line == ".Op Ar signing options":
            rows += [row for it in section(page, "Ss", "Signing options") if it.startswith(".It ") for row in options_of_line(it)]
        elif line.startswith(".Ar "):
            operand = line[4:].replace(" ...", "...")
        else:
            rows += options_of_line(line)
    return operand, merged(rows)


def usage(command):
    """The same out of the help."""
    text = " ".join(aval("help", *command.split()).out.split("\n\n")[0].split())
    operand = re.match(rf"usage: aval {command} ?([^-\[ ]*)", text).group(1)
    found = re.findall(r"(\[?)--([a-z-]+)(?: ([^\[\]\s.]+))?\]?(\.\.\.)?", text)
    return operand, merged((name, value, bracket == "", dots != "") for bracket, name, value, dots in found)


@table([(command, command) for command in COMMANDS])
def the_synopsis_is_that_of_the_help(_folder, command):
    operand, options = synopsis(page_of(command), command)
    want_operand, want = usage(command)
    equal(operand, want_operand)
    equal(sorted(options.items()), sorted(want.items()))
    equal(sorted(want), sorted(options_of_help(command)))


@table([(f"{command}, {name}", command, words, code) for command in COMMANDS for name, words, code in [
    ("an unknown option", ["--nonsense"], USAGE), ("files that are not there", [], None)]])
def a_failure_is_one_object(folder, command, words, code):
    """Every option that must stand, and the operand, name what is not there."""
    operand, options = usage(command)
    there = [f"--{name}={os.path.join('nowhere', 'x')}" for name, (_, required, _) in options.items() if required]
    line = [*command.split(), *words, *there, *(["nowhere"] if operand else []), "--json"]
    done = subprocess.run([TOOL, *line], cwd=folder, capture_output=True, check=False, timeout=120)
    answer = json.loads(done.stdout)
    assert done.returncode in ([code] if code else [INVALID, USAGE, UNREADABLE, REFUSED, INCOMPLETE]), done
    if "error" in answer:
        equal(answer["error"]["exit"], done.returncode)
    else:
        equal((command, done.returncode), ("party check", INVALID))
    equal(os.listdir(folder), [])


@table([(group, group) for group in GROUPS])
def the_page_explains_the_options_of_its_commands_and_no_others(_folder, group):
    explained = {name for line in man("aval-" + group).splitlines() if line.startswith(".It ")
                 for name, *_ in options_of_line(line)}
    known = {name for command in COMMANDS if command.split()[0] == group for name in options_of_help(command)}
    equal(sorted(explained), sorted(known))


@case("the page of the tool names every group and its page")
def _(_folder):
    page = man("aval")
    listed = re.findall(r"^\.It Cm ([a-z]+)\n(?:[^.].*\n)+\.Xr aval-([a-z]+) 1 \.$", page, re.M)
    equal(sorted(listed), sorted((group, group) for group in GROUPS))
    equal(re.findall(r"\.Xr (\S+)", "\n".join(section(page, "Sh", "SEE ALSO"))), sorted("aval-" + group for group in GROUPS))


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
