"""The text of a policy and its tree: reading, printing and formatting it."""
