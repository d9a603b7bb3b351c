"""Canonical JSON (RFC 8785) for texts, whole numbers, lists and objects: all that an audit's files are written in."""

import json
from json.encoder import encode_basestring

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def canonical(value: object) -> bytes:
    """The one way to write a value down; ValueError for what the files of an audit never hold, such as 0.5.

    >>> canonical({"b": 1, "a": ["é", None, True]}).decode()
    '{"a":["é",null,true],"b":1}'
    """
    return _written(value).encode()


def read(text: bytes) -> Json:
    """The value that canonical JSON holds; ValueError for bytes that are not the one way to write it."""
    try:
        value: Json = json.loads(text)
        same = canonical(value) == text
    except (UnicodeError, RecursionError) as wrong:
        message = "text in UTF-8 was expected"
        raise ValueError(message) from wrong
    if not same:
        message = "JSON in its canonical form was expected"
        raise ValueError(message)
    return value


def _written(value: object) -> str:
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return encode_basestring(value)
        case int():
            return str(value)
        case list():
            return f"[{','.join(_written(each) for each in value)}]"
        case dict():
            # RFC 8785, section 3.2.3: names are sorted by their UTF-16 code units.
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return f"{{{','.join(f'{encode_basestring(name)}:{_written(value[name])}' for name in names)}}}"
        case _:
            message = f"a text, a whole number, a list or an object was expected, not {value!r}"
            raise ValueError(message)
