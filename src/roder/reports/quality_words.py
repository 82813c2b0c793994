"""Sentences of the reports of quality, made from figures: each number in them opens its figure.

Every function takes the page and gives the running text of its paragraphs; what is not known is said, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roder.core.words import small_first
from roder.reports.base import Page
from roder.reports.document import Inline, Number
from roder.reports.findings import moved_words
from roder.reports.quality_parts import TOTAL, last_period, when
from roder.reports.register_parts import REGISTER, target_said

COMPLAINTS, COMPLAINTS_KIND = "quality.klagomal.antal", "quality.klagomal.per_slag"
COMPLAINTS_SUBJECT, COMPLAINANTS = "quality.klagomal.per_amne", "quality.klagomal.fran_vem"
ANSWERED, UNANSWERED = "quality.klagomal.besvarade", "quality.klagomal.obesvarade"
REGION, REGION_BY = "quality.avvikelser.samverkan", "quality.avvikelser.samverkan_motpart"
MARIA, MARIA_OPENED = "quality.lex_maria.anmalda", "quality.lex_maria.oppnade"
SARAH, SARAH_REPORTED = "quality.lex_sarah.anmalda", "quality.lex_sarah.rapporterade"
SARAH_EXTERNAL = "quality.lex_sarah.externa"
PROVIDERS, PROVIDERS_SYSTEM = "quality.externa.per_typ", "quality.avvikelser.externa"
PROVIDERS_LATE = "quality.externa.sena"

Sentences = Iterator[Sequence[Inline]]


def both(page: Page, figure: str, *key: str) -> tuple[Number, Number]:
    """A figure's number of the occasion's year and of the year before."""
    facts = page.facts
    return page.number(figure, *key, str(facts.year)), page.number(figure, *key, str(facts.last_year))


def compared(page: Page, now: Number, before: Number, *, missing: str = "uppgift saknas") -> list[Inline]:
    """``(2 582 första halvåret 2021)``, after a number of this year; nothing where neither is known."""
    if now.value is None:
        return [f" ({missing})"] if missing else []
    if before.value is None:
        return []
    return [" (", before, f" {last_period(page)})"]


def joined(items: Sequence[Sequence[Inline]]) -> list[Inline]:
    """Items with commas and a last ``och``."""
    made: list[Inline] = []
    for place, item in enumerate(items):
        made += ["" if not place else " och " if place == len(items) - 1 else ", ", *item]
    return [part for part in made if part != ""]


def named_counts(page: Page, figure: str, *key: str) -> list[tuple[str, Number]]:
    """The rows of a figure with the keys ``key``, something, year: their names and numbers, greatest first."""
    year = str(page.facts.year)
    part = page.values.result(figure).figure.per[len(key)]
    found = [
        (page.values.label(figure, part, row_key[len(key)]), row_key, row.value)
        for row_key, row in page.values.rows(figure).items()
        if row_key[: len(key)] == key and row_key[-1] == year and row.value
    ]
    found.sort(key=lambda one: -one[2])
    return [(label, page.number(figure, *row_key)) for label, row_key, _ in found]


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else small_first(label)


def deviations_in_all(page: Page) -> Sentences:
    """How many deviations came in, this year's period and last's."""
    now, before = both(page, TOTAL)
    if now.value is None:
        yield (f"Inga avvikelser är registrerade för {when(page)}.",)
        return
    moved = moved_words(now, before) if before.value is not None else ""
    said: list[Inline] = [f"Under {when(page)} rapporterades ", now, " avvikelser i den egna verksamheten. "]
    if before.value is not None:
        said += [f"Under {when(page, page.facts.last_year)} var det ", before, ". "]
        if moved:
            said += [f"Antalet {moved}."]
    yield said


def lex_maria(page: Page) -> Sentences:
    """Whether anything was notified under lex Maria."""
    yield _notified(page, MARIA, MARIA_OPENED, "lex Maria", "utredningar enligt lex Maria inleddes")


def lex_sarah(page: Page) -> Sentences:
    """Whether anything of the committee's own was notified under lex Sarah."""
    yield _notified(page, SARAH, SARAH_REPORTED, "lex Sarah", "rapporter enligt lex Sarah lämnades")


def _notified(page: Page, figure: str, begun: str, law: str, what: str) -> Sequence[Inline]:
    (now, before), (opened, _) = both(page, figure), both(page, begun)
    if now.value is None:
        return (f"Det finns inga uppgifter om {law} för {when(page)}.",)
    said: list[Inline] = [
        f"Antal anmälningar till IVO enligt {law} under {when(page)}: ",
        now,
        *compared(page, now, before),
    ]
    if now.value == 0:
        said = [
            f"Ingen händelse anmäldes till IVO enligt {law} under {when(page)}",
            *compared(page, now, before),
        ]
    said += [". "]
    if opened.value:
        said += ["Under perioden ", *_counted(opened, what)]
    return said


def _counted(number: Number, what: str) -> list[Inline]:
    """``lämnades 12 rapporter`` out of ``rapporter … lämnades``: the verb first, then the number."""
    noun, _, verb = what.rpartition(" ")
    return [f"{verb} ", number, f" {noun}."]


def with_region(page: Page) -> Sentences:
    """How many deviations went to the region and came from it."""
    for direction, what in (("till_region", "till regionen"), ("fran_region", "från regionen")):
        now, before = both(page, REGION, direction)
        if now.value is not None:
            yield (f"Avvikelser {what} under {when(page)}: ", now, *compared(page, now, before), ".")


def complaint_kinds(page: Page) -> Sentences:
    """How many complaints and views came in, of which kinds, and how many were answered."""
    now, before = both(page, COMPLAINTS)
    if now.value is None:
        yield (f"Inga klagomål eller synpunkter är registrerade för {when(page)}.",)
        return
    said: list[Inline] = [
        f"Under {when(page)} kom det in ",
        now,
        " klagomål och synpunkter",
        *compared(page, now, before),
    ]
    kinds = named_counts(page, COMPLAINTS_KIND)
    if len(kinds) > 1:
        said += [": ", *joined([(f"{_lower(label)} (", number, ")") for label, number in kinds])]
    said += [". "]
    answered, late = (
        page.number(ANSWERED, str(page.facts.year), suffix=True),
        page.number(UNANSWERED, str(page.facts.year)),
    )
    if answered.value is not None:
        said += ["Av dem som kan besvaras var ", answered, " besvarade vid periodens slut. "]
    if late.value:
        said += [late, " hade väntat på svar längre än vad som är bestämt."]
    yield said


def complaint_subjects(page: Page) -> Sentences:
    """What they are about, the most common first."""
    subjects = named_counts(page, COMPLAINTS_SUBJECT)
    if subjects:
        yield (
            "De handlar om ",
            *joined([(f"{_lower(label)} (", number, ")") for label, number in subjects]),
            ".",
        )


def complainants(page: Page) -> Sentences:
    """Who they come from, the most common first."""
    found = named_counts(page, COMPLAINANTS)
    if found:
        yield (
            "Lämnade av: ",
            *joined([(f"{_lower(label)} (", number, ")") for label, number in found]),
            ".",
        )


def providers(page: Page) -> Sentences:
    """What external providers have counted per type, what they have reported in the municipality's system, and who is
    late."""
    known = page.values.has_values(PROVIDERS)
    counts = named_counts(page, PROVIDERS)
    if counts:
        yield (
            f"I sina kvartalsrapporter för {when(page)} redovisar de externa utförarna ",
            *joined([(f"{_lower(label)} (", number, ")") for label, number in counts]),
            ".",
        )
    elif known:
        yield (f"De externa utförarnas kvartalsrapporter för {when(page)} innehåller inga avvikelser.",)
    else:
        yield (f"De externa utförarna har inte lämnat någon kvartalsrapport för {when(page)}.",)
    now, before = both(page, PROVIDERS_SYSTEM)
    if now.value:
        yield (
            "I kommunens system har de rapporterat ",
            now,
            " avvikelser",
            *compared(page, now, before),
            ".",
        )
    late = named_counts(page, PROVIDERS_LATE)
    if late:
        yield (
            "Sena kvartalsrapporter: ",
            *joined([(f"{label} (", number, ")") for label, number in late]),
            ".",
        )


def external_lex_sarah(page: Page) -> Sentences:
    """How many reports under lex Sarah came from external providers."""
    now, before = both(page, SARAH_EXTERNAL)
    if now.value is None:
        yield (f"Det finns inga uppgifter om lex Sarah hos externa utförare för {when(page)}.",)
    elif now.value == 0:
        yield (
            f"Inget lex Sarah-ärende kom in från externa utförare under {when(page)}",
            *compared(page, now, before),
            ".",
        )
    else:
        yield ("Lex Sarah-ärenden från externa utförare: ", now, *compared(page, now, before), ".")


def bpsd(page: Page) -> Sentences:
    """Persons and assessments in the register of symptoms in dementia, and last year's."""
    for code, what in (("bpsd_personer", "personer"), ("bpsd_registreringar", "bedömningar")):
        now, before = both(page, REGISTER, code, "alla")
        if now.value is None:
            yield (f"Uppgift om antalet {what} i BPSD-registret saknas för {when(page)}.",)
            continue
        said: list[Inline] = [f"Under {when(page)} registrerades ", now, f" {what} i BPSD-registret"]
        yield [*said, *compared(page, now, before), ". ", *target_said(page, code)]
