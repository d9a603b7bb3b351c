"""The text of a policy and its tree: reading one, writing it again, and setting it in its one form."""
