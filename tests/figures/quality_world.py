"""Deviations, lex Sarah and Maria, complaints and providers' reports for a world: one by one, or drawn from a seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from roder.casework.models import CaseworkEvent
from roder.measures.models import MeasureValue
from roder.organisation.models import Unit
from roder.quality.models import (
    Complaint,
    ComplaintMatter,
    Deviation,
    DeviationMatter,
    LexMariaCase,
    LexSarahCase,
    LexSarahDecision,
    ProviderCount,
    ProviderReport,
    Step,
)
from roder.steering.models import ComplaintSubject, DeviationCause, DeviationType, ServiceArea
from tests.figures.world import World, measure

TYPES = {"fall": ("egen_aktivitet",), "lakemedel": ("dos_ej_given", "ej_signerad"), "bemotande": ()}
AREAS = ("boende", "hemtjanst", "privat")


def words(world: World) -> None:
    """The types, causes, areas and subjects of a committee."""
    committee = world.committee
    for place, (code, causes) in enumerate(TYPES.items()):
        kind = DeviationType.objects.create(
            committee=committee, code=code, label=code.capitalize(), position=place
        )
        for number, cause in enumerate(causes):
            DeviationCause.objects.create(
                committee=committee, type=kind, code=cause, label=cause.replace("_", " "), position=number
            )
    for place, code in enumerate(AREAS):
        ServiceArea.objects.create(committee=committee, code=code, label=code.capitalize(), position=place)
    for code in ("utforande", "bemotande"):
        ComplaintSubject.objects.create(committee=committee, code=code, label=code.capitalize())


def moment(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def deviation(world: World, reported: date | datetime, *kinds: str, **more: Any) -> Deviation:
    """A deviation of some types (``type`` or ``type/cause``); ``omrade`` is the code of its service area."""
    at = reported if isinstance(reported, datetime) else moment(reported)
    committee, area = world.committee, more.pop("omrade", None)
    more.setdefault("occurred_at", at)
    more.setdefault("discovered_at", more["occurred_at"])
    more.setdefault("unit", world.units["vof"])
    more.setdefault("law", "sol")
    if more.get("closed_at"):
        more.setdefault("state", "closed")
    found = Deviation.objects.create(
        committee=committee,
        municipality_id=committee.municipality_id,
        number=more.pop("number", f"{at.year}-{Deviation.objects.count() + 1:04d}"),
        reported_at=at,
        service_area=ServiceArea.objects.get(committee=committee, code=area) if area else None,
        **more,
    )
    for kind in kinds:
        code, _, cause = kind.partition("/")
        of = DeviationType.objects.get(committee=committee, code=code)
        DeviationMatter.objects.create(
            deviation=found,
            type=of,
            cause=DeviationCause.objects.get(type=of, code=cause) if cause else None,
        )
    return found


def lex_sarah(
    world: World, reported: date, outcome: str = "", decided: date | None = None, **more: Any
) -> LexSarahCase:
    """A lex Sarah case, decided when ``outcome`` is given."""
    committee = world.committee
    decision = None
    if outcome:
        decision = LexSarahDecision.objects.create(committee=committee, outcome=outcome, decided_on=decided)
        more.setdefault("state", "decided")
    return LexSarahCase.objects.create(
        committee=committee,
        municipality_id=committee.municipality_id,
        number=more.pop("number", f"{reported.year}-{LexSarahCase.objects.count() + 1:03d}"),
        reported_at=moment(reported),
        decision=decision,
        **more,
    )


def complaint(world: World, received: date, *subjects: str, **more: Any) -> Complaint:
    """A complaint about some subjects."""
    committee = world.committee
    found = Complaint.objects.create(
        committee=committee,
        municipality_id=committee.municipality_id,
        number=more.pop("number", f"VON {received.year}/{Complaint.objects.count() + 1}"),
        received_at=moment(received),
        kind=more.pop("kind", "klagomal"),
        channel=more.pop("channel", "post"),
        **more,
    )
    for subject in subjects:
        ComplaintMatter.objects.create(
            complaint=found, subject=ComplaintSubject.objects.get(committee=committee, code=subject)
        )
    return found


def provider_report(
    world: World, unit: Unit, year: int, quarter: int, submitted: date | None, **counts: int
) -> ProviderReport:
    """A provider's report for a quarter, due on the 15th of the month after; ``counts`` per type."""
    due = date(year + (quarter == 4), quarter % 4 * 3 + 1, 15)
    report = ProviderReport.objects.create(
        committee=world.committee, unit=unit, year=year, quarter=quarter, due_on=due, nil=not counts,
        lex_sarah_reported=1, submitted_at=moment(submitted) if submitted else None,
    )  # fmt: skip
    for code, count in counts.items():
        kind = DeviationType.objects.get(committee=world.committee, code=code)
        ProviderCount.objects.create(report=report, type=kind, count=count)
    return report


def generated_quality(world: World, random: Random) -> None:
    """Rows in every table of quality, with holes in them."""
    words(world)
    units, start = list(world.units.values()), date(2020, 3, 1)
    for number in range(60):
        day = start + timedelta(days=random.randrange(1000))
        at = moment(day, random.randrange(24), random.randrange(60))
        kinds = random.sample(
            ("fall", "fall/egen_aktivitet", "lakemedel/ej_signerad", "lakemedel/dos_ej_given", "bemotande"),
            random.randrange(3),
        )
        classified = at + timedelta(minutes=random.randrange(20_000)) if random.random() < 0.6 else None
        closed = at + timedelta(minutes=random.randrange(90_000)) if random.random() < 0.6 else None
        severity = random.randint(1, 4) if random.random() < 0.8 else None
        made = deviation(
            world, at, *kinds,
            number=f"{number}",
            occurred_at=at - timedelta(minutes=random.randrange(5_000)),
            omrade=random.choice((None, *AREAS)),
            unit=random.choice(units),
            direction=random.choice(("intern", "intern", "intern", "till_region", "fran_region", "extern_utforare")),
            counterpart=random.choice(("", "primary", "hospital")),
            severity=severity, serious=bool(severity and severity > 2), classified_at=classified, closed_at=closed,
        )  # fmt: skip
        for code in random.sample(("facts", "assessment", "decision"), 2):
            Step.objects.create(
                deviation=made, code=code, due_at=at + timedelta(days=1),
                done_at=at + timedelta(minutes=random.randrange(3_000)) if random.random() < 0.7 else None,
            )  # fmt: skip
    for number in range(8):
        day = start + timedelta(days=random.randrange(880))
        decided = day + timedelta(days=random.randrange(200))
        outcome = random.choice(("", "misconduct", "serious", "not_misconduct"))
        noticed = decided if outcome == "serious" else None
        lex_sarah(world, day, outcome, decided, number=f"{number}", external=number == 7, notified_on=noticed)
    for day in (date(2021, 5, 1), date(2022, 2, 2)):
        event = deviation(world, day, "fall", number=f"m{day}")
        LexMariaCase.objects.create(
            committee=world.committee, municipality_id=world.committee.municipality_id, number=f"{day}",
            deviation=event, unit=event.unit, opened_at=moment(day), due_on=day + timedelta(days=60),
            notified_on=day + timedelta(days=random.randrange(80)),
        )  # fmt: skip
    for number in range(12):
        day = start + timedelta(days=random.randrange(900))
        answered = day + timedelta(days=random.randrange(90)) if random.random() < 0.5 else None
        complaint(
            world, day, *random.sample(("utforande", "bemotande"), random.randrange(3)),
            number=f"{number}", kind=random.choice(("klagomal", "synpunkt", "berom")),
            complainant=random.choice(("", "anhorig", "okand")), anonymous=random.random() < 0.2,
            acknowledged_at=moment(day) if random.random() < 0.8 else None,
            answered_at=moment(answered) if answered else None, concerns_declaration=random.random() < 0.4,
        )  # fmt: skip
    register = measure(world, "register", "antal", 0)
    for year in (2021, 2022):
        for comparison in ("kommun", "riket"):
            MeasureValue.objects.create(
                measure=register, period_start=date(year, 1, 1), period_end=date(year, 7, 1), part="sabo",
                comparison=comparison, value=random.randrange(99), status="final",
            )  # fmt: skip
    for quarter in (1, 2):
        for unit in units:
            for year in (2021, 2022):
                submitted = (
                    date(year, quarter * 3 + 1, random.randint(1, 28)) if random.random() < 0.8 else None
                )
                provider_report(world, unit, year, quarter, submitted, fall=random.randrange(9))
    for number in range(6):
        day = date(2022, 1, 1) + timedelta(days=random.randrange(100))
        for kind, days in (("received", 0), ("assigned", random.randrange(99)), ("decided", 120)):
            CaseworkEvent.objects.create(
                committee=world.committee, unit=random.choice((None, *units)), reference=f"r{number}", kind=kind,
                at=moment(day + timedelta(days=days)),
            )  # fmt: skip
