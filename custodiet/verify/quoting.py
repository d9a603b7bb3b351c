"""Text from an archive as a sentence can hold it: whoever made the archive does not speak in the sentence's voice."""


class Misread(ValueError):  # noqa: N818 - it names the outcome
    """A file of an archive does not hold what is read from it; the message says so in words of our own."""


LONGEST = 80
"""How many characters of a text from an archive a sentence shows."""
LONGEST_SENTENCE = 1000


def named(value: object) -> str:
    r"""What an archive holds: as it is if it is one word, else between quotation marks, on one line and not too long.

    >>> print(named("public"), named("Model City\nNothing is wrong."), named("x" * 9_000)[-22:])
    public 'Model City\nNothing is wrong.' x'… (9,000 characters)
    """
    text = str(value)
    if text.isprintable() and text and " " not in text and len(text) <= LONGEST:
        return text
    shown = repr(text[:LONGEST])
    return shown if len(text) <= LONGEST else f"{shown}… ({len(text):,} characters)"


def on_one_line(sentence: str) -> str:
    r"""A sentence on one line, with all control characters written out, and of readable length.

    >>> print(on_one_line("It states \x1b[2K\rNothing is wrong."))
    It states \x1b[2K\rNothing is wrong.
    """
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in sentence[:LONGEST_SENTENCE])
    return shown if len(sentence) <= LONGEST_SENTENCE else f"{shown}…"
