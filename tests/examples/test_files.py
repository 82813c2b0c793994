"""The example files: numbers can be read, codes pointed at exist, and tables add to what was printed."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from roder.core.numbers import Unit, parse_number
from roder.core.periods import parse_date, parse_period
from roder.imports.printed import PrintedTable, load
from tests.examples.files import EXAMPLES, MUNICIPALITIES, document, rows, total

CSV_FILES = sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/*.csv"))
NUMBER_COLUMNS = {
    "belopp",
    "budget",
    "prognos",
    "utfall",
    "utfall_foregaende",
    "antal",
    "timmar",
    "varde",
    "taljare",
    "namnare",
}
HEADERS = {
    "budget.csv": "ar;version;enhet;verksamhet;kontogrupp;belopp;kalla",
    "budget-versioner.csv": "ar;version;namn;galler_fran;antagen;beslut;plan;ordning;kalla",
    "investeringar.csv": "ar;tillfalle;kategori;projekt;budget;prognos;utfall;utfall_foregaende;kalla",
    "volymer.csv": "matdatum;insats;regi;antal;timmar;prognos;kalla",
    "personal.csv": "period;enhet;matt;kon;alder;dagar;varde;taljare;namnare;kalla",
    "mattvarden.csv": "matt;period;enhet;kon;varde;taljare;namnare;jamforelse;status;orsak;kalla",
    "verksamheter.csv": "kod;namn;kalla",
}
KILO = 1000


def units(municipality: str) -> set[str]:
    """The codes of all units of the organisation file."""

    def walk(found: list[dict[str, Any]]) -> set[str]:
        return {unit["code"] for unit in found} | {
            c for unit in found for c in walk(unit.get("children") or [])
        }

    return walk(document(f"{municipality}/organisation.yaml")["units"])


def kronor(tkr: Decimal | None) -> Decimal:
    """A printed cell in tkr as kronor. The cell must be there."""
    assert tkr is not None
    return tkr * KILO


def printed(municipality: str, table: str) -> PrintedTable:
    content = load(EXAMPLES / municipality / "tryckta-summor.yaml")
    return next(found for found in content.tables if found.id == table)


@pytest.mark.parametrize("path", CSV_FILES)
def test_file_can_be_read(path: str) -> None:
    found = rows(path)
    name = path.split("/")[1]
    assert found
    if name in HEADERS:
        assert ";".join(found[0]) == HEADERS[name]
    for row in found:
        assert None not in row and None not in row.values(), row
        assert row["kalla"] and len(row["kalla"]) <= 200
        for column in NUMBER_COLUMNS & set(row):
            if row[column] and not (name == "volymer.csv" and column == "prognos"):
                parse_number(row[column])
        if row.get("enhet"):
            assert row["enhet"] in units(path.split("/", maxsplit=1)[0])


@pytest.mark.parametrize(
    "path", [path for path in CSV_FILES if path.endswith(("mattvarden.csv", "personal.csv"))]
)
def test_periods_can_be_read_and_nothing_is_counted_twice(path: str) -> None:
    seen = set()
    for row in rows(path):
        parse_period(row["period"])
        key = tuple(
            value for column, value in row.items() if column not in ("varde", "status", "orsak", "kalla")
        )
        assert key not in seen, key
        seen.add(key)


def test_dates_of_volumes_and_budget_versions_exist() -> None:
    for row in rows("alingsas/volymer.csv"):
        parse_date(row["matdatum"])
        assert row["prognos"] in ("ja", "nej") and row["regi"] in (
            "egen",
            "extern",
            "annan_namnd",
            "ej_uppdelat",
        )
        assert row["antal"] or row["timmar"]
    for municipality in MUNICIPALITIES:
        versions = {(row["ar"], row["version"]) for row in rows(f"{municipality}/budget-versioner.csv")}
        assert versions == {(row["ar"], row["version"]) for row in rows(f"{municipality}/budget.csv")}
        for row in rows(f"{municipality}/budget-versioner.csv"):
            parse_date(row["galler_fran"])
            assert not row["antagen"] or parse_date(row["antagen"])


# --- measures and goals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_measures_are_complete(municipality: str) -> None:
    measures = document(f"{municipality}/matt.yaml")["measures"]
    codes = [measure["code"] for measure in measures]
    assert len(codes) == len(set(codes))
    for measure in measures:
        Unit(measure["unit"])
        assert measure["direction"] in ("higher", "lower", "neither")
        assert measure.get("parent") is None or measure["parent"] in codes
        years = [target["year"] for target in measure.get("targets") or []]
        assert len(years) == len(set(years)), f"{measure['code']} has two targets for a year"
        for target in measure.get("targets") or []:
            assert target["operator"] in (">", ">=", "=", "<=", "<")
            assert target["value"] is not None or target["target_text"]
    used = {row["matt"] for row in rows(f"{municipality}/mattvarden.csv")}
    assert used <= set(codes)


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_a_value_is_there_or_missing_with_a_reason(municipality: str) -> None:
    for row in rows(f"{municipality}/mattvarden.csv"):
        assert row["status"] in ("final", "preliminary", "missing")
        assert row["jamforelse"] in ("kommun", "riket", "liknande")
        assert bool(row["varde"]) == (row["status"] != "missing")
        assert row["varde"] or row["orsak"], row


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_goals_point_at_what_exists(municipality: str) -> None:
    goals = document(f"{municipality}/mal.yaml")
    measures = {measure["code"] for measure in document(f"{municipality}/matt.yaml")["measures"]}
    areas = {area["code"] for area in goals["focus_areas"]}
    council = {goal["code"] for goal in goals["council_goals"]}
    own = {goal["code"] for goal in goals["committee_goals"]}
    for goal in goals["council_goals"]:
        assert goal["focus_area"] is None or goal["focus_area"] in areas
        assert set(goal["indicators"]) | set(goal.get("supporting_indicators") or []) <= measures
    for goal in goals["committee_goals"]:
        assert goal["council_goal"] is None or goal["council_goal"] in council
        assert goal["indicator"] is None or goal["indicator"] in measures
        assert goal["measures"] and set(goal["measures"]) <= measures
        assert set(goal["followed"]) <= {"interim", "annual"}
    for activity in goals["activities"]:
        assert activity["goal"] in own and activity["unit"] in units(municipality)
    for occasion in goals["assessments"].values():
        assert set(occasion["goals"]) <= own
        assert set(occasion["assignments"]) == {assignment["code"] for assignment in goals["assignments"]}


def test_alingsas_has_the_47_critical_factors_in_four_perspectives() -> None:
    found = [m for m in document("alingsas/matt.yaml")["measures"] if m.get("kvf_row")]
    assert [measure["kvf_row"] for measure in found] == list(range(1, 48))
    count: dict[str, int] = defaultdict(int)
    for measure in found:
        count[measure["perspective"]] += 1
    assert count == {"Ekonomi": 5, "Målgrupp": 10, "Verksamhet": 17, "Medarbetare": 15}


def test_alingsas_interim_goals_are_judged_as_in_the_report() -> None:
    goals = document("alingsas/mal.yaml")["assessments"]["2022-08"]["goals"]
    assert sorted(goal["status"] for goal in goals.values()) == ["ej_utvarderad"] * 3 + ["helt_uppfyllt"]
    assert goals["M1"]["override_reason"]


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_codes_are_those_of_the_steering_model(municipality: str) -> None:
    model = document(f"{municipality}/styrmodell.yaml")

    def codes(*path: str) -> set[str]:
        found = model
        for part in path:
            found = found.get(part) or {}
        return {str(term["code"]) for term in found}

    def used(name: str, column: str) -> set[str]:
        path = EXAMPLES / municipality / name
        return (
            {row[column] for row in rows(f"{municipality}/{name}") if row[column]} if path.exists() else set()
        )

    groups = {row["code"] for row in model["accounts"]["rows"] if row["kind"] == "group"}
    assert used("budget.csv", "kontogrupp") | used("prognos.csv", "kontogrupp") <= groups
    assert used("budget.csv", "verksamhet") <= codes("services", "rows")
    assert used("verksamheter.csv", "kod") == codes("services", "rows")
    assert used("investeringar.csv", "kategori") <= codes("investments", "categories")
    assert used("investeringar.csv", "tillfalle") <= codes("occasions")
    assert used("volymer.csv", "insats") == codes("supports", "rows")
    goals = document(f"{municipality}/mal.yaml")
    assert goals["committee"] == model["committee"]["slug"]
    statuses = {status["code"] for scale in model.get("status_scales") or [] for status in scale["statuses"]}
    for occasion in goals["assessments"].values():
        assert {goal["status"] for goal in occasion["goals"].values()} <= statuses
    measures = {measure["code"] for measure in document(f"{municipality}/matt.yaml")["measures"]}
    for rule in model.get("grading_rules") or []:
        assert set(rule["measures"]) <= measures, rule["code"]


# --- tables against what was printed ----------------------------------------------------------------------


@pytest.mark.parametrize(("occasion", "table"), [("2022-03", "von-mars"), ("2022-05", "von-maj")])
def test_forecast_lines_are_the_printed_rows_and_add_to_the_printed_sums(occasion: str, table: str) -> None:
    cells = printed("alingsas", table).cells
    lines = {
        row["kontogrupp"]: parse_number(row["belopp"])
        for row in rows("alingsas/prognos.csv")
        if row["tillfalle"] == occasion
    }
    for group, amount in lines.items():
        shown = cells[group]["prognos"]
        assert amount == (Decimal(0) if shown is None else shown * KILO)
    costs = sum(lines[group] for group in ("personal", "lokaler", "kop_tjanster", "ovriga"))
    assert costs == kronor(cells["kostnader"]["prognos"])
    assert costs + lines["intakter"] == kronor(cells["nettokostnader"]["prognos"])
    assert sum(lines.values()) == kronor(cells["resultat"]["prognos"])


@pytest.mark.parametrize(
    ("year", "version", "table", "column", "allowed"),
    [
        ("2021", "ursprunglig", "von-budget", "budget_2021", 0),
        ("2022", "ursprunglig", "von-budget", "budget_2022", 0),
        ("2022", "omfordelad mars", "von-mars", "budget", 0),
        ("2022", "omfordelad mars", "von-maj", "budget", 0),
        ("2023", "plan", "von-budget", "plan_2023", 0),
        ("2024", "plan", "von-budget", "plan_2024", 1),
    ],
)
def test_budget_lines_are_the_printed_rows(
    year: str, version: str, table: str, column: str, allowed: int
) -> None:
    cells = printed("alingsas", table).cells
    found = [row for row in rows("alingsas/budget.csv") if (row["ar"], row["version"]) == (year, version)]
    assert {row["kontogrupp"]: parse_number(row["belopp"]) for row in found} == {
        row["kontogrupp"]: kronor(cells[row["kontogrupp"]][column]) for row in found
    }
    costs = [row for row in found if row["kontogrupp"] in ("personal", "lokaler", "kop_tjanster", "ovriga")]
    assert abs(total(costs, "belopp") - kronor(cells["kostnader"][column])) == allowed * KILO
    # The frame is the same, whichever way the groups round.
    assert abs(total(found, "belopp")) <= KILO


@pytest.mark.parametrize(
    ("occasion", "table", "columns"),
    [
        ("2022-04", "von-investeringar-april", {"budget": "budget", "prognos": "prognos"}),
        (
            "2022-08",
            "von-investeringar-augusti",
            {
                "budget": "budget",
                "prognos": "prognos",
                "utfall": "utfall_2022",
                "utfall_foregaende": "utfall_2021",
            },
        ),
    ],
)
def test_investments_are_the_printed_rows(occasion: str, table: str, columns: dict[str, str]) -> None:
    cells = printed("alingsas", table).cells
    found = [row for row in rows("alingsas/investeringar.csv") if row["tillfalle"] == occasion]
    names = {"Inventarier": "inventarier", "Vårdarhjälpmedel": "vardhjalpmedel", "Sängar": "sangar"}
    for row in found:
        for ours, theirs in columns.items():
            assert parse_number(row[ours]) == kronor(cells[names[row["projekt"]]][theirs])
    assert total(found, "budget") == 5_300 * KILO


# The totals of the tables as printed; own, external and other run must add to them.
VOLUMES: dict[str, tuple[int | None, ...]] = {
    "hemtjanst": (739, 705, 709, 720),
    "hemsjukvard": (958, 1143, 1051, 1100),
    "gruppboende_demens": (189, 169, 203, 203),
    "gruppboende_fys": (98, 118, 114, 76),
    "serviceboende": (106, 106, 94, 68),
    "korttidsplatser": (20, 20, 20, 24),
    "vaxelvard": (16, 16, 16, 16),
    "trygghetsboende": (20, 20, 20, 20),
    "trygghetsboende_anvisning": (70, 70, 81, 81),
    "trygghetsboende_bistand": (0, 0, 0, 26),
    "korttidsverksamhet": (50, 47, 45, 50),
    "korttidstillsyn": (16, 14, 19, 20),
    "assistans_fk": (98, 96, 95, 95),
    "assistans_kommun": (24, 23, 23, 23),
    "daglig_verksamhet": (204, 208, 198, 208),
    "gruppbostad": (64, 64, 72, 80),
    "servicebostad": (73, 74, 66, 66),
    "boende_barn": (None, 1, 1, 1),
    "sarskilt_anpassad": (37, 36, 37, 37),
}


def test_volumes_of_own_and_external_run_add_to_the_printed_total() -> None:
    dates = sorted({row["matdatum"] for row in rows("alingsas/volymer.csv")})
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows("alingsas/volymer.csv"):
        if row["antal"]:
            assert parse_number(row["antal"]) >= 0
            found[row["insats"], row["matdatum"]] += parse_number(row["antal"])
    assert found == {
        (code, day): number
        for code, numbers in VOLUMES.items()
        for day, number in zip(dates, numbers, strict=True)
        if number is not None
    }


def test_home_care_hours_add_to_the_printed_total() -> None:
    table = printed("alingsas", "von-hemtjanst-timmar")
    dates = sorted({row["matdatum"] for row in rows("alingsas/volymer.csv")})
    for day, column in zip(dates, table.columns, strict=True):
        hours = {
            row["regi"]: parse_number(row["timmar"])
            for row in rows("alingsas/volymer.csv")
            if row["timmar"] and row["matdatum"] == day
        }
        assert hours["egen"] == table.cells["egen"][column]
        assert hours["egen"] + hours["extern"] == table.cells["totalt"][column]


def test_places_that_are_goals_are_sums_of_volumes() -> None:
    """At the entry to 2021: 393 places for the elderly and 139 under LSS, each of three kinds of housing."""
    found = [row for row in rows("alingsas/volymer.csv") if row["matdatum"] == "2021-01-31"]
    for sum_row, printed_total in (("boendeplatser_aldre", 393), ("boendeplatser_lss", 139)):
        sums = document("alingsas/styrmodell.yaml")["supports"]["sums"]
        (parts,) = (row["sum_of"] for row in sums if row["code"] == sum_row)
        assert total((row for row in found if row["insats"] in parts), "antal") == printed_total


def test_sick_leave_is_the_printed_table() -> None:
    cells = printed("alingsas", "von-sjukfranvaro").cells
    keys = {
        "total": ("alla", "alla", "alla"),
        "kvinnor": ("kvinnor", "alla", "alla"),
        "man": ("man", "alla", "alla"),
        "alder_till_29": ("alla", "-29", "alla"),
        "alder_30_49": ("alla", "30-49", "alla"),
        "alder_fran_50": ("alla", "50-", "alla"),
        "dag_1_14": ("alla", "alla", "1-14"),
        "dag_15_59": ("alla", "alla", "15-59"),
        "dag_fran_60": ("alla", "alla", "60-"),
    }
    for year in ("2021", "2022"):
        found = {
            (row["kon"], row["alder"], row["dagar"]): parse_number(row["varde"])
            for row in rows("alingsas/personal.csv")
            if row["period"] == f"{year}-01..{year}-07"
        }
        assert found == {key: cells[name][year] for name, key in keys.items()}


@pytest.mark.parametrize(
    ("path", "filters", "column"),
    [
        ("oxelosund/budget.csv", {"ar": "2023"}, "budget_2023"),
        ("oxelosund/budget.csv", {"ar": "2024"}, "budget_2024"),
        ("oxelosund/prognos.csv", {"tillfalle": "2023-10"}, "prognos_2023"),
    ],
)
def test_oxelosund_services_are_the_printed_rows(path: str, filters: dict[str, str], column: str) -> None:
    found = [row for row in rows(path) if all(row[key] == value for key, value in filters.items())]
    for group in ("intakter", "kostnader"):
        cells = printed("oxelosund", group).cells
        lines = {
            row["verksamhet"]: parse_number(row["belopp"]) for row in found if row["kontogrupp"] == group
        }
        assert lines == {
            code: kronor(cell[column])
            for code, cell in cells.items()
            if code != "summa" and cell[column] is not None
        }
    assert total(found, "belopp") == kronor(printed("oxelosund", "nettokostnad").cells["summa"][column])


def test_kungsor_holds_little_more_than_a_frame() -> None:
    (frame,) = rows("kungsor/budget.csv")
    assert parse_number(frame["belopp"]) == 277_700 * KILO
    (investment,) = rows("kungsor/investeringar.csv")
    assert parse_number(investment["budget"]) == 1_558 * KILO
    assert not (EXAMPLES / "kungsor/prognos.csv").exists()


# --- comments ---------------------------------------------------------------------------------------------

FIGURE = re.compile(
    r"\{\{([a-z0-9_.]+)(?:\[([A-Za-z0-9_,-]+)\])?(?:\|(tkr|mkr|%|antal|index))?(?:\|utan tecken)?\}\}"
)
PLAIN_NUMBER = re.compile(
    r"\d[\d\s.,]*\s*(?:tkr|mkr|kr|kronor|miljoner|%|procent|st|personer|platser|timmar|dagar)\b"
)


def texts(node: Any) -> list[str]:
    """All texts of a nested mapping."""
    if isinstance(node, str):
        return [node]
    return [text for value in node.values() for text in texts(value)]


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_comments_hold_their_numbers_as_figures(municipality: str) -> None:
    measures = {measure["code"] for measure in document(f"{municipality}/matt.yaml")["measures"]}
    for text in texts(document(f"{municipality}/kommentarer.yaml")):
        assert text.count("{{") == len(FIGURE.findall(text)), text
        assert not PLAIN_NUMBER.search(FIGURE.sub("", text)), text
        for name, key, _ in FIGURE.findall(text):
            if name.startswith("matt."):
                assert key in measures, key
