"""A report's files: written whole or not at all, given out unaltered, and all of them for the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roder.reports import demo, files
from roder.reports.models import Report
from roder.reports.services import ReportFault, check, lock, save_comment, write_files
from tests.reports.committee import EXAMPLES, Committee

KILLED = """
import os, sys, signal
sys.path[:0] = [{source!r}, {root!r}]
os.environ["DJANGO_SETTINGS_MODULE"] = "roder.core.settings"
import django
django.setup()
from roder.reports import files
from roder.reports.render import xlsx
written = []
fsync = os.fsync
def dying(descriptor):
    written.append(descriptor)
    if len(written) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)
files.os.fsync = dying
files.sweep = lambda: None
files.write_folder("prov", "rapport", tuple(files.Rendered(name, b"x" * 100) for name in ("html", "pdf", "docx")))
print("klar")
"""


@pytest.mark.parametrize("after", [4, 5, 99])
def test_killed_while_writing_there_is_a_whole_folder_or_none(data_dir: Path, after: int) -> None:
    root = Path(__file__).parents[2]
    program = KILLED.format(source=str(root / "src"), root=str(root), after=after)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    folders = [
        path for path in (data_dir / "reports").iterdir() if not path.name.startswith(files.UNFINISHED)
    ]
    assert (done.stdout.strip() == "klar") is (after == 99), done.stderr
    assert len(folders) == (1 if after >= 5 else 0)
    for folder in folders:
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
            f"rapport.{name}": b"x" * 100 for name in ("html", "pdf", "docx")
        }


def test_what_was_interrupted_is_swept_at_the_next_lock(
    alingsas: Committee, draft: Report, data_dir: Path
) -> None:
    left = data_dir / "reports" / ".rapport-gammal"
    recent = data_dir / "reports" / ".rapport-pagar"
    for folder in (left, recent):
        folder.mkdir(parents=True)
        (folder / "halv.pdf").write_bytes(b"%PDF")
    os.utime(left, (0, 0))
    lock(draft, alingsas.people["controller"])

    assert not left.exists()
    assert recent.exists()  # somebody may still be writing there


def test_an_altered_file_is_not_given_out(alingsas: Committee, draft: Report, data_dir: Path) -> None:
    locked = lock(draft, alingsas.people["controller"])
    pdf = locked.files.get(format="pdf")
    (data_dir / "reports" / pdf.path).write_bytes(b"%PDF-annat")
    with pytest.raises(files.ReportFileFault, match="inte den som skrevs"):
        files.read(pdf)
    (data_dir / "reports" / pdf.path).unlink()
    with pytest.raises(files.ReportFileFault, match="saknas"):
        files.read(pdf)


def test_files_are_written_out_with_their_names(alingsas: Committee, draft: Report, tmp_path: Path) -> None:
    with pytest.raises(ReportFault, match="utkast"):
        write_files(draft, tmp_path / "ut")
    locked = lock(draft, alingsas.people["controller"])
    made = write_files(locked, tmp_path / "ut")

    assert sorted(path.name for path in made) == [
        f"manadsuppfoljning-2022-05.{ending}" for ending in ("docx", "html", "pdf", "xlsx")
    ]
    assert sorted(path.name for path in (tmp_path / "ut").iterdir()) == sorted(path.name for path in made)


def test_comments_are_read_from_a_file_and_unknown_sections_refused(
    alingsas: Committee, draft: Report
) -> None:
    by = alingsas.people["controller"]
    data = demo.read_comments(EXAMPLES / "alingsas" / "kommentarer.yaml")
    save_comment(draft, "sammanfattning", "", "Eget.", by)
    assert demo.load_comments_from_yaml(draft, data, by) > 5
    assert draft.comments.get(section="sammanfattning").text == "Eget."
    assert demo.load_comments_from_yaml(draft, data, by) == 0

    with pytest.raises(ReportFault, match="väder"):
        demo.load_comments_from_yaml(draft, {"manadsuppfoljning": {"2022-05": {"väder": "Sol"}}}, by)


def test_the_examples_comments_of_may_contradict_nothing(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    demo.load_comments_from_yaml(draft, demo.read_comments(EXAMPLES / "alingsas" / "kommentarer.yaml"), by)
    assert [one.message for one in check(draft) if one.blocks or one.must_be_acknowledged] == []


def test_everything_is_written_for_the_demonstration_and_again(alingsas: Committee, tmp_path: Path) -> None:
    by = alingsas.people["controller"]
    examples = tmp_path / "exempel"
    made = demo.write_all(tmp_path / "ut", by, examples)
    names = sorted(path.name for path in made if path.suffix == ".pdf")

    assert names == [
        "arshjul-2022.pdf", "delarsbokslut-2022.pdf", "fordjupad-manadsuppfoljning-2022-04.pdf",
        "manadsuppfoljning-2022-03.pdf", "manadsuppfoljning-2022-05.pdf", "verksamhetsplan-2022.pdf",
    ]  # fmt: skip
    assert demo.write_all(tmp_path / "ut", by, examples) == made
    assert Report.objects.count() == len(names)
