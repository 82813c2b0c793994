"""Rules of incidents: the 72 hours from discovery, what a report that is late needs, and who must be told.

Källa: Europaparlamentets och rådets förordning (EU) 2016/679, artikel 33 (anmälan till tillsynsmyndigheten) och
artikel 34 (information till den registrerade). Hours are real hours, day and night, also over the change of clocks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

HOURS = 72
UNLIKELY, RISK, HIGH = "unlikely", "risk", "high"
PERSONAL_DATA = "personal_data"

Faults = dict[str, str]


def report_by(discovered_at: datetime) -> datetime:
    """The moment when the time to report is out: 72 real hours after the discovery, in the same zone.

    Raises ValueError for a moment without a zone: then nobody knows when it was.
    """
    if discovered_at.tzinfo is None:
        raise ValueError("tidpunkten saknar tidszon")
    return (discovered_at.astimezone(UTC) + timedelta(hours=HOURS)).astimezone(discovered_at.tzinfo)


def is_late(reported_at: datetime, due: datetime | None) -> bool:
    """Whether a report came after its time. Exactly at the last moment is in time."""
    return due is not None and reported_at.astimezone(UTC) > due.astimezone(UTC)


def moment_faults(happened_at: datetime | None, discovered_at: datetime | None, now: datetime) -> Faults:
    """What is wrong with when it happened and when it was discovered, by field."""
    if discovered_at is None:
        return {"discovered_at": "Ange när incidenten upptäcktes: de 72 timmarna räknas därifrån."}
    if discovered_at > now:
        return {"discovered_at": "Upptäckten ligger i framtiden. Rätta dagen eller klockslaget."}
    if happened_at is not None and happened_at > discovered_at:
        return {
            "happened_at": "Incidenten kan inte inträffa efter att den upptäcktes. Rätta den ena tidpunkten."
        }
    return {}


def report_faults(
    reported_at: datetime | None,
    discovered_at: datetime,
    due: datetime | None,
    late_reason: str,
    now: datetime,
) -> Faults:
    """What is wrong with a report to the authority, by field. One that is late must say why (article 33.1)."""
    if reported_at is None:
        return {"reported_at": "Ange när incidenten anmäldes."}
    if reported_at > now:
        return {"reported_at": "Anmälan ligger i framtiden. Skriv in den när den är gjord."}
    if reported_at < discovered_at:
        return {"reported_at": "Anmälan kan inte vara gjord innan incidenten upptäcktes. Rätta tidpunkten."}
    if is_late(reported_at, due) and not late_reason.strip():
        return {"late_reason": f"Anmälan kom efter {HOURS} timmar. Skriv varför."}
    return {}


def unreported_faults(kind: str, risk: str, assessment: str) -> Faults:
    """What is wrong with not reporting. Personal data need not be reported only where a risk is unlikely; the
    assessment is kept, so that the authority can try it (article 33.5)."""
    faults: Faults = {}
    if not assessment.strip():
        faults["assessment"] = "Skriv varför incidenten inte anmäls."
    if kind == PERSONAL_DATA and risk != UNLIKELY:
        faults["risk"] = (
            "Ange hur stor risken är för de berörda."
            if not risk
            else "Är det en risk för de berörda ska incidenten anmälas. Anmäl den, eller ändra bedömningen av risken."
        )
    return faults


def must_inform(kind: str, risk: str) -> bool:
    """Whether the persons concerned must be told: where the risk for them is high (article 34.1)."""
    return kind == PERSONAL_DATA and risk == HIGH


def inform_faults(informed_on: date | None, discovered_on: date, today: date) -> Faults:
    """What is wrong with the day the persons were told."""
    if informed_on is None:
        return {"informed_on": "Ange vilken dag de berörda informerades."}
    if informed_on < discovered_on:
        return {"informed_on": "De berörda kan inte ha informerats innan incidenten upptäcktes. Rätta dagen."}
    if informed_on > today:
        return {"informed_on": "Dagen har inte varit än. Skriv in den när de berörda är informerade."}
    return {}


def close_faults(state: str, kind: str, risk: str, informed_on: date | None) -> Faults:
    """What must be done before an incident is closed."""
    if state == "open":
        return {"": "Bestäm först om incidenten anmäls eller inte."}
    if must_inform(kind, risk) and informed_on is None:
        return {"": "Risken är hög. De berörda ska informeras innan incidenten avslutas."}
    return {}
