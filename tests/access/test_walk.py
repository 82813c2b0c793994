"""Every address of the project, opened as every role, against the printed matrix in ``matrix.txt``.

A new address makes this test fail until somebody has said what to open it with (``SAMPLES``) and has looked at who
may: ``RODER_WRITE_MATRIX=1 pytest tests/access/test_walk.py`` prints the matrix anew, and the change is read in review.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from roder import files
from roder.access.matrix import RIGHTS
from roder.access.models import ProviderVisit
from roder.api.models import ApiToken
from roder.core.examples import examples_dir
from roder.core.jobs import run_pending
from roder.core.models import ImportBatch
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
    VolumeLine,
)
from roder.files import disk
from roder.imports.models import ColumnMapping
from roder.measures.models import Measure
from roder.organisation.models import Body, Mandate, Municipality, Person, Unit
from roder.quality.services import moves
from roder.quality.services.report import Sent
from roder.quality.services.report import report as report_deviation
from roder.reports import services
from roder.reports.models import Report
from roder.reports.render import docx, pdf, xlsx
from roder.steering.loading import load_model
from roder.steering.models import DeviationType, Occasion, SteeringModelVersion
from tests.access import task_samples
from tests.control import walk_samples as risk_samples
from tests.control import walk_samples_audit as audit_samples
from tests.control import walk_samples_plan as plan_samples
from tests.control import walk_samples_sample as sample_samples
from tests.control import walk_samples_workshop as workshop_samples
from tests.economy import walk_samples_forecast as forecast_samples
from tests.economy import walk_samples_ledger as ledger_samples
from tests.economy.means import walk_samples as means_samples
from tests.followup import walk_samples_rounds as round_samples
from tests.followup import walk_samples_year as year_samples
from tests.kolada import walk_samples as kolada_samples
from tests.meetings import walk_samples as chain_samples
from tests.meetings import walk_samples_agenda as agenda_samples
from tests.meetings import walk_samples_minutes as minutes_samples
from tests.meetings import walk_samples_session as session_samples
from tests.meetings import walk_samples_watches as watch_samples
from tests.meetings.world import pdf_bytes
from tests.quality import walk_samples as case_samples
from tests.questionnaires import walk_samples as form_samples
from tests.registers import walk_samples as register_samples
from tests.reports import committee as committees
from tests.reports.conftest import alingsas, data_dir

__all__ = ["alingsas", "data_dir"]

MATRIX = Path(__file__).with_name("matrix.txt")
LEGEND = """\
# Vem som kommer åt vad. Skrivs av tests/access/test_walk.py; se där hur den görs om.
#   +  får      -  får inte (403)      .  finns inte för rollen (404)      >  skickas till inloggningen
# P före adressen: prövad med POST. Raderna är adressernas namn, i programmets ordning.
"""
BACKEND = "django.contrib.auth.backends.ModelBackend"
#: addresses of the login library: they are about the person's own login, the same for every role
OWN_LOGIN = "konto/"
#: the operations of the API have a matrix of their own (tests/api/test_roles.py)
API = ("api/v1/", "^api/v1/")


def patterns(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the project: its name and how it is written."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from patterns(one, prefix + str(one.pattern), inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", prefix + str(one.pattern)


def samples(town: committees.Committee) -> dict[str, list[Any]]:
    """What each address is opened with, beside the committee and the year. Everything in it exists."""
    body, world = town.body, town.world
    goal = committees.goal(town, "M1", "Fler platser", "helt_uppfyllt")
    assignment = committees.assignment(town, "U1", "Se över")
    unit = Unit.objects.filter(committee=body).first() or Unit.objects.create(
        committee=body, code="9", name="Nio", kind="unit"
    )
    mandate = Mandate.objects.filter(body=body).first()
    controller = town.people["controller"]
    OutcomeLine.objects.get_or_create(
        committee=body, period_start=date(2022, 1, 1), period_end=date(2022, 2, 1), group=world.groups["personal"],
        defaults={"amount": 1},
    )  # fmt: skip
    draft = services.open_draft(town.occasion("2022-04"), "fordjupad-manadsuppfoljning", controller)
    locked = services.lock(
        services.open_draft(town.occasion("2022-05"), "manadsuppfoljning", controller), controller
    )
    mapping = ColumnMapping.objects.create(committee=body, kind="prognos", name="X", columns={"belopp": "Kr"})
    batch = ImportBatch.objects.create(
        committee=body, kind="prognos", file_name="f.csv", sha256="1" * 64, rows=1
    )
    assert mandate is not None
    file = files.store_bytes(b"%PDF-1.4 prov", "prov.pdf", goal, controller)
    run_pending()
    disk.write_beside(disk.thumbnail_of(file.versions.get().sha256), b"bild")
    now = timezone.now()
    token = ApiToken.objects.create(
        owner=controller, made_by=controller, name="Prov", prefix="rdr_prov", digest="1" * 64, scopes=["tasks:read"],
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    case, action = deviation(town, unit)
    text = (examples_dir() / "alingsas" / "styrmodell.yaml").read_text(encoding="utf-8")
    load_model(body, text)  # the pages of the model's parts read its text
    report, own = [draft.kind, "2022-04", 1], [locked.kind, "2022-05", 1]
    first = {model: model.objects.order_by("pk").values_list("pk", flat=True).first() for model in ROWS}
    first[BudgetLine] = BudgetLine.objects.filter(version__year=2022).values_list("pk", flat=True)[0]
    return {
        "help:contents": [], "help:page": ["avvikelser"], "help:picture": ["start-controller.png"],
        "access:matrix": [], "access:trail": [], "access:visits": [], "access:visit-link": [visit()],
        "access:visit-unlink": [visit()], "web:home": [], "icon": [], "web:search": [], "web:start": [],
        "organisation:tree": [], "organisation:place": [unit.pk], "organisation:mandate-new": [],
        "organisation:mandate-end": [mandate.pk], "organisation:enheter": [], "organisation:enheter-new": [],
        "organisation:enheter-detail": [unit.pk], "organisation:enheter-edit": [unit.pk], "organisation:personer": [],
        "organisation:personer-detail": [mandate.person_id], "organisation:mandat": [],
        "steering:chain": [], "steering:goal": [goal.pk], "steering:assignments": [],
        "steering:assignment": [assignment.pk], "steering:assess": ["mal", goal.pk, "2022-08"],
        "steering:occasions": [], "steering:model": [], "steering:edit": [], "steering:compare": [],
        "steering:parts": [], "steering:part": ["bodies/0"], "steering:part-new": ["bodies"],
        "steering:part-move": ["trends/0"], "steering:part-remove": ["bodies/0"],
        "setup:overview": [], "setup:bodies": [], "setup:people": [], "setup:link": [mandate.person_id],
        "setup:numbers": [], "setup:example": [], "first:begin": [], "first:start": ["fel-hemlighet"],
        "measures:nyckeltal": [], "measures:nyckeltalsvarden": [],
        "measures:measure": [Measure.objects.filter(committee=body).values_list("pk", flat=True)[0]],
        "economy:operations": [], "economy:forecast": ["2022-05"], "economy:budgets": [], "economy:budget-new": [],
        "economy:budget": [first[BudgetVersion]], "economy:investments": [], "economy:investments-edit": ["2022-08"],
        "economy:volumes": [], "economy:staff": [],
        "economy:budgetrader": [], "economy:budgetrader-detail": [first[BudgetLine]],
        "economy:prognosrader": [], "economy:prognosrader-detail": [first[ForecastLine]],
        "economy:utfallsrader": [], "economy:utfallsrader-detail": [first[OutcomeLine]],
        "economy:investeringsrader": [], "economy:investeringsrader-detail": [first[InvestmentLine]],
        "economy:volymrader": [], "economy:volymrader-detail": [first[VolumeLine]],
        "economy:personalvarden": [], "economy:personalvarden-detail": [first[StaffValue]],
        "figures:catalogue": [], "figures:take": [], "figures:figure": ["ekonomi.drift.prognosavvikelse"],
        "figures:history": ["ekonomi.drift.prognosavvikelse"],
        "reports:list": [], "reports:stylesheet": [], "reports:report": own[:2], "reports:open": report[:2],
        "reports:version": own, "reports:version (utkast)": report, "reports:comment": report,
        "reports:registration_number": report, "reports:lock": report, "reports:unlock": own,
        "reports:file": [*own, "pdf"],
        "casework:handlaggning": [],
        "quality:report": [], "quality:mine": [], "quality:reported": [case], "quality:avvikelser": [],
        "quality:statistics": [],
        "quality:deviation": [case], "quality:deed": [case, "klassificera"], "quality:action": [case, action, "klar"],
        **case_samples.samples(body, town.people, case, unit),
        **form_samples.samples(body, town.people, unit, case),
        "imports:inlasning": [], "imports:choose": [], "imports:batch": [batch.pk], "imports:undo": [batch.pk],
        "imports:upload": ["prognos"], "imports:heading": ["prognos"], "imports:workbook": ["prognos"],
        "imports:review": ["prognos", "0" * 64],
        "imports:columns": ["prognos", "0" * 64], "imports:report": ["prognos", "0" * 64, "csv"],
        "imports:original": [batch.pk], "imports:mappings": [], "imports:mapping": [mapping.pk],
        "imports:mapping-remove": [mapping.pk], "imports:row": ["mal"], "imports:row-change": ["mal", goal.pk],
        "imports:row-remove": ["mal", goal.pk],
        "files:attach": ["steering.goal", goal.pk], "files:file": [file.pk], "files:version-new": [file.pk],
        "files:title": [file.pk], "files:remove": [file.pk], "files:download": [file.pk, 1],
        "files:thumbnail": [file.pk, 1], "files:restore": [file.pk, 1],
        **task_samples.samples(body, controller, town.people["mas"]),
        **{
            name: sample
            for room in (chain_samples, agenda_samples, minutes_samples, watch_samples, session_samples)
            for name, sample in room.samples(body, town.people).items()
        },
        **register_samples.samples(body, town.people, unit),
        **risk_samples.samples(body, town.people, unit),
        **{
            name: sample
            for room in (plan_samples, sample_samples, workshop_samples)
            for name, sample in room.samples(body, town.people).items()
        },
        **audit_samples.samples(body, town.people, unit),
        **round_samples.samples(body, town.people, unit),
        **year_samples.samples(body, town.people, unit),
        **forecast_samples.samples(body, town.people),
        **means_samples.samples(body, Occasion.objects.filter(committee=body).latest("cut_off")),
        **kolada_samples.samples(body),
        **ledger_samples.samples(body),
        "api:description": [], "api:tokens": [], "api:token-new": [], "api:token-revoke": [token.pk],
    }  # fmt: skip


ROWS = (BudgetVersion, BudgetLine, ForecastLine, OutcomeLine, InvestmentLine, VolumeLine, StaffValue)
#: also opened in another way than by its own name: the same address with other rows
EXTRA = {"reports:version (utkast)"}
#: what is sent with a POST, where the address alone does not say what it is about
SENT = {
    "figures:take": {"tillfalle": "2022-05"},
    "reports:comment": {"section": "sammanfattning", "text": "Prov", "revision": ""},
}
COMMON = {
    "help:contents", "help:page", "help:picture",
    "access:matrix", "access:trail", "access:visits", "access:visit-link", "access:visit-unlink",
    "web:home", "icon", "web:search", "first:begin", "first:start",
    "files:attach", "files:file", "files:version-new", "files:title", "files:remove", "files:download",
    *case_samples.PUBLIC,
    *minutes_samples.PUBLIC,
    "files:thumbnail", "files:restore", "api:description", "api:tokens", "api:token-new", "api:token-revoke",
}  # fmt: skip


def visit() -> int:
    """Somebody who came from an identity provider and has no person in Roder."""
    return ProviderVisit.objects.get_or_create(
        provider="exempel", subject="1", defaults={"at": timezone.now(), "outcome": "no_mandate"}
    )[0].pk


def deviation(town: committees.Committee, unit: Unit) -> tuple[int, int]:
    """A deviation of health care that care staff have reported, with an action."""
    body = town.body
    DeviationType.objects.create(committee=body, code="fall", label="Fall", clinical=True)
    sent = Sent(unit=unit, occurred_at=timezone.now(), types=[("fall", "")], what="Föll")
    case = report_deviation(body, town.people["care_staff"], sent)
    action = moves.plan_action(
        case, town.people["unit_manager"], what="Byt matta", group="unit", due=timezone.localdate()
    )
    return case.pk, action.pk


def sign(client: Client, url: str, sent: dict[str, str]) -> tuple[str, str]:
    """What came back as one sign, and the way it was asked: GET, or POST where GET is refused."""
    way = "GET"
    with transaction.atomic():
        answer = client.get(url)
        if answer.status_code == 405:
            way, answer = "POST", client.post(url, sent)
        transaction.set_rollback(True)
    if answer.status_code in (301, 302) and "/konto/login/" in answer["Location"]:
        return ">", way
    return {403: "-", 404: "."}.get(answer.status_code, "+" if answer.status_code < 500 else "!"), way


def visitors(town: committees.Committee) -> dict[str, Client]:
    """A client for every role, for a colleague in another municipality, and for nobody."""
    town.people["utan mandat"] = Person.objects.create_user("nobody@prov.se", name="Ingen")
    far = Municipality.objects.create(code="9998", name="Annanstad", slug="annan")
    other = Body.objects.create(
        municipality=far, kind="committee", name="SN", short_name="SN", slug="annan-sn"
    )
    SteeringModelVersion.objects.create(
        committee=other, year=2022, version=1, content={}, source="", sha256="0" * 64
    )
    stranger = town.people["annan kommuns controller"] = Person.objects.create_user(
        "far@prov.se", name="Annan"
    )
    Mandate.objects.create(
        person=stranger, role="controller", body=other, valid=DateRange(date(2020, 1, 1), None)
    )
    clients = {}
    for name in [*RIGHTS, "utan mandat", "annan kommuns controller"]:
        clients[name] = Client()
        clients[name].force_login(town.people[name], BACKEND)
    clients["utan inloggning"] = Client()
    return clients


def walked(town: committees.Committee) -> str:
    """The matrix as text: a line for each address, a column for each visitor."""
    known = samples(town)
    names = [name for name, _ in patterns() if name in known]
    clients = visitors(town)
    width = max(map(len, known)) + 3
    lines = [LEGEND]
    lines += [f"# {'  ' * place}{name}" for place, name in enumerate(clients)]
    for name in sorted(known, key=lambda one: (names.index(one.split(" ")[0]), one)):
        where = [] if name in COMMON | task_samples.COMMON else [town.body.slug, 2022]
        url = reverse(name.split(" ")[0], args=[*where, *known[name]])
        found = [sign(client, url, SENT.get(name, {})) for client in clients.values()]
        way = "P " if any(asked == "POST" for _, asked in found) else "  "
        lines.append(f"{way}{name:<{width}}{' '.join(one for one, _ in found)}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are not drawn: here it is only asked who gets them, and that by twenty visitors each."""
    monkeypatch.setattr(pdf, "render", lambda document: pdf_bytes(1))
    for format_ in (docx, xlsx):
        monkeypatch.setattr(format_, "render", lambda document: b"PK")


def test_every_address_answers_each_role_as_the_matrix_says(
    alingsas: committees.Committee, quick_papers: None
) -> None:
    now = walked(alingsas)
    if os.environ.get("RODER_WRITE_MATRIX"):
        MATRIX.write_text(now, encoding="utf-8")
    assert "!" not in now.replace(LEGEND, ""), "en sida gick sönder:\n" + now
    assert now == MATRIX.read_text(encoding="utf-8")


def test_no_address_is_left_out(alingsas: committees.Committee) -> None:
    known = samples(alingsas)
    left_out = [
        name
        for name, written in patterns()
        if name not in known and not written.startswith((OWN_LOGIN, *API))
    ]
    assert not left_out, f"säg i SAMPLES vad dessa öppnas med: {left_out}"
    assert {name for name in known if name not in EXTRA} <= {name for name, _ in patterns()}


@pytest.mark.parametrize("written", [written for _, written in patterns() if written.startswith(OWN_LOGIN)])
def test_the_login_pages_that_exist_are_ours(db: None, client: Client, written: str) -> None:
    """Not logged in: each is in Swedish and in Roder's frame, leads to the login, or does not exist."""
    if "(?P" in written or "<" in written:
        return
    answer = client.get(f"/{written}")
    assert answer.status_code in (200, 302, 401, 404), answer.status_code
    if answer.status_code in (200, 401):
        text = answer.content.decode()
        assert '<html lang="sv">' in text
        assert "web/roder.css" in text
        assert text.count("<h1") == 1


def test_the_draft_is_only_for_those_with_the_right_to_drafts(alingsas: committees.Committee) -> None:
    samples(alingsas)
    member = Client()
    member.force_login(alingsas.people["member"], BACKEND)
    draft = Report.objects.get(state="draft")
    url = reverse("reports:version", args=[alingsas.body.slug, 2022, draft.kind, "2022-04", 1])
    assert member.get(url).status_code == 404
