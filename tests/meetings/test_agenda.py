"""The agenda: how points are numbered and moved, what papers they get, who may do what, and the summons."""

from __future__ import annotations

import itertools
from datetime import date

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import AgendaItem, Case, DocumentVersion, ItemNote, Meeting
from roder.meetings.papers import summons
from roder.meetings.rules import agenda as rules
from roder.meetings.services import agenda, calendar
from roder.tasks.models import Notice, Task
from tests.meetings.world import Chain

# --- the rules ------------------------------------------------------------------------------------------------------


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_letters_go_on_and_never_repeat(one: int, other: int) -> None:
    assert (rules.letters(one) == rules.letters(other)) == (one == other)
    assert rules.letters(one).isalpha() and rules.letters(one).isupper()


def test_letters_as_on_paper() -> None:
    assert [rules.letters(at) for at in (1, 8, 26, 27, 52, 53, 703)] == [
        "A",
        "H",
        "Z",
        "AA",
        "AZ",
        "BA",
        "AAA",
    ]


@st.composite
def agendas(draw: st.DrawFn) -> list[rules.Line]:
    """Points in any order, some of them lettered."""
    count = draw(st.integers(0, 25))
    tops = [at for at in range(count) if at == 0 or draw(st.booleans())]
    made = []
    for at in range(count):
        parent = None if at in tops else draw(st.sampled_from(tops))
        made.append(rules.Line(at, draw(st.integers(1, 60)), parent))
    return draw(st.permutations(made))


@given(agendas())
def test_every_point_has_a_number_of_its_own_in_order(lines: list[rules.Line]) -> None:
    found = rules.numbers(lines)
    assert set(found) == {line.id for line in lines}
    assert len(set(found.values())) == len(found)
    order = [found[line.id] for line in rules.in_order(lines)]
    tops = [text for text in order if rules.NB not in text]
    assert tops == [str(at) for at in range(1, len(tops) + 1)]
    for before, text in itertools.pairwise(order):
        if rules.NB in text:  # a lettered point follows its own point or the letter before
            assert before.split(rules.NB)[0] == text.split(rules.NB)[0]


@given(st.lists(st.integers(), unique=True, max_size=20), st.integers(), st.sampled_from(["up", "down"]))
def test_moving_changes_places_with_one_neighbour(ids: list[int], one: int, way: str) -> None:
    found = rules.moved(ids, one, way)  # type: ignore[arg-type]
    assert sorted(found) == sorted(ids)
    assert sum(a != b for a, b in zip(ids, found, strict=True)) in (0, 2)
    back = rules.moved(found, one, "down" if way == "up" else "up")
    assert ids in (back, found)


def test_the_extract_comes_after_the_letter() -> None:
    assert rules.place_of_paper([], "extract") == 0
    assert rules.place_of_paper(["letter", "attachment"], "extract") == 1
    assert rules.place_of_paper(["letter", "extract", "attachment"], "extract") == 2
    assert rules.place_of_paper(["attachment"], "letter") == 0
    assert rules.place_of_paper(["letter", "extract"], "attachment") == 2


# --- the deeds ------------------------------------------------------------------------------------------------------


@pytest.fixture
def empty(chain: Chain) -> Meeting:
    """The meeting without points."""
    chain.meeting.items.all().delete()
    return chain.meeting


def _shown(meeting: Meeting) -> list[str]:
    numbers = agenda.numbers(meeting)
    order = [line.id for line in rules.in_order(agenda.lines(meeting))]
    titles = dict(AgendaItem.objects.filter(meeting=meeting).values_list("pk", "title"))
    return [f"{numbers[pk].replace(rules.NB, ' ')} {titles[pk]}" for pk in order]


def test_the_agenda_of_alingsas(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    agenda.add_standard(empty, by)
    info = agenda.add_item(empty, by, kind="information", title="Information och överläggningar")
    for title in ("Larmupphandling", "Delårsbokslut"):
        agenda.add_item(empty, by, kind="information", title=title, parent=info)
    case = chain.new_case("Delårsbokslut")
    agenda.add_item(empty, by, kind="decision", title="Delårsbokslut", case=case)
    for _ in range(2):
        agenda.move_item(info, by, "up")
    assert _shown(empty) == [
        "1 Upprop och val av justerare",
        "2 Information och överläggningar",
        "2 A Larmupphandling",
        "2 B Delårsbokslut",
        "3 Anmälan av delegationsbeslut",
        "4 Meddelanden",
        "5 Delårsbokslut",
    ]
    assert agenda.add_standard(empty, by) == []


def test_a_point_goes_under_another_and_out_again(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    one, two, three = (agenda.add_item(empty, by, kind="decision", title=text) for text in "ABC")
    agenda.put_under(two, by, one)
    assert _shown(empty) == ["1 A", "1 A B", "2 C"]
    two.refresh_from_db()
    agenda.put_under(two, by, None)
    assert _shown(empty) == ["1 A", "2 C", "3 B"]
    with pytest.raises(agenda.MeetingFault, match="underpunkt"):
        agenda.put_under(one, by, one)
    two.refresh_from_db()
    agenda.put_under(three, by, two)
    with pytest.raises(agenda.MeetingFault, match="underpunkt"):
        agenda.put_under(two, by, one)


def test_a_withdrawn_point_keeps_its_number_and_a_sent_one_is_not_removed(
    chain: Chain, empty: Meeting
) -> None:
    by = chain.by("secretary")
    one, two = (agenda.add_item(empty, by, kind="decision", title=text) for text in "AB")
    agenda.withdraw_item(one, by)
    assert agenda.numbers(empty)[two.pk] == "2"
    agenda.summon(empty, by)
    with pytest.raises(agenda.MeetingFault, match="utgå"):
        agenda.remove_item(two, by)


def test_removing_closes_the_gap(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    one, _ = (agenda.add_item(empty, by, kind="decision", title=text) for text in "AB")
    agenda.remove_item(one, by)
    assert _shown(empty) == ["1 B"]
    assert empty.items.get().position == 1


def test_a_case_may_stand_twice_with_its_papers(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    case = chain.new_case("Taxa")
    chain.new_document(case, "Bilaga")
    chain.new_document(case, "Brev", "letter")
    chain.new_document(case, "Utdrag", "extract")
    for kind in ("information", "decision"):
        item = agenda.add_item(empty, by, kind=kind, title="Taxa", case=case)
        agenda.add_case_papers(item, by)
        assert [str(paper) for paper in item.papers.all()] == ["Brev", "Utdrag", "Bilaga"]


def test_a_newer_version_is_told_and_taken(chain: Chain, empty: Meeting) -> None:
    by, case = chain.by("secretary"), chain.new_case("Taxa")
    old = chain.new_document(case, "Bilaga")
    item = agenda.add_item(empty, by, kind="decision", title="Taxa", case=case)
    paper = agenda.add_paper(item, old, by)
    assert agenda.newer([paper]) == {}
    DocumentVersion.objects.filter(pk=old.pk).update(current=False)
    new = DocumentVersion.objects.create(
        document=old.document, number=2, dated_on=date(2022, 9, 20), file_version=old.file_version, pdf=old.pdf,
        pdf_state="done", pages=2,
    )  # fmt: skip
    paper = item.papers.select_related("version").get()
    assert agenda.newer([paper]) == {paper.pk: new}
    agenda.renew_paper(paper, by)
    assert item.papers.get().version_id == new.pk


def test_two_secretaries_in_the_same_point(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    item = agenda.add_item(empty, by, kind="decision", title="Taxa")
    seen = item.revision
    agenda.change_item(item, by, seen, title="Taxa 2023")
    with pytest.raises(StaleRecordError) as caught:
        agenda.change_item(item, by, seen, title="Ny taxa")
    assert str(caught.value.current) == "Taxa 2023"


def test_moving_does_not_disturb_who_writes(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    one, two = (agenda.add_item(empty, by, kind="decision", title=text) for text in "AB")
    agenda.move_item(two, by, "up")
    agenda.change_item(one, by, one.revision, title="A2")
    assert _shown(empty) == ["1 B", "2 A2"]


def test_cases_that_wait_are_suggested_once(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    Case.objects.update(phase="registered")
    case = chain.new_case("Väntar", phase="committee")
    chain.new_case("Hemligt", phase="committee", secret=True)
    chain.new_case("Klart", phase="carried_out")
    found = agenda.suggestions(empty, by)
    assert [one.title for one in found if one.case] == ["Väntar", "Hemligt"]
    assert [one.title for one in agenda.suggestions(empty, chain.by("controller"))] == ["Väntar"]
    agenda.take_suggestion(empty, next(one for one in found if one.case == case), by)
    assert [one.title for one in agenda.suggestions(empty, by)] == ["Hemligt"]


@pytest.mark.parametrize("role", ["member", "chair", "controller", "auditor", "head_administration"])
def test_only_the_secretary_writes_the_agenda(chain: Chain, role: str) -> None:
    by = chain.by(role)
    with pytest.raises(NotAllowedError):
        agenda.add_item(chain.meeting, by, kind="decision", title="Taxa")
    with pytest.raises(NotAllowedError):
        agenda.summon(chain.meeting, by)


def test_what_is_secret_needs_the_right_to_it(chain: Chain, empty: Meeting) -> None:
    secret = chain.new_case("Hemligt", secret=True)
    item = agenda.add_item(empty, chain.by("secretary"), kind="decision", title="Hemligt", case=secret)
    with pytest.raises(NotAllowedError):
        agenda.write_note(item, chain.by("auditor"), "jag såg den")
    assert agenda.secret(AgendaItem.objects.get(pk=item.pk))


def test_another_committees_case_is_refused(chain: Chain, empty: Meeting) -> None:
    other = Case.objects.create(
        committee=chain.world.other, number="1", number_key="1", year=2022, title="Annan", opened_on=date(2022, 1, 1)
    )  # fmt: skip
    with pytest.raises(ValidationError, match="diarium"):
        agenda.add_item(empty, chain.by("secretary"), kind="decision", title="Annan", case=other)


def test_an_ended_meeting_is_left_alone(chain: Chain, empty: Meeting) -> None:
    Meeting.objects.filter(pk=empty.pk).update(state="cancelled")
    with pytest.raises(agenda.MeetingFault, match="inställt"):
        agenda.add_item(empty, chain.by("secretary"), kind="decision", title="Sent")


def test_a_note_is_ones_own(chain: Chain) -> None:
    item = chain.meeting.items.first() or chain.new_item(chain.meeting, "Taxa")
    agenda.write_note(item, chain.by("member"), "Fråga om avgiften")
    assert ItemNote.objects.get().person == chain.by("member")
    assert agenda.write_note(item, chain.by("member"), "  ") is None
    assert not ItemNote.objects.exists()
    with pytest.raises(ValidationError):
        agenda.write_note(item, chain.by("member"), "Ring 19121212-1212")


# --- the summons ----------------------------------------------------------------------------------------------------


def test_the_summons_tells_members_and_ends_the_task(chain: Chain) -> None:
    by = chain.by("secretary")
    made = agenda.plan_meeting(chain.committee, chain.committee, date(2022, 12, 20), chain.meeting.starts, by)
    Meeting.objects.filter(pk=made.pk).update(date=date(2022, 12, 20))
    with pytest.raises(agenda.MeetingFault, match="tom"):
        agenda.summon(made, by)
    agenda.add_item(made, by, kind="decision", title="Taxa")
    agenda.summon(made, by)
    made.refresh_from_db()
    assert made.state == Meeting.State.SUMMONED and made.summoned_at
    told = set(Notice.objects.filter(subject_id=made.pk).values_list("recipient__email", flat=True))
    assert told == {chain.by("chair").email, chain.by("member").email}
    assert not Task.objects.filter(kind=calendar.SUMMONS, subject_id=made.pk, state="open").exists()
    agenda.summon(made, by)
    assert Notice.objects.filter(subject_id=made.pk).count() == 4


def test_the_summons_as_pdf_hides_what_is_secret(chain: Chain, empty: Meeting) -> None:
    by = chain.by("secretary")
    case = chain.new_case("HEMLIGT AVTAL", secret=True)
    agenda.add_item(empty, by, kind="decision", title="HEMLIGT AVTAL", case=case, presenter="HEMLIG GÄST")
    agenda.add_item(empty, by, kind="decision", title="Öppen taxa", case=chain.case)

    def words(*, public: bool) -> str:
        document = pypdfium2.PdfDocument(summons.render(empty, public=public))
        found = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return found

    whole, public = words(public=False), words(public=True)
    assert "HEMLIGT AVTAL" in whole and "Öppen taxa" in whole and "Rådhuset" in whole
    assert "HEMLIG" not in public and case.number not in public
    assert "Sekretess enligt OSL 26:1" in public and "Öppen taxa" in public
