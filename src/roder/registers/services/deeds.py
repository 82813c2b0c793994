"""The deeds that move a record on: what each asks for, when it may be done, and what it leads to.

A deed is declared with its rule; ``do`` asks for the right, tries the rule, saves over the revision that the person
saw, keeps the tasks, and writes the trail. One way for every register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access, tasks
from roder.access import Action
from roder.core.models import Record
from roder.organisation.models import Person
from roder.registers.models import DigitalNeed, GrantApplication, StateGrant, SteeringDocument
from roder.registers.rules import flows, grants
from roder.registers.services import deadlines

Values = Mapping[str, Any]
Faults = dict[str, str]


def _nothing(row: Any, given: Values) -> Faults:
    return {}


@dataclass(frozen=True)
class Deed:
    """``code`` is in the address, ``label`` on the button, ``lead`` over the form. ``faults`` (row, what was given) is
    the rule. ``to`` is the state it leads to ("" keeps the state), ``also`` sets more, ``preset`` what the form begins
    with. ``finishes`` is the kind of task that the deed itself is the doing of."""

    code: str
    label: str
    lead: str
    trail: str
    fields: tuple[str, ...]
    open: Callable[[Any], bool]
    faults: Callable[[Any, Values], Faults] = _nothing
    to: str = ""
    also: Callable[[Any, Values], dict[str, Any]] = lambda row, given: {}
    preset: Callable[[Any], dict[str, Any]] = lambda row: {}
    finishes: str = ""


def of(row: Record) -> list[Deed]:
    """The deeds that may be done to a record as it stands, whoever asks."""
    return [deed for deed in DEEDS.get(type(row), ()) if deed.open(row)]


def find(row: Record, code: str) -> Deed | None:
    """The open deed with this code, or None."""
    return next((deed for deed in of(row) if deed.code == code), None)


@transaction.atomic
def do(row: Any, code: str, by: Person, given: Values, *, revision: int) -> None:
    """Do a deed to a record.

    Raises NotAllowedError without the right; ValidationError (by field) when the state or the rule is against it;
    StaleRecordError when somebody else has saved since ``revision``.
    """
    access.require(by, Action.EDIT, row)
    deed = find(row, code)
    if deed is None:
        raise ValidationError(
            f"Det går inte att göra detta nu: {row._meta.verbose_name} är {_state(row)}. Ladda om sidan."
        )
    if faults := deed.faults(row, given):
        raise ValidationError(faults)
    values = {name: given.get(name) for name in deed.fields}
    values |= deed.also(row, values)
    if deed.to:
        values["state"] = deed.to
    if deed.finishes:
        tasks.complete(deed.finishes, row, by)
    row.save_over(revision, **values)
    deadlines.keep(row, by)
    access.record(by, deed.trail, row)
    tasks.reached(row)


def _state(row: Any) -> str:
    return str(row.get_state_display()) if hasattr(row, "get_state_display") else "i ett annat läge"


def _moves(moves: flows.Moves, name: str) -> Callable[[Any], bool]:
    return lambda row: flows.may(moves, name, row.state)


# --- grants to associations -----------------------------------------------------------------------------------------


def _today(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda row: {name: getattr(row, name) or timezone.localdate() for name in names}


def _assessed(row: GrantApplication, given: Values) -> Faults:
    criteria = {name: given.get(name) for name in grants.CRITERIA}
    return grants.assessment_faults(
        criteria, row.sought, given.get("proposed"), given.get("reduced_why") or ""
    )


def _agreed(row: GrantApplication, given: Values) -> Faults:
    wanted = {
        "agreement_on": "Ange dagen då överenskommelsen skrevs.",
        "report_by": "Ange sista dag för återrapporten.",
    }
    return flows.missing(given, wanted) or flows.in_order(
        [
            ("agreement_on", "överenskommelsen", given["agreement_on"]),
            ("report_by", "återrapporten", given["report_by"]),
        ]
    )


_GRANT = (
    Deed(
        "begar-komplettering", "Begär komplettering",
        "Föreningen får en dag att komplettera till. Det blir en uppgift.",
        "grant.completion_asked", ("completion_asked_on", "complete_by"), _moves(grants.MOVES, "ask_completion"),
        lambda row, given: grants.completion_faults(
            given.get("completion_asked_on"), given.get("complete_by"), row.received_on
        ),
        to="incomplete", also=lambda row, given: {"complete": False, "completed_on": None},
        preset=_today("completion_asked_on"),
    ),
    Deed(
        "kompletterad", "Kompletteringen har kommit", "Ansökan kan bedömas igen.", "grant.completed",
        ("completed_on",),
        _moves(grants.MOVES, "complete"),
        lambda row, given: flows.missing(
            given, {"completed_on": "Ange dagen då kompletteringen kom."}
        ) or flows.in_order(
            [("", "begäran", row.completion_asked_on), ("completed_on", "kompletteringen", given["completed_on"])]
        ),
        to="received", also=lambda row, given: {"complete": True}, preset=_today("completed_on"),
        finishes="registers.grant_completion",
    ),
    Deed(
        "bedom", "Bedöm", "Pröva ansökan mot kriterierna och föreslå ett belopp. 0 kr betyder avslag.",
        "grant.assessed", ("local", "social", "complete", "assessment", "proposed", "reduced_why"),
        _moves(grants.MOVES, "assess"), _assessed, to="assessed",
    ),
    Deed(
        "beslut", "Skriv in beslutet", "Vad nämnden beviljade, när och i vilken paragraf.",
        "grant.decided", ("granted", "decided_on", "section"), _moves(grants.MOVES, "decide"),
        lambda row, given: grants.decision_faults(
            given.get("granted"), given.get("decided_on"), timezone.localdate()
        ),
        to="decided", preset=lambda row: {"granted": row.proposed if row.granted is None else row.granted},
    ),
    Deed(
        "overenskommelse", "Skriv in överenskommelsen", "När den skrevs, och när föreningen ska återrapportera.",
        "grant.agreed", ("agreement_on", "report_by"),
        lambda row: grants.may("agree", row.state) and bool(row.granted), _agreed,
        preset=lambda row: {"agreement_on": row.agreement_on or timezone.localdate(),
                            "report_by": row.report_by or grants.report_by(row.call.year)},
    ),
    Deed(
        "aterrapport", "Skriv in återrapporten", "Vad föreningen gjorde för pengarna.",
        "grant.reported", ("reported_on", "report"),
        lambda row: grants.may("report", row.state) and bool(row.granted),
        lambda row, given: flows.missing(given, {
            "reported_on": "Ange dagen då återrapporten kom.", "report": "Skriv kort vad återrapporten säger.",
        }) or flows.in_order([
            ("", "beslutet", row.decided_on), ("reported_on", "återrapporten", given["reported_on"])
        ]),
        to="reported", preset=_today("reported_on"),
    ),
)  # fmt: skip


# --- grants from the state ------------------------------------------------------------------------------------------

_STATE_GRANT = (
    Deed(
        "ansokt", "Ansökan är skickad", "Då räknas ansökningsdagen som gjord.", "state_grant.applied",
        ("applied_on", "sought"), _moves(flows.STATE_GRANT_MOVES, "apply"),
        lambda row, given: flows.missing(given, {"applied_on": "Ange dagen då ansökan skickades."}), to="applied",
        preset=_today("applied_on"),
    ),
    Deed(
        "beviljat", "Bidraget är beviljat", "Skriv beloppet, och sista dag att rekvirera om det finns en.",
        "state_grant.granted", ("decided_on", "granted", "starts_on", "ends_on", "requisition_by"),
        _moves(flows.STATE_GRANT_MOVES, "grant"),
        lambda row, given: flows.missing(given, {"granted": "Ange det beviljade beloppet."}) or flows.in_order([
            ("", "ansökan", row.applied_on), ("decided_on", "beslutet", given.get("decided_on"))
        ]) or flows.period_fault(given.get("starts_on"), given.get("ends_on")),
        to="granted",
    ),
    Deed("avslag", "Bidraget fick avslag", "Återrapporten behövs inte. Gör så även om ni drar tillbaka ansökan.",
         "state_grant.refused", ("decided_on", "note"), _moves(flows.STATE_GRANT_MOVES, "refuse"), to="refused"),
    Deed(
        "rekvirerat", "Rekvisitionen är skickad", "", "state_grant.requisitioned", ("requisitioned_on",),
        _moves(flows.STATE_GRANT_MOVES, "requisition"),
        lambda row, given: flows.missing(given, {"requisitioned_on": "Ange dagen då rekvisitionen skickades."}),
        preset=_today("requisitioned_on"),
    ),
    Deed(
        "rapporterat", "Användningen är rapporterad", "Skriv hur mycket som användes. Det som blev över återbetalas.",
        "state_grant.reported", ("reported_on", "used", "returned"), _moves(flows.STATE_GRANT_MOVES, "report"),
        lambda row, given: flows.missing(given, {
            "reported_on": "Ange dagen då rapporten lämnades.", "used": "Ange hur mycket som är använt.",
        }) or flows.used_fault(given["used"], row.granted, given.get("returned")),
        to="reported", preset=_today("reported_on"),
    ),
    Deed(
        "anvant", "Skriv in det använda", "Hur mycket av bidraget som är använt hittills.",
        "state_grant.used", ("used",), _moves(flows.STATE_GRANT_MOVES, "use"),
        lambda row, given: flows.missing(given, {"used": "Ange hur mycket som är använt hittills."})
        or flows.used_fault(given["used"], row.granted),
        to="granted",
    ),
)  # fmt: skip


# --- digital needs --------------------------------------------------------------------------------------------------


def _need(*wanted: tuple[str, str]) -> Callable[[DigitalNeed, Values], Faults]:
    def faults(row: DigitalNeed, given: Values) -> Faults:
        days = {
            name: given.get(name, getattr(row, name))
            for name in ("decided_on", "introduced_on", "evaluated_on")
        }
        return flows.missing(given, dict(wanted)) or flows.in_order(
            [
                ("", "anmälan", row.raised_on),
                ("decided_on", "beslutet", days["decided_on"]),
                ("introduced_on", "införandet", days["introduced_on"] if row.state != "council" else None),
                ("evaluated_on", "mätningen", days["evaluated_on"] if "evaluated_on" in given else None),
            ]
        )

    return faults


_NEED = (
    Deed("radet", "Rådets ställningstagande", "Vad digitaliseringsrådet kom fram till.", "need.to_council", ("stand",),
         _moves(flows.NEED_MOVES, "council"), _need(("stand", "Skriv rådets ställningstagande.")), to="council"),
    Deed("beslut", "Skriv in beslutet", "Vad det får kosta och vilken nytta som väntas.", "need.decided",
         ("decided_on", "cost", "expected_benefit"), _moves(flows.NEED_MOVES, "decide"),
         _need(("decided_on", "Ange dagen för beslutet."), ("expected_benefit", "Skriv vilken nytta som väntas.")),
         to="decided", preset=_today("decided_on")),
    Deed("infort", "Lösningen är införd", "", "need.introduced", ("introduced_on",),
         _moves(flows.NEED_MOVES, "introduce"), _need(("introduced_on", "Ange dagen för införandet.")),
         to="introduced", preset=_today("introduced_on")),
    Deed("nytta", "Skriv in nyttan", "Vad blev bättre, och hur vet ni det?", "need.evaluated",
         ("evaluated_on", "benefit"), _moves(flows.NEED_MOVES, "evaluate"),
         _need(("evaluated_on", "Ange när nyttan mättes."), ("benefit", "Skriv vilken nytta som kom.")),
         to="evaluated", preset=_today("evaluated_on")),
    Deed("avsta", "Avstå", "Behovet går inte vidare. Skriv varför.", "need.declined", ("stand",),
         _moves(flows.NEED_MOVES, "decline"), _need(("stand", "Skriv varför behovet inte går vidare.")),
         to="declined"),
    Deed("ta-upp", "Ta upp igen", "Behovet börjar om.", "need.reopened", (), _moves(flows.NEED_MOVES, "reopen"),
         to="need"),
)  # fmt: skip


# --- steering documents ---------------------------------------------------------------------------------------------


def _revised(row: SteeringDocument, given: Values) -> Faults:
    faults = flows.missing(given, {"decided_on": "Ange dagen för beslutet om revideringen."})
    if not faults and not given.get("revise_by") and not (given.get("revise_when") or "").strip():
        faults["revise_by"] = "Ange när dokumentet ska revideras nästa gång, eller skriv när i ord."
    return faults or flows.in_order(
        [
            ("decided_on", "beslutet", given["decided_on"]),
            ("revise_by", "nästa revidering", given.get("revise_by")),
        ]
    )


_DOCUMENT = (
    Deed(
        "reviderat", "Reviderat", "Dokumentet är prövat och gäller vidare. Uppgiften blir gjord.",
        "steering_document.revised", ("decided_on", "section", "revise_by", "revise_when"),
        lambda row: row.repealed_on is None, _revised,
        preset=lambda row: {"decided_on": timezone.localdate(), "revise_by": None},
        finishes="registers.revise",
    ),
    Deed(
        "upphavt", "Upphäv", "Dokumentet slutar gälla. Det finns kvar i registret.", "steering_document.repealed",
        ("repealed_on",), lambda row: row.repealed_on is None,
        lambda row, given: flows.missing(given, {"repealed_on": "Ange från vilken dag dokumentet är upphävt."}),
        preset=_today("repealed_on"),
    ),
)  # fmt: skip

DEEDS: Mapping[type[Record], tuple[Deed, ...]] = {
    GrantApplication: _GRANT,
    StateGrant: _STATE_GRANT,
    DigitalNeed: _NEED,
    SteeringDocument: _DOCUMENT,
}


def document_saved(row: SteeringDocument, by: Person | None) -> None:
    """What follows a saved steering document: the one it replaces is repealed from its first day, and the tasks are
    kept. Raises ValidationError when the one replaced has replaced this one."""
    old = row.replaces
    seen = {row.pk}
    step = old
    while step is not None:
        if step.pk in seen:
            raise ValidationError({"replaces": "Dokumenten ersätter varandra i en cirkel. Välj ett annat."})
        seen.add(step.pk)
        step = step.replaces
    if old is not None and old.repealed_on is None:
        first = row.valid_from or row.decided_on or timezone.localdate()
        old.save_over(old.revision, repealed_on=first)
        deadlines.keep(old, by)
        access.record(by, "steering_document.repealed", old)
    deadlines.keep(row, by)
