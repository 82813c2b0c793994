"""The official letter (tjänsteskrivelse): its shape, what is missing in it, and its words. Pure.

A letter is JSON (``DocumentVersion.letter``). A draft may lack anything; what an agenda requires is told by `missing`.
Every letter answers four prompts (economy, the best interests of children, equality, environment): with an assessment,
or with why the decision does not concern them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from roder.core.days import DayError, read_day

Letter: TypeAlias = dict[str, Any]

#: The running texts in the order that they are printed, with their headings.
TEXTS: Mapping[str, str] = {
    "summary": "Sammanfattning",
    "background": "Bakgrund",
    "assessment": "Förvaltningens yttrande",
}
#: What every letter must say something of, with the heading.
PROMPTS: Mapping[str, str] = {
    "ekonomi": "Ekonomisk bedömning",
    "barnets_basta": "Barnets bästa",
    "jamstalldhet": "Jämställdhet",
    "miljo": "Miljö och klimat",
}
PROPOSAL, DOCUMENTS, RECIPIENTS = "Förslag till beslut", "Beslutsunderlag", "Beslutet skickas till"
ACTION, INFORMATION = "FÅ", "FK"
PURPOSES: Mapping[str, str] = {ACTION: "för åtgärd", INFORMATION: "för kännedom"}
NOT_CONCERNED = "Berörs inte"
MOST_LINES = 100  # of points, documents, recipients, signatories each
LONGEST_HEADING = 300

_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-–•*])\s+")


class LetterError(ValueError):
    """The content is not a letter. The message is Swedish."""


@dataclass(frozen=True)
class Lack:
    """Something that must be there before the letter goes on an agenda: which field, and what to do."""

    field: str
    words: str


def empty(heading: str = "", to: str = "", date: dt.date | None = None) -> Letter:
    """A letter without content."""
    return {
        "heading": heading.strip(),
        "to": to.strip(),
        "date": date.isoformat() if date else "",
        "worker": {"name": "", "title": ""},
        "proposal": [],
        "summary": "",
        "background": "",
        "assessment": "",
        "assessments": dict.fromkeys(PROMPTS, ""),
        "not_concerned": [],
        "documents": [],
        "recipients": [],
        "signatories": [],
        "version_note": "",
    }


def normal(data: Mapping[str, Any]) -> Letter:
    """The letter with every part in its place: what is not given is empty, space around texts is gone.

    Raises LetterError for a part of the wrong kind, an unknown purpose of a recipient, or a day that is none.
    """
    letter = empty()
    for name in ("heading", "to", "version_note", *TEXTS):
        letter[name] = _text(data, name)
    letter["heading"] = " ".join(letter["heading"].split())
    letter["date"] = _day(_text(data, "date"))
    letter["worker"] = _person(_mapping(data, "worker"))
    letter["proposal"] = _lines(data, "proposal")
    letter["documents"] = _lines(data, "documents")
    given = _mapping(data, "assessments")
    letter["assessments"] = {name: _text(given, name) for name in PROMPTS}
    letter["not_concerned"] = [name for name in PROMPTS if name in _list(data, "not_concerned")]
    letter["recipients"] = [one for one in map(_recipient, _list(data, "recipients")) if one["name"]]
    letter["signatories"] = [one for one in map(_person, _list(data, "signatories")) if one["name"]]
    return letter


def missing(letter: Mapping[str, Any]) -> list[Lack]:
    """What must be written before the letter goes on an agenda, in the order of the form. Empty when it may go."""
    one = normal(letter)
    found = []
    if not one["heading"]:
        found.append(Lack("heading", "Rubriken saknas."))
    if not one["to"]:
        found.append(Lack("to", "Skriv vem skrivelsen är ställd till."))
    if not one["date"]:
        found.append(Lack("date", "Datum saknas."))
    if not one["worker"]["name"]:
        found.append(Lack("worker_name", "Handläggare saknas."))
    if not one["proposal"]:
        found.append(Lack("proposal", "Förslaget till beslut saknas. Skriv minst en punkt."))
    if not one["summary"]:
        found.append(Lack("summary", "Sammanfattningen saknas."))
    if not one["assessment"]:
        found.append(Lack("assessment", "Förvaltningens yttrande saknas."))
    for name, title in PROMPTS.items():
        if one["assessments"][name]:
            continue
        words = (
            "Skriv varför beslutet inte berör det."
            if name in one["not_concerned"]
            else "Skriv en bedömning, eller kryssa i Berörs inte och skriv varför."
        )
        found.append(Lack(name, f"{title}: {words}"))
    if not one["recipients"]:
        found.append(Lack("recipients", "Skriv vem som ska få beslutet, för åtgärd eller för kännedom."))
    if not one["signatories"]:
        found.append(Lack("signatories", "Skriv vem som undertecknar."))
    return found


def faults(
    letter: Mapping[str, Any], find: Callable[[str], Sequence[str]], longest: int = 20_000
) -> dict[str, str]:
    """What cannot even be saved: a personal identity number (``find`` gives those of a text), a sign that cannot be
    kept, a text of more than ``longest`` characters.

    Field of the form -> Swedish message; the number itself is never repeated.
    """
    one = normal(letter)
    found: dict[str, str] = {}
    for field, text in _fields(one):
        most = LONGEST_HEADING if field == "heading" else longest
        if find(text):
            found[field] = (
                "Texten innehåller ett personnummer. Ta bort det och skriv referensen från verksamhetssystemet "
                "i stället."
            )
        elif "\x00" in text:
            found[field] = "Texten innehåller ett tecken som inte går att spara (NUL). Ta bort det."
        elif len(text) > most:
            found[field] = f"Texten är {len(text)} tecken; högst {most} ryms. Korta den."
    for field in ("proposal", "documents", "recipients", "signatories"):
        if len(one[field]) > MOST_LINES:
            found[field] = f"Här står {len(one[field])} rader; högst {MOST_LINES} ryms."
    return found


def lines(text: str) -> list[str]:
    """A list as people write it, one a line: ``1.``, ``2)``, ``-`` and ``•`` before are taken away."""
    return [found for line in text.splitlines() if (found := _NUMBER.sub("", line).strip())]


def recipients_of(action: str, information: str) -> list[dict[str, str]]:
    """Recipients written one a line, those for action first. Somebody in both gets it for action, once."""
    found = dict.fromkeys(lines(action), ACTION)
    for name in lines(information):
        found.setdefault(name, INFORMATION)
    return [{"name": name, "purpose": purpose} for name, purpose in found.items()]


def recipients_for(letter: Mapping[str, Any], purpose: str) -> list[str]:
    """The names of those who get the decision for a purpose (``FÅ`` or ``FK``)."""
    return [one["name"] for one in letter.get("recipients", ()) if one["purpose"] == purpose]


def signatories_of(text: str) -> list[dict[str, str]]:
    """Signatories written one a line as ``Namn, titel``."""
    found = []
    for line in lines(text):
        name, _, title = line.partition(",")
        found.append({"name": name.strip(), "title": title.strip()})
    return found


def signatories_text(letter: Mapping[str, Any]) -> str:
    """The signatories as they are written in the form."""
    return "\n".join(
        ", ".join(part for part in (one["name"], one["title"]) if part) for one in letter["signatories"]
    )


def prompt_text(letter: Mapping[str, Any], name: str) -> str:
    """What the letter says of a prompt, as it is printed; empty when nothing is said."""
    text = str(letter.get("assessments", {}).get(name, ""))
    if name in letter.get("not_concerned", ()) and text:
        return f"{NOT_CONCERNED}. {text}"
    return text


def paragraphs(text: str) -> list[str]:
    """Running text in paragraphs: an empty line parts them, a single line break does not."""
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [found for part in parts if (found := " ".join(part.split()))]


def sections(letter: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The printed parts of the letter in order: heading and paragraphs (points for the proposal). No empty ones."""
    one = normal(letter)
    if one["proposal"]:
        yield PROPOSAL, one["proposal"]
    for name, title in TEXTS.items():
        if found := paragraphs(one[name]):
            yield title, found
    for name, title in PROMPTS.items():
        if found := paragraphs(prompt_text(one, name)):
            yield title, found
    if one["documents"]:
        yield DOCUMENTS, one["documents"]
    if one["recipients"]:
        yield (
            RECIPIENTS,
            [f"{who['name']}, {PURPOSES[who['purpose']]} ({who['purpose']})" for who in one["recipients"]],
        )


def _fields(letter: Letter) -> Iterator[tuple[str, str]]:
    """Every field of the form with its text."""
    for name in ("heading", "to", *TEXTS):
        yield name, letter[name]
    yield "worker_name", letter["worker"]["name"]
    yield "worker_title", letter["worker"]["title"]
    yield "proposal", "\n".join(letter["proposal"])
    yield from letter["assessments"].items()
    yield "documents", "\n".join(letter["documents"])
    yield "recipients", "\n".join(one["name"] for one in letter["recipients"])
    yield "signatories", signatories_text(letter)


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name, "")
    if found is None:
        return ""
    if not isinstance(found, str):
        raise LetterError(f"Skrivelsens {name} ska vara text.")
    return found.replace("\r\n", "\n").strip()


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name) or {}
    if not isinstance(found, Mapping):
        raise LetterError(f"Skrivelsens {name} har fel form.")
    return found


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name) or []
    if not isinstance(found, (list, tuple)):
        raise LetterError(f"Skrivelsens {name} ska vara en lista.")
    return list(found)


def _lines(data: Mapping[str, Any], name: str) -> list[str]:
    found = _list(data, name)
    if not all(isinstance(one, str) for one in found):
        raise LetterError(f"Skrivelsens {name} ska vara en lista av texter.")
    return [text for one in found if (text := one.strip())]


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return read_day(text).isoformat()
    except DayError as error:
        raise LetterError(f"Skrivelsens dag: {error}") from error


def _person(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping):
        raise LetterError("Handläggare och undertecknare skrivs med namn och titel.")
    return {"name": _text(data, "name"), "title": _text(data, "title")}


def _recipient(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping):
        raise LetterError("Mottagare skrivs med namn och syfte.")
    purpose = _text(data, "purpose") or INFORMATION
    if purpose not in PURPOSES:
        raise LetterError(f"”{purpose}” är inget syfte. FÅ är för åtgärd, FK för kännedom.")
    return {"name": _text(data, "name"), "purpose": purpose}
