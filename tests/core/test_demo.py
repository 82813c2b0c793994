"""``roder demo``: everything there after one command, nothing doubled by the next; only on this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from roder.core import demo
from roder.core.faults import UserFault
from roder.organisation.models import Mandate, Person, Role


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2", "[::1]"])
def test_addresses_of_this_computer(host: str) -> None:
    demo.require_local(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "roder.example.se", ""])  # noqa: S104
def test_other_addresses_are_refused(host: str) -> None:
    with pytest.raises(UserFault, match="bara på den egna datorn"):
        demo.require_local(host)


def test_where_the_examples_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RODER_EXAMPLES", raising=False)
    assert (demo.examples_dir() / "alingsas" / "prognos.csv").is_file()
    monkeypatch.setenv("RODER_EXAMPLES", str(tmp_path))
    with pytest.raises(UserFault, match="RODER_EXAMPLES"):
        demo.examples_dir()


def test_the_password_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "data_dir", lambda: tmp_path)
    first, new = demo.demo_password()
    assert new
    assert len(first) >= 12
    assert demo.demo_password() == (first, False)
    assert (tmp_path / "demo-password").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_real_installation_is_left_alone() -> None:
    Person.objects.create_user(f"controller@{demo.DOMAIN}")
    demo.refuse_real_data()
    Person.objects.create_user("nagon@kommun.se")
    with pytest.raises(UserFault, match="riktig installation"):
        demo.refuse_real_data()


@pytest.mark.django_db
def test_one_person_for_each_role() -> None:
    examples = demo.examples_dir()
    demo.load_examples(examples)
    people = demo.add_people("en lång och hemlig fras")
    assert len(people) == len(Role)
    assert demo.add_people("en annan hemlig fras") == people
    controller = Person.objects.get(email=f"controller@{demo.DOMAIN}")
    assert controller.check_password("en lång och hemlig fras")
    assert controller.mandates.count() == 3
    assert Mandate.objects.count() == len(Role) + 4
    assert Mandate.objects.get(role=Role.UNIT_MANAGER).unit is not None
    demo.add_people("en annan hemlig fras", reset=True)
    controller.refresh_from_db()
    assert controller.check_password("en annan hemlig fras")
    told = demo.login_list(people, "hemlig")
    assert f"unit-manager@{demo.DOMAIN}" in told
    assert "Brunnsgården 6:2" in told


def test_the_printed_sums_are_told() -> None:
    told = demo.printed_sums(demo.examples_dir())
    assert "alingsas: " in told
    assert "fel i källan" in told
