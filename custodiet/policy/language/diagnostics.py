"""Everything that the reader of policy documents and rates can say.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.dates import MOST_DAYS, YEARS
from custodiet.base.diagnostic import Diagnostic, by_code

READING = by_code(
    Diagnostic("not_text", "syntax", "the file is not text in UTF-8", "save the file as UTF-8 text"),
    # The document
    Diagnostic("on_form", "syntax", "`on` does not name a date", "write the path to a date, such as `leg.departed_on`"),
    Diagnostic("gives_form", "syntax", "`gives` does not name a type and a field", "write both, such as `trip.character`"),
    Diagnostic("currency", "syntax", "unknown currency `{found}`", "write an ISO 4217 code, such as EUR"),
    Diagnostic("rounding", "syntax", "unknown rounding `{found}`", "write `cent` or `unit`, a comma, and half up, half even, half down, up or down, such as `cent, half up`"),
    Diagnostic("text_mode", "syntax", "`{found}` does not say how the text is quoted", "write `verbatim` or `restated`"),
    Diagnostic("money_unsaid", "syntax", "the policy says who owes, but its head has no `{key}`", "add lines such as `currency: EUR` and `rounding: cent, half up`"),
    Diagnostic("no_rules", "syntax", "the document has no rule", "add a heading such as `## Rule 1 — Who pays`, then a quotation and a `rule` box"),
    Diagnostic("rule_number", "syntax", "the heading of this rule has no number", "write a heading such as `## Rule 4.2 — Personal travel`"),
    Diagnostic("rule_twice", "name", "rule {rule} has two headings", "put all versions of the rule under one heading, or renumber one of the rules"),
    Diagnostic("rule_empty", "syntax", "rule {rule} has no `rule` box", "add a `rule` box with the reading of the rule under its heading"),
    Diagnostic("rule_unquoted", "syntax", "rule {rule} does not quote its text", "add the rule's own words as a quotation (`> …`) under its heading"),
    Diagnostic("box_unknown", "syntax", "unknown box `{box}`", note="the boxes are: {known}"),
    Diagnostic("box_unnamed", "syntax", "this box has no name", "write a name after the marks, such as ```rule; the names are: {known}"),
    Diagnostic("box_open", "syntax", "the `{box}` box is not closed", "add a line {fence} after its last line"),
    Diagnostic("box_inside", "syntax", "an indented or quoted `{box}` box would not be read", "start the box at the left margin, outside lists and quotations"),
    Diagnostic("box_homeless", "syntax", "a `rule` box is outside any rule", "add a heading such as `## Rule 4.2 — …` above it"),
    # The lines of a box
    Diagnostic("key_unknown", "syntax", "unknown key `{key}`", note="the keys of a {box} are: {known}"),
    Diagnostic("key_twice", "syntax", "`{key}` appears twice in one box", "delete one of the two lines; to continue a text, indent its next line"),
    Diagnostic("key_missing", "syntax", "the box has no `{key}`", "add a line such as `{example}`"),
    Diagnostic("key_empty", "syntax", "`{key}` has no value", "write a line such as `{example}`"),
    Diagnostic("key_lonely", "syntax", "`{key}` takes no value", "write `{key}` alone on its line"),
    Diagnostic("no_consequence", "syntax", "the rule has no consequence", "add a line `owes …`, `permits`, `forbids` or `is '…'`"),
    Diagnostic("both_permissions", "syntax", "the rule both permits and forbids", "delete one of the two lines"),
    Diagnostic("class_form", "syntax", "`is` does not name a class", "write the class in quotation marks, such as `is 'campaign'`"),
    Diagnostic("settles_form", "syntax", "`settles` does not name a fact", "write a type and a name, such as `settles trip.mainly_official`"),
    Diagnostic("claim_form", "syntax", "a claim has one line `never` or `always`; this one has neither or both", "write one of them, such as `never owes from 'city'`"),
    Diagnostic("definition_form", "syntax", "this is not a definition", "write a type, a point, a name and `=`, such as `trip.days = count(day)`"),
    Diagnostic("expression", "syntax", "unexpected `{found}`", "write {wanted} here"),
    Diagnostic("text_marked", "syntax", "a text cannot contain a quotation mark", "write an apostrophe as `’`"),
    Diagnostic("expression_deep", "syntax", "the expression is nested more than {most} deep", "name its parts in a `define` box"),
    Diagnostic("expression_long", "syntax", "the expression is longer than {most} characters", "name its parts in a `define` box"),
    Diagnostic("path_long", "syntax", "the path has more than {most} names", "take a shorter way to the fact"),
    Diagnostic("not_without_in", "syntax", "`not` after a field must be followed by `in`", "write `x not in ('a', 'b')`; for one value, `x != 'a'`; to require a value, `x is not none`"),
    Diagnostic("expression_end", "syntax", "the expression ends too early", "continue with {wanted}"),
    Diagnostic("date_invalid", "syntax", "`{found}` is not a valid date", "write a date of the calendar, such as 2024-02-29"),
    Diagnostic("date_beyond", "syntax", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}, and no record has such a date", "to ask whether something has no end, write `is none`"),
    Diagnostic("days_many", "syntax", "`{found}` is more than a hundred years", f"write at most {MOST_DAYS} days; a date is written as 2024-03-26"),
    Diagnostic("days_alone", "syntax", "`{found}` cannot be used: dates are computed in days only", "write a number of days, such as `30 days`; where the law counts by the calendar, compare with a date that a record holds, or ask a `judgment` whether it was in time"),
    Diagnostic("tests_unknown", "syntax", "a rule may not ask whether something is unknown: every result already reports what is unknown", "to ask for what is known to be absent, write `is none`"),
    Diagnostic("payer_missing", "syntax", "the rule states an amount but not who owes it", "add `from …`, or write `owes 0`"),
    Diagnostic("rest_place", "syntax", "`rest of` must be the last of several shares", "write `X from A, rest of Y from B`"),
    Diagnostic("period_form", "period", "this is not a period", "write `2020-01-01 .. 2022-06-30`; either side may be blank"),
    Diagnostic("period_day", "period", "`{found}` is not a valid date", "write a date of the calendar, such as 2024-02-29"),
    Diagnostic("period_beyond", "period", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}", "for a period without a beginning or an end, leave that side blank: `2020-01-01 ..`"),
    Diagnostic("period_backwards", "period", "the period ends before it begins", "write the earlier date first"),
    Diagnostic("currency_over", "period", "{what} is in force after {last}, the last day of {currency}", "end the period on that day at the latest, and state later amounts in the currency that followed"),
    # Tables of rates
    Diagnostic("rates_unreadable", "syntax", "the row cannot be read", note="{why}"),
    Diagnostic("rates_columns", "syntax", "the first line does not name the columns of a table of rates", "name each column once, in this order: the columns by which a row is looked up, `in force`, the columns of rates, `cite`"),
    Diagnostic("rates_name", "syntax", "`{found}` cannot be used as a name in an expression", "write small letters, digits and `_`, beginning with a letter, such as per_diem"),
    Diagnostic("rates_empty", "syntax", "the table has no rows", "add a row for each rate, with its period and its citation"),
    Diagnostic("rates_ragged", "syntax", "the row does not have one cell for each column", "{why}"),
    Diagnostic("rates_blank", "syntax", "the cell of `{name}` is blank", "fill it in: every row needs its keys, a period such as `2023-10-01 ..`, its rates and a citation"),
    Diagnostic("rates_absent", "syntax", "`{found}` cannot be a key: no rate is looked up for what is none or unknown", "write a text that a record can hold, or delete the row"),
    Diagnostic("rates_band", "syntax", "`{found}` is not a band of numbers", "write two numbers, the smaller first, such as `0 .. 499.99`; either side may be blank"),
    Diagnostic("rates_value", "syntax", "`{found}` is not a rate", "write an amount with its currency, such as `64.00 USD`, or a number such as `0.75`; a rate cannot be negative"),
    Diagnostic("rates_mixed", "type", "the column `{name}` mixes {one} and {other}", "use one currency, or plain numbers, in the whole column"),
    Diagnostic("rates_overlap", "period", "this row and the row of line {line} both apply to the same key in `{days}`", "leave one row of {table} for each key and day"),
    # Cycles and periods
    Diagnostic("rule_named_twice", "syntax", "`{key}` names rule {rule} more than once", "name each rule once; if another rule was meant, write its number"),
    # Examples
    Diagnostic("table_ragged", "example", "the row has {found} cells, and the table has {wanted} columns", "write one cell for each column"),
    Diagnostic("table_elsewhere", "example", "an example table outside the examples would not be run", "add a heading `## Examples` above it"),
    Diagnostic("table_inside", "example", "an indented or quoted table would not be run", "start the table at the left margin, outside lists and quotations"),
    Diagnostic("column_twice", "example", "the column `{name}` appears twice", "delete or rename one of the two columns"),
    Diagnostic("table_untitled", "example", "the first column is `{found}`, not `example`", "begin the table with a column `example`, which gives each row a title"),
    # Gaps that are intended, and doubts
    Diagnostic("doubt_rule", "name", "the doubt names rule {rule}, which {policy} does not have", note="the rules of that policy are: {known}"),
)  # fmt: skip
