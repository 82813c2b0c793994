"""Which of a file's headings is which of our columns: written in a file, saved under a name, found again by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from roder import access
from roder.core.faults import UserFault, constraint_of
from roder.core.yamlfile import load_yaml
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.headings import heading_name, labels, wanted
from roder.imports.models import ColumnMapping
from roder.organisation.models import Body, Person

SAME = "samma"  # the key of a mapping's file below which the values that are the same on every row stand


@dataclass(frozen=True)
class Layout:
    """How a file is to be read: columns and constants as in ``Context``, the sheet, and the saved mapping's name."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    name: str = ""

    def on(self, context: Context) -> Context:
        """The context with the file read this way."""
        return replace(
            context,
            mapping=self.columns,
            constants=self.constants,
            sheet=self.sheet,
            mapping_name=self.name,
        )


def read_mapping(path: Path) -> Layout:
    """Read a mapping such as ``nummer: Ärende-id``. Raises UserFault when it is something else."""
    found = load_yaml(path)
    same = found.pop(SAME, {}) if isinstance(found, dict) else {}
    if not (_is_texts(found) and _is_texts(same)):
        raise UserFault(
            f"{path}: kopplingen av kolumner ska ha en rad för varje kolumn, till exempel nummer: Ärende-id. "
            f"Det som är samma på alla rader står under {SAME}:, till exempel kontogrupp: personal."
        )
    return Layout(dict(found), {name: str(text) for name, text in same.items()})


def _is_texts(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(part, str) for pair in found.items() for part in pair)


def checked(
    what: Import, columns: Mapping[str, str], constants: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The columns and constants without what is empty. Raises UserFault for a column that the kind does not have, one
    that has both, and a heading that is chosen twice."""
    kept = {name: theirs.strip() for name, theirs in columns.items() if theirs.strip()}
    same = {name: text.strip() for name, text in constants.items() if text.strip()}
    for name in (*kept, *same):
        if name not in what.file_columns:
            raise UserFault(f"kolumnen ”{name}” finns inte i {what.title.lower()}.")
    for name, theirs in kept.items():
        if name in same:
            raise UserFault(f"{name} är både kopplad till ”{theirs}” och samma på alla rader. Välj det ena.")
    seen: dict[str, str] = {}
    for name, theirs in kept.items():
        other = seen.setdefault(heading_name(theirs), name)
        if other != name:
            raise UserFault(
                f"”{theirs}” är vald för både {other} och {name}. En rubrik kan bara väljas en gång."
            )
    if not kept and not same:
        raise UserFault("ingen kolumn är kopplad. Välj minst en av filens rubriker.")
    return kept, same


def to_save(what: Import, name: str, layout: Layout) -> dict[str, Any]:
    """A mapping's name, columns and constants as they are saved. Raises UserFault when something is wrong with them."""
    name = " ".join(name.split())
    if not name:
        raise UserFault("kopplingen behöver ett namn, till exempel systemet som filerna kommer från.")
    if len(name) > 80:
        raise UserFault(f"namnet har {len(name)} tecken, högst 80 får plats.")
    columns, constants = checked(what, layout.columns, layout.constants)
    return {"name": name, "columns": columns, "constants": constants}


def save_mapping(
    what: Import,
    committee: Body,
    name: str,
    layout: Layout,
    by: Person | None,
    over: ColumnMapping | None = None,
) -> ColumnMapping:
    """Save a mapping under a name; ``over``: the one that is changed, as it was read. One that already has the name
    gets the new columns.

    Raises UserFault when something is wrong with it or the name is taken, StaleRecordError when somebody else has saved
    it meanwhile.
    """
    values = to_save(what, name, layout)
    name = values["name"]
    over = over or find_mapping(what, committee, name)
    try:
        with transaction.atomic():
            if over is None:
                saved = ColumnMapping.objects.create(committee=committee, kind=what.kind, **values)
            else:
                saved = over.save_over(over.revision, **values)
            access.record(
                by,
                "import.mapping-saved",
                saved,
                kind=what.kind,
                columns=sorted({*values["columns"], *values["constants"]}),
            )
    except IntegrityError as error:
        if constraint_of(error) != "mapping_name_once":
            raise
        raise UserFault(f"en annan koppling heter redan ”{name}”.") from error
    return saved


def remove_mapping(mapping: ColumnMapping, by: Person | None) -> None:
    """Remove a saved mapping. Files that were read in with it remember how they were read."""
    with transaction.atomic():
        access.record(by, "import.mapping-removed", mapping, kind=mapping.kind)
        mapping.delete()


def find_mapping(what: Import, committee: Body, name: str) -> ColumnMapping | None:
    """The committee's mapping with this name, whatever its capital letters."""
    return ColumnMapping.objects.filter(
        committee=committee, kind=what.kind, name__iexact=name.strip()
    ).first()


def layout_of(mapping: ColumnMapping, sheet: str | None = None) -> Layout:
    """The saved mapping as a way to read a file."""
    return Layout(mapping.columns, mapping.constants, sheet, mapping.name)


def mapping_for(what: Import, committee: Body, name_or_file: str) -> Layout:
    """The saved mapping of that name, else the mapping in that file. Raises UserFault when there is neither."""
    if saved := find_mapping(what, committee, name_or_file):
        return layout_of(saved)
    path = Path(name_or_file)
    if path.is_file():
        return read_mapping(path)
    names = ColumnMapping.objects.filter(committee=committee, kind=what.kind).values_list("name", flat=True)
    known = ", ".join(f"”{name}”" for name in names) or "ingen"
    raise UserFault(
        f"”{name_or_file}” är varken en sparad koppling för {what.title.lower()} eller en fil. Sparade: {known}."
    )


def fits(what: Import, layout: Layout, context: Context, cells: list[str]) -> bool:
    """Whether a heading has all that the mapping speaks of, and with it all that the kind needs."""
    there = {heading_name(one) for one in (*cells, *labels(cells))}
    mapped = {heading_name(theirs) for theirs in layout.columns.values()}
    rest = wanted(what, layout.on(context)) - set(layout.columns)
    return mapped <= there and rest <= there


def fitting(
    what: Import, context: Context, sheets: Iterable[tuple[str | None, list[list[str]]]]
) -> Layout | None:
    """The saved mapping, latest first, that fits a row among the first of a sheet; with the sheet."""
    saved = list(
        ColumnMapping.objects.filter(committee=context.committee, kind=what.kind).order_by("-changed_at")
    )
    for mapping in saved:
        for sheet, rows in sheets:
            layout = layout_of(mapping, sheet)
            if any(fits(what, layout, context, cells) for cells in rows):
                return layout
    return None
