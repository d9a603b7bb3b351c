"""The policies of one jurisdiction in a folder, and two states of it side by side."""
