"""What a case hangs together with: cases that it waits for, others who are asked, records of other rooms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.access.rights import User
from roder.core.locks import Lock
from roder.core.models import Link, Record
from roder.core.persons import LONGEST_REASON, checked_text
from roder.meetings.models import Case, CaseDependency, CasePreparation
from roder.meetings.rules import cases as rules
from roder.organisation.models import Body, Person

# --- cases that wait for one another ----------------------------------------------------------------------------------


def depend(
    case: Case, on: Case, by: Person, until: str = Case.Phase.CARRIED_OUT, note: str = ""
) -> CaseDependency:
    """Say that a case cannot be decided before another has come to ``until``.

    Raises ValidationError (field ``on``) when they would wait for one another, naming the circle; NotAllowedError.
    """
    access.require(by, Action.EDIT, case)
    access.require(by, Action.VIEW, on)
    if until not in rules.PHASES[1:]:
        raise ValidationError({"until": "Välj hur långt det andra ärendet ska ha kommit."})
    note = checked_text(note, "note", LONGEST_REASON)
    with transaction.atomic():
        _one_at_a_time()
        edges: dict[int, list[int]] = defaultdict(list)
        for waiting, awaited in CaseDependency.objects.values_list("case_id", "on_id"):
            edges[waiting].append(awaited)
        if found := rules.circle(edges, case.pk, on.pk):
            rows = Case.objects.in_bulk(found)
            raise ValidationError({"on": rules.circle_words(found, lambda pk: _known(rows[pk], by))})
        row, new = CaseDependency.objects.get_or_create(
            case=case, on=on, defaults={"until": until, "note": note}
        )
        if not new:
            raise ValidationError({"on": f"Ärendet väntar redan på {on.number}."})
        access.record(by, "case.dependency_added", case, on=on.pk, until=until)
    return row


def _one_at_a_time() -> None:
    """The lock that the table's trigger takes: what is read here is what it sees."""

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.WAITING_CASES])


def _known(case: Case, by: User) -> str:
    return case.number if access.may(by, Action.VIEW, case) else "ett ärende som du inte får se"


def undepend(dependency: CaseDependency, by: Person) -> None:
    """The case no longer waits for the other. Raises NotAllowedError."""
    access.require(by, Action.EDIT, dependency.case)
    with transaction.atomic():
        access.record(by, "case.dependency_removed", dependency.case, on=dependency.on_id)
        dependency.delete()


# --- parallel preparation ---------------------------------------------------------------------------------------------


def ask_opinion(
    case: Case, body: Body | str, by: Person, answer_by: date | None = None, *, asked_on: date | None = None
) -> CasePreparation:
    """Ask another body (or one outside Roder, by name) for its opinion. Raises ValidationError, NotAllowedError."""
    access.require(by, Action.EDIT, case)
    day = asked_on or timezone.localdate()
    if answer_by is not None and answer_by < day:
        raise ValidationError({"answer_by": "Svaret kan inte behövas före dagen då frågan ställs."})
    name = "" if isinstance(body, Body) else " ".join(body.split())
    row = CasePreparation(case=case, asked_on=day, answer_by=answer_by, name=name)
    row.body = body if isinstance(body, Body) else None
    if row.body is None and not name:
        raise ValidationError({"name": "Välj ett organ, eller skriv vem som tillfrågas."})
    with transaction.atomic():
        now = Case.objects.select_for_update(of=("self",)).get(
            pk=case.pk
        )  # asked twice at once is asked once
        if now.phase == Case.Phase.CLOSED:
            raise ValidationError("Ärendet är avslutat. Öppna det igen först.")
        if now.preparations.filter(body=row.body, name=name, answered_on=None, answer="").exists():
            raise ValidationError({"name": f"{row} är redan tillfrågad och har inte svarat än."})
        row.full_clean()
        row.save()
        access.record(by, "case.opinion_asked", case, preparation=row.pk)
    return row


def note_opinion(
    preparation: CasePreparation, by: Person, *, answer: str, on: date | None = None, no_answer: bool = False
) -> CasePreparation:
    """Write down what the body answered, or that no answer came. Raises ValidationError, NotAllowedError."""
    access.require(by, Action.EDIT, preparation.case)
    day = on or timezone.localdate()
    if day < preparation.asked_on:
        raise ValidationError({"on": "Svaret kan inte ha kommit före dagen då frågan ställdes."})
    if not answer.strip() and not no_answer:
        raise ValidationError({"answer": "Skriv svaret i korthet, eller kryssa för att inget svar kom."})
    with transaction.atomic():
        text = answer.strip() or "Inget svar kom."
        preparation.save_over(preparation.revision, answer=text, answered_on=day)
        access.record(by, "case.opinion_noted", preparation.case, preparation=preparation.pk)
    return preparation


# --- records of other rooms -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Linked:
    """A record that the case is linked with, as somebody who may see it sees it."""

    pk: int
    words: str
    record: models.Model
    note: str
    outwards: bool


def link(case: Case, record: Record, by: Person, kind: str = Link.Kind.CONCERNS, note: str = "") -> Link:
    """Link the case with a record of any room (a report, a goal, a deviation). The person must see both ends and may
    edit the case. Raises ValidationError, NotAllowedError."""
    access.require(by, Action.EDIT, case)
    access.require(by, Action.VIEW, record)
    if kind not in Link.Kind.values:
        raise ValidationError({"kind": "Välj hur de hänger ihop."})
    if (case.record_kind(), case.pk) == (record.record_kind(), record.pk):
        raise ValidationError({"record": "Ett ärende kan inte kopplas till sig självt."})
    with transaction.atomic():
        made, new = Link.objects.get_or_create(
            source_kind=case.record_kind(), source_id=case.pk, kind=kind, target_kind=record.record_kind(),
            target_id=record.pk, defaults={"note": checked_text(note, "note", LONGEST_REASON)},
        )  # fmt: skip
        if new:
            access.record(by, "case.linked", case, to=record.gid, kind=kind)
    return made


def unlink(case: Case, pk: int, by: Person) -> None:
    """Take a link away. Raises ValidationError when the case has no such link, NotAllowedError."""
    access.require(by, Action.EDIT, case)
    with transaction.atomic():
        row = Link.objects.filter(_ends(case), pk=pk).first()
        if row is None:
            raise ValidationError("Kopplingen finns inte längre.")
        access.record(by, "case.unlinked", case, link=pk)
        row.delete()


def _ends(case: Case) -> models.Q:
    kind = case.record_kind()
    return models.Q(source_kind=kind, source_id=case.pk) | models.Q(target_kind=kind, target_id=case.pk)


def linked(case: Case, user: User) -> list[Linked]:
    """What the case is linked with, of what the person may see: one query for each kind of record."""
    rows = list(Link.objects.filter(_ends(case)).order_by("position", "pk"))
    here = (case.record_kind(), case.pk)
    ends = {row.pk: _other_end(row, here) for row in rows}
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in ends.values():
        wanted[kind].add(pk)
    seen: dict[tuple[str, int], models.Model] = {}
    for kind, ids in wanted.items():
        model = apps.get_model(kind)
        if hasattr(model, "Access"):
            visible = access.visible(user, model._base_manager.filter(pk__in=ids))
            seen |= {(kind, one.pk): one for one in visible}
    return [
        Linked(
            row.pk,
            row.get_kind_display(),
            seen[ends[row.pk]],
            row.note,
            (row.source_kind, row.source_id) == here,
        )
        for row in rows
        if ends[row.pk] in seen
    ]


def _other_end(row: Link, here: tuple[str, int]) -> tuple[str, int]:
    source, target = (row.source_kind, row.source_id), (row.target_kind, row.target_id)
    return target if source == here else source
