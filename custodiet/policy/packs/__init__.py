"""The policies of one jurisdiction in a folder, and the comparison of two states of it."""
