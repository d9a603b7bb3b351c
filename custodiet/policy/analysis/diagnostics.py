"""Everything that the checker of policies can say.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

CHECKING = by_code(
    # Names
    Diagnostic("type_unknown", "name", "unknown record type `{name}`", "the record types are: {known}"),
    Diagnostic("name_unknown", "name", "unknown field `{name}`", "{a_type} has: {known}"),
    Diagnostic("path_through", "name", "`{name}` leads to no single record", "a field that refers to one record was expected before the point"),
    Diagnostic("rule_unknown", "name", "there is no rule {rule}", "the rules are: {known}"),
    Diagnostic("definition_twice", "name", "`{name}` is defined twice", "one definition for each name was expected"),
    Diagnostic("definition_taken", "name", "{a_type} has a field `{name}` already", "another name was expected"),
    Diagnostic("gives_taken", "name", "`{name}` is a field already", "a name that no field has, and that no other policy gives, was expected"),
    Diagnostic("gives_elsewhere", "name", "the policy is asked for each {each}, and gives a field of {a_type}", "a field of {an_asked} was expected"),
    Diagnostic("gives_no_class", "name", "rule {rule} gives no class", "`is '…'` was expected in every rule of a policy that gives a field"),
    Diagnostic("rate_table_unknown", "name", "there is no table of rates `{name}`", "the tables of the pack are: {known}"),
    Diagnostic("rate_column_unknown", "name", "the table `{table}` has no rates `{name}`", "its columns of rates are: {known}"),
    Diagnostic("rate_keys", "name", "the table `{table}` is looked up by {wanted}", "`{example}` was expected"),
    Diagnostic("rate_key_unlisted", "name", "`{found}` stands in no row of `{table}`", "a `{name}` that the table has was expected"),
    Diagnostic("claim_class", "name", "no rule gives the class {found}", "one of the classes that the rules give was expected: {known}"),
    # Types
    Diagnostic("condition_wanted", "type", "{found} is no condition", "something that is yes or no was expected"),
    Diagnostic("term_wanted", "type", "a set of records is no value", "one of its questions, such as any({name} where …) or count({name}), was expected"),
    Diagnostic("set_wanted", "type", "`{name}` is no set of records", "a set such as leg.seat was expected"),
    Diagnostic("compared", "type", "{left} and {right} cannot be compared", "two values of one type were expected"),
    Diagnostic("compared_alike", "type", "the two sides of this comparison differ by nothing that a record holds", "compare two facts that can differ"),
    Diagnostic("extreme_alike", "type", "two parts of `{which}` are always the same", "compare two facts that can differ, or leave one part out"),
    Diagnostic("joined_denied", "type", "two conditions joined by `{word}` of which one denies the other", "no record changes what they say together: leave both out, or ask about other facts"),
    Diagnostic("ordered", "type", "{found} has no order", "numbers, amounts or dates were expected on both sides of `<`"),
    Diagnostic("value_unlisted", "type", "`{found}` is no value of `{name}`", "one of {known} was expected"),
    Diagnostic("computed", "type", "{left} {operator} {right} cannot be computed", "amounts with amounts, dates with days, and numbers were expected"),
    Diagnostic("extreme_mixed", "type", "min and max over {found}", "numbers, amounts or dates of one type were expected"),
    Diagnostic("amount_wanted", "type", "{found} is no amount", "an amount of money was expected"),
    Diagnostic("summed", "type", "{found} cannot be summed", "a field that holds amounts or numbers was expected, such as sum(trip.voucher.paid)"),
    Diagnostic("rate_key", "type", "{found} is not what `{name}` of `{table}` is looked up by", "{wanted} was expected"),
    Diagnostic("rate_cell", "type", "`{found}` is no value of `{name}`, by which the table is looked up", "one of {known} was expected"),
    Diagnostic("rate_date", "type", "{found} is no date", "the day for which the rate is asked was expected after `on`"),
    Diagnostic("rate_currency", "type", "`{name}` is in {found}", "a rate in {wanted} was expected: the policy speaks of no other currency"),
    Diagnostic("maybe_none", "type", "`{name}` may be none here", "a guard in the same condition was expected, such as `{name} is not none and …`"),
    Diagnostic("on_date", "type", "`{name}` is no date that every {type} has", "a date that may not be none was expected"),
    Diagnostic("payer_person", "type", "`{name}` is no person", "a path to a person, or a body in quotation marks, was expected"),
    Diagnostic("divisor_zero", "division", "`{name}` is always zero here", "a divisor that can be other than zero was expected"),
    Diagnostic("division", "division", "`{name}` may be zero here", "a guard in the same condition was expected, such as `{name} > 0 and …`"),
    # Cycles and periods
    Diagnostic("displaced_in_circle", "cycle", "{circle} in a circle", "an exception or a rank fewer is needed: nothing can displace what displaces it"),
    Diagnostic("exceptions_crowded", "syntax", "rule {rule} and those around it are exceptions in more than {most} places", "exceptions to fewer rules each were expected: an exception to several rules is read as one inside each"),
    Diagnostic("exceptions_deep", "syntax", "rule {rule} is an exception inside more than {most} others", "an exception to a rule nearer to the first is needed"),
    Diagnostic("ranks_many", "syntax", "the rules displace one another in more than {most} pairs, most of them by rule {rule}", "fewer ranks are needed; ranks that follow from others are counted too"),
    Diagnostic("boxes_many", "syntax", "the policy has more than {most} boxes of rules", "a policy of its own for a part of the rules, or a table of rates in their place, is needed"),
    Diagnostic("written_out", "syntax", "with all that it rests on written out, this {beyond}", "a shorter way to say it is needed; what its definitions and other policies say is counted too"),
    Diagnostic("defined_in_circle", "cycle", "{circle} in a circle", "a definition that rests on fields alone in the end was expected"),
    Diagnostic("versions_overlap", "period", "two versions of rule {rule} are in force from {first} to {last}", "versions whose periods do not overlap were expected"),
    # What is for nothing
    Diagnostic("definition_unused", "dead rule", "`{name}` is defined, and nothing that the policy says rests on it", "use it in a rule, or delete it"),
    Diagnostic("judgment_unused", "dead rule", "`{name}` is asked of {of}, and nothing that the policy says rests on the answer", "use it in a rule, or delete the judgment: the question would be answered for nothing"),
)  # fmt: skip
