"""Search over the chain of meetings: numbers in any spelling, texts of megabytes, every hit of a kind, and secrets."""

from __future__ import annotations

import re

import pytest

from roder.meetings.models import Document
from roder.meetings.rules.numbers import key
from roder.web import searched
from roder.web.search import SHOWN
from tests.meetings.world import Chain


def text_of(chain: Chain, role: str, asked: str) -> str:
    """The page of a search, without tags."""
    answer = chain.client(role).get(f"/sok/?{asked}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


@pytest.mark.parametrize(
    "spelling", ["2022.901 VON", "von 2022.901", "2022-901 von", "VON.2022.901", "Dnr 2022.901VON"]
)
def test_a_number_is_found_in_every_spelling(chain: Chain, spelling: str) -> None:
    chain.new_case("Ny taxa för larm", number="2022.901 VON", number_key=key("2022.901 VON"))
    assert "Ny taxa för larm" in text_of(chain, "member", f"q={spelling.replace(' ', '+')}")


def test_a_text_of_three_megabytes_is_kept_and_found_by_its_first_words(chain: Chain) -> None:
    document = chain.paper.document
    words = " ".join(f"ord{number}" for number in range(400_000))
    Document.objects.filter(pk=document.pk).update(text=f"Trygghetslarmet upphandlas. {words}")
    assert len(words) > 3_000_000
    assert "Förslag till delegationsordning" in text_of(chain, "member", "q=trygghetslarmet+upphandlas")


def test_all_hits_of_a_kind_are_shown_a_page_at_a_time(chain: Chain) -> None:
    for number in range(60):
        chain.new_document(chain.case, f"Bilaga om trappräcken {number:02d}", pages=1)
    first = text_of(chain, "member", "q=trappräcken")
    assert first.count("Bilaga om trappräcken") < 60
    code = re.search(r"slag=([\w-]+)", chain.client("member").get("/sok/?q=trappräcken").content.decode())
    assert code is not None
    seen: set[str] = set()
    for page in range(1, 10):
        found = set(
            re.findall(
                r"trappräcken (\d\d)", text_of(chain, "member", f"q=trappräcken&slag={code[1]}&sida={page}")
            )
        )
        if found <= seen:
            break
        assert not found & seen
        seen |= found
    assert len(seen) == 60


def test_a_secret_document_is_found_only_by_those_with_the_right(chain: Chain) -> None:
    chain.new_document(chain.case, "Bilaga om kvarnhjulet", secret=True)
    assert "kvarnhjulet" in text_of(chain, "member", "q=kvarnhjulet").removeprefix("kvarnhjulet")
    seen = text_of(chain, "controller", "q=kvarnhjulet")
    assert "Bilaga om kvarnhjulet" not in seen


@pytest.mark.parametrize("first", [1, 5, 12, 13, 14, 2_000])
def test_hits_are_found_behind_newer_ones_that_are_secret(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """However few of the newest hits are asked about first, everybody finds the ones for their own eyes."""
    monkeypatch.setattr(searched, "ASKED_FIRST", first)
    for number in range(3):
        chain.new_document(chain.case, f"Bilaga om dammluckan {number:02d}")
    for number in range(3, 13):
        chain.new_document(chain.case, f"Bilaga om dammluckan {number:02d}", secret=True)
    for role, count in (("controller", 3), ("member", 13)):
        for asked in ("q=dammluckan&slag=handlingar", "q=dammluckan"):
            shown = re.findall(r"Bilaga om dammluckan (\d\d)", text_of(chain, role, asked))
            assert len(shown) == (count if "slag" in asked else min(count, SHOWN)), (role, asked)
