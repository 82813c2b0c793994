"""Side by side: what every unit has written of each subject, with one's own summary beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Resource
from roder.core.numbers import whole_number
from roder.followup.models import Line, Part, Round, Sheet
from roder.followup.pages import sheet_show
from roder.followup.pages.overview import round_of
from roder.followup.parts import declared
from roder.followup.rules.states import Progress
from roder.followup.services import compared, sheets
from roder.organisation.models import Unit, UnitPath
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: More texts than this are shown one subject at a time.
MANY = 400


@dataclass(frozen=True)
class Voice:
    """What a unit says of a subject."""

    unit: str
    url: str
    state: Progress
    line: Line
    status: str
    tone: str
    outcomes: list[sheet_show.Fact]


@dataclass(frozen=True)
class Subject:
    """A subject with its voices, and the row of one's own sheet."""

    key: str
    title: str
    heading: str
    voices: list[Voice]
    own: sheet_show.Row | None


def voices_of(scope: Scope, subject: compared.Compared) -> list[Voice]:
    """The units' lines as they are shown."""
    return [
        Voice(
            told.unit.name, scope.url("followup:sheet", told.sheet.pk), told.progress, told.line, told.status,
            told.tone, [fact for one in told.line.facts if (fact := sheet_show.shown_fact(one)).has_outcome],
        )
        for told in subject.told
    ]  # fmt: skip


def the_round(request: CommitteeRequest, occasion: str, part: str) -> Round:
    """The opened round. Raises Http404 when it is not open or the part is none."""
    _, made = round_of(request, occasion)
    if made is None or part not in Part.values:
        raise Http404("Omgången är inte öppnad, eller så finns inte delen.")
    return made


def reader(scope: Scope, units: list[Unit], code: str) -> Unit | None:
    """For whom it is read: the unit of the address, else the first that one's mandates are in."""
    chosen = next((one for one in units if one.code == code), None)
    if chosen is not None or not units:
        return chosen
    held = access.grants(scope.user)
    held = tuple(one for one in held if one.committee_id == scope.committee.pk)
    if all(one.unit_id is not None for one in held):
        inside = set(
            UnitPath.objects.filter(ancestor__in={one.unit_id for one in held}).values_list(
                "descendant_id", flat=True
            )
        )
        return next((one for one in units if one.pk in inside), units[0])
    return units[0]


@committee_page(Resource.FOLLOW_UP)
def compare_page(request: CommitteeRequest, occasion: str, part: str) -> HttpResponse:
    """Read what the units have written, subject by subject, and write one's own summary beside."""
    scope, made = request.scope, the_round(request, occasion, part)
    units = compared.departments_of(request.user, made)
    above = reader(scope, units, request.GET.get("enhet", ""))
    wanted = request.GET.get("amne", "")
    read = compared.side_by_side(made, part, request.user, above=above)
    own = None
    if read.own is not None:
        read.own.round = made
        own = sheet_show.Shown.of(read.own, request.user)
    rows = {row.line.pk: row for row in own.rows} if own else {}
    subjects = [
        Subject(
            f"{one.kind}:{one.pk}", one.title, one.heading, voices_of(scope, one),
            rows.get(one.own.pk) if one.own else None,
        )
        for one in read.subjects
    ]  # fmt: skip
    many = sum(len(one.voices) for one in subjects) > MANY
    if many and not wanted:
        wanted = subjects[0].key
    seen = [one for one in subjects if not wanted or one.key == wanted] or subjects
    context: dict[str, Any] = {
        "occasion": made.occasion, "made": made, "part": declared(part), "units": units, "above": above,
        "subjects": subjects, "seen": seen, "wanted": wanted if len(seen) != len(subjects) else "",
        "sheets": [(one, state) for one, state in read.sheets],
        "reported": sum(state.reported for _, state in read.sheets),
        "many": many, "attests": attestable(request, made, part, above).count(),
    }  # fmt: skip
    if own is not None:
        context |= {
            "sheet": own.sheet, "summary": own.summary, "writes": own.rights.write, "left_words": own.left_words,
            "own": own, "summing": True, "state": own.state,
        }  # fmt: skip
    return render(request, "followup/round/compare.html", context)


def attestable(request: CommitteeRequest, made: Round, part: str, above: Unit | None) -> Any:
    """The sheets of the part, under a unit, that the person approves."""
    rows = sheets.to_attest_for(request.user, round=made).filter(part=part)
    return rows.filter(above=above) if above is not None else rows


@require_POST
@committee_page(Resource.FOLLOW_UP)
def attest_all(request: CommitteeRequest, occasion: str, part: str) -> HttpResponse:
    """Approve every sheet of the part that was marked ready when the page was shown."""
    made = the_round(request, occasion, part)
    code = request.POST.get("enhet", "")
    above = next((one for one in compared.departments_of(request.user, made) if one.code == code), None)
    shown = {pk for one in request.POST.getlist("blad") if (pk := whole_number(one)) is not None}
    done, refused = 0, list[str]()
    sheet: Sheet
    for sheet in attestable(request, made, part, above).filter(pk__in=shown):
        try:
            sheets.attest(sheet, request.user)
            done += 1
        except (ValidationError, access.NotAllowedError) as fault:
            words = " ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
            refused.append(f"{sheet.unit.name}: {words}")
    if done:
        messages.success(request, f"{done} blad är godkända.")
    for words in refused:
        messages.warning(request, words)
    return redirect(
        request.scope.url("followup:compare", occasion, part, **({"enhet": code} if code else {}))
    )
