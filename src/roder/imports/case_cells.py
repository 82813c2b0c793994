"""Cells of the files of lex Sarah cases and complaints: decisions, what IVO was told, subjects, who complained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from roder.imports.cells import (
    CellFault,
    Choice,
    Context,
    Reader,
    Term,
    Values,
    read_day,
    without_sheet_date,
)
from roder.imports.quality_cells import ids_as_text, items_of
from roder.steering.models import (
    ComplaintSubject,
    SteeringModelVersion,
)


@dataclass(frozen=True)
class Notified:
    """Whether the inspectorate (IVO) was told: nej or empty, ja, lex maria, lex sarah, or the day; as a word."""

    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Reads one text."""

        def read(text: str) -> Values:
            word = without_sheet_date(text).casefold().replace("_", " ").strip()
            if word in ("nej", "n", "0", "-", "–"):
                return (None,)
            if word in ("ja", "j", "1"):
                return ("ja",)
            if word in ("lex maria", "lex sarah"):
                return (word.replace(" ", "_"),)
            (day,) = _day(word, text)
            return (day,)

        return read


def _day(word: str, text: str) -> Values:
    try:
        return (datetime.combine(datetime.fromisoformat(word).date(), time()).date().isoformat(),)
    except ValueError:
        raise CellFault(
            f"”{text}” säger inte om IVO har fått en anmälan", "Skriv ja, nej eller anmälans datum."
        ) from None


@dataclass(frozen=True)
class DecisionAndDay:
    """A lex Sarah decision and its day, as one text ``outcome@2022-05-01``; neither, or both."""

    outcomes: Choice
    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Reads the two cells."""
        outcome = self.outcomes.reader(context)

        def read(decision: str, day: str) -> Values:
            if not decision and not day:
                return (None,)
            if not decision:
                raise CellFault("beslutet saknas", "Skriv beslutet, eller ta bort datumet.")
            if not day:
                raise CellFault("beslutets datum saknas", "Skriv datumet som 2022-03-31.", "beslutsdatum")
            (code,) = outcome(decision)
            try:
                return (f"{code}@{read_day(day).isoformat()}",)
            except CellFault as fault:
                raise CellFault(fault.what, fault.do, "beslutsdatum") from None

        return read


@dataclass(frozen=True)
class NotifiedOn:
    """When IVO was told: a day, nej or empty, or ja for the day of the decision (the second cell)."""

    types: tuple[str, ...] = ("DATE",)

    def reader(self, context: Context) -> Reader:
        """Reads the two cells."""
        said = Notified().reader(context)

        def read(text: str, decided: str) -> Values:
            (word,) = said(text) if text else (None,)
            if word is None:
                return (None,)
            if word == "ja":
                if not decided:
                    raise CellFault("IVO har fått en anmälan men datumet saknas", "Skriv dagen för anmälan.")
                try:
                    return (read_day(decided),)
                except CellFault:
                    return (None,)  # said of the decision's own column
            if word.startswith("lex"):
                raise CellFault(f"”{text}” säger inte när IVO fick anmälan", "Skriv ja, nej eller dagen.")
            return (word,)

        return read


@dataclass(frozen=True)
class Subjects:
    """What complaints are about (``|`` between), as ids in order."""

    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's subjects once."""
        subject = Term(ComplaintSubject, "klagomålstypen").reader(context)
        return lambda text: (ids_as_text({subject(word)[0] for word in items_of(text)}),)


@dataclass(frozen=True)
class Complainant:
    """Who a complaint came from, by code or name of the steering model; ``anonym`` for nobody known."""

    types: tuple[str, ...] = ("VARCHAR", "BOOLEAN")

    def reader(self, context: Context) -> Reader:
        """Looks up the model's words once."""
        version = SteeringModelVersion.objects.filter(committee=context.committee).first()
        listed = ((version.content.get("complaints") or {}).get("complainants") or []) if version else []
        known = {str(one["label"]).casefold(): str(one["code"]) for one in listed}
        known |= {str(one["code"]).casefold(): str(one["code"]) for one in listed}

        def read(text: str) -> Values:
            word = text.casefold()
            if word == "anonym":
                return "", True
            if word not in known:
                codes = ", ".join(dict.fromkeys(known.values()))
                raise CellFault(
                    f"”{text}” finns inte", f"Skriv något av {codes or 'styrmodellens koder'} eller anonym."
                )
            return known[word], False

        return read
