"""A municipality unlike the examples, set up as the handbook says: other account rows, three statuses, tertials."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.test import Client

from roder.core.faults import UserFault
from roder.imports.examples import load_folder
from roder.organisation.models import Body, Person
from roder.organisation.people import add_mandate, add_person

FOLDER = Path(__file__).with_name("vinterhamn")
HOME = "/vinterhamn-on/2026/"
PAGES = (
    "", "mal/", "uppdrag/", "nyckeltal/", "ekonomi/", "ekonomi/budget/", "ekonomi/prognos/2026-T1/",
    "ekonomi/investeringar/", "ekonomi/volymer/", "ekonomi/personal/", "tillfallen/", "rapporter/", "siffror/",
    "inlasning/", "organisation/", "personer/", "styrmodell/",
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee() -> Body:
    return load_folder(FOLDER).committee


@pytest.fixture
def controller(committee: Body) -> Person:
    person, _ = add_person("ekonom@vinterhamn.example", "Ekonom", "skogen-vilar-tyst-42")
    add_mandate(person, "controller", body=committee)
    return person


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_shown(client: Client, controller: Person, page: str) -> None:
    client.force_login(controller)
    assert client.get(f"{HOME}{page}").status_code == 200


def test_the_table_is_printed_as_the_steering_model_says(client: Client, controller: Person) -> None:
    client.force_login(controller)
    page = client.get(f"{HOME}ekonomi/?tillfalle=juni").content.decode().replace("\u00a0", " ")
    assert "−204,41" in page  # 14 445 678 + 4 000 000 − 200 456 789 − 22 400 000 kr, in mkr with two decimals


def test_a_status_is_proposed_on_a_scale_without_a_step_for_the_unknown(committee: Body) -> None:
    from roder.measures.proposals import proposals
    from roder.steering.models import Goal, Occasion

    goal = Goal.objects.get(committee=committee, code="E1")
    occasion = Occasion.objects.get(committee=committee, code="2026-T2")
    assert proposals([goal], occasion)[goal.pk].code == "gul"  # one of two measures meets its target


def test_the_first_report_is_locked_and_written(committee: Body, controller: Person, tmp_path: Path) -> None:
    from roder.reports.services import check, lock, open_draft, write_files
    from roder.steering.models import Occasion

    occasion = Occasion.objects.select_related("committee").get(committee=committee, code="2026-T1")
    report = open_draft(occasion, "fordjupad-manadsuppfoljning", controller)
    files = write_files(lock(report, controller, {one.mark for one in check(report)}), tmp_path)
    assert {file.suffix for file in files} == {".html", ".pdf", ".docx", ".xlsx"}
    html = next(file for file in files if file.suffix == ".html").read_text(encoding="utf-8")
    assert "−204,41" in html
    assert "i mkr" in html


def test_a_goal_without_description_is_headed_by_its_title(committee: Body) -> None:
    from roder.figures import At, LiveSource
    from roder.reports.gather import gather
    from roder.steering.models import Occasion

    occasion = Occasion.objects.select_related("committee__municipality", "model").get(
        committee=committee, code="2026-T2"
    )
    with LiveSource(committee) as source:
        (goal,) = gather(occasion, source, At.of(occasion)).goals
    assert goal.title == "1. Kort väntan"


def test_a_file_with_a_name_that_nothing_reads_is_pointed_out(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "mapp"))
    (folder / "prognos.csv").rename(folder / "prognoser.csv")
    assert any("prognoser.csv" in line for line in load_folder(folder).lines)


def test_a_tab_in_a_file_is_said_in_words(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "mapp"))
    (folder / "mal.yaml").write_text("year: 2026\nvision:\n\ttitle: Fel\n", encoding="utf-8")
    with pytest.raises(UserFault, match=r"mal\.yaml:3: .*tabb"):
        load_folder(folder)
