"""The forms in which results leave the program."""
