#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The kernels on processors that are not at hand, under qemu-user: Armv8, a big-endian machine, and x86-64 without the
newer instructions.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT, TEST_KERNELS, VECTORS_HEADER, NATIVE_CPU = sys.argv[1:5]
HERE = os.path.join(ROOT, "tests", "kernels")
count = failed = 0


def report(good, name, lines=(), skip=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}{' # SKIP ' + skip if skip else ''}")
    for line in lines if not good else ():
        print("#", line)


def missing(*programs):
    absent = [program for program in programs if shutil.which(program) is None]
    return f"{' and '.join(absent)} not installed" if absent else ""


def run_program(name, command, in_use):
    """Every case that the processor can run, and which kernel the program says is in use."""
    result = subprocess.run(command, capture_output=True, text=True)
    lines = result.stdout.splitlines() + result.stderr.splitlines()
    for line in lines:
        case = re.match(r"(not )?ok \d+ - ([^#]*)$", line)
        if case:
            report(not case[1], f"{name}: {case[2]}", lines)
    report(result.returncode == 0 and f"# in use: {in_use}" in lines, f"{name} uses {in_use}", lines)


def test_other_machine(name, triple, emulator, flags, files, in_use):
    """All of lib/hash but mbedTLS's kernel, built for the machine."""
    compiler = triple + "-gcc"
    reason = missing(compiler, emulator[0])
    if reason:
        report(True, name, skip=reason)
        return
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "test_kernels")
        lib = os.path.join(ROOT, "lib")
        files = ["base/alloc.c", "hash/blocks.c", "hash/hmac.c", "hash/kernel.c", "hash/sha256.c", "hash/tagged.c", "hash/tree.c", *files]
        sources = [os.path.join(lib, file) for file in files]
        sources += [os.path.join(HERE, file) for file in ("cross_kernels.c", "oracle.c", "test_kernels.c")]
        built = subprocess.run(
            [compiler, "-std=c11", "-D_DEFAULT_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", *flags, "-static",
             "-I" + os.path.join(ROOT, "include"), "-I" + lib, "-I" + HERE, "-I" + os.path.dirname(VECTORS_HEADER),
             "-o", program, *sources], capture_output=True, text=True)
        report(built.returncode == 0, f"{name}: builds", built.stderr.splitlines())
        if built.returncode == 0:
            run_program(name, [*emulator, program], in_use)


def test_old_x86_64():
    """No instruction is executed that the processor has not got."""
    reason = missing("qemu-x86_64") if NATIVE_CPU == "x86_64" else f"this build is for {NATIVE_CPU}"
    for cpu in ("Nehalem", "Haswell"):
        if reason:
            report(True, f"x86-64 {cpu}", skip=reason)
        else:
            run_program(f"x86-64 {cpu}", ["qemu-x86_64", "-cpu", cpu, TEST_KERNELS], "mbedtls")


test_other_machine("Armv8", "aarch64-linux-gnu", ["qemu-aarch64", "-cpu", "cortex-a57"],
                   ["-march=armv8-a+crypto", "-DCROSS_KERNELS=&aval_sha256_kernel_armv8,"],
                   ["hash/cpu_aarch64.c", "hash/kernel_armv8.c"], "armv8")
test_other_machine("big-endian s390x", "s390x-linux-gnu", ["qemu-s390x"], ["-DCROSS_KERNELS="], [], "definition")
test_old_x86_64()
print(f"1..{count}")
sys.exit(failed != 0)
