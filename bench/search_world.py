"""A hundred thousand documents in cases, a gigabyte of text with words as common and as rare as in life."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

#: The commonest words, in order.
COMMON = (
    "och att i det som en på är av för med till den har de inte om ett nämnden ska kan verksamheten under beslutar vid"
    " från vård enligt bedömning förvaltningen insatser stöd behov ekonomi kostnader personal brukare uppföljning"
    " delegation rapport avvikelse hemtjänst boende kvalitet mål resultat prognos åtgärd"
).split()
FIRST = (
    "vård omsorg hem social äldre barn familj bistånd förening budget hyra mat natt dag korttid trygghet fall läkemedel"
    " rehab demens avgift kommun region stat avtal lokal fordon data journal signering nyckel larm matsal tvätt städ"
    " handläggning utredning tillsyn kontroll risk krav lag rätt plan års månads kvartals personal chef team brukar"
    " anhörig god man ombud tolk skola arbets utbildnings rekryterings schema bemannings vikarie sjuk frisk miljö"
).split()
SECOND = (
    "plan rapport beslut nämnd bolag tjänst stöd boende insats avgift taxa rutin riktlinje grupp råd möte skrivelse"
    " ansökan bidrag medel kostnad analys modell process system register underlag bilaga protokoll utskott enhet chef"
    " samordnare handläggare utredare mottagning verksamhet lokal utrustning tid timme vecka period mål mått indikator"
    " resultat effekt nytta brist åtgärd avvikelse händelse klagomål synpunkt fråga svar remiss motion initiativ"
).split()
ENDINGS = ("", "en", "er", "erna", "s", "ens", "ar", "arna", "et", "ets", "ande", "ning")
#: Words of documents, the commonest first; Zipf's law says how common each is.
WORDS = [*COMMON, *(f"{a}{b}{c}" for c, a, b in itertools.product(ENDINGS, FIRST, SECOND))]
FLATTENING = 2.7
LETTERS = 1_000_000_000  # characters in all
DOCUMENTS, CASES = 100_000, 20_000
WRITERS = 2
SECRET_CASES, SECRET_DOCUMENTS = 33, 50  # one in so many
FIRST_DAY, DAYS = date(2013, 1, 1), 3600
COLUMNS = (
    "id", "committee_id", "case_id", "number", "kind", "title", "dated_on", "sender", "secret", "secrecy_section",
    "text", "created_at", "changed_at", "revision",
)  # fmt: skip
CASE_COLUMNS = (
    "id", "committee_id", "number", "number_key", "year", "title", "kind", "phase", "course", "opened_on", "origin",
    "summary", "secret", "secrecy_section", "union_due", "union_note", "created_at", "changed_at", "revision",
)  # fmt: skip
KINDS = ("letter", "report", "attachment", "statement", "message")


def day_of(place: int, of: int) -> date:
    """The day of a row: the rows come in order of time."""
    return FIRST_DAY + timedelta(days=place * DAYS // of)


def middle_words() -> list[str]:
    """Words that stand in about one document in fifty."""
    return WORDS[4000:4400:40]


def rare_words() -> list[str]:
    """The rarest words."""
    return WORDS[-400::40]


@contextmanager
def copying(table: str, columns: tuple[str, ...]) -> Any:
    """COPY into a table."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            yield copy


def add_cases(committee: Any, count: int) -> None:
    """Cases with numbers of their own."""
    from roder.meetings.rules import numbers

    chance = random.Random(count)
    with copying("meetings_case", CASE_COLUMNS) as copy:
        for place in range(count):
            day = day_of(place, count)
            number = f"VON.{day.year}.{place + 1}"
            secret = place % SECRET_CASES == 0
            title = " ".join(chance.choices(WORDS[:3000], k=5)).capitalize()
            copy.write_row((
                place + 1, committee.pk, number, numbers.key(number), day.year, title, "own", "committee", "active", day,
                "", "", secret, "OSL 26:1" if secret else "", False, "", day, day, 1,
            ))  # fmt: skip


def write_documents(committee: int, first: int, last: int, documents: int, cases: int, letters: int) -> None:
    """Some of the documents: those from ``first`` to before ``last``, ``letters`` characters each on average."""
    import numpy

    rng = numpy.random.default_rng(first)
    words = numpy.array(WORDS, dtype=object)
    weights = 1 / (numpy.arange(len(WORDS)) + FLATTENING)
    bounds = numpy.cumsum(weights / weights.sum())
    mean = sum(len(word) * weight for word, weight in zip(WORDS, weights / weights.sum(), strict=True)) + 1
    with copying("meetings_document", COLUMNS) as copy:
        for place in range(first, last):
            count = max(20, int(rng.gamma(2.0, letters / mean / 2.0)))
            chosen = words[numpy.searchsorted(bounds, rng.random(count))]
            day, case = day_of(place, documents), place * cases // documents + 1
            secret = place % SECRET_DOCUMENTS == 0
            copy.write_row((
                place + 1, committee, case, place + 1, KINDS[place % len(KINDS)], " ".join(chosen[:6]).capitalize(), day,
                "", secret, "OSL 26:1" if secret else "", " ".join(chosen), day, day, 1,
            ))  # fmt: skip


@contextmanager
def without_history() -> Iterator[None]:
    """Without the tables' own triggers: what history costs is not what is measured here."""
    from django.db import connection

    for deed in ("DISABLE", "ENABLE"):
        with connection.cursor() as cursor:
            for table in ("meetings_case", "meetings_document"):
                cursor.execute(f"ALTER TABLE {table} {deed} TRIGGER USER")
        if deed == "DISABLE":
            yield


def add_documents(committee: Any, home: Path, *, documents: int, cases: int, letters: int) -> None:
    """All the documents, by several processes at once; the index of words afterwards."""
    from django.db import connection

    from bench.serving import environment

    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX document_words")  # made afterwards, at once
    each = documents // WRITERS
    command = [sys.executable, "-m", "bench.search_world", str(home), str(committee.pk)]
    parts = [(n * each, (n + 1) * each, documents, cases, letters) for n in range(WRITERS)]
    writers = [subprocess.Popen([*command, *map(str, one)], env=environment(home)) for one in parts]
    failed = [writer.wait() for writer in writers]
    if any(failed):
        raise RuntimeError("the documents could not be written")
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("CREATE INDEX document_words ON meetings_document USING gin (search)")
        for table in ("meetings_case", "meetings_document"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("VACUUM ANALYZE meetings_document")
        cursor.execute("VACUUM ANALYZE meetings_case")


def sizes() -> dict[str, float]:
    """Characters of text, and megabytes of the table and of its index."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(length(text)), pg_total_relation_size('meetings_document') / 2^20, "
            "pg_relation_size('document_words') / 2^20 FROM meetings_document"
        )
        rows, letters, table, index = cursor.fetchone()
    return {"rows": rows, "letters": letters, "table": table, "index": index}


def main() -> None:
    """Be one of the processes that write."""
    from bench.home import own_data

    home, *told = sys.argv[1:]
    with own_data(Path(home)):
        from roder.core.cli import setup_django

        setup_django()
        committee, first, last, documents, cases, letters = map(int, told)
        write_documents(committee, first, last, documents, cases, letters)


if __name__ == "__main__":
    main()
