"""The register of casework events."""

from __future__ import annotations

from roder.casework.models import CaseworkEvent
from roder.core.register import Column, Filter, Register
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.web.scope import Scope


def _tools(scope: Scope) -> list[tuple[str, str]]:
    what = KINDS["handlaggning"]
    may = may_import(what, scope.committee, scope.user)
    return [("Läs in händelser", scope.url("imports:upload", what.kind))] if may else []


events = Register(
    CaseworkEvent,
    name="handlaggning",
    title="Händelser i handläggningen",
    lead="När ansökningar och anmälningar kom in, bedömdes, tilldelades, beslutades och avslutades. Ärendet står med "
    "sin referens, aldrig med namn.",
    rows=lambda rows, scope: rows.filter(
        committee=scope.committee, at__year__range=(scope.year - 1, scope.year)
    ).select_related("unit", "batch"),
    columns=(
        Column("at", "När"),
        Column("reference", "Referens"),
        Column("kind", "Händelse"),
        Column("unit", "Enhet", value=lambda row: row.unit.name if row.unit_id else "", sort=("unit__name",)),
        Column(
            "batch",
            "Inläsning",
            value=lambda row: f"nr {row.batch_id}, {row.batch.file_name}" if row.batch_id else "",
            sort=("batch_id",),
            shown=False,
        ),
    ),
    filters=("kind", "at", Filter("unit", "Enhet")),
    search=("reference",),
    order=("-at", "-id"),
    detail=False,
    empty="Händelser kommer in när en fil ur verksamhetssystemet läses in.",
    tools=_tools,
)
