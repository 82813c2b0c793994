"""Oxelösund's balance list: every printed row with its rhythms, on the meetings of the year after, and on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roder.core.faults import UserFault
from roder.meetings.demo_watches import load_balance, read_balance
from roder.meetings.models import Watch
from roder.meetings.papers.balance_list import document_of, rows_on, write_balance_list
from roder.meetings.services import watch_times, watches
from roder.reports.document import cell_text
from roder.tasks.rules import by_day
from tests.meetings.world import Chain

FILE = Path(__file__).parents[2] / "examples" / "oxelosund" / "balanslista.yaml"
LIST_DAY = date(2023, 12, 13)
#: Eleven Wednesdays, none in July.
MEETINGS = [
    date(2024, *one)
    for one in ((1, 24), (2, 21), (3, 20), (4, 24), (5, 22), (6, 12), (8, 28), (9, 25), (10, 23), (11, 20), (12, 11))
]  # fmt: skip
EVERY = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]
ALL = [date(2023, 11, 21), LIST_DAY, *MEETINGS]
#: What each row's rhythms mean on those meetings: (title, kind) -> months. What was due before 2024 is late in January.
MONTHS = {
    ("Information om Ukraina", "MI"): [],
    ("Kö till särskilt boende", "MI"): EVERY,
    ("Hemtjänsten", "MI"): EVERY,
    ("Lex Sarah/Lex Maria", "MI"): EVERY,
    ("Statistik verksamheterna", "MI"): EVERY,
    ("Handlingsplaner med mål och mått", "MI"): [2, 5, 9, 11],
    ("MAS rapport", "MI"): [4, 8, 12],
    ("Ekonomisk uppföljning", "MI"): [1, 3, 4, 5, 6, 8, 9, 10, 11],
    ("Ekonomisk uppföljning", "B"): [4, 5, 11],
    ("Åtgärder och orsaker, sjukskrivningstal", "MI"): [4, 8, 12],
    ("Uppföljning av genomlysning av vård- och omsorgsnämnden", "MI"): [],
    ("Utvärdering av Samhalls uppdrag", "B"): [],
    ("Nära vård", "MI"): [],
    ("Välfärdsteknik", "MI"): [3],
    ("Uppföljning tillsyn särskilt boende", "MI"): [3],
    ("Kompetensförsörjningsplan", "MI"): [3],
    ("Digitala arbetsprov/språkombud", "MI"): [3],
    ("Socialtjänst och skola i samverkan", "MI"): [3],
    ("Utreda verksamheten Daglig verksamhet", "B"): [3],
    ("Utreda riktlinjer för bedömning av bistånd till äldre enligt SoL", "B"): [3],
    ("Uppföljning externa utförare", ""): [12],
}
#: What was to be reported in 2023: due at the last meetings of that year.
BEFORE = {
    "Uppföljning av genomlysning av vård- och omsorgsnämnden": date(2023, 11, 21),
    "Utvärdering av Samhalls uppdrag": date(2023, 12, 13),
    "Nära vård": date(2023, 12, 13),
}


@pytest.fixture
def listed(chain: Chain) -> Chain:
    """The list loaded, with the year's meetings and the two before."""
    for day in ALL:
        chain.new_meeting(day)
    load_balance(FILE, chain.committee, chain.by("secretary"))
    return chain


def test_every_row_comes_in_its_printed_months(listed: Chain) -> None:
    found: dict[tuple[str, str], list[int]] = {}
    for watch in Watch.objects.filter(committee=listed.committee):
        for rhythm in watch.rhythms.all():
            rule, key = watch_times.rule_of(rhythm), (watch.title, rhythm.kind)
            due = watch_times.expected(rhythm, ALL)
            months = found.setdefault(key, [])
            while due is not None and due.day.year < 2025:
                if due.day.year == 2024:
                    assert due.day in MEETINGS
                    months.append(due.day.month)
                else:
                    assert due.day == BEFORE[watch.title]
                assert rule is not None
                due = rule.following(by_day(due.day), ALL)
    assert found == MONTHS


def test_the_first_meeting_has_what_is_late_and_what_is_due(listed: Chain) -> None:
    first = listed.committee.meetings.get(date=MEETINGS[0])
    due = [(watch.title, rhythm.kind) for watch, rhythm in watches.due_at(first)]
    assert [title for title, _ in due] == [
        *BEFORE, "Kö till särskilt boende", "Hemtjänsten", "Lex Sarah/Lex Maria", "Statistik verksamheterna",
        "Ekonomisk uppföljning",
    ]  # fmt: skip


def test_loading_again_adds_nothing(listed: Chain) -> None:
    rows = Watch.objects.filter(committee=listed.committee)
    assert rows.count() == 20
    assert load_balance(FILE, listed.committee, listed.by("secretary")) == []
    paused = rows.get(state="paused")
    assert (paused.title, paused.rhythms.get().printed) == ("Information om Ukraina", "Paus")
    assert rows.get(title="MAS rapport").role == "mas"


def test_on_paper(listed: Chain, tmp_path: Path) -> None:
    document = document_of(listed.committee, LIST_DAY, rows_on(listed.committee, LIST_DAY))
    table = document.blocks[0]
    printed = [[cell_text(row.cells.get(column.key)) for column in table.columns] for row in table.rows]  # type: ignore[union-attr]
    assert len(printed) == 21
    money = next(place for place, row in enumerate(printed) if row[0] == "Ekonomisk uppföljning")
    assert printed[money][4:6] == ["MI", "Varje nämnd förutom feb och december"]
    assert printed[money + 1][:1] + printed[money + 1][4:6] == ["", "B", "April, maj och november"]
    assert printed[0][6] == "vilar"
    paths = write_balance_list(listed.committee, LIST_DAY, tmp_path)
    assert [path.name for path in paths] == [
        f"balanslista-2023-12-13.{one}" for one in ("html", "pdf", "docx", "xlsx")
    ]
    assert all(path.stat().st_size > 2000 for path in paths)
    assert "Varje nämnd förutom feb och december" in paths[0].read_text("utf-8")


def test_the_public_list_has_nothing_secret(listed: Chain) -> None:
    case = listed.new_case("Hemligt", secret=True)
    watches.add_watch(listed.committee, "Hemlig rad", listed.by("secretary"), case=case, opened_on=LIST_DAY)
    titles = [line.watch.title for line in rows_on(listed.committee, LIST_DAY)]
    assert "Hemlig rad" not in titles
    assert "Hemlig rad" in [
        line.watch.title for line in rows_on(listed.committee, LIST_DAY, listed.by("member"))
    ]
    assert "Hemlig rad" not in [
        line.watch.title for line in rows_on(listed.committee, LIST_DAY, listed.by("sas"))
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{title: A, rhythms: [{kind: MI, printed: då och då ibland kanske i snö}]}", ""),
        ("{title: A, rhythms: [{kind: MI, printed: fjortonde tisdagen}]}", "rad 1, A: .*fjortonde"),
        ("{title: A, role: kung}", "rollen kung finns inte"),
        ("{title: A, origin: rykte}", "rykte"),
        ("{what: A}", "title"),
    ],
)
def test_a_list_that_cannot_be_read(chain: Chain, tmp_path: Path, row: str, says: str) -> None:
    path = tmp_path / "balanslista.yaml"
    path.write_text(f"committee: VON\nday: 2023-12-13\nrows:\n  - {row}\n", "utf-8")
    if not says:  # ”då …” is something to wait for
        assert load_balance(path, chain.committee, chain.by("secretary"))[0].rhythms.get().condition
        return
    with pytest.raises(UserFault, match=says):
        load_balance(path, chain.committee, chain.by("secretary"))
    assert not Watch.objects.filter(committee=chain.committee).exists()


def test_the_example_has_no_persons_in_it() -> None:
    assert {row.responsible for row in read_balance(FILE).rows} == {
        "", "Controller", "Förvaltningschef", "HR", "Medicinskt ansvarig sjuksköterska",
    }  # fmt: skip
