"""Who may see what: the three editions of what is published."""
