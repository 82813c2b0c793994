"""A folder of files becomes a committee's data: how the examples are loaded, and how a municipality starts.

``organisation.yaml`` and ``styrmodell.yaml`` must be there; the rest as far as there is anything to tell. Everything
goes through the same declarations, checks and services as a person's files, in one transaction for the folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.models import AuditRecord
from roder.core.faults import UserFault
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.goal_files import load_assessments, load_goals, read_goals
from roder.imports.headings import heading_name
from roder.imports.kinds import KINDS
from roder.imports.measure_files import load_measures
from roder.imports.readers import FileFault, open_table
from roder.imports.services import commit, standing_import
from roder.organisation.loading import load_organisation
from roder.organisation.models import Body, Person
from roder.steering.loading import add_earlier_occasion, load_checked
from roder.steering.modelfile import Checked, check_file
from roder.steering.models import Occasion

#: File -> kind of import, in the order they need each other.
FILES = {
    "nyckeltal.csv": "nyckeltal",
    "mal.csv": "mal",
    "uppdrag.csv": "uppdrag",
    "aktiviteter.csv": "aktiviteter",
    "handlingsplaner.csv": "handlingsplaner",
    "budget-versioner.csv": "budgetversioner",
    "budget.csv": "budget",
    "prognos.csv": "prognos",
    "utfall.csv": "utfall",
    "investeringar.csv": "investeringar",
    "volymer.csv": "volymer",
    "personal.csv": "personal",
    "forutbetalda.csv": "forutbetalda",
    "statsbidrag.csv": "statsbidrag",
    "apriser.csv": "apriser",
    "volymplan.csv": "volymplan",
    "resultatfond.csv": "resultatfond",
    "personalrorelser.csv": "personalrorelser",
    "mattvarden.csv": "mattvarden",
    "kvalitetsregister.csv": "kvalitetsregister",
    "avvikelser.csv": "avvikelser",
    "lexsarah.csv": "lexsarah",
    "klagomal.csv": "klagomal",
    "handlaggning.csv": "handlaggning",
    "arenden.csv": "arenden",
    "risker.csv": "risker",
    "kontroller.csv": "kontroller",
}
#: Those that ``mal.yaml`` may name.
MEASURES = ("nyckeltal.csv",)
#: How the names of files of meetings begin; the meetings' room carries them out (``roder.meetings.demo``).
MEETINGS = ("sammantrade-", "votering-")
#: Files that a folder may have for other commands, or for the reader.
OTHERS = {
    "organisation.yaml", "styrmodell.yaml", "matt.yaml", "mal.yaml", "kommentarer.yaml", "tryckta-summor.yaml",
    "verksamheter.csv", "balanslista.yaml", "foreningsbidrag.yaml", "statsbidrag.yaml", "internkontroll.yaml",
    "uppfoljning.yaml",
}  # fmt: skip
DEED = "setup.loaded"


@dataclass
class Loaded:
    """What a folder gave. ``skipped``: the same files were loaded last time, and nothing was read."""

    committee: Body
    lines: list[str] = field(default_factory=list)
    skipped: bool = False


def load_folder(folder: Path, by: Person | None = None, *, again: bool = False) -> Loaded:
    """Load a folder, all of it or nothing; the same files a second time only when ``again``.

    Raises UserFault with the faults of the first file that has any.
    """
    for name in ("organisation.yaml", "styrmodell.yaml"):
        if not (folder / name).is_file():
            raise UserFault(
                f"{folder / name} finns inte. Mappen behöver organisation.yaml och styrmodell.yaml."
            )
    digest = fingerprint(folder)
    unchanged = None if again else _loaded_last(digest)
    if unchanged is not None:
        return Loaded(unchanged, [f"{unchanged}: oförändrad sedan förra inläsningen."], skipped=True)
    with transaction.atomic():
        checked = check_file(folder / "styrmodell.yaml")
        committee = _committee(folder, checked)
        lines = _load(folder, committee, checked, by)
        access.record(by, DEED, committee, sha256=digest)
    return Loaded(committee, [f"{committee}:", *(f"  {line}" for line in lines)])


def _loaded_last(digest: str) -> Body | None:
    """The committee whose latest loaded folder was exactly these files."""
    for committee in Body.objects.filter(kind=Body.Kind.COMMITTEE).select_related("municipality"):
        last = AuditRecord.objects.filter(
            deed=DEED, subject=f"{Body._meta.label_lower}:{committee.pk}"
        ).first()
        if last is not None and last.detail.get("sha256") == digest:
            return committee
    return None


def fingerprint(folder: Path) -> str:
    """One hash of all files of a folder, by name and content."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")) + sorted(folder.glob("*.csv")):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _committee(folder: Path, checked: Checked) -> Body:
    """The committee of the folder's steering model, with its organisation loaded."""
    committees = load_organisation(folder / "organisation.yaml")
    wanted = checked.model.committee.slug if checked.model else None
    for committee in committees:
        if wanted in (None, committee.slug, committee.slug.removeprefix(f"{committee.municipality.slug}-")):
            return committee
    raise UserFault(f"{folder / 'styrmodell.yaml'}: nämnden ”{wanted}” finns inte i organisation.yaml.")


def _load(folder: Path, committee: Body, checked: Checked, by: Person | None) -> list[str]:
    version = load_checked(committee, checked, by)
    lines = [f"styrmodell {version.year} version {version.version}"]
    measures = folder / "matt.yaml"
    if measures.is_file():
        lines.append(f"{load_measures(measures, committee)} nyckeltal")
    context = Context(committee, version.year)
    lines += _read_files(folder, context, by, MEASURES)
    goals_path = folder / "mal.yaml"
    goals = read_goals(goals_path) if goals_path.is_file() else None
    if goals is not None:
        lines.append(f"{load_goals(goals, goals_path, committee)} mål och uppdrag")
    lines += _read_files(folder, context, by, [name for name in FILES if name not in MEASURES])
    if goals is not None and goals.assessments:
        lines.append(f"{load_assessments(goals, goals_path, committee, by)} bedömningar")
    return lines + [f"obs: {name} lästes inte, för inget med det namnet läses in" for name in _unread(folder)]


def _read_files(folder: Path, context: Context, by: Person | None, names: Iterable[str] = FILES) -> list[str]:
    """Read in the folder's files that are imports, in their order. Gives a line for each."""
    lines = []
    for name in names:
        if (folder / name).is_file():
            lines += read_file(KINDS[FILES[name]], folder / name, context, by)
    return lines


def read_file(what: Import, file: Path, context: Context, by: Person | None) -> list[str]:
    """Read in a file and say what came, with its remarks; one that is read in as it stands is left, so that what people
    have done since is too. Raises ImportFault."""
    if (before := standing_import(what, file, context)) is not None:
        day = timezone.localtime(before.imported_at).date()
        return [f"{what.title.lower()}: oförändrad sedan den lästes in {day}, lämnas"]
    if what.kind == "prognos":
        _earlier_occasions(file, context.committee)
    done = commit(what, context, file, str(file), by)
    counts = done.counts
    return [
        f"{what.title.lower()}: {done.rows} rader "
        f"({counts.new} nya, {counts.changed} ändrade, {counts.unchanged} oförändrade)",
        *(f"  obs: {warning}" for warning in done.warnings),
    ]


def load_later(folder: Path, committee: Body, year: int, by: Person | None = None) -> list[str]:
    """Read in what came later in the year than the committee's folder: files that are imports, and assessments in
    ``mal.yaml``. All of it or nothing. Raises UserFault with the faults of the first file that has any.
    """
    with transaction.atomic():
        lines = _read_files(folder, Context(committee, year), by)
        path = folder / "mal.yaml"
        if path.is_file():
            lines.append(f"{load_assessments(read_goals(path), path, committee, by)} bedömningar")
    return lines


def _unread(folder: Path) -> list[str]:
    """Files that look as if they should have been read, but have another name than those that are."""
    tables = {".csv", ".xlsx", ".ods", ".yaml", ".yml"}
    names = (path.name for path in folder.iterdir() if path.is_file() and path.suffix.lower() in tables)
    known = FILES.keys() | OTHERS
    return sorted(name for name in names if name not in known and not name.startswith(MEETINGS))


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
