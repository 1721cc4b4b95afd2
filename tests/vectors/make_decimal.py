#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write decimal.json: exact decimals as Python's decimal module computes them.

    python3 tests/vectors/make_decimal.py > tests/vectors/decimal.json
"""
import decimal
import json
import random
import re
import sys
from decimal import Decimal

decimal.getcontext().prec = 400
decimal.getcontext().traps[decimal.Inexact] = False
MAX = 10**34 - 1
RNG = random.Random(20481)
SYNTAX, RANGE = "AVAL_E_DECIMAL_SYNTAX", "AVAL_E_DECIMAL_RANGE"
OVERFLOW, INEXACT = "AVAL_E_OVERFLOW", "AVAL_E_DECIMAL_INEXACT"
INVALID = "AVAL_E_INVALID_ARGUMENT"
cases = []


def case(op, expect, **given):
    cases.append({"id": f"{op}-{sum(c['input']['op'] == op for c in cases) + 1:04}",
                  "input": {"op": op, **given}, "expect": expect})


def fits(value):
    """Coefficient below 10^34 and at most 34 digits after the point, both without trailing zeros."""
    value = value.normalize()
    _, digits, exponent = value.as_tuple()
    scale = max(0, -exponent)
    return scale <= 34 and int(value.copy_abs().scaleb(scale)) <= MAX


def text(value):
    out = format(value.normalize(), "f")
    return "0" if out in ("-0", "0") else out


def result(value):
    return {"text": text(value)} if fits(value) else {"status": OVERFLOW}


def parsed(source):
    match = re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", source)
    if not match:
        longest = re.match(r"[+-]?(?:[0-9]*(?:\.[0-9]*)?)", source)
        return {"status": SYNTAX, "offset": longest.end()}
    value = Decimal(source)
    return {"text": text(value)} if fits(value) else {"status": RANGE}


def half(value, digits, mode):
    unit = Decimal(1).scaleb(-digits)
    if mode == "away":
        return (value / unit).quantize(Decimal(1), rounding=decimal.ROUND_HALF_UP) * unit
    floor = (value / unit + Decimal("0.5")).to_integral_value(rounding=decimal.ROUND_FLOOR)
    return floor * unit


def numbers(count):
    for _ in range(count):
        digits = RNG.choice([1, 2, 3, 5, 9, 10, 17, 18, 19, 20, 26, 27, 33, 34])
        coefficient = RNG.choice([RNG.randrange(10**digits), 10**digits - 1, 10**(digits - 1),
                                  2**RNG.randrange(1, 113)]) % (MAX + 1)
        scale = RNG.choice([0, 0, 1, 2, 2, 2, 3, 4, RNG.randrange(35), 34])
        yield Decimal(RNG.choice([1, 1, -1]) * coefficient).scaleb(-scale)


EDGES = [Decimal(t) for t in (
    "0", "1", "-1", "0.01", "-0.01", "0.5", "-0.5", "9.99", "10", "100", "99999999999999999999",
    "18446744073709551615", "18446744073709551616", "-18446744073709551616", "4294967295", "4294967296",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "9" * 34, "-" + "9" * 34, "1" + "0" * 33, "0." + "0" * 33 + "1", "-0." + "0" * 33 + "1", "0." + "9" * 34,
    "9" * 17 + "." + "9" * 17, "5" + "0" * 33, "-5" + "0" * 33)]


def parse_cases():
    nines, tail = "9" * 34, "0" * 33
    sources = [
        "0", "-0", "+0", "00", "0.0", "-0.00", "0.", ".0", "-.0", "1", "+1", "-1", "01", "-007.50", "1.", "+1.", ".5",
        "-.5", "+.5", "1.10", "1.0", "100", "1000000", "0.10", "12.3400", "-12.34", nines, "-" + nines, "+" + nines,
        "0" * 40 + nines, nines + "." + "0" * 40, "1" + nines, "1" + "0" * 34, "1" + "0" * 33, nines + "0",
        nines + ".1", "0." + nines, "0." + tail + "1", "0." + tail + "01", "0." + tail + "10", "0." + "0" * 100,
        "1." + "0" * 33 + "1", "1." + "0" * 32 + "1", "0.1" + tail, "0.1" + tail + "0", "0." + "0" * 34 + "1",
        "9" * 33 + ".9", "9" * 33 + ".99", "9" * 17 + "." + "9" * 17, "9" * 17 + "." + "9" * 18, "0" * 500 + "1",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "99999999999999999", "100000000000000000", "340282366920938463463374607431768211455",
        "", "+", "-", ".", "+.", "-.", "1e5", "1E5", "1e", "e1", ".e1", "1.5e3", "1,5", "1.000,00", "1'000", "1_0",
        "1.2.3", "1..2", "..1", "--1", "+-1", "-+1", "1-", "1+", " 1", "1 ", "1 0", "\t1", "1\n", "\n", " ", "0x10",
        "NaN", "nan", "INF", "inf", "-INF", "Infinity", "\u0661", "\u00bd", "\uff11", "1\u00a0000", "\u22121",
        "1\u0000", "\u0000", "$1", "1%", "(1)", "1/2", "١"]
    for source in sources:
        case("parse", parsed(source), a=source)
    for value in numbers(350):
        source = format(value, "f")
        if RNG.random() < 0.4:
            source = source.replace("-", "-000", 1) if source[0] == "-" else "+00" + source
        if RNG.random() < 0.4:
            source += "000" if "." in source else ".000"
        if RNG.random() < 0.25:
            at = RNG.randrange(len(source) + 1)
            source = source[:at] + RNG.choice("eE.,+- x") + source[at:]
        case("parse", parsed(source), a=source)


def arithmetic_cases():
    operations = {"add": Decimal.__add__, "sub": Decimal.__sub__, "mul": Decimal.__mul__}
    pairs = [(a, b) for a in EDGES for b in EDGES if RNG.random() < 0.35]
    pairs += list(zip(numbers(250), numbers(250)))
    for op, function in operations.items():
        for a, b in pairs:
            if fits(a) and fits(b):
                case(op, result(function(a, b)), a=text(a), b=text(b))
    for a, b in pairs:
        if fits(a) and fits(b):
            case("compare", {"number": str((a > b) - (a < b))}, a=text(a), b=text(b))


def near_halves(digits):
    """Numbers at, just below and just above a half of the last digit kept."""
    for whole in (0, 1, 2, 7, 99, 10**20):
        for offset in ("0.5", "0.4", "0.49999999", "0.50000001", "0.6", "0"):
            value = (Decimal(whole) + Decimal(offset)).scaleb(-digits)
            if fits(value):
                yield value
                yield -value


def rounding_cases():
    for mode in ("up", "away"):
        for digits in (0, 1, 2, 3, 33):
            for value in near_halves(digits):
                case("round", {"text": text(half(value, digits, mode))}, a=text(value), digits=str(digits), mode=mode)
        for value in list(numbers(120)) + EDGES:
            digits = RNG.choice([0, 1, 2, 2, 3, 4, 16, 33, 34])
            case("round", {"text": text(half(value, digits, mode))}, a=text(value), digits=str(digits), mode=mode)


def division_cases():
    pairs = [(Decimal(a), Decimal(b)) for a, b in (
        ("1", "3"), ("2", "3"), ("-1", "3"), ("-2", "3"), ("1", "8"), ("-1", "8"), ("0.125", "1"), ("10", "4"),
        ("0", "5"), ("0", "-5"), ("5", "0"), ("0", "0"), ("1", "0.01"), ("9" * 34, "0." + "0" * 33 + "1"),
        ("0." + "0" * 33 + "1", "9" * 34), ("9" * 34, "9" * 34), ("9" * 34, "7"), ("100.55", "20"), ("-100.55", "20"))]
    pairs += list(zip(numbers(220), numbers(220)))
    for a, b in pairs:
        digits, mode = RNG.choice([0, 1, 2, 2, 2, 4, 10, 34]), RNG.choice(["up", "away"])
        given = {"a": text(a), "b": text(b), "digits": str(digits), "mode": mode}
        case("div", {"status": INVALID} if b == 0 else result(half(a / b, digits, mode)), **given)


def minor_cases():
    exact = [Decimal(m).scaleb(-e) for e in (0, 2, 3, 4) for m in (
        0, 1, -1, 99, 100, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64, 10**18)]
    for value in exact + EDGES + list(numbers(100)):
        for exponent in (0, 2, 3, 4):
            minor = value.scaleb(exponent)
            given = {"a": text(value), "exponent": str(exponent)}
            if minor != minor.to_integral_value():
                case("to_minor", {"status": INEXACT}, **given)
            elif not -2**63 <= minor < 2**63:
                case("to_minor", {"status": OVERFLOW}, **given)
            else:
                case("to_minor", {"number": str(int(minor))}, **given)
    for minor in (0, 1, -1, 5, 10, 100, -100, 12345, 2**63 - 1, -2**63, 10**18, -(10**18), 4294967296):
        for exponent in (0, 1, 2, 3, 4, 19, 34):
            value = Decimal(minor).scaleb(-exponent)
            case("from_minor", {"text": text(value)}, minor=str(minor), exponent=str(exponent))


parse_cases()
arithmetic_cases()
rounding_cases()
division_cases()
minor_cases()
head = {"format": "aval-vectors-1", "source": "tests/vectors/make_decimal.py (Python's decimal module)", "count": len(cases)}
sys.stdout.write(json.dumps(head)[:-1] + ', "cases": [\n')
sys.stdout.write(",\n".join(json.dumps(c) for c in cases))
sys.stdout.write("\n]}\n")
