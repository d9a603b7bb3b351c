"""What everything else stands on: truth, money, dates and errors."""
