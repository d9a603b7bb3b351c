"""Everything that can be said of a record document, and of two definitions of one field.

Each has a document under `tests/records/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

DEFINING = by_code(
    # The record
    Diagnostic("record_not_text", "syntax", "the document is not text in UTF-8", "save it as UTF-8"),
    Diagnostic("record_name", "name", "`{found}` cannot be the name of a record type", "{wanted}"),
    Diagnostic("record_file", "name", "the record is called `{found}` and its file {file}", "name the file `{found}.md`"),
    Diagnostic("record_shadows", "name", "`{found}` is a record type of the program", "choose another name; to add fields to it, write a heading `## Added to {found}`"),
    Diagnostic("record_without_fields", "syntax", "the document defines no field", "write a table with the columns {known}"),
    Diagnostic("called", "syntax", "`called` does not give the singular and the plural", "write both, such as `stay abroad, stays abroad`"),
    Diagnostic("public", "syntax", "`public` is neither `each record` nor `totals only`", "write `totals only`, with the reason after a semicolon, or `each record`"),
    Diagnostic("basis", "syntax", "`basis` says something else than `not kept`", "leave the line out; every record then has the fields `basis` and `recorded_on`"),
    Diagnostic("dated_by", "name", "`{found}` is not a date of this record", "write one date, such as `departed_on`, the first and the last, such as `from_on .. until_on`, or `that of leg`"),
    Diagnostic("longest", "syntax", "`longest` is not a number of days", "write a whole number, such as `3660 days`, for a record with a first and a last day"),
    Diagnostic("made", "syntax", "`made` does not say from what", "write `one for each day of trip, on date, with event`: a reference, a date and the sets that touch the day"),
    # Fields
    Diagnostic("column", "name", "unknown column `{found}`", note="the columns of a table of fields are: {known}"),
    Diagnostic("column_missing", "syntax", "the table has no column {found}", "write a table with the columns `field`, `kind` and `says`; `held by` and `who may read` may be left out"),
    Diagnostic("row_width", "syntax", "a row has {found} cells", "write one cell under each of {known}"),
    Diagnostic("field_name", "name", "`{found}` cannot be the name of a field", "{wanted}"),
    Diagnostic("field_twice", "name", "`{found}` is defined twice", "leave one of the two rows out"),
    Diagnostic("field_taken", "name", "{record} has a field `{found}` already, {kind}, for {readers} readers", "choose another name; a document adds fields and never redefines one"),
    Diagnostic("says_nothing", "syntax", "nothing says what `{found}` means", "write a sentence under `says`, such as `Who was driven.`"),
    Diagnostic("who_may_read", "syntax", "`{found}` is not a class of readers", "{wanted}"),
    Diagnostic("class_widens", "type", "`{found}` would be open to {readers} readers in a record that is sealed", "write `sealed`: a field of another class would open the whole record"),
    Diagnostic("added_to", "name", "there is no record type `{found}` to add fields to", "{wanted}"),
    Diagnostic("added_to_made", "type", "`{found}` is made from other records, never entered", "add the field to a type that is entered"),
    # Kinds
    Diagnostic("kind_empty", "syntax", "the kind of `{field}` is blank", "write `yes or no`, `text`, `prose`, `money`, `date`, a unit with `whole` or `at least 0`, a record type, or the values of a list"),
    Diagnostic("kind_order", "syntax", "`{part}` follows what belongs at the end of the kind", "write the values first, then `or none` and the like"),
    Diagnostic("kind_twice", "syntax", "`{part}` is written twice in the kind of `{field}`", "leave one out"),
    Diagnostic("kind_mark", "type", "`{part}` cannot be a value of a list", "every field can be unknown; write `or none` at the end where it can be known to be absent"),
    Diagnostic("kind_value", "type", "`{part}` cannot be a value of a list", "write values without a quotation mark that are not kinds themselves"),
    Diagnostic("kind_modifier", "type", "`{part}` does not belong to the kind of `{field}`", "`whole`, `at least` and `at most` go with a number; `back as` and `outside its dates` with a record type; `credit in` with money"),
    Diagnostic("kind_unknown", "name", "`{part}` is neither a kind nor a record type", "for a list write at least two values; for a number add `whole` or `at least 0`"),
    Diagnostic("kind_credit", "name", "`{part}` is not a money field of this record", "name the field that takes what came back"),
    Diagnostic("back_taken", "name", "from {record}, `{found}` would have two meanings", "name the way back, such as `back as {wanted}`"),
)  # fmt: skip
