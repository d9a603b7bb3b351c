"""The meaning of a policy for one record."""
