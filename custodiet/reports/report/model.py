"""The whole report of one edition, section by section, in the order in which it is read."""

from custodiet.reports.editions.disclosure import Disclosure
from custodiet.reports.report.differences import differences
from custodiet.reports.report.figures import Figures
from custodiet.reports.report.findings import findings
from custodiet.reports.report.left_out import left_out
from custodiet.reports.report.method import method
from custodiet.reports.report.money import money
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.recommendations import precedents, recommendations
from custodiet.reports.report.result_rows import rows_of
from custodiet.reports.report.rules import rules
from custodiet.reports.report.summary import summary
from custodiet.reports.report.timeline import timeline
from custodiet.reports.report.totals import answers, not_counted, totals
from custodiet.reports.report.trips import trips
from custodiet.reports.report.undetermined import undetermined
from custodiet.reports.result_table import Row


class Report:
    """What the report of one edition says; a page, a table and open data are only its forms."""

    def __init__(self, disclosure: Disclosure) -> None:
        """Make every section, in order, so that figures are numbered as they are read."""
        reader = Reader(disclosure)
        self._written, rows = rows_of(reader)
        self._figures = Figures(reader)
        self.title = disclosure.audit.title
        self.edition = disclosure.edition
        self.public = reader.public
        self.summary = summary(reader, self._figures, rows)
        self.rules = rules(reader, rows)
        self.totals = totals(reader, self._figures, rows)
        self.not_counted = not_counted(reader)
        self.answers = answers(reader, self._figures, rows)
        self.timeline = timeline(reader)
        self.trips = trips(reader, self._figures, rows)
        self.undetermined = undetermined(reader, self._figures, rows)
        self.findings = findings(reader, rows)
        self.money = money(reader, self._figures)
        self.differences = differences(reader, self._figures)
        self.recommendations = recommendations(reader)
        self.precedents = precedents(reader)
        self.left_out = left_out(reader, rows)
        self.method = method(reader)
        self.figures = self._figures.all

    @property
    def rows(self) -> list[Row]:
        """The rows of results.csv, each with the numbers of the figures that it is in."""
        return [
            {**row, "figures": list(self._figures.members.get(place, ()))} for place, row in enumerate(self._written)
        ]
