"""A chart's title is made from its own numbers and never says more than they do."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import Unit, parse_number, round_half_away
from roder.reports.document import Number
from roder.reports.facts_quality import subject
from roder.reports.findings import (
    Words,
    change_sentence,
    most_sentence,
    part_of_sentence,
    printed,
    settings_sentence,
)

FALLS = Words("Fallen", "första halvåret 2022", "första halvåret 2021")
counts = st.integers(0, 5_000)
shares = st.decimals(0, 100, places=2)


def count(value: int | None) -> Number:
    return Number(None if value is None else Decimal(value), Unit.COUNT)


def share(value: str | Decimal) -> Number:
    return Number(Decimal(value), Unit.PERCENT)


def said(now: int | None, before: int | None) -> str:
    return change_sentence(FALLS, count(now), count(before)).replace("\u00a0", " ")


def test_many_are_said_in_per_cent() -> None:
    assert said(1880, 2000) == "Fallen minskade med 6 % jämfört med första halvåret 2021"
    assert said(3444, 2582) == "Fallen ökade med 33 % jämfört med första halvåret 2021"


def test_few_are_said_as_numbers() -> None:
    assert said(33, 5) == "Fallen ökade från 5 till 33 jämfört med första halvåret 2021"
    assert said(0, 4) == "Fallen minskade från 4 till 0 jämfört med första halvåret 2021"
    assert said(3, 0) == "Fallen ökade från 0 till 3 jämfört med första halvåret 2021"


def test_a_change_that_rounds_to_nothing_is_said_as_numbers() -> None:
    assert said(1001, 1000) == "Fallen ökade från 1 000 till 1 001 jämfört med första halvåret 2021"


def test_the_same_is_unchanged_and_the_unknown_unknown() -> None:
    assert said(44, 44) == "Fallen: oförändrat 44 jämfört med första halvåret 2021"
    assert said(44, None) == "Fallen: 44 första halvåret 2022"
    assert said(None, 44) == "Fallen: uppgift saknas för första halvåret 2022"


@given(now=counts, before=counts)
def test_a_title_never_contradicts_its_numbers(now: int, before: int) -> None:
    title = said(now, before)
    assert ("ökade" in title) == (now > before)
    assert ("minskade" in title) == (now < before)
    per_cent = re.search(r"med ([\d ]+) %", title)
    if per_cent:
        wanted = round_half_away(Decimal(abs(now - before)) / before * 100)
        assert parse_number(per_cent[1]) == wanted > 0


@given(now=shares, before=shares)
def test_shares_are_held_to_what_is_printed(now: Decimal, before: Decimal) -> None:
    title = change_sentence(FALLS, share(now), share(before))
    later, earlier = printed(share(now)), printed(share(before))
    assert ("ökade" in title, "minskade" in title) == (later > earlier, later < earlier)
    assert share(now).text in title


def test_settings_share_the_verb_when_they_go_the_same_way() -> None:
    pairs = [
        ("Eget hem", share("62.5"), share(40)),
        ("SÄBO", share(47), share(45)),
        ("Korttid", share(5), share(5)),
    ]
    assert settings_sentence("Smärtskattning", pairs).replace("\u00a0", " ") == (
        "Smärtskattning: eget hem ökade från 40,0 till 62,5 %, SÄBO från 45,0 till 47,0 %, korttid oförändrat 5,0 %"
    )
    assert (
        settings_sentence("Smärtskattning", [("Eget hem", share(1), Number(None, Unit.PERCENT))])
        == "Smärtskattning"
    )


def test_a_distribution_is_headed_by_its_greatest_part() -> None:
    def title(total: int, **parts: int) -> str:
        named = [(name.capitalize(), count(value)) for name, value in parts.items()]
        return most_sentence(count(total), named, "avvikelser till regionen")

    assert title(33, sjukhus=22, primärvård=11) == "Flest avvikelser till regionen gällde sjukhus: 22 av 33"
    assert (
        title(4, sjukhus=2, primärvård=2) == "Lika många avvikelser till regionen per grupp: 2 av 4 vardera"
    )
    assert title(4, sjukhus=4, primärvård=0) == "Alla 4 avvikelser till regionen gällde sjukhus"
    assert title(0, sjukhus=0) == "Inga avvikelser till regionen"
    three = title(5, sjukhus=2, primärvård=2, okänd=1)
    assert three == "Flest avvikelser till regionen gällde sjukhus och primärvård: 2 av 5 vardera"


def test_a_part_of_a_whole_is_only_said_where_there_is_a_whole() -> None:
    assert part_of_sentence(count(34), count(38), "har en plan", "Munhälsa") == "34 av 38 har en plan"
    assert part_of_sentence(count(0), count(0), "har en plan", "Munhälsa") == "Munhälsa"


def test_types_that_are_events_stand_as_they_are_and_others_as_deviations_about_something() -> None:
    assert subject("Fallskador och falltillbud") == "Fallskador och falltillbud"
    assert subject("Läkemedelsavvikelser") == "Läkemedelsavvikelser"
    assert subject("Bemötande") == "Avvikelser om bemötande"
    assert subject("IT-system") == "Avvikelser om IT-system"
