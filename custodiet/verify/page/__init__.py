"""How a reader checks a page of figures against the rows beside it."""
