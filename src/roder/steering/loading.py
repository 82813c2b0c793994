"""Loading a steering model into the database: the version, the words that rows point at, and the year's occasions."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import Record
from roder.core.put import put
from roder.core.words import MONTHS
from roder.organisation.models import Body, Person
from roder.steering.modelfile import Checked, SteeringModel, check_text, code_for, to_data
from roder.steering.modelfile.economy import AccountRow as RowOfFile
from roder.steering.modelfile.parts import Term as TermOfFile
from roder.steering.models import (
    AccountGroup,
    AccountRow,
    ComplaintSubject,
    DeviationCause,
    DeviationType,
    InvestmentCategory,
    Occasion,
    ServiceArea,
    ServiceCode,
    SteeringModelVersion,
    Support,
    Term,
)
from roder.steering.phases import open_phases

COUNTED_IN = {"persons": "personer", "places": "platser", "hours": "timmar"}


class ModelFault(UserFault):
    """A steering model with faults, or for another committee. Nothing has been loaded."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        count = len(self.lines)
        super().__init__("\n".join([*self.lines, f"{count} fel; ingenting har lästs in."]))


def load_model(
    committee: Body, text: str, name: str = "styrmodell.yaml", by: Person | None = None
) -> SteeringModelVersion:
    """Check a steering model and make it the committee's latest version of its year.

    The same text as the latest version gives that version back. Words (account groups, services, categories,
    supports) are added or renamed, never removed: rows point at them. Occasions that the model no longer has go,
    unless something has been reported at them.

    Raises NotAllowedError; ModelFault with every fault (``name`` stands before each) when the model is faulty or is
    another committee's. ``by`` None is the operator at the command line.
    """
    return load_checked(committee, check_text(text, name), by)


def load_checked(committee: Body, checked: Checked, by: Person | None = None) -> SteeringModelVersion:
    """As ``load_model``, for a file that has been checked already."""
    return load_version(committee, checked, by)[0]


@dataclass(frozen=True)
class BuildsOn:
    """The version that somebody had before them when they changed the text; None when there was none."""

    version: SteeringModelVersion | None


def load_version(
    committee: Body, checked: Checked, by: Person | None = None, builds_on: BuildsOn | None = None
) -> tuple[SteeringModelVersion, bool]:
    """As ``load_checked``, and whether the version is new: the text may be that of the latest one.

    ``builds_on``: then ModelFault too when the year's latest version is another, which the person has not seen.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.STEERING, committee)
    model = checked.model
    if model is None:
        raise ModelFault(checked.lines())
    _require_same_committee(checked, model, committee)
    digest = hashlib.sha256(checked.text.encode()).hexdigest()
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=committee.pk)  # two loaders at once: one after the other
        latest = (
            SteeringModelVersion.objects.filter(committee=committee, year=model.year)
            .order_by("-version")
            .first()
        )
        if latest is not None and latest.sha256 == digest:
            return latest, False
        if builds_on is not None and latest is not None and latest != builds_on.version:
            raise ModelFault([f"{checked.name}: {_unseen(latest, builds_on)}"])
        others = _of_other_years(model, committee)
        _require_own_occasions(checked, model, others)
        version = SteeringModelVersion.objects.create(
            committee=committee,
            year=model.year,
            version=latest.version + 1 if latest else 1,
            content=to_data(model),
            source=checked.text,
            sha256=digest,
            loaded_by=by,
        )
        rows = SteeringModelVersion.objects.filter(committee=committee, year__gt=model.year)
        adds = rows.exists()  # a later year's model has said what the words are now
        groups = _account_groups(committee, model.accounts.rows, adds)
        _account_rows(version, model.accounts.rows, groups)
        if model.services:
            _terms(ServiceCode, committee, model.services.rows, adds)
        if model.investments:
            _terms(InvestmentCategory, committee, model.investments.categories, adds)
        _supports(committee, model, adds)
        _quality(committee, model, adds)
        _occasions(version, model, others)
        try:
            open_phases(version)
        except ValidationError as error:  # a phase becomes a task, which people read
            raise ModelFault(
                [f"{checked.name}: occasions, phases: {one}" for one in error.messages]
            ) from error
        access.record(
            by, "steering.model_loaded", version, year=model.year, version=version.version, sha256=digest
        )
    return version, True


def faults_here(checked: Checked, committee: Body) -> list[str]:
    """What hinders a faultless text from being this committee's model: it is another's, or takes over occasions of
    another year. Each line as loading says it; what saving would say is said when the text is only checked."""
    if checked.model is None:
        return []
    try:
        _require_same_committee(checked, checked.model, committee)
        _require_own_occasions(checked, checked.model, _of_other_years(checked.model, committee))
    except ModelFault as fault:
        return fault.lines
    return []


def _require_same_committee(checked: Checked, model: SteeringModel, committee: Body) -> None:
    own, given = committee.municipality, model.municipality
    if given.code != own.code:
        raise ModelFault([f"{checked.name}: modellen gäller {given.name} ({given.code}), inte {own.name}."])
    named = model.committee
    if named.slug not in (committee.slug, committee.slug.removeprefix(f"{own.slug}-")):
        raise ModelFault(
            [f"{checked.name}: modellen gäller {named.name} ({named.slug}), inte {committee.name}."]
        )


def _unseen(latest: SteeringModelVersion, builds_on: BuildsOn) -> str:
    if builds_on.version is None or builds_on.version.year == latest.year:
        return "någon annan har sparat en ny version medan du skrev. Din text ligger kvar. Spara igen för att jämföra."
    return (
        f"{latest.year} har redan en styrmodell (version {latest.version}). Välj det året överst på sidan och ändra "
        "den där. Din text ligger kvar."
    )


def _of_other_years(model: SteeringModel, committee: Body) -> dict[str, Occasion]:
    """The model's occasions that stand in another year's model, by code. One that was made for figures from before the
    first model stands in none."""
    wanted = {one.code for one in model.occasions}
    rows = Occasion.objects.filter(committee=committee, code__in=wanted).exclude(model__year=model.year)
    return {
        one.code: one
        for one in rows.select_related("model").order_by("cut_off")
        if one.code in {said["code"] for said in one.model.content.get("occasions", ())}
    }


def _require_own_occasions(checked: Checked, model: SteeringModel, others: Mapping[str, Occasion]) -> None:
    """A code is one occasion, with all that has been said at it: another year's is never taken over. A model may name
    one of an earlier year, to compare with, as that year's model does."""
    said = {one.code: one for one in model.occasions}
    lines = [
        f"{checked.name}: tillfället {code} hör till styrmodellen för {there.model.year}, med det som har sagts då, "
        f"och är där {there.cut_off}. Ge tillfället en egen kod, till exempel "
        f"{code_for(code, there.model.year, model.year)}."
        for code, there in others.items()
        if (there.cut_off, there.kind) != (said[code].cut_off, str(said[code].kind))
    ]
    if lines:
        raise ModelFault(lines)


W = TypeVar("W", bound=Record)


def _word(kind: type[W], key: dict[str, Any], values: dict[str, Any], what: str, *, adds: bool) -> W:
    """A word as the model says it. ``adds``: one that stands already is left as a later year's model says it."""
    there = kind._base_manager.filter(**key).first() if adds else None
    return put(kind, key, values, what)[0] if there is None else there


def _terms(
    kind: type[Term],
    committee: Body,
    rows: Iterable[TermOfFile],
    adds: bool,
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, int]:
    """Add or rename terms in the order of the model; their ids by code. ``more``: further values by code."""
    ids: dict[str, int] = {}
    for position, row in enumerate(rows):
        values = {"label": row.label, "position": position, **(more or {}).get(row.code, {})}
        key = {"committee": committee, "code": row.code}
        ids[row.code] = _word(kind, key, values, f"{kind._meta.verbose_name} {row.code}", adds=adds).pk
    return ids


def _account_groups(committee: Body, rows: Iterable[RowOfFile], adds: bool) -> dict[str, int]:
    return _terms(AccountGroup, committee, [row for row in rows if row.kind == "group"], adds)


def _account_rows(version: SteeringModelVersion, rows: tuple[RowOfFile, ...], groups: dict[str, int]) -> None:
    """The printed rows. A sum row holds every group below it, through other sums too."""
    by_code = {row.code: row for row in rows}

    def below(code: str) -> list[str]:
        row = by_code[code]
        if row.kind == "group":
            return [code]
        return list(dict.fromkeys(group for part in row.sum_of for group in below(part)))

    for position, row in enumerate(rows):
        made = AccountRow.objects.create(
            model=version, code=row.code, label=row.label, position=position, is_sum=row.kind == "sum"
        )
        made.groups.set([groups[code] for code in below(row.code)])


def _supports(committee: Body, model: SteeringModel, adds: bool) -> None:
    if not model.supports:
        return
    areas = {area.code: area.label for area in model.supports.areas}
    more = {
        row.code: {
            "area": areas.get(row.area or "", row.area or ""),
            "unit_of_count": COUNTED_IN.get(row.unit, str(row.unit)),
        }
        for row in model.supports.rows
    }
    _terms(Support, committee, model.supports.rows, adds, more)


def _quality(committee: Body, model: SteeringModel, adds: bool) -> None:
    """Service areas, types of deviation with their causes, and what complaints are about."""
    for position, area in enumerate(model.service_areas):
        values = {
            "label": area.label, "position": position, "law": area.law or "", "units": list(area.units),
            "external": area.external,
        }  # fmt: skip
        key = {"committee": committee, "code": area.code}
        _word(ServiceArea, key, values, f"verksamhetsområdet {area.code}", adds=adds)
    if model.complaints:
        _terms(ComplaintSubject, committee, model.complaints.subjects, adds)
    if model.deviations is None:
        return
    categories = {one.code: one for one in model.deviations.categories}
    for position, row in enumerate(model.deviations.types):
        category = categories.get(row.category or "")
        values = {
            "label": row.label, "position": position, "category": row.category or "", "icon": row.icon or "",
            "category_label": category.label if category else "", "clinical": bool(category and category.clinical),
        }  # fmt: skip
        key = {"committee": committee, "code": row.code}
        made = _word(DeviationType, key, values, f"avvikelsetypen {row.code}", adds=adds)
        for place, cause in enumerate(row.causes):
            _word(
                DeviationCause, {"committee": committee, "type": made, "code": cause.code},
                {"label": cause.label, "position": place}, f"orsaken {cause.code}", adds=adds,
            )  # fmt: skip


def _occasions(version: SteeringModelVersion, model: SteeringModel, others: Mapping[str, Occasion]) -> None:
    committee = version.committee
    codes = set()
    for item in model.occasions:
        if item.code in others and others[item.code].year != model.year:
            continue  # it is that year's, and governed by that year's model
        plan = item.kind == Occasion.Kind.PLAN
        values = {
            "model": version,
            "year": model.year if plan else item.cut_off.year,
            "kind": str(item.kind),
            "name": item.name,
            "cut_off": item.cut_off,
        }
        put(Occasion, {"committee": committee, "code": item.code}, values, f"tillfället {item.code}")
        codes.add(item.code)
    gone = Occasion.objects.filter(committee=committee, model__year=model.year).exclude(code__in=codes)
    for occasion in gone.exclude(model=version):
        try:
            with transaction.atomic():
                occasion.delete()
        except models.ProtectedError:
            continue  # something has been reported at it: it stays


_MONTH = re.compile(r"(\d{4})-(\d{2})")


def add_earlier_occasion(committee: Body, code: str) -> Occasion | None:
    """An occasion such as 2023-10 of a year before the committee's first steering model, so that figures from it can
    be kept and compared with. None when the code is not a month, or the year has (or follows) a model of its own.

    It is a monthly one whose cut-off is the month's last day, under the first model there is.
    """
    match = _MONTH.fullmatch(code)
    first = SteeringModelVersion.objects.filter(committee=committee).order_by("year", "-version").first()
    if match is None or first is None or int(match[1]) >= first.year or not 1 <= int(match[2]) <= 12:
        return None
    year, month = int(match[1]), int(match[2])
    values = {
        "model": first,
        "year": year,
        "kind": Occasion.Kind.MONTHLY.value,
        "name": f"Uppföljning {MONTHS[month - 1]} {year}",
        "cut_off": date(year, month, calendar.monthrange(year, month)[1]),
    }
    occasion, _ = put(Occasion, {"committee": committee, "code": code}, values, f"tillfället {code}")
    return occasion
