"""Files of key figures, goals and assignments, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable

from roder.core.models import Link
from roder.measures.models import Definition, Measure, Target
from roder.steering.models import Assignment, FocusArea, Goal, Vision
from tests.imports.conftest import World

FIGURES = "kod;nyckeltal;mattenhet;riktning;malvarde;mal_ar;definition;definition_fran;ansvarig\n"
FIGURE = (
    FIGURES + "svar;Direkt svar i telefon;%;högre är bättre;90;2022;Andel som får svar.;2022-01-01;Strateg\n"
)
GOALS = "kod;mal;niva;fran_ar;till_ar;bidrar_till;nyckeltal;indikatorer;fokusomrade;vision;ansvarig\n"
CHAIN = (
    GOALS
    + (
        "M1;Svar direkt;nämnden;2022;2024;P1;nojda | plan;nojda;;;Förvaltningschef\n"  # before what it contributes to
        "P1;God service;kommunfullmäktige;2022;2024;;;nojda;Trygg omsorg;Vision 2040;\n"
    )
)
TOLD = "kod;uppdrag;givet_av;fran_ar;till_ar;klart_senast;beslutat;paragraf\n"
TASKED = TOLD + "U1;Plan mot ensamhet;nämnden;2022;2022;2022-11-30;2021-12-15;84\n"
TEXTS = {"nyckeltal": FIGURE, "mal": CHAIN, "uppdrag": TASKED}


def faults(world: World, kind: str, text: str) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.message) for one in world.preview(kind, text).faults]


def linked(goal: Goal, kind: Link.Kind = Link.Kind.MEASURED_BY) -> list[str]:
    rows = Link.objects.filter(source_kind=Goal.record_kind(), source_id=goal.pk, kind=kind).order_by(
        "position"
    )
    codes = dict(Measure.objects.values_list("pk", "code"))
    return [codes[pk] for pk in rows.values_list("target_id", flat=True)]


def everything() -> list[Iterable[object]]:
    tables = (Measure, Definition, Target, Vision, FocusArea, Goal, Assignment, Link)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def without_marks(found: list[Iterable[object]]) -> list[object]:
    """What stands, but for what every change moves."""
    marks = ("revision", "changed_at", "created_at", "id", "pk")
    return [
        sorted(str({name: value for name, value in row.items() if name not in marks}) for row in rows)  # type: ignore[attr-defined]
        for rows in found
    ]
