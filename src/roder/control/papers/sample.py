"""The protocol of a sample: what was drawn from what, how anybody can draw it again, and what the control found."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from roder.control.models import ControlSample, SampleItem
from roder.control.rules import sampling
from roder.control.services import samples
from roder.control.services.sample_answers import Answered, answered, outcome
from roder.core.numbers import Unit
from roder.questionnaires.compiling import Counted
from roder.reports.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Inline,
    Note,
    Number,
    Paragraph,
    PlainTable,
    Row,
    Status,
    Strong,
    Table,
)
from roder.reports.render import draw, layout

#: format -> what it is called on a button
FORMATS = {"pdf": "PDF", "docx": "Word"}
KIND = "Stickprovsprotokoll"


def document_of(sample: ControlSample) -> Document:
    """The protocol as a document."""
    frame, made = sample.frame, sample.frame.round
    point = made.control.point
    result, found = samples.result_of(sample), answered(sample)
    items = list(SampleItem.objects.filter(sample=sample).order_by("position"))
    period = f"{made.period_from}–{made.period_to}" if made.period_from and made.period_to else ""
    facts = [
        ("Kontrollpunkt", f"{point.number} {point.title}"),
        ("Vad kontrolleras", made.control.what),
        ("Urvalsram", f"{frame.name}: {frame.size}"),
        ("Hämtad ur", f"{frame.source}, {layout.long_date(timezone.localtime(frame.taken_at).date())}"),
        ("Period", period),
        ("Dragen", layout.long_date(timezone.localtime(sample.drawn_at).date())),
    ]
    return Document(
        title=f"Stickprov: {frame.name}",
        kind=KIND,
        municipality=made.committee.municipality.name,
        committee=made.committee.name,
        date=timezone.localdate(),
        facts=tuple((name, said) for name, said in facts if said),
        blocks=(
            *_found(result),
            *_how(sample, samples.agrees_with(sample, [one.reference for one in items])),
            Heading(1, "Posterna"),
            _items(items, found),
        ),
    )


def _found(result: samples.SampleResult) -> list[Block]:
    tally = result.tally
    blocks: list[Block] = [Heading(1, "Vad kontrollen visade")]
    if not tally.checked:
        return [*blocks, Paragraph(("Ingen post är granskad än.",))]
    lines: list[tuple[Inline, ...]] = [
        (f"{tally.checked} av {tally.drawn} i stickprovet är granskade.",),
        ("Med brist: ", Strong(tally.words), "."),
    ]
    blocks.append(Bullets(tuple(lines)))
    if result.questions:
        rows = tuple(Row(one.question.code, _counts(one)) for one in result.questions)
        columns = (
            Column("question", "Fråga", "text"),
            Column("answered", "Besvarad", unit=Unit.COUNT),
            Column("said", "Svar", "text"),
        )
        blocks.append(Table("Svaren på checklistan", columns, rows, unit_note="antal"))
    return blocks


def _counts(one: Counted) -> dict[str, str | Number]:
    said = ", ".join(f"{label.lower()} {count}" for label, count in samples.told(one))
    return {
        "question": one.question.text, "answered": Number(Decimal(one.answered), Unit.COUNT), "said": said,
    }  # fmt: skip


def _how(sample: ControlSample, agrees: bool) -> list[Block]:
    frame = sample.frame
    given = (
        "angavs av den som drog stickprovet"
        if sample.rule.get("seed_given")
        else "gjordes av Roder när ramen hämtades"
    )
    steps = (
        (f"Ramen har {frame.size} referenser, var och en en gång. Dess SHA-256, med referenserna sorterade efter "
         f"teckenkod och en radbrytning efter varje, är {frame.sha256}.",),
        (f"Storleken är {sample.size}: {sample.rule.get('words', '')}.",),
        (f"Fröet är {sample.seed}. Det {given}.",),
        ("Varje referens får en rang: SHA-256 av fröet, en radbrytning och referensen, i UTF-8.",),
        (f"De {sample.size} referenserna med lägst rang är stickprovet, i rangens ordning.",),
    )  # fmt: skip
    blocks: list[Block] = [
        Heading(1, "Så drogs stickprovet"),
        Paragraph(
            (f"Metoden heter {sampling.METHOD}. Vem som helst med ramen och fröet får samma stickprov.",)
        ),
        Bullets(steps, numbered=True),
        Paragraph(("I ett skal med sha256sum, där ram.txt har en referens på varje rad:",)),
        *(Paragraph((line,)) for line in sampling.recipe_lines(sample.seed, sample.size)),
    ]
    if not agrees:
        told = "Posterna är inte de som ramen, fröet och storleken ger. Säg till systemförvaltaren."
        blocks.append(Note("warning", (told,)))
    return blocks


def _items(items: list[SampleItem], found: Answered) -> PlainTable:
    columns = (
        Column("position", "Nr", "text"),
        Column("reference", "Referens", "text"),
        Column("outcome", "Utfall", "status"),
        Column("note", "Iakttagelse", "text"),
    )
    rows = []
    for one in items:
        word, tone = outcome(one)
        bad = [
            f"{question.text} {said}" for code, question in found.questions.items()
            if one.deviates and (said := found.said(one, code))
        ]  # fmt: skip
        note = "\n".join(part for part in (one.note, *bad) if part)
        rows.append(
            Row(str(one.position), {"position": str(one.position), "reference": one.reference,
                                    "outcome": Status(word, tone), "note": note})  # type: ignore[arg-type]
        )  # fmt: skip
    return PlainTable("Stickprovet i dragen ordning", columns, tuple(rows), unit_note="")


def render(sample: ControlSample, form: str) -> bytes:
    """The protocol in one of ``FORMATS``."""
    return draw(document_of(sample), form)
