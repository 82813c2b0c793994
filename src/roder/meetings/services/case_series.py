"""The numbers of a committee's cases: its series, the next number, and the case that a number means."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from roder import access
from roder.access.matrix import Action, Resource
from roder.access.rights import User
from roder.meetings.models import Case, CaseSeries
from roder.meetings.rules import numbers
from roder.organisation.models import Body, Person

_KEYS_TRIED = 2_000


def series_of(committee: Body, year: int) -> CaseSeries:
    """The committee's series of the year. A new year follows the pattern of the last one before it."""
    found = CaseSeries.objects.filter(committee=committee, year=year).first()
    if found is not None:
        return found
    before = CaseSeries.objects.filter(committee=committee, year__lt=year).order_by("-year").first()
    pattern = before.pattern if before else numbers.default_pattern(committee.short_name)
    return CaseSeries.objects.get_or_create(committee=committee, year=year, defaults={"pattern": pattern})[0]


def set_series(committee: Body, year: int, by: Person | None, *, pattern: str, last: int) -> CaseSeries:
    """Say how the numbers of a year are written and which was the last one given (in another system, say).

    ``by`` None is the operator at the command line. Whoever sets up the committee may too: its administrator.
    Raises ValidationError for a pattern that gives no numbers, and for a last number before one that Roder has given.
    """
    if by is not None and not access.may(by, Action.ADMINISTER, Resource.ORGANISATION, committee):
        access.require(by, Action.DECIDE, Resource.CASES, committee)
    try:
        numbers.check_pattern(pattern)
    except numbers.PatternError as error:
        raise ValidationError({"pattern": str(error)}) from error
    with transaction.atomic():
        series = CaseSeries.objects.select_for_update().get(pk=series_of(committee, year).pk)
        if last < series.last:
            raise ValidationError(
                {"last": f"Nummer {series.last} är redan givet {year}. Skriv {series.last} eller mer."}
            )
        series.pattern, series.last = pattern.strip(), last
        series.full_clean()
        series.save()
        access.record(by, "case.series_set", f"{committee.slug}/{year}", pattern=series.pattern, last=last)
    return series


def writes_year_last(committee: Body) -> bool:
    """Whether the committee's numbers end with the year, by its latest series."""
    patterns = CaseSeries.objects.filter(committee=committee).order_by("-year")
    return numbers.year_is_last(patterns.values_list("pattern", flat=True).first() or "")


def key_of(committee: Body, number: str) -> str:
    """The key of a number as the committee writes its numbers."""
    return numbers.key(number, year_last=writes_year_last(committee))


def next_number(committee: Body, year: int) -> str:
    """The next number that no case has, in the transaction one is in."""
    series = series_of(committee, year)
    for _ in range(_KEYS_TRIED):
        text = numbers.write(series.pattern, year, series.next_number())
        if not Case.objects.filter(committee=committee, number_key=key_of(committee, text)).exists():
            return text
    raise ValidationError(
        {"number": "Seriens nummer är upptagna. Ange seriens senaste nummer under Diarieserie."}
    )


def by_number(rows: QuerySet[Case], committee: Body, text: str) -> QuerySet[Case]:
    """The cases of ``rows`` with the number, however it is spelled; without its letters too when they are left out."""
    key = key_of(committee, text)
    found = numbers.parse(key)
    condition = Q(number_key=key)
    if found is not None:
        case = found.case.key
        condition |= Q(number_key=case)
        if not found.prefix:
            condition |= Q(number_key__startswith=f"{case}-") & ~Q(number_key__contains="/")
    return rows.filter(condition)


def find_case(committee: Body, text: str) -> Case | None:
    """The committee's case with the number, in any spelling; a document's number finds its case. None when there is
    none, or more than one. Access is not asked: what is shown of it must be."""
    found = list(by_number(Case.objects.filter(committee=committee), committee, text)[:3])
    exact = [one for one in found if one.number_key == key_of(committee, text)]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def free_key(committee: Body, number: str, by: User, but: int | None = None) -> str:
    """The key of a number that no other case has. Raises ValidationError at the field."""
    text = " ".join(number.split())
    key = key_of(committee, text)
    if key == "=":
        raise ValidationError({"number": "Skriv ett diarienummer, till exempel 2022.228 VON."})
    others = Case.objects.filter(committee=committee, number_key=key)
    taken = others.exclude(pk=but).first() if but is not None else others.first()
    if taken is not None:
        seen = access.may(by, Action.VIEW, taken)
        which = f"{taken.number} {taken.title}" if seen else "ett annat ärende"
        raise ValidationError(
            {"number": f"Numret är upptaget: det är samma nummer som {which}. Välj ett annat."}
        )
    return key
