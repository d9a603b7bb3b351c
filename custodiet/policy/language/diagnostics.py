"""Everything that the reader of policy documents and rates can say.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.dates import MOST_DAYS, YEARS
from custodiet.base.diagnostic import Diagnostic, by_code

READING = by_code(
    Diagnostic("not_text", "syntax", "the file is no text in UTF-8", "a policy document or a table was expected"),
    # The document
    Diagnostic("on_form", "syntax", "`on` is no path to a date", "a path such as `leg.departed_on` was expected"),
    Diagnostic("gives_form", "syntax", "`gives` is no type and field", "a name such as `trip.character` was expected"),
    Diagnostic("currency", "syntax", "unknown currency `{found}`", "a code of ISO 4217 such as EUR was expected"),
    Diagnostic("rounding", "syntax", "unknown rounding `{found}`", "`cent` or `unit`, a comma, and one of half up, half even, half down, up, down were expected"),
    Diagnostic("text_mode", "syntax", "unknown sort of text `{found}`", "`verbatim` or `restated` was expected"),
    Diagnostic("money_unsaid", "syntax", "the policy says who owes, and its head has no `{key}`", "a line such as `currency: EUR` and one such as `rounding: cent, half up` were expected"),
    Diagnostic("no_rules", "syntax", "the document has no rule", "a heading such as `## Rule 1 — Who pays`, a quotation and a `rule` box were expected"),
    Diagnostic("rule_number", "syntax", "the heading of a rule has no number", "a heading such as `## Rule 4.2 — Personal travel` was expected"),
    Diagnostic("rule_twice", "name", "rule {rule} stands twice", "one heading for each number was expected; versions of a rule stand under one heading"),
    Diagnostic("rule_empty", "syntax", "rule {rule} has no `rule` box", "the reading of the rule in a box was expected under its heading"),
    Diagnostic("rule_unquoted", "syntax", "rule {rule} has no text", "the rule's own words as a quotation (`> …`) were expected under its heading"),
    Diagnostic("box_unknown", "syntax", "unknown box `{box}`", "a box is one of: {known}"),
    Diagnostic("box_unnamed", "syntax", "a box without a name", "a name after the marks was expected, such as ```rule; a box is one of: {known}"),
    Diagnostic("box_open", "syntax", "the `{box}` box has no end", "a line {fence} after its last line was expected"),
    Diagnostic("box_inside", "syntax", "a `{box}` box away from the left margin would not be read", "boxes at the margin, outside lists and quotations, were expected"),
    Diagnostic("box_homeless", "syntax", "a `rule` box outside a rule", "a heading such as `## Rule 4.2 — …` above it was expected"),
    # The lines of a box
    Diagnostic("key_unknown", "syntax", "unknown key `{key}`", "a {box} has: {known}"),
    Diagnostic("key_twice", "syntax", "`{key}` stands twice in one box", "one line for each key was expected; text goes on in indented lines"),
    Diagnostic("key_missing", "syntax", "the box has no `{key}`", "{example}"),
    Diagnostic("key_empty", "syntax", "`{key}` says nothing", "{example}"),
    Diagnostic("key_lonely", "syntax", "`{key}` stands alone", "nothing was expected after `{key}`"),
    Diagnostic("no_consequence", "syntax", "the rule says nothing", "one of owes, permits, forbids, is was expected"),
    Diagnostic("both_permissions", "syntax", "the rule permits and forbids", "one of the two was expected"),
    Diagnostic("class_form", "syntax", "`is` names no class", "a quoted text such as `is 'campaign'` was expected"),
    Diagnostic("settles_form", "syntax", "`settles` names no fact", "a type and a name such as `trip.mainly_official` were expected"),
    Diagnostic("claim_form", "syntax", "the claim says neither or both of never and always", "one of `never` and `always` was expected, such as `never owes from 'city'`"),
    Diagnostic("definition_form", "syntax", "not a definition", "a line such as `trip.days = count(day)` was expected"),
    Diagnostic("expression", "syntax", "unexpected `{found}`", "{wanted}"),
    Diagnostic("text_marked", "syntax", "a quotation mark inside a text", "a text without one was expected, for none can stand in it; an apostrophe is written `’`"),
    Diagnostic("expression_deep", "syntax", "the expression is nested more than {most} deep", "named facts in a `define` box were expected for its parts"),
    Diagnostic("expression_long", "syntax", "the expression is longer than {most} characters", "named facts in a `define` box are needed for its parts"),
    Diagnostic("path_long", "syntax", "the path has more than {most} names", "a shorter way to the fact is needed"),
    Diagnostic("not_without_in", "syntax", "after a field, `not` is followed by `in`", "write `x not in ('a', 'b')`; for one value, `x != 'a'`; to require a value, `x is not none`"),
    Diagnostic("expression_end", "syntax", "the expression ends too early", "{wanted}"),
    Diagnostic("date_invalid", "syntax", "`{found}` is not a valid date", "a day that the calendar has was expected"),
    Diagnostic("date_beyond", "syntax", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}", "no record has such a date; what has no end is asked for with `is none`"),
    Diagnostic("days_many", "syntax", "`{found}` is more than a hundred years", f"a number of days up to {MOST_DAYS} was expected; a date is written as 2024-03-26"),
    Diagnostic("days_alone", "syntax", "`{found}` cannot be written: dates are computed in days only", "a number of days such as `30 days` was expected; where the law counts by the calendar, compare with a date that a record holds, or ask a `judgment` whether it was in time"),
    Diagnostic("tests_unknown", "syntax", "a rule may not ask whether something is unknown", "what is unknown is reported with every result; ask `is none` for what is known to be absent"),
    Diagnostic("payer_missing", "syntax", "an amount that nobody owes", "`from` and who owes it was expected; where nothing is due, `owes 0`"),
    Diagnostic("rest_place", "syntax", "`rest of` shares nothing", "`X from A, rest of Y from B` was expected, the rest last"),
    Diagnostic("period_form", "period", "not a period", "`2020-01-01 .. 2022-06-30` was expected; either side may be blank"),
    Diagnostic("period_day", "period", "`{found}` is not a valid date", "a day that the calendar has was expected"),
    Diagnostic("period_beyond", "period", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}", "a period without a beginning or an end is left blank on that side, such as `2020-01-01 ..`"),
    Diagnostic("period_backwards", "period", "the period ends before it begins", "the earlier date first was expected"),
    Diagnostic("currency_over", "period", "{what} is in force after {last}, the last day of {currency}", "a period that ends by that day was expected; what is due later is stated in the currency that came after it"),
    # Tables of rates
    Diagnostic("rates_unreadable", "syntax", "the row cannot be read", "{why}"),
    Diagnostic("rates_columns", "syntax", "the first line does not name the columns of a table of rates", "the columns by which a row is looked up, `in force`, columns of rates and `cite` were expected in this order, each once"),
    Diagnostic("rates_name", "syntax", "`{found}` is no name that an expression can use", "small letters, digits and `_`, beginning with a letter, were expected, as in per_diem"),
    Diagnostic("rates_empty", "syntax", "the table has no rows", "a row for each rate was expected, with its period and its citation"),
    Diagnostic("rates_ragged", "syntax", "the row does not have a cell for each column", "{why}"),
    Diagnostic("rates_blank", "syntax", "the cell of `{name}` is blank", "a key, a period such as `2023-10-01 ..`, a rate or a citation was expected in every cell"),
    Diagnostic("rates_absent", "syntax", "`{found}` is no key", "a text that a record can hold was expected: no rate is looked up for what is none or unknown"),
    Diagnostic("rates_band", "syntax", "`{found}` is no band of numbers", "two numbers such as `0 .. 499.99`, the smaller first, were expected; either side may be blank"),
    Diagnostic("rates_value", "syntax", "`{found}` is no rate", "an amount with its currency such as `64.00 USD`, or a number such as `0.75`, was expected; none is below zero"),
    Diagnostic("rates_mixed", "type", "the column `{name}` holds {one} and {other}", "one currency, or plain numbers, in the whole column were expected"),
    Diagnostic("rates_overlap", "period", "the row of line {line} holds for the same key from {first} to {last}", "one row of {table} for each key and day was expected"),
    # Cycles and periods
    Diagnostic("rule_named_twice", "syntax", "`{key}` names rule {rule} more than once", "each rule once was expected; if another one was meant, its number"),
    # Examples
    Diagnostic("table_ragged", "example", "the row has {found} cells", "{wanted} cells, one for each column, were expected"),
    Diagnostic("table_elsewhere", "example", "an example table outside the examples would not be run", "a heading `## Examples` above it was expected"),
    Diagnostic("table_inside", "example", "a table away from the left margin would not be run", "an example table at the margin was expected, outside lists and quotations"),
    Diagnostic("column_twice", "example", "the column `{name}` stands twice", "one column for each name was expected"),
    Diagnostic("table_untitled", "example", "the first column is `{found}`", "a column `example` with a title for each row was expected first"),
    # Gaps that are intended, and doubts
    Diagnostic("doubt_rule", "name", "a doubt about rule {rule}, which {policy} does not have", "the number of a rule of that policy was expected: {known}"),
)  # fmt: skip
