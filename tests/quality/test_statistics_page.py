"""The statistics page: who sees what, that small numbers stay hidden, and that files hold what the page shows."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roder.access.models import AuditRecord
from roder.organisation.models import Unit
from roder.quality.models import Deviation, DeviationMatter
from roder.quality.statistics.choice import Choice, Span, Words, last_month_over, read, usual
from roder.quality.statistics.parts import Practice
from roder.quality.statistics.sections import Maker
from roder.steering.models import DeviationCause, DeviationType
from tests.quality.deviation_world import Quality, build_quality

H1 = "?fran=2022-01-01&till=2022-06-30"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def add(quality: Quality, unit: Unit, kind: str, count: int, first: date, severity: int = 1) -> None:
    """So many deviations of a type at a unit, one a day, closed the day after."""
    of = DeviationType.objects.get(committee=quality.committee, code=kind)
    cause = DeviationCause.objects.filter(type=of).first()
    start = datetime(first.year, first.month, first.day, 10, tzinfo=UTC)
    before = Deviation.objects.count()
    made = Deviation.objects.bulk_create(
        Deviation(
            committee=quality.committee, municipality=quality.committee.municipality, unit=unit, law="sol",
            number=f"{first.year}-{before + place:05d}", severity=severity, serious=severity > 2, state="closed",
            **dict.fromkeys(("occurred_at", "discovered_at"), start + timedelta(days=place, hours=-2)),
            reported_at=start + timedelta(days=place), classified_at=start + timedelta(days=place, hours=6),
            closed_at=start + timedelta(days=place + 1),
        )
        for place in range(count)
    )  # fmt: skip
    DeviationMatter.objects.bulk_create(DeviationMatter(deviation=row, type=of, cause=cause) for row in made)


@pytest.fixture
def quality(db: None) -> Quality:
    """Falls and drugs at two units; three of conduct, and two serious drug events, at one."""
    made = build_quality()
    add(made, made.unit, "fall", 30, date(2022, 1, 10))
    add(made, made.sibling, "fall", 20, date(2022, 3, 1))
    add(made, made.unit, "lakemedel", 12, date(2022, 2, 1))
    add(made, made.sibling, "lakemedel", 9, date(2022, 4, 1))
    add(made, made.unit, "bemotande", 3, date(2022, 5, 1))
    add(made, made.unit, "lakemedel", 2, date(2022, 6, 1), severity=3)
    add(made, made.unit, "fall", 25, date(2021, 2, 1))
    return made


def client(quality: Quality, role: str) -> Client:
    """Logged in as a role."""
    found = Client()
    found.force_login(quality.world.people[role], backend=BACKEND)
    return found


def page(quality: Quality, role: str, query: str = H1) -> str:
    """The page as text, with ordinary spaces."""
    answer = client(quality, role).get(f"{quality.world.root}kvalitet/statistik/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def table(quality: Quality, role: str, code: str, query: str = H1) -> list[list[str]]:
    """A table of the page as its CSV gives it, without headings."""
    answer = client(quality, role).get(
        f"{quality.world.root}kvalitet/statistik/{query}&tabell={code}&format=csv"
    )
    assert answer.status_code == 200
    return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]


def test_those_who_see_the_cases_see_every_number(quality: Quality) -> None:
    text = page(quality, "mas")
    assert '<p class="big">76</p>' in text
    assert "första halvåret 2021" in text
    assert "Fall är vanligast: 50 (+100 % mot första halvåret 2021)" in text
    assert "2 är allvarliga, 2,6 % av alla" in text
    assert "Hälften avslutas inom 24 timmar" in text
    assert "dolt" not in text
    assert "/avvikelser/?fran=2022-01-01" in text
    assert table(quality, "mas", "typer") == [
        ["Fall", "50", "25", "100"], ["Läkemedel", "23", "0", ""], ["Bemötande", "3", "0", ""],
    ]  # fmt: skip


def test_small_numbers_and_what_would_reveal_them_are_hidden_from_members(quality: Quality) -> None:
    for role in ("member", "auditor"):
        text = page(quality, role)
        assert "dolt" in text
        assert "visas inte" in text
        assert "/avvikelser/?" not in text
        kinds = {row[0]: row[1] for row in table(quality, role, "typer")}
        assert kinds["Bemötande"] == "dolt"
        assert list(kinds.values()).count("dolt") >= 2, "summan röjer annars det enda dolda"
        assert "2 är allvarliga" not in text
        grades = [row[1] for row in table(quality, role, "allvarlighet")]
        assert grades.count("dolt") == 2


def test_a_manager_sees_all_of_the_own_unit_only(quality: Quality) -> None:
    unit, sibling = quality.unit.pk, quality.sibling.pk
    assert "dolt" not in page(quality, "unit_manager", f"{H1}&enhet={unit}")
    assert "dolt" in page(quality, "unit_manager")
    add(quality, quality.sibling, "bemotande", 2, date(2022, 5, 1))
    assert "dolt" in page(quality, "unit_manager", f"{H1}&enhet={sibling}")


def test_a_choice_of_few_or_of_all_but_few_shows_nothing(quality: Quality) -> None:
    conduct = DeviationType.objects.get(code="bemotande").pk
    assert "För få att visa" in page(quality, "member", f"{H1}&typ={conduct}")
    others = "".join(f"&typ={row.pk}" for row in DeviationType.objects.exclude(pk=conduct))
    assert "För få att visa" in page(quality, "member", f"{H1}{others}")
    assert "För få att visa" not in page(quality, "mas", f"{H1}&typ={conduct}")


def test_members_get_whole_months(quality: Quality) -> None:
    text = page(quality, "member", "?fran=2022-01-12&till=2022-06-02")
    assert 'name="fran" value="2022-01-01"' in text
    assert 'name="till" value="2022-06-30"' in text


@pytest.mark.parametrize(("role", "status"), [("care_staff", 403), ("provider", 403), ("administrator", 403)])
def test_roles_without_quality_do_not_get_in(quality: Quality, role: str, status: int) -> None:
    assert client(quality, role).get(f"{quality.world.root}kvalitet/statistik/").status_code == status


def test_a_workbook_holds_every_table_and_the_trail_says_who_took_it(quality: Quality) -> None:
    answer = client(quality, "mas").get(f"{quality.world.root}kvalitet/statistik/{H1}&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Läkemedel", 50, "Från händelse till rapport"} <= cells
    member = client(quality, "member").get(f"{quality.world.root}kvalitet/statistik/{H1}&format=xlsx")
    hidden = {
        cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(member.content))
        for row in sheet
        for cell in row
    }
    assert "dolt" in hidden
    assert AuditRecord.objects.filter(deed="exported").count() == 2


def test_what_cannot_be_understood_is_said(quality: Quality) -> None:
    text = page(quality, "mas", "?fran=igår&till=2022-06-30&enhet=999999")
    assert "skriv datumet som 2022-06-30" in text
    assert "valet finns inte längre" in text
    assert "slutar innan den börjar" in page(quality, "mas", "?fran=2022-06-30&till=2022-01-01")
    assert "ligger utanför" in page(quality, "mas", "?fran=0001-01-01&till=2022-01-01")
    assert "Inga avvikelser i urvalet" in page(quality, "mas", "?fran=2010-01-01&till=2010-06-30")
    for query in ("&format=exe", "&format=csv", "&format=csv&tabell=saknas"):
        assert (
            client(quality, "mas").get(f"{quality.world.root}kvalitet/statistik/{H1}{query}").status_code
            == 404
        )


def test_the_number_of_questions_does_not_grow_with_the_rows(quality: Quality) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(quality, "mas")
        return len(found)

    asked()
    before = asked()
    add(quality, quality.sibling, "bemotande", 40, date(2022, 2, 1))
    assert asked() == before


def test_the_address_is_the_state(quality: Quality) -> None:
    words = Words.of(quality.committee, (1, 2, 3, 4))
    today = date(2022, 9, 14)
    first = read(QueryDict(""), words, 2022, today)
    assert (first.period, first.direction) == (Span(date(2022, 1, 1), date(2022, 8, 31)), "intern")
    assert first.compared == Span(date(2021, 1, 1), date(2021, 8, 31))
    kind = words.types[0]
    address = "fran=2022-01-01&till=2022-02-28&jmf_fran=2020-01-01&jmf_till=2020-02-29"
    data = QueryDict(f"{address}&typ={kind.pk}&grad=3&riktning=")
    chosen = read(data, words, 2022, today)
    assert isinstance(chosen, Choice)
    assert (chosen.types, chosen.severities, chosen.direction) == ((kind,), (3,), "")
    assert chosen.compared.last == date(2020, 2, 29)
    assert usual(2021, today) == Span(date(2021, 1, 1), date(2021, 12, 31))


def test_in_january_the_year_before_is_shown() -> None:
    january = date(2022, 1, 14)
    assert usual(2022, january) == Span(date(2021, 1, 1), date(2021, 12, 31))
    assert usual(2023, january) == Span(date(2023, 1, 1), date(2023, 12, 31))
    assert usual(2022, date(2022, 2, 1)) == Span(date(2022, 1, 1), date(2022, 1, 31))


@pytest.mark.parametrize(
    ("last", "today", "ends"),
    [
        (date(2022, 12, 31), date(2022, 7, 14), date(2022, 6, 30)),
        (date(2022, 12, 31), date(2022, 1, 14), date(2021, 12, 31)),
        (date(2022, 6, 30), date(2022, 6, 30), date(2022, 5, 31)),
        (date(2022, 6, 30), date(2022, 7, 1), date(2022, 6, 30)),
        (date(2022, 6, 15), date(2023, 1, 1), date(2022, 6, 30)),
    ],
)
def test_the_chart_ends_with_a_month_that_is_over(last: date, today: date, ends: date) -> None:
    assert last_month_over(last, today) == ends


def test_months_to_come_are_not_unusually_low(quality: Quality) -> None:
    for year in (2020, 2021, 2022):
        for month in range(1, 13 if year < 2022 else 7):
            add(quality, quality.unit, "fall", 28, date(year, month, 1))
    span = Span(date(2022, 1, 1), date(2022, 12, 31))
    choice, words = Choice(span, span.years_before(1)), Words.of(quality.committee, (1, 2, 3, 4))
    maker = Maker(
        quality.committee, choice, words, Practice(None, None, 0, {}), exact=True, today=date(2022, 7, 14)
    )
    section = maker.months()
    assert section.table.rows[-1].key == "2022-06"
    assert "låg" not in section.title


def test_the_figures_pages_do_not_tell_more(quality: Quality) -> None:
    def shown(role: str, name: str) -> tuple[int, str]:
        address = reverse("figures:figure", args=[quality.committee.slug, 2022, name])
        answer = client(quality, role).get(f"{address}?tillfalle=2022-08&ar=2022")
        return answer.status_code, answer.content.decode()

    assert shown("member", "quality.avvikelser.per_enhet")[0] == 403
    assert shown("mas", "quality.avvikelser.per_enhet")[0] == 200
    number = Deviation.objects.filter(reported_at__year=2022).values_list("number", flat=True)[0]
    status, text = shown("member", "quality.avvikelser.antal")
    assert (status, number in text) == (200, False), "talet, men inte vilka"
    assert number in shown("mas", "quality.avvikelser.antal")[1]
