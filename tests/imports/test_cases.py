"""Cases out of another system's registry: numbers in any spelling, secrecy, tasks, and back again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roder.access.rights import NotAllowedError
from roder.imports.cells import Context
from roder.imports.kinds import kind_of
from roder.imports.services import Committed, ImportFault, commit, undo
from roder.meetings.models import Case
from roder.meetings.services import cases as service
from roder.organisation.models import Person
from roder.tasks.models import State, Task
from tests.meetings.world import Chain, build_chain

HEAD = "dnr;rubrik;slag;registrerat;lage;avslutat;svar_senast;handlaggare;sekretess;lagrum\n"
OLD = "2021.007 VON;Ny taxa;;2021-03-02;avslutat;2021-06-15;;;;\n"
REFERRAL = "2022.310 VON;Remiss om färdtjänst;remiss;2022-05-02;i nämnden;;2022-11-30;{email};;\n"


@pytest.fixture
def chain(db: None) -> Chain:
    """A committee that writes its numbers ``2022.228 VON``."""
    return build_chain()


class Files:
    """A short way to read a text in."""

    def __init__(self, chain: Chain, folder: Path) -> None:
        self.chain, self.path = chain, folder / "arenden.csv"

    def commit(self, text: str, by: Person | None = None, head: str = HEAD) -> Committed:
        self.path.write_text(head + text, encoding="utf-8")
        return commit(kind_of("cases"), Context(self.chain.committee), self.path, "arenden.csv", by)

    def refused(self, text: str, head: str = HEAD) -> str:
        """What a file is told."""
        with pytest.raises(ImportFault) as fault:
            self.commit(text, head=head)
        return " ".join(one.line("arenden.csv") for one in fault.value.faults)


@pytest.fixture
def files(chain: Chain, tmp_path: Path) -> Files:
    return Files(chain, tmp_path)


def test_cases_come_with_their_numbers_phases_and_days(files: Files, chain: Chain) -> None:
    email = chain.by("secretary").email
    before = Case.objects.count()
    done = files.commit(OLD + REFERRAL.format(email=email.upper()), chain.by("secretary"))
    assert (done.counts.new, Case.objects.count()) == (2, before + 2)
    old = Case.objects.get(number="2021.007 VON")
    assert (old.number_key, old.year, old.kind, old.phase, old.course) == (
        "2021-7-VON",
        2021,
        "own",
        "closed",
        "active",
    )
    assert (old.opened_on, old.closed_on) == (date(2021, 3, 2), date(2021, 6, 15))
    referral = Case.objects.get(number_key="2022-310-VON")
    assert (referral.kind, referral.phase, referral.answer_by) == (
        "referral",
        "committee",
        date(2022, 11, 30),
    )
    assert referral.responsible == chain.by("secretary")
    assert service.find_case(chain.committee, "von 2022-310") == referral
    assert service.register_case(chain.committee, "Nästa", kind="own", by=chain.by("secretary")).number


def test_a_case_that_waits_gives_its_tasks_and_a_closed_one_none(files: Files, chain: Chain) -> None:
    done = files.commit(OLD + REFERRAL.format(email=""))
    assert done.warnings == ["1 ärende väntar på svar eller beredning. Uppgifterna finns under Att göra."]
    case = Case.objects.get(number_key="2022-310-VON")
    task = Task.objects.get(subject_kind="meetings.case", subject_id=case.pk)
    assert (task.kind, task.role, task.state) == ("meetings.case_answer", "secretary", State.OPEN)
    assert done.batch is not None
    undo(kind_of("arenden"), done.batch)
    assert not Case.objects.filter(number_key__in=["2022-310-VON", "2021-7-VON"]).exists()
    task.refresh_from_db()
    assert task.state == State.CANCELLED


def test_undoing_a_change_sets_the_tasks_right(files: Files, chain: Chain) -> None:
    files.commit(REFERRAL.format(email=""))
    case = Case.objects.get(number_key="2022-310-VON")
    later = files.commit(REFERRAL.format(email="").replace("2022-11-30", "2022-12-31"))
    tasks = Task.objects.filter(subject_kind="meetings.case", subject_id=case.pk, closed_at=None)
    assert [one.due_at.date() for one in tasks if one.due_at] == [date(2022, 12, 31)]
    assert later.batch is not None
    undo(kind_of("arenden"), later.batch)
    assert [one.due_at.date() for one in tasks.all() if one.due_at] == [date(2022, 11, 30)]


def test_another_spelling_is_the_same_case(files: Files) -> None:
    files.commit(OLD)
    case = Case.objects.get(number_key="2021-7-VON")
    done = files.commit(OLD.replace("2021.007 VON", "VON 2021/7").replace("Ny taxa", "Ny taxa för hemtjänst"))
    assert (done.counts.new, done.counts.changed) == (0, 1)
    case.refresh_from_db()
    assert (case.number, case.title) == ("VON 2021/7", "Ny taxa för hemtjänst")
    told = files.refused(OLD + OLD.replace("2021.007 VON", "Dnr von 2021-007"))
    assert "raden gäller samma sak som rad" in told


def test_a_file_without_phases_leaves_them_as_they_are(files: Files, chain: Chain) -> None:
    case = chain.case
    Case.objects.filter(pk=case.pk).update(phase="committee")
    done = files.commit(f"{case.number};Ny mening;{case.opened_on}\n", head="dnr;rubrik;registrerat\n")
    assert done.counts.changed == 1
    case.refresh_from_db()
    assert (case.title, case.phase) == ("Ny mening", "committee")


def test_a_closed_case_is_not_opened_by_a_file_without_days(files: Files) -> None:
    files.commit(OLD)
    with pytest.raises(Exception, match="avslutat i Roder"):
        files.commit("2021.007 VON;Ny taxa;2021-03-02;berett\n", head="dnr;rubrik;registrerat;lage\n")
    assert Case.objects.get(number_key="2021-7-VON").phase == "closed"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2022.1 VON;A;;2022-03-02;avslutat;;;;;", "dagen saknas"),
        ("2022.1 VON;A;;2022-03-02;berett;2022-04-01;;;;", "läget säger något annat"),
        ("2022.1 VON;A;;2022-03-02;avslutat;2022-03-01;;;;", "avslutat innan det registrerades"),
        ("2022.1 VON;A;;2022-03-02;;;2022-03-01;;;", "behövs innan det registrerades"),
        ("2022.1 VON;A;;2022-03-02;;;;;ja;", "lagrum saknas"),
        ("2022.1 VON;A;;2022-03-02;;;;okand@prov.se;;", "ingen med uppdrag i nämnden"),
        ("2022.1 VON;A;;2022-03-02;någonstans;;;;;", "någonstans"),
        ("--;A;;2022-03-02;;;;;;", "inget diarienummer"),
        ("2022.1 VON;Överklagan 19121212-1212;;2022-03-02;;;;;;", "personnummer"),
        ("2022.1 VON;;;2022-03-02;;;;;;", "rubrik är tom"),
        ("2022.1 VON;A;;i våras;;;;;;", "i våras"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_is_saved(files: Files, row: str, said: str) -> None:
    before = Case.objects.count()
    told = files.refused(f"{row}\n")
    assert said in told
    assert "19121212" not in told
    assert Case.objects.count() == before


@pytest.mark.parametrize(
    "role", ["controller", "quality_strategist", "member", "unit_manager", "administrator"]
)
def test_only_who_may_see_that_a_secret_case_is_there_reads_them_in(
    files: Files, chain: Chain, role: str
) -> None:
    with pytest.raises(NotAllowedError):
        files.commit(OLD, chain.by(role))
    assert not Case.objects.filter(number_key="2021-7-VON").exists()


def test_a_secret_case_keeps_its_section(files: Files, chain: Chain) -> None:
    files.commit("2022.9 VON;Placering;;2022-03-02;;;;;ja;OSL 26:1\n", chain.by("secretary"))
    case = Case.objects.get(number_key="2022-9-VON")
    assert (case.secret, case.secrecy_section) == (True, "OSL 26:1")
