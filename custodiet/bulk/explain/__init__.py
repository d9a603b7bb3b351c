"""What was decided of one record, told of every other that is decided alike."""
