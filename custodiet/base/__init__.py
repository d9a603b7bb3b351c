"""The foundations: truth, money, dates, text, tables and errors."""
