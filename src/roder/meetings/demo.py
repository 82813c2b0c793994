"""The demonstration's meetings: Alingsås' of 2022-09-27 with its preparation, the vote of Oxelösund's council, and
Oxelösund's balance list.

    lines = load(examples, people)               # people: role with hyphens -> person; can be run again
    paths = write_documents(out, people)         # the pack, the minutes, the balance list, the table of grants
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from roder.files import disk
from roder.meetings.demo_meeting import carry_out
from roder.meetings.demo_watches import load_balance
from roder.meetings.models import DocumentVersion, Meeting, Minutes
from roder.meetings.papers import letter, locking
from roder.meetings.papers.balance_list import write_balance_list
from roder.meetings.papers.pack import make_pack
from roder.meetings.services import documents
from roder.organisation.models import Body, Person
from roder.registers.demo import load as load_registers
from roder.registers.models import GrantCall
from roder.registers.papers.grants import write_grants
from roder.reports.files import write_beside

HOME, OTHER = "alingsas-von", "oxelosund-von"
#: folder of examples -> the file of its meetings
FILES = {"alingsas": "sammantrade-2022-09-27.yaml", "oxelosund": "votering-2023-06-14.yaml"}
MEETING, LISTED, GRANTS = date(2022, 9, 27), date(2023, 12, 13), 2024


def load(examples: Path, people: Mapping[str, Person]) -> list[str]:
    """Load the registers and the balance list and hold the meetings, once. ``people``: role with hyphens -> person.

    Gives what was done, a line each. Raises UserFault for a file that cannot be read.
    """
    lines = load_registers(examples)
    balance = examples / "oxelosund" / "balanslista.yaml"
    if balance.is_file():
        made = load_balance(balance, Body.objects.get(slug=OTHER), people["secretary"])
        lines.append(f"balanslistan 2023-12-13: {len(made)} nya rader")
    for folder, name in FILES.items():
        path = examples / folder / name
        if path.is_file():
            told = carry_out(path, people)
            lines += told.done or [f"{told.committee.municipality.name}: sammanträdena finns redan"]
    return lines


def write_documents(out: Path, people: Mapping[str, Person]) -> list[Path]:
    """Write the pack of the home committee's meeting, its minutes in four formats, and Oxelösund's balance list and
    table of grants. Gives the files; what there is nothing for is left out."""
    made: list[Path] = []
    meeting = Meeting.objects.filter(body__slug=HOME, date=MEETING).first()
    if meeting is not None:
        made.append(_pack(meeting, out / "alingsas", people["secretary"]))
        record = Minutes.objects.select_related("meeting__body").filter(meeting=meeting).first()
        made += locking.write_files(record, out / "alingsas") if record is not None else []
    other = Body.objects.filter(slug=OTHER).select_related("municipality").first()
    if other is not None:
        made += write_balance_list(other, LISTED, out / "oxelosund")
        if GrantCall.objects.filter(committee=other, year=GRANTS).exists():
            made += write_grants(other, GRANTS, out / "oxelosund")
    return made


def _pack(meeting: Meeting, folder: Path, by: Person) -> Path:
    """The public pack as a file, its letters printed first (the job queue does that in a running installation)."""
    waiting = DocumentVersion.objects.filter(papers__item__meeting=meeting, pdf=None)
    for version in waiting.select_related("document__case", "document__committee__municipality").distinct():
        documents.make_pdf(version, letter.pdf_of)
    pack = make_pack(meeting, by, public=True)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"kallelse-{meeting.date.isoformat()}.pdf"
    write_beside(path, disk.path_of(pack.blob.sha256).read_bytes())
    return path
