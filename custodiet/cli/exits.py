"""What each exit code means (DESIGN §8; from 70 on, as in BSD's sysexits.h and POSIX shells)."""

Exit = int

DONE: Exit = 0
NO: Exit = 1
"""The answer is no, there are problems, or rows were set aside."""
WRONG_CALL: Exit = 2
REFUSED: Exit = 3
"""The input was refused."""
FAULT: Exit = 70
"""A fault in the program itself (EX_SOFTWARE); the message names the file that holds its trace."""
STOPPED: Exit = 74
"""The machine stopped the command, for example with a full disk (EX_IOERR); it can be run again."""
INTERRUPTED: Exit = 130
"""The user interrupted the command (128 + SIGINT); it can be run again."""
NO_READER: Exit = 141
"""The reader of the output stopped reading (128 + SIGPIPE)."""

MEANINGS = (
    f"Exit code: {DONE} done; {NO} the answer is no, there are problems, or rows were set aside; "
    f"{WRONG_CALL} the command line was wrong; {REFUSED} the input was refused; {STOPPED} the machine stopped the "
    f"command, for example with a full disk; {INTERRUPTED} interrupted; {NO_READER} the reader of the output stopped "
    f"reading; {FAULT} a fault in the program, whose trace is in the file named."
)
