# SPDX-License-Identifier: Apache-2.0
"""Installs into an empty folder and builds programs against what is there, as a user would.

Arguments: source folder, build folder, meson, C compiler, public headers, "tool" or "no-tool", sanitizers.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile
import traceback

SOURCE, BUILD, MESON, COMPILER, HEADERS, TOOL, SANITIZE = sys.argv[1:8]
PREFIX = "/usr/local"
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
if SANITIZE != "none":
    FLAGS.append("-fsanitize=" + SANITIZE)


def run(*words, **options):
    process = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    assert process.returncode == 0, f"{' '.join(words)}: exit {process.returncode}\n{process.stdout}{process.stderr}"
    return process.stdout


class Installed:
    """The folder that "meson install" filled."""

    def __init__(self, folder):
        run(MESON, "install", "-C", BUILD, "--no-rebuild", "--destdir", folder)
        self.prefix = folder + PREFIX

    def find(self, pattern):
        found = glob.glob(os.path.join(self.prefix, "**", pattern), recursive=True)
        assert found, f"{pattern} is not installed"
        return found[0]

    def flags(self, *words):
        """What pkg-config says, with the prefix moved to where the files are."""
        pc = os.path.dirname(self.find("libaval.pc"))
        path = ":".join([pc, os.environ.get("PKG_CONFIG_PATH", "")]).rstrip(":")
        return run("pkg-config", f"--define-variable=prefix={self.prefix}", "--cflags", "--libs", *words, "libaval",
                   env={**os.environ, "PKG_CONFIG_PATH": path}).split()

    def build(self, source, *words):
        program = os.path.join(self.prefix, os.path.basename(source) + ".out")
        run(COMPILER, *FLAGS, "-o", program, source, *self.flags(*words))
        return program

    def environment(self):
        """Libraries that are not the system's own stay where the environment says."""
        libraries = os.path.dirname(self.find("libaval.so"))
        path = ":".join([libraries, os.environ.get("LD_LIBRARY_PATH", "")]).rstrip(":")
        return {**os.environ, "LD_LIBRARY_PATH": path}

    def run(self, program, *words):
        return run(program, *words, env=self.environment())


PROGRAM = """\
#include <stdio.h>
#include <aval/aval.h>

int main(void)
{
	return puts(aval_status_name(AVAL_E_NO_MEMORY)) < 0;
}
"""


def headers(installed):
    folder = os.path.dirname(installed.find("aval.h"))
    got = sorted(name[:-2] for name in os.listdir(folder))
    assert got == sorted(HEADERS.split(",")), got


def shared(installed):
    source = os.path.join(installed.prefix, "shared.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(PROGRAM)
    program = installed.build(source)
    assert installed.run(program) == "AVAL_E_NO_MEMORY\n"
    assert "libaval.so.0" in run("readelf", "-d", program)


def static(installed):
    """With --static pkg-config names all that the archive needs."""
    source = os.path.join(installed.prefix, "static.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(PROGRAM)
    os.mkdir(os.path.join(installed.prefix, "only-static"))
    os.symlink(installed.find("libaval.a"), os.path.join(installed.prefix, "only-static", "libaval.a"))
    flags = [flag for flag in installed.flags("--static") if not flag.startswith("-L" + installed.prefix)]
    program = os.path.join(installed.prefix, "static.out")
    run(COMPILER, *FLAGS, "-o", program, source, f"-L{installed.prefix}/only-static", *flags)
    assert run(program) == "AVAL_E_NO_MEMORY\n"
    assert "libaval.so" not in run("readelf", "-d", program)


def tool(installed):
    files = glob.glob(os.path.join(installed.prefix, "bin", "aval"))
    assert bool(files) == (TOOL == "tool"), files
    for path in files:
        assert run(path, "--version").startswith("aval ")


def readme(installed):
    """The example of the README's first screen compiles, and finds no more than is there."""
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        code = re.search(r"```c\n(.*?)```", file.read(), re.S).group(1)
    source = os.path.join(installed.prefix, "readme.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(code)
    program = installed.build(source)
    process = subprocess.run([program, source], capture_output=True, text=True, check=False,
                             env=installed.environment())
    assert process.returncode == 1, process
    assert process.stdout.startswith("AVAL_E_VERIFY_INVALID: "), process.stdout


def examples(installed):
    """The story's programs, as their heads say to build them."""
    for name in ("supplier", "buyer", "factor"):
        installed.build(os.path.join(SOURCE, "examples", name + ".c"))


def main():
    cases = [headers, shared, static, tool, readme, examples]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="aval-install-") as folder:
        installed = Installed(folder)
        for number, case in enumerate(cases, 1):
            try:
                case(installed)
                print(f"ok {number} - {case.__name__}")
            except Exception:
                failed += 1
                print(f"not ok {number} - {case.__name__}")
                for line in traceback.format_exc().splitlines():
                    print("#", line)
    print(f"1..{len(cases)}")
    sys.exit(failed != 0)


main()
