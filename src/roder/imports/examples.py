"""A folder of files becomes a committee's data: how the examples are loaded, and how a municipality starts.

``organisation.yaml`` and ``styrmodell.yaml`` must be there; the rest as far as there is anything to tell. Everything
goes through the same declarations, checks and services as a person's files, in one transaction for the folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from roder import access
from roder.access.models import AuditRecord
from roder.core.faults import UserFault
from roder.imports.deeds import Deed, Reading, assessments_deed, content_deeds, model_deed, reading_deed
from roder.imports.kinds import KINDS
from roder.organisation.loading import load_organisation
from roder.organisation.models import Body, Person
from roder.steering.modelfile import Checked, check_file

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
    measures, goals = folder / "matt.yaml", folder / "mal.yaml"
    deeds = content_deeds(
        measures if measures.is_file() else None,
        goals if goals.is_file() else None,
        _readings(folder, checked.model.year if checked.model else None),
    )
    lines = _done([model_deed(folder / "styrmodell.yaml"), *deeds], committee, by)
    return lines + [f"obs: {name} lästes inte, för inget med det namnet läses in" for name in _unread(folder)]


def _readings(folder: Path, year: int | None) -> tuple[Reading, ...]:
    """The folder's files that are imports, in their order."""
    return tuple(
        Reading(KINDS[kind], folder / name, year=year)
        for name, kind in FILES.items()
        if (folder / name).is_file()
    )


def _done(deeds: Iterable[Deed], committee: Body, by: Person | None) -> list[str]:
    """Carry out the deeds. A line for what each did, and its remarks."""
    lines: list[str] = []
    for deed in deeds:
        said = deed.do(committee, by)
        lines += [f"{deed.title}: {said[0]}", *said[1:]] if said else []
    return lines


def load_later(folder: Path, committee: Body, year: int, by: Person | None = None) -> list[str]:
    """Read in what came later in the year than the committee's folder: files that are imports, and assessments in
    ``mal.yaml``. All of it or nothing. Raises UserFault with the faults of the first file that has any.
    """
    goals = folder / "mal.yaml"
    deeds = [reading_deed(one) for one in _readings(folder, year)]
    if goals.is_file():
        deeds.append(assessments_deed(goals))
    with transaction.atomic():
        return _done(deeds, committee, by)


def _unread(folder: Path) -> list[str]:
    """Files that look as if they should have been read, but have another name than those that are."""
    tables = {".csv", ".xlsx", ".ods", ".yaml", ".yml"}
    names = (path.name for path in folder.iterdir() if path.is_file() and path.suffix.lower() in tables)
    known = FILES.keys() | OTHERS
    return sorted(name for name in names if name not in known and not name.startswith(MEETINGS))
