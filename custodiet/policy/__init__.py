"""The law: policy documents read, checked, evaluated and tested; each room imports only those before it."""
