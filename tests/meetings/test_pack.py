"""The pack: what stands on which page, what leads where, and what is never in it."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from roder import files
from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.files import disk
from roder.meetings.cli import meeting
from roder.meetings.models import DocumentVersion, ItemPaper, Meeting, Pack
from roder.meetings.papers.pack import latest, make_pack
from roder.meetings.papers.pack_parts import PartError, facts_of, look
from roder.meetings.papers.pack_plan import plan
from roder.meetings.rules import pack as rules
from roder.meetings.services import agenda
from tests.meetings.world import Chain

SIZES = {"A4": (595, 842), "liggande": (842, 595), "A3": (842, 1191), "smal": (300, 400)}


# --- arithmetic -----------------------------------------------------------------------------------------------------

PARTS = st.lists(st.integers(0, 400), min_size=1, max_size=60).map(
    lambda pages: [rules.Part(f"p:{at}", f"Del {at}", f"{at:064x}", count) for at, count in enumerate(pages)]
)


@given(PARTS)
def test_parts_lie_close_and_their_pages_are_all(parts: list[rules.Part]) -> None:
    placed = rules.place(parts)
    assert placed[0].first == 1
    for before, after in itertools.pairwise(placed):
        assert after.first == before.last + 1
    assert rules.total(placed) == sum(part.pages for part in parts)
    manifest = [one.as_data() for one in placed]
    assert rules.same(manifest, parts)
    assert not rules.changes(manifest, parts)


@given(PARTS, st.data())
def test_one_document_that_changes_is_seen(parts: list[rules.Part], data: st.DataObject) -> None:
    manifest = [one.as_data() for one in rules.place(parts)]
    at = data.draw(st.integers(0, len(parts) - 1))
    other = rules.Part(parts[at].gid, parts[at].title, "f" * 64, parts[at].pages)
    wanted = [*parts[:at], other, *parts[at + 1 :]]
    assert not rules.same(manifest, wanted)
    assert rules.changes(manifest, wanted) == [f"Ändrad: {other.title}"]


BOX = st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(100, 2000), st.floats(100, 2000))


@given(BOX, st.sampled_from([0, 90, 180, 270, 360, -90]), st.floats(0, 90), st.floats(0, 90))
def test_the_number_lies_on_the_page_however_it_is_turned(
    box: Any, turned: int, across: float, up: float
) -> None:
    left, bottom, width, height = box
    page = rules.Page(left, bottom, left + width, bottom + height, turned)
    a, b, c, d, e, f = rules.matrix(page, across, up)
    assert page.left - 0.01 <= e <= page.right + 0.01 and page.bottom - 0.01 <= f <= page.top + 0.01
    assert (a * d - b * c) == 1  # turned, never mirrored
    longer = rules.longer(page)
    assert longer.width == pytest.approx(page.width)
    assert longer.height == pytest.approx(page.height + rules.BAND)
    for start in rules.starts(page.width, 60):
        assert 0 <= start <= max(page.width - 60, 0) + 0.01


# --- in the database ------------------------------------------------------------------------------------------------


def written(lines: list[str], size: tuple[float, float] = (595, 842), **page: Any) -> bytes:
    """A PDF with one page for each text, written in the middle of it; ``foot`` is a text at its bottom, all across."""
    pdf, target = pikepdf.Pdf.new(), io.BytesIO()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    foot = page.pop("foot", False)
    for text in lines:
        one = pdf.add_blank_page(page_size=size)
        bar = f"0 0 {size[0]} 18 re f " if foot else ""
        one.obj.Contents = pdf.make_stream(
            f"{bar}BT /F1 12 Tf 40 {size[1] / 2} Td ({text}) Tj ET".encode("latin-1")
        )
        one.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        for key, value in page.items():
            one.obj[f"/{key}"] = value
    pdf.save(target)
    return target.getvalue()


def put(
    chain: Chain, item: Any, title: str, content: bytes, pages: int, kind: str = "attachment", **more: Any
) -> DocumentVersion:
    """A document with this content, on the item."""
    version = chain.new_document(item.case or chain.case, title, kind, pages, **more)
    stored = files.store_bytes(content, f"{title}.pdf", version.document, None)
    assert stored.current is not None
    DocumentVersion.objects.filter(pk=version.pk).update(pdf=stored.current.blob)
    version.refresh_from_db()
    ItemPaper.objects.create(item=item, version=version, position=item.papers.count() + 1)
    return version


def texts(pack: Pack) -> list[str]:
    """The text of every page of a pack, as another program reads it."""
    document = pypdfium2.PdfDocument(disk.path_of(pack.blob.sha256))
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


def raw(pack: Pack) -> bytes:
    """Every byte of a pack, streams decoded."""
    target = io.BytesIO()
    with pikepdf.open(disk.path_of(pack.blob.sha256)) as pdf:
        pdf.save(target, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return target.getvalue()


@pytest.fixture
def agenda_of(chain: Chain) -> Chain:
    """A meeting with a decision with letter and attachment, an information with a landscape page, a messages item."""
    meeting, case = Meeting.objects.get(pk=chain.meeting.pk), chain.new_case("Taxa")
    meeting.items.all().delete()
    first = chain.new_item(meeting, "Upprop och val av justerare", kind="formality")
    put_on = chain.new_item(meeting, "Ny taxa", case)
    put(chain, put_on, "Skrivelse om taxa", written(["Brev ett", "Brev tva"]), 2, "letter")
    put(chain, put_on, "Taxa", written(["Bilaga ett", "Bilaga tva", "Bilaga tre"], Rotate=90), 3)
    info = chain.new_item(meeting, "Information", kind="information", case=chain.new_case("Lägesbild"))
    put(chain, info, "Bilder", written(["Bild ett"], SIZES["liggande"]), 1)
    assert first.pk
    return chain


def test_the_pages_are_numbered_and_the_parts_where_the_front_says(agenda_of: Chain) -> None:
    made = make_pack(agenda_of.meeting, agenda_of.by("secretary"))
    found = texts(made)
    assert len(found) == made.pages == 7
    for number, text in enumerate(found, start=1):
        assert f"Sida {number} av 7" in text
    starts = {one["title"]: one["first"] for one in made.manifest}
    assert [starts[title] for title in ("Skrivelse om taxa", "Taxa", "Bilder")] == [2, 4, 7]
    assert "Bilaga ett" in found[3] and "Bild ett" in found[6]
    assert "Upprop och val av justerare" in found[0] and "Ny taxa" in found[0]


def test_links_and_bookmarks_lead_to_the_right_pages(agenda_of: Chain) -> None:
    made = make_pack(agenda_of.meeting, agenda_of.by("secretary"))
    with pikepdf.open(disk.path_of(made.blob.sha256)) as pdf:
        page_of = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        links = {page_of[one.A.D[0].objgen] for one in pdf.pages[0].obj.Annots}
        assert links == {2, 4, 7}
        assert not any("/URI" in one.A for one in pdf.pages[0].obj.Annots)
    document = pypdfium2.PdfDocument(disk.path_of(made.blob.sha256))
    marks = [(mark.level, mark.get_title(), mark.get_dest().get_index() + 1) for mark in document.get_toc()]
    document.close()
    assert marks == [
        (0, "Framsida och ärendelista", 1),
        (0, "1. Upprop och val av justerare", 1),
        (0, "2. Ny taxa", 2),
        (1, "Skrivelse om taxa", 2),
        (1, "Taxa", 4),
        (0, "3. Information", 7),
        (1, "Bilder", 7),
    ]


def test_nothing_changed_gives_the_same_pack_and_a_change_new_numbers(agenda_of: Chain) -> None:
    by = agenda_of.by("secretary")
    made = make_pack(agenda_of.meeting, by)
    assert make_pack(agenda_of.meeting, by).pk == made.pk
    item = agenda_of.meeting.items.get(title="Information")
    put(agenda_of, item, "Till", written(["Till"]), 1)
    again = make_pack(agenda_of.meeting, by)
    assert again.pages == 8
    assert all(f"Sida {number} av 8" in text for number, text in enumerate(texts(again), start=1))
    assert not Pack.objects.filter(pk=made.pk).exists()  # a working copy before the summons
    assert not files.models.Blob.objects.filter(pk=made.blob_id).exists()  # type: ignore[attr-defined]


def test_the_pack_that_was_sent_is_kept_and_its_papers_frozen(agenda_of: Chain) -> None:
    by = agenda_of.by("secretary")
    agenda.summon(agenda_of.meeting, by)
    made = make_pack(agenda_of.meeting, by)
    agenda.withdraw_item(agenda_of.meeting.items.get(title="Information"), by)
    again = make_pack(agenda_of.meeting, by)
    assert again.pk != made.pk and again.pages == 6
    assert Pack.objects.filter(meeting=agenda_of.meeting).count() == 2
    assert "utgår" in texts(again)[0]
    frozen = DocumentVersion.objects.filter(papers__item__meeting=agenda_of.meeting)
    assert not frozen.filter(frozen_at=None).exists()


def test_secret_parts_are_in_no_byte_of_the_public_pack(agenda_of: Chain) -> None:
    by, meeting = agenda_of.by("secretary"), agenda_of.meeting
    case = agenda_of.new_case("Avtal med HEMLIGKUND", secret=True)
    hidden = agenda_of.new_item(meeting, "Avtal HEMLIGRUBRIK", case, presenter="HEMLIGPERSON")
    put(agenda_of, hidden, "HEMLIGBREV", written(["HEMLIGTEXT"]), 1)
    under = agenda_of.new_item(meeting, "HEMLIGUNDERPUNKT", parent=hidden, position=1)
    put(agenda_of, under, "HEMLIGBILAGA", written(["HEMLIGTVA"]), 1)
    open_item = meeting.items.get(title="Information")
    put(
        agenda_of,
        open_item,
        "HEMLIGPAPPER",
        written(["HEMLIGTRE"]),
        1,
        secret=True,
        secrecy_section="OSL 25:1",
    )
    public = make_pack(meeting, by, public=True)
    front = texts(public)[0]
    assert public.pages == 7 and "Offentlig version" in front
    assert "Sekretess enligt OSL 26:1" in front
    assert "2 punkter omfattas av sekretess" in front and "1 handling omfattas av sekretess" in front
    everything = raw(public)
    assert b"HEMLIG" not in everything
    assert "HEMLIG" not in "".join(texts(public)) and "HEMLIG" not in str(public.manifest)
    with pikepdf.open(disk.path_of(public.blob.sha256)) as pdf, pdf.open_outline() as outline:
        titles = [one.title for one in outline.root] + [
            two.title for one in outline.root for two in one.children
        ]
    assert "HEMLIG" not in " ".join(titles)
    whole = make_pack(meeting, by)
    assert "HEMLIGTEXT" in "".join(texts(whole)) and whole.pages == 10


def test_the_same_papers_at_two_points_are_in_the_pack_once(agenda_of: Chain) -> None:
    meeting = agenda_of.meeting
    first = meeting.items.get(title="Ny taxa")
    again = agenda_of.new_item(meeting, "Ny taxa, beslut", first.case)
    for paper in first.papers.all():
        ItemPaper.objects.create(item=again, version=paper.version, position=paper.position)
    made = make_pack(meeting, agenda_of.by("secretary"))
    assert made.pages == 7
    document = pypdfium2.PdfDocument(disk.path_of(made.blob.sha256))
    marks = {mark.get_title(): mark.get_dest().get_index() + 1 for mark in document.get_toc()}
    document.close()
    assert marks["4. Ny taxa, beslut"] == 2


@pytest.mark.parametrize("broken", ["locked", "broken", "empty", "gone"])
def test_what_cannot_come_along_is_named_and_the_rest_is_made(agenda_of: Chain, broken: str) -> None:
    item = agenda_of.meeting.items.get(title="Information")
    version = put(agenda_of, item, "Trasig bilaga", written([f"x{broken}"]), 1)
    assert version.pdf is not None
    path = disk.path_of(version.pdf.sha256)
    if broken == "locked":
        with pikepdf.open(path) as pdf:
            pdf.save(path.with_suffix(".ny"), encryption=pikepdf.Encryption(owner="a", user="b"))
        path.with_suffix(".ny").replace(path)
    elif broken == "broken":
        path.write_bytes(b"%PDF-1.7\n" + b"\0" * 400)
    elif broken == "empty":
        pikepdf.Pdf.new().save(path)
    else:
        path.unlink()
    found = plan(agenda_of.meeting, public=False)
    assert len(found.faults) == 1 and "Trasig bilaga" in found.faults[0]
    words = {"locked": "lösenord", "broken": "skadad", "empty": "inga sidor", "gone": "saknas"}[broken]
    assert words in found.faults[0]
    made = make_pack(agenda_of.meeting, agenda_of.by("secretary"))
    assert made.pages == 7
    front = texts(made)[0]
    assert "Det här är inte med" in front and "Trasig bilaga" in front


def test_what_is_not_converted_is_told(agenda_of: Chain) -> None:
    version = put(agenda_of, agenda_of.meeting.items.get(title="Information"), "Ritning", written(["r"]), 1)
    DocumentVersion.objects.filter(pk=version.pk).update(
        pdf=None, pages=None, pdf_state="failed", pdf_fault="LibreOffice saknas på servern."
    )
    (fault,) = plan(agenda_of.meeting, public=True).faults
    assert "Ritning" in fault and "LibreOffice saknas" in fault


def test_numbers_stand_free_on_every_kind_of_page(chain: Chain) -> None:
    meeting = Meeting.objects.get(pk=chain.meeting.pk)
    meeting.items.all().delete()
    item = chain.new_item(meeting, "Olika sidor", chain.case)
    turned = {
        f"{name} {turn}": (size, {"Rotate": turn})
        for name, size in SIZES.items()
        for turn in (0, 90, 180, 270)
    }
    boxes = {
        "beskuren": (SIZES["A3"], {"CropBox": pikepdf.Array([100, 200, 500, 900])}),
        "utfylld": (SIZES["A4"], {"foot": True}),
        "stor enhet": (SIZES["smal"], {"UserUnit": 2}),
    }
    for name, (size, more) in {**turned, **boxes}.items():
        put(chain, item, name, written([name], size, **more), 1)
    made = make_pack(meeting, chain.by("secretary"))
    document = pypdfium2.PdfDocument(disk.path_of(made.blob.sha256))
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        found = text.get_text_range().find(f"Sida {number} av {made.pages}")
        assert found >= 0
        rects = [text.get_charbox(found + at) for at in (0, 5)]
        left, bottom, right, top = page.get_mediabox() if page.get_cropbox() is None else page.get_cropbox()
        for one in rects:
            assert left <= one[0] <= one[2] <= right and bottom <= one[1] <= one[3] <= top
        near = {
            0: rects[0][1] - bottom, 90: right - rects[0][2], 180: top - rects[0][3], 270: rects[0][0] - left
        }[page.get_rotation()]  # fmt: skip
        assert 0 < near < rules.BAND
    document.close()
    long = facts_of(DocumentVersion.objects.get(document__title="utfylld").pdf.sha256)  # type: ignore[union-attr]
    assert long.spots == "x"


def test_a_page_with_words_at_the_right_gets_its_number_elsewhere(tmp_path: Path) -> None:
    pdf = pikepdf.Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Contents = pdf.make_stream(b"480 8 80 8 re f")
    pdf.save(tmp_path / "a.pdf")
    assert look(tmp_path / "a.pdf").spots == "m"
    with pytest.raises(PartError, match="saknas"):
        look(tmp_path / "b.pdf")


def test_links_inside_a_part_lead_on_within_it(chain: Chain) -> None:
    pdf, target = pikepdf.Pdf.new(), io.BytesIO()
    for _ in range(3):
        pdf.add_blank_page(page_size=(595, 842))
    here = pikepdf.Array([pdf.pages[2].obj, pikepdf.Name.Fit])
    pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.NameTree.new(pdf).obj)
    pikepdf.NameTree(pdf.Root.Names.Dests)["kap3"] = pikepdf.Dictionary(D=here)
    box = pikepdf.Array([0, 0, 10, 10])
    link = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Link, "Rect": box}
    pdf.pages[0].obj.Annots = pikepdf.Array([
        pdf.make_indirect(pikepdf.Dictionary(**link, Dest=pikepdf.String("kap3"))),
        pdf.make_indirect(pikepdf.Dictionary(**link, A=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=here))),
    ])  # fmt: skip
    pdf.save(target)
    meeting = Meeting.objects.get(pk=chain.meeting.pk)
    meeting.items.all().delete()
    put(chain, chain.new_item(meeting, "Rapport", chain.case), "Rapport", target.getvalue(), 3)
    made = make_pack(meeting, chain.by("secretary"))
    with pikepdf.open(disk.path_of(made.blob.sha256)) as found:
        named, direct = found.pages[1].obj.Annots
        assert named.Dest[0].objgen == direct.A.D[0].objgen == found.pages[3].obj.objgen


@pytest.mark.parametrize("role", ["member", "chair", "controller", "auditor", "head_administration"])
def test_only_the_secretary_makes_packs(agenda_of: Chain, role: str) -> None:
    with pytest.raises(NotAllowedError):
        make_pack(agenda_of.meeting, agenda_of.by(role), public=True)
    assert latest(agenda_of.meeting, public=True) is None


def test_the_command_writes_the_file(
    agenda_of: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roder.core.cli.setup_django", lambda **_: None)
    out = tmp_path / "sub" / "handlingar.pdf"
    put(agenda_of, agenda_of.meeting.items.get(title="Information"), "Trasig", b"%PDF-1.7 trasig" * 30, 1)
    done = CliRunner().invoke(meeting, ["pack", str(agenda_of.meeting.pk), "--public", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "7 sidor, 3 handlingar" in done.output and "Inte med: 3. Trasig" in done.output
    assert out.read_bytes().startswith(b"%PDF")
    done = CliRunner().invoke(
        meeting, ["summons", str(agenda_of.meeting.pk), "--out", str(tmp_path / "k.pdf")]
    )
    assert done.exit_code == 0 and (tmp_path / "k.pdf").read_bytes().startswith(b"%PDF")
    assert str(agenda_of.meeting.pk) in CliRunner().invoke(meeting, ["list"]).output
    missing = CliRunner().invoke(meeting, ["pack", "999999"])
    assert isinstance(missing.exception, UserFault) and "finns inte" in str(missing.exception)
