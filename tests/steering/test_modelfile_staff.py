"""The steering model's part about staff: what is wrong in it, what differs, and what editors are told of it."""

from __future__ import annotations

import pytest

from roder.steering.modelfile import check_text, diff, json_schema
from tests.steering.modelfile_text import SMALL

STAFF = """\
staff:
  measures:
    - {code: heltid, label: Andel heltid, unit: "%", digits: 1}
  departure_reasons:
    - {code: pension, label: Pension}
"""


def test_a_part_about_staff_is_read() -> None:
    model = check_text(SMALL + STAFF).model
    assert model is not None and model.staff is not None
    assert model.staff.measures[0].digits == 1
    assert [one.code for one in model.staff.departure_reasons] == ["pension"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("code: heltid", "code: heltid_visstid_tim", "slutar som en anställningsform; skriv ”heltid”"),
        ('unit: "%"', "unit: stycken", "”stycken”"),
        ("digits: 1", "digits: 9", "digits"),
        (
            "{code: pension, label: Pension}",
            "{code: pension, label: A}\n    - {code: pension, label: B}",
            "används redan",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(old: str, new: str, told: str) -> None:
    checked = check_text(SMALL + STAFF.replace(old, new))
    assert checked.model is None
    assert any(told in line and "staff" in line for line in checked.lines()), checked.lines()


def test_an_empty_part_is_refused() -> None:
    assert any("Personaldelen är tom" in line for line in check_text(SMALL + "staff: {}\n").lines())


def test_a_new_reason_is_said_in_words_and_the_schema_knows_the_part() -> None:
    one, other = (
        check_text(SMALL + text).model
        for text in (STAFF, STAFF + "    - {code: egen_begaran, label: Egen begäran}\n")
    )
    assert one is not None and other is not None
    assert [str(change) for change in diff(one, other)] == [
        "personal › orsaker till avgång › Egen begäran: tillagt ”Egen begäran”"
    ]
    assert "staff" in json_schema()["properties"]
