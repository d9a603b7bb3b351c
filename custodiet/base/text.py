"""Text that came from outside: its one form, what may not be in it, and how it is shown.

A text that looks the same is the same: Unicode normalization form C (Unicode Standard Annex 15). A text from a file
never speaks in the program's voice: whoever prints one prints it `escaped` or `quoted`.
"""

import unicodedata

LONGEST_SHOWN = 80
"""How many characters of a text from a file a message shows."""


def one_form(text: str) -> str:
    r"""The text in Unicode normalization form C, so that one name written in two ways is one name.

    >>> one_form("e\u0301") == "\u00e9"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def unprintable(text: str) -> str:
    r"""The first character of a text that cannot be seen or that moves others: a control, a direction; or nothing.

    The space is the only blank that passes (`str.isprintable`): a tab, a line break, a no-break space and a joiner are
    not seen by whoever compares two names.

    >>> unprintable("seat\x1b[2K"), unprintable("seat 1")
    ('\x1b', '')
    """
    return "" if text.isprintable() else next(each for each in text if not each.isprintable())


def escaped(text: str, most: int = LONGEST_SHOWN) -> str:
    r"""The text on one line, with every unprintable character written out, and no longer than there is room for.

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
    r"""The text as `escaped`, between quotation marks: where it begins and ends is seen.

    >>> print(quoted("it's\n"), quoted("x" * 141_100, most=5))
    "it's\n" 'xxxxx'… (141,100 characters)
    """
    shown = repr(text[:most])
    return shown if len(text) <= most else f"{shown}… ({len(text):,} characters)"


def _written_out(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
