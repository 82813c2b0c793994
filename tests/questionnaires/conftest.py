"""A small municipality with people in every role, and two question sets."""

from __future__ import annotations

import pytest

from roder import questionnaires
from roder.questionnaires.models import QuestionSetVersion
from tests.web.world import World, build_world

ROUND = """\
format: 1
code: arskoll
title: Årskoll
audience: unit
choices:
  svar:
    - {code: ja, label: Ja, tone: good, points: 2}
    - {code: delvis, label: Delvis, tone: near, points: 1}
    - {code: nej, label: Nej, tone: bad, points: 0}
sections:
  - code: ett
    title: Avsnitt ett
    questions:
      - {code: plan, type: one, text: Finns det en plan?, required: true, options: svar}
      - {code: varfor, type: text, text: Varför inte?, required: true, shown_when: {question: plan, is: nej}}
      - {code: antal, type: number, text: Hur många?, unit: st, decimals: 1, minimum: 0}
      - {code: hur, type: several, text: Hur?, options: [{code: a, label: Aa}, {code: b, label: Be}]}
      - {code: steg, type: scale, text: Hur bra?, lowest: 1, highest: 5, weight: 2}
      - {code: dag, type: date, text: När?, not_after_today: true}
      - {code: bevis, type: evidence, text: Underlag}
      - code: rader
        type: table
        text: Rader
        columns:
          - {code: vad, label: Vad, required: true}
          - {code: kronor, label: Kronor, type: number}
"""


@pytest.fixture
def world(db: None) -> World:
    """Two committees, units and one person for each role."""
    return build_world()


@pytest.fixture
def version(world: World) -> QuestionSetVersion:
    """The set above, loaded."""
    return questionnaires.load_text(ROUND, world.committee)
