"""A steering model to begin with: the blank one and the examples, under other names and in another year."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from roder.core.examples import FOLDERS, examples_dir
from roder.core.faults import UserFault
from roder.organisation.models import Body, Municipality
from roder.steering.cli import model as model_command
from roder.steering.loading import ModelFault, load_model
from roder.steering.modelfile import (
    BLANK,
    UNNAMED,
    Names,
    SteeringModel,
    check_file,
    check_text,
    code_for,
    for_another_year,
    json_schema,
    new_text,
    to_data,
    write_commented,
)
from roder.steering.models import AccountGroup, Occasion
from roder.steering.starting import OWN_NAME, described, start_text

SOURCES = [BLANK, *(examples_dir() / name / "styrmodell.yaml" for name in FOLDERS)]
SMALL = string.ascii_lowercase
slugs = st.text(SMALL, min_size=1, max_size=20)
named = st.text("Abcåäö' :#-&\"{[%@!*|>?", min_size=1, max_size=60).filter(lambda text: text.strip())
names = st.builds(
    Names,
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    named,
    slugs,
    st.sampled_from(["SN", "VON", "KF", "AU", "2N"]),
    named,
    slugs,
    st.none() | named,
)


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.parent.name)
def test_a_model_written_with_comments_reads_as_the_same_model(file: Path) -> None:
    model = check_file(file).model
    assert model is not None
    assert check_text(write_commented(to_data(model))).model == model


@settings(max_examples=15)  # a model is long: half a second each
@given(names, st.integers(2000, 2090), st.sampled_from(SOURCES))
def test_a_start_is_faultless_for_any_committee_and_year(whose: Names, year: int, file: Path) -> None:
    made = check_text(new_text(whose, year, file))
    assert made.lines() == []
    assert made.model is not None
    assert (made.model.year, made.model.committee.code) == (year, whose.code)
    assert made.model.committee.name == whose.committee.strip()


@pytest.mark.parametrize("file", SOURCES[1:], ids=lambda file: file.parent.name)
def test_nothing_of_the_other_municipality_is_left(file: Path) -> None:
    other = check_file(file).model
    assert other is not None
    text = new_text(UNNAMED, 2030, file)
    rest = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert other.municipality.name not in rest
    assert str(other.year) not in rest
    assert "source:" not in rest


def test_every_key_of_the_schema_stands_in_the_blank_model() -> None:
    text = new_text(UNNAMED, 2026)
    assert [key for key in json_schema()["properties"] if f"{key}:" not in text] == []
    for title in (
        info.title for name, info in SteeringModel.model_fields.items() if name not in ("format", "year")
    ):
        assert str(title).lower() in text.lower()


def test_the_command_writes_a_model_that_the_check_passes(tmp_path: Path) -> None:
    file = tmp_path / "styrmodell.yaml"
    run = CliRunner()
    assert run.invoke(model_command, ["new", "--year", "2027", "-o", str(file)]).exit_code == 0
    checked = run.invoke(model_command, ["check", str(file)])
    assert checked.exit_code == 0, checked.output
    again = run.invoke(model_command, ["new", "-o", str(file)])
    assert isinstance(again.exception, UserFault)  # what somebody has written is not written over


def test_what_is_not_there_to_start_from_is_said_with_what_is() -> None:
    with pytest.raises(UserFault, match="Välj något av blank, alingsas"):
        start_text(None, "stockholm", 2026)


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.parent.name)
@pytest.mark.parametrize("years", [1, 3])
def test_the_own_model_of_another_year_is_faultless_and_shares_no_occasion(file: Path, years: int) -> None:
    text = new_text(UNNAMED, 2026) if file == BLANK else file.read_text(encoding="utf-8")
    old = check_text(text).model
    assert old is not None
    made = check_text(for_another_year(text, old.year + years))
    assert made.model is not None, made.lines()
    assert made.model.year == old.year + years
    assert [one.cut_off.year for one in made.model.occasions] == [
        one.cut_off.year + years for one in old.occasions
    ]
    before = {one.code: one.cut_off for one in old.occasions}
    shared = {one.code: one.cut_off for one in made.model.occasions if one.code in before}
    assert shared == {code: before[code] for code in shared}, (
        "only what is compared with, which is the same occasion"
    )
    assert all(day.year < made.model.year for day in shared.values())
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
    assert [line.strip() for line in made.text.splitlines() if line.strip().startswith("#")] == comments
    assert for_another_year(made.text, old.year + 9)  # and again the year after


@pytest.mark.django_db
def test_next_years_model_is_begun_from_the_own_and_leaves_the_old_year_its_occasions() -> None:
    own = Municipality.objects.create(code="9901", name="Nyfjäll", slug="nyfjall")
    committee = Body.objects.create(
        municipality=own, kind="committee", name="Omsorgsnämnden", short_name="ON", slug="nyfjall-on"
    )
    text = start_text(committee, "blank", 2028)
    assert OWN_NAME not in dict(described(committee, 2028))
    text = re.sub(r"(code|compares_with): .?2028-08.?\n", r"\1: T2\n", text)
    load_model(committee, text)
    before = dict(Occasion.objects.filter(committee=committee).values_list("code", "cut_off"))
    assert "T2" in before
    copied = text.replace("2028", "2029").replace(
        "2027", "2028"
    )  # what somebody does who copies the text and changes the year
    with pytest.raises(ModelFault, match="tillfället T2 hör till styrmodellen för 2028"):
        load_model(committee, copied)
    assert next(iter(described(committee, 2029)))[0] == OWN_NAME
    load_model(committee, start_text(committee, OWN_NAME, 2029))
    kept = dict(Occasion.objects.filter(committee=committee, model__year=2028).values_list("code", "cut_off"))
    assert kept == before
    assert Occasion.objects.filter(committee=committee, model__year=2029, code="2029-T2").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["blank", *FOLDERS])
def test_a_new_committee_can_load_each_of_them(source: str) -> None:
    own = Municipality.objects.create(code="9901", name="Nyköping-Fjäll", slug="nyfjall")
    committee = Body.objects.create(
        municipality=own, kind="committee", name="Omsorgsnämnden", short_name="ON", slug="nyfjall-on"
    )
    version = load_model(committee, start_text(committee, source, 2028))
    assert version.year == 2028
    assert Occasion.objects.filter(committee=committee, cut_off__year__in=(2027, 2028)).exists()


@pytest.mark.django_db
def test_a_name_that_no_model_takes_is_said_in_swedish() -> None:
    own = Municipality.objects.create(code="9902", name="Ort", slug="ort")
    committee = Body.objects.create(
        municipality=own, kind="committee", name="Nämnden", short_name="Soc nämnd", slug="ort-sn"
    )
    with pytest.raises(UserFault, match=r"committee\.code"):
        start_text(committee, "blank", 2026)


@pytest.mark.django_db
def test_an_older_years_model_adds_words_and_changes_none_of_the_later_years() -> None:
    own = Municipality.objects.create(code="9901", name="Nyfjäll", slug="nyfjall")
    committee = Body.objects.create(
        municipality=own, kind="committee", name="Omsorgsnämnden", short_name="ON", slug="nyfjall-on"
    )
    old = start_text(committee, "blank", 2027)
    load_model(committee, old)
    group = AccountGroup.objects.filter(committee=committee).order_by("position").first()
    assert group is not None
    later = for_another_year(old, 2028).replace(f"label: {group.label}", "label: Nytt namn", 1)
    load_model(committee, later)
    load_model(committee, old.replace(f"label: {group.label}", "label: Rättat i efterhand", 1))
    group.refresh_from_db()
    assert group.label == "Nytt namn"


@pytest.mark.parametrize(
    ("code", "moved"),
    [
        ("2022-08", "2023-08"),
        ("delar", "2023-delar"),
        ("bokslut-2021", "bokslut-2022"),
        ("12022", "2023-12022"),
    ],
)
def test_the_code_that_is_proposed_is_the_code_that_another_years_model_gets(code: str, moved: str) -> None:
    assert code_for(code, 2022, 2023) == moved
