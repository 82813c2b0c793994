"""The pages of reports: what stands there for whom, writing in place, locking, files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from click.testing import CliRunner
from django.test import Client

from roder.core.cli import roder
from roder.reports.models import Report
from roder.reports.services import lock, save_comment
from tests.reports.committee import Committee

LIST = "/alingsas-von/2022/rapporter/"
MAY = f"{LIST}manadsuppfoljning/2022-05/"
V1 = f"{MAY}v/1/"

AsRole = Callable[[str], Client]


@pytest.fixture
def as_role(alingsas: Committee) -> AsRole:
    def login(role: str) -> Client:
        client = Client()
        client.force_login(alingsas.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def text_of(response: object) -> str:
    return response.content.decode().replace("\u00a0", " ")  # type: ignore[attr-defined]


def comment(client: Client, text: str, revision: str = "", action: str = "save", **more: str) -> object:
    data = {
        "section": "prognos",
        "subject": "ovriga",
        "text": text,
        "revision": revision,
        "action": action,
        **more,
    }
    return client.post(f"{V1}kommentar/", data)


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_years_reports_and_begins_one(as_role: AsRole) -> None:
    client = as_role("controller")
    page = text_of(client.get(LIST))
    assert "Månadsuppföljning maj 2022" in page
    assert "Delårsbokslut" in page
    assert "Inte påbörjad" in page

    begun = client.post(f"{MAY}oppna/", follow=True)
    assert begun.redirect_chain == [(V1, 302)]
    assert "Utkast" in text_of(client.get(LIST))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_given_as_a_file(as_role: AsRole, draft: Report, form: str) -> None:
    answer = as_role("controller").get(f"{LIST}?format={form}")
    assert answer["Content-Disposition"] == f'attachment; filename="alingsas-von-rapporter-2022.{form}"'
    if form == "csv":
        assert "Månadsuppföljning maj 2022;Månadsuppföljning;2022-05-31;utkast;1;" in answer.content.decode()
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "Månadsuppföljning maj 2022" in values


def test_a_member_sees_only_locked_reports(alingsas: Committee, as_role: AsRole, draft: Report) -> None:
    member = as_role("member")
    page = text_of(member.get(LIST))
    assert "Börja skriva" not in page
    assert "Utkast" not in page
    assert member.get(MAY).status_code == 404
    assert member.get(V1).status_code == 404

    lock(draft, alingsas.people["controller"])
    page = text_of(member.get(MAY))
    assert "−10 802" in page
    assert "Lås upp" not in page


@pytest.mark.parametrize("path", [LIST, MAY, V1, f"{V1}las/", f"{V1}las-upp/", f"{V1}fil/pdf/"])
def test_nobody_gets_in_without_login_or_right(as_role: AsRole, draft: Report, path: str) -> None:
    assert Client().get(path).status_code == 302
    for role in ("provider", "administrator", "care_staff"):
        assert as_role(role).get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [f"{LIST}arsbok/2022-05/", f"{LIST}manadsuppfoljning/2099-01/", f"{MAY}v/7/", f"{V1}fil/pdf/", f"{V1}fil/exe/",
     "/annan-von/2022/rapporter/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(as_role: AsRole, draft: Report, path: str) -> None:
    assert as_role("controller").get(path).status_code == 404


# --- the draft -----------------------------------------------------------------------------------------------------


def test_the_draft_reads_as_the_document_and_its_numbers_open_their_figures(
    as_role: AsRole, draft: Report
) -> None:
    page = text_of(as_role("controller").get(MAY))

    assert page.count("<h1>") == 1
    for digits in ("−1 065 656", "−16 956", "10 000", "−10 802"):
        assert digits in page
    link = re.search(r'<a class="figure" data-panel href="([^"]*)" [^>]*>−10 802</a>', page)
    assert link is not None
    assert link[1].startswith("/alingsas-von/2022/siffror/ekonomi.drift.prognosavvikelse/?")
    assert "rad=ovriga" in link[1]
    assert "tillfalle=2022-05" in link[1]
    assert page.index("Drift, månadsuppföljning maj 2022") < page.index('id="falt-prognos-intakter"')
    assert "Tabell 2" in page  # numbered through, past the fields
    assert "\u2063" not in page


def test_a_number_leads_to_the_lines_behind_it(as_role: AsRole, draft: Report) -> None:
    client = as_role("controller")
    page = client.get(MAY).content.decode()
    link = re.search(r'href="([^"]*)"[^>]*>−10\u00a0802</a>', page)
    assert link is not None
    behind = text_of(client.get(link[1].replace("&amp;", "&")))
    assert "−77 411" in behind
    assert "−88 213" in behind


def test_comments_are_written_in_place_and_figures_inserted_without_script(
    as_role: AsRole, draft: Report
) -> None:
    client = as_role("controller")
    page = text_of(client.get(MAY))
    assert "Varför avviker prognosen från budgeten?" in page
    assert (
        '<option value="{{ekonomi.drift.prognosavvikelse[ovriga]}}">'
        "Prognosavvikelse, Övriga kostnader: −10 802 tkr</option>" in page
    )

    saved = comment(client, "Det blir", action="insert", figure="{{ekonomi.drift.prognosavvikelse[ovriga]}}")
    assert saved.url == f"{V1}#falt-prognos-ovriga"  # type: ignore[attr-defined]
    assert draft.comments.get().text == "Det blir {{ekonomi.drift.prognosavvikelse[ovriga]}}"
    page = text_of(client.get(MAY))
    assert re.search(r"Det blir <a class=\"figure\" data-panel [^>]*>−10 802 tkr</a>", page)


def test_the_margin_lists_contradictions_and_what_is_missing(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    by = alingsas.people["controller"]
    save_comment(draft, "prognos", "kop_tjanster", "Köpen ökar med 4,0 mkr.", by)
    save_comment(draft, "prognos", "ovriga", "Se {{ekonomi.drift.prognosavikelse[ovriga]}}", by)
    page = text_of(as_role("controller").get(MAY))

    assert "4,0 mkr stämmer inte med någon siffra" in page
    assert "Menade du ekonomi.drift.prognosavvikelse" in page
    assert "Kommentar saknas" in page
    assert 'href="#falt-prognos-kop_tjanster"' in page


def test_a_comment_of_odd_signs_is_only_a_comment(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    """The page marks the places of its fields with an invisible sign; a comment with it is taken for no such place."""
    save_comment(draft, "prognos", "ovriga", "\u2063999\u2063", alingsas.people["controller"])
    assert "999" in text_of(as_role("controller").get(MAY))


def test_the_second_saver_sees_both_texts(alingsas: Committee, as_role: AsRole, draft: Report) -> None:
    save_comment(draft, "prognos", "ovriga", "Hennes text.", alingsas.people["head_administration"])
    answer = comment(as_role("controller"), "Min <b>text</b>.")

    page = text_of(answer)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "Hennes text." in page
    assert "Min &lt;b&gt;text&lt;/b&gt;." in page
    assert "Person head_administration" in page
    again = comment(as_role("controller"), "Båda texterna.", revision=str(draft.comments.get().revision))
    assert again.status_code == 302  # type: ignore[attr-defined]
    assert draft.comments.get().text == "Båda texterna."


def test_a_text_that_is_refused_is_not_lost(as_role: AsRole, draft: Report) -> None:
    answer = comment(as_role("controller"), "bra\x00text")
    assert answer.status_code in (400, 422)  # type: ignore[attr-defined]
    long = comment(as_role("controller"), "x" * 20_001)
    assert long.status_code == 422  # type: ignore[attr-defined]
    assert "x" * 20_001 in text_of(long)
    assert not draft.comments.exists()


def test_a_section_that_is_not_there_is_refused(as_role: AsRole, draft: Report) -> None:
    answer = as_role("controller").post(f"{V1}kommentar/", {"section": "väder", "subject": "", "text": "Sol"})
    assert answer.status_code == 404


def test_who_only_reads_a_draft_has_no_fields(as_role: AsRole, draft: Report) -> None:
    page = text_of(as_role("secretary").get(MAY))
    assert "<textarea" not in page
    assert "Lås rapporten" in page
    assert comment(as_role("secretary"), "Hej").status_code == 403  # type: ignore[attr-defined]


def test_the_registration_number_is_saved(as_role: AsRole, draft: Report) -> None:
    client = as_role("controller")
    client.post(f"{V1}diarienummer/", {"registration_number": "2022.228 VON", "revision": draft.revision})
    draft.refresh_from_db()
    assert draft.registration_number == "2022.228 VON"
    stale = client.post(f"{V1}diarienummer/", {"registration_number": "annat", "revision": 1}, follow=True)
    assert "Där står nu 2022.228 VON; du skrev annat" in text_of(stale)


# --- locking -------------------------------------------------------------------------------------------------------


def test_locking_asks_shows_what_is_wrong_and_then_locks(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    save_comment(draft, "prognos", "kop_tjanster", "Köpen ökar med 4,0 mkr.", alingsas.people["controller"])
    client = as_role("controller")
    page = text_of(client.get(f"{V1}las/"))
    assert "4,0 mkr stämmer inte" in page
    marks = re.findall(r'name="seen" value="(\w+)"', page)
    assert len(marks) == 1

    refused = client.post(f"{V1}las/", {"seen": marks})
    assert refused.status_code == 422
    assert "kryssa i" in text_of(refused)
    done = client.post(f"{V1}las/", {"seen": marks, "acknowledged": "ja"}, follow=True)
    assert "Rapporten är låst" in text_of(done)
    draft.refresh_from_db()
    assert draft.state == Report.State.LOCKED


def test_an_unknown_figure_leaves_no_button_to_lock_with(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    save_comment(draft, "sammanfattning", "", "Se {{finns.inte}}.", alingsas.people["controller"])
    client = as_role("controller")
    assert (
        '<button class="button primary">Lås rapporten</button>'
        not in client.get(f"{V1}las/").content.decode()
    )
    assert "finns.inte" in text_of(client.post(f"{V1}las/"))
    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT


def test_the_locked_page_links_to_the_snapshot_and_gives_the_files(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    locked = lock(draft, alingsas.people["controller"])
    assert locked.snapshot is not None
    client = as_role("member")
    page = text_of(client.get(MAY))
    assert f"uttag={locked.snapshot.code}" in page
    assert "<textarea" not in page
    for stored in locked.files.all():
        answer = client.get(f"{V1}fil/{stored.format}/")
        assert len(answer.content) == stored.size
        assert (
            answer["Content-Disposition"]
            == f'attachment; filename="manadsuppfoljning-2022-05.{stored.format}"'
        )


def test_unlocking_asks_why_and_the_versions_stand_beside_each_other(
    alingsas: Committee, as_role: AsRole, draft: Report
) -> None:
    lock(draft, alingsas.people["controller"])
    client = as_role("controller")
    assert client.post(f"{V1}las-upp/", {"reason": " "}).status_code == 422
    opened = client.post(f"{V1}las-upp/", {"reason": "Fel i tabell 2"}, follow=True)
    assert opened.redirect_chain == [(f"{MAY}v/2/", 302)]
    page = text_of(opened)
    assert "Öppnad för att: Fel i tabell 2" in page
    assert "Version 1" in page
    assert "Version 2" not in text_of(as_role("member").get(MAY))  # a member sees the locked one
    assert client.post(f"{V1}las/").status_code == 302
    for path in (f"{V1}las-upp/", f"{V1}las/"):
        assert as_role("member").get(path).status_code == 403


def test_the_documents_style_is_served_apart(as_role: AsRole, draft: Report) -> None:
    answer = as_role("member").get(f"{LIST}dokument.css")
    assert answer["Content-Type"].startswith("text/css")
    assert b".report" in answer.content


def test_the_list_takes_few_queries(
    as_role: AsRole, draft: Report, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = as_role("controller")
    client.get(LIST)
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        client.get(LIST)


def test_a_draft_takes_a_constant_number_of_queries(
    alingsas: Committee,
    as_role: AsRole,
    draft: Report,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = as_role("controller")
    client.get(MAY)
    with django_assert_max_num_queries(45):  # type: ignore[attr-defined]
        client.get(MAY)
    for row in ("intakter", "personal", "lokaler", "kop_tjanster", "ovriga"):
        save_comment(
            draft, "prognos", row, "Text {{ekonomi.drift.prognos[personal]}}.", alingsas.people["controller"]
        )
    with django_assert_max_num_queries(45):  # type: ignore[attr-defined]
        client.get(MAY)


# --- the command line ----------------------------------------------------------------------------------------------


def test_the_command_line_opens_checks_locks_and_writes(alingsas: Committee, tmp_path: object) -> None:
    runner = CliRunner()

    def run(*arguments: str) -> str:
        result = runner.invoke(roder, ["report", *arguments], catch_exceptions=False)
        assert result.exit_code in (0, 1)
        return str(result.output)

    assert "Inga rapporter" in run("list")
    opened = run("open", "alingsas-von", "2022-05", "manadsuppfoljning", "--as", "controller@prov.se")
    number = re.search(r"Rapport (\d+)", opened)[1]  # type: ignore[index]
    assert "Kommentar saknas" in run("check", number)
    assert "är låst på uttaget" in run("lock", number, "--as", "controller@prov.se")
    assert "låst" in run("list")
    written = run("write", number, "--out", str(tmp_path))
    assert written.count("manadsuppfoljning-2022-05.") == 4
