"""The command `custodiet`: its parser, and what becomes of an error."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence

from custodiet.cli import ask, audit, case, check, diff, explain, import_, init, prove, replay, report, verify
from custodiet.cli import format as format_
from custodiet.cli import test as test_
from custodiet.cli.exits import REFUSED, STOPPED, WRONG_CALL, Exit

COMMANDS = (init, import_, check, prove, test_, format_, ask, audit, explain, diff, replay, case, report, verify)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="custodiet",
        description="The record of a publicly paid protective detail, decided under written rules, to the cent. "
        "The program computes; people decide.",
        epilog="Exit code: 0 done; 1 the answer is no, there are problems, or rows were set aside; "
        "2 the call was wrong; 3 the input was refused. Begin with: custodiet init first-docket",
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the program's version and stop")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a call that argparse cannot read raises SystemExit(2)."""
    arguments, rest = parser().parse_known_args(argv)
    if rest:
        # The command's own usage, where argparse would print that of the whole program.
        arguments.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    from custodiet.base.errors import Refused, WrongCall

    try:
        code: Exit = arguments.run(arguments)
        sys.stdout.flush()
    except Refused as refused:
        message = str(refused)
        for problem in refused.problems:
            if problem.shown() not in message:
                print(problem.shown(), end="\n\n", file=sys.stderr)
        return _stopped(REFUSED, message)
    except WrongCall as wrong:
        return _stopped(WRONG_CALL, str(wrong))
    except BrokenPipeError:
        # Whoever read our output has read enough; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    except KeyboardInterrupt:
        return _stopped(STOPPED, "interrupted; nothing that was recorded is lost, and the command can be run again")
    except OSError as failed:
        return _stopped(STOPPED, _of_the_machine(failed))
    return code


def _stopped(code: Exit, message: str) -> Exit:
    print(f"custodiet: {message}", file=sys.stderr)
    return code


def _of_the_machine(failed: OSError) -> str:
    what = failed.strerror or str(failed)
    where = f"{failed.filename}: " if failed.filename else ""
    if failed.errno == errno.ENOSPC:
        what = "the disk is full; make room and run the command again, nothing that was recorded is lost"
    return f"{where}{what}"


class _Version(argparse.Action):
    """Look the version up only when it is asked for: that takes longer than all of `--help`."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from custodiet.audit.version import program_version

        print(program_version())
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
