"""Everything that the checker of policies can say.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

CHECKING = by_code(
    # Names
    Diagnostic("type_unknown", "name", "unknown record type `{name}`", note="the record types are: {known}"),
    Diagnostic("name_unknown", "name", "unknown field `{name}`", note="{a_type} has: {known}"),
    Diagnostic("path_through", "name", "`{name}` does not lead to a single record, so nothing can follow the point", "put a field that refers to one record before the point, such as `leg.trip.out_of_city`"),
    Diagnostic("rule_unknown", "name", "there is no rule {rule}", note="the rules are: {known}"),
    Diagnostic("definition_twice", "name", "`{name}` is defined twice", "delete one of the definitions, or rename it"),
    Diagnostic("definition_taken", "name", "{a_type} already has a field `{name}`", "give the definition another name"),
    Diagnostic("gives_taken", "name", "`{name}` is already a field", "choose a name that no field has and no other policy gives"),
    Diagnostic("gives_elsewhere", "name", "the policy is asked for each {each}, but gives a field of {a_type}", "name a field of {an_asked} in `gives`"),
    Diagnostic("gives_no_class", "name", "rule {rule} gives no class, and the policy gives a field", "add a line such as `is 'campaign'` to the rule"),
    Diagnostic("rate_table_unknown", "name", "there is no table of rates `{name}`", note="the tables of the pack are: {known}"),
    Diagnostic("rate_column_unknown", "name", "the table `{table}` has no column of rates `{name}`", note="its columns of rates are: {known}"),
    Diagnostic("rate_keys", "name", "the table `{table}` is looked up by {wanted}", "write `{example}`"),
    Diagnostic("rate_key_unlisted", "name", "`{found}` is not in any row of `{table}`", "write a `{name}` from the table, or add a row for this one"),
    Diagnostic("claim_class", "name", "no rule gives the class {found}", note="the rules give: {known}"),
    # Types
    Diagnostic("condition_wanted", "type", "{found} is not a condition", "compare it with something, such as `leg.purpose = 'personal'`"),
    Diagnostic("term_wanted", "type", "a set of records has no value of its own", "ask about the set: `any({name} where …)` or `count({name})`"),
    Diagnostic("set_wanted", "type", "`{name}` is not a set of records", "name a set, such as `leg.seat`"),
    Diagnostic("compared", "type", "{left} and {right} cannot be compared", "compare two values of the same type"),
    Diagnostic("compared_alike", "type", "the two sides of this comparison are the same for every record", "compare two facts that can differ"),
    Diagnostic("extreme_alike", "type", "two parts of `{which}` are always the same", "compare two facts that can differ, or delete one part"),
    Diagnostic("joined_denied", "type", "two conditions joined by `{word}` are the exact opposite of each other, so that no record changes the result", "delete both, or ask about other facts"),
    Diagnostic("ordered", "type", "{found} has no order", "use `=` or `!=`, or compare numbers, amounts or dates"),
    Diagnostic("value_unlisted", "type", "`{found}` is not a value of `{name}`", note="its values are: {known}"),
    Diagnostic("computed", "type", "{left} {operator} {right} cannot be computed", note="amounts go with amounts, dates with days, and numbers with numbers or amounts"),
    Diagnostic("extreme_mixed", "type", "min and max cannot compare {found}", "use numbers, amounts or dates, all of one type"),
    Diagnostic("amount_wanted", "type", "{found} is not an amount", "write an amount of money, such as `leg.full_coach_fare` or `412.00`"),
    Diagnostic("summed", "type", "{found} cannot be summed", "sum a field that holds amounts or numbers, such as `sum(trip.voucher.paid)`"),
    Diagnostic("rate_key", "type", "`{table}` cannot be looked up by {found}", "give {wanted} for `{name}`"),
    Diagnostic("rate_cell", "type", "`{found}` is not a value of `{name}`, by which the table is looked up", note="its values are: {known}"),
    Diagnostic("rate_date", "type", "{found} is not a date", "write the date of the rate after `on`, such as `on leg.departed_on`"),
    Diagnostic("rate_currency", "type", "`{name}` is in {found}, but the policy counts in {wanted}", "use a rate in {wanted}"),
    Diagnostic("maybe_none", "type", "`{name}` may be none here", "guard it in the same condition: `{name} is not none and …`"),
    Diagnostic("on_date", "type", "`{name}` is not a date that every {type} has", "name a date that is never none, such as `leg.departed_on`"),
    Diagnostic("payer_person", "type", "`{name}` is not a person", "write a path to a person, such as `occupant`, or a body in quotation marks, such as `'city'`"),
    Diagnostic("divisor_zero", "division", "`{name}` is always zero here", "divide by something that can be other than zero"),
    Diagnostic("division", "division", "`{name}` may be zero here", "guard it in the same condition: `{name} > 0 and …`"),
    # Cycles and periods
    Diagnostic("displaced_in_circle", "cycle", "{circle} in a circle", "remove an exception or a rank: a rule cannot displace one that displaces it"),
    Diagnostic("exceptions_crowded", "syntax", "rule {rule} and the rules around it are exceptions in more than {most} places", "name fewer rules in each `exception to`: an exception to several rules counts once for each of them"),
    Diagnostic("exceptions_deep", "syntax", "rule {rule} is an exception inside more than {most} others", "make it an exception to a rule nearer to the first"),
    Diagnostic("ranks_many", "syntax", "the rules displace one another in more than {most} pairs, most of them through rule {rule}", "use fewer ranks; ranks that follow from others count too"),
    Diagnostic("boxes_many", "syntax", "the policy has more than {most} boxes of rules", "move some of the rules to a policy of their own, or to a table of rates"),
    Diagnostic("written_out", "syntax", "with everything it refers to written out, this {beyond}", "say it in a shorter way; the definitions and other policies it refers to count too"),
    Diagnostic("defined_in_circle", "cycle", "{circle} in a circle", "rewrite one of the definitions so that it uses fields only"),
    Diagnostic("versions_overlap", "period", "two versions of rule {rule} are in force from {first} to {last}", "end the earlier version on the day before the later one begins"),
    # What is for nothing
    Diagnostic("definition_unused", "dead rule", "`{name}` is defined but never used", "use it in a rule, or delete it"),
    Diagnostic("judgment_unused", "dead rule", "`{name}` is asked of {of}, but no rule uses the answer", "use it in a rule, or delete the judgment"),
)  # fmt: skip
