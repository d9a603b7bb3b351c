"""Text from outside: its standard form, what it must not contain, and how it is shown.

A text that looks the same is the same: Unicode normalization form C (Unicode Standard Annex 15). A text from a file
must not look like the program's own words: it is always printed `escaped` or `quoted`.
"""

import re
import unicodedata

LONGEST_SHOWN = 80
"""How many characters of a text from a file a message shows."""

_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
    "\xad\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Controls, breaks of lines, directions (Unicode Standard Annex 9, section 2), what is not a character at all, and what
has no width: a soft hyphen, a zero width space, a byte order mark inside a text, fillers and tags (Unicode Standard,
section 5.21). The two joiners, U+200C and U+200D, are not included: Persian, Hindi and others are spelt with them.

This is a list rather than a query of `unicodedata`, so that every version of Python and Unicode treats the same
characters alike.
"""
_JOINERS = re.compile("[\u200c\u200d]")
_LIKE_LATIN = str.maketrans("авекмнорстухіјѕһԁԛԝαβεζηικμνορτυχγ", "abekmhopctyxijshdqwabezhikmvoptuxy")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")
_BEGINS_FORMULA = frozenset("=+-@'\uff1d\uff0b\uff0d\uff20")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def one_form(text: str) -> str:
    r"""The text in Unicode normalization form C, so that one name written in two ways is one name.

    >>> one_form("e\u0301") == "\u00e9"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def unprintable(text: str) -> str:
    r"""The first invisible character of a text: a control, line break, direction mark or zero width; or empty.

    >>> unprintable("seat\x1b[2K"), unprintable("seat\u202e1"), unprintable("seat 1")
    ('\x1b', '\u202e', '')
    """
    found = _UNPRINTABLE.search(text)
    return found[0] if found else ""


def unprintable_in_id(text: str) -> str:
    r"""The same for an id, in which a joiner is invisible too.

    >>> unprintable_in_id("guest\u200d-1"), unprintable_in_id("guest-1")
    ('\u200d', '')
    """
    joined = _JOINERS.search(text)
    return unprintable(text) or (joined[0] if joined else "")


def written_out(text: str) -> str:
    r"""The text, all of it, with `unprintable` characters written out: `\x1b`, `\n`, `\u202e`.

    >>> print(written_out("seat-3\x1b[2K"))
    seat-3\x1b[2K
    """
    return _UNPRINTABLE.sub(_escape, text)


def on_one_line(text: str) -> str:
    r"""A text of several lines as one: line breaks and tabs become spaces, everything else is `written_out`.

    >>> print(on_one_line("left at nine,\r\nback at noon\x1b[2K"))
    left at nine, back at noon\x1b[2K
    """
    return written_out(_BREAKS.sub(" ", text))


def in_json(text: str) -> str:
    r"""The text of a JSON value with every unprintable character, except our line feeds, as a JSON escape.

    >>> print(in_json('["\x9b2K"]'))
    ["\u009b2K"]
    """
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] == "\n" else _in_json(found[0]), text)


def printable(text: str) -> str:
    r"""The program's own lines, with every unprintable character other than their line feeds written out.

    >>> print(printable("seat-3\x1b[2K\nseat-4"))
    seat-3\x1b[2K
    seat-4
    """
    return "\n".join(map(written_out, text.split("\n")))


def bounded(text: str, most: int = LONGEST_SHOWN) -> str:
    """The text, shortened to the room there is.

    >>> bounded("x" * 141_100, most=5)
    'xxxxx… (141,100 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def escaped(text: str, most: int = LONGEST_SHOWN) -> str:
    r"""The text on one line, with unprintable characters written out, shortened to the room there is.

    >>> print(escaped("seat-3\x1b[2K\rseat-9: nothing due"))
    seat-3\x1b[2K\rseat-9: nothing due
    >>> print(escaped("x" * 141_100, most=5))
    xxxxx… (141,100 characters)
    """
    shown = text[:most]
    if not shown.isprintable():
        shown = "".join(each if each.isprintable() else _written_out(each) for each in shown)
    return shown if len(text) <= most else f"{shown}… ({len(text):,} characters)"


def quoted(text: str, most: int = LONGEST_SHOWN) -> str:
    r"""The text as `escaped`, between quotation marks that show where it begins and ends.

    >>> print(quoted("it's\n"), quoted("x" * 141_100, most=5))
    "it's\n" 'xxxxx'… (141,100 characters)
    """
    shown = repr(text[:most])
    return shown if len(text) <= most else f"{shown}… ({len(text):,} characters)"


def lookalike(text: str) -> str:
    r"""What a reader sees of a text: texts with the same lookalike can be mistaken for one another.

    Case, the width of letters and spaces (NFKC), what has no width at all, and the letters of Greek and Cyrillic that
    look like Latin ones (a part of Unicode Technical Standard 39, section 4) make no difference.

    >>> lookalike("Seat\u00a01") == lookalike("\uff33eat\u200b 1") == lookalike("s\u0435at 1")
    True
    """
    if text.isascii():
        return " ".join(text.lower().split()) if " " in text else text.lower()
    seen = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return " ".join(seen.casefold().translate(_LIKE_LATIN).split())


def csv_cell(text: str) -> str:
    r"""The text as a cell of a CSV file that people open in a spreadsheet, which shows it and never runs it.

    A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula (OWASP, *CSV Injection*; some also
    take the full-width forms). Such a cell begins with an apostrophe, and so does one that began with an apostrophe
    already: removing one apostrophe from the front of a cell restores the text. A plain number stays one. A tab or a
    line break at the front, which OWASP names too, is `written_out` like every other unprintable character.

    >>> print(csv_cell("=1+1"), csv_cell("-2+3"), csv_cell("'t Hof"), csv_cell("-2.50"), csv_cell("seat-3"))
    '=1+1 '-2+3 ''t Hof -2.50 seat-3
    >>> print(csv_cell("\t=1+1"))
    \t=1+1
    """
    shown = written_out(text)
    return f"'{shown}" if shown[:1] in _BEGINS_FORMULA and not _PLAIN_NUMBER.fullmatch(shown) else shown


def _in_json(character: str) -> str:
    """A character as JSON escapes it, in units of UTF-16 (RFC 8259, section 7)."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def _escape(found: re.Match[str]) -> str:
    return _written_out(found[0])


def _written_out(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
