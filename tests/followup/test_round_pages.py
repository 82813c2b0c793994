"""The pages of rounds: what each person sees, that nothing typed is lost, and who may do what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder.followup.models import Round, Share, Step
from roder.followup.services import sheets
from roder.organisation.models import Deputy
from roder.steering.models import Assignment
from roder.tasks.models import State
from tests.followup.pages_world import Opened, build_opened

FETCH = {"headers": {"x-requested-with": "fetch"}}


@pytest.fixture
def opened(db: None) -> Opened:
    return build_opened()


def text(answer: Any) -> str:
    """The page without tags, with single spaces."""
    shown = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown)).replace("\xa0", " ")


def whole(opened: Opened, unit: str, part: str = "goals", **comments: str) -> dict[str, str]:
    """What the whole sheet's form sends, with comments by the number of the line."""
    sent = {}
    for number, line in enumerate(opened.lines(unit, part), start=1):
        at = f"r{line.pk}"
        sent |= {
            f"{at}-revision": str(line.revision), f"{at}-comment": comments.get(f"n{number}", line.comment),
            f"{at}-status": line.status or line.proposed_status, f"{at}-outlook": line.outlook,
            f"{at}-measures_taken": line.measures_taken, f"{at}-override_reason": line.override_reason,
        }  # fmt: skip
    sheet = opened.sheet(unit, part)
    return sent | {f"s{sheet.pk}-revision": str(sheet.revision), f"s{sheet.pk}-summary": sheet.summary}


def fill(opened: Opened, unit: str, who: str, part: str = "goals") -> None:
    by = opened.town.by(who)
    for line in opened.lines(unit, part):
        status = line.proposed_status or ("utan" if part == "factors" else "")
        sheets.save_line(
            line, by, expected_revision=line.revision, comment="Vi har gjort det.", status=status
        )


def test_my_sheets_say_what_waits_and_where_to_begin(opened: Opened) -> None:
    client = opened.town.client("u111")
    page = text(client.get(opened.url("mina/")))
    assert "2 blad väntar" in page and "Björken: Delårsbokslut 2022" in page
    assert "Börja: Mål" in page and "Klart senast 23 augusti 2022" in page
    assert "Inget väntar på dig" in text(opened.town.client("controller").get(opened.url("mina/")))


def test_the_sheet_shows_the_outcome_beside_the_text(opened: Opened) -> None:
    page = text(opened.town.client("u111").get(opened.url(f"blad/{opened.sheet('111').pk}/")))
    assert "7,4 %" in page and "högst 8,0 %" in page and "8,8 %" in page and "Minskat" in page
    factors = opened.town.client("u111").get(opened.url(f"blad/{opened.sheet('111', 'factors').pk}/"))
    assert "Förslag ur utfallet: Nära målvärde" in text(factors)


def test_all_is_saved_and_what_is_missing_is_said(opened: Opened) -> None:
    client, sheet = opened.town.client("u111"), opened.sheet("111")
    sent = whole(opened, "111", n1="Rutinen är ny.", n2="Fler svarar.") | {"deed": "klar"}
    answer = client.post(opened.url(f"blad/{sheet.pk}/"), sent)
    assert answer.status_code == 400
    assert [one.comment for one in opened.lines("111")] == ["Rutinen är ny.", "Fler svarar.", ""]
    page = text(answer)
    assert "Det du har skrivit är sparat" in page and "Skriv en kommentar till" in page
    assert f'href="#r{opened.lines("111")[2].pk}"' in answer.content.decode()


def test_marking_ready_leads_to_the_next_sheet_and_accepts_proposals(opened: Opened) -> None:
    client = opened.town.client("u111")
    sent = whole(opened, "111", n1="Ett.", n2="Två.", n3="Tre.") | {"deed": "klar"}
    answer = client.post(opened.url(f"blad/{opened.sheet('111').pk}/"), sent)
    factors = opened.sheet("111", "factors")
    assert answer.status_code == 302 and answer["Location"].endswith(f"/blad/{factors.pk}/")
    lines = opened.lines("111", "factors")
    sent = whole(opened, "111", "factors", n1="Ett.", n2="Två.") | {
        "deed": "klar",
        f"r{lines[1].pk}-status": "utan",
    }
    answer = client.post(opened.url(f"blad/{factors.pk}/"), sent)
    assert answer["Location"].endswith("/mina/"), text(answer)
    assert [one.status for one in opened.lines("111", "factors")] == ["nara", "utan"]
    page = text(client.get(opened.url(f"blad/{factors.pk}/")))
    assert "Du har klarmarkerat bladet" in page and "textarea" not in page


def test_a_row_is_saved_by_itself(opened: Opened) -> None:
    client, line = opened.town.client("u111"), opened.lines("111")[0]
    sent = {f"r{line.pk}-revision": "1", f"r{line.pk}-comment": "Rutinen är ny.\r\nAlla är med."}
    answer = client.post(opened.url(f"rad/{line.pk}/"), sent, **FETCH)
    assert answer.json() | {"mark": ""} == {"revision": 2, "left": "1 av 3 ifyllda", "mark": ""}
    assert opened.lines("111")[0].comment == "Rutinen är ny.\nAlla är med."
    # the same again, as when the answer was lost on the way: nothing to save and nobody to collide with
    assert client.post(opened.url(f"rad/{line.pk}/"), sent, **FETCH).json()["revision"] == 2


def test_two_who_write_in_the_same_row_see_both_texts(opened: Opened) -> None:
    town, line = opened.town, opened.lines("111")[0]
    sheets.save_line(line, town.by("u111"), expected_revision=1, comment="Den andras text.")
    sent = {f"r{line.pk}-revision": "1", f"r{line.pk}-comment": "Min text."}
    answer = town.client("u111").post(opened.url(f"rad/{line.pk}/"), sent, **FETCH)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Den andras text." in page and ">\nMin text.</textarea>" in page
    assert f'name="r{line.pk}-revision" value="2"' in page
    assert opened.lines("111")[0].comment == "Den andras text."


def test_the_whole_sheet_sent_late_takes_only_what_was_touched(opened: Opened) -> None:
    """A row that somebody else has saved meanwhile, and that I have not touched, is not put back."""
    town = opened.town
    sent = whole(opened, "111", n2="Min text.") | {"deed": "spara"}
    sheets.save_line(opened.lines("111")[0], town.by("u111"), expected_revision=1, comment="Den andras text.")
    answer = town.client("u111").post(opened.url(f"blad/{opened.sheet('111').pk}/"), sent)
    assert answer.status_code == 302
    assert [one.comment for one in opened.lines("111")] == ["Den andras text.", "Min text.", ""]


def test_what_is_typed_while_somebody_else_marks_it_ready_is_given_back(opened: Opened) -> None:
    town, sheet = opened.town, opened.sheet("111")
    sent = whole(opened, "111", n2="Min text.") | {"deed": "klar"}
    fill(opened, "111", "u111")
    sheets.mark_ready(sheet, town.by("u111"))
    answer = town.client("u111").post(opened.url(f"blad/{sheet.pk}/"), sent)
    page = text(answer)
    assert answer.status_code == 409 and "Det du skrev är inte sparat" in page and "Min text." in page


def test_a_row_that_was_saved_beside_a_refused_one_does_not_collide_with_itself(opened: Opened) -> None:
    client, sheet = opened.town.client("u111"), opened.sheet("111")
    sent = whole(opened, "111", n1="Bra.", n2="Gäller 19121212-1212.") | {"deed": "spara"}
    answer = client.post(opened.url(f"blad/{sheet.pk}/"), sent)
    first = opened.lines("111")[0]
    assert answer.status_code == 400 and first.comment == "Bra."
    assert f'name="r{first.pk}-revision" value="2"' in answer.content.decode()


def test_what_is_wrong_stands_at_the_field(opened: Opened) -> None:
    client, line = opened.town.client("u111"), opened.lines("111", "factors")[0]
    sent = {f"r{line.pk}-revision": "1", f"r{line.pk}-comment": "Bra.", f"r{line.pk}-status": "utan"}
    answer = client.post(opened.url(f"rad/{line.pk}/"), sent, **FETCH)
    assert answer.status_code == 400 and "Skriv varför" in text(answer) and "Bra." in text(answer)
    number = {f"r{line.pk}-revision": "1", f"r{line.pk}-comment": "Gäller 19121212-1212."}
    answer = client.post(opened.url(f"rad/{line.pk}/"), number, **FETCH)
    assert answer.status_code == 400 and "personnummer" in text(answer)


def test_nobody_writes_in_a_sheet_that_is_not_theirs(opened: Opened) -> None:
    line, sheet = opened.lines("111")[0], opened.sheet("111")
    sent = {f"r{line.pk}-revision": "1", f"r{line.pk}-comment": "Nej."}
    for who, status in (("u112", 404), ("avd2", 404), ("ledamot", 403), ("avd1", 403), ("strateg", 403)):
        client = opened.town.client(who)
        assert client.post(opened.url(f"rad/{line.pk}/"), sent, **FETCH).status_code == status, who
        seen = client.get(opened.url(f"blad/{sheet.pk}/")).status_code
        assert seen == (200 if who in ("avd1", "strateg") else status), who
    assert opened.lines("111")[0].comment == ""


def test_the_head_returns_with_a_comment_and_approves(opened: Opened) -> None:
    town, sheet = opened.town, opened.sheet("111")
    fill(opened, "111", "u111")
    fill(opened, "112", "u112")
    sheets.mark_ready(sheet, town.by("u111"))
    head = town.client("avd1")
    at = opened.url(f"blad/{sheet.pk}/")
    assert "Godkänn eller lämna tillbaka" in text(head.get(at))
    answer = head.post(f"{at}lamna-tillbaka/", {"reason": ""})
    assert answer.status_code == 400 and "Skriv några ord" in text(answer)
    sheets.mark_ready(opened.sheet("112"), town.by("u112"))
    answer = head.post(f"{at}lamna-tillbaka/", {"reason": "Skriv om natten."}, follow=True)
    assert "Nästa att läsa: Mål: Linden. 1 kvar." in text(answer)
    sheets.attest(opened.sheet("112"), town.by("avd1"))
    page = text(town.client("u111").get(at))
    assert "Återlämnat av Avd1." in page and "Skriv om natten." in page
    sheets.mark_ready(sheet, town.by("u111"))
    assert town.client("u111").post(f"{at}godkann/").status_code == 403
    assert head.post(f"{at}godkann/").headers["Location"] == at
    task = sheets.task_of(sheet)
    assert task is not None and task.state == State.DONE
    other = town.client("forvaltning").post(f"{at}oppna-igen/", {"reason": "Jag med."})
    assert other.status_code == 403
    head.post(f"{at}oppna-igen/", {"reason": "En siffra var fel."})
    task = sheets.task_of(sheet)
    assert task is not None and task.state == State.RETURNED


def test_a_deputy_s_sheets_stand_apart_with_from_whom(opened: Opened) -> None:
    town, today = opened.town, timezone.localdate()
    Deputy.objects.create(
        person=town.people["u111"], stand_in=town.people["u112"],
        valid=DateRange(today, today.replace(year=today.year + 1)), given_by=town.people["u111"],
    )  # fmt: skip
    client = town.client("u112")
    page = text(client.get(opened.url("mina/")))
    assert page.index("Linden: Delårsbokslut") < page.index("Du är ersättare för U111.")
    sheet = opened.sheet("111")
    assert "Du skriver som ersättare för U111." in text(client.get(opened.url(f"blad/{sheet.pk}/")))
    fill(opened, "111", "u112")
    sheets.mark_ready(sheet, town.by("u112"))
    assert "U112, ersättare" in text(town.client("avd1").get(opened.url("omgangar/2022-08/")))


def test_the_head_sees_who_is_late_and_what_they_wrote(opened: Opened) -> None:
    fill(opened, "111", "u111")
    sheets.mark_ready(opened.sheet("111"), opened.town.by("u111"))
    head = opened.town.client("avd1")
    page = text(head.get(opened.url("omgangar/2022-08/")))
    assert "Klarmarkerad" in page and "Sen: inte påbörjad" in page and "Hemtjänst nord" not in page
    assert "Linden : Mål , Kritiska faktorer skulle vara klart 23 augusti 2022" in page
    late = text(head.get(opened.url("omgangar/2022-08/?visa=sena")))
    assert "Bara sena (3)" in late
    beside = text(head.get(opened.url("omgangar/2022-08/goals/")))
    assert "Vi har gjort det." in beside and "Godkänn alla klarmarkerade (1)" in beside
    assert "Din text" in beside
    only = opened.lines("11")[1]
    one = text(head.get(opened.url(f"omgangar/2022-08/goals/?amne={only.subject_kind}:{only.subject_id}")))
    assert only.title in one and one.count("Din text") == 1


def test_the_pages_of_many_units_ask_no_more_questions(opened: Opened) -> None:
    head = opened.town.client("forvaltning")
    for rest, most in (
        ("omgangar/2022-08/", 32),
        ("omgangar/2022-08/goals/?enhet=11", 32),
        ("omgangar/", 20),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert head.get(opened.url(rest)).status_code == 200
        assert len(asked) <= most, (rest, len(asked))


def test_all_that_were_marked_ready_when_the_page_was_shown_are_approved(opened: Opened) -> None:
    town = opened.town
    for unit, who in (("111", "u111"), ("112", "u112")):
        fill(opened, unit, who)
        sheets.mark_ready(opened.sheet(unit), town.by(who))
    sent = {"enhet": "11", "blad": [opened.sheet("111").pk]}
    town.client("avd1").post(opened.url("omgangar/2022-08/goals/godkann/"), sent)
    states = [getattr(sheets.task_of(opened.sheet(unit)), "state", "") for unit in ("111", "112")]
    assert states == [State.DONE, State.READY]


def test_a_round_is_opened_by_hand_and_by_those_who_may(opened: Opened) -> None:
    town = opened.town
    at = opened.url("omgangar/2022-04/")
    assert "Omgången är inte öppnad" in text(town.client("u111").get(at))
    assert town.client("avd1").post(f"{at}oppna/").status_code == 403
    answer = town.client("strateg").post(f"{at}oppna/", follow=True)
    assert "4 nya blad med 8 rader" in text(answer)
    assert Round.objects.count() == 2
    assert "Inget nytt" in text(town.client("strateg").post(f"{at}oppna/", follow=True))
    empty = town.client("strateg").get(opened.url("omgangar/2022-05/"))
    assert "Inga blad vid det här tillfället" in text(empty)


def test_shares_are_added_and_taken_away(opened: Opened) -> None:
    town = opened.town
    leader = town.client("strateg")
    assignment = Assignment.objects.create(
        committee=town.committee,
        code="u1",
        title="Se över bemanningen",
        giver="KF",
        from_year=2022,
        to_year=2022,
    )
    at = opened.url("delningar/")
    assert "Ingen, förrän du delar det" in text(leader.get(at))
    sent = {
        "subject": f"steering.assignment:{assignment.pk}", "unit": town.units["111"].pk, "from_year": "2022",
        "to_year": "2021",
    }  # fmt: skip
    answer = leader.post(at, sent)
    assert answer.status_code == 400 and "Till år är före från år" in text(answer)
    assert leader.post(at, sent | {"to_year": "2022"}).status_code == 302
    again = leader.post(at, sent | {"to_year": "2022"})
    assert "redan delat" in text(again)
    share = Share.objects.get()
    assert "Björken 2022" in text(leader.get(at))
    assert town.client("u111").get(at).status_code == 403
    leader.post(opened.url(f"delningar/{share.pk}/ta-bort/"))
    assert not Share.objects.exists()


def test_dialogues_are_noted_with_their_day(opened: Opened) -> None:
    leader, at = opened.town.client("strateg"), opened.url("omgangar/2022-08/dialoger/")
    page = text(leader.get(at))
    assert "Samverkan med facken" in page and "Inte antecknat" in page
    future = {"phase": "dialog", "held_on": "2099-01-01", "note": "Talade om fallen."}
    answer = leader.post(at, future)
    assert (
        answer.status_code == 400
        and "har inte varit än" in text(answer)
        and "Talade om fallen." in text(answer)
    )
    leader.post(at, future | {"held_on": "2022-09-14"})
    step = Step.objects.get()
    assert (step.phase, step.held_on) == ("dialog", date(2022, 9, 14))
    stale = leader.post(at, future | {"held_on": "2022-09-15", "revision": "0", "note": "Min text."})
    assert stale.status_code == 409 and "Min text." in text(stale) and "Talade om fallen." in text(stale)
    unit = opened.town.client("u111")
    assert "Talade om fallen." in text(unit.get(at)) and b"<textarea" not in unit.get(at).content
    leader.post(f"{at}dialog/ta-bort/")
    assert not Step.objects.exists()


def test_the_departments_texts_stand_by_the_committee_s_own_assessment(opened: Opened) -> None:
    line = opened.lines("11")[0]
    sheets.save_line(line, opened.town.by("avd1"), expected_revision=1, comment="Fallen minskar i Björken.")
    at = f"{opened.town.root}mal/{opened.town.goals[0].pk}/?tillfalle=2022-08"
    assert "Fallen minskar i Björken." in text(opened.town.client("controller").get(at))
    assert "Fallen minskar i Björken." not in text(opened.town.client("ledamot").get(at))
