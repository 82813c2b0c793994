"""What the addresses of lex Sarah, lex Maria, complaints, the public form and the providers are opened with."""

from __future__ import annotations

from typing import Any

from roder.organisation.models import Body, Person, Unit
from roder.quality.models import Deviation, ProviderReport
from roder.quality.services import complaints, lex, public
from roder.quality.services.complaints import Received

#: these addresses have no year in them
PUBLIC = {"public:send", "public:thanks"}


def samples(body: Body, people: dict[str, Person], deviation: int, unit: Unit) -> dict[str, list[Any]]:
    """One of each, which exists."""
    source = Deviation.objects.get(pk=deviation)
    sarah = lex.open_lex_sarah(source, people["sas"])
    maria = lex.open_lex_maria(source, people["mas"])
    complaint = complaints.register(
        body, people["secretary"], Received("klagomal", "post", "Kall mat.", name="Anna", unit=unit)
    )  # fmt: skip
    quarter, _ = ProviderReport.objects.get_or_create(
        committee=body, unit=unit, year=2022, quarter=1, defaults={"due_on": "2022-04-15"}
    )
    return {
        "quality:lex-sarah": [], "quality:lex_sarah": [sarah.pk], "quality:lex_sarah_report": [],
        "quality:lex_sarah_decide": [], "quality:lex_sarah_decisions": [], "quality:lex_sarah_investigate": [sarah.pk],
        "quality:lex-maria": [], "quality:lex_maria": [maria.pk], "quality:lex_maria_analyse": [maria.pk],
        "quality:klagomal": [], "quality:complaint": [complaint.pk], "quality:complaint_register": [],
        "quality:complaints_unanswered": [], "quality:complaint_sort": [complaint.pk],
        "quality:complaint_answer": [complaint.pk],
        "quality:providers": [], "quality:provider_quarter": [quarter.pk], "quality:provider_open": [],
        "public:send": [body.slug], "public:thanks": [body.slug, public.receipt(complaint)],
    }  # fmt: skip
