"""What external providers report each quarter, and who has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.organisation.models import Body, Person, Unit
from roder.quality.models import ProviderCount, ProviderReport
from roder.quality.rules.providers import Quarter, is_late
from roder.quality.services.terms import deadline
from roder.steering.models import DeviationType

TASK = "quality.provider_quarter"
MOST = 100_000  # more than this in a quarter is a slip of the finger


@dataclass(frozen=True)
class Quarterly:
    """What a provider says of a quarter. A type that is not in ``counts`` was not counted; 0 is counted as none."""

    counts: Mapping[DeviationType, int] = field(default_factory=dict)
    nil: bool = False
    lex_sarah_reported: int = 0
    lex_sarah_notified: int = 0
    lex_sarah_outcome: str = ""
    comment: str = ""


@transaction.atomic
def open_quarter(
    committee: Body, year: int, quarter: int, *, by: Person | None = None, today: date | None = None
) -> list[ProviderReport]:
    """Open the quarter for every unit that an external provider runs and that stood in the organisation then, each
    with a task for the provider; gives those that are new. Can be done again without harm.

    ``by`` None: the clockwork opens it. Raises NotAllowedError; ValidationError for a quarter that is not over.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.PROVIDER_REPORTS, committee)
        if not overview_for(by, committee):
            raise access.NotAllowedError("Ett kvartal öppnas av den som följer upp alla utförare.")
    wanted = Quarter(year, quarter)
    if wanted.last_day >= (today or timezone.localdate()):
        raise ValidationError(f"{str(wanted).capitalize()} är inte slut. Det öppnas när det är det.")
    due = deadline(committee, "utforare_kvartal", wanted.last_day)
    opened = []
    days = DateRange(wanted.first_day, wanted.next.first_day)
    stood = Q(placements=None) | Q(placements__valid__overlap=days)
    units = Unit.objects.filter(stood, committee=committee, external=True).order_by("code").distinct()
    for unit in units:
        report, made = ProviderReport.objects.get_or_create(
            unit=unit, year=year, quarter=quarter, defaults={"committee": committee, "due_on": due}
        )
        if not made:
            continue
        opened.append(report)
        tasks.open_task(
            TASK,
            report,
            owner=tasks.Owner("provider", unit=unit),
            due=due,
            what=f"Rapportera avvikelser för {wanted}",
            by=by,
        )
    if opened:
        access.record(by, "provider.quarter_opened", committee, year=year, quarter=quarter, units=len(opened))
    return opened


def overview_for(user: Person, committee: Body) -> bool:
    """Whether somebody follows up the committee's providers (and is not one of them)."""
    return bool({"sas", "mas", "quality_strategist"} & access.roles(user, committee))


@transaction.atomic
def save_quarter(
    report: ProviderReport,
    by: Person,
    what: Quarterly,
    *,
    expected_revision: int,
    submit: bool = False,
    now: datetime | None = None,
) -> ProviderReport:
    """Save what a provider says of a quarter; ``submit`` leaves it to the municipality. What is left may be corrected:
    every version is kept, and the day it was first left stands.

    Raises NotAllowedError; StaleRecordError; ValidationError (per field) for a type that the committee does not count,
    a nil report with numbers, or nothing at all when it is left.
    """
    access.require(by, Action.EDIT, report)
    row = (
        ProviderReport.objects.select_for_update(of=("self",))
        .select_related("unit", "committee")
        .get(pk=report.pk)
    )
    _refuse(row, what, submit)
    at = now or timezone.now()
    values = {
        "nil": what.nil,
        "lex_sarah_reported": what.lex_sarah_reported,
        "lex_sarah_notified": what.lex_sarah_notified,
        "lex_sarah_outcome": what.lex_sarah_outcome.strip(),
        "comment": what.comment.strip(),
    }
    first = submit and row.submitted_at is None
    corrected = row.submitted_at is not None
    if first:
        values |= {"submitted_at": at, "submitted_by": by}
    row.save_over(expected_revision, **values)
    _set_counts(row, what.counts)
    if first:
        late = is_late(row.due_on, timezone.localdate(at), timezone.localdate(at))
        access.record(by, "provider.quarter_left", row, late=late)
        tasks.complete(TASK, row, by, at=at)
    else:
        access.record(by, "provider.quarter_corrected" if corrected else "provider.quarter_saved", row)
    return row


def _refuse(row: ProviderReport, what: Quarterly, submit: bool) -> None:
    errors: dict[str, str] = {}
    for kind, count in what.counts.items():
        if kind.committee_id != row.committee_id:
            errors["counts"] = f"{kind} räknas inte av {row.committee.short_name}."
        elif not 0 <= count <= MOST:
            errors[f"count_{kind.pk}"] = f"Antalet ska vara 0–{MOST}."
    total = sum(what.counts.values())
    if what.nil and total:
        errors["nil"] = f"Du har kryssat i att det inte fanns några, men skrivit {total}. Ta bort det ena."
    settled = submit or row.submitted_at is not None
    if settled and not what.nil and not total:
        errors["nil"] = "Skriv antal, eller kryssa i att det inte fanns några avvikelser."
    if what.lex_sarah_notified > what.lex_sarah_reported:
        errors["lex_sarah_notified"] = "Fler är anmälda till IVO än som är rapporterade. Rätta det ena."
    if what.lex_sarah_reported and settled and not what.lex_sarah_outcome.strip():
        errors["lex_sarah_outcome"] = "Skriv vad utredningen kom fram till, utan namn, eller att den pågår."
    if errors:
        raise ValidationError(errors)


def _set_counts(row: ProviderReport, counts: Mapping[DeviationType, int]) -> None:
    kept = {one.type_id: one for one in row.counts.all()}
    row.counts.exclude(type__in=counts).delete()
    for kind, count in counts.items():
        known = kept.get(kind.pk)
        if known is None:
            ProviderCount.objects.create(report=row, type=kind, count=count)
        elif known.count != count:
            known.count = count
            known.save(update_fields=["count"])


@dataclass(frozen=True)
class Cell:
    """A unit's quarter in the overview. ``tone`` is for the sign, ``words`` say the same."""

    report: ProviderReport | None
    words: str
    tone: str


@dataclass(frozen=True)
class Line:
    """A unit with its quarters, oldest first."""

    unit: Unit
    cells: tuple[Cell, ...]


def overview(user: Person, committee: Body, quarters: list[Quarter], today: date | None = None) -> list[Line]:
    """Units against quarters: left, late, waited for or never opened; as far as ``user`` may see. Two queries."""
    day = today or timezone.localdate()
    years = {one.year for one in quarters}
    found = {
        (one.unit_id, one.year, one.quarter): one
        for one in access.visible(user, ProviderReport.objects.filter(committee=committee, year__in=years))
    }
    units = Unit.objects.filter(committee=committee, external=True).order_by("name")
    if not overview_for(user, committee):
        units = units.filter(pk__in={unit for unit, _, _ in found})
    return [
        Line(
            unit,
            tuple(_cell(found.get((unit.pk, one.year, one.number)), one, day) for one in quarters),
        )
        for unit in units
    ]


def _cell(report: ProviderReport | None, quarter: Quarter, today: date) -> Cell:
    if report is None:
        words = "pågår" if quarter.last_day >= today else "inte öppnat"
        return Cell(None, words, "none")
    submitted = timezone.localdate(report.submitted_at) if report.submitted_at else None
    late = is_late(report.due_on, submitted, today)
    if submitted is None:
        return Cell(report, "försenad" if late else "väntas", "bad" if late else "none")
    if late:
        days = (submitted - report.due_on).days
        return Cell(report, f"lämnad {days} {'dag' if days == 1 else 'dagar'} för sent", "near")
    return Cell(report, "lämnad: inga" if report.nil else "lämnad", "good")
