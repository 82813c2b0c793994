"""Official letters: their shape, what is missing, versions, who may, and the letter made from a locked report."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import pikepdf
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from roder.access.rights import NotAllowedError
from roder.core.days import FIRST_DAY, LAST_DAY
from roder.core.models import Link, StaleRecordError
from roder.core.persons import find
from roder.meetings.models import Document, DocumentVersion
from roder.meetings.papers import letter as paper
from roder.meetings.papers import letter_report
from roder.meetings.rules import letters as rules
from roder.meetings.services import documents
from roder.meetings.services import letters as services
from roder.reports.document import Bullets, Heading, Paragraph
from roder.reports.document import Document as Paper
from tests.meetings.world import LETTER as WRITTEN
from tests.meetings.world import Chain

LETTER: dict[str, Any] = dict(WRITTEN)

texts = st.text(max_size=30)
people = st.fixed_dictionaries({"name": texts, "title": texts})
letters = st.fixed_dictionaries(
    {},
    optional={
        "heading": texts,
        "date": st.dates(FIRST_DAY, LAST_DAY).map(dt.date.isoformat),
        "worker": people,
        "proposal": st.lists(texts, max_size=4),
        "summary": texts,
        "assessments": st.dictionaries(st.sampled_from([*rules.PROMPTS]), texts),
        "not_concerned": st.lists(st.sampled_from([*rules.PROMPTS])),
        "recipients": st.lists(
            st.fixed_dictionaries({"name": texts, "purpose": st.sampled_from(["FÅ", "FK"])}), max_size=3
        ),
        "signatories": st.lists(people, max_size=2),
    },
)


@given(letters)
def test_any_draft_has_a_shape_that_stays(letter: dict[str, Any]) -> None:
    once = rules.normal(letter)
    assert rules.normal(once) == once
    assert {one.field for one in rules.missing(once)} >= ({"proposal"} if not once["proposal"] else set())
    assert all(parts for _, parts in rules.sections(once))


@given(st.lists(texts.filter(lambda text: text.strip()), max_size=5))
def test_points_are_the_lines_without_their_numbers(points: list[str]) -> None:
    wanted = [" ".join(point.split()) for point in points]
    wanted = [point for point in wanted if rules.lines(point) == [point]]
    assert rules.lines("\n".join(f"{n}. {point}" for n, point in enumerate(wanted, 1))) == wanted


def test_what_is_missing_before_an_agenda() -> None:
    fields = [one.field for one in rules.missing(rules.empty())]
    assert fields == [
        "heading", "to", "date", "worker_name", "proposal", "summary", "assessment", "ekonomi", "barnets_basta",
        "jamstalldhet", "miljo", "recipients", "signatories",
    ]  # fmt: skip
    assert rules.missing(LETTER) == []


def test_a_prompt_that_is_not_concerned_must_say_why() -> None:
    letter = {**LETTER, "assessments": {**LETTER["assessments"], "miljo": ""}, "not_concerned": ["miljo"]}
    assert [one.words for one in rules.missing(letter)] == [
        "Miljö och klimat: Skriv varför beslutet inte berör det."
    ]
    letter["assessments"] = {**LETTER["assessments"], "miljo": "Bara intern styrning."}
    assert rules.missing(letter) == []
    assert rules.prompt_text(letter, "miljo") == "Berörs inte. Bara intern styrning."


@pytest.mark.parametrize(
    "wrong",
    [
        {"proposal": "en text"},
        {"proposal": [1]},
        {"recipients": [{"name": "Chefen", "purpose": "XX"}]},
        {"date": "i går"},
        {"worker": ["Någon"]},
        {"signatories": ["Någon"]},
        {"summary": 7},
    ],
)
def test_what_is_no_letter_is_refused_in_swedish(wrong: dict[str, Any]) -> None:
    with pytest.raises(rules.LetterError, match=r"krivelse|namn|syfte"):
        rules.normal(wrong)


def test_a_personal_number_and_a_nul_are_refused_at_their_fields() -> None:
    found = rules.faults(
        {"summary": "Gäller 19121212-1212", "proposal": ["Bifall", "Gäller 121212-1212"]}, find
    )
    assert set(found) == {"summary", "proposal"} and "1212" not in " ".join(found.values())
    assert "NUL" in rules.faults({"assessments": {"miljo": "a\x00b"}}, find)["miljo"]
    assert "tecken" in rules.faults({"heading": "x" * 301}, find)["heading"]
    assert "rader" in rules.faults({"proposal": ["Bifall"] * 101}, find)["proposal"]


def test_somebody_in_both_lists_gets_it_for_action() -> None:
    found = rules.recipients_of("Förvaltningschef\n- Enhetschef", "Enhetschef\nRevisor")
    assert found == [
        {"name": "Förvaltningschef", "purpose": "FÅ"},
        {"name": "Enhetschef", "purpose": "FÅ"},
        {"name": "Revisor", "purpose": "FK"},
    ]


# --- services -------------------------------------------------------------------------------------------------------


def test_a_draft_is_begun_with_the_case_and_saved_without_everything(chain: Chain) -> None:
    case, by = chain.new_case("Ny taxa"), chain.by("quality_strategist")
    document = services.new_letter(case, by, dated_on=dt.date(2022, 9, 1))
    version = documents.current(document)
    assert version.letter is not None and version.letter["heading"] == "Ny taxa"
    assert version.letter["worker"]["name"] == by.name and services.lacks(version)
    services.save_letter(
        version, by, {**LETTER, "heading": "Ny taxa 2023"}, expected_revision=version.revision
    )
    document.refresh_from_db()
    assert document.title == "Ny taxa 2023" and document.dated_on == dt.date(2022, 9, 15)
    assert "fyra ändringar" in document.text and not services.lacks(documents.current(document))


def test_a_second_saver_is_told_and_a_personal_number_is_refused(chain: Chain) -> None:
    by, version = chain.by("quality_strategist"), chain.letter
    services.save_letter(version, by, {**LETTER, "summary": "Först"}, expected_revision=1)
    stale = DocumentVersion.objects.get(pk=version.pk)
    with pytest.raises(StaleRecordError):
        services.save_letter(stale, by, {**LETTER, "summary": "Sedan"}, expected_revision=1)
    with pytest.raises(ValidationError) as refused:
        services.save_letter(stale, by, {**LETTER, "background": "19121212-1212"}, expected_revision=2)
    assert "personnummer" in refused.value.message_dict["background"][0]
    version.refresh_from_db()
    assert version.letter is not None and version.letter["summary"] == "Först"


def test_what_was_sent_never_changes_and_a_new_version_goes_on_from_it(chain: Chain) -> None:
    by = chain.by("quality_strategist")
    sent = documents.freeze(chain.letter)
    with pytest.raises(services.LetterFault, match="ny version"):
        services.save_letter(sent, by, {**LETTER, "summary": "Ändrat"}, expected_revision=sent.revision)
    with pytest.raises(services.LetterFault, match="nytt i versionen"):
        services.new_version(sent.document, by, dated_on=dt.date(2022, 9, 22), note="  ")
    made = services.new_version(sent.document, by, dated_on=dt.date(2022, 9, 22), note="nio ändringar")
    assert (made.number, made.note, made.current) == (2, "nio ändringar", True)
    again = {**(made.letter or {}), "assessment": "Förvaltningen föreslår nio ändringar."}
    services.save_letter(made, by, again, expected_revision=made.revision)
    sent.refresh_from_db()
    assert sent.letter is not None and sent.letter["assessment"] == "Förvaltningen föreslår fyra ändringar."
    changed = [one for one in documents.difference(sent, made) if one[0] != "equal"]
    assert any("nio ändringar" in new for _, _, new in changed)


def test_members_read_but_do_not_write(chain: Chain) -> None:
    with pytest.raises(NotAllowedError):
        services.save_letter(chain.letter, chain.by("member"), LETTER, expected_revision=1)
    with pytest.raises(NotAllowedError):
        services.new_letter(chain.case, chain.by("member"))


# --- paper ----------------------------------------------------------------------------------------------------------


def test_the_letter_is_printed_with_its_head_and_numbered_points(chain: Chain) -> None:
    version = DocumentVersion.objects.select_related(
        "document__case", "document__committee__municipality"
    ).get(pk=chain.letter.pk)
    content = paper.pdf_of(version)
    assert content == paper.pdf_of(version)
    read = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in read)
    for word in (
        "Tjänsteskrivelse",
        "15 september 2022",
        version.document.case.number.split()[0],
        "Handläggare",
    ):
        assert word.replace(" ", "\u00a0") in text or word in text
    assert "Förslag till beslut" in text and "UTKAST" not in text
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.Root.MarkInfo.Marked and str(opened.Root.Lang) == "sv"
    in_word = docx.Document(io.BytesIO(paper.docx_of(version)))
    numbered = [one.text for one in in_word.paragraphs if one.style and one.style.name == "List Number"]
    assert numbered == LETTER["proposal"]
    version.letter = {**LETTER, "summary": ""}
    assert paper.document_of(version).draft


def test_a_reports_own_beginning_becomes_the_summary() -> None:
    document = Paper(
        "Rapport", "Rapport", "K", "N",
        blocks=(
            Heading(1, "Sammanfattning"), Paragraph(("Ökar ", "något.")), Bullets((("Fall",), ("Läkemedel",))),
            Heading(1, "Sedan"), Paragraph(("Annat.",)),
        ),
    )  # fmt: skip
    assert letter_report.summary_of(document) == "Ökar något.\n\n– Fall\n\n– Läkemedel"
    long = Paper("R", "R", "K", "N", blocks=(Paragraph(("a" * 1400,)), Paragraph(("b" * 1400,))))
    assert letter_report.summary_of(long) == "a" * 1400


def test_a_file_is_no_letter(chain: Chain) -> None:
    with pytest.raises(rules.LetterError):
        paper.document_of(chain.paper)
    with pytest.raises(services.LetterFault):
        services.new_version(
            chain.paper.document, chain.by("secretary"), dated_on=dt.date(2022, 9, 1), note="ny"
        )


def test_a_letter_says_what_it_was_made_from_once(chain: Chain) -> None:
    document = chain.letter.document
    services.made_from(document, chain.case)
    services.made_from(document, chain.case)
    assert Link.objects.filter(kind=Link.Kind.MADE_FROM).count() == 1
    assert services.of_source(chain.case) == [document.pk]
    assert Document.objects.filter(pk__in=services.of_source(chain.case)).exists()
