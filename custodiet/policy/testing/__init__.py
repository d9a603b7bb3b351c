"""Examples, and what they leave untested."""
