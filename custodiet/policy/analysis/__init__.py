"""What a tree means before there is any record: names, types, precedence, and what is wrong."""
