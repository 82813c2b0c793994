"""The kvalitetsberättelse tells what inspections, risk analyses and actions came to, by figures."""

from __future__ import annotations

from datetime import date

import pytest

from roder.control.models import Inspection, Recommendation
from roder.organisation.models import Body
from roder.quality.models import LexSarahCase
from roder.reports.document import Document, Paragraph, Table, cell_text, inline_text, tables
from roder.tasks.models import Action
from tests.figures.control_world import Controls
from tests.figures.world import World
from tests.reports import quality

pytestmark = pytest.mark.django_db


def _document(body: Body, *, draft: bool = True) -> Document:
    return quality.assembled(body, "2022-kvalitet", "kvalitetsberattelse", draft=draft).document


def _prose(document: Document) -> str:
    said = [inline_text(one.inlines) for one in document.blocks if isinstance(one, Paragraph)]
    return "\n".join(said).replace("\u00a0", " ")


def _action(body: Body, after: LexSarahCase, effect: str) -> None:
    at = quality.moment(date(2022, 6, 1))
    made = Action(
        committee=body, role="sas", finding="Brist", what="Ny rutin", done_at=at, effect=effect, effect_text="Så.",
        effect_at=at,
    )  # fmt: skip
    made.subject = after
    made.save()
    Action.objects.filter(pk=made.pk).update(created_at=at)


@pytest.fixture
def body() -> Body:
    return quality.committee()


def test_what_came_of_it_is_told_by_figures(body: Body) -> None:
    seen = Inspection.objects.create(
        committee=body, title="Tillsyn", held_on=date(2022, 3, 1), state="answer", answer_by=date(2022, 5, 1)
    )
    Inspection.objects.create(committee=body, title="Besök", authority="work", held_on=date(2022, 4, 1))
    Recommendation.objects.create(committee=body, inspection=seen, number=1, text="Skriv en rutin.")
    case = LexSarahCase.objects.create(
        committee=body, municipality_id=body.municipality_id, number="2022-001",
        reported_at=quality.moment(date(2022, 5, 1)),
    )  # fmt: skip
    for effect in ("yes", "no"):
        _action(body, case, effect)
    register = Controls(World(body, {"2022-08": quality.occasion(body, "2022-kvalitet")}, {}, {}, {}))
    register.risk(1, 4, 4, handling="goal")
    register.risk(2, handling="goal")
    document = _document(body)
    said = _prose(document)
    assert "Riskanalysen för 2022 har 2 risker." in said
    assert "Så hanteras de: mål (2)." in said
    assert (
        "Tillsyner under 2022: 2, av IVO (1), Arbetsmiljöverket (1). Svar återstår att lämna för 1." in said
    )
    assert "Rekommendationer från revision och tillsyn: 1, varav ej besvarad (1)." in said
    table: Table = next(one for one in tables(document) if one.caption == "Åtgärder och deras effekt, 2022")
    rows = {row.key: [cell_text(row.cells[one.key], one) for one in table.columns[1:]] for row in table.rows}
    assert rows == {"lex_sarah": ["2", "2", "0", "50,0"], "totalt": ["2", "2", "0", "50,0"]}


def test_nothing_to_tell_is_said_and_never_a_zero(body: Body) -> None:
    said = _prose(_document(body, draft=False))
    assert "Tillsyner under" not in said
    assert "Ingen riskanalys är registrerad för 2022." in said
    assert "Åtgärder: Uppgift saknas i underlaget." in said
