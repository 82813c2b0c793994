"""Critical factors: planned, decided by the administration, told to the committee, followed up (5.3).

How they go is read in ``factor_rows``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from roder import access
from roder.access import Action, Resource
from roder.control.models import CriticalFactor, FactorMeasure, FactorReview, Risk
from roder.control.rules import factors as rules
from roder.control.services.keeping import refuse, saved, today
from roder.control.services.risks import created_from
from roder.core.models import Link
from roder.core.put import created
from roder.measures.models import Measure
from roder.measures.proposals import years_of
from roder.organisation.models import Body, Person
from roder.steering.models import Occasion
from roder.steering.services import current_version, parsed

# --- what is planned -------------------------------------------------------------------------------------------------


def perspectives(committee: Body, year: int) -> dict[str, str]:
    """The perspectives of the year's steering model, code and label in order. {} when it has none."""
    version = current_version(committee, year)
    model = parsed(version) if version is not None else None
    found = model.critical_factors.perspectives if model is not None and model.critical_factors else ()
    return {one.code: one.label for one in found}


def _perspective(committee: Body, year: int, code: str) -> str:
    known = perspectives(committee, year)
    if not known:
        raise ValidationError(
            f"Styrmodellen för {year} har inga perspektiv för kritiska faktorer. Lägg till dem i styrmodellen först."
        )
    if code not in known:
        refuse({"perspective": f"Välj ett av styrmodellens perspektiv: {', '.join(known.values())}."})
    return code


@transaction.atomic
def add_factor(
    committee: Body,
    year: int,
    by: Person,
    *,
    perspective: str,
    title: str,
    description: str = "",
    risk: Risk | None = None,
    source: str = "",
) -> CriticalFactor:
    """Add a critical factor of the year, in one of the steering model's perspectives.

    Raises NotAllowedError; ValidationError at the field.
    """
    access.require(by, Action.EDIT, Resource.FACTORS, committee)
    last = CriticalFactor.objects.filter(committee=committee, year=year).aggregate(last=Max("position"))[
        "last"
    ]
    if risk is not None and risk.analysis.committee_id != committee.pk:
        refuse({"risk": "Välj en av nämndens egna risker."})
    factor = created(
        CriticalFactor(
            committee=committee, year=year, perspective=_perspective(committee, year, perspective),
            title=" ".join(title.split()), description=description.strip(), risk=risk, position=(last or 0) + 1,
            source=source,
        )
    )  # fmt: skip
    _came_of(factor, None, by)
    access.record(by, "factor.added", factor, year=year)
    return factor


def _came_of(factor: CriticalFactor, before: Risk | None, by: Person) -> None:
    """Let the link from the risk follow the factor's own risk."""
    if before is not None and before != factor.risk:
        Link.objects.filter(
            source_kind=Risk.record_kind(), source_id=before.pk, kind=Link.Kind.LED_TO,
            target_kind=CriticalFactor.record_kind(), target_id=factor.pk,
        ).delete()  # fmt: skip
    if factor.risk is not None:
        created_from(factor.risk, factor, by)


@transaction.atomic
def change_factor(
    factor: CriticalFactor, by: Person, *, expected_revision: int | None = None, **values: Any
) -> CriticalFactor:
    """Change a factor. Raises NotAllowedError; ValidationError at the field; StaleRecordError."""
    access.require(by, Action.EDIT, factor)
    if "perspective" in values:
        _perspective(factor.committee, factor.year, values["perspective"])
    before = factor.risk
    saved(factor, expected_revision, **values)
    _came_of(factor, before, by)
    access.record(by, "factor.changed", factor)
    return factor


@transaction.atomic
def remove_factor(factor: CriticalFactor, by: Person) -> None:
    """Take a factor away that is not decided. Raises NotAllowedError; ValidationError when it is decided."""
    access.require(by, Action.EDIT, factor)
    if factor.decided_on is not None or factor.reviews.exists():
        raise ValidationError(
            "Faktorn är beslutad eller uppföljd och finns kvar. Ta i stället inte med den nästa år."
        )
    access.record(by, "factor.removed", factor)
    factor.delete()


@transaction.atomic
def add_measure(
    factor: CriticalFactor,
    by: Person,
    measure: Measure,
    *,
    number: int | None = None,
    times_a_year: int | None = None,
    reported_in: Sequence[str] = (),
    footnote: str = "",
) -> FactorMeasure:
    """Let a measure show how a factor goes. Rows are numbered through the year's register.

    Raises NotAllowedError; ValidationError at the field, also when the measure is the factor's already.
    """
    access.require(by, Action.EDIT, factor)
    if measure.committee_id != factor.committee_id:
        refuse({"measure": "Välj ett av nämndens egna nyckeltal."})
    rows = FactorMeasure.objects.filter(factor__committee=factor.committee_id, factor__year=factor.year)
    row = created(
        FactorMeasure(
            factor=factor, measure=measure, number=number or (rows.aggregate(last=Max("number"))["last"] or 0) + 1,
            times_a_year=times_a_year, reported_in=[one.strip() for one in reported_in if one.strip()],
            footnote=footnote.strip(),
        )
    )  # fmt: skip
    access.record(by, "factor.measure_added", factor, measure=measure.code)
    return row


@transaction.atomic
def remove_measure(row: FactorMeasure, by: Person) -> None:
    """Take a measure away from its factor. Its values are kept. Raises NotAllowedError."""
    access.require(by, Action.EDIT, row)
    access.record(by, "factor.measure_removed", row.factor, measure=row.measure.code)
    row.delete()


@transaction.atomic
def decide_factors(committee: Body, year: int, by: Person, on: date | None) -> int:
    """The administration decides the year's factors that are not decided. Gives how many.

    Raises NotAllowedError; ValidationError: no day, a day to come, nothing to decide, a factor without any measure.
    """
    access.require(by, Action.DECIDE, Resource.FACTORS, committee)
    rows = list(
        CriticalFactor.objects.filter(committee=committee, year=year, decided_on=None)
        .select_for_update()
        .prefetch_related("measures")
    )
    if on is None or on > today():
        refuse({"decided_on": "Ange vilken dag faktorerna beslutades. Dagen ska ha varit."})
    if not rows:
        raise ValidationError("Det finns ingen faktor att besluta.")
    if bare := [one.title for one in rows if not one.measures.all()]:
        raise ValidationError(
            f"Utan nyckeltal går faktorn inte att följa upp: {'; '.join(bare)}. Lägg till ett."
        )
    for row in rows:
        saved(row, None, decided_on=on)
        access.record(by, "factor.decided", row)
    return len(rows)


@transaction.atomic
def tell_committee(committee: Body, year: int, by: Person, on: date | None) -> int:
    """Write down that the year's factors were told to the committee. Gives how many.

    Raises NotAllowedError; ValidationError at the field: not decided, or told before that.
    """
    access.require(by, Action.EDIT, Resource.FACTORS, committee)
    rows = list(
        CriticalFactor.objects.filter(committee=committee, year=year, told_on=None).select_for_update()
    )
    if not rows:
        raise ValidationError("Det finns ingen faktor som inte redan är anmäld till nämnden.")
    for row in rows:
        refuse(rules.told_faults(row.decided_on, on, today()))
        saved(row, None, told_on=on)
        access.record(by, "factor.told", row, on=str(on))
    return len(rows)


@transaction.atomic
def carry_over(committee: Body, year: int, by: Person) -> tuple[list[CriticalFactor], list[Measure]]:
    """Take last year's factors with their measures into the year; those that are there already are left alone. A risk
    follows to the year's own analysis. Gives the new factors, and the measures that have no target for the year.

    Raises NotAllowedError; ValidationError when last year has none, or a perspective no longer exists.
    """
    access.require(by, Action.EDIT, Resource.FACTORS, committee)
    old = list(_factors(committee, year - 1).prefetch_related("measures__measure").select_related("risk"))
    if not old:
        raise ValidationError(f"Det finns inga kritiska faktorer för {year - 1} att ta med.")
    known = perspectives(committee, year)
    if gone := sorted({one.perspective for one in old} - set(known)):
        raise ValidationError(
            f"Styrmodellen för {year} saknar perspektivet {', '.join(gone)}. Lägg till det först."
        )
    has = set(_factors(committee, year).values_list("title", flat=True))
    later = {
        one.previous_id: one
        for one in Risk.objects.filter(
            previous__in=[one.risk_id for one in old if one.risk_id], analysis__year=year
        )
    }
    made, measures = [], {}
    for one in old:
        if one.title in has:
            continue
        factor = created(
            CriticalFactor(
                committee=committee, year=year, perspective=one.perspective, title=one.title,
                description=one.description, risk=later.get(one.risk_id), position=one.position, source=one.source,
            )
        )  # fmt: skip
        for row in one.measures.all():
            created(
                FactorMeasure(
                    factor=factor, measure=row.measure, number=row.number, times_a_year=row.times_a_year,
                    reported_in=row.reported_in, footnote=row.footnote,
                )
            )  # fmt: skip
            measures[row.measure_id] = row.measure
        _came_of(factor, None, by)
        access.record(by, "factor.carried_over", factor, source=one.gid)
        made.append(factor)
    entries = years_of(measures.values(), year)
    return made, [entry.measure for entry in entries.values() if entry.target is None]


@transaction.atomic
def review_factor(
    factor: CriticalFactor,
    occasion: Occasion,
    by: Person,
    analysis: str,
    action: str = "",
    *,
    expected_revision: int | None = None,
) -> FactorReview:
    """Say how a factor goes at an occasion and what is done. Said again, it is changed: history keeps both.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError when somebody else wrote in between.
    """
    access.require(by, Action.EDIT, factor)
    if occasion.committee_id != factor.committee_id or occasion.year != factor.year:
        refuse({"occasion": "Välj ett av årets tillfällen."})
    if not analysis.strip():
        refuse({"analysis": "Skriv hur det går för faktorn."})
    row = FactorReview.objects.filter(factor=factor, occasion=occasion).first()
    if row is None:
        row = created(
            FactorReview(
                committee=factor.committee, factor=factor, occasion=occasion, analysis=analysis.strip(),
                action=action.strip(), written_by=by,
            )
        )  # fmt: skip
    else:  # written by somebody since the form was opened empty: revision 0 is never what stands
        saved(row, 0 if expected_revision is None else expected_revision, analysis=analysis.strip(),
              action=action.strip(), written_by=by)  # fmt: skip
    access.record(by, "factor.reviewed", factor, occasion=occasion.code)
    return row


def _factors(committee: Body, year: int) -> QuerySet[CriticalFactor]:
    return CriticalFactor.objects.filter(committee=committee, year=year)
