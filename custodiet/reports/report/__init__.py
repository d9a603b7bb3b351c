"""The model of the report: what each section says, for one edition, before any form is given to it."""
