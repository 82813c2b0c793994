"""A steering model to begin with: the blank one and the examples, under other names and in another year."""

from __future__ import annotations

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
from roder.steering.loading import load_model
from roder.steering.modelfile import (
    BLANK,
    UNNAMED,
    Names,
    SteeringModel,
    check_file,
    check_text,
    json_schema,
    new_text,
    to_data,
    write_commented,
)
from roder.steering.models import Occasion
from roder.steering.starting import described, sources, start_text

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
    assert [name for name, _ in described()] == list(sources())


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
