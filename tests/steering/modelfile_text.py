"""A small whole model file that the tests of the steering model change and break."""

from __future__ import annotations

SMALL = """\
format: 1
year: 2022
municipality: {code: "1489", name: Exempelkommun, slug: exempel}
committee: {code: SN, name: Socialnämnden, slug: exempel-sn}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
  - {code: KS, name: Kommunstyrelsen, kind: executive_board}
status_scales:
  - code: mal
    subject: goal
    occasion_kinds: [interim]
    statuses:
      - {code: ej, label: Ej uppfyllt, order: 1, tone: bad}
      - {code: nara, label: Delvis uppfyllt, order: 2, tone: near}
      - {code: helt, label: Helt uppfyllt, order: 3, tone: good}
risk_scales:
  - code: risk
    label: Riskanalys
    used_for: [risk_analysis]
    likelihood: {label: Sannolikhet, steps: [{value: 1}, {value: 2}, {value: 3}, {value: 4}]}
    impact: {label: Konsekvens, steps: [{value: 1}, {value: 2}, {value: 3}, {value: 4}]}
    handling:
      - {lowest: 1, highest: 4, proposals: [{handling: none}]}
      - {lowest: 6, highest: 16, proposals: [{handling: goal}]}
occasions:
  - code: 2022-04
    kind: in_depth
    name: Fördjupad uppföljning
    cut_off: 2022-04-30
    decided_by: SN
    receives: [KS]
  - code: 2022-08
    kind: interim
    name: Delårsbokslut
    cut_off: 2022-08-31
    compares_with: 2022-04
    phases:
      - {code: enheter, name: Chefer, step: report, role: unit_manager, start: 2022-08-12, end: 2022-08-23}
      - {code: avd, name: Avd, step: report, role: head_department, start: 2022-08-24, end: 2022-08-30}
      - {code: sn, name: SN, step: decide, body: SN, start: 2022-09-27, end: 2022-09-27, end_time: "12:00"}
accounts:
  print_unit: tkr
  rows:
    - {code: intakter, label: Intäkter, kind: group, sign: revenue}
    - {code: personal, label: Personal, kind: group, sign: cost}
    - {code: netto, label: Netto, kind: sum, sign: cost, sum_of: [intakter, personal]}
grading_rules:
  - code: franvaro
    label: Sjukfrånvaro
    kind: percent_of_target
    scale: mal
    better: lower
    bands: [{up_to: 100, status: helt}, {up_to: 110, status: nara}, {status: ej}]
laws:
  - {code: SoL-2001, short: SoL, name: Socialtjänstlag, valid_to: 2025-06-30, replaced_by: SoL-2025}
  - {code: SoL-2025, short: SoL, name: Socialtjänstlag, valid_from: 2025-07-01}
"""


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one thing replaced, which must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def line_of(word: str, text: str) -> int:
    """The line, from 1, where a word first stands."""
    return text[: text.index(word)].count("\n") + 1
