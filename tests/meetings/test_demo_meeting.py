"""The demonstration's meetings, carried out from their files: what is printed in the sources is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.meetings import demo_meeting
from roder.meetings.models import Ballot, Document, Election, Meeting, MinuteItem, Minutes, Vote, Watch
from roder.meetings.services import documents
from roder.organisation.models import Body, Mandate, Municipality, Person, Role

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def people(db: None, data_dir: Path) -> dict[str, Person]:
    """The two committees with their bodies, and a person for every role."""
    made: dict[str, Person] = {}
    committees: list[Body] = []
    for slug in ("alingsas", "oxelosund"):
        town = Municipality.objects.create(
            code=str(1480 + len(committees)), name=slug.capitalize(), slug=slug
        )
        body = Body.objects.create(
            municipality=town,
            kind="committee",
            name="Vård- och omsorgsnämnden",
            short_name="VON",
            slug=f"{slug}-von",
        )
        committees.append(body)
        Body.objects.create(
            municipality=town, kind="subcommittee", name="Vård- och omsorgsnämndens arbetsutskott", short_name="AU",
            slug=f"{slug}-au", parent=body,
        )  # fmt: skip
        Body.objects.create(
            municipality=town, kind="council", name="Kommunfullmäktige", short_name="KF", slug=f"{slug}-kf"
        )
    for role in Role:
        name = role.value.replace("_", "-")
        made[name] = Person.objects.create_user(f"{name}@prov.se", name=str(role.label))
        for body in committees:
            Mandate.objects.create(person=made[name], role=role, body=body, valid=DateRange(None, None))
    return made


def test_the_councils_vote_comes_out_as_printed(people: dict[str, Person]) -> None:
    told = demo_meeting.carry_out(EXAMPLES / "oxelosund" / "votering-2023-06-14.yaml", people)
    vote = Vote.objects.get()
    assert (vote.yes, vote.no, vote.abstained, vote.outcome) == (17, 14, 0, "yes")
    assert Ballot.objects.count() == 31 and len(told.done) == 1
    paragraph = told.paragraphs["kf98"]
    assert (paragraph.number, paragraph.body.short_name) == (98, "KF")
    assert sorted(one["purpose"] for one in paragraph.recipients) == ["FK"] * 4 + ["FÅ"]
    assert "votering" in paragraph.procedure.lower() and paragraph.item.reservations.count() == 2
    watch = Watch.objects.get()
    assert watch.paragraph == paragraph and watch.rhythms.get().printed == "senast mars 2024"
    again = demo_meeting.carry_out(EXAMPLES / "oxelosund" / "votering-2023-06-14.yaml", people)
    assert again.done == [] and Vote.objects.count() == 1 and Watch.objects.count() == 1


def test_the_committees_meeting_with_its_preparation(people: dict[str, Person]) -> None:
    path = EXAMPLES / "alingsas" / "sammantrade-2022-09-27.yaml"
    demo_meeting.carry_out(path, people)
    meeting = Meeting.objects.get(date="2022-09-27")
    tops = meeting.items.filter(parent=None)
    assert tops.count() == 10 and meeting.items.exclude(parent=None).count() == 8
    assert Minutes.objects.filter(state="locked").count() == 3
    au = MinuteItem.objects.filter(body__short_name="AU").order_by("number")
    assert list(au.values_list("number", flat=True)) == [67, 68, 69, 70, 71, 72]
    own = MinuteItem.objects.filter(item__meeting=meeting)
    assert own.get(item__case__number="2022.005 VON", item__kind="decision").number == 73
    returned = own.get(item__case__number="2022.199 VON", item__kind="decision")
    assert returned.outcome == "returned" and returned.repeals is not None and returned.repeals.number == 61
    letter = Document.objects.get(case__number="2022.005 VON", kind="letter")
    first, second = letter.versions.order_by("number")
    assert [str(first.dated_on), str(second.dated_on)] == ["2022-09-15", "2022-09-22"]
    changed = [one for one in documents.difference(first, second) if one[0] != "equal"]
    assert len(changed) >= 5 and first.frozen_at and second.frozen_at
    extracts = Document.objects.filter(kind="extract")
    assert extracts.count() == 6
    assert Election.objects.get().stands_in_for is not None
    done, going, waits = Watch.objects.order_by("state", "pk")
    assert (done.state, going.state, waits.state) == ("done", "open", "open")
    assert done.reports.count() == 1 and str(done.closed_on) == "2022-09-30"
    assert demo_meeting.carry_out(path, people).done == [] and Meeting.objects.count() == 3
