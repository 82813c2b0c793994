"""What a committee's first steering model is written from: a blank one, or another committee's with the names changed.

What belongs to the other municipality alone (its documents, units, cost centres and projects) is left out, and what
has a date is moved to the year asked for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roder.steering.modelfile.check import check_file, check_text
from roder.steering.modelfile.faults import Path as Place
from roder.steering.modelfile.faults import value_at
from roder.steering.modelfile.model import SteeringModel
from roder.steering.modelfile.references import referring, renamed
from roder.steering.modelfile.splice import data_of, set_values
from roder.steering.modelfile.written import write_commented

BLANK = Path(__file__).with_name("assets") / "blank.yaml"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
#: Sections whose codes, names and dates follow the year.
_OF_THE_YEAR = ("occasions", "calendar")
_NAMING = {"code", "name", "label", "compares_with"}
#: Keys that name a body.
_BODIES = {"decided_by", "receives", "body"}


@dataclass(frozen=True)
class Names:
    """Whose the model is to be: what the file says of municipality and committee."""

    municipality_code: str
    municipality: str
    municipality_slug: str
    code: str
    committee: str
    slug: str
    administration: str | None = None


#: What stands until somebody has filled it in.
UNNAMED = Names(
    "0000", "Kommunens namn", "kommunen", "NÄMND", "Nämndens namn", "kommunen-namnd", "Förvaltningens namn"
)


def new_text(names: Names, year: int, source: Path = BLANK) -> str:
    """A steering model for the committee and year, with comments that explain every key, made from the file ``source``.

    Raises ValueError with the faults when that file is faulty, or the names cannot stand in a model.
    """
    checked = check_file(source)
    if checked.model is None:
        raise ValueError("\n".join(checked.lines()))
    text = write_commented(adapted(checked.model, names, year), _head(names, year, source))
    made = check_text(text)
    if made.model is None:
        raise ValueError("\n".join(made.lines()))
    return text


def _head(names: Names, year: int, source: Path) -> tuple[str, ...]:
    start = (
        "Det som står här är ett vanligt sätt att styra en nämnd. Byt det mot ert eget; datumen är förslag."
        if source == BLANK
        else f"Utgår från {source.parent.name}s styrmodell. Gå igenom varje del: datumen är flyttade till {year}, "
        "och det som bara gällde den kommunen är borttaget."
    )
    return (
        f"Styrmodell för {names.committee}, {names.municipality}, {year}.",
        start,
        "Rader som börjar med # är förklaringar. En del som inte behövs tas bort eller lämnas bortkommenterad.",
        "Koder (code) väljer ni själva och ändrar sedan inte: filer och rader pekar på dem. Namn (label) får ändras.",
        "I de flesta delar får också source (källa) och note (anmärkning) stå.",
        "Granska: roder model check FIL. Nycklarna står också i handboken, Styrmodellens fil, nyckel för nyckel.",
    )


def for_another_year(text: str, year: int) -> str:
    """A committee's own model for another year: the same text, comments and all, with the year and what has a date
    moved. Every occasion has a code of its own year, wherever it is named, so that none is the old year's.

    Raises SpliceError when the text cannot be changed place by place.
    """
    data = data_of(text)
    moved = year - data["year"]
    changes: dict[Place, Any] = {("year",): year}
    if isinstance(data.get("title"), str):
        changes[("title",)] = _with_years(data["title"], moved)
    if "planning" in data:
        changes[("planning", "first_year")] = data["planning"]["first_year"] + moved
    for section in _OF_THE_YEAR:
        if section in data:
            changes |= _differing(data[section], _moved(data[section], moved), (section,))
    for at, occasion in enumerate(data["occasions"]):
        place: Place = ("occasions", at)
        old = str(occasion["code"])
        new = code_for(old, data["year"], year)
        changes[(*place, "code")] = new
        for where in referring(place, data, old):
            changes[where] = renamed(value_at(data, where), old, new)
    return set_values(
        text, {place: value for place, value in changes.items() if value != value_at(data, place)}
    )


def code_for(code: str, old: int, new: int) -> str:
    """The code of another year's occasion: with the years in it moved, else with the year before it. At most 20
    characters, as a code has room for."""
    moved = _with_years(code, new - old)
    return moved if moved != code else f"{new}-{code}"[:20]


def _with_years(text: str, moved: int) -> str:
    return _YEAR.sub(lambda found: str(int(found[0]) + moved), text)


def _differing(old: Any, new: Any, place: Place) -> dict[Place, Any]:
    """The keys with another value, by where they stand. A list of plain values is one value."""
    if isinstance(old, dict):
        parts = [_differing(old[key], new[key], (*place, key)) for key in old]
    elif isinstance(old, list) and old and isinstance(old[0], dict | list):
        parts = [_differing(one, new[at], (*place, at)) for at, one in enumerate(old)]
    else:
        return {place: new} if old != new else {}
    return {at: value for part in parts for at, value in part.items()}


def adapted(model: SteeringModel, names: Names, year: int) -> dict[str, Any]:
    """The plain data of the model as the named committee's for the year."""
    data: dict[str, Any] = _without(
        model.model_dump(mode="json", exclude_none=True, exclude_defaults=True), {"source", "note"}
    )
    old, moved = data["committee"]["code"], year - model.year
    for section in _OF_THE_YEAR:
        if section in data:
            data[section] = _moved(data[section], moved)
    if "planning" in data:
        data["planning"]["first_year"] += moved
    _leave_out(data)
    data = _renamed(data, old, names.code)
    data |= {
        "year": year,
        "title": f"Styrmodell för {names.committee[:1].lower()}{names.committee[1:]} {year}"[:250],
        "municipality": {
            "code": names.municipality_code,
            "name": names.municipality,
            "slug": names.municipality_slug,
        },
        "committee": {
            "code": names.code,
            "name": names.committee,
            "slug": names.slug,
            **({"administration": names.administration} if names.administration else {}),
        },
    }
    for body in data["bodies"]:
        if body["code"] == names.code and body["kind"] == "committee":
            body["name"] = names.committee
    return data


def _without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, keys) for key, one in value.items() if key not in keys}
    return [_without(one, keys) for one in value] if isinstance(value, list) else value


def _leave_out(data: dict[str, Any]) -> None:
    """What is one municipality's own: its units, cost centres, projects and the objects of its bookkeeping."""
    for area in data.get("service_areas", ()):
        area.pop("units", None)
    for rule in data.get("grading_rules", ()):
        if rule.get("small_unit"):
            rule["small_unit"].pop("cost_centres", None)
    if "investments" in data:
        data["investments"].pop("projects", None)
    ledger = data["accounts"].get("ledger")
    if ledger:
        for key in ("own", "internal_counterparts", "counterpart_dimension"):
            ledger.pop(key, None)


def _moved(value: Any, years: int, key: str = "") -> Any:
    """Dates, and years in codes and names, so many years later."""
    if isinstance(value, dict):
        return {name: _moved(one, years, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, years, key) for one in value]
    if not isinstance(value, str):
        return value
    day = _DAY.fullmatch(value)
    if day:
        year, month = int(day[1]) + years, int(day[2])
        return f"{year}-{day[2]}-{min(int(day[3]), monthrange(year, month)[1]):02d}"
    return _with_years(value, years) if key in _NAMING else value


def _renamed(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The committee's own code, wherever the model names a body."""
    found: dict[str, Any] = _changed(data, old, new, naming=False)
    bodies: dict[str, Any] = {}
    for body in found["bodies"]:
        code = new if body["code"] == old else body["code"]
        bodies.setdefault(code, {**body, "code": code})
    return {**found, "bodies": list(bodies.values())}


def _changed(value: Any, old: str, new: str, *, naming: bool) -> Any:
    if isinstance(value, dict):
        return {key: _changed(one, old, new, naming=key in _BODIES) for key, one in value.items()}
    if isinstance(value, list):
        return [_changed(one, old, new, naming=naming) for one in value]
    return new if naming and value == old else value
