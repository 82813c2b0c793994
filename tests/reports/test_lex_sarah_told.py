"""Every report and decision under lex Sarah is told to the committee once, whenever it was registered."""

from __future__ import annotations

from datetime import date

import pytest

from roder.organisation.models import Body
from roder.quality.models import LexSarahCase, LexSarahDecision
from roder.reports import services
from roder.reports.document import Document, Paragraph, cell_text, inline_text, tables
from roder.reports.models import Report
from tests.reports import quality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

SPRING, AUTUMN, WINTER = "2022-05-19", "2022-09-27", "2022-12-19"


@pytest.fixture
def body() -> Body:
    made = quality.committee()
    _case(made, "2022-001", date(2022, 3, 1), decided=date(2022, 4, 1))
    return made


def _case(body: Body, number: str, reported: date, *, decided: date | None = None) -> LexSarahCase:
    decision = None
    if decided:
        decision = LexSarahDecision.objects.create(
            committee=body, outcome="misconduct", decided_on=decided, line=f"Beslut {number}."
        )
    return LexSarahCase.objects.create(
        committee=body, municipality_id=body.municipality_id, number=number, reported_at=quality.moment(reported),
        decision=decision, state="decided" if decision else "reported",
    )  # fmt: skip


def _decide(case: LexSarahCase, decided: date) -> None:
    case.decision = LexSarahDecision.objects.create(
        committee=case.committee, outcome="misconduct", decided_on=decided, line=f"Beslut {case.number}."
    )
    case.state = "decided"
    case.save()


def _draft(body: Body, code: str) -> Report:
    return services.open_draft(quality.occasion(body, code), "lex-sarah", None)


def _locked(report: Report) -> Document:
    return services.document_of(services.lock(report, None, {one.mark for one in services.check(report)}))


def _written(report: Report) -> Document:
    with services.written(report) as assembly:
        return assembly.document


def _cases(document: Document) -> set[str]:
    """The numbers of the cases that have a line in the report."""
    lines = (row for table in tables(document) for row in table.rows if "nummer" in row.cells)
    return {number for row in lines for number in cell_text(row.cells["nummer"]).split(", ")}


def _prose(document: Document) -> str:
    return " ".join(inline_text(one.inlines) for one in document.blocks if isinstance(one, Paragraph))


def test_a_decision_entered_after_the_report_was_locked_is_told_at_the_next_meeting(body: Body) -> None:
    """It was made between locking and the meeting, or has an earlier day: by its date it belongs to the one told."""
    late = _case(body, "2022-002", date(2022, 4, 20))
    assert _cases(_locked(_draft(body, SPRING))) == {"2022-001"}

    _decide(late, date(2022, 5, 18))
    _case(body, "2022-003", date(2022, 5, 25), decided=date(2022, 6, 1))
    autumn = _draft(body, AUTUMN)
    assert _cases(_written(autumn)) == {"2022-002", "2022-003"}
    assert _cases(_locked(autumn)) == {"2022-002", "2022-003"}
    assert _cases(_written(_draft(body, WINTER))) == set(), "redovisat en gång"


def test_a_new_version_of_the_report_tells_what_the_first_could_not(body: Body) -> None:
    first = _draft(body, SPRING)
    _locked(first)
    _case(body, "2022-002", date(2022, 4, 20), decided=date(2022, 5, 18))
    again = services.unlock(first, None, "Ett beslut saknades.")
    assert _cases(_written(_draft(body, AUTUMN))) == set()
    assert _cases(_locked(again)) == {"2022-001", "2022-002"}
    assert _cases(_written(_draft(body, AUTUMN))) == set()


def test_a_decision_is_told_by_its_day_where_no_report_was_locked(body: Body) -> None:
    _case(body, "2022-002", date(2022, 4, 20), decided=date(2022, 5, 18))
    assert _cases(_written(_draft(body, SPRING))) == {"2022-001", "2022-002"}
    assert _cases(_written(_draft(body, AUTUMN))) == set()


def test_an_old_decision_read_in_afterwards_is_not_told_as_news(body: Body) -> None:
    _locked(_draft(body, "2022-02-21"))
    _case(body, "2021-001", date(2021, 1, 10), decided=date(2021, 2, 20))
    assert "2021-001" not in _cases(_written(_draft(body, SPRING)))


def test_a_report_that_came_before_the_meeting_but_after_the_locking_is_counted_at_the_next(
    body: Body,
) -> None:
    _locked(_draft(body, SPRING))
    _case(body, "2022-002", date(2022, 5, 18))
    autumn = _draft(body, AUTUMN)
    said = _prose(_written(autumn))
    assert "Dessutom redovisas 1 rapport som kom in dessförinnan" in said
    assert "Dessutom redovisas 1 rapport som kom in dessförinnan" in _prose(_locked(autumn)), (
        "också ur uttaget"
    )
    assert "Dessutom" not in _prose(_written(_draft(body, WINTER)))
