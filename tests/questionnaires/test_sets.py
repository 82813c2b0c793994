"""Question sets as files: the examples load, and a faulty file has every fault said with line and path."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import Error, transaction

from roder import questionnaires
from roder.questionnaires.check import check_bytes, check_file, check_text
from roder.questionnaires.loading import SetFault, parsed
from roder.questionnaires.models import QuestionSetVersion
from roder.questionnaires.shape import from_data, to_data
from tests.questionnaires.conftest import ROUND
from tests.web.world import World

FILES = sorted((Path(__file__).parents[2] / "examples" / "formular").glob("*.yaml"))
#: the question sets that must be possible without code (11.2)
WANTED = {
    "egenkontroll-lakemedel", "internkontroll-sjalvskattning", "revision-fragor", "korruption-genomgang",
    "avvikelse-utredning", "barnets-basta", "foreningsbidrag", "avgangssamtal", "sam-uppfoljning",
    "god-och-nara-vard", "policy-uppfoljning", "digitalisering-sjalvskattning", "stickprov-delegationsbeslut",
    "klagomal",
}  # fmt: skip


def test_every_set_of_the_list_is_there() -> None:
    assert {path.stem for path in FILES} >= WANTED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_example_is_without_fault_and_survives_the_database(path: Path) -> None:
    checked = check_file(path)
    assert checked.set is not None, "\n".join(checked.lines())
    assert checked.set.code == path.stem
    assert from_data(to_data(checked.set)) == checked.set


def test_the_examples_load(world: World) -> None:
    for path in FILES:
        version = questionnaires.load_set(path, world.committee)
        assert version.number == 1
        assert parsed(version).code == path.stem


FAULTY = """\
format: 1
code: Fel Kod
title: x
audience: alla
slask: 1
sections:
  - code: s
    title: T
    questions:
      - {code: a, type: one, text: Hej, options: [{code: b, lable: B}, {code: c, label: C}]}
      - {code: b, type: text, text: Hej, requird: true}
      - {code: d, type: tabel, text: ""}
"""


def test_every_fault_is_said_at_once_with_line_and_path() -> None:
    lines = check_text(FAULTY, "f.yaml").lines()
    starts = [line.split(": ")[0] + " " + line.split(": ")[1] for line in lines]
    assert starts == [
        "f.yaml:2:7 code",
        "f.yaml:4:11 audience",
        "f.yaml:5:1 slask",
        "f.yaml:10:51 sections[s].questions[a].options[b].label",
        "f.yaml:10:61 sections[s].questions[a].options[b].lable",
        "f.yaml:11:42 sections[s].questions[b].requird",
        "f.yaml:12:25 sections[s].questions[d].type",
        "f.yaml:12:38 sections[s].questions[d].text",
    ]
    assert "Menade du ”required”?" in lines[5]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("{code: a, type: one, text: x, options: okand}", "finns inte under choices"),
        ("{code: a, type: one, text: x, options: [{code: a, label: A}]}", "minst två alternativ"),
        ("{code: a, type: scale, text: x}", "behöver lowest och highest"),
        ("{code: a, type: scale, text: x, lowest: 5, highest: 1}", "ska gå uppåt"),
        ("{code: a, type: text, text: x, unit: kr}", "hör till frågor av typen number"),
        ("{code: a, type: table, text: x}", "behöver kolumner"),
        ("{code: a, type: figure, text: x}", "vilken siffra"),
        ("{code: a, type: number, text: x, minimum: 3, maximum: 2}", "mindre än minimum"),
        ("{code: a, type: text, text: x, shown_when: {question: b, is: ja}}", "står inte före"),
        ("{code: a, type: text, text: x, shown_when: {}}", "Ett villkor är ett av"),
    ],
)
def test_what_the_shape_alone_cannot_see_is_said(question: str, says: str) -> None:
    head = (
        "format: 1\ncode: s\ntitle: T\naudience: unit\nsections:\n  - code: s\n    title: T\n    questions:\n"
    )
    text = f"{head}      - {question}\n"
    (line,) = check_text(text).lines()
    assert line.startswith("formular.yaml:9:")
    assert says in line


@pytest.mark.parametrize("raw", [b"", b"- a\n- b\n", b"code: [", b"\xff\xfe", b"a: &x 1\nb: *x\n", b"\x00"])
def test_what_is_not_a_set_at_all_is_a_fault_and_not_a_crash(raw: bytes) -> None:
    assert check_bytes(raw, "f.yaml").lines()


def test_the_same_text_is_the_same_version_and_another_is_the_next(
    world: World, version: QuestionSetVersion
) -> None:
    assert questionnaires.load_text(ROUND, world.committee) == version
    changed = questionnaires.load_text(ROUND.replace("Årskoll", "Årskollen"), world.committee)
    assert (changed.number, changed.question_set.title) == (2, "Årskollen")
    assert questionnaires.current(world.committee, "arskoll") == changed
    with pytest.raises(Error), transaction.atomic():
        QuestionSetVersion.objects.filter(pk=version.pk).update(number=9)


def test_a_faulty_set_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(SetFault) as caught:
        questionnaires.load_text(FAULTY, world.committee)
    assert len(caught.value.lines) == 8
    assert not QuestionSetVersion.objects.exists()


def test_only_those_with_the_right_load(world: World) -> None:
    from roder.access import NotAllowedError

    with pytest.raises(NotAllowedError):
        questionnaires.load_text(ROUND, world.committee, world.people["unit_manager"])
    assert questionnaires.load_text(ROUND, world.committee, world.people["quality_strategist"]).number == 1
