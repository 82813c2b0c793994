"""Write ``examples/kolada``: answers in the form of Kolada's API v3, for ``roder import kolada --stub`` and the tests.

Values that Alingsås' documents print are carried over (PRINTED); every other value is invented here, by a rule that
gives the same each time, and stands under municipalities that do not exist. Run: ``python scripts/kolada_examples.py``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "kolada"
YEARS = range(2018, 2023)
OWN, COUNTRY = "1489", "0000"
NAMES = (
    "Granby",
    "Ekhamn",
    "Lindvik",
    "Björksund",
    "Asphult",
    "Rönnås",
    "Hasselmo",
    "Videholm",
    "Sälgfors",
    "Tallmyra",
)
SIMILAR = {f"99{n:02}": f"Exempelkommun {name}" for n, name in enumerate(NAMES, start=1)}
THEMES = {
    "övergripande": ("G99001", "Liknande kommuner, övergripande, Alingsås, 2021", list(SIMILAR)[:7]),
    "äldreomsorg": ("G99002", "Liknande kommuner äldreomsorg, Alingsås, 2021", list(SIMILAR)[1:8]),
    "lss": ("G99003", "Liknande kommuner LSS, Alingsås, 2021", list(SIMILAR)[2:9]),
    "ifo": ("G99004", "Liknande kommuner IFO, Alingsås, 2021", list(SIMILAR)[3:10]),
    "grundskola": (
        "G99005",
        "Liknande kommuner grundskola, Alingsås, 2021",
        [*list(SIMILAR)[:3], *list(SIMILAR)[6:10]],
    ),
    "gymnasieskola": (
        "G99006",
        "Liknande kommuner gymnasieskola, Alingsås, 2021",
        [*list(SIMILAR)[:5], "9909", "9910"],
    ),
}
#: id -> title, area of operations, theme, by sex, month and day of publication, middle of the invented values, decimals
KPIS: dict[str, tuple[str, str, str, bool, str, float, int]] = {
    "U21468": (
        "Brukarbedömning hemtjänst äldreomsorg - helhetssyn, andel (%)",
        "Äldreomsorg", "äldreomsorg", True, "10-19", 88, 0,
    ),
    "U23471": (
        "Brukarbedömning särskilt boende äldreomsorg - helhetssyn, andel (%)",
        "Äldreomsorg", "äldreomsorg", True, "10-19", 81, 0,
    ),
    "U28570": (
        "Brukarbedömning boende LSS totalt - Brukaren trivs alltid hemma, andel (%)",
        "Stöd till personer med funktionsnedsättning", "lss", True, "12-14", 81, 0,
    ),
    "U31462": (
        "Ej återaktualiserade vuxna ett år efter avslutat försörjningsstöd, andel (%)",
        "Individ- och familjeomsorg", "ifo", True, "06-15", 77, 0,
    ),
    "N15436": (
        "Elever i åk 9 som är behöriga till yrkesprogram, kommunala skolor, andel (%)",
        "Grundskola", "grundskola", True, "12-01", 85.5, 1,
    ),
    "N17467": (
        "Gymnasieelever med examen inom 4 år, kommunala skolor, andel (%)",
        "Gymnasieskola", "gymnasieskola", True, "12-15", 71.5, 1,
    ),
    "U00811": (
        "Handläggningstid (median) från fullständig ansökan till beslut för bygglov, antal dagar",
        "Samhällsplanering", "övergripande", False, "05-04", 24, 0,
    ),
}  # fmt: skip
#: What the documents print, for everybody: (id, place) -> year -> value.
PRINTED: dict[tuple[str, str], dict[int, float | None]] = {
    ("U21468", OWN): {2020: 95},
    ("U21468", COUNTRY): {2020: 88},
    ("U23471", OWN): {2020: 86},
    ("U23471", COUNTRY): {2020: 81},
    ("U28570", OWN): {2020: 80, 2021: 83},
    ("U31462", OWN): {2018: 76, 2019: 66, 2020: 76, 2021: 86},
    ("N15436", OWN): {2018: 85.5, 2019: 84.5, 2020: 90.5},
    ("N17467", OWN): {2018: 76.7, 2019: 74.9, 2020: 73.6},
    ("U00811", OWN): {2018: None, 2019: 124, 2020: 35},
}
LAST_KNOWN = 2021  # later values are not published at the August follow-up of the demonstration


def chance(*key: object) -> float:
    """A number between -1 and 1 that is always the same for a key."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**47 - 1


def value_of(kpi: str, place: str, year: int, sex: str) -> float | None:
    """A printed value, else an invented one; None when it is not published yet, or for a few that never came."""
    _, _, _, _, _, middle, digits = KPIS[kpi]
    known = PRINTED.get((kpi, place), {})
    printed = known.get(year)
    if (
        year > LAST_KNOWN
        or (year in known and printed is None)
        or (place in SIMILAR and chance(kpi, place, year, "gap") > 0.94)
    ):
        return None
    spread = 0 if place == COUNTRY else 6 * chance(kpi, place) + 2 * chance(kpi, place, year)
    base = printed if printed is not None else middle + (year - 2020) * 0.4 + spread
    if sex != "T":
        base += (1 if sex == "K" else -1) * (1.5 + chance(kpi, place, year, "sex"))
    return round(base if kpi == "U00811" else min(base, 100.0), digits)


def item(kpi: str, place: str, year: int, value: dict[str, tuple[float | None, int]]) -> dict[str, Any]:
    """A row of an answer."""
    values = [
        {
            "gender": sex,
            "count": count,
            "status": "" if found is not None else "Missing",
            "value": found,
            "isdeleted": False,
        }
        for sex, (found, count) in value.items()
    ]
    return {"kpi": kpi, "municipality": place, "period": year, "values": values}


def rows_of(kpi: str) -> list[dict[str, Any]]:
    """All values of a key figure: the municipality, the country, the examples and their group's mean."""
    sexes = "TKM" if KPIS[kpi][3] else "T"
    group, _, members = THEMES[KPIS[kpi][2]]
    found = []
    for year in YEARS:
        for place in (COUNTRY, OWN, *SIMILAR):
            found.append(item(kpi, place, year, {sex: (value_of(kpi, place, year, sex), 1) for sex in sexes}))
        means: dict[str, tuple[float | None, int]] = {}
        for sex in sexes:
            known = [one for place in members if (one := value_of(kpi, place, year, sex)) is not None]
            means[sex] = (round(sum(known) / len(known), 6) if known else None, len(known))
        found.append(item(kpi, group, year, means))
    return found


def kpi_of(code: str) -> dict[str, Any]:
    """What is told of a key figure."""
    title, area, _, by_sex, published, _, _ = KPIS[code]
    return {
        "id": code, "title": title,
        "description": f"{title}. Påhittade exempelvärden utom där dokumenten anger värden.",
        "auspice": None, "operating_area": area, "perspective": "Kvalitet och resultat",
        "municipality_type": "K",
        "is_divided_by_gender": by_sex, "has_ou_data": False, "ou_publication_date": None,
        "prel_publication_date": None,
        "publication_date": f"2022-{published}", "publ_period": "2022" if published > "09" else "2021",
    }  # fmt: skip


def write(name: str, values: list[dict[str, Any]]) -> None:
    """Write an answer: one row a line, so that changes can be read."""
    lines = ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    text = f'{{"values": [\n{lines}\n], "count": {len(values)}, "next_url": null, "previous_url": null}}\n'
    path = FOLDER / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write every file."""
    write("kpi", [kpi_of(code) for code in sorted(KPIS)])
    places = {
        COUNTRY: ("Riket", ""),
        OWN: ("Alingsås", "K"),
        **{code: (name, "K") for code, name in SIMILAR.items()},
    }
    write(
        "municipality",
        [{"id": code, "title": name, "type": kind} for code, (name, kind) in sorted(places.items())],
    )
    write("municipality_groups", [
        {"id": code, "title": title, "members": [{"member_id": one, "member_title": SIMILAR[one]} for one in members]}
        for code, title, members in THEMES.values()
    ])  # fmt: skip
    write("ou", [])
    for kpi in KPIS:
        write(f"data/{kpi}", rows_of(kpi))


if __name__ == "__main__":
    main()
