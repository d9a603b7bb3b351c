"""What an exit code says (DESIGN §8; from 70 on as BSD's sysexits.h and POSIX shells have it)."""

Exit = int

DONE: Exit = 0
NO: Exit = 1
"""The answer is no, there are problems, or rows were set aside."""
WRONG_CALL: Exit = 2
REFUSED: Exit = 3
"""The input was refused."""
FAULT: Exit = 70
"""A fault of the program itself (EX_SOFTWARE); its trace is in a file that is named."""
STOPPED: Exit = 74
"""The machine stopped the command, as by a full disk (EX_IOERR); it can be run again."""
INTERRUPTED: Exit = 130
"""Whoever sat before it interrupted the command (128 + SIGINT); it can be run again."""
NO_READER: Exit = 141
"""Whoever read the output wanted no more of it (128 + SIGPIPE)."""

MEANINGS = (
    f"Exit code: {DONE} done; {NO} the answer is no, there are problems, or rows were set aside; "
    f"{WRONG_CALL} the call was wrong; {REFUSED} the input was refused; {STOPPED} the machine stopped it, as a full "
    f"disk does; {INTERRUPTED} it was interrupted; {NO_READER} whoever read the output wanted no more; {FAULT} a fault "
    "of the program, whose trace is in the file named."
)
