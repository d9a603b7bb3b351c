"""Everything the reader and the checker of policies can say, in one place.

Each message has a name of its own (kept in `Problem.code`), a kind from the contract of DESIGN §8, and
a document under `tests/policies/bad/` that provokes it.
"""

from dataclasses import dataclass

from custodiet.base.dates import MOST_DAYS, YEARS
from custodiet.base.errors import Problem, Span
from custodiet.base.text import escaped, written_out

_LISTS = ("known", "wanted", "circle")
"""The facts that say what there is to choose from, or what is in a circle, which is told whole."""
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that can be wrong: what, what was expected, what to do; `{…}` is filled in where it is said."""

    code: str
    kind: str
    what: str
    expected: str = ""

    def at(self, span: Span, rules: tuple[str, ...] = (), hint: str = "", **facts: str) -> Problem:
        """The problem at a place; what is filled in is on one line, and no longer than there is room for."""
        shown = {name: _shown(name, fact) for name, fact in facts.items()}
        what, expected = self.what.format(**shown), self.expected.format(**shown)
        return Problem(self.kind, what, span, expected, hint, rules=rules, code=self.code)


def _shown(name: str, fact: str) -> str:
    return written_out(fact) if name in _LISTS else escaped(fact, _LONGEST_FACT)


def _list(*messages: Message) -> dict[str, Message]:
    return {message.code: message for message in messages}


MESSAGES = _list(
    # The pack
    Message("pack_key", "syntax", "unknown key `{key}` in pack.toml", "a pack has: {known}"),
    Message("no_policies", "syntax", "the pack has no policies", "a document that answers a question, such as policies/seat-fare.md, was expected"),
    Message("pack_key_missing", "syntax", "pack.toml has no `{key}`", 'a line `{key} = "…"` was expected'),
    Message("pack_value", "syntax", "`{key}` holds no text", "a text in quotation marks was expected"),
    Message("unseen", "syntax", "the line holds {found}, which nobody sees", "text was expected; delete the character, or write what it is meant to say"),
    Message("not_text", "syntax", "the file is no text in UTF-8", "a policy document or a table was expected"),
    # The document
    Message("no_head", "syntax", "the document has no head", "the first line is `---`, then `key: value` lines, then `---`"),
    Message("head_line", "syntax", "not a line of a head", "a line such as `question: Who pays for this voucher?` was expected"),
    Message("head_key", "syntax", "unknown key `{key}` in the head", "a head has: {known}"),
    Message("head_key_empty", "syntax", "`{key}` says nothing", "a value after the colon was expected"),
    Message("head_key_twice", "syntax", "`{key}` stands twice in the head", "one line for each key was expected"),
    Message("head_key_missing", "syntax", "the head has no `{key}`", "a line `{key}: …` was expected"),
    Message("on_form", "syntax", "`on` is no path to a date", "a path such as `leg.departed_on` was expected"),
    Message("gives_form", "syntax", "`gives` is no type and field", "a name such as `trip.character` was expected"),
    Message("currency", "syntax", "unknown currency `{found}`", "a code of ISO 4217 such as EUR was expected"),
    Message("rounding", "syntax", "unknown rounding `{found}`", "`cent` or `unit`, a comma, and one of half up, half even, half down, up, down were expected"),
    Message("text_mode", "syntax", "unknown sort of text `{found}`", "`verbatim` or `restated` was expected"),
    Message("money_unsaid", "syntax", "the policy says who owes, and its head has no `{key}`", "a line such as `currency: EUR` and one such as `rounding: cent, half up` were expected"),
    Message("no_rules", "syntax", "the document has no rule", "a heading such as `## Rule 1 — Who pays`, a quotation and a `rule` box were expected"),
    Message("rule_number", "syntax", "the heading of a rule has no number", "a heading such as `## Rule 4.2 — Personal travel` was expected"),
    Message("rule_twice", "name", "rule {rule} stands twice", "one heading for each number was expected; versions of a rule stand under one heading"),
    Message("rule_empty", "syntax", "rule {rule} has no `rule` box", "the reading of the rule in a box was expected under its heading"),
    Message("rule_unquoted", "syntax", "rule {rule} has no text", "the rule's own words as a quotation (`> …`) were expected under its heading"),
    Message("box_unknown", "syntax", "unknown box `{box}`", "a box is one of: {known}"),
    Message("box_unnamed", "syntax", "a box without a name", "a name after the marks was expected, such as ```rule; a box is one of: {known}"),
    Message("box_open", "syntax", "the `{box}` box has no end", "a line {fence} after its last line was expected"),
    Message("box_inside", "syntax", "a `{box}` box away from the left margin would not be read", "boxes at the margin, outside lists and quotations, were expected"),
    Message("box_homeless", "syntax", "a `rule` box outside a rule", "a heading such as `## Rule 4.2 — …` above it was expected"),
    # The lines of a box
    Message("key_unknown", "syntax", "unknown key `{key}`", "a {box} has: {known}"),
    Message("key_twice", "syntax", "`{key}` stands twice in one box", "one line for each key was expected; text goes on in indented lines"),
    Message("key_missing", "syntax", "the box has no `{key}`", "{example}"),
    Message("key_empty", "syntax", "`{key}` says nothing", "{example}"),
    Message("key_lonely", "syntax", "`{key}` stands alone", "nothing was expected after `{key}`"),
    Message("remark_inside", "syntax", "a remark inside {where}", "remarks were expected outside the head and the boxes, where all text that is no quotation is a remark"),
    Message("line_loose", "syntax", "a line that belongs to no key", "a key at the left margin, or an indented line that goes on with the one above, was expected"),
    Message("no_consequence", "syntax", "the rule says nothing", "one of owes, permits, forbids, is was expected"),
    Message("both_permissions", "syntax", "the rule permits and forbids", "one of the two was expected"),
    Message("class_form", "syntax", "`is` names no class", "a quoted text such as `is 'campaign'` was expected"),
    Message("settles_form", "syntax", "`settles` names no fact", "a type and a name such as `trip.mainly_official` were expected"),
    Message("claim_form", "syntax", "the claim says neither or both of never and always", "one of `never` and `always` was expected, such as `never owes from 'city'`"),
    Message("definition_form", "syntax", "not a definition", "a line such as `trip.days = count(day)` was expected"),
    Message("expression", "syntax", "unexpected `{found}`", "{wanted}"),
    Message("text_marked", "syntax", "a quotation mark inside a text", "a text without one was expected, for none can stand in it; an apostrophe is written `’`"),
    Message("expression_deep", "syntax", "the expression is nested more than {most} deep", "named facts in a `define` box were expected for its parts"),
    Message("expression_long", "syntax", "the expression is longer than {most} characters", "named facts in a `define` box are needed for its parts"),
    Message("path_long", "syntax", "the path has more than {most} names", "a shorter way to the fact is needed"),
    Message("expression_end", "syntax", "the expression ends too early", "{wanted}"),
    Message("date_invalid", "syntax", "`{found}` is not a valid date", "a day that the calendar has was expected"),
    Message("date_beyond", "syntax", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}", "no record has such a date; what has no end is asked for with `is none`"),
    Message("days_many", "syntax", "`{found}` is more than a hundred years", f"a number of days up to {MOST_DAYS} was expected; a date is written as 2024-03-26"),
    Message("days_alone", "syntax", "`{found}` cannot be written: dates are computed in days only", "a number of days such as `30 days` was expected; where the law counts by the calendar, compare with a date that a record holds, or ask a `judgment` whether it was in time"),
    Message("tests_unknown", "syntax", "a rule may not ask whether something is unknown", "what is unknown is reported with every result; ask `is none` for what is known to be absent"),
    Message("payer_missing", "syntax", "an amount that nobody owes", "`from` and who owes it was expected; where nothing is due, `owes 0`"),
    Message("rest_place", "syntax", "`rest of` shares nothing", "`X from A, rest of Y from B` was expected, the rest last"),
    Message("period_form", "period", "not a period", "`2020-01-01 .. 2022-06-30` was expected; either side may be blank"),
    Message("period_day", "period", "`{found}` is not a valid date", "a day that the calendar has was expected"),
    Message("period_beyond", "period", f"`{{found}}` is outside the years {YEARS.start} to {YEARS.stop - 1}", "a period without a beginning or an end is left blank on that side, such as `2020-01-01 ..`"),
    Message("period_backwards", "period", "the period ends before it begins", "the earlier date first was expected"),
    Message("currency_over", "period", "{what} is in force after {last}, the last day of {currency}", "a period that ends by that day was expected; what is due later is stated in the currency that came after it"),
    # Tables of rates
    Message("rates_unreadable", "syntax", "the row cannot be read", "{why}"),
    Message("rates_columns", "syntax", "the first line does not name the columns of a table of rates", "the columns by which a row is looked up, `in force`, columns of rates and `cite` were expected in this order, each once"),
    Message("rates_name", "syntax", "`{found}` is no name that an expression can use", "small letters, digits and `_`, beginning with a letter, were expected, as in per_diem"),
    Message("rates_empty", "syntax", "the table has no rows", "a row for each rate was expected, with its period and its citation"),
    Message("rates_ragged", "syntax", "the row does not have a cell for each column", "{why}"),
    Message("rates_blank", "syntax", "the cell of `{name}` is blank", "a key, a period such as `2023-10-01 ..`, a rate or a citation was expected in every cell"),
    Message("rates_absent", "syntax", "`{found}` is no key", "a text that a record can hold was expected: no rate is looked up for what is none or unknown"),
    Message("rates_band", "syntax", "`{found}` is no band of numbers", "two numbers such as `0 .. 499.99`, the smaller first, were expected; either side may be blank"),
    Message("rates_value", "syntax", "`{found}` is no rate", "an amount with its currency such as `64.00 USD`, or a number such as `0.75`, was expected; none is below zero"),
    Message("rates_mixed", "type", "the column `{name}` holds {one} and {other}", "one currency, or plain numbers, in the whole column were expected"),
    Message("rates_overlap", "period", "the row of line {line} holds for the same key from {first} to {last}", "one row of {table} for each key and day was expected"),
    # Names
    Message("policy_name", "name", "the policy is called `{found}`", "`{expected_name}`, after its pack and file, was expected"),
    Message("type_unknown", "name", "unknown record type `{name}`", "the record types are: {known}"),
    Message("name_unknown", "name", "unknown field `{name}`", "{a_type} has: {known}"),
    Message("path_through", "name", "`{name}` leads to no single record", "a field that refers to one record was expected before the point"),
    Message("rule_unknown", "name", "there is no rule {rule}", "the rules are: {known}"),
    Message("definition_twice", "name", "`{name}` is defined twice", "one definition for each name was expected"),
    Message("definition_taken", "name", "{a_type} has a field `{name}` already", "another name was expected"),
    Message("gives_taken", "name", "`{name}` is a field already", "a name that no field has, and that no other policy gives, was expected"),
    Message("gives_elsewhere", "name", "the policy is asked for each {each}, and gives a field of {a_type}", "a field of {an_asked} was expected"),
    Message("gives_no_class", "name", "rule {rule} gives no class", "`is '…'` was expected in every rule of a policy that gives a field"),
    Message("column_unknown", "name", "unknown column `{name}`", "a path from {a_type}, or one of example, owes, from, is, outcome, because was expected"),
    Message("rate_table_unknown", "name", "there is no table of rates `{name}`", "the tables of the pack are: {known}"),
    Message("rate_column_unknown", "name", "the table `{table}` has no rates `{name}`", "its columns of rates are: {known}"),
    Message("rate_keys", "name", "the table `{table}` is looked up by {wanted}", "`{example}` was expected"),
    Message("rate_key_unlisted", "name", "`{found}` stands in no row of `{table}`", "a `{name}` that the table has was expected"),
    Message("claim_class", "name", "no rule gives the class {found}", "one of the classes that the rules give was expected: {known}"),
    Message("judgment_otherwise", "name", "{other} settles `{name}` otherwise", "the same question, asked of the same person, was expected wherever `{name}` is settled"),
    # Types
    Message("currencies", "type", "this counts in {found}, and {other} in {currency}", "one currency was expected in all documents of a pack"),
    Message("condition_wanted", "type", "{found} is no condition", "something that is yes or no was expected"),
    Message("term_wanted", "type", "a set of records is no value", "one of its questions, such as any({name} where …) or count({name}), was expected"),
    Message("set_wanted", "type", "`{name}` is no set of records", "a set such as leg.seat was expected"),
    Message("compared", "type", "{left} and {right} cannot be compared", "two values of one type were expected"),
    Message("compared_alike", "type", "the two sides of this comparison differ by nothing that a record holds", "compare two facts that can differ"),
    Message("extreme_alike", "type", "two parts of `{which}` are always the same", "compare two facts that can differ, or leave one part out"),
    Message("joined_denied", "type", "two conditions joined by `{word}` of which one denies the other", "no record changes what they say together: leave both out, or ask about other facts"),
    Message("ordered", "type", "{found} has no order", "numbers, amounts or dates were expected on both sides of `<`"),
    Message("value_unlisted", "type", "`{found}` is no value of `{name}`", "one of {known} was expected"),
    Message("computed", "type", "{left} {operator} {right} cannot be computed", "amounts with amounts, dates with days, and numbers were expected"),
    Message("extreme_mixed", "type", "min and max over {found}", "numbers, amounts or dates of one type were expected"),
    Message("amount_wanted", "type", "{found} is no amount", "an amount of money was expected"),
    Message("summed", "type", "{found} cannot be summed", "a field that holds amounts or numbers was expected, such as sum(trip.voucher.paid)"),
    Message("rate_key", "type", "{found} is not what `{name}` of `{table}` is looked up by", "{wanted} was expected"),
    Message("rate_cell", "type", "`{found}` is no value of `{name}`, by which the table is looked up", "one of {known} was expected"),
    Message("rate_date", "type", "{found} is no date", "the day for which the rate is asked was expected after `on`"),
    Message("rate_currency", "type", "`{name}` is in {found}", "a rate in {wanted} was expected: the policy speaks of no other currency"),
    Message("maybe_none", "type", "`{name}` may be none here", "a guard in the same condition was expected, such as `{name} is not none and …`"),
    Message("on_date", "type", "`{name}` is no date that every {type} has", "a date that may not be none was expected"),
    Message("payer_person", "type", "`{name}` is no person", "a path to a person, or a body in quotation marks, was expected"),
    Message("divisor_zero", "division", "`{name}` is always zero here", "a divisor that can be other than zero was expected"),
    Message("division", "division", "`{name}` may be zero here", "a guard in the same condition was expected, such as `{name} > 0 and …`"),
    # Cycles and periods
    Message("displaced_in_circle", "cycle", "{circle} in a circle", "an exception or a rank fewer is needed: nothing can displace what displaces it"),
    Message("exceptions_crowded", "syntax", "rule {rule} and those around it are exceptions in more than {most} places", "exceptions to fewer rules each were expected: an exception to several rules is read as one inside each"),
    Message("exceptions_deep", "syntax", "rule {rule} is an exception inside more than {most} others", "an exception to a rule nearer to the first is needed"),
    Message("rule_named_twice", "syntax", "`{key}` names rule {rule} more than once", "each rule once was expected; if another one was meant, its number"),
    Message("ranks_many", "syntax", "the rules displace one another in more than {most} pairs, most of them by rule {rule}", "fewer ranks are needed; ranks that follow from others are counted too"),
    Message("boxes_many", "syntax", "the policy has more than {most} boxes of rules", "a policy of its own for a part of the rules, or a table of rates in their place, is needed"),
    Message("written_out", "syntax", "with all that it rests on written out, this {beyond}", "a shorter way to say it is needed; what its definitions and other policies say is counted too"),
    Message("defined_in_circle", "cycle", "{circle} in a circle", "a definition that rests on fields alone in the end was expected"),
    Message("given_in_circle", "cycle", "{circle} in a circle", "policies in an order of dependence were expected"),
    Message("versions_overlap", "period", "two versions of rule {rule} are in force from {first} to {last}", "versions whose periods do not overlap were expected"),
    # Examples
    Message("table_ragged", "example", "the row has {found} cells", "{wanted} cells, one for each column, were expected"),
    Message("table_elsewhere", "example", "an example table outside the examples would not be run", "a heading `## Examples` above it was expected"),
    Message("table_inside", "example", "a table away from the left margin would not be run", "an example table at the margin was expected, outside lists and quotations"),
    Message("column_twice", "example", "the column `{name}` stands twice", "one column for each name was expected"),
    Message("table_untitled", "example", "the first column is `{found}`", "a column `example` with a title for each row was expected first"),
    Message("cell_blank", "example", "the cell of `{name}` is blank", "a value, `none` or `unknown` was expected"),
    Message("cell_value", "example", "`{found}` is no value of `{name}`", "{wanted}"),
    Message("cell_impossible", "example", "no {record} has `{found}` as its `{name}`", "{wanted}"),
    Message("example_fails", "example", "the example comes out otherwise", "{column} {wanted} was expected, the rules say {found}"),
    # What is for nothing
    Message("definition_unused", "dead rule", "`{name}` is defined, and nothing that the policy says rests on it", "use it in a rule, or delete it"),
    Message("judgment_unused", "dead rule", "`{name}` is asked of {of}, and nothing that the policy says rests on the answer", "use it in a rule, or delete the judgment: the question would be answered for nothing"),
    # Gaps that are intended, and doubts
    Message("open_policy", "name", "`{name}` is no policy of the pack", "a heading with the name of one of its policies was expected above the `{box}` box: {known}"),
    Message("open_reason", "syntax", "a gap without a reason", "a paragraph that begins with `Reason:` was expected in its section"),
    Message("open_form", "syntax", "the `gap` box names no records", "a line `when` with a condition was expected, such as `when  sort = 'errand'`"),
    Message("doubt_rule", "name", "a doubt about rule {rule}, which {policy} does not have", "the number of a rule of that policy was expected: {known}"),
    # Proofs
    Message("conflict", "conflict", "rules {both} contradict each other for some {records}", "for example: {example}"),
    Message("gap", "gap", "no rule answers for some {records}", "for example: {example}"),
    Message("gap_gone", "gap", "open.md lists a gap that is gone", "rules answer for all these {records}: delete the entry, or mend its condition"),
    Message("gap_wide", "gap", "open.md lists {records} for which {who}", "for example: {example}"),
    Message("dead_rule", "dead rule", "rule {rule} never decides", "{why}"),
    Message("dead_exception", "dead exception", "rule {rule} never decides", "{why}"),
    Message("division_by_zero", "division", "rule {rule} divides by zero for some {records}", "for example: {example}"),
    Message("negative_amount", "negative amount", "rule {rule} owes less than nothing for some {records}", "for example: {example}"),
    Message("claim_refuted", "claim", "not so: {says}", "for example: {example}"),
    Message("claim_of_nothing", "claim", "said of nothing: {says}", "{why}; a condition that some {records} meet, and that have an answer, was expected"),
)  # fmt: skip
