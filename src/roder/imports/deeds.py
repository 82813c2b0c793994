"""What a committee's files do, in the order they need each other: the same for a folder and for ``setup.yaml``.

A deed is done whole in the caller's transaction. Who carries them out says whether they stand one by one or together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.utils import timezone

from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.goal_files import load_assessments, load_goals, read_goals
from roder.imports.headings import heading_name
from roder.imports.mapping import Layout, read_mapping
from roder.imports.measure_files import load_measures
from roder.imports.readers import FileFault, open_table
from roder.imports.services import commit, standing_import
from roder.organisation.models import Body, Person
from roder.steering.loading import add_earlier_occasion, load_version
from roder.steering.modelfile import check_file
from roder.steering.models import Occasion, SteeringModelVersion

#: Kinds of import that ``mal.yaml`` may name rows of.
BEFORE_GOALS = ("nyckeltal",)


@dataclass(frozen=True)
class Deed:
    """What a file does to a committee: what it is called, the file, and the deed itself, which gives a line for what
    came of it and the remarks after; nothing at all when there was nothing to do."""

    title: str
    file: Path
    do: Callable[[Body, Person | None], list[str]]


@dataclass(frozen=True)
class Reading:
    """A file to read in: its kind and, where its headings are another system's, the file that maps them. ``year`` None
    is the latest that the committee has a steering model for."""

    what: Import
    file: Path
    mapping: Path | None = None
    year: int | None = None


def model_deed(file: Path) -> Deed:
    """A steering model becomes the latest version of its year, unless it is that already."""
    return Deed("styrmodell", file, partial(_model, file))


def reading_deed(one: Reading) -> Deed:
    """A file is read in, unless it stands as it is."""
    return Deed(one.what.title.lower(), one.file, partial(_read, one))


def content_deeds(measures: Path | None, goals: Path | None, readings: tuple[Reading, ...]) -> Iterator[Deed]:
    """What a committee that has its steering model is filled with: key figures before the goals that are measured by
    them, what is read in (in the order given), and last the assessments, when what was proposed is known."""
    if measures:
        yield Deed("nyckeltal", measures, partial(_measures, measures))
    yield from (reading_deed(one) for one in readings if one.what.kind in BEFORE_GOALS)
    if goals:
        yield Deed("mål och uppdrag", goals, partial(_goals, goals))
    yield from (reading_deed(one) for one in readings if one.what.kind not in BEFORE_GOALS)
    if goals:
        yield assessments_deed(goals)


def assessments_deed(goals: Path) -> Deed:
    """What was said of goals and assignments at the occasions, as far as ``mal.yaml`` says it."""
    return Deed("bedömningar", goals, partial(_assessments, goals))


def _model(file: Path, committee: Body, by: Person | None) -> list[str]:
    version, is_new = load_version(committee, check_file(file), by)
    return [f"{version.year} version {version.version}{'' if is_new else ', oförändrad'}"]


def _read(one: Reading, committee: Body, by: Person | None) -> list[str]:
    """Read in a file and say what came, with its remarks; one that is read in as it stands is left, so that what people
    have done since is too. Raises ImportFault."""
    layout = read_mapping(one.mapping) if one.mapping else Layout()
    context = layout.on(Context(committee, one.year or _latest_year(committee)))
    if (before := standing_import(one.what, one.file, context)) is not None:
        day = timezone.localtime(before.imported_at).date()
        return [f"oförändrad sedan den lästes in {day}, lämnas"]
    if one.what.kind == "prognos":
        _earlier_occasions(one.file, committee)
    done = commit(one.what, context, one.file, str(one.file), by)
    counts = done.counts
    return [
        f"{done.rows} rader ({counts.new} nya, {counts.changed} ändrade, {counts.unchanged} oförändrade)",
        *(f"  obs: {warning}" for warning in done.warnings),
    ]


def _latest_year(committee: Body) -> int | None:
    rows = SteeringModelVersion.objects.filter(committee=committee).order_by("-year")
    return rows.values_list("year", flat=True).first()


def _measures(file: Path, committee: Body, by: Person | None) -> list[str]:
    return [str(load_measures(file, committee))]


def _goals(file: Path, committee: Body, by: Person | None) -> list[str]:
    return [str(load_goals(read_goals(file), file, committee))]


def _assessments(file: Path, committee: Body, by: Person | None) -> list[str]:
    goals = read_goals(file)
    return [f"{load_assessments(goals, file, committee, by)} nya"] if goals.assessments else []


_MONTH = re.compile(r"\d{4}-\d{2}")


def _earlier_occasions(file: Path, committee: Body) -> None:
    """Occasions of years before the first steering model, that forecasts for comparison are from."""
    known = set(Occasion.objects.filter(committee=committee).values_list("code", flat=True))
    try:
        rows = open_table(file).rows
        _, heading = next(rows)
        names = [heading_name(cell) for cell in heading]
        if "tillfalle" not in names:
            return
        at = names.index("tillfalle")
        for _, cells in rows:
            code = cells[at].strip() if at < len(cells) else ""
            if code not in known and _MONTH.fullmatch(code) and add_earlier_occasion(committee, code):
                known.add(code)
    except (FileFault, StopIteration):
        return  # the import itself says what is wrong with the file
