# SPDX-License-Identifier: Apache-2.0
"""Strict reader and writer of deterministic CBOR, written from docs/spec/encoding.md alone."""


class Refused(Exception):
    """A rule is broken: the status that the pages name for it, and where."""

    def __init__(self, status, reason="", offset=None):
        super().__init__(f"{status}: {reason}")
        self.status, self.reason, self.offset = status, reason, offset


class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


MAX_DEPTH = 16


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def head(self):
        if self.at >= len(self.data):
            raise Refused("AVAL_E_CBOR_TRUNCATED", "no item", self.at)
        start, first = self.at, self.data[self.at]
        major, info = first >> 5, first & 31
        self.at += 1
        if major == 7:
            return self.simple(info, start)
        if info < 24:
            return major, info, start
        if info == 31:
            raise Refused("AVAL_E_CBOR_INDEFINITE", "indefinite length", start)
        if info > 27:
            raise Refused("AVAL_E_CBOR_MALFORMED", "reserved head", start)
        width = 1 << (info - 24)
        raw = self.data[self.at:self.at + width]
        if len(raw) < width:
            raise Refused("AVAL_E_CBOR_TRUNCATED", "head cut off", start)
        value = int.from_bytes(raw, "big")
        if value < 24 or (width > 1 and value < 1 << (4 * width)):
            raise Refused("AVAL_E_CBOR_NOT_SHORTEST", "a longer head than needed", start)
        self.at += width
        return major, value, start

    def simple(self, info, start):
        if info in (20, 21, 22):
            return 7, info, start
        if info in (25, 26, 27):
            raise Refused("AVAL_E_CBOR_FLOAT", "a floating-point number", start)
        if info == 31:
            raise Refused("AVAL_E_CBOR_INDEFINITE", "a break", start)
        if info > 27:
            raise Refused("AVAL_E_CBOR_MALFORMED", "reserved head", start)
        raise Refused("AVAL_E_CBOR_SIMPLE", "another simple value", start)

    def item(self, depth=0):
        major, value, start = self.head()
        left = len(self.data) - self.at
        if major == 0:
            return value
        if major == 1:
            return -1 - value
        if major == 7:
            return {20: False, 21: True, 22: None}[value]
        if major in (2, 3):
            return self.string(major, value, left, start)
        if depth >= MAX_DEPTH:
            raise Refused("AVAL_E_CBOR_DEPTH", "nested too deep", start)
        if major == 6:
            return Tag(value, self.item(depth + 1))
        if value * (2 if major == 5 else 1) > left:
            raise Refused("AVAL_E_CBOR_COUNT", "more items than bytes", start)
        if major == 4:
            return [self.item(depth + 1) for _ in range(value)]
        return self.pairs(value, depth)

    def string(self, major, length, left, start):
        if length > left:
            raise Refused("AVAL_E_CBOR_COUNT", "longer than the input", start)
        raw = self.data[self.at:self.at + length]
        self.at += length
        if major == 2:
            return raw
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("AVAL_E_CBOR_UTF8", "not UTF-8", start) from error

    def pairs(self, count, depth):
        result, last = {}, None
        for _ in range(count):
            start = self.at
            key = self.item(depth + 1)
            if isinstance(key, bool) or not isinstance(key, (int, str)):
                raise Refused("AVAL_E_CBOR_TYPE", "a key is an integer or text", start)
            encoded = self.data[start:self.at]
            if last is not None and encoded <= last:
                raise Refused("AVAL_E_CBOR_KEY_DUPLICATE" if encoded == last else "AVAL_E_CBOR_KEY_ORDER", "", start)
            last = encoded
            result[key] = self.item(depth + 1)
        return result


def decode(data):
    reader = Reader(data)
    value = reader.item()
    if reader.at != len(data):
        raise Refused("AVAL_E_CBOR_TRAILING", "bytes follow the item", reader.at)
    return value


def _head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * width):
            return bytes([major << 5 | info]) + value.to_bytes(width, "big")
    raise ValueError("too large")


def encode(value):
    if value is None or isinstance(value, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, (bytes, bytearray)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(item)) for key, item in value.items())
        return _head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    return _head(6, value.number) + encode(value.value)


# Schemas: each function returns its argument, or refuses it.

def _refuse_type(what):
    raise Refused("AVAL_E_CBOR_TYPE", what)


def uint(value, low=0, high=(1 << 64) - 1):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        _refuse_type("an unsigned integer was expected")
    if not low <= value <= high:
        raise Refused("AVAL_E_CBOR_RANGE", "a number out of its range")
    return value


def text(value, low=0, high=None):
    if not isinstance(value, str):
        _refuse_type("text was expected")
    if len(value.encode()) < low or (high is not None and len(value.encode()) > high):
        raise Refused("AVAL_E_CBOR_RANGE", "a text out of its length")
    return value


def raw(value, length=None):
    if not isinstance(value, bytes):
        _refuse_type("a byte string was expected")
    if length is not None and len(value) != length:
        raise Refused("AVAL_E_CBOR_RANGE", "a byte string out of its length")
    return value


def boolean(value):
    if not isinstance(value, bool):
        _refuse_type("true or false was expected")
    return value


def array(value, count=None, least=0):
    if not isinstance(value, list):
        _refuse_type("an array was expected")
    if len(value) < least or (count is not None and len(value) != count):
        raise Refused("AVAL_E_CBOR_RANGE", "an array out of its length")
    return value


def mapping(value, required=(), optional=()):
    if not isinstance(value, dict):
        _refuse_type("a map was expected")
    for key in value:
        if key not in required and key not in optional:
            raise Refused("AVAL_E_CBOR_FIELD_UNKNOWN", f"key {key}")
    for key in required:
        if key not in value:
            raise Refused("AVAL_E_CBOR_FIELD_MISSING", f"key {key}")
    return value
