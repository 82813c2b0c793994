"""A committee with deviations, complaints and registers to report on: Alingsås' steering model, a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from roder.figures import At, LiveSource
from roder.imports.measure_files import load_measures
from roder.measures.models import Measure, MeasureValue
from roder.organisation.loading import load_organisation
from roder.organisation.models import Body, Unit
from roder.quality.models import (
    Complaint,
    ComplaintMatter,
    Deviation,
    DeviationMatter,
    LexSarahCase,
    LexSarahDecision,
    ProviderCount,
    ProviderReport,
)
from roder.reports.base import CommentKey
from roder.reports.build import Assembly, assemble, values_of
from roder.reports.gather import gather
from roder.steering.loading import load_checked
from roder.steering.modelfile import check_file
from roder.steering.models import ComplaintSubject, DeviationCause, DeviationType, Occasion, ServiceArea

EXAMPLE = Path(__file__).parents[2] / "examples" / "alingsas"

#: type: how many in the first half of 2020, 2021 and 2022
COUNTS = {
    "fall": (48, 50, 47),
    "lakemedel": (30, 40, 60),
    "omvardnad": (9, 12, 24),
    "bemotande": (3, 4, 4),
    "informationsoverforing": (0, 2, 3),
    "dokumentation": (5, 5, 0),
    "medicinteknik": (22, 10, 22),
}
#: type, service area: how many serious in 2021 and 2022
SERIOUS = {
    ("fall", "sol_boende"): (7, 11),
    ("fall", "sol_hemtjanst"): (2, 6),
    ("fall", "privat_hemtjanst"): (0, 3),
    ("lakemedel", "sol_boende"): (6, 2),
    ("lakemedel", "lss_boende"): (0, 2),
}
#: measure, setting: the first half of 2021 and 2022
REGISTERS = {
    ("smartskattning", "eget_hem"): ("40", "62.5"),
    ("smartskattning", "sabo_korttid"): ("45", "47"),
    ("brytpunktssamtal", "eget_hem"): ("50", "66.7"),
    ("brytpunktssamtal", "sabo_korttid"): ("70", "70"),
    ("munhalsobedomning", "eget_hem"): ("30", "50"),
    ("munhalsobedomning", "sabo_korttid"): ("55", "54"),
    ("senior_alert_personer", "sabo"): ("90", "130"),
    ("senior_alert_personer", "hemtjanst"): ("30", "28"),
    ("senior_alert_munhalsa", "sabo"): ("12", "40"),
    ("senior_alert_munhalsa", "hemtjanst"): ("5", "6"),
    ("senior_alert_munhalsa_risk", ""): ("14", "38"),
    ("senior_alert_atgardsplaner", ""): ("6", "34"),
    ("bpsd_personer", ""): ("29", "36"),
    ("bpsd_registreringar", ""): ("42", "45"),
}


@contextmanager
def kept(blocker: Any) -> Iterator[None]:
    """The database for a module: what is written is taken back when the module's documents are made."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def committee() -> Body:
    """Alingsås' organisation, steering model and key figures, with nothing registered."""
    body = load_organisation(EXAMPLE / "organisation.yaml")[0]
    load_checked(body, check_file(EXAMPLE / "styrmodell.yaml"))
    load_measures(EXAMPLE / "matt.yaml", body)
    return body


def fill(body: Body) -> None:
    """Register what the tables above say."""
    _deviations(body)
    _lex_sarah(body)
    _complaints(body)
    _providers(body)
    registers(body, REGISTERS, (date(2021, 1, 1), date(2021, 7, 1)), (date(2022, 1, 1), date(2022, 7, 1)))


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def _deviations(body: Body) -> None:
    kinds = {one.code: one for one in DeviationType.objects.filter(committee=body)}
    causes = {one.code: one for one in DeviationCause.objects.filter(committee=body)}
    areas = list(ServiceArea.objects.filter(committee=body).order_by("position"))
    unit = Unit.objects.get(committee=body, code="81160")
    made: list[tuple[Deviation, str, str]] = []

    def add(day: date, kind: str, area: ServiceArea | None = None, cause: str = "", **more: Any) -> None:
        at = moment(day)
        one = Deviation(
            committee=body, municipality_id=body.municipality_id, number=f"{day.year}-{len(made) + 1:04d}", unit=unit,
            occurred_at=at, discovered_at=at, reported_at=at, service_area=area or areas[len(made) % 2], law="sol",
            **more,
        )  # fmt: skip
        made.append((one, kind, cause))

    for kind, counts in COUNTS.items():
        for year, count in zip((2020, 2021, 2022), counts, strict=True):
            serious = {code: _serious(kind, code, year) for code in (area.code for area in areas)}
            for number in range(count):
                day = date(year, 1, 3) + timedelta(days=(number * 7) % 175)
                code = next((code for code, left in serious.items() if left), "")
                serious[code] = serious.get(code, 1) - 1
                area = next((one for one in areas if one.code == code), None)
                cause = "ej_signerad" if kind == "lakemedel" and number % 3 else ""
                closed = {"state": "closed", "closed_at": moment(day)} if number % 2 else {}
                classified = moment(day) if number % 5 < 2 else None
                add(day, kind, area, cause, severity=3 if code else 1, serious=bool(code), classified_at=classified,
                    **closed)  # fmt: skip
    for year, sent, received in ((2021, 5, 12), (2022, 33, 21)):
        for number in range(sent + received):
            direction = "till_region" if number < sent else "fran_region"
            counterpart = "hospital" if number % 3 else "primary"
            add(date(year, 2, 1), "lakemedel", direction=direction, counterpart=counterpart)
    Deviation.objects.bulk_create([one for one, _, _ in made])
    DeviationMatter.objects.bulk_create(
        DeviationMatter(deviation=one, type=kinds[kind], cause=causes.get(cause)) for one, kind, cause in made
    )


def _serious(kind: str, area: str, year: int) -> int:
    return SERIOUS.get((kind, area), (0, 0))[year - 2021] if year > 2020 else 0


def _lex_sarah(body: Body) -> None:
    """Decided between two meetings: one, two in one decision, and one that was reported the year before. One before
    that, and one from a provider."""
    area = ServiceArea.objects.get(committee=body, code="sol_boende")
    for outcome, decided, line, cases in (
        (
            "not_misconduct",
            date(2022, 6, 10),
            "Utebliven dusch. Ingen brist i verksamheten.",
            [date(2022, 5, 20)],
        ),
        (
            "misconduct",
            date(2022, 8, 30),
            "Larm besvarades sent två nätter.",
            [date(2022, 7, 1), date(2022, 7, 2)],
        ),
        ("serious", date(2022, 9, 5), "", [date(2021, 12, 20)]),
        ("misconduct", date(2022, 3, 1), "Före förra sammanträdet.", [date(2022, 2, 1)]),
    ):
        decision = LexSarahDecision.objects.create(
            committee=body, outcome=outcome, decided_on=decided, line=line
        )
        for day in cases:
            notified = (
                {"state": "notified", "notified_on": decided}
                if outcome == "serious"
                else {"state": "decided"}
            )
            LexSarahCase.objects.create(
                committee=body, municipality_id=body.municipality_id, number=f"{day:%Y}-{day:%m%d}", service_area=area,
                reported_at=moment(day), decision=decision, **notified,
            )  # fmt: skip
    LexSarahCase.objects.create(
        committee=body, municipality_id=body.municipality_id, number="2022-0301", external=True,
        reported_at=moment(date(2022, 3, 1)),
    )  # fmt: skip


def _complaints(body: Body) -> None:
    subjects = list(ComplaintSubject.objects.filter(committee=body).order_by("position"))
    for year, count in ((2020, 30), (2021, 31), (2022, 24)):
        for number in range(count):
            made = Complaint.objects.create(
                committee=body, municipality_id=body.municipality_id, number=f"{year}.{number:03d} VON",
                received_at=moment(date(year, 1 + number % 6, 5)), kind="synpunkt" if number % 4 == 0 else "klagomal",
                channel="post", complainant="anhorig" if number % 2 else "brukare",
                acknowledged_at=moment(date(year, 1 + number % 6, 6)),
                **({"answered_at": moment(date(year, 6, 20)), "state": "answered"} if number % 3 else {}),
            )  # fmt: skip
            subject = subjects[0] if number < 3 else subjects[number % len(subjects)]
            ComplaintMatter.objects.create(complaint=made, subject=subject)


def _providers(body: Body) -> None:
    unit = Unit.objects.get(committee=body, code="ginstgarden")
    for quarter, count in ((1, 4), (2, 3)):
        report = ProviderReport.objects.create(
            committee=body, unit=unit, year=2022, quarter=quarter, due_on=date(2022, quarter * 3 + 1, 15),
            submitted_at=moment(date(2022, quarter * 3 + 1, 11)),
        )  # fmt: skip
        kind = DeviationType.objects.get(committee=body, code="bemotande")
        ProviderCount.objects.create(report=report, type=kind, count=count)


def registers(body: Body, values: Any, *periods: tuple[date, date]) -> None:
    """Values of measures by setting, one for each period; measures that the example lacks are made."""
    for code, setting in values:
        unit = "%" if code in ("smartskattning", "brytpunktssamtal", "munhalsobedomning") else "antal"
        measure, _ = Measure.objects.get_or_create(
            committee=body,
            code=code,
            defaults={"title": code, "unit": unit, "decimals": 1 if unit == "%" else 0},
        )
        for (start, end), value in zip(periods, values[code, setting], strict=True):
            MeasureValue.objects.create(
                measure=measure, part=setting, period_start=start, period_end=end, value=value
            )


def occasion(body: Body, code: str) -> Occasion:
    """An occasion by its code, with what a report reads of it."""
    return Occasion.objects.select_related("committee__municipality", "model").get(committee=body, code=code)


def assembled(
    body: Body, code: str, kind: str, comments: dict[CommentKey, str] | None = None, *, draft: bool = True
) -> Assembly:
    """A report at an occasion, on the live database."""
    at_occasion = occasion(body, code)
    at = At.of(at_occasion)
    with LiveSource(body) as source:
        made = assemble(
            kind, values_of(source, at), comments or {}, gather(at_occasion, source, at, draft=draft)
        )
        for name in {ref.name for ref in made.values.printed}:
            made.values.known(name)  # read while there is a database
        return made
