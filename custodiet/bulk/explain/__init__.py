"""Explains the decision on one record for every other record decided alike."""
