"""Canonical JSON (RFC 8785) for texts, whole numbers, lists and objects: all that an audit's files are written in."""

import json
from json.encoder import encode_basestring

from custodiet.verify.quoting import Misread

BYTES_MAX = 1 << 26
VALUES_MAX = 1 << 22
DEEPEST = 64
DIGITS_MAX = 20
"""What one text of JSON has at most: bytes, values, lists and objects inside each other, digits of a whole number.

An audit stays far below each; a text that is longer would take memory or time without bound to read.
"""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def canonical(value: object) -> bytes:
    """The one way to write a value down; Misread for what the files of an audit never hold, such as 0.5.

    >>> canonical({"b": 1, "a": ["é", None, True]}).decode()
    '{"a":["é",null,true],"b":1}'
    """
    return _written(value).encode()


def read(text: bytes) -> Json:
    """The value that canonical JSON holds; Misread for bytes that are not the one way to write it, or too many."""
    value = parse(text)
    try:
        same = canonical(value) == text
    except UnicodeError as wrong:
        raise Misread(_NOT_UTF8) from wrong
    if not same:
        message = "it is not JSON in canonical form"
        raise Misread(message)
    return value


def parse(text: bytes) -> Json:
    """The value of any JSON within bounds; ValueError, in words of our own, for what is not JSON, or beyond them."""
    if len(text) > BYTES_MAX or text.count(b",") + text.count(b"[") + text.count(b"{") > VALUES_MAX:
        message = f"it is JSON of more than {BYTES_MAX:,} bytes or {VALUES_MAX:,} values"
        raise Misread(message)
    try:
        value: Json = json.loads(text.decode(), parse_int=_whole)
    except UnicodeError as wrong:
        raise Misread(_NOT_UTF8) from wrong
    except json.JSONDecodeError as wrong:
        message = f"it is not JSON at character {wrong.pos:,}"
        raise Misread(message) from wrong
    except RecursionError as wrong:
        raise Misread(_TOO_DEEP) from wrong
    return value


_NOT_UTF8 = "it is not text in UTF-8"
_TOO_DEEP = f"it is JSON with more than {DEEPEST} lists and objects inside each other"


def _whole(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        message = f"it holds a whole number of {len(digits):,} characters; the longest allowed has {DIGITS_MAX}"
        raise Misread(message)
    return int(digits)


def _written(value: object, depth: int = 0) -> str:
    if depth > DEEPEST:
        raise Misread(_TOO_DEEP)
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return encode_basestring(value)
        case int():
            return str(value)
        case list():
            return f"[{','.join(_written(each, depth + 1) for each in value)}]"
        case dict():
            # RFC 8785, section 3.2.3: names are sorted by their UTF-16 code units.
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return f"{{{','.join(f'{encode_basestring(name)}:{_written(value[name], depth + 1)}' for name in names)}}}"
        case _:
            message = f"it holds {value!r}, which is not a text, a whole number, a list or an object"
            raise Misread(message)
