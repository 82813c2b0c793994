"""The organisation from a file, people and mandates from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from roder import access
from roder.access.models import AuditRecord
from roder.core.cli import roder
from roder.core.faults import UserFault
from roder.organisation.loading import load_organisation
from roder.organisation.models import Body, Person, Unit, UnitPlacement

pytestmark = pytest.mark.django_db

FILE = """
municipality: {name: Provby kommun, code: "9999", slug: provby}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
committees:
  - code: ON
    slug: on
    name: Omsorgsnämnden
    bodies: [{code: AU, name: Arbetsutskottet, kind: subcommittee}]
units:
  - code: of
    name: Omsorgsförvaltningen
    kind: administration
    valid_from: 2021-01-01
    children:
      - {code: "81132", name: Nord, kind: unit, valid_from: 2021-01-01, valid_to: 2022-06-30}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "organisation.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_what_a_file_becomes(path: Path) -> None:
    (committee,) = load_organisation(path)
    assert committee.slug == "provby-on"
    assert set(Body.objects.values_list("slug", "kind")) == {
        ("provby-kf", "council"),
        ("provby-on", "committee"),
        ("provby-on-au", "subcommittee"),
    }
    nord = UnitPlacement.objects.get(unit__code="81132")
    assert nord.parent is not None
    assert (nord.parent.code, nord.valid.upper) == ("of", date(2022, 7, 1))


def test_loading_again_renames_and_leaves_moves_alone(path: Path) -> None:
    load_organisation(path)
    path.write_text(FILE.replace("name: Nord", "name: Norra enheten").replace("2022-06-30", "2023-06-30"))
    load_organisation(path)
    assert Unit.objects.get(code="81132").name == "Norra enheten"
    assert UnitPlacement.objects.get(unit__code="81132").valid.upper == date(2022, 7, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: council", "kind: råd", r"organisation\.yaml:4: bodies\[KF\]\.kind: ”råd” finns inte"),
        ("name: Nord, ", "", r"organisation\.yaml:16: units\[of\]\.children\[81132\]\.name: saknas"),
        ("valid_to: 2022-06-30", "valid_to: 2020-06-30", "slutar .2020-06-30. innan den börjar"),
        ("units:", "units: {", "går inte att läsa som YAML"),
    ],
)
def test_faults_say_where(path: Path, old: str, new: str, said: str) -> None:
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(UserFault, match=said):
        load_organisation(path)
    assert not Body.objects.exists()


def test_the_first_administrator(path: Path) -> None:
    run = CliRunner().invoke
    early = run(
        roder, ["person", "add", "a@provby.se", "--name", "A", "--body", "provby-on", "--password", "x"]
    )
    assert "Läs in organisationen först" in str(early.exception)
    assert (
        run(roder, ["organisation", "load", str(path)]).output
        == "Omsorgsnämnden, Provby kommun (provby-on): 2 enheter.\n"
    )
    add = ["person", "add", "a@provby.se", "--name", "Ada Admin", "--body", "provby-on", "--password"]
    assert "för kort" in str(run(roder, [*add, "kort"]).exception)
    assert run(roder, [*add, "en lång och hemlig fras"]).output == (
        "a@provby.se är upplagd, systemförvaltare i Omsorgsnämnden, Provby kommun.\n"
    )
    person = Person.objects.get()
    assert person.check_password("en lång och hemlig fras")
    assert access.roles(person) == {"administrator"}
    assert AuditRecord.objects.filter(deed="person.mandate_given").count() == 1
    run(roder, add[:-1])
    assert person.mandates.count() == 1
    assert "rollen ”kung” finns inte" in str(run(roder, [*add[:-1], "--role", "kung"]).exception)
