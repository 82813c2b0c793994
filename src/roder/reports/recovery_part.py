"""The recovery plan as a chapter: what is done about a forecast worse than the budget, and what it has given."""

from __future__ import annotations

from decimal import Decimal

from roder.reports.base import Page, Section
from roder.reports.document import Column, Number, Paragraph, Row, Strong, Table
from roder.reports.facts_recovery import RecoveryFact


class RecoveryPlan:
    """The cause, the decision, every measure with its money, and what remains of the deficit."""

    def write(self, page: Page) -> None:
        """Write the plan, if there is one."""
        plan, facts = page.facts.recovery, page.facts
        if plan is None:
            return
        if plan.cause:
            page.add(Paragraph((Strong("Orsak: "), plan.cause)))
        page.add(Paragraph((_decided(plan),)))

        def number(value: Decimal | None) -> Number:
            return Number(value, facts.print_unit, facts.print_digits)

        rows = tuple(
            Row(
                one.key,
                {
                    "vad": one.what,
                    "vem": one.owner,
                    "nar": one.due.isoformat() if one.due else "",
                    "vantad": number(one.amount),
                    "hittills": number(one.so_far),
                    "lage": "genomförd" if one.done else "pågår",
                },
            )
            for one in plan.measures
        )
        total = Row(
            "summa",
            {
                "vad": "Åtgärderna tillsammans",
                "vantad": number(sum((one.amount for one in plan.measures), Decimal(0))),
            },
            "sum",
            tuple(one.key for one in plan.measures),
        )
        page.add(
            Table(
                "Handlingsprogram för en ekonomi i balans",
                (
                    Column("vad", "Åtgärd", "text"),
                    Column("vem", "Ansvarig", "text"),
                    Column("nar", "Senast", "text"),
                    Column("vantad", "Väntad effekt i år", unit=facts.print_unit, digits=facts.print_digits),
                    Column("hittills", "Effekt hittills", unit=facts.print_unit, digits=facts.print_digits),
                    Column("lage", "Läge", "text"),
                ),
                (*rows, total),
                facts.print_unit.value,
                (_remains(plan, number(plan.deficit), number(plan.remaining)),),
                "handlingsprogram",
            )
        )


def _decided(plan: RecoveryFact) -> str:
    if plan.decided_on is None:
        return "Handlingsprogrammet är inte beslutat."
    return f"Handlingsprogrammet beslutades {plan.decided_on.isoformat()}" + (
        f" ({plan.decision})." if plan.decision else "."
    )


def _remains(plan: RecoveryFact, deficit: Number, remaining: Number) -> str:
    """What the measures cover, in a sentence; the numbers as they are printed."""
    if plan.deficit is None or plan.deficit >= 0:
        return "Prognosen är inte sämre än budgeten."
    unit = deficit.unit.value
    if not plan.remaining:
        return f"Prognosen är {deficit.text} {unit} mot budgeten. Åtgärderna väntas täcka hela underskottet."
    return f"Prognosen är {deficit.text} {unit} mot budgeten. {remaining.text} {unit} återstår att täcka."


#: Stands only where there is a plan with measures.
RECOVERY = Section(
    "Åtgärder för en ekonomi i balans",
    (RecoveryPlan(),),
    content="operations",
    when=lambda page: page.facts.recovery is not None,
)
