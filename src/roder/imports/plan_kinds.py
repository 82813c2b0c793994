"""The files of what units do: activities to reach the goals, and the action plans that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from roder import tasks
from roder.access.matrix import Action, Resource
from roder.core.models import ImportBatch
from roder.core.put import put
from roder.followup.models import ActionPlan
from roder.followup.rules.plans import progress_fault
from roder.followup.services.plans import attend
from roder.imports.cells import Choice, Day, Number, Year
from roder.imports.declaration import Column, Import
from roder.imports.economy_columns import SOURCE
from roder.imports.goal_cells import GoalCell
from roder.imports.lookups import UnitCell
from roder.imports.quality_cells import FreeText
from roder.imports.record_deeds import Book, Key, RecordDeeds, Row, Said, own_fields, said_of_fields
from roder.imports.refusals import SHOWN, UndoFault
from roder.imports.staging import Staging
from roder.organisation.models import Person
from roder.steering.models import Activity, Goal
from roder.tasks.models import Task

PLAN_RIGHTS = ((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.ACTION_PLANS))
QUARTERS = Choice(
    tuple((str(one), f"kvartal {one}") for one in range(1, 5)),
    also={f"{word}{one}": str(one) for word in ("k", "q", "kv", "kv ") for one in range(1, 5)},
)
UNIT = Column(
    "enhet", UnitCell(whole=False), ("unit_id",), required=True, filled=True, key=True,
    help="enhetens kod eller namn",
)  # fmt: skip
YEAR = Column(
    "ar", Year(), ("year",), required=True, filled=True, key=True, help="året, till exempel 2026; ändras inte"
)
ACTIVITY_COLUMNS = (
    Column(
        "aktivitet", FreeText(300), ("what",), required=True, filled=True, key=True,
        help="vad enheten gör; ändras inte",
    ),
    Column(
        "mal", GoalCell(), ("goal_id",), required=True, filled=True, key=True,
        help="koden för det av nämndens mål som aktiviteten bidrar till",
    ),
    replace(
        UNIT, required=False, filled=False, help="enhetens kod eller namn; tom när aktiviteten är hela nämndens"
    ),
    YEAR,
    Column("varfor", FreeText(), ("why",), empty=("",), help="väntad effekt på målet"),
    Column("vem", FreeText(120), ("who",), empty=("",), help="befattning, aldrig namn"),
    Column("kvartal", QUARTERS, ("quarter",), help="när den ska vara genomförd; tom för under året"),
    Column("hur_foljs_upp", FreeText(250), ("followed_how",), empty=("",), help="hur ni ser att den gav något"),
    Column(
        "genomfort", Number(3, 0, per_cent=True), ("progress",),
        help="hur långt ni har kommit i procent; 100 när den är klar",
    ),
    Column("uppfoljning", FreeText(), ("followed_up",), empty=("",), help="vad ni har gjort och vad det gav"),
    Column("klar", Day(), ("done_on",), help="dagen då den blev klar"),
    SOURCE,
)  # fmt: skip
PLAN_COLUMNS = (
    UNIT,
    YEAR,
    Column("inledning", FreeText(), ("introduction",), empty=("",), help="vad som är viktigast för enheten"),
    Column("beslutad", Day(), ("decided_on",), help="dagen planen beslutades; tom för ett utkast"),
    SOURCE,
)


class ActivityBook(Book[Activity]):
    """The committee's activities. One is the same when goal, unit, year and wording are."""

    model = Activity
    fields: ClassVar = own_fields(ACTIVITY_COLUMNS, Activity)
    named: ClassVar = "what"

    def standing(self) -> Iterable[Activity]:
        """All years'."""
        return Activity.objects.filter(committee=self.committee)

    def key(self, record: Activity) -> Key:
        """Capital letters do not matter."""
        return str(record.goal_id), str(record.unit_id or ""), str(record.year), record.what.casefold()

    def key_of(self, values: Said) -> Key:
        """The same, of a row of the file."""
        goal, unit, year, what = (values[name] for name in ("goal_id", "unit_id", "year", "what"))
        return str(goal), str(unit or ""), str(year), what.casefold()

    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """A day when it was done says that all of it is."""
        found = said_of_fields(self, values, stands, present)
        if found.get("klar") and found.get("genomfort") is None:
            found["genomfort"] = 100
        return found

    def check(self, staging: Staging, rows: list[Row]) -> None:
        """The goal holds the year, and what is said of how far it has come agrees with itself."""
        goals = Goal.objects.filter(committee=self.committee).in_bulk()
        today = timezone.localdate()
        for row in rows:
            goal, _, year, _ = row.key
            found = goals.get(int(goal)) if goal.isdecimal() else None
            if found and year.isdecimal() and not found.from_year <= int(year) <= found.to_year:
                what = f"målet {found.code} gäller {found.from_year}–{found.to_year}, inte {year}"
                staging.note_cell(row.n, "ar", what, "Rätta året eller målet.")
            stand = {**(row.stands or {}), **row.said}
            progress, done = stand.get("genomfort"), stand.get("klar")
            faults = progress_fault(progress, date.fromisoformat(done) if done else None, today)
            if not faults and progress == 100 and not done:
                faults = {"done_on": "Skriv vilken dag aktiviteten blev klar."}
            names = {"progress": "genomfort", "done_on": "klar"}
            what = f"raden skulle bli {progress} procent och klar {done or 'ingen dag'}"
            for name, do in faults.items():
                staging.note_cell(row.n, names[name], what, do)

    def write(self, key: Key, said: Said, code: Any, *, new: bool) -> Activity:
        """The activity."""
        goal, unit, year, _ = key
        there = self.records.get(key)
        where = {
            "committee": self.committee, "goal_id": int(goal), "unit_id": int(unit) if unit else None,
            "year": int(year), "what": there.what if there else code,
        }  # fmt: skip
        find = {"pk": there.pk} if there else None
        return put(Activity, where, self.values_of(said), f"aktiviteten ”{code}”", find)[0]

    def refuse(self, made: list[Activity], batch: ImportBatch) -> None:
        """As on the page: nothing is taken out of a plan that is decided."""
        plans = ActionPlan.objects.filter(committee=self.committee, state=ActionPlan.State.DECIDED)
        decided = set(plans.values_list("unit_id", "year"))
        found = [one for one in made if (one.unit_id, one.year) in decided]
        if found:
            raise UndoFault(
                f"{len(found)} av aktiviteterna står i en beslutad handlingsplan",
                "Öppna planen igen med skäl, eller skriv i uppföljningen varför aktiviteten inte blir av.",
                [f"{one} ({one.unit} {one.year})" for one in found[:SHOWN]],
                len(found),
            )


class PlanBook(Book[ActionPlan]):
    """The units' plans. The task to decide one follows the plan."""

    model = ActionPlan
    fields: ClassVar = own_fields(PLAN_COLUMNS, ActionPlan)
    own: ClassVar[frozenset[type[models.Model]]] = frozenset({Task})
    named: ClassVar = "unit_id"

    def standing(self) -> Iterable[ActionPlan]:
        """All years'."""
        return ActionPlan.objects.filter(committee=self.committee).select_related("unit")

    def key(self, record: ActionPlan) -> Key:
        """A unit has one plan a year."""
        return str(record.unit_id), str(record.year)

    def key_of(self, values: Said) -> Key:
        """The same, of a row of the file."""
        return str(values["unit_id"]), str(values["year"])

    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """No day says nothing: a file opens no decided plan."""
        found = said_of_fields(self, values, stands, present)
        if stands is not None and found.get("beslutad") is None:
            found.pop("beslutad", None)
        return found

    def check(self, staging: Staging, rows: list[Row]) -> None:
        """As on the page: a plan is decided on a day that has been, when there is something in it."""
        filled = set(Activity.objects.filter(committee=self.committee).values_list("unit_id", "year"))
        today = timezone.localdate().isoformat()
        for row in rows:
            day = row.changed.get("beslutad")
            unit, year = row.key
            if not day:
                continue
            if day > today:
                what, do = f"{day} har inte varit än", "Skriv vilken dag planen beslutades."
                staging.note_cell(row.n, "beslutad", what, do)
            elif unit.isdecimal() and year.isdecimal() and (int(unit), int(year)) not in filled:
                what = f"enheten har ingen aktivitet {year}"
                staging.note_cell(
                    row.n, "beslutad", what, "Läs in aktiviteterna först, eller lämna cellen tom."
                )

    def write(self, key: Key, said: Said, code: Any, *, new: bool) -> ActionPlan:
        """The plan, decided when there is a day."""
        values = self.values_of(said)
        if "decided_on" in values:
            decided = values["decided_on"] is not None
            values["state"] = (ActionPlan.State.DECIDED if decided else ActionPlan.State.DRAFT).value
        unit, year = map(int, key)
        where = {"committee": self.committee, "unit_id": unit, "year": year}
        return put(ActionPlan, where, values, f"handlingsplanen {year}")[0]

    def refuse(self, made: list[ActionPlan], batch: ImportBatch) -> None:
        """Activities that have come to a plan since are somebody's work with it."""
        since = Activity.objects.filter(committee=self.committee, created_at__gt=batch.imported_at)
        filled = set(since.values_list("unit_id", "year"))
        found = [one for one in made if (one.unit_id, one.year) in filled]
        if found:
            raise UndoFault(
                f"{len(found)} av planerna har fått aktiviteter efter inläsningen",
                "Ta bort dem först, eller läs in en rättad fil i stället.",
                [str(one) for one in found[:SHOWN]],
                len(found),
            )


def _plans_of(done: Mapping[str, Any]) -> Iterable[ActionPlan]:
    pks = [*done["made"], *map(int, done["changed"])]
    return ActionPlan.objects.filter(pk__in=pks).select_related("unit", "committee").order_by("pk")


def _tasks_of(batch: ImportBatch, by: Person | None) -> list[str]:
    """Drafts give whoever decides them a task, as when they are begun by hand; decided plans end theirs."""
    count = attend(_plans_of(batch.done), by)
    if not count:
        return []
    word = "handlingsplan väntar" if count == 1 else "handlingsplaner väntar"
    return [f"{count} {word} på beslut. Uppgifterna finns under Att göra."]


def _tasks_taken_back(batch: ImportBatch) -> list[str]:
    attend(_plans_of(batch.done), None)
    tasks.strike_gone(ActionPlan._meta.label_lower)
    return []


ACTIVITIES = Import(
    kind="aktiviteter",
    title="Aktiviteter",
    about="Vad enheterna gör för att nå målen: varför, vem, när och hur långt de har kommit. Läs in målen först.",
    example={
        "aktivitet": "Ny telefonväxel med kösvar",
        "mal": "M1",
        "varfor": "Fler får svar direkt.",
        "vem": "Enhetschef",
        "kvartal": "kvartal 2",
        "hur_foljs_upp": "Mätning varje månad",
    },
    model=Activity,
    rights=(*PLAN_RIGHTS, (Action.EDIT, Resource.GOALS)),
    columns=ACTIVITY_COLUMNS,
    deeds=RecordDeeds(ActivityBook),
)

ACTION_PLANS = Import(
    kind="handlingsplaner",
    title="Handlingsplaner",
    about="Enheternas planer för året: inledning och när de beslutades. Aktiviteterna i dem har en egen fil, som läses "
    "in först.",
    example={"enhet": "Hemtjänst norr", "inledning": "I år är kontinuiteten viktigast."},
    model=ActionPlan,
    rights=PLAN_RIGHTS,
    columns=PLAN_COLUMNS,
    deeds=RecordDeeds(PlanBook),
    then=_tasks_of,
    undone=_tasks_taken_back,
)
