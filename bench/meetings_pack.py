"""A pack of forty documents and a thousand pages: the first time, again after one document has changed, and how much
memory it takes; against what a shell has for it, pdfunite and a program that stamps.

The documents are made in one process, the pack in another, so that the memory is the pack's own.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from datetime import date, time
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data, peak_memory
from bench.parts import be, child
from bench.results import Row, limit_row, seconds
from bench.timing import timed

NAME = "pack"
MODULE = "bench.meetings_pack"
DOCUMENTS, PAGES = 40, 25
QUICK = 4
FIRST, AGAIN, MEMORY = 20, 5, 800
PATIENCE = 300  # seconds that the shell's pipeline is given
WORDS = "nämnden förvaltningen avvikelser redovisning kvalitet verksamhet omsorg uppdrag beslut ekonomi prognos".split()
#: What writes ``Sida 12 av 337`` on every page with Ghostscript, which has to write every page anew.
STAMP = (
    "<</EndPage {exch /n exch 1 add def 2 ne {gsave initmatrix /Helvetica 8 selectfont 500 9 moveto (Sida ) show "
    "n 10 string cvs show ( av %d) show grestore true} {pop false} ifelse}>> setpagedevice"
)


def letter(seed: int, pages: int) -> bytes:
    """A document of so many pages with text, a table, a picture and links; every seventh lies on its side."""
    import typst

    chance = random.Random(seed)
    parts = ["#outline()\n"]
    for page in range(pages - 1):
        text = "\n\n".join(" ".join(chance.choice(WORDS) for _ in range(70)) for _ in range(3))
        cells = ", ".join(f"[{chance.randint(0, 99999)}]" for _ in range(24))
        drawing = "".join(
            f"#place(dx: {chance.randint(0, 300)}pt, rect(width: 9pt, height: {chance.randint(2, 60)}pt))"
            for _ in range(40)
        )
        parts.append(
            f"#pagebreak()\n= Kapitel {page}\n{text}\n#table(columns: 4, {cells})\n#block(height: 70pt)[{drawing}]\n"
        )
    flipped = "flipped: true, " if seed % 7 == 3 else ""
    source = f'#set page(paper: "a4", {flipped}margin: 2cm, footer: context counter(page).display())\n#set text(9pt)\n'
    made: bytes = typst.compile((source + "".join(parts)).encode(), format="pdf")
    return made


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """A meeting with its documents on ten points. Gives its number and the secretary's."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from bench import world
        from roder.meetings.models import Case, Document
        from roder.meetings.services import agenda

        committee = world.example()
        by = world.somebody(committee, "secretary")
        meeting = agenda.plan_meeting(committee, committee, date(2022, 9, 27), time(14), by)
        case = Case.objects.create(
            committee=committee, number="2022.900 VON", number_key="2022-900-VON", year=2022, title="Mätning",
            opened_on=date(2022, 9, 1),
        )  # fmt: skip
        count = QUICK if quick else DOCUMENTS
        for number in range(count):
            if number % 4 == 0:
                item = agenda.add_item(
                    meeting, by, kind="decision", title=f"Ärende {number // 4 + 1}", case=case
                )
            document = Document.objects.create(
                committee=committee, case=case, number=number + 1, kind="attachment", title=f"Handling {number + 1}",
                dated_on=date(2022, 9, 1),
            )  # fmt: skip
            agenda.add_paper(item, version(document, 1, number), by)
        return {"meeting": meeting.pk, "by": by.pk}


def version(document: Any, number: int, seed: int) -> Any:
    """A version of a document, with its PDF kept."""
    from roder import files
    from roder.meetings.models import DocumentVersion

    stored = files.store_bytes(letter(seed, PAGES), f"{document.title}-{number}.pdf", document, None)
    blob = stored.current.blob
    return DocumentVersion.objects.create(
        document=document, number=number, dated_on=date(2022, 9, 1), file_version=stored.current, pdf=blob,
        pdf_state="done", pages=PAGES,
    )  # fmt: skip


def change(home: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Put a new version of one document on the agenda."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from roder.meetings.models import DocumentVersion, ItemPaper

        paper = ItemPaper.objects.filter(item__meeting=told["meeting"]).order_by("pk")[1]
        old = paper.version
        DocumentVersion.objects.filter(pk=old.pk).update(current=False)
        ItemPaper.objects.filter(pk=paper.pk).update(version=version(old.document, 2, 4711))
        return {}


def make(home: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Make the pack. Gives the seconds, the pages, the size in MB and the most memory in MB."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from roder.meetings.models import Meeting
        from roder.meetings.papers.pack import make_pack
        from roder.organisation.models import Person

        meeting, by = Meeting.objects.get(pk=told["meeting"]), Person.objects.get(pk=told["by"])
        took = timed(lambda: make_pack(meeting, by))
        pack = make_pack(meeting, by)
        return {"took": took, "pages": pack.pages, "size": pack.blob.size / 1e6, "memory": peak_memory(),
                "same": timed(lambda: make_pack(meeting, by)),
                "parts": [part["sha256"] for part in pack.manifest[1:]]}  # fmt: skip


def shell(home: Path, parts: list[str], pages: int) -> dict[str, Any]:
    """The same documents by the shell: pdfunite, and Ghostscript for the numbers. What is not installed is None."""
    whole, stamped = home / "whole.pdf", home / "stamped.pdf"
    paths = [str(home / "files" / sha256[:2] / sha256) for sha256 in parts]
    took: dict[str, Any] = {"pdfunite": None, "gs": None}
    if shutil.which("pdfunite"):
        took["pdfunite"] = timed(lambda: subprocess.run(["pdfunite", *paths, str(whole)], check=True))
        if shutil.which("gs"):
            stamp = "/n 0 def " + STAMP % pages
            command = [
                "gs",
                "-q",
                "-dSAFER",
                "-o",
                str(stamped),
                "-sDEVICE=pdfwrite",
                "-c",
                stamp,
                "-f",
                str(whole),
            ]
            options: dict[str, Any] = {
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.DEVNULL,
                "timeout": PATIENCE,
            }
            try:
                took["gs"] = timed(lambda: subprocess.run(command, check=True, **options))
            except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as fault:
                took["gs"] = f"gave up ({type(fault).__name__})"
    return took


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, make, change one document, make again, and let the shell do its part."""
    with free_directory() as home:
        told = child(MODULE, "prepare", str(home), home, quick=quick)
        first = child(MODULE, "make", str(home), home, quick=quick, told=told)
        child(MODULE, "change", str(home), home, quick=quick, told=told)
        again = child(MODULE, "make", str(home), home, quick=quick, told=told)
        other = shell(home, again["parts"], again["pages"])
    what = f"pack of {len(again['parts'])} documents, {again['pages']} pages"
    rows = [
        limit_row(NAME, f"{what}, first time", first["took"], "s", "at most", FIRST, 2),
        limit_row(NAME, f"{what}, one document changed", again["took"], "s", "at most", AGAIN, 2),
        limit_row(
            NAME, f"{what}, most memory", max(first["memory"], again["memory"]), "MB", "at most", MEMORY
        ),
    ]
    said = {
        name: "not installed here" if took is None else took if isinstance(took, str) else seconds(took)
        for name, took in other.items()
    }
    return rows, [
        f"pack: text, tables and drawings by Typst, some pages on their side, {again['size']:.1f} MB in all. First time: "
        "each document is looked through for where a number may stand. Again: one new document is looked through, and the "
        f"whole is put together anew. Nothing changed: {seconds(first['same'])}. By the shell on the same files, in the "
        f"same run: pdfunite {said['pdfunite']} (no front, links, bookmarks or numbers), Ghostscript for the numbers "
        f"{said['gs']} (it writes every page anew, and its number covers what is there)."
    ]


if __name__ == "__main__":
    be(
        {
            "prepare": lambda where, told, quick: prepare(Path(where), quick=quick),
            "change": lambda where, told, quick: change(Path(where), told),
            "make": lambda where, told, quick: make(Path(where), told),
        }
    )
