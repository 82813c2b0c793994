"""Writes the reports of committees whose figures are loaded: for the demonstration, and for trying a set-up.

Comments come from a file ``kommentarer.yaml``: report, occasion, section, and a text or a text for each subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from roder.control import demo as control_demo
from roder.core.models import StaleRecordError
from roder.economy.models import BudgetVersion, ForecastLine, InvestmentLine
from roder.imports import examples as later
from roder.organisation.models import Body, Person, Role
from roder.quality.models import Complaint, Deviation, LexSarahCase
from roder.reports.base import CommentKey
from roder.reports.base import Report as ReportKind
from roder.reports.gather_control import gather_control
from roder.reports.gather_year import gather_year
from roder.reports.kinds import report_class, reports_for
from roder.reports.models import Report
from roder.reports.services import (
    ReportFault,
    check,
    comments_of,
    lock,
    open_draft,
    save_comment,
    write_files,
    written,
)
from roder.steering.models import Assessment, Occasion
from roder.steering.services import model_of

COMMENTS_FILE = "kommentarer.yaml"


def read_comments(path: Path) -> dict[str, Any]:
    """The comments of a file, or none where there is no file."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}


def texts_for(report: Report, data: Mapping[str, Any]) -> dict[CommentKey, str]:
    """What a file says of a report: texts by section and subject.

    The report stands under its slug (hyphen or underscore); the occasion under its code, or its year for reports that
    are named by year.
    """
    kind = report_class(report.kind)
    by_occasion = _part(data, {kind.slug, kind.slug.replace("-", "_")})
    codes = {report.occasion.code, *([str(report.occasion.year)] if kind.by_year else [])}
    sections = _part(by_occasion, codes)
    return {key: text for section, inside in sections.items() for key, text in _texts(str(section), inside)}


def _part(data: Mapping[Any, Any], names: set[str]) -> Mapping[Any, Any]:
    """What stands under any of the names (a year may be written as a number); nothing where none is."""
    return next((found for name, found in data.items() if str(name) in names and found), {})


def _texts(section: str, inside: Any) -> Iterator[tuple[CommentKey, str]]:
    if isinstance(inside, Mapping):
        yield from (((section, str(subject)), str(text).strip()) for subject, text in inside.items())
    elif inside is not None:
        yield (section, ""), str(inside).strip()


def load_comments_from_yaml(report: Report, data: Mapping[str, Any], by: Person | None) -> int:
    """Save what a file says of a draft; a comment that people have written already is left. Gives how many were saved.

    Raises ReportFault for a section or a subject that the report does not have, NotAllowedError.
    """
    texts = texts_for(report, data)
    with written(report) as assembly:
        places = {slot.key for slot in assembly.slots}
    if unknown := [key for key in texts if key not in places]:
        named = ", ".join("/".join(part for part in key if part) for key in unknown)
        raise ReportFault(f"{COMMENTS_FILE}: {report} har inte avsnitten {named}.")
    there, saved = comments_of(report), 0
    for (section, subject), text in texts.items():
        if (section, subject) not in there:
            try:
                save_comment(report, section, subject, text, by)
                saved += 1
            except StaleRecordError:  # somebody wrote there just now: theirs stands
                continue
    return saved


def write_all(out: Path, by: Person | Callable[[Body], Person] | None, examples: Path) -> list[Path]:
    """Lock and write every report that there are figures for, to ``out/<municipality>/``. Gives the files.

    ``by`` locks them (or gives who does, for a committee; None: the system itself). ``examples`` holds a folder for
    each municipality, by its address name, with the comments and, in folders by occasion, what came later; where a
    municipality has several committees each has a folder in it, and so in ``out``. A report that is locked already is
    only written out again.
    """
    made: list[Path] = []
    together: list[tuple[Occasion, type[ReportKind], dict[str, Any], Person | None]] = []
    for committee in (
        Body.objects.filter(kind=Body.Kind.COMMITTEE).select_related("municipality").order_by("slug")
    ):
        person = by(committee) if callable(by) else by
        own = folder_of(committee)
        data = read_comments(examples / own / COMMENTS_FILE)
        for occasion in Occasion.objects.filter(committee=committee).order_by("cut_off", "pk"):
            load_later(occasion, examples / own / occasion.code, person)
            for kind in reports_to_make(occasion, data):
                if kind.compiles:
                    together.append((occasion, kind, data, person))
                else:
                    made += write_files(locked_report(occasion, kind.slug, data, person), out / own)
    for occasion, kind, data, person in together:  # of all committees, when each has locked its own
        folder = out / folder_of(occasion.committee)
        made += write_files(locked_report(occasion, kind.slug, data, person), folder)
    return made


def folder_of(committee: Body) -> Path:
    """The committee's folder among the examples: its municipality's, or one in it when there are several committees."""
    town = committee.municipality
    alone = Body.objects.filter(municipality=town, kind=Body.Kind.COMMITTEE).count() == 1
    return Path(town.slug) if alone else Path(town.slug, committee.slug.removeprefix(f"{town.slug}-"))


def load_later(occasion: Occasion, folder: Path, by: Person | None) -> None:
    """Read in what an example's folder has for an occasion alone (``2022-12``): values, assessments and controls that
    came after the other occasions' reports, as they do in a real year. Nothing where there is no folder.
    """
    if not folder.is_dir():
        return
    committee = occasion.committee
    later.load_later(folder, committee, occasion.year, by)
    controls = folder / control_demo.FILE
    leader = Person.objects.filter(mandates__role=Role.QUALITY_STRATEGIST, mandates__body=committee).first()
    if controls.is_file() and leader is not None:
        control_demo.load_later(controls, leader)


def reports_to_make(occasion: Occasion, data: Mapping[Any, Any]) -> list[type[ReportKind]]:
    """The reports of an occasion that there is anything to say in. At a year's end nothing is said in any of them until
    something is registered for that very occasion.
    """
    model = model_of(occasion)
    if occasion.code not in {planned.code for planned in model.occasions}:
        return []
    told, control = has_figures(occasion, data), gather_control(occasion)
    followed = control is not None and control.plan is not None and control.plan.told
    if occasion.kind == Occasion.Kind.ANNUAL and not (told or followed):
        return []
    made, year = [], gather_year(occasion)
    for kind in reports_for(occasion.kind):
        own = kind.has_material(control)
        if (
            (told if own is None else own)
            and kind.has_year(year)
            and (not kind.compiles or _is_written(kind, occasion, data))
        ):
            made.append(kind)
    return made


def _is_written(kind: type[ReportKind], occasion: Occasion, data: Mapping[Any, Any]) -> bool:
    """Whether somebody has written comments for the report at the occasion."""
    by_occasion = _part(data, {kind.slug, kind.slug.replace("-", "_")})
    return bool(_part(by_occasion, {occasion.code, str(occasion.year)}))


def has_figures(occasion: Occasion, data: Mapping[Any, Any]) -> bool:
    """Whether the year's steering model has the occasion, and anything is registered that its report would show.

    Quality has many occasions (each meeting, each quarter): their reports are made where somebody has written comments.
    """
    if occasion.code not in {planned.code for planned in model_of(occasion).occasions}:
        return False
    if occasion.kind in Occasion.QUALITY_KINDS:
        return _has_quality(occasion) and any(
            _is_written(kind, occasion, data) for kind in reports_for(occasion.kind)
        )
    if occasion.kind == Occasion.Kind.PLAN:
        return BudgetVersion.objects.filter(committee=occasion.committee, year=occasion.year).exists()
    return any(
        rows.objects.filter(occasion=occasion).exists() for rows in (ForecastLine, InvestmentLine, Assessment)
    )


def _has_quality(occasion: Occasion) -> bool:
    """Whether any deviation, lex Sarah case or complaint was registered by the occasion's cut-off."""
    committee, end = occasion.committee_id, occasion.cut_off
    return (
        Deviation.objects.filter(committee=committee, reported_at__date__lte=end).exists()
        or LexSarahCase.objects.filter(committee=committee, reported_at__date__lte=end).exists()
        or Complaint.objects.filter(committee=committee, received_at__date__lte=end).exists()
    )


def locked_report(occasion: Occasion, kind: str, data: Mapping[str, Any], by: Person | None) -> Report:
    """The latest locked version of a report, made now if there is none. Every finding counts as seen."""
    same = Report.objects.filter(occasion=occasion, kind=kind).select_related(
        "occasion__committee__municipality"
    )
    if locked := same.filter(state=Report.State.LOCKED).order_by("-number").first():
        return locked
    report = open_draft(occasion, kind, by)
    load_comments_from_yaml(report, data, by)
    return lock(report, by, {one.mark for one in check(report)})
