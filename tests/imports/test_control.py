"""Risks and controls from files: scores on the committee's own scale, points that follow from risks, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from roder.access.rights import NotAllowedError
from roder.control.models import Control, ControlPlan, ControlPoint, Risk, RiskAnalysis
from roder.core.faults import UserFault
from roder.imports.cells import CellFault, Context
from roder.imports.control_cells import Extent, Frequency, Method, ReportedAt, Responsible
from roder.imports.kinds import kind_of
from roder.imports.services import Committed, ImportFault, Preview, commit, preview, undo
from roder.organisation.models import Person, Role
from tests.control.world import Room, build_room

RISK_HEAD = "nr;kategori;process;risk;sannolikhet;konsekvens;hantering;gemensam;ansvarig\n"
CONTROL_HEAD = "risknr;kontroll;metod;omfattning;frekvens;ansvarig;tillfalle\n"
CONTROL = "1;Diariet är rätt fört;Stickprov;10 %;2 ggr/år;MAS;delår och årsbokslut\n"


@pytest.fixture
def room(db: None) -> Room:
    """A committee with a scale, and the analysis and plan of 2022."""
    return build_room()


class Files:
    """Short ways to read a text in, for the year after the room's own."""

    def __init__(self, room: Room, folder: Path, year: int = 2023) -> None:
        self.room, self.path, self.year = room, folder / "fil.csv", year

    def _written(self, text: str) -> Path:
        self.path.write_text(text, encoding="utf-8")
        return self.path

    def commit(self, kind: str, text: str, by: Person | None = None) -> Committed:
        """Read it in."""
        context = Context(self.room.committee, self.year)
        return commit(kind_of(kind), context, self._written(text), "fil.csv", by)

    def look(self, kind: str, text: str) -> Preview:
        """Look at it."""
        return preview(kind_of(kind), Context(self.room.committee, self.year), self._written(text))


@pytest.fixture
def files(room: Room, tmp_path: Path) -> Files:
    """Files for 2023."""
    return Files(room, tmp_path)


def told(fault: ImportFault) -> str:
    """What was said, on one line."""
    return " ".join(one.line("fil.csv") for one in fault.faults)


def test_risks_open_the_years_analysis(files: Files) -> None:
    rows = RISK_HEAD + "1;Ekonomi;Budget;För dyrt;4;3;Internkontrollpunkt;ja;Controller\n2;;;Oprövad;;;;;\n"
    done = files.commit("risks", rows)
    assert (done.counts.new, done.counts.changed) == (2, 0)
    analysis = RiskAnalysis.objects.get(committee=files.room.committee, year=2023)
    first, second = analysis.risks.order_by("position")
    assert (first.likelihood, first.impact, first.value, first.handling, first.common) == (
        4, 3, 12, "control_point", True,
    )  # fmt: skip
    assert (second.likelihood, second.value, second.state, second.handling) == (None, None, "active", "")
    assert first.code != second.code and first.code.startswith("R-")


def test_the_same_file_changes_nothing_and_another_only_what_differs(files: Files) -> None:
    row = RISK_HEAD + "1;Ekonomi;;För dyrt;4;3;KVF;nej;Controller\n"
    files.commit("risks", row)
    assert files.commit("risks", row).batch is None
    again = files.commit("risks", row.replace(";4;3;", ";2;3;"))
    assert (again.counts.new, again.counts.changed) == (0, 1)
    assert Risk.objects.get(analysis__year=2023).value == 6


def test_a_list_with_semicolons_may_have_commas_in_its_texts(files: Files) -> None:
    text = "Att det, som ofta, om än sällan, brister, går fel"
    files.commit("risks", f"nr;risk;sannolikhet;konsekvens\n1;{text};3;3\n")
    assert Risk.objects.get(analysis__year=2023).text == text


def test_the_name_of_a_point_added_to_a_file_that_was_read_in_counts(files: Files) -> None:
    files.commit("risks", RISK_HEAD + "1;;;Fel diarium;4;3;Internkontrollpunkt;;\n")
    files.commit("controls", CONTROL_HEAD + CONTROL)
    assert ControlPoint.objects.get(plan__year=2023).number != "IK1"
    later = f"punkt;{CONTROL_HEAD}IK1;{CONTROL}"
    assert [(one.column, one.new) for one in files.look("controls", later).changes] == [("punkt", "IK1")]
    assert files.commit("controls", later).counts.changed == 1
    assert ControlPoint.objects.get(plan__year=2023).number == "IK1"
    assert files.commit("controls", later).batch is None
    assert files.commit("controls", CONTROL_HEAD + CONTROL).batch is None, "no name says nothing of the name"


def test_looking_saves_nothing(files: Files) -> None:
    seen = files.look("risks", RISK_HEAD + "1;;;För dyrt;4;3;;;\n")
    assert seen.ok and seen.counts.new == 1
    assert not RiskAnalysis.objects.filter(year=2023).exists()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (";5;3;", "”5” är inte ett steg på skalan. Skriv 1–4."),
        (";4;9;", "fil.csv:2:konsekvens"),
        (";4;;", "bara en av sannolikhet och konsekvens är bedömd"),
        (";fyra;3;", "”fyra” är inte ett steg på skalan"),
    ],
)
def test_scores_outside_the_scale(files: Files, cells: str, says: str) -> None:
    with pytest.raises(ImportFault) as caught:
        files.commit("risks", f"{RISK_HEAD}1;;;För dyrt{cells};;\n")
    assert says in told(caught.value)
    assert not RiskAnalysis.objects.filter(year=2023).exists()


def test_a_personal_number_a_long_text_and_the_same_number_twice(files: Files) -> None:
    rows = f"1;;;Gäller 19121212-1212;1;1;;;\n2;;;{'x' * 401};1;1;;;\n3;;;A;1;1;;;\n3;;;B;1;1;;;\n"
    with pytest.raises(ImportFault) as caught:
        files.commit("risks", RISK_HEAD + rows)
    assert "personnummer" in told(caught.value) and "401" in told(caught.value)
    assert "raden gäller samma sak som rad 4" in told(caught.value)


def test_a_retired_risk_has_the_scales_value_or_says_so(room: Room, tmp_path: Path) -> None:
    other = Files(room, tmp_path, 2024)
    RiskAnalysis.objects.create(
        committee=room.committee, year=2024, title="Fem gånger fem", scale=room.scale5
    )
    head = RISK_HEAD.replace("ansvarig", "ansvarig;forra_vardet;utgar;skal")
    other.commit("risks", head + "5;;;Fordon;0;0;;;;12;;\n6;;;Bilar;;;;;;;ja;Utanför nämnden\n")
    first, second = Risk.objects.filter(analysis__year=2024).order_by("position")
    assert (first.state, first.likelihood, first.previous_value) == ("retired", None, 12)
    assert (second.state, second.retired_reason) == ("retired", "Utanför nämnden")
    with pytest.raises(ImportFault) as caught:
        other.commit("risks", head + "7;;;Halv;0;3;;;;;;\n")
    assert "bara en av sannolikhet och konsekvens" in told(caught.value)
    with pytest.raises(ImportFault) as caught:
        other.commit("risks", head + "8;;;Både och;3;3;;;;;ja;\n")
    assert "risken utgår men är bedömd" in told(caught.value)


def test_a_decided_analysis_is_not_changed_by_a_file(files: Files) -> None:
    files.commit("risks", RISK_HEAD + "1;;;För dyrt;4;3;;;\n")
    RiskAnalysis.objects.filter(year=2023).update(state="decided", decided_on="2022-12-01")
    with pytest.raises(UserFault, match="beslutad 2022-12-01"):
        files.commit("risks", RISK_HEAD + "1;;;För dyrt;2;3;;;\n")
    with pytest.raises(UserFault, match="beslutad 2022-12-01"):  # without a year the latest is meant
        commit(kind_of("risks"), Context(files.room.committee), files.path, "fil.csv")
    assert Risk.objects.get(analysis__year=2023).value == 12


def test_who_may(files: Files) -> None:
    row = RISK_HEAD + "1;;;För dyrt;4;3;;;\n"
    for role in ("member", "unit_manager", "auditor"):
        with pytest.raises(NotAllowedError):
            files.commit("risks", row, files.room.by(role))
    assert files.commit("risks", row, files.room.by("quality_strategist")).counts.new == 1


def with_risks(files: Files) -> None:
    """Two risks for 2023, one of them for the plan."""
    files.commit(
        "risks",
        RISK_HEAD + "1;Ekonomi;Diariet;Fel diarium;4;3;Internkontrollpunkt;;\n2;;;Annat;1;1;Ingen åtgärd;;\n",
    )


def test_controls_open_the_plan_with_a_point_for_each_risk(files: Files) -> None:
    with_risks(files)
    rows = f"punkt;{CONTROL_HEAD}IK1;{CONTROL}IK1;1;Personalen kan;Intervju;samtliga;årligen;Enhetschef;maj\n"
    assert files.commit("controls", rows).counts.new == 2
    point = ControlPoint.objects.get(plan__year=2023)
    assert (point.number, point.title, point.area, point.process) == (
        "IK1",
        "Fel diarium",
        "Ekonomi",
        "Diariet",
    )
    first, second = point.controls.order_by("number")
    assert (first.number, first.method, first.scope, float(first.scope_share or 0)) == (
        1,
        "sample",
        "share",
        10.0,
    )
    assert (first.times_a_year, first.owner_role, first.occasions) == (2, "mas", ["interim", "annual"])
    assert (second.number, second.scope, second.owner_role, second.months) == (2, "all", "unit_manager", [5])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("MAS", "", "cellen ansvarig är tom"),
        ("1;Diariet", "2;Diariet", "ingen kontrollpunkt för risk 2"),
        ("10 %", "110 %", "”110 %” är ingen andel"),
        ("10 %", "några", "säger inte hur mycket"),
        ("Stickprov", "Trolleri", "metoden ”Trolleri” är okänd"),
        ("delår och årsbokslut", "sedan", "säger inte när"),
    ],
)
def test_controls_that_are_not_whole(files: Files, old: str, new: str, says: str) -> None:
    with_risks(files)
    with pytest.raises(ImportFault) as caught:
        files.commit("controls", CONTROL_HEAD + CONTROL.replace(old, new))
    assert says in told(caught.value)
    assert not ControlPlan.objects.filter(year=2023).exists()


def test_controls_without_risks(files: Files) -> None:
    with pytest.raises(UserFault, match="läs in riskerna först"):
        files.commit("controls", CONTROL_HEAD + CONTROL)


def bare(warnings: list[str]) -> list[str]:
    return [one for one in warnings if "ingen kontroll" in one]


def test_a_point_without_any_control_is_named(files: Files, tmp_path: Path) -> None:
    """In the review, in its report and when it is read in; not once it has a control, nor one from before."""
    rows = "".join(f"{at};;;Risk nummer {at};4;3;Internkontrollpunkt;;\n" for at in range(1, 4))
    files.commit("risks", RISK_HEAD + rows)
    report = tmp_path / "granskning.csv"
    context = Context(files.room.committee, 2023)
    seen = preview(kind_of("controls"), context, files._written(CONTROL_HEAD + CONTROL), report=report)
    assert [one.split(" har ")[0] for one in bare(seen.warnings)] == [
        "Punkt 2 (Risk nummer 2, risk 2)",
        "Punkt 3 (Risk nummer 3, risk 3)",
    ]
    assert "Punkt 2 (Risk nummer 2" in report.read_text(encoding="utf-8-sig") and not seen.faults
    assert len(bare(files.commit("controls", CONTROL_HEAD + CONTROL).warnings)) == 2
    second = CONTROL_HEAD + CONTROL.replace("1;", "2;", 1)
    assert [one[:7] for one in bare(files.look("controls", second).warnings)] == ["Punkt 3"]
    every = CONTROL_HEAD + "".join(CONTROL.replace("1;", f"{at};", 1) for at in range(1, 4))
    assert bare(files.look("controls", every).warnings) == []


def test_many_points_without_control_are_counted(files: Files) -> None:
    rows = "".join(f"{at};;;Risk nummer {at};4;3;Internkontrollpunkt;;\n" for at in range(1, 26))
    files.commit("risks", RISK_HEAD + rows)
    said = bare(files.look("controls", CONTROL_HEAD + CONTROL).warnings)
    assert len(said) == 21 and said[-1] == "Ytterligare 4 punkter har ingen kontroll."


def test_the_page_names_the_point_without_control(files: Files) -> None:
    files.commit("risks", RISK_HEAD + "1;;;En;4;3;Internkontrollpunkt;;\n2;;;Två;4;3;Internkontrollpunkt;;\n")
    client = files.room.client("quality_strategist")
    home = f"/{files.room.committee.slug}/2023/inlasning/kontroller/"
    sent = {"fil": SimpleUploadedFile("fil.csv", (CONTROL_HEAD + CONTROL).encode())}
    assert "Punkt 2 (Två, risk 2) har ingen kontroll" in client.post(home, sent, follow=True).content.decode()


def test_an_adopted_plan_is_not_changed_by_a_file(files: Files) -> None:
    with_risks(files)
    files.commit("controls", CONTROL_HEAD + CONTROL)
    ControlPlan.objects.filter(year=2023).update(state="adopted", adopted_on="2022-12-15")
    assert files.commit("controls", CONTROL_HEAD + CONTROL).batch is None
    with pytest.raises(UserFault, match="antagen 2022-12-15"):
        files.commit("controls", CONTROL_HEAD + CONTROL.replace("2 ggr", "4 ggr"))


def test_an_import_is_taken_back(files: Files) -> None:
    with_risks(files)
    done = files.commit("controls", CONTROL_HEAD + CONTROL)
    assert done.batch is not None
    changed = files.commit("controls", CONTROL_HEAD + CONTROL.replace("2 ggr", "4 ggr"))
    assert changed.batch is not None
    undo(kind_of("controls"), changed.batch)
    assert Control.objects.get(point__plan__year=2023).times_a_year == 2
    undo(kind_of("controls"), done.batch)
    assert not Control.objects.filter(point__plan__year=2023).exists()


def test_the_points_of_a_file_go_with_it_and_then_the_risks_can(files: Files) -> None:
    risks = files.commit(
        "risks", RISK_HEAD + "1;;;En;4;3;Internkontrollpunkt;;\n2;;;Två;4;3;Internkontrollpunkt;;\n"
    )
    done = files.commit("controls", f"punkt;{CONTROL_HEAD}IK7;{CONTROL}")
    assert ControlPoint.objects.filter(plan__year=2023).count() == 2
    assert risks.batch is not None and done.batch is not None
    with pytest.raises(UserFault, match="arbetat vidare"):
        undo(kind_of("risks"), risks.batch)
    undone = undo(kind_of("controls"), done.batch)
    assert (undone.rows, undone.left) == (1, [])
    assert not ControlPoint.objects.filter(plan__year=2023).exists()
    assert ControlPlan.objects.filter(year=2023).exists(), "the year's plan stays, empty"
    assert undo(kind_of("risks"), risks.batch).rows == 2


def test_a_point_that_somebody_has_worked_with_stays_and_is_named(files: Files) -> None:
    risk = "{0};;;Risk {0};4;3;Internkontrollpunkt;;\n"
    files.commit("risks", RISK_HEAD + "".join(risk.format(at) for at in range(1, 4)))
    done = files.commit("controls", CONTROL_HEAD + CONTROL)
    _, second, third = ControlPoint.objects.filter(plan__year=2023).order_by("risk__number")
    second.save_over(second.revision, title="Omskriven")
    later = files.commit("controls", CONTROL_HEAD + CONTROL.replace("1;", "3;", 1))
    assert done.batch is not None and later.batch is not None
    said = undo(kind_of("controls"), done.batch).left
    assert [one.partition(" (")[0] for one in said] == [f"Punkt {second.number}", f"Punkt {third.number}"]
    assert set(ControlPoint.objects.filter(plan__year=2023)) == {second, third}
    undo(kind_of("controls"), later.batch)
    assert ControlPoint.objects.get(plan__year=2023) == second, "what nothing holds any longer goes"


def test_points_that_stood_are_called_what_they_were(files: Files) -> None:
    rows = "".join(f"{at};;;Risk {at};4;3;Internkontrollpunkt;;\n" for at in (1, 2))
    files.commit("risks", RISK_HEAD + rows)
    first = CONTROL_HEAD + CONTROL + CONTROL.replace("1;", "2;", 1)
    files.commit("controls", first)
    points = ControlPoint.objects.filter(plan__year=2023).order_by("risk__number")
    before = list(points.values_list("number", "position"))
    turned = f"punkt;{CONTROL_HEAD}1;{CONTROL.replace('1;', '2;', 1)}2;{CONTROL}"
    done = files.commit("controls", turned)
    assert list(points.values_list("number", "position")) == [("2", 2), ("1", 1)] != before
    assert done.batch is not None
    assert undo(kind_of("controls"), done.batch).left == []
    assert list(points.values_list("number", "position")) == before
    again = files.commit("controls", turned)
    two = points[1]
    two.save_over(two.revision, number="IK9")
    assert again.batch is not None
    (said,) = undo(kind_of("controls"), again.batch).left
    assert said.startswith("Punkt IK9 (Risk 2) får inte tillbaka numret 2")
    assert list(points.values_list("number", flat=True)) == ["1", "IK9"]


def test_an_adopted_plan_is_not_changed_by_taking_a_file_back(files: Files) -> None:
    with_risks(files)
    done = files.commit("controls", CONTROL_HEAD + CONTROL)
    ControlPlan.objects.filter(year=2023).update(state="adopted", adopted_on="2022-12-15")
    assert done.batch is not None
    with pytest.raises(UserFault, match="antagen 2022-12-15"):
        undo(kind_of("controls"), done.batch)
    assert Control.objects.filter(point__plan__year=2023).exists()


def test_a_decided_analysis_is_not_changed_by_taking_a_file_back(files: Files) -> None:
    """Neither what the file changed nor what it brought."""
    files.commit("risks", RISK_HEAD + "1;;;För dyrt;4;3;;;\n")
    done = files.commit("risks", RISK_HEAD + "1;;;För dyrt;2;3;;;\n2;;;För sent;1;1;;;\n")
    RiskAnalysis.objects.filter(year=2023).update(state="decided", decided_on="2022-12-01")
    assert done.batch is not None
    with pytest.raises(UserFault, match="2023 är beslutad 2022-12-01"):
        undo(kind_of("risks"), done.batch)
    assert [one.value for one in Risk.objects.filter(analysis__year=2023).order_by("position")] == [6, 1]
    RiskAnalysis.objects.filter(year=2023).update(state="open", decided_on=None)
    undo(kind_of("risks"), done.batch)
    assert Risk.objects.get(analysis__year=2023).value == 12


def test_a_file_with_nothing_new_makes_no_points(files: Files) -> None:
    with_risks(files)
    files.commit("controls", CONTROL_HEAD + CONTROL)
    files.commit("risks", RISK_HEAD + "3;;;Ny;4;3;Internkontrollpunkt;;\n")
    assert files.commit("controls", CONTROL_HEAD + CONTROL).batch is None
    assert ControlPoint.objects.filter(plan__year=2023).count() == 1


CONTEXT = Context(committee=None)  # type: ignore[arg-type]  # these cells ask nothing of the committee


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5 st/mätning", ("number", 5, None)),
        ("5 + 5 st/mätning", ("number", 10, None)),
        ("10 %", ("share", None, 10)),
        ("12,5 procent", ("share", None, 12.5)),
        ("Samtliga", ("all", None, None)),
        ("100 %", ("all", None, None)),
    ],
)
def test_how_much(text: str, wanted: tuple[object, ...]) -> None:
    kind, number, share, words = Extent().reader(CONTEXT)(text)
    assert (kind, number, None if share is None else float(share)) == wanted
    assert words == text


@pytest.mark.parametrize(
    ("text", "times"),
    [("2 ggr/år", 2), ("1 g/mån", 12), ("1g/månaden", 12), ("Kvartalsvis", 4), ("1 g var 6:e månad", 2),
     ("uppföljning 2ggr/år", 2), ("Realtid", 1), ("En gång per år", 1)],
)  # fmt: skip
def test_how_often(text: str, times: int) -> None:
    assert Frequency().reader(CONTEXT)(text) == (text, times)


@pytest.mark.parametrize(
    ("text", "role"),
    [("MAS", "mas"), ("1:e socialsekreterare", "quality_strategist"), ("Enhetschef", "unit_manager"),
     ("Avdelningschef förvaltningskontoret", "head_department"), ("förvaltningschef", "head_administration")],
)  # fmt: skip
def test_who_is_responsible(text: str, role: str) -> None:
    assert Responsible().reader(CONTEXT)(text) == (text, role)


@given(st.text(max_size=80))
def test_cells_give_values_or_say_what_to_do(text: str) -> None:
    for cell in (Extent(), Frequency(), Method(), Responsible(), ReportedAt()):
        try:
            values = cell.reader(CONTEXT)(text)
        except CellFault as fault:
            assert fault.what and fault.do
        else:
            assert len(values) == len(cell.types)
            if isinstance(cell, Responsible):
                assert values[1] in Role.values
