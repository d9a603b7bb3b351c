"""The signature of a record under a policy: records with one signature are decided alike.

It is made of the policy's plan: in which stretch of days the record lies, and whether each version covers it (yes,
no, unknown). If something is open, it also holds which stretches the date may lie in, the outcomes of the settled
tests of each open version, and what its open tests depend on (`open_facts`). Then come the marks of amounts and
payers: which amounts are zero, which are equal, and who pays, as far as rules that may cover need them.

*The same rules stand.* A turn reads the layout of a stretch and which places cover in it (`turns.turn_of`), and a place
covers where its version does and each of those around it. Where nothing is open, the signature holds just that: there
is one turn, and it is the same. Where something is open, the residual is the same, of which the turns are a function
(`turns`): it is the layouts, and for each version a table over the questions it leaves open; a version is a skeleton
of tests, of which a settled one is a digit here and an open one is given with all that a reading can notice of it
under any completion. The one thing in the residual that is left out, the truth of an exception inside a rule that does
not cover, changes no turn but for its own truth, which no answer reads.

*The same answers, up to amounts.* Amounts are only compared: with zero, and with those of other rules. The marks hold
the outcomes of these comparisons. The amounts themselves are put in for each record, by the shares that its
explanation names (`explain.instantiate`).

That a code holds all a reading can notice, and the marks all that is compared, goes case by case through the nodes of
the plan and is no shorter than the code itself: tests/bulk hold it against the evaluator. Too fine a signature costs
time, never an answer, and this one is finer than need be: a code tells apart values and stuck paths that leave one
table, and a mark is there for every rule that may cover, also where another displaces it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product

from sqlglot import exp

from custodiet.bulk.grouping.open_facts import Code, Coder, Group, gated, numbered
from custodiet.bulk.grouping.policy_date import PolicyDate
from custodiet.bulk.grouping.rivals import Rivals
from custodiet.bulk.sql.amounts import NOTHING, Amount, Amounts, Form
from custodiet.bulk.sql.exact_arithmetic import same_whole
from custodiet.bulk.sql.expressions import Compiler
from custodiet.bulk.sql.intervals import Plain, sign
from custodiet.bulk.sql.joins import ASKED, Frame, NotInBulk
from custodiet.bulk.sql.outcomes import Outcomes
from custodiet.bulk.sql.syntax import (
    NO,
    UNKNOWN,
    YES,
    Digit,
    Sql,
    both,
    case,
    either,
    equal,
    is_no,
    is_unknown,
    is_yes,
    joined,
    never_null,
    opposite,
    or_no,
    or_yes,
    several,
    text,
)
from custodiet.policy.analysis.plan import Fact, Named, Plan, PlannedVersion
from custodiet.policy.evaluation.evaluate import MOST_COMPLETIONS

Sum = tuple[Form, ...]
"""What one payer owes: the shares that are added up."""

MOST_SHARES = 3
"""Above this number of shares in one rule, records are decided one by one: any of them may have one payer."""

IN_PLACE = Outcomes()

MOST_COMPARED = 300
"""Above this number of pairs of sums, records to which more than one rule may apply are decided one by one."""

MOST_RANGES_COMPARED = 16
"""The same for pairs of rules that say something of an amount that is known to a range only: few records are so."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The columns of a signature over the rows of a frame."""

    digits: tuple[Digit, ...]
    """What has few values."""
    singly: Sql
    """Whether the record is decided by itself; never NULL."""
    opened: Sql
    """Whether something is open; never NULL."""
    open_digits: tuple[Digit, ...]
    """What has few values, and counts only where something is open."""
    code: Sql
    """What else is open, as a text; blank if nothing is."""
    members: Sql
    """The ids of the members of sets that the code speaks of, in its order."""
    groups: tuple[Group, ...]


class Signature:
    """The signature of the records that one policy is asked about."""

    def __init__(self, plan: Plan, frame: Frame, outcomes: Outcomes = IN_PLACE) -> None:
        """Compile a policy's conditions and amounts over the rows of a frame.

        `outcomes` says where a row is asked how a test turns out.
        """
        self.plan, self.frame = plan, frame
        self._outcome, self._mark = outcomes.of, outcomes.mark
        self.compiler = compiler = Compiler(outcomes)
        self.versions = plan.policy.versions
        self._date = date = PolicyDate(plan, compiler, frame)
        self.truths = [self._truth(version) for version in plan.versions]
        self._covering: dict[int, Sql] = {}
        self.covering = [self._covers(place) for place in range(len(self.versions))]
        """Whether each version covers the record: its own truth, and that of a rule it is an exception to."""
        self._crossing = date.crossing(frame)
        settled = [never_null(covers) for covers in self.covering]
        self._rivals = Rivals(plan, settled=settled, dated=is_no(self._crossing))
        self.amounts = Amounts(plan, compiler, frame)
        self.asked = [frame.let(or_yes(covers)) for covers in self.covering]
        """For each version: whether it covers the record, or may; never NULL."""
        self._asking = {form: either(*asked) for form, asked in self._asked_by_form().items()}
        """For each amount: whether a version that asks for it covers the record, or may."""

    def columns(self) -> Signed:
        """The columns whose values together are the signature."""
        open_amounts = [
            both(
                asked,
                either(
                    *(
                        self._mark(either(opposite(amount.settled), amount.negative))
                        for amount in self._amounts_of(place)
                    )
                ),
            )
            for place, asked in enumerate(self.asked)
        ]
        # An open exception inside a rule that does not cover turns nothing, unless it made the ways too many.
        few_ways = self.compiler.most_ways * len(self._date.stretches) <= MOST_COMPLETIONS
        unsure = either(self._crossing, *map(is_unknown, self.covering if few_ways else self.truths))
        open_payers = self._open_payers()
        opened = self.frame.let(either(unsure, *open_amounts, *open_payers.values()))
        digits = [self._date.stretch(), *(_digit(covers) for covers in self.covering), *self._marks()]
        if is_no(opened):
            return Signed(tuple(digits), self.frame.singly, NO, (), text(""), text(""), ())
        coder = Coder(self.compiler, self.plan.names.types, self._date.crossing)
        code = self._code(coder, unsure, open_amounts, open_payers)
        few = [piece for piece in code if isinstance(piece, tuple)]
        texts = joined(*(piece for piece in code if not isinstance(piece, tuple)))
        groups = tuple(coder.join(self.frame))
        blank = text("")
        listed = [exp.column("ids", table=each.alias, quoted=True) for each in groups]
        ids = [
            piece
            for each in listed
            for piece in (text("{"), exp.Coalesce(this=each, expressions=[blank.copy()]), text("}"))
        ]
        return Signed(
            tuple(digits), self.frame.singly, opened, tuple(few),
            case((opened, texts), otherwise=blank), case((opened, joined(*ids)), otherwise=blank), groups,
        )  # fmt: skip

    # Which rules cover

    def _truth(self, planned: PlannedVersion) -> Sql:
        """A version's own truth: it is in force, and its condition holds."""
        when = YES if planned.when is None else self.compiler.holds(planned.when, (ASKED,), self.frame)
        return self.frame.let(both(self._date.in_force(planned.version), when))

    def _covers(self, place: int) -> Sql:
        if place not in self._covering:
            inside, own = self.versions[place].exception_to, self.truths[place]
            around = [self._covers(base) for base, each in enumerate(self.versions) if each.rule in inside]
            self._covering[place] = self.frame.let(both(own, either(*around))) if inside else own
        return self._covering[place]

    # Amounts and payers

    def _amounts_of(self, place: int) -> list[Amount]:
        return [self.amounts.amount(form) for form in self.amounts.forms[place]]

    def _asked_by_form(self) -> dict[Form, list[Sql]]:
        found: dict[Form, list[Sql]] = {}
        for place, asked in enumerate(self.asked):
            for form in self.amounts.forms[place]:
                found.setdefault(form, []).append(asked)
        return found

    def _marks(self) -> Iterator[Digit]:
        """The marks of amounts and payers, each as a digit."""
        for form in self.amounts.distinct:
            yield _digit(both(self._asking[form], self._mark(self.amounts.amount(form).zero)))
        pairs = self._comparable(self._rivals.together)
        if len(pairs) > MOST_COMPARED:
            self._leave_where_several_speak(YES, self._rivals.together)
            pairs = []
        for one, other in pairs:
            together = both(self._asked_sum(one), self._asked_sum(other))
            yield _digit(both(together, self._mark(self._equal(one, other))))
        yield from self._payer_marks()

    def _leave_where_several_speak(self, where: Sql, matters: Callable[[int, int], bool]) -> None:
        """Decide records individually if several rules with amounts to compare apply to them."""
        met = {place for pair in combinations(range(len(self.versions)), 2) if matters(*pair) for place in pair}
        speak = several([self.asked[place] for place in sorted(met)])
        self.frame.decide_singly(both(where, speak))

    def _equal(self, one: Sum, other: Sum) -> Sql:
        """Whether two sums are known to be equal; never NULL."""
        return _equal(self.amounts.together(one), self.amounts.together(other))

    def _asked_sum(self, some: Sum) -> Sql:
        return both(*(self._asking[form] for form in some))

    def _sums(self, place: int) -> set[Sum]:
        """What a version can say that one payer owes: any of its shares, or several together."""
        all_forms = self.amounts.forms[place]
        if len(all_forms) > MOST_SHARES:
            raise NotInBulk(f"a rule splits a sum into more than {MOST_SHARES} shares")
        return {some for many in range(1, len(all_forms) + 1) for some in combinations(all_forms, many)}

    def _comparable(self, matters: Callable[[int, int], bool]) -> list[tuple[Sum, Sum]]:
        """Pairs of different sums whose equality matters."""
        pairs: dict[tuple[Sum, Sum], None] = {}
        # Most of many rules say one of a few things: what they say is compared, and a pair that says it found for it.
        for some, others in combinations_with_replacement(self._saying_the_same(), 2):
            first, second = self.versions[some[0]], self.versions[others[0]]
            if (first.permission, first.classified) != (second.permission, second.classified):
                continue
            lefts, rights = (sorted(self._sums(each[0])) for each in (some, others))
            different = [(left, right) for left, right in product(lefts, rights) if left != right]
            if different and any(matters(*pair) for pair in product(some, others) if pair[0] != pair[1]):
                pairs.update((pair, None) for pair in different if pair[::-1] not in pairs)
        return list(pairs)

    def _saying_the_same(self) -> list[list[int]]:
        """The versions that state amounts, grouped by what they state."""
        alike: dict[object, list[int]] = {}
        for place, version in enumerate(self.versions):
            if self.amounts.forms[place]:
                said = version.permission, version.classified, self.amounts.forms[place]
                alike.setdefault(said, []).append(place)
        return list(alike.values())

    def _payers(self, planned: PlannedVersion) -> list[Fact | Named]:
        named = [payer for share in planned.shares for payer in (share.payer, share.liable) if payer is not None]
        return [payer.person for payer in named if payer.person is not None]

    def _payer_marks(self) -> Iterator[Digit]:
        """Which payers are known, which of them are one person, and which are nobody."""
        asked: dict[Fact | Named, Sql] = {}
        for planned in self.plan.versions:
            for payer in self._payers(planned):
                asked[payer] = either(asked.get(payer, NO), self.asked[planned.number])
        for payer, asking in asked.items():
            person = self._payer(payer)
            yield _digit(both(asking, self._outcome(is_unknown(person.value))))
            yield _digit(both(asking, self._outcome(person.none)))
        for one, other in combinations(asked, 2):
            same = case((equal(self.person(one), self.person(other)), YES), otherwise=NO)
            yield _digit(both(asked[one], asked[other], self._outcome(same)))

    def _open_payers(self) -> dict[Fact | Named, Sql]:
        """The payers who may be whom another rule names by another path, each with whether they are not known."""
        named = [dict.fromkeys(share.payer.person for share in planned.shares if share.payer and share.payer.person)
                 for planned in self.plan.versions]  # fmt: skip
        disputed: dict[Fact | Named, Sql] = {}
        for one, other in combinations(range(len(self.versions)), 2):
            payers = named[one] | named[other]
            if len(payers) > 1 and named[one] != named[other] and self._rivals.together(one, other):
                together = both(self.asked[one], self.asked[other])
                disputed |= {payer: either(disputed.get(payer, NO), together) for payer in payers}
        unknown = {
            payer: self.frame.let(both(when, self._outcome(self._payer(payer).unknown)))
            for payer, when in disputed.items()
        }
        return {payer: each for payer, each in unknown.items() if not is_no(each)}

    def _payer(self, payer: Fact | Named) -> Plain:
        """Who is named as a payer."""
        term = self.compiler.term(payer, (ASKED,), self.frame)
        return term if isinstance(term, Plain) else Plain(UNKNOWN)

    def person(self, payer: Fact | Named) -> Sql:
        """The id of who is named as a payer; NULL where it is not known."""
        return self._payer(payer).value

    # What is open

    def _code(
        self,
        coder: Coder,
        unsure: Sql,
        open_amounts: Sequence[Sql],
        open_payers: Mapping[Fact | Named, Sql],
    ) -> Code:
        pieces: list[Digit | Sql] = [*coder.term(self.plan.on, (ASKED,), self.frame)]
        pieces += gated(self.frame, self._crossing, self._date.stretches_of_ends())
        for planned, truth in zip(self.plan.versions, self.truths, strict=True):
            unknown = is_unknown(truth)
            if planned.when is not None and not is_no(unknown):
                # Where it is the date that leaves a version open, its condition may be settled all the same.
                settled = not never_null(self._date.in_force(planned.version))
                read = coder.condition if settled else coder.open
                pieces += [(YES, unknown), *gated(self.frame, unknown, read(planned.when, (ASKED,), self.frame))]
        pieces += self._share_codes(coder, unsure, open_amounts)
        for payer, unknown in open_payers.items():
            pieces += [(YES, unknown), *gated(self.frame, unknown, coder.term(payer, (ASKED,), self.frame))]
        pieces += self._aliases()
        return tuple(pieces)

    def _share_codes(self, coder: Coder, unsure: Sql, open_amounts: Sequence[Sql]) -> Iterator[Digit | Sql]:
        """What leaves an amount open, and how amounts compare, those that are known and those that are not."""
        seen: set[Form] = set()
        for place, planned in enumerate(self.plan.versions):
            for share, form in zip(planned.shares, self.amounts.forms[place], strict=True):
                unsettled = both(self._asking[form], self._mark(opposite(self.amounts.amount(form).settled)))
                if form not in seen and not is_no(unsettled):
                    yield (YES, unsettled)
                    yield from gated(self.frame, unsettled, coder.term(share.amount, (ASKED,), self.frame))
                seen.add(form)
            yield from gated(self.frame, open_amounts[place], tuple(map(_below_nothing, self._amounts_of(place))))
        yield from self._range_codes(open_amounts)
        pairs = self._comparable(self._rivals.by_turns)
        if len(pairs) > MOST_COMPARED:
            self._leave_where_several_speak(unsure, self._rivals.by_turns)
            pairs = []
        for one, other in pairs:
            equal_now = self._mark(self._equal(one, other))
            if not (is_yes(equal_now) or is_no(equal_now)):
                yield (YES, both(self._asked_sum(one), self._asked_sum(other), equal_now))

    def _range_codes(self, open_amounts: Sequence[Sql]) -> Iterator[Digit | Sql]:
        """How what rules say together compares, where some of it is known to a range only."""

        def matters(first: int, second: int) -> bool:
            known = is_no(open_amounts[first]) and is_no(open_amounts[second])
            return not known and self._rivals.together(first, second)

        pairs = [pair for pair in combinations(range(len(self.versions)), 2) if matters(*pair)]
        if len(pairs) > MOST_RANGES_COMPARED:
            self._leave_where_several_speak(either(*open_amounts), matters)
            return
        for first, second in pairs:
            some_open = either(open_amounts[first], open_amounts[second])
            both_asked = self.frame.let(both(self.asked[first], self.asked[second], some_open))
            yield from gated(self.frame, both_asked, tuple(self._range_marks(first, second)))

    def _range_marks(self, first: int, second: int) -> Iterator[Digit | Sql]:
        """Whether what two versions say can be equal, or nothing, where it is known to ranges only."""
        some, others = self._possible_sums(first), self._possible_sums(second)
        for one in (*some.values(), *others.values()):
            yield (YES, one.apart(NOTHING))
        for (form, one), (other_form, other) in product(some.items(), others.items()):
            # Amounts that are always known have been compared already (`_marks`).
            if form != other_form and not (is_yes(one.settled) and is_yes(other.settled)):
                both_open = both(opposite(one.settled), opposite(other.settled))
                meet_at_one_point = both(both_open, one.touches(other))
                yield (YES, one.apart(other), meet_at_one_point)
                yield from gated(self.frame, meet_at_one_point, (*_bounds(one), *_bounds(other)))

    def _possible_sums(self, place: int) -> dict[object, Amount]:
        """What a version can say that one payer owes, and what it says in all."""
        sums: dict[object, Amount] = {some: self.amounts.together(some) for some in self._sums(place)}
        return {**sums, ("all", *self.amounts.forms[place]): self.amounts.total(place)}

    def _aliases(self) -> Iterator[Digit]:
        """Which of the records reached by different paths are one."""
        reached = [each for place, each in self.frame.reached.items() if place.level == 0]
        for one, other in combinations(reached, 2):
            if one.type == other.type:
                yield (YES, self._outcome(or_no(equal(self.frame.key(one), self.frame.key(other)))))


def _equal(one: Amount, other: Amount) -> Sql:
    """Whether two amounts are known to be equal; never NULL."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return NO
    return both(one.settled, other.settled, case((same_whole(one.low, other.low), YES), otherwise=NO))


def _below_nothing(amount: Amount) -> Digit:
    """Whether an amount is certainly below zero."""
    return (YES,) if amount.high is None else (YES, or_no(sign(amount.high)[1]))


def _bounds(amount: Amount) -> Code:
    return tuple(numbered(UNKNOWN if bound is None else bound.sql) for bound in (amount.low, amount.high))


def _digit(condition: Sql) -> Digit:
    """A condition as a digit: 0 for no, 1 for yes, 2 for unknown. The first is what is left over."""
    if is_no(condition) or is_yes(condition):
        return (YES,)
    return (YES, condition) if never_null(condition) else (YES, condition, is_unknown(condition))
