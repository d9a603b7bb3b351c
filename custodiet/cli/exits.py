"""What an exit code says (DESIGN §8)."""

Exit = int

DONE: Exit = 0
NO: Exit = 1
"""The answer is no, there are problems, or rows were set aside."""
STOPPED: Exit = 1
"""The machine, or whoever sat before it, stopped the command; it can be run again."""
WRONG_CALL: Exit = 2
REFUSED: Exit = 3
