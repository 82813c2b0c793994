"""The providers' quarters: opened when they are over, left in time or late, and each provider sees its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from roder import tasks
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.organisation.models import Unit, UnitPlacement
from roder.quality.jobs_cases import open_provider_quarters
from roder.quality.models import ProviderReport
from roder.quality.rules.providers import Quarter, is_late, last_ended, quarter_of
from roder.quality.services import providers as services
from roder.quality.services.providers import Quarterly
from roder.steering.models import DeviationType
from tests.quality.case_world import client_of, moment, world
from tests.web.world import World

__all__ = ["world"]

TODAY = date(2022, 4, 2)


def opened(world: World) -> ProviderReport:
    services.open_quarter(world.committee, 2022, 1, today=TODAY)
    return ProviderReport.objects.get(unit__code="901")


def falls(world: World) -> DeviationType:
    return DeviationType.objects.get(committee=world.committee, code="fall")


def leave(world: World, report: ProviderReport, on: str = "2022-04-10 10:00", **more: Any) -> ProviderReport:
    what = Quarterly(**{"counts": {falls(world): 4}, **more})
    return services.save_quarter(
        report, world.people["provider"], what, expected_revision=report.revision, submit=True, now=moment(on)
    )


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_every_day_is_in_one_quarter(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next.before == quarter.before.next == quarter
    assert last_ended(day).last_day < day


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="finns inte"):
        Quarter(2022, 5)


def test_late_is_after_the_day() -> None:
    assert not is_late(date(2022, 4, 15), date(2022, 4, 15), date(2022, 5, 1))
    assert is_late(date(2022, 4, 15), date(2022, 4, 16), date(2022, 5, 1))
    assert is_late(date(2022, 4, 15), None, date(2022, 4, 16))


def test_opened_once_for_each_provider_with_a_task(world: World) -> None:
    report = opened(world)
    assert not services.open_quarter(world.committee, 2022, 1, today=TODAY)
    assert ProviderReport.objects.count() == 2
    assert report.due_on == date(2022, 4, 15)
    task = tasks.of(report).get()
    assert task.pk in tasks.open_for(world.people["provider"]).values_list("pk", flat=True)
    elsewhere = ProviderReport.objects.get(unit__code="902")
    assert not tasks.open_for(world.people["provider"]).filter(subject_id=elsewhere.pk).exists()


def test_not_before_it_is_over_and_not_by_a_provider(world: World) -> None:
    with pytest.raises(ValidationError, match="inte slut"):
        services.open_quarter(world.committee, 2022, 1, today=date(2022, 3, 31))
    for role in ("provider", "unit_manager", "member"):
        with pytest.raises(NotAllowedError):
            services.open_quarter(world.committee, 2022, 1, by=world.people[role], today=TODAY)
    assert services.open_quarter(world.committee, 2022, 1, by=world.people["sas"], today=TODAY)


def test_a_unit_that_was_not_there_in_the_quarter_has_nothing_to_report(world: World) -> None:
    came, left = (Unit.objects.get(code=code) for code in ("901", "902"))
    UnitPlacement.objects.filter(unit__in=[came, left]).delete()
    UnitPlacement.objects.create(unit=came, valid=DateRange(date(2022, 3, 31), None))
    UnitPlacement.objects.create(unit=left, valid=DateRange(date(2015, 1, 1), date(2022, 1, 1)))
    assert [one.unit for one in services.open_quarter(world.committee, 2022, 1, today=TODAY)] == [came]
    assert [one.unit for one in services.open_quarter(world.committee, 2021, 4, today=TODAY)] == [left]
    assert not services.open_quarter(world.committee, 1022, 1, today=TODAY)


def test_the_clockwork_opens_the_last_one_that_is_over(world: World) -> None:
    open_provider_quarters()
    ended = last_ended(timezone.localdate())
    assert set(ProviderReport.objects.values_list("year", "quarter")) == {(ended.year, ended.number)}


def test_left_with_counts_and_the_task_is_done(world: World) -> None:
    report = leave(world, opened(world))
    assert report.submitted_by == world.people["provider"]
    assert dict(report.counts.values_list("type__code", "count")) == {"fall": 4}
    assert tasks.of(report).get().state == "done"
    again = leave(world, report, counts={falls(world): 5}, on="2022-05-01 10:00")
    assert again.submitted_at == moment("2022-04-10 10:00")  # the day it was first left stands
    assert again.counts.get().count == 5


def test_nil_is_not_the_same_as_nothing(world: World) -> None:
    report = opened(world)
    with pytest.raises(ValidationError, match="kryssa i"):
        leave(world, report, counts={})
    with pytest.raises(ValidationError, match="Ta bort det ena"):
        leave(world, report, nil=True)
    assert leave(world, report, counts={}, nil=True).nil


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lex_sarah_reported": 1, "lex_sarah_notified": 2, "lex_sarah_outcome": "x"}, "lex_sarah_notified"),
        ({"lex_sarah_reported": 1}, "lex_sarah_outcome"),
        ({"comment": "Anna 19121212-1212"}, "comment"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(world: World, more: dict[str, Any], field: str) -> None:
    report = opened(world)
    with pytest.raises(ValidationError) as refused:
        leave(world, report, **more)
    assert field in refused.value.message_dict
    report.refresh_from_db()
    assert report.submitted_at is None and not report.counts.exists()


def test_only_own_unit_and_the_second_saver_is_told(world: World) -> None:
    report = opened(world)
    elsewhere = ProviderReport.objects.get(unit__code="902")
    for role, which in (("provider", elsewhere), ("unit_manager", report), ("member", report)):
        with pytest.raises(NotAllowedError):
            services.save_quarter(which, world.people[role], Quarterly(nil=True), expected_revision=1)
    services.save_quarter(report, world.people["provider"], Quarterly(comment="Först"), expected_revision=1)
    with pytest.raises(StaleRecordError):
        services.save_quarter(report, world.people["sas"], Quarterly(comment="Sedan"), expected_revision=1)


def test_the_overview_tells_late_from_waited_for(world: World) -> None:
    report = opened(world)
    sas = world.people["sas"]

    def words(day: date) -> list[str]:
        lines = services.overview(sas, world.committee, [Quarter(2022, 1), Quarter(2022, 2)], day)
        line = next(line for line in lines if line.unit == report.unit)
        return [cell.words for cell in line.cells]

    assert words(date(2022, 4, 15)) == ["väntas", "pågår"]
    assert words(date(2022, 4, 16)) == ["försenad", "pågår"]
    leave(world, report, on="2022-04-18 10:00")
    assert words(date(2022, 7, 20)) == ["lämnad 3 dagar för sent", "inte öppnat"]


def test_the_overview_asks_as_little_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    opened(world)
    with django_assert_max_num_queries(6):
        services.overview(
            world.people["sas"], world.committee, [Quarter(2022, n) for n in range(1, 5)], TODAY
        )


# --- the pages ------------------------------------------------------------------------------------------------------


def test_a_provider_sees_and_leaves_its_own(world: World) -> None:
    report = opened(world)
    client, root = client_of(world.people["provider"]), f"/{world.committee.slug}/2022/utforare/"
    text = client.get(root).content.decode()
    assert "Omsorgsbolaget" in text and "Ginsthemmet" not in text and "försenad" in text
    assert "Egna egenkontroller" in text
    elsewhere = ProviderReport.objects.get(unit__code="902")
    assert client.get(f"{root}{elsewhere.pk}/").status_code == 404
    at = f"{root}{report.pk}/"
    assert "Lämna rapporten" in client.get(at).content.decode()
    sent = {
        f"count_{falls(world).pk}": "x",
        "lex_sarah_reported": 0,
        "lex_sarah_notified": 0,
        "revision": 1,
        "deed": "lamna",
    }
    answer = client.post(at, sent)
    assert answer.status_code == 400
    assert "Något behöver rättas." in answer.content.decode()  # at the top: the fault is far below on a phone
    sent[f"count_{falls(world).pk}"] = "7"
    assert client.post(at, sent).status_code == 302
    assert client.post(at, {**sent, "deed": "spara"}).status_code == 409
    report.refresh_from_db()
    assert report.submitted_at is not None and report.counts.get().count == 7
    assert "Spara rättelsen" in client.get(at).content.decode()


def test_who_follows_up_sees_all_and_opens(world: World) -> None:
    root = f"/{world.committee.slug}/2022/utforare/"
    client = client_of(world.people["quality_strategist"])
    ended = last_ended(timezone.localdate())
    sent = {"year": ended.year, "quarter": ended.number}
    assert client.post(f"{root}oppna/", sent).status_code == 302
    assert ProviderReport.objects.count() == 2
    assert client.post(f"{root}oppna/", {"year": "x"}).status_code == 302
    assert client.get(f"{root}oppna/").status_code == 405
    text = client.get(root).content.decode()
    assert "Omsorgsbolaget" in text and "Ginsthemmet" in text
    assert client_of(world.people["member"]).get(root).status_code == 403
    assert client_of(world.people["provider"]).post(f"{root}oppna/", sent).status_code == 403
