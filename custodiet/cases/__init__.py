"""What people make of results: the steps of a case, who may take them and when, and the money that follows."""
