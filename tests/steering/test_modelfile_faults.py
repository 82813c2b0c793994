"""Everything wrong in a model file is said at once, where it stands, and then nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from roder.steering.modelfile import check_file, check_text
from tests.steering.modelfile_text import SMALL, changed, line_of

TEN = """\
format: 1
year: 2022
municipality: {code: "1489", name: Exempelkommun, slug: exempel}
committee: {code: SN, nam: Socialnämnden, slug: exempel-sn}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
status_scales:
  - code: mal
    subject: goal
    statuses: []
occasions:
  - code: 2022-08
    kind: interim
    name: Delårsbokslut
    cut_off: 2022-02-30
    decided_by: KS
    phases:
      - {code: enheter, name: Chefer, step: report, role: unit_managers, start: 2022-08-23, end: 2022-08-12}
accounts:
  print_unit: tkr
  rows:
    - {code: intakter, label: Intäkter, kind: group, sign: revenue}
    - {code: intakter, label: 7, kind: group, sign: cost}
    - {code: netto, label: Netto, kind: sum, sign: cost, sum_of: [intkter]}
"""


def test_ten_faults_give_ten_messages_with_the_right_lines_and_nothing_is_loaded() -> None:
    checked = check_text(TEN, "styrmodell.yaml")
    assert checked.model is None
    found = [(fault.line, fault.path) for fault in checked.faults]
    assert found == [
        (4, "committee.name"),
        (4, "committee.nam"),
        (10, "status_scales[mal].statuses"),
        (15, "occasions[2022-08].cut_off"),
        (16, "occasions[2022-08].decided_by"),
        (18, "occasions[2022-08].phases[enheter].role"),
        (18, "occasions[2022-08].phases[enheter].end"),
        (23, "accounts.rows[intakter].code"),
        (23, "accounts.rows[intakter].label"),
        (24, "accounts.rows[netto].sum_of[#1]"),
    ]
    said = "\n".join(checked.lines())
    assert (
        "Menade du ”name”?" in said
        and "Menade du ”unit_manager”?" in said
        and "Menade du ”intakter”?" in said
    )
    assert "februari 2022 har 28 dagar" in said
    assert checked.lines()[0].startswith("styrmodell.yaml:4:12: committee.name: ")


def test_the_small_model_is_without_faults() -> None:
    assert check_text(SMALL).lines() == []


BROKEN = [
    # what is changed, into what, the word whose line is pointed at, part of the message
    ("name: Exempelkommun, ", "", "municipality:", "”name” (namn) saknas"),
    ('code: "1489"', "code: 1489", "1489", 'citattecken: "1489"'),
    ('code: "1489"', 'code: "14890"', "14890", "fyra siffror"),
    ("slug: exempel-sn", "slug: Exempel SN", "Exempel SN", "ingen giltig kod"),
    ("year: 2022\n", "year: tjugotvå\n", "tjugotvå", "ska vara ett heltal"),
    ("year: 2022\n", "year: 22\n", "year: 22", "för litet; minst 1990"),
    ("year: 2022\n", "year:\n", "year:", "har inget värde"),
    ("format: 1", "format: 2", "format", "kan inte vara talet 2"),
    ("kind: council", "kind: counsil", "counsil", "Menade du ”council”?"),
    ("print_unit: tkr", "print_unit: tkr\n  prnt_unit: tkr", "prnt_unit", "Menade du ”print_unit”?"),
    (
        "label: Ej uppfyllt, order: 1",
        "label: Ej uppfyllt, delvis, order: 1",
        "delvis, order",
        "hela texten inom citattecken",
    ),
    ("occasion_kinds: [interim]", "occasion_kinds: interim", "occasion_kinds", "Sätt [ ] om värdet"),
    (
        "order: 2, tone: near",
        "order: 1, tone: near",
        "order: 1, tone: near",
        "har redan statusen ”Ej uppfyllt”",
    ),
    ("tone: near", "tone: nära", "nära", "Välj ett av: good, near, bad, none"),
    ("cut_off: 2022-08-31", "cut_off: 2023-08-31", "2023-08-31", "ligger utanför 2022"),
    ("cut_off: 2022-08-31", "cut_off: 31 augusti", "31 augusti", "inte ett datum"),
    ("cut_off: 2022-08-31", "cut_off: 2022-13-01", "2022-13-01", "månaden ska vara 01–12"),
    ("cut_off: 2022-08-31", "cut_off: 20220831", "20220831", "inte ett datum"),
    ("compares_with: 2022-04", "compares_with: 2022-03", "compares_with", "Menade du"),
    ("compares_with: 2022-04", "compares_with: 2022-08", "compares_with", "tidigare tillfälle"),
    ("decided_by: SN", "decided_by: SNN", "SNN", "Menade du ”SN”?"),
    ("receives: [KS]", "receives: [KS, KSAU]", "KSAU", "Organet ”KSAU” finns inte"),
    ("start: 2022-08-24", "start: 2022-08-20", "2022-08-20", "innan fasen ”Chefer” har slutat"),
    (
        "end: 2022-08-30}",
        "end: 2022-08-03}",
        "2022-08-03",
        "slutar (2022-08-03) innan den börjar (2022-08-24)",
    ),
    ("body: SN, start", "start", "code: sn,", "saknar både role och body"),
    ('end_time: "12:00"', 'end_time: "25:00"', "25:00", "inte ett klockslag"),
    ('end_time: "12:00"', 'start_time: "13:00", end_time: "12:00"', '"12:00"', "kl. 12:00) innan den börjar"),
    ("lowest: 6, highest: 16", "lowest: 8, highest: 16", "- {lowest: 1", "Riskvärde 6 kan förekomma"),
    ("lowest: 6, highest: 16", "lowest: 4, highest: 16", "lowest: 4, highest: 16", "Riskvärde 4 har redan"),
    ("lowest: 6, highest: 16", "lowest: 16, highest: 6", "highest: 6,", "lowest ska vara minst"),
    (
        "Konsekvens, steps: [{value: 1}, {value: 2}",
        "Konsekvens, steps: [{value: 1}",
        "impact",
        "hoppar över 2",
    ),
    (
        "Konsekvens, steps: [{value: 1}, {value: 2}",
        "Konsekvens, steps: [{value: 2}, {value: 2}",
        "impact",
        "två gånger",
    ),
    ("sum_of: [intakter, personal]", "sum_of: [intakter, personell]", "personell", "Menade du ”personal”?"),
    ("sum_of: [intakter, personal]", "sum_of: [intakter, netto]", "intakter, netto", "räknar in sig själv"),
    ("sum_of: [intakter, personal]", "sum_of: [intakter, intakter]", "intakter, intakter", "mer än en gång"),
    (", sum_of: [intakter, personal]", "", "code: netto", "saknar sum_of"),
    (
        "kind: group, sign: cost",
        "kind: group, sign: cost, sum_of: [intakter]",
        "sum_of: [intakter]",
        "ta bort sum_of",
    ),
    ("scale: mal", "scale: malet", "malet", "Menade du ”mal”?"),
    ("{up_to: 110, status: nara}", "{up_to: 110, status: narra}", "narra", "Menade du ”nara”?"),
    ("{up_to: 110, status: nara}", "{up_to: 90, status: nara}", "up_to: 90", "stigande ordning"),
    ("{status: ej}]", "{up_to: 120, status: ej}]", "up_to: 120", "Värden över 120 får ingen status"),
    ("{up_to: 100, status", "{status", "bands", "Bara det sista bandet"),
    ("up_to: 110", "up_to: 110 %", "110 %", "inte ett tal"),
    (
        "kind: percent_of_target",
        "kind: percent_of_targets",
        "percent_of_targets",
        "Menade du ”percent_of_target”?",
    ),
    ("    kind: percent_of_target\n", "", "code: franvaro", "Slaget (kind) saknas"),
    ("replaced_by: SoL-2025", "replaced_by: SoL-2026", "SoL-2026", "Lagen ”SoL-2026” finns inte"),
    ("valid_from: 2025-07-01", "valid_from: 2025-08-01", "2025-06-30", "Ingen av lagarna gäller mellan"),
    ("valid_to: 2025-06-30", "valid_to: 2025-07-30", "code: SoL-2025, short", "gäller samtidigt"),
    ("code: KS,", "code: KF,", "Kommunstyrelsen", "används redan av post 1"),
    ("year: 2022\n", "year: 2022\nyear: 2023\n", "year: 2023", "står två gånger (första gången på rad 2)"),
    ("year: 2022\n", "year: &y 2022\n", "&y", "Genvägar"),
    ("label: Netto", "label: !text Netto", "!text", "används inte i en styrmodell"),
    ("bodies:\n", "? [a, b]\n: 1\nbodies:\n", "[a, b]", "ett enda ord"),
    ("label: Netto", "label: ''", "label: ''", "texten är tom"),
]


@pytest.mark.parametrize(("old", "new", "at", "said"), BROKEN, ids=[f"{one[1][:40]!r}" for one in BROKEN])
def test_a_single_fault_is_said_where_it_stands(old: str, new: str, at: str, said: str) -> None:
    text = changed(old, new)
    checked = check_text(text)
    assert checked.model is None
    told = [fault for fault in checked.faults if said in fault.message]
    assert told, "\n".join(checked.lines())
    assert told[0].line == line_of(at, text), told[0]


SYNTAX = [
    ("label: Netto", 'label: "Netto', "citattecknet avslutas aldrig"),
    ("label: Netto", "label: Netto: brutto", "kolon där det inte går"),
    ("    statuses:\n", "\tstatuses:\n", "tabb"),
    ("receives: [KS]", "receives: [KS", "avslutas aldrig"),
    ("receives: [KS]", "receives: @KS", "sätt den inom citattecken"),
    ("    decided_by: SN", "     decided_by: SN", "kolon där det inte går"),
    ("receives: [KS]", "receives: *KS", "Genvägar"),
]


@pytest.mark.parametrize(("old", "new", "said"), SYNTAX, ids=[one[1] for one in SYNTAX])
def test_a_slip_in_the_writing_does_not_hide_faults_in_other_sections(old: str, new: str, said: str) -> None:
    checked = check_text(changed("year: 2022\n", "yaer: 2022\n", changed(old, new)))
    assert checked.model is None
    assert any(said in fault.message for fault in checked.faults), checked.lines()
    if said != "Genvägar":
        assert any("Menade du ”year”?" in fault.message for fault in checked.faults), checked.lines()
        assert not any("”accounts” (kontorader) saknas" in fault.message for fault in checked.faults)


@pytest.mark.parametrize(
    "text", ["", "# bara en kommentar\n", "- en\n- lista\n", "text", "[" * 5000, "a: 1\n---\nb: 2\n"]
)
def test_what_is_no_model_at_all_is_one_clear_fault(text: str) -> None:
    checked = check_text(text)
    assert checked.model is None and checked.faults


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert "finns inte" in check_file(tmp_path / "ingen.yaml").lines()[0]
    assert check_file(tmp_path).model is None
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"format: 1\ntitle: Bed\xf6mning\n")
    fault = check_file(latin).faults[0]
    assert (fault.line, fault.column) == (2, 11) and "UTF-8" in fault.message


def test_byte_order_marks_windows_line_ends_and_utf16_are_read(tmp_path: Path) -> None:
    for name, raw in {
        "bom": SMALL.encode("utf-8-sig"),
        "windows": SMALL.replace("\n", "\r\n").encode(),
        "utf16": SMALL.encode("utf-16"),
    }.items():
        path = tmp_path / name
        path.write_bytes(raw)
        assert check_file(path).lines() == [], name


def test_all_the_scales_of_the_specification_work_at_once() -> None:
    scales = """\
  - code: atgard
    subject: action
    statuses:
      - {code: pagaende, label: Pågående, order: 1, tone: near}
      - {code: avvikelse, label: Pågående med avvikelse, order: 2, tone: bad}
      - {code: uppnadd, label: Avslutad - nyttan uppnådd, order: 3, tone: good}
      - {code: delvis, label: Avslutad - nyttan delvis uppnådd, order: 4, tone: near}
      - {code: ej, label: Avslutad - nyttan ej uppnådd, order: 5, tone: bad}
  - code: mal_ar
    subject: goal
    occasion_kinds: [annual]
    statuses: [{code: ej, label: Ej uppfyllt, order: 1, tone: bad}]
"""
    assert check_text(changed("risk_scales:\n", scales + "risk_scales:\n")).lines() == []
    twice = scales.replace("[annual]", "[interim, annual]")
    checked = check_text(changed("risk_scales:\n", twice + "risk_scales:\n"))
    assert len(checked.faults) == 1
    assert "Skalan ”mal” gäller redan för goal vid interim" in checked.faults[0].message


def test_a_matrix_of_levels_has_the_shape_of_its_scale() -> None:
    matrix = """\
    levels: [{code: lag, label: Låg, tone: good}, {code: hog, label: Hög, tone: bad}]
    matrix:
      - {likelihood: 1, levels: [lag, lag, lag, lag]}
      - {likelihood: 2, levels: [lag, lag, hog, hog]}
      - {likelihood: 3, levels: [lag, hog, hog, hog]}
      - {likelihood: 4, levels: [lag, hog, hog, hog]}
"""
    whole = changed("    handling:\n", matrix + "    handling:\n")
    assert check_text(whole).lines() == []
    for old, new, said in (
        ("      - {likelihood: 4, levels: [lag, hog, hog, hog]}\n", "", "saknar rad för sannolikhet 4"),
        ("[lag, lag, hog, hog]", "[lag, lag, hog]", "3 nivåer men konsekvensen har 4 steg"),
        ("[lag, lag, hog, hog]", "[lag, lag, hog, hgo]", "Menade du ”hog”?"),
        ("likelihood: 2,", "likelihood: 3,", "två gånger"),
    ):
        faults = check_text(changed(old, new, whole)).faults
        assert any(said in fault.message for fault in faults), (new, faults)
