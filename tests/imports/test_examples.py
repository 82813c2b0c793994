"""Folders of files become committees: the three examples, twice; and faulty folders leave nothing."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from roder.core.faults import UserFault
from roder.core.models import ImportBatch, Link
from roder.economy.models import BudgetVersion, ForecastLine, InvestmentLine, VolumeLine
from roder.imports.examples import load_folder
from roder.measures.models import Definition, Measure, MeasureValue
from roder.organisation.models import Body, Unit, UnitPlacement
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    kinds = (
        BudgetVersion, ForecastLine, InvestmentLine, VolumeLine, Measure, MeasureValue, Definition, Unit,
        UnitPlacement, Activity, Assessment, Assignment, Goal, Occasion, Link, ImportBatch,
    )  # fmt: skip
    return {kind.__name__: kind.objects.count() for kind in kinds}


def test_the_examples_load_and_load_again_without_change() -> None:
    for name in ("alingsas", "oxelosund", "kungsor"):
        assert not load_folder(EXAMPLES / name).skipped
    before = rows()
    for name in ("alingsas", "oxelosund", "kungsor"):
        assert load_folder(EXAMPLES / name).skipped
        lines = load_folder(EXAMPLES / name, again=True).lines
        assert all("(0 nya, 0 ändrade" in line for line in lines if " rader " in line)
    assert rows() == before
    committee = Body.objects.get(slug="alingsas-von")
    may = ForecastLine.objects.filter(occasion__committee=committee, occasion__code="2022-05")
    assert may.get(group__code="personal").amount == Decimal(-714211000)
    assert Goal.objects.filter(committee=committee).count() == 5
    goal = Goal.objects.get(committee=committee, code="M2")
    linked = Link.objects.filter(source_kind="steering.goal", source_id=goal.pk)
    assert set(linked.values_list("kind", flat=True)) == {"measured_by", "indicator"}
    said = Assessment.objects.get(
        occasion__code="2022-08", subject_kind="steering.goal", subject_id=Goal.objects.get(code="M1").pk
    )
    assert said.status == "helt_uppfyllt"
    assert said.proposed_status == "ej_uppfyllt"
    assert said.override_reason
    series = Definition.objects.filter(measure__code="langtidssjukfranvaro").order_by("valid")
    assert [one.breaks_series for one in series] == [False, True]
    october = ForecastLine.objects.filter(occasion__code="2023-10")
    assert october.count() == 18
    assert october[0].occasion.year == 2023


def test_a_fault_in_any_file_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "kungsor"
    shutil.copytree(EXAMPLES / "kungsor", folder)
    (folder / "budget.csv").write_text("ar;version;enhet;verksamhet;kontogrupp;belopp\n2024;ram;;;ram;tolv\n")
    with pytest.raises(UserFault, match=r"budget\.csv:2:belopp: ”tolv” är inte ett tal"):
        load_folder(folder)
    assert not any(rows().values())


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("mal.yaml", "measures: [klimatinsatser]", "measures: [klimat]", "nyckeltalet klimat finns inte"),
        ("mal.yaml", "council_goal: G1", "council_goal: G9", "fullmäktigemålet G9 finns inte"),
        (
            "mal.yaml",
            "kind: committee",
            "kind: nämnd",
            r"mal\.yaml:\d+: committee_goals\[N1\]\.kind: ”nämnd” finns inte",
        ),
        ("mal.yaml", "vision:", "vision: [", "går inte att läsa som YAML"),
        ("matt.yaml", "unit:", "enhet:", r"matt\.yaml:\d+: measures\[klimatinsatser\]\.unit: saknas"),
        ("organisation.yaml", "valid_from: 2023-01-01", "valid_from: 2023-02-31", "organisation.yaml"),
    ],
)
def test_faults_in_yaml_say_where(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "kungsor"
    shutil.copytree(EXAMPLES / "kungsor", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserFault, match=said):
        load_folder(folder)
    assert not any(rows().values())


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match=r"finns inte\. Mappen behöver"):
        load_folder(tmp_path)


FIGURES = """\
kod;nyckeltal;mattenhet;riktning;decimaler;malvarde;mal_ar;definition;definition_fran;mats;publiceras;ansvarig;kalla
kontinuitet;Personer i personalen som en hemtjänstkund möter på 14 dagar;antal;lägre är bättre;0;12;2026;\
"Medelvärde för kunder med minst två besök om dagen, kl. 7–22.";2020-01-01;varje år;februari;Kvalitetsstrateg;Kolada
nojd_hemtjanst;Nöjdhet med hemtjänsten;%;högre är bättre;0;90;2026;Andel som svarar mycket eller ganska nöjd.;\
2020-01-01;varje år;oktober;Kvalitetsstrateg;Socialstyrelsens brukarundersökning
"""


def test_a_table_of_key_figures_is_the_same_as_the_text_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mall"
    shutil.copytree(EXAMPLES.parent / "docs" / "mall", folder)
    committee = load_folder(folder).committee
    (folder / "nyckeltal.csv").write_text(FIGURES, encoding="utf-8")
    assert "nyckeltal: 2 rader (0 nya, 0 ändrade, 2 oförändrade)" in "".join(load_folder(folder).lines)
    (folder / "matt.yaml").unlink()
    other = folder / "organisation.yaml"
    other.write_text(
        other.read_text(encoding="utf-8").replace("exempelby", "annanby").replace("9900", "9901")
    )
    model = folder / "styrmodell.yaml"
    model.write_text(
        model.read_text(encoding="utf-8").replace("exempelby", "annanby").replace("9900", "9901")
    )
    again = load_folder(folder)
    assert again.committee != committee
    assert any("nyckeltal: 2 rader (2 nya" in line for line in again.lines), again.lines
    goals = Goal.objects.filter(committee=again.committee)
    assert goals and Link.objects.filter(source_kind="steering.goal", source_id__in=goals).exists()
