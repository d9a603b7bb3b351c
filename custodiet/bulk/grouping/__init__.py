"""Records that are decided alike, found by query."""
