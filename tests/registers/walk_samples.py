"""What the addresses of the small registers are opened with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from roder import questionnaires
from roder.organisation.models import Body, Person, Unit
from roder.registers.models import (
    Agreement,
    Association,
    DigitalNeed,
    GrantApplication,
    GrantCall,
    ItSystem,
    RecordCheck,
    StateGrant,
    SteeringDocument,
    SupervisionPlan,
    SupervisionVisit,
)

FORM = Path(__file__).parents[2] / "examples" / "formular" / "foreningsbidrag.yaml"
ANSWER = {
    "namn": "Provföreningen", "orgnr": "212000-0142", "medlemmar": "40", "kontakt": "info@example.org",
    "malgrupp": ["aldre"], "oppet": "ja", "beskrivning": "Träffar", "samverkan": "nej", "sokt": "25000",
    "budget": [{"post": "Lokal", "belopp": "25000"}], "andra_bidrag": "nej",
}  # fmt: skip


def rows(body: Body, people: dict[str, Person], unit: Unit, year: int = 2022) -> dict[str, int]:
    """One row of each register: the register's name and the row's number."""
    today = timezone.localdate()
    call = GrantCall.objects.create(committee=body, year=year, title="Föreningsbidrag", opens_on=today)
    association = Association.objects.create(committee=body, name="Andra provföreningen")
    plan = SupervisionPlan.objects.create(committee=body, year=year, law="Alkohollagen")
    made: dict[str, Any] = {
        "styrdokument": SteeringDocument.objects.create(
            committee=body, type="policy", title="Policy", decided_by="Nämnden", revise_by=date(2022, 1, 1)
        ),
        "foreningsbidrag": call,
        "foreningar": association,
        "bidragsansokningar": GrantApplication.objects.create(call=call, association=association),
        "statsbidrag": StateGrant.objects.create(
            committee=body, year=year, name="Provbidrag", authority="Länsstyrelsen"
        ),
        "avtal": Agreement.objects.create(committee=body, kind="other", title="Avtal", party="Regionen"),
        "tillsynsplaner": plan,
        "tillsynsbesok": SupervisionVisit.objects.create(plan=plan, place="Krogen"),
        "it-system": ItSystem.objects.create(committee=body, name="Systemet"),
        "behov-och-nyttor": DigitalNeed.objects.create(committee=body, title="Behov", raised_on=today),
        "registerutdrag": RecordCheck.objects.create(
            committee=body, unit=unit, reference="REK-1", law="Skollagen", shown_on=today, issued_on=today,
            seen_by=people["head_administration"],
        ),
    }  # fmt: skip
    return {name: row.pk for name, row in made.items()}


def samples(body: Body, people: dict[str, Person], unit: Unit) -> dict[str, list[Any]]:
    """Every address with a row that exists, and an answer to the public form that may be taken in."""
    made = rows(body, people, unit)
    answer = questionnaires.answer_publicly(questionnaires.load_set(FORM, body), ANSWER)
    found: dict[str, list[Any]] = {"registers:behandlingar": []}
    for name, pk in made.items():
        found |= {
            f"registers:{name}": [], f"registers:{name}-new": [],
            f"registers:{name}-detail": [pk], f"registers:{name}-edit": [pk],
        }  # fmt: skip
    return found | {
        "registers:grant_years": [], "registers:grant_paper": [2022, "xlsx"],
        "registers:grant_take_in": [made["foreningsbidrag"], answer.pk],
        "registers:grant_fill_in": [made["bidragsansokningar"]], "registers:state_dates": [],
        "registers:state_grant_add": ["personligt-ombud"],
        "registers:deed": ["grantapplication", made["bidragsansokningar"], "bedom"],
    }  # fmt: skip
