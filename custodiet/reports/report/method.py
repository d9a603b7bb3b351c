"""How the report was made: method, standards, versions, hashes, and the corrections of what was published."""

from dataclasses import dataclass

from custodiet.audit.version import program_version
from custodiet.reports.report.reader import Reader

METHOD = (
    "Every record was decided by every policy of the pack for its type, except the rows set aside.",
    "A condition is yes, no or unknown. What nobody recorded stays unknown; it never becomes zero, no or a default.",
    "An answer that depends on a missing fact is undetermined, between the least and the greatest possible sum.",
    "A formula is exact and rounded once, at its end, as its policy says; the parts of a split add up to the cent.",
    "A figure is added up from the rows of results.csv that have its number, and from nothing else.",
)

STANDARDS = (
    ("three truth values", "S. C. Kleene's strong connectives: unknown and no is no, unknown or yes is yes"),
    ("canonical entries", "RFC 8785"),
    ("the tree over the entries", "SHA-256 Merkle tree with the prefixes of RFC 6962, section 2.1"),
    ("results.csv", "RFC 4180, with a line feed at the end of each line"),
    ("amounts and currencies", "ISO 4217"),
    ("dates", "ISO 8601-1"),
    ("this page", "WCAG 2.2, levels A and AA"),
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a published report said, and what it says now."""

    report: str
    place: str
    said: str
    says_now: str
    why: str
    corrected_by: str
    corrected_on: str


@dataclass(frozen=True, slots=True)
class Method:
    """From what the report was made, and how."""

    method: tuple[str, ...]
    standards: tuple[tuple[str, str], ...]
    proof: tuple[tuple[str, str, str, str], ...]
    """Of each step that decides: its standard of proof, who bears the burden, and the law."""
    pins: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    corrections: tuple[Correction, ...]


def method(reader: Reader) -> Method:
    """What anyone needs to make the same report again."""
    audit = reader.audit
    as_of, pack, procedure = audit.view.as_of, audit.pack, audit.pack.procedure
    names = ("report", "place", "said", "says_now", "why", "corrected_by", "corrected_on")
    return Method(
        METHOD,
        STANDARDS,
        tuple(
            (step.name, step.standard_of_proof, step.burden or "nobody", step.citation)
            for step in (procedure.steps if procedure else ())
            if step.standard_of_proof
        ),
        (
            ("Docket", audit.title),
            ("Ledger", f"{as_of.size:,} entries, as recorded at {as_of.recorded_at}"),
            ("Pack", f"{pack.name} {pack.version}".strip()),
            ("Program", program_version()),
            ("Prepared by", reader.prepared_by),
        ),
        (("Root of the ledger", as_of.root), ("SHA-256 of the pack", pack.hash)),
        tuple(Correction(*(reader.say(each, name) for name in names)) for each in reader.facts.of("correction")),
    )
