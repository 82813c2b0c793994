"""The invented municipality: the whole path from an empty database that the handbook promises, with its own files."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Sum
from django.test import Client
from openpyxl import load_workbook

from roder.core.examples import examples_dir
from roder.economy.models import BudgetLine, ForecastLine, OutcomeLine
from roder.figures import At, SnapshotSource, compute, take_snapshot
from roder.meetings.models import Case
from roder.meetings.services.cases import find_case, register_case
from roder.organisation.models import Body, Person, Unit
from roder.quality.models import Deviation
from roder.reports.build import FindingKind
from roder.reports.demo import COMMENTS_FILE, load_comments_from_yaml, read_comments
from roder.reports.services import check, lock, open_draft, write_files
from roder.setup import demo, services
from roder.steering.models import Assessment, Occasion
from roder.tasks.models import Task

BACKEND = "django.contrib.auth.backends.ModelBackend"
FOLDER = examples_dir() / demo.FOLDER
SETUP = FOLDER / "setup.yaml"
SOCIAL, ELDERLY = "exempelkoping-socialnamnden", "exempelkoping-aldrenamnden"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def filled_in(name: str) -> list[dict[str, object]]:
    """What somebody has filled in of a template, without its example row."""
    head, _, *found = load_workbook(FOLDER / name)["Fyll i"].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in found if any(row)]


def counts() -> Counter[str]:
    """How many rows there are of everything a municipality is made of; not the trail, which grows when one looks."""
    rooms = (
        "organisation",
        "steering",
        "measures",
        "economy",
        "quality",
        "casework",
        "control",
        "meetings",
        "tasks",
    )
    models = (model for room in rooms for model in apps.get_app_config(room).get_models())
    return Counter({model._meta.label: model._base_manager.count() for model in models})


def the_sums_agree(social: Body, elderly: Body) -> None:
    def total(name: str, column: str, *keys: str) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for row in rows(name):
            found[tuple(row[key] for key in keys)] += int(row[column])
        return found

    def stored(
        model: type[BudgetLine | ForecastLine | OutcomeLine], body: Body, key: str, part: str
    ) -> dict[tuple[str, str], Decimal]:
        said = model.objects.filter(group__committee=body).values_list(key, part).annotate(sum=Sum("amount"))
        return {(first, second): value for first, second, value in said}

    group = "group__code"
    budget = {
        (row[0], row[1]): value
        for row, value in total("socialnamnden/budget.csv", "belopp", "version", "kontogrupp").items()
    }
    assert stored(BudgetLine, social, "version__code", group) == budget
    forecast = total("aldrenamnden/prognos.csv", "belopp", "tillfalle", "kontogrupp")
    assert stored(ForecastLine, elderly, "occasion__code", group) == dict(forecast)
    outcome = sum(total("socialnamnden/utfall-ur-ekonomisystemet.csv", "Bokfört kr", "Kontoslag").values())
    assert OutcomeLine.objects.filter(group__committee=social).aggregate(sum=Sum("amount"))["sum"] == outcome
    for version in ("antagen", "sommar"):  # the units' budgets and the grant come to nothing together
        assert sum(value for (code, _), value in budget.items() if code == version) == 0
    reported = filled_in("aldrenamnden/avvikelser.xlsx")
    assert Deviation.objects.filter(committee=elderly).count() == len(reported) == 600


def a_snapshot_has_the_files_numbers(social: Body) -> None:
    occasion = Occasion.objects.get(committee=social, code="t2-2026")
    lines = [row for row in filled_in("socialnamnden/prognos.xlsx") if row["tillfalle"] == occasion.code]
    placed = sum(int(str(row["belopp"])) for row in lines if row["kontogrupp"] == "Placeringar och köpt stöd")
    with SnapshotSource.open(take_snapshot(occasion)) as source:
        found = {
            row.key["rad"]: row.value
            for row in compute("ekonomi.drift.prognos", source, At.of(occasion)).rows
        }
    assert found["placeringar"] == placed
    assert found["over"] == sum(int(str(row["belopp"])) for row in lines)


def a_report_is_finished(social: Body, out: Path) -> None:
    occasion = Occasion.objects.get(committee=social, code="t2-2026")
    report = open_draft(occasion, "delarsbokslut", None)
    load_comments_from_yaml(report, read_comments(FOLDER / "socialnamnden" / COMMENTS_FILE), None)
    found = check(report)
    assert {one.kind for one in found} <= {FindingKind.MISSING_FIGURES, FindingKind.MISSING_COMMENT}
    assert [one.message for one in found if one.kind is FindingKind.MISSING_FIGURES] == [
        "Riskvärde förra året saknar värden och visas som iu. (14 rader)"  # the first year in Roder
    ]
    made = write_files(lock(report, None, {one.mark for one in found}), out)
    assert {path.suffix for path in made} == {".html", ".pdf", ".docx", ".xlsx"}
    page = next(path for path in made if path.suffix == ".html").read_text(encoding="utf-8")
    for own in ("Placeringar och köpt stöd", "Hur illa", "Vet inte än", "Över eller underskott"):
        assert own in page


def the_cases_are_there(social: Body, elderly: Body) -> None:
    for body, name in ((social, "socialnamnden/arenden.csv"), (elderly, "aldrenamnden/arenden.csv")):
        assert body.cases.count() == len(rows(name)) > 10
    proposal = find_case(
        elderly, "ÄN 2026/12"
    )  # written "ÄN 12/2026" in the file, and "{number}/{year} ÄN" by the committee
    assert proposal is not None and proposal.kind == Case.Kind.MOTION
    assert social.cases.filter(secret=True).count() == 2
    late = Task.objects.filter(committee=social, kind="meetings.case_answer", closed_at=None)
    assert late.count() == sum(
        bool(one["svar_senast"]) and not one["besvarat"] for one in rows("socialnamnden/arenden.csv")
    )
    secretary = Person.objects.get(email="social.sekreterare@exempelkoping.example")
    assert register_case(social, "Nytt ärende", kind="own", by=secretary).number == "SOC-2026-00413"


def each_sees_only_their_own(social: Body, elderly: Body) -> None:
    client = Client()
    client.force_login(Person.objects.get(email="almen.chef@exempelkoping.example"), BACKEND)
    seen = client.get(f"/{social.slug}/2026/avvikelser/")
    assert seen.status_code == 200
    assert "Gruppbostaden Almen" in seen.content.decode()
    assert "Äldreboendet" not in seen.content.decode()
    for page in ("", "avvikelser/", "klagomal/", "rapporter/", "risker/"):
        assert client.get(f"/{elderly.slug}/2026/{page}").status_code in (403, 404)


@pytest.mark.django_db
def test_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    services.check_setup(SETUP)
    list(services.run(SETUP))
    social, elderly = (Body.objects.get(slug=slug) for slug in (SOCIAL, ELDERLY))
    assert Unit.objects.filter(kind="unit").count() == 41
    assert Assessment.objects.exclude(override_reason="").count() == 0
    the_sums_agree(social, elderly)
    before = counts()
    again = list(services.run(SETUP))
    assert counts() == before
    assert [line for line in again if " rader (" in line and "(0 nya, 0 ändrade, " not in line] == []
    the_cases_are_there(social, elderly)
    demo.load_control(FOLDER)
    a_snapshot_has_the_files_numbers(social)
    a_report_is_finished(social, tmp_path)
    each_sees_only_their_own(social, elderly)
