"""Search over a hundred thousand documents and a gigabyte of text, as whole pages, by people who may see different parts.

Words from the commonest to the rarest, two words, the beginning of many words, and a registration number spelled in
other ways than it is kept.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import search_world
from bench.home import free_directory, own_data
from bench.pages import ask_right
from bench.parts import be_prepared_and_measured, child
from bench.results import Row, limit_row, seconds
from bench.serving import serving

NAME = "search"
MODULE = "bench.search"
QUICK = 50  # so many times fewer with --quick
MEDIAN, WORST = 150, 500  # milliseconds
ROUNDS = 3
ROLES = {"secretary": "one who sees everything", "unit_manager": "a unit's manager, nothing secret"}
#: What is asked for, by kind.
ASKED = {
    "common words": ["nämnden", "beslutar", "verksamheten", "uppföljning", "och"],
    "two words": [
        "nämnden delegation",
        "kostnader hemtjänst",
        "uppföljning avtalsplan",
        "personal journalsystem",
    ],
    "beginnings of many words": ["vård", "hem", "social", "risk"],
    "middle": search_world.middle_words(),
    "rare": search_world.rare_words(),
    "not there": ["finnsintealls", "nämnden finnsintealls"],
    "a number": ["von 2016 7000", "2016.7000 VON", "Dnr VON-2019-12000", "von.2014.02500"],
}


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database; give the sizes, how long that took, and the cookies."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import world
        from roder.organisation.models import Unit
        from roder.organisation.people import add_mandate, add_person

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        people = {"secretary": world.somebody(committee, "secretary")}
        manager, _ = add_person("unit_manager@bench.roder.example", "Unit manager", None)
        unit = Unit.objects.filter(committee=committee).order_by("-pk").first()
        add_mandate(manager, "unit_manager", unit=unit, since=date(2015, 1, 1))
        people["unit_manager"] = manager
        less = QUICK if quick else 1
        documents = search_world.DOCUMENTS // less
        start = time.perf_counter()
        cases, letters = search_world.CASES // less, search_world.LETTERS // search_world.DOCUMENTS
        with search_world.without_history():
            search_world.add_cases(committee, cases)
            search_world.add_documents(committee, home, documents=documents, cases=cases, letters=letters)
        took = time.perf_counter() - start
        cookies = {role: world.session_cookie(person) for role, person in people.items()}
        return {"cookies": cookies, "sizes": search_world.sizes(), "took": took}


def measure(port: int, cookies: dict[str, str], *, quick: bool) -> dict[str, Any]:
    """Milliseconds of every page, by role and by kind of question, asked in turn by one client."""
    found: dict[str, Any] = {role: {kind: [] for kind in ASKED} for role in cookies}
    for turn in range(1 if quick else ROUNDS + 1):
        for role, cookie in cookies.items():
            for kind, texts in ASKED.items():
                paths = [f"/sok/?q={quote(text)}" for text in texts]
                answers = ask_right(port, paths, cookie, clients=1, requests=len(paths))
                if turn or quick:  # the first round reads what is needed from disk
                    found[role][kind] += [one * 1000 for one in answers.took]
    return found


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    with free_directory() as home:
        prepared = child(MODULE, "prepare", str(home), home, quick=quick)
        with serving(home, 2) as server:
            server.wait_for_page()
            found = child(MODULE, "measure", str(server.port), home, quick=quick, told=prepared["cookies"])
    rows, notes = [], []
    for role, who in ROLES.items():
        took = sorted(one for kind in found[role].values() for one in kind)
        worst = took[min(len(took) - 1, int(len(took) * 0.95))]
        rows.append(
            limit_row(NAME, f"search page, median, {who}", statistics.median(took), "ms", "at most", MEDIAN)
        )
        rows.append(limit_row(NAME, f"search page, 95 of 100, {who}", worst, "ms", "at most", WORST))
        by_kind = "; ".join(
            f"{kind} {statistics.median(each):.0f} (worst {max(each):.0f})"
            for kind, each in found[role].items()
        )
        notes.append(f"search, milliseconds by kind of question, {who}: {by_kind}.")
    size = prepared["sizes"]
    return rows, [
        f"search: {size['rows']:,} documents of {size['letters'] / 1e6:,.0f} million characters in cases, the commonest "
        f"words in nearly all of them and the rarest in a few (Zipf's law); one case in {search_world.SECRET_CASES} and "
        f"one document in {search_world.SECRET_DOCUMENTS} secret. Table {size['table']:,.0f} MB, index of words "
        f"{size['index']:,.0f} MB, filled in {seconds(prepared['took'])}. Whole pages by `roder serve` with two workers "
        "on the embedded database as it comes, one client; the first round, which reads from disk, is left out.",
        *notes,
    ]


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure)
