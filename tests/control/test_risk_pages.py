"""The pages of the risk analysis, walked as people walk them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder import tasks
from roder.control.models import ControlPlan, ControlPoint, Risk, RiskAnalysis
from roder.control.pages.matrix import matrix_of
from roder.control.rules.matrix import Mark, matrix
from roder.control.rules.moves import moves
from roder.control.rules.scales import Scale, movement
from roder.control.services import analyses, risks
from roder.core.models import Link
from roder.steering.models import Goal
from tests.control.test_risks import next_model
from tests.control.world import DEPARTING, Room, scale_content


def text_of(page: Any) -> str:
    """What a person reads of a page, on one line."""
    plain = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", plain.replace("&nbsp;", " ").replace("\u00a0", " "))


def send(room: Room, risk: Risk, deed: str, role: str = "quality_strategist", **given: Any) -> Any:
    """Send one of the deeds of a risk's page, over the revision that stands unless another is given."""
    given.setdefault("revision", Risk.objects.get(pk=risk.pk).revision)
    return room.client(role).post(f"{room.root}riskanalys/{risk.pk}/", {"deed": deed, **given})


# --- the matrix as data ----------------------------------------------------------------------------------------------


def test_the_matrix_puts_every_risk_in_one_cell_and_says_the_finding(room: Room) -> None:
    drawn = matrix_of(room.analysis)
    assert sum(drawn.counts.values()) == 17 and drawn.counts[3, 3] == 5
    assert [row.step.value for row in drawn.rows] == [4, 3, 2, 1]
    assert drawn.levels == (("Låg", "good", 1), ("Medel", "near", 14), ("Hög", "bad", 2))
    assert drawn.title == "2 av 17 risker har nivån Hög"


def test_a_scale_without_names_is_shown_by_its_rule_and_movements_are_counted() -> None:
    scale = Scale.read(scale_content("internkontroll"))

    def mark(key: int, likelihood: int | None, impact: int | None, before: int | None) -> Mark:
        now = likelihood * impact if likelihood and impact else None
        return Mark(
            key, str(key), "Risk", likelihood, impact, movement(now, before), (2, 2) if before else None
        )

    drawn = matrix(scale, [mark(1, 5, 4, 4), mark(2, 1, 3, 4), mark(3, 2, 2, 4), mark(4, None, None, None)])
    assert drawn.levels == (("Riskvärde 1–9", "good", 2), ("Riskvärde 10–25", "near", 1))
    assert drawn.title == "1 av 3 risker har riskvärde 10–25; 1 har gått upp och 1 ner sedan förra året"
    assert [one.key for one in drawn.left_out] == [4] and {one.key for one in drawn.moved} == {1, 2}
    picture = moves(drawn)
    assert (picture.width, picture.height, len(picture.cells)) == (28 + 5 * 120, 5 * 64 + 28, 25)
    first = next(one for one in picture.arrows if one.mark.key == 1)  # from 2, 2 to 5, 4: up and to the right
    assert (first.x1, first.y1, first.x, first.y) == (208, 224, 448, 32) and first.direction == "up"
    assert first.x1 < first.x2 < first.x and first.y1 > first.y2 > first.y
    assert matrix(scale, []).title == "Ingen risk är bedömd än"


# --- the register ----------------------------------------------------------------------------------------------------


def test_the_register_shows_the_year_with_its_matrix(room: Room) -> None:
    page = room.client("member").get(f"{room.root}riskanalys/")
    text = text_of(page)
    assert page.status_code == 200
    assert "2 av 17 risker har nivån Hög" in text and text.count("Utan skäl") == 6
    assert "6 risker , 6 utan skäl" in text
    assert "Lägg till" not in text  # a member reads
    shown = room.client("quality_strategist").get(f"{room.root}riskanalys/", {"departs": "ja"})
    found = re.findall(r'<td[^>]*data-label="Nr"[^>]*>\s*(\d+)', shown.content.decode())
    assert found == list(DEPARTING) or "6 rader i urvalet" in text_of(shown)


def test_the_register_is_written_out_with_what_is_printed(room: Room) -> None:
    risks.retire(room.risks["3"], room.by("quality_strategist"), "Ingår i risk 4")
    page = room.client("controller").get(f"{room.root}riskanalys/", {"format": "csv"})
    rows = b"".join(page.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(rows) == 18
    assert any("Brister i brandskyddsarbetet" in row and ";12;" in row for row in rows)
    assert any("Utgången" in row for row in rows)


def test_the_pages_ask_no_more_questions_for_more_risks(room: Room) -> None:
    client = room.client("quality_strategist")
    address = f"{room.root}riskanalys/"
    client.get(address)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    before = questions()
    for number in range(20, 40):
        risks.new_risk(room.analysis, None, text=f"Risk {number}", likelihood=2, impact=3, handling="goal")
    assert questions() == before


def test_a_risk_is_added_and_edited_and_a_decided_analysis_is_not(room: Room) -> None:
    client, address = room.client("quality_strategist"), f"{room.root}riskanalys/"
    page = client.get(f"{address}ny/")
    assert 'value="18"' in page.content.decode()
    fields = {"number": "18", "text": "En ny risk", "origin": "workshop"}
    assert client.post(f"{address}ny/", {**fields, "number": "1"}).status_code == 200
    made = client.post(f"{address}ny/", fields)
    risk = Risk.objects.get(text="En ny risk")
    assert made["Location"] == f"{address}{risk.pk}/" and risk.code == "R-0018"
    edited = {**fields, "category": "Kvalitet", "revision": risk.revision}
    assert client.post(f"{address}{risk.pk}/andra/", edited).status_code == 302
    assert client.post(f"{address}{risk.pk}/andra/", {**edited, "text": "Annat"}).status_code == 409
    RiskAnalysis.objects.update(state="decided", decided_on=date(2021, 12, 17))
    refused = client.post(
        f"{address}{risk.pk}/andra/", {**edited, "revision": risk.revision + 1, "text": "Sent"}
    )
    assert "beslutad 2021-12-17" in text_of(refused)
    assert not Risk.objects.filter(text="Sent").exists()


# --- a risk ----------------------------------------------------------------------------------------------------------


def test_a_risk_shows_the_labels_of_its_use_the_rule_and_the_departure(room: Room) -> None:
    text = text_of(room.client("member").get(f"{room.root}riskanalys/{room.risks['10'].pk}/"))
    assert "3 Möjlig" in text and "Väsentlighetsgrad 3 Kännbar" in text
    assert "Avviker från regeln." in text and "här är värdet 3" in text and "Skäl saknas." in text
    assert "Regeln föreslår" in text and "Spara bedömningen" not in text


def test_a_score_outside_the_scale_stands_at_its_field_and_loses_nothing(room: Room) -> None:
    page = send(room, room.risks["1"], "bedom", likelihood="5", impact="3")
    assert page.status_code == 400
    assert "Sannolikhet 5 finns inte i skalan" in text_of(page)
    assert re.search(r'<option value="3"\s+selected', page.content.decode())


def test_the_second_to_score_sees_the_first(room: Room) -> None:
    risk = room.risks["1"]
    assert send(room, risk, "bedom", likelihood="4", impact="4").status_code == 302
    page = send(room, risk, "bedom", "controller", likelihood="1", impact="1", revision=risk.revision)
    text = text_of(page)
    assert page.status_code == 409 and "Någon annan sparade" in text and "Riskvärde 16" in text
    again = re.search(r'name="revision" value="(\d+)"', page.content.decode())
    assert again is not None
    assert send(room, risk, "bedom", likelihood="1", impact="1", revision=again[1]).status_code == 302


def test_a_departure_is_chosen_with_its_reason(room: Room) -> None:
    risk = room.risks["2"]
    page = send(room, risk, "hantera", handling="assignment")
    assert page.status_code == 400 and "Skriv varför ni väljer något annat" in text_of(page)
    given = {"handling": "assignment", "handling_reason": "Räddningstjänsten vill det", "in_plan": ""}
    assert send(room, risk, "hantera", **given).status_code == 302
    held = Risk.objects.get(pk=risk.pk)
    assert (held.handling, held.in_plan) == ("assignment", False)
    assert "Räddningstjänsten vill det" in text_of(
        room.client("member").get(f"{room.root}riskanalys/avsteg/")
    )


def test_a_risk_goes_out_comes_back_and_goes_away_only_when_nothing_came_of_it(room: Room) -> None:
    risk = room.risks["15"]
    assert send(room, risk, "utga").status_code == 400
    assert send(room, risk, "utga", retired_reason="Ingår i risk 14").status_code == 302
    page = text_of(room.client("quality_strategist").get(f"{room.root}riskanalys/{risk.pk}/"))
    assert "Risken har utgått. Ingår i risk 14" in page and "Ta upp" in page
    assert send(room, risk, "ta-upp").status_code == 302
    gone = send(room, risk, "ta-bort")
    assert gone["Location"] == f"{room.root}riskanalys/" and not Risk.objects.filter(pk=risk.pk).exists()
    kept = send(room, room.risks["1"], "ta-bort")
    assert kept.status_code == 409
    assert "den har kontrollpunkt 1 i Internkontrollplan 2022" in text_of(kept)


def test_what_comes_of_a_risk_is_made_and_linked_from_its_page(room: Room) -> None:
    risk, goal = room.risks["2"], Goal.objects.filter(committee=room.committee)[0]
    assert send(room, risk, "punkt", title="Brandskydd").status_code == 400  # the plan is adopted: say why
    assert send(room, risk, "punkt", title="Brandskydd", reason="Tillsynen krävde det").status_code == 302
    point = ControlPoint.objects.get(title="Brandskydd")
    assert point.risk == risk and Link.objects.filter(source_id=risk.pk, target_id=point.pk).count() == 1
    assert send(room, risk, "koppla", target=goal.gid).status_code == 302
    action = {"what": "Utbilda alla", "owner": "unit_manager", "due": "2099-01-31"}
    assert send(room, risk, "atgard", **{**action, "due": ""}).status_code == 400
    assert send(room, risk, "atgard", **action).status_code == 302
    page = room.client("quality_strategist").get(f"{room.root}riskanalys/{risk.pk}/")
    text = text_of(page)
    assert "Brandskydd" in text and goal.title in text and "Utbilda alla" in text
    assert tasks.actions_of(risk).get().finding == risk.text
    link = Link.objects.get(source_id=risk.pk, target_kind="steering.goal")
    assert send(room, risk, "losgor", link=link.pk).status_code == 302
    assert not Link.objects.filter(pk=link.pk).exists()


def test_who_reads_does_no_deed(room: Room) -> None:
    page = send(room, room.risks["1"], "bedom", "member", likelihood="1", impact="1")
    assert page.status_code == 409 and Risk.objects.get(pk=room.risks["1"].pk).value == 8


# --- the year --------------------------------------------------------------------------------------------------------


def test_a_year_is_opened_with_last_years_risks(room: Room) -> None:
    client = room.client("quality_strategist")
    root = room.root.replace("2022", "2023")
    assert "Ta med riskerna från 2022" in text_of(client.get(f"{root}riskanalys/"))
    assert client.post(f"{root}riskanalys/oppna/", {"carry": "on"}).status_code == 302
    made = RiskAnalysis.objects.get(year=2023)
    assert made.risks.count() == 17
    assert "har redan en riskanalys" in text_of(client.post(f"{root}riskanalys/oppna/", follow=True))
    first = made.risks.get(number="1")
    risks.score(first, room.by("quality_strategist"), 4, 4)
    text = text_of(client.get(f"{root}riskanalys/matris/"))
    assert "1 av 1 risker har nivån Hög; 1 har gått upp och 0 ner" in text
    assert "Har flyttat sedan förra året" in text and "upp från 8" in text
    page = text_of(client.get(f"{root}riskanalys/{first.pk}/"))
    assert "Andra år" in page and "4 × 2 = 8" in page


def test_a_year_without_a_scale_says_so(room: Room) -> None:
    client = room.client("quality_strategist")
    page = client.post("/prov-von/2020/riskanalys/oppna/", follow=True)
    assert "har ingen styrmodell för 2020" in text_of(page)
    assert client.get("/prov-von/2020/riskanalys/matris/").status_code == 404
    assert client.get("/prov-von/2020/riskanalys/ny/").status_code == 404


def test_the_analysis_is_decided_opened_again_and_moved_to_a_new_scale(room: Room) -> None:
    client, address = room.client("quality_strategist"), f"{room.root}riskanalys/skala-och-beslut/"

    def deed(name: str, **given: Any) -> Any:
        given["revision"] = RiskAnalysis.objects.get(pk=room.analysis.pk).revision
        return client.post(address, {"deed": name, **given})

    assert "vid sannolikhet 2 eller lägre" in text_of(client.get(address))
    unscored = risks.new_risk(room.analysis, None, text="Inte bedömd", number="18")
    assert "Bedöm riskerna eller låt dem utgå: 18" in text_of(deed("besluta", on="2021-12-17"))
    unscored.delete()
    assert deed("besluta", on="2021-12-17", decision="VON § 84").status_code == 302
    assert "VON § 84" in text_of(client.get(f"{room.root}riskanalys/"))
    assert send(room, room.risks["1"], "bedom", likelihood="1", impact="1").status_code == 409
    assert deed("oppna").status_code == 302
    assert (
        deed("om", title="Risk- och väsentlighetsanalys", introduction="Så här gick vi till.").status_code
        == 302
    )
    labels = {
        "label": "Konsekvens",
        "steps": [{"value": value, "label": f"Ny {value}"} for value in range(1, 5)],
    }
    next_model(room, 2022, impact=labels)
    assert "har en annan riskskala" in text_of(client.get(f"{room.root}riskanalys/"))
    assert deed("skala").status_code == 302
    assert "17 risker är bedömda på en äldre skala" in text_of(client.get(f"{room.root}riskanalys/"))
    text = text_of(client.get(f"{room.root}riskanalys/{room.risks['1'].pk}/"))
    assert (
        "2 Lindrig" in text and "på en äldre skala" in text and "2 Ny 2" in text
    )  # the old score, the new choices
    assert "Bedömda på en äldre skala" in text_of(client.get(address))


@pytest.mark.parametrize("part", ["", "matris/", "avsteg/", "skala-och-beslut/"])
def test_nobody_outside_sees_the_pages(room: Room, part: str) -> None:
    assert room.client("nobody").get(f"{room.root}riskanalys/{part}").status_code in (403, 404)


def test_an_open_plan_takes_a_point_without_a_reason(room: Room) -> None:
    analysis = analyses.open_analysis(room.committee, 2023, room.by("quality_strategist"))
    risk = risks.add_risk(analysis, room.by("quality_strategist"), text="Ny", likelihood=3, impact=4)
    ControlPlan.objects.create(
        committee=room.committee, year=2023, title="Internkontrollplan", analysis=analysis
    )
    address = f"{room.root.replace('2022', '2023')}riskanalys/{risk.pk}/"
    page = room.client("quality_strategist").post(
        address, {"deed": "punkt", "title": "Ny", "revision": risk.revision}
    )
    assert page.status_code == 302 and risk.points.count() == 1


def test_the_picture_says_each_movement_in_words_and_each_level_by_name(room: Room) -> None:
    later = analyses.open_analysis(room.committee, 2023, room.by("quality_strategist"))
    analyses.carry_over(later, room.analysis, room.by("quality_strategist"))
    moved = later.risks.get(number="7")
    risks.score(moved, room.by("quality_strategist"), 3, 4)
    page = (
        room.client("member").get(f"{room.root.replace('2022', '2023')}riskanalys/matris/").content.decode()
    )
    assert '<th scope="row">' in page and '<th scope="col">' in page
    cell = re.search(r'<td class="bad">(?:(?!</td>).)*?>7<.*?</td>', page, re.S)
    plain = re.sub(r"<[^>]+>", "", cell[0] if cell else "")
    assert "Riskvärde 12, Hög" in plain and "Risk 7&nbsp;↑: Beslutade och utförda timmar" in plain
    assert "upp från 8" in plain
    way = r'<path class="way up" d="M[\d.]+ [\d.]+ Q[\d.]+ [\d.]+ [\d.]+ [\d.]+"'
    assert re.search(way, page)  # with decimal points, whatever the language
    assert "Utanför bilden" in page  # the sixteen that nobody has looked at yet


def test_a_scale_without_levels_and_rule_is_shown_as_it_is(room: Room) -> None:
    next_model(room, 2023, levels=[], matrix=[], handling=[])
    strategist = room.by("quality_strategist")
    analysis = analyses.open_analysis(room.committee, 2023, strategist)
    risk = risks.add_risk(
        analysis, strategist, text="Utan regel", likelihood=4, impact=4, handling="assignment"
    )
    client, root = room.client("quality_strategist"), room.root.replace("2022", "2023")
    text = text_of(client.get(f"{root}riskanalys/"))
    assert "Riskvärdet är 16" in text and "Mot regeln 0" in text
    assert "har ingen hanteringsregel" in text_of(client.get(f"{root}riskanalys/avsteg/"))
    assert "Ni väljer hanteringen utan förslag" in text_of(client.get(f"{root}riskanalys/skala-och-beslut/"))
    page = text_of(client.get(f"{root}riskanalys/{risk.pk}/"))
    assert "Regeln föreslår" not in page and "Avviker" not in page


def test_a_retired_risk_is_printed_as_its_scale_says(room: Room) -> None:
    analysis = RiskAnalysis.objects.create(
        committee=room.committee, year=2024, title="Riskanalys intern kontroll", scale=room.scale5
    )
    Risk.objects.create(
        committee=room.committee, analysis=analysis, scale=room.scale5, number="1", text="Utgången", state="retired",
        retired_reason="Systemet är bytt", previous_value=12,
    )  # fmt: skip
    page = room.client("member").get("/prov-von/2024/riskanalys/", {"format": "csv"})
    row = b"".join(page.streaming_content).decode().splitlines()[1]  # type: ignore[attr-defined]
    assert row.startswith("1;Utgången;0;0;0;var\u00a012;Utgången")
