"""The register of files that have been read in."""

from __future__ import annotations

from roder.core.models import ImportBatch
from roder.core.register import Column, Filter, Register
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.web.scope import Scope

CHOICES = tuple((what.kind, what.title) for what in KINDS.values())


def _title(batch: ImportBatch) -> str:
    what = KINDS.get(batch.kind)
    return what.title if what else batch.kind


def _page(batch: ImportBatch, scope: Scope) -> str:
    return scope.url("imports:batch", batch.pk)


def _tools(scope: Scope) -> list[tuple[str, str]]:
    may = any(may_import(what, scope.committee, scope.user) for what in KINDS.values())
    if not may:
        return []
    return [
        ("Läs in en fil", scope.url("imports:choose")),
        ("Sparade kopplingar", scope.url("imports:mappings")),
    ]


batches = Register(
    ImportBatch,
    name="inlasning",
    title="Inläsning av filer",
    lead="Varje fil granskas innan något sparas. Det som lästs in kan ångras så länge ingen har ändrat raderna.",
    rows=lambda rows, scope: rows.filter(committee=scope.committee),
    columns=(
        Column("imported_at", "Inläst", link=_page),
        Column("kind", "Slag", value=_title, sort=("kind",)),
        Column("file_name", "Fil"),
        Column(
            "imported_by",
            "Av",
            value=lambda batch: str(batch.imported_by or "driften"),
            sort=("imported_by__name",),
        ),
        Column("mapping_name", "Koppling", shown=False),
        Column("rows", "Rader i filen", shown=False),
        Column("new_rows", "Nya rader"),
        Column("changed_rows", "Ändrade rader"),
        Column(
            "state",
            "Läge",
            value=lambda batch: "ångrad" if batch.undone_at else "inläst",
            sort=("undone_at",),
        ),
        Column("undone_at", "Ångrad", shown=False),
        Column("undone_by", "Ångrad av", shown=False, sort=("undone_by__name",)),
        Column("sha256", "Kontrollsumma (SHA-256)", shown=False),
    ),
    filters=(Filter("kind", "Slag", CHOICES), "imported_at"),
    search=("file_name",),
    order=("-imported_at",),
    detail=False,
    empty="Här visas filer som har lästs in. Controllern läser in ekonomins filer, kvalitetsstrategen nyckeltalens.",
    tools=_tools,
)
