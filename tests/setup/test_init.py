"""``roder init``: whole steps, faults with their places, and a second time that doubles nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from roder.core.faults import UserFault
from roder.core.models import Link
from roder.followup.models import ActionPlan
from roder.measures.models import Measure
from roder.organisation.models import Body, Mandate, Municipality, Person, Unit
from roder.setup import services
from roder.setup.asking import write_answers
from roder.setup.cli import init, ways_in
from roder.steering.models import Activity, Assessment, Goal, SteeringModelVersion

pytestmark = pytest.mark.django_db


def changed(file: Path, old: str, new: str) -> Path:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code: "9900"', 'code: "99"', r"setup\.yaml:1: municipality\.code: kommunkoden är fyra siffror"),
        ("kind: council", "kind: kyrka", r"setup\.yaml:3: bodies\[KF\]\.kind: ”kyrka” finns inte"),
        ("units_file: enheter.csv", "units_file: saknas.csv", r"setup\.yaml:8: .*saknas\.csv finns inte"),
        ("people_file", "poeple_file", r"setup\.yaml:9: .*poeple_file: finns inte"),
        (
            "source: blank",
            "source: stockholm",
            r"setup\.yaml:10: .*Välj|setup\.yaml:10: .*skriv något av blank",
        ),
        ("{number}", "{nummer}", r"setup\.yaml:11: .*Formen ska innehålla"),
        ("committees:", "committees: [", "går inte att läsa som YAML"),
        ("  - code: SN", "\t- code: SN", "tabb"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line_before_anything_is_done(
    setup_file: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(UserFault, match=said):
        list(services.run(changed(setup_file, old, new)))
    assert not Municipality.objects.exists()


def test_a_step_is_whole_or_not_begun_and_the_next_time_goes_on(setup_file: Path) -> None:
    people = setup_file.with_name("personer.csv")
    wrong = "bo@x.example;Bo Ek;enhetschäf;norr;2026-01-01\n"
    people.write_text(people.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    done = []
    with pytest.raises(services.StepFault, match=r"personer\.csv:3:roll: ”enhetschäf” finns inte"):
        done += [line for line in services.run(setup_file)]  # noqa: C416 - what came before the fault is kept
    assert Unit.objects.count() == 2
    assert not Person.objects.exists()
    assert not SteeringModelVersion.objects.exists()
    changed(people, "enhetschäf", "enhetschef")
    assert len(list(services.run(setup_file))) == 5
    assert (Person.objects.count(), Mandate.objects.count(), Unit.objects.count()) == (2, 2, 2)


def test_a_crash_in_the_middle_leaves_whole_steps(setup_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> list[str]:
        SteeringModelVersion.objects.all().delete()
        Body.objects.filter(slug="exempelby-sn").update(name="Halvvägs")
        raise RuntimeError("strömmen gick")

    with monkeypatch.context() as broken:
        broken.setattr(services, "_start_model", crash)
        with pytest.raises(RuntimeError):
            list(services.run(setup_file))
    assert Body.objects.get(slug="exempelby-sn").name == "Socialnämnden"
    assert Person.objects.count() == 1
    assert list(services.run(setup_file))
    assert SteeringModelVersion.objects.count() == 1


def test_a_person_with_an_identity_number_for_a_name_is_refused(setup_file: Path) -> None:
    changed(setup_file.with_name("personer.csv"), "Anna Lind", "19121212-1212")
    with pytest.raises(UserFault, match="personnummer") as fault:
        list(services.run(setup_file))
    assert "121212" not in str(fault.value)


def test_a_model_that_has_been_edited_is_left_alone(setup_file: Path) -> None:
    list(services.run(setup_file))
    lines = list(services.run(setup_file))
    assert any("finns redan (version 1) och lämnas som den är" in line for line in lines)


def test_the_command_gives_the_administrator_a_link_that_works_once(setup_file: Path, client: Client) -> None:
    list(services.run(setup_file))
    (line,) = [one for one in ways_in() if "anna@x.example" in one]
    path = "/" + line.split("//")[1].split("/", 1)[1]
    page = client.get(path, follow=True)
    assert "Välj nytt lösenord" in page.content.decode()
    secret = "björken-susar-i-vinden"
    client.post(page.redirect_chain[-1][0], {"password1": secret, "password2": secret})
    assert Person.objects.get().check_password(secret)
    assert "Länken gäller inte" in Client().get(path, follow=True).content.decode()
    assert ways_in() == []


def test_questions_write_a_file_that_can_be_carried_out(tmp_path: Path) -> None:
    answers = {"Kommunens namn": 'Ort: "Väst"', "Kommunkod (fyra siffror)": "9911", "Ditt namn": "Bo Ek"}
    answers["Din e-post (du blir systemförvaltare)"] = "bo@x.example"
    file = write_answers(tmp_path, answers.get)
    assert list(services.run(file))
    assert Municipality.objects.get().name == 'Ort: "Väst"'
    assert Mandate.objects.get().role == "administrator"
    with pytest.raises(UserFault, match="finns redan"):
        write_answers(tmp_path, lambda question, proposed: proposed)


def test_a_check_saves_nothing(setup_file: Path) -> None:
    answer = CliRunner().invoke(init, ["--file", str(setup_file), "--check"])
    assert "inga fel" in answer.output
    assert not Municipality.objects.exists()


MEASURES = "measures:\n  - {code: moten, title: Möten, unit: antal, targets: [{year: 2026, value: 4}]}\n"
GOALS = """\
year: 2026
vision: {title: Hela}
focus_areas: [{code: F, title: Hel}]
council_goals: [{code: K, title: Alla är med, focus_area: F, years: [2026, 2026]}]
committee_goals: [{code: N, title: Vi möts, council_goal: K, years: [2026, 2026], measures: [moten]}]
assessments: {2026-08: {goals: {N: {status: nas}}}}
"""


def with_goals(setup_file: Path) -> Path:
    setup_file.with_name("matt.yaml").write_text(MEASURES, encoding="utf-8")
    setup_file.with_name("mal.yaml").write_text(GOALS, encoding="utf-8")
    values = "matt;period;varde\nmoten;2026;4\n"
    setup_file.with_name("varden.csv").write_text(values, encoding="utf-8")
    more = "    measures_file: matt.yaml\n    goals_file: mal.yaml\n    files: [{kind: mattvarden, file: varden.csv}]\n"
    setup_file.write_text(setup_file.read_text(encoding="utf-8") + more, encoding="utf-8")
    return setup_file


def test_what_the_units_have_reported_and_decided_is_left_when_the_file_is_read_again(
    setup_file: Path,
) -> None:
    with_goals(setup_file)
    goals = setup_file.with_name("mal.yaml")
    more = "activities: [{goal: N, unit: norr, what: Vi bjuder in, year: 2026, progress: 10}]\n"
    more += "action_plans: [{unit: norr, year: 2026, introduction: Norr}]\n"
    goals.write_text(goals.read_text(encoding="utf-8") + more, encoding="utf-8")
    list(services.run(setup_file))
    activity, plan = Activity.objects.get(), ActionPlan.objects.get()
    assert (activity.progress, plan.state) == (10, "draft")
    activity.save_over(activity.revision, progress=60, followed_up="Hälften har kommit")
    plan.save_over(plan.revision, state="decided", decided_on=date(2026, 2, 1))
    changed(goals, "introduction: Norr", "introduction: Norr vill")
    list(services.run(setup_file))
    activity.refresh_from_db()
    plan.refresh_from_db()
    assert (activity.progress, activity.followed_up) == (60, "Hälften har kommit")
    assert (plan.state, plan.decided_on, plan.introduction) == ("decided", date(2026, 2, 1), "Norr vill")


def test_a_file_that_is_read_in_as_it_stands_is_left_and_so_is_what_came_after(setup_file: Path) -> None:
    list(services.run(setup_file))
    unit = Unit.objects.get(code="norr")
    unit.save_over(unit.revision, name="Norra")
    lines = list(services.run(setup_file))
    unit.refresh_from_db()
    assert unit.name == "Norra"
    assert f"oförändrad sedan den lästes in {timezone.localdate()}, lämnas" in " ".join(lines)
    changed(setup_file.with_name("enheter.csv"), "norr;Norr;", "norr;Norrut;")
    list(services.run(setup_file))
    unit.refresh_from_db()
    assert unit.name == "Norrut"


def test_a_goal_of_the_council_keeps_the_indicators_of_other_committees(setup_file: Path) -> None:
    with_goals(setup_file)
    list(services.run(setup_file))
    own = Body.objects.get(slug="exempelby-sn")
    sister = Body.objects.create(
        municipality=own.municipality,
        name="Kulturnämnden",
        short_name="KN",
        kind="committee",
        slug="exempelby-kn",
    )
    goal = Goal.objects.get(code="K")
    other = Measure.objects.create(committee=sister, code="besok", title="Besök", unit="antal")
    Link.objects.create(
        source_kind="steering.goal", source_id=goal.pk, kind="indicator", target_kind="measures.measure",
        target_id=other.pk, position=0,
    )  # fmt: skip
    list(services.run(setup_file))
    assert Link.objects.filter(source_id=goal.pk, kind="indicator", target_id=other.pk).exists()


def test_assessments_come_when_the_values_that_speak_for_them_are_there(setup_file: Path) -> None:
    lines = list(services.run(with_goals(setup_file)))
    assert lines[-1] == "Socialnämnden, bedömningar ur mal.yaml: 1 nya"
    assert Assessment.objects.get().proposed_status == "nas"


def test_goals_may_name_key_figures_of_a_table_that_is_written_after_them(setup_file: Path) -> None:
    """As in a folder: the order of the deeds is one."""
    setup_file.with_name("mal.yaml").write_text(GOALS.partition("assessments:")[0], encoding="utf-8")
    table = "kod;nyckeltal;mattenhet\nmoten;Möten;antal\n"
    setup_file.with_name("nyckeltal.csv").write_text(table, encoding="utf-8")
    more = "    goals_file: mal.yaml\n    files: [{kind: nyckeltal, file: nyckeltal.csv}]\n"
    setup_file.write_text(setup_file.read_text(encoding="utf-8") + more, encoding="utf-8")
    lines = list(services.run(setup_file))
    titles = [line.partition(":")[0].partition(", ")[2] for line in lines]
    assert titles.index("nyckeltal ur nyckeltal.csv") + 1 == titles.index("mål och uppdrag ur mal.yaml")
    assert Link.objects.filter(source_kind="steering.goal", target_kind="measures.measure").exists()


def test_a_check_reads_the_files_that_need_no_database(setup_file: Path) -> None:
    file = with_goals(setup_file)
    changed(file.with_name("matt.yaml"), "unit: antal", "unit: stycken")
    changed(file.with_name("mal.yaml"), "year: 2026\n", "")
    with pytest.raises(UserFault, match=r"(?s)matt\.yaml:2: .*stycken.*mal\.yaml.*year"):
        services.check_setup(file)


def test_a_subcommittee_with_a_swedish_short_name_gets_an_address(setup_file: Path, db: None) -> None:
    text = setup_file.read_text(encoding="utf-8")
    said = "    bodies:\n      - {code: ÄNAU, name: Arbetsutskottet, kind: subcommittee}\n"
    setup_file.write_text(text + said, encoding="utf-8")
    list(services.run(setup_file))
    assert Body.objects.get(short_name="ÄNAU").slug == "exempelby-sn-anau"
