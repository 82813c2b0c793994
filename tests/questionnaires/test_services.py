"""Answers: drafts, handing in, opening again, two who save at once, and what no free text may hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from roder import questionnaires
from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.questionnaires.compiling import export_rows
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer, QuestionSetVersion
from roder.steering.models import DeviationType
from tests.web.world import World


def answered(
    version: QuestionSetVersion, world: World, values: dict[str, Any], unit: Any = None, **place: Any
) -> Answer:
    by = world.people["quality_strategist"]
    answer = questionnaires.open_answer(version, by, unit=unit, **place)
    return questionnaires.save_answer(answer, by, values, expected_revision=answer.revision, final=True)


def test_a_draft_is_found_again_and_keeps_also_what_is_hidden(
    world: World, version: QuestionSetVersion
) -> None:
    by = world.people["unit_manager"]
    answer = questionnaires.open_answer(version, by, unit=world.unit, year=2022)
    questionnaires.save_answer(
        answer, by, {"plan": "ja", "varfor": "sparat"}, expected_revision=answer.revision
    )
    again = questionnaires.open_answer(version, by, unit=world.unit, year=2022)
    assert again == answer
    assert again.content == {"plan": "ja", "varfor": "sparat"}
    assert again.state == Answer.State.DRAFT


def test_what_is_handed_in_is_whole_and_counted(world: World, version: QuestionSetVersion) -> None:
    answer = answered(
        version, world, {"plan": "nej", "varfor": "Vi hann inte", "steg": 4}, world.unit, year=2022
    )
    assert (answer.state, answer.edition, answer.remarks) == (Answer.State.FINAL, 1, 1)
    assert (answer.points, answer.points_of) == (8, 12)
    assert answer.editions.get().content["varfor"] == "Vi hann inte"


def test_an_answer_that_lacks_something_is_refused_at_the_question(
    world: World, version: QuestionSetVersion
) -> None:
    with pytest.raises(ValidationError) as caught:
        answered(version, world, {"plan": "nej"}, world.unit, year=2022)
    assert caught.value.message_dict == {"varfor": ["Skriv ett svar."]}
    assert not Answer.objects.filter(state="final").exists()


@pytest.mark.parametrize("text", ["19811218-9876", "Hon är 811218 9876.", "8112189876"])
@pytest.mark.parametrize("where", ["varfor", "bevis", "rader"])
def test_a_personal_number_is_refused_in_every_free_text_also_in_a_draft(
    world: World, version: QuestionSetVersion, text: str, where: str
) -> None:
    given: Any = {"varfor": text, "bevis": {"reference": text}, "rader": [{"vad": text}]}[where]
    by = world.people["quality_strategist"]
    answer = questionnaires.open_answer(version, by, unit=world.unit, year=2022)
    with pytest.raises(ValidationError) as caught:
        questionnaires.save_answer(
            answer, by, {"plan": "nej", where: given}, expected_revision=answer.revision
        )
    assert "personnummer" in caught.value.message_dict[where][0]


def test_the_second_of_two_savers_is_told_and_sees_what_stands(
    world: World, version: QuestionSetVersion
) -> None:
    by = world.people["quality_strategist"]
    answer = questionnaires.open_answer(version, by, unit=world.unit, year=2022)
    seen = answer.revision
    questionnaires.save_answer(Answer.objects.get(pk=answer.pk), by, {"plan": "ja"}, expected_revision=seen)
    with pytest.raises(StaleRecordError) as caught:
        questionnaires.save_answer(answer, by, {"plan": "delvis"}, expected_revision=seen)
    assert caught.value.current.content == {"plan": "ja"}  # type: ignore[attr-defined]


def test_opening_again_keeps_what_was_handed_in_with_the_reason(
    world: World, version: QuestionSetVersion
) -> None:
    by = world.people["quality_strategist"]
    answer = answered(version, world, {"plan": "ja"}, world.unit, year=2022)
    with pytest.raises(ValidationError):
        questionnaires.reopen(answer, by, " ")
    questionnaires.reopen(answer, by, "Fel enhet räknades")
    questionnaires.save_answer(answer, by, {"plan": "delvis"}, expected_revision=answer.revision, final=True)
    said = [(one.number, one.content["plan"], one.reopened) for one in answer.editions.order_by("number")]
    assert said == [(1, "ja", "Fel enhet räknades"), (2, "delvis", "")]


@pytest.mark.parametrize(
    ("role", "own", "other", "whole"),
    [
        ("unit_manager", True, False, False),
        ("care_staff", True, False, False),
        ("quality_strategist", True, True, True),
        ("controller", True, True, True),
        ("member", False, False, False),
        ("auditor", False, False, False),
        ("administrator", False, False, False),
    ],
)
def test_who_may_answer_for_whom(
    world: World, version: QuestionSetVersion, role: str, own: bool, other: bool, whole: bool
) -> None:
    def may(unit: Any) -> bool:
        try:
            questionnaires.open_answer(version, world.people[role], unit=unit, year=2022)
        except NotAllowedError:
            return False
        return True

    assert (may(world.unit), may(world.administration), may(None)) == (own, other, whole)


def test_who_sees_answers(world: World, version: QuestionSetVersion) -> None:
    answered(version, world, {"plan": "ja"}, world.unit, year=2022)
    answered(version, world, {"plan": "ja"}, world.administration, year=2022)
    answered(version, world, {"plan": "ja"}, None, year=2022)

    def seen(role: str) -> int:
        return questionnaires.visible_answers(world.people[role], Answer.objects.all()).count()

    assert (seen("unit_manager"), seen("controller"), seen("member")) == (1, 3, 0)


def test_what_was_typed_is_read_and_what_cannot_be_read_stays(version: QuestionSetVersion) -> None:
    content = parsed(version)
    data = QueryDict(mutable=True)
    data.update({
        "q-plan": "ja", "q-antal": "1 234,5", "q-steg": "3", "q-dag": "i går", "q-bevis-reference": "Rutin",
        "q-bevis-page": "12", "q-rader-0-vad": "Buss", "q-rader-0-kronor": "12,50", "q-rader-7-vad": "Tåg",
        "q-rader-x-vad": "skräp", "annat": "x",
    })  # fmt: skip
    data.setlist("q-hur", ["a", "b", "a"])
    values = questionnaires.typed(content, data)
    assert values == {
        "plan": "ja", "antal": "1234.5", "hur": ["a", "b"], "steg": 3, "dag": "i går",
        "bevis": {"reference": "Rutin", "page": "12"},
        "rader": [{"vad": "Buss", "kronor": "12.50"}, {"vad": "Tåg"}],
    }  # fmt: skip
    form = questionnaires.answer_form(content, values, {"dag": "fel"})
    asked = {one.question.code: one for part in form.parts for one in part.asked}
    assert asked["dag"].text == "i går"
    assert asked["antal"].text == "1234,5"
    assert [cell.value for cell in asked["rader"].rows[0]] == ["Buss", "12,50"]
    assert not asked["varfor"].shown


def test_answers_are_counted_and_laid_side_by_side(
    world: World, version: QuestionSetVersion, django_assert_num_queries: Any
) -> None:
    answered(
        version, world, {"plan": "ja", "hur": ["a", "b"], "steg": 5, "antal": "2"}, world.unit, year=2021
    )
    answered(
        version,
        world,
        {"plan": "nej", "varfor": "x", "hur": ["a"], "steg": 2, "antal": "4"},
        world.unit,
        year=2022,
    )
    answered(version, world, {"plan": "ja"}, world.administration, year=2022)
    by = world.people["quality_strategist"]
    draft = questionnaires.open_answer(version, by, year=2022)
    questionnaires.save_answer(draft, by, {"plan": "nej"}, expected_revision=draft.revision)
    rows = questionnaires.visible_answers(by, Answer.objects.all())
    with django_assert_num_queries(2):
        found = questionnaires.compile_answers(version.question_set, rows, group_by="year")
    plan, steg, antal = found.of("plan"), found.of("steg"), found.of("antal")
    assert plan and steg and antal
    assert found.answers == 3
    assert found.groups == ("2021", "2022")
    assert (plan.count("ja"), plan.count("nej"), plan.count("ja", "2022"), plan.answered) == (2, 1, 1, 3)
    assert (steg.mean, steg.count("5"), antal.mean, antal.highest) == (3.5, 1, 3, 4)
    assert found.of("hur").count("a") == 2  # type: ignore[union-attr]
    by_unit = questionnaires.compile_answers(version.question_set, rows)
    assert set(by_unit.groups) == {str(world.unit), str(world.administration)}
    lines = list(export_rows(version.question_set, rows))
    assert len(lines) == 4
    assert "Ja" in lines[1]
    assert "Aa, Be" in lines[1]


def test_a_new_version_counts_with_the_old_where_the_code_is_kept(
    world: World, version: QuestionSetVersion
) -> None:
    answered(version, world, {"plan": "ja"}, world.unit, year=2021)
    newer = questionnaires.load_text(
        version.source.replace("Finns det en plan?", "Har ni en plan?"), world.committee
    )
    answered(newer, world, {"plan": "ja"}, world.unit, year=2022)
    found = questionnaires.compile_answers(version.question_set, Answer.objects.all())
    plan = found.of("plan")
    assert plan is not None
    assert plan.question.text == "Har ni en plan?"
    assert plan.count("ja") == 2


def test_the_public_answers_only_what_is_for_the_public(world: World, version: QuestionSetVersion) -> None:
    with pytest.raises(NotAllowedError):
        questionnaires.answer_publicly(version, {"plan": "ja"})
    text = version.source.replace("audience: unit", "audience: public").replace(
        "code: arskoll", "code: oppen"
    )
    public = questionnaires.load_text(text, world.committee)
    answer = questionnaires.answer_publicly(public, {"plan": "ja"})
    assert (answer.public, answer.state, answer.answered_by) == (True, "final", None)
    rows = Answer.objects.filter(pk=answer.pk)
    assert questionnaires.visible_answers(world.people["quality_strategist"], rows).exists()
    assert not questionnaires.visible_answers(world.people["care_staff"], rows).exists()


def test_a_report_takes_in_a_compilation(world: World, version: QuestionSetVersion) -> None:
    from types import SimpleNamespace

    from roder.reports.base import Page
    from roder.reports.document import Bullets, Table
    from roder.reports.questionnaire_part import Compilation

    facts: Any = SimpleNamespace(
        committee=world.committee.name, municipality=world.municipality.name, year=2022, code="2022-08"
    )
    empty = Page(values=None, facts=facts, comments={})  # type: ignore[arg-type]
    Compilation("arskoll").write(empty)
    assert len(empty.blocks) == 1
    answered(version, world, {"plan": "nej", "varfor": "Tid saknas", "antal": "2"}, world.unit, year=2022)
    answered(version, world, {"plan": "ja"}, world.administration, year=2022)
    page = Page(values=None, facts=facts, comments={})  # type: ignore[arg-type]
    Compilation("arskoll", texts=("varfor",)).write(page)
    tables = [block for block in page.blocks if isinstance(block, Table)]
    assert [row.cells["antal"].value for row in tables[0].rows] == [1, 0, 1]  # type: ignore[union-attr]
    assert len(tables[0].columns) == 4
    assert any(isinstance(block, Bullets) for block in page.blocks)


def test_a_report_hides_counts_that_could_point_out_a_case(world: World) -> None:
    from types import SimpleNamespace

    from roder.quality.models import Deviation
    from roder.reports.base import Page
    from roder.reports.document import Table
    from roder.reports.questionnaire_part import Compilation
    from tests.quality.case_world import deviation
    from tests.questionnaires.conftest import ROUND

    DeviationType.objects.create(committee=world.committee, code="fall", label="Fall", clinical=True)
    text = ROUND.replace("audience: unit", "audience: object\nsubjects: [quality.deviation]")
    about = questionnaires.load_text(text.replace("arskoll", "utredning"), world.committee)
    for at in range(9):
        case: Deviation = deviation(world, unit=world.unit if at % 2 else world.administration)
        by = world.people["mas"]
        answer = questionnaires.open_answer(about, by, subject=case, year=2022)
        said = {"plan": "ja"} if at < 7 else {"plan": "nej", "varfor": "Tid saknas"}
        questionnaires.save_answer(answer, by, said, expected_revision=answer.revision, final=True)
    facts: Any = SimpleNamespace(
        committee=world.committee.name, municipality=world.municipality.name, year=2022, code="2022-08"
    )
    page = Page(values=None, facts=facts, comments={})  # type: ignore[arg-type]
    Compilation("utredning").write(page)
    table = next(block for block in page.blocks if isinstance(block, Table))
    shown = {row.key: row.cells["antal"] for row in table.rows}
    assert shown["nej"] == "dolt"  # two of nine
    assert all(row.cells["g0"] == "dolt" for row in table.rows if row.key in ("ja", "nej"))
