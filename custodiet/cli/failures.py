"""How a command that cannot go on ends: its message on stderr and its exit code."""

import errno
import sys
import tempfile
import traceback

from custodiet.base.errors import Refused, Stopped, WrongCall
from custodiet.base.text import escaped, quoted
from custodiet.cli.exits import FAULT, INTERRUPTED, NO_READER, REFUSED, STOPPED, WRONG_CALL, Exit
from custodiet.cli.printing import say
from custodiet.cli.streams import drop_output


def ending(raised: BaseException) -> Exit:
    """Say what ended the command, and return its exit code; a trace goes to a file, never to the screen."""
    match raised:
        case Stopped():
            return _ended(STOPPED, str(raised))
        case Refused():
            return _refused(raised)
        case WrongCall():
            return _ended(WRONG_CALL, str(raised))
        case KeyboardInterrupt():
            return _ended(INTERRUPTED, "interrupted; nothing that was recorded is lost; run it again")
        case BrokenPipeError():
            drop_output(sys.stdout)
            return NO_READER
        case OSError():
            drop_output(sys.stdout)
            return _ended(STOPPED, _of_the_machine(raised))
        case ImportError():
            return _ended(STOPPED, _not_loaded(raised))
        case _ if _lacks_memory(raised):
            return _ended(STOPPED, "the machine has no memory left for this; nothing that was recorded is lost")
        case _:
            return _ended(FAULT, _of_the_program(raised))


def _ended(code: Exit, message: str) -> Exit:
    try:
        say(f"custodiet: {message}", file=sys.stderr)
    except OSError:
        drop_output(sys.stderr)  # The code still says it.
    return code


def _refused(refused: Refused) -> Exit:
    message = str(refused)
    for problem in refused.problems:
        if problem.shown() not in message:
            say(problem.shown(), end="\n\n", file=sys.stderr)
    return _ended(REFUSED, message)


def _lacks_memory(raised: BaseException) -> bool:
    """Whether Python, or the database that decides in bulk, ran out of memory."""
    database = sys.modules.get("duckdb")
    return isinstance(raised, MemoryError if database is None else (MemoryError, database.OutOfMemoryException))


def _not_loaded(raised: ImportError) -> str:
    return (
        f"a part of the program cannot be loaded ({quoted(str(raised))}): either the machine has too little memory for "
        "it, or the program is not completely installed"
    )


def _of_the_machine(failed: OSError) -> str:
    what = failed.strerror or str(failed)
    where = f"{escaped(str(failed.filename))}: " if failed.filename else ""
    if failed.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what = "the disk is full, or your share of it; nothing that was recorded is lost; make room and run it again"
    return f"{where}{what}"


def _of_the_program(fault: BaseException) -> str:
    """Write the trace to a new file that only its owner may read, and say where it is and what to do with it."""
    what = f"the program is at fault ({type(fault).__name__}: {quoted(str(fault))})"
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="custodiet-fault-", suffix=".txt", delete=False
        ) as file:
            file.write("".join(traceback.format_exception(fault)))
    except OSError as wrong:
        return f"{what}, and its trace could not be saved ({wrong.strerror}). Nothing that was recorded is lost"
    return (
        f"{what}; nothing that was recorded is lost. Its trace is in {file.name}. It may contain data from your files: "
        "read it before you send it to the maintainers"
    )
