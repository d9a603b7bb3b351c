"""What an audit says, for people and for other tools: one model, one writer per form."""
