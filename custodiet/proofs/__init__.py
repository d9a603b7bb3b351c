"""What holds for every record: the same meaning as formulas, and questions about them."""
