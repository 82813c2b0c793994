"""``roder init`` without a file: asks, and writes the answers down as a ``setup.yaml`` that can be built on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from roder.core.addresses import address_name, municipality_name
from roder.core.faults import UserFault
from roder.meetings.rules.numbers import default_pattern
from roder.steering.starting import sources

Ask = Callable[[str, str], str]  # question and proposed answer -> the answer
PEOPLE = "personer.csv"


def write_answers(folder: Path, ask: Ask) -> Path:
    """Ask for what a setup cannot do without, and write ``setup.yaml``, with the first administrator beside it.

    Raises UserFault when the files are there already: nothing that somebody has written is written over.
    """
    path, people = folder / "setup.yaml", folder / PEOPLE
    for one in (path, people):
        if one.exists():
            raise UserFault(f"{one} finns redan. Kör roder init --file {path}, eller byt mapp.")
    name = ask("Kommunens namn", "")
    slug = ask(
        "Kommunens adressnamn (små bokstäver a–z, siffror, bindestreck)",
        municipality_name(name),
    )
    code = ask("Kommunkod (fyra siffror)", "")
    committee = ask("Nämndens namn", "Socialnämnden")
    short = ask("Nämndens förkortning", "".join(word[0] for word in committee.split()).upper()[:4])
    year = ask("Styrmodellens år", str(date.today().year))
    source = ask(f"Styrmodell att börja med ({', '.join(sources())})", "blank")
    pattern = ask("Diarienummer skrivs", default_pattern(short))
    email = ask("Din e-post (du blir systemförvaltare)", "")
    person = ask("Ditt namn", "")
    path.write_text(
        _TEXT.format(
            code=_quoted(code), name=_quoted(name), slug=_quoted(slug), short=_quoted(short),
            committee=_quoted(committee), committee_slug=_quoted(f"{slug}-{address_name(short, 'namnd')}"),
            people=PEOPLE, source=_quoted(source), year=year, pattern=_quoted(pattern),
        ),
        encoding="utf-8",
    )  # fmt: skip
    with people.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["epost", "namn", "roll", "organ_eller_enhet", "fran", "till"])
        table.writerow([email, person, "systemförvaltare", "", date.today().isoformat(), ""])
    return path


def _quoted(text: str) -> str:
    """A text as YAML takes it whatever signs it has: as JSON writes it."""
    return json.dumps(text, ensure_ascii=False)


_TEXT = """\
# Skriven av roder init. Bygg vidare på den och kör: roder init --file setup.yaml
# Alla nycklar står i handboken, Kom igång.
municipality: {{code: {code}, name: {name}, slug: {slug}}}

bodies:
  - {{code: KF, name: Kommunfullmäktige, kind: council}}
  - {{code: KS, name: Kommunstyrelsen, kind: executive_board}}

committees:
  - code: {short}
    name: {committee}
    slug: {committee_slug}
    people_file: {people}
    model_from: {{source: {source}, year: {year}}}
    registration_numbers: {{pattern: {pattern}, year: {year}}}
"""
