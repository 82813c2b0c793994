"""Rules of audits, recommendations and inspections: the order of days, what an answer must say, how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from roder.core.words import small_first

Faults = dict[str, str]
Standing = tuple[str, str]

OPEN, ACCEPTED, DONE, DECLINED = "open", "accepted", "done", "declined"
SOON = 30  # days before a day when it is said to be near


def in_order(days: Iterable[tuple[str, str, date | None]]) -> Faults:
    """The first day that comes before one that it must follow, by its field: (field, what it is, day) in order."""
    before: tuple[str, date] | None = None
    for field, what, day in days:
        if day is None:
            continue
        if before is not None and day < before[1]:
            return {field: f"{what} kan inte vara före {before[0]} ({before[1]}). Rätta den ena dagen."}
        before = (small_first(what), day)
    return {}


def audit_faults(
    received_on: date | None, answer_by: date | None, answered_on: date | None, today: date
) -> Faults:
    """What is wrong with the days of an audit: an answer cannot be due, or given, before the audit came."""
    faults = in_order(
        [("received_on", "Ankomsten", received_on), ("answer_by", "Sista dag för svaret", answer_by)]
    )
    faults |= in_order([("received_on", "Ankomsten", received_on), ("answered_on", "Svaret", answered_on)])
    if answered_on is not None and answered_on > today:
        faults["answered_on"] = "Dagen har inte varit än. Markera svaret som lämnat den dag det lämnas."
    return faults


def inspection_faults(
    held_on: date | None,
    decided_on: date | None,
    answer_by: date | None,
    answered_on: date | None,
    today: date,
) -> Faults:
    """What is wrong with the days of an inspection."""
    faults = in_order([("held_on", "Tillsynen", held_on), ("decided_on", "Beslutet", decided_on)])
    first = ("", "Beslutet", decided_on) if decided_on else ("", "Tillsynen", held_on)
    faults |= in_order([first, ("answer_by", "Sista dag för svaret", answer_by)])
    faults |= in_order([first, ("answered_on", "Svaret", answered_on)])
    if answered_on is not None and answered_on > today:
        faults["answered_on"] = "Dagen har inte varit än. Markera svaret som lämnat den dag det lämnas."
    return faults


def answer_faults(
    state: str, answer: str, responsible: str, due_on: date | None, given_on: date | None
) -> Faults:
    """What a committee's answer to a recommendation lacks: which action, when and who; or why not."""
    if state == DECLINED:
        return {} if answer.strip() else {"answer": "Skriv varför rekommendationen inte åtgärdas."}
    if state != ACCEPTED:
        return {"state": "Välj om rekommendationen åtgärdas eller inte."}
    faults: Faults = {}
    if not answer.strip():
        faults["answer"] = "Skriv vilken åtgärd nämnden vidtar."
    if not responsible.strip():
        faults["responsible"] = "Ange vem som ansvarar för åtgärden."
    if due_on is None:
        faults["due_on"] = "Ange när åtgärden är klar."
    elif given_on is not None and due_on < given_on:
        faults["due_on"] = (
            f"Åtgärden kan inte vara klar innan rekommendationen kom ({given_on}). Rätta dagen."
        )
    return faults


def done_faults(state: str, done_on: date | None, effect: str, given_on: date | None, today: date) -> Faults:
    """What is wrong with calling a recommendation done: it needs an answer, the day and the effect."""
    if state not in (ACCEPTED, DONE):
        return {"": "Besvara rekommendationen först: vilken åtgärd, vem som ansvarar och när den är klar."}
    faults: Faults = {}
    if done_on is None:
        faults["done_on"] = "Ange vilken dag åtgärden var klar."
    elif done_on > today:
        faults["done_on"] = "Dagen har inte varit än. Markera åtgärden som klar när den är det."
    elif given_on is not None and done_on < given_on:
        faults["done_on"] = (
            f"Åtgärden kan inte vara klar innan rekommendationen kom ({given_on}). Rätta dagen."
        )
    if not effect.strip():
        faults["effect"] = "Skriv vilken effekt åtgärden fick."
    return faults


def standing(state: str, due_on: date | None, today: date) -> Standing:
    """How a recommendation stands today: words and tone."""
    if state == DONE:
        return "Åtgärdad", "good"
    if state == DECLINED:
        return "Åtgärdas inte", "none"
    if state == OPEN:
        return "Ej besvarad", "near"
    return due_standing("Åtgärdas", due_on, today)


def answer_standing(answered: bool, closed: bool, answer_by: date | None, today: date) -> Standing:
    """How the answer to an audit or an authority stands today: words and tone."""
    if closed:
        return "Avslutad", "good"
    if answered:
        return "Besvarad", "good"
    return due_standing("Pågår", answer_by, today)


def due_standing(word: str, due_on: date | None, today: date) -> Standing:
    """What is to be done by a day: late, near, or with time left."""
    if due_on is None:
        return word, "none"
    left = (due_on - today).days
    if left < 0:
        return f"Försenad sedan {due_on}", "bad"
    return (f"{word}, senast {due_on}", "near") if left <= SOON else (f"{word}, senast {due_on}", "none")


def attachment_number(taken: Iterable[tuple[int, str]], key: str) -> int:
    """The number of an attachment among those ``taken`` (number, what it is): the same thing keeps its number on every
    question, a new one gets the next."""
    rows = list(taken)
    same = [number for number, one in rows if one == key]
    return min(same) if same else max((number for number, _ in rows), default=0) + 1


def in_question_order(rows: Iterable[tuple[str, str]], questions: Iterable[str]) -> dict[str, int]:
    """Numbers anew for attachments (question, what it is): 1, 2, 3 … in the order of the questions; those of no known
    question last."""
    place = {code: index for index, code in enumerate(questions)}
    found: dict[str, int] = {}
    for _, key in sorted(rows, key=lambda row: place.get(row[0], len(place))):
        found.setdefault(key, len(found) + 1)
    return found
