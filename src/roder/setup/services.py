"""A municipality set up from ``setup.yaml``, step by step: each is done whole or not at all, and may be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access
from roder.core.faults import UserFault
from roder.core.yamlfile import read_yaml
from roder.imports.deeds import Deed, Reading, content_deeds, model_deed, reading_deed
from roder.imports.goal_files import read_goals
from roder.imports.kinds import KINDS
from roder.imports.mapping import read_mapping
from roder.imports.measure_files import read_measures
from roder.meetings.models import CaseSeries
from roder.meetings.services.case_series import set_series
from roder.organisation.loading import full_slug, make_organisation
from roder.organisation.models import Body
from roder.setup.shape import Committee, Numbers, ReadIn, SetupShape, StartOfModel
from roder.steering.loading import load_model
from roder.steering.modelfile import check_file
from roder.steering.models import SteeringModelVersion
from roder.steering.starting import start_text


@dataclass(frozen=True)
class Step:
    """A step: what it is called, and what it does. The lines say what came of it; none when there was nothing."""

    title: str
    do: Callable[[], list[str]]


class StepFault(UserFault):
    """A step that was refused as a whole. What was done before it stands."""

    def __init__(self, step: Step, done: int, fault: Exception) -> None:
        stands = "Stegen före är klara och gäller." if done else "Ingenting har sparats."
        super().__init__(f"{step.title}:\n{fault}\n{stands} Rätta och kör samma kommando igen.")


def read_setup(path: Path) -> SetupShape:
    """The file, checked: its keys, codes and that the files it names are there. Raises UserFault with lines."""
    return read_yaml(path, SetupShape, {"folder": path.parent})


def check_setup(path: Path) -> None:
    """The file, and the form of the files it names, as far as no database is needed. Raises UserFault with all."""
    folder, faults = path.parent, []
    for one in read_setup(path).committees:
        checks: list[tuple[Callable[[Path], object], str]] = [(check_model, name) for name in one.model_files]
        checks += [(read_measures, one.measures_file)] if one.measures_file else []
        checks += [(read_goals, one.goals_file)] if one.goals_file else []
        checks += [(read_mapping, file.mapping) for file in one.files if file.mapping]
        for read, name in checks:
            try:
                read(folder / name)
            except UserFault as fault:
                faults.append(str(fault))
    if faults:
        raise UserFault("\n".join(faults))


def check_model(path: Path) -> None:
    """Raises UserFault with every fault of a steering model's file."""
    checked = check_file(path)
    if checked.model is None:
        raise UserFault("\n".join(checked.lines()))


def run(path: Path) -> Iterator[str]:
    """Carry out a setup file. Gives a line for what each step did, when it has been done.

    Run again it changes what has changed in the files and doubles nothing. Raises UserFault before anything is done
    when the file is faulty, StepFault when a step is refused: then the steps before it are done, and it is not begun.
    """
    file = read_setup(path)
    for done, step in enumerate(steps(file, path)):
        try:
            with transaction.atomic():
                lines = step.do()
        except ValidationError as fault:
            raise StepFault(step, done, UserFault(" ".join(fault.messages))) from fault
        except UserFault as fault:
            raise StepFault(step, done, fault) from fault
        if lines:
            yield from (f"{step.title}: {lines[0]}", *lines[1:])
    access.record(None, "setup.ran", file.municipality.slug)


def steps(file: SetupShape, path: Path) -> Iterator[Step]:
    """The steps in order: the organisation whole, then each committee's."""
    yield Step("Kommun, nämnder och organ", partial(_organisation, file, path))
    for one in file.committees:
        yield from _of_committee(one, file.municipality.slug, path.parent)


def _organisation(file: SetupShape, path: Path) -> list[str]:
    committees = make_organisation(file.organisation(), path)
    own = committees[0].municipality
    units = sum(one.units.count() for one in committees)
    bodies = Body.objects.filter(municipality=own).count()
    count = len(committees)
    return [f"{own}, {count} {'nämnd' if count == 1 else 'nämnder'}, {bodies} organ i allt, {units} enheter"]


def _of_committee(one: Committee, municipality: str, folder: Path) -> Iterator[Step]:
    slug = full_slug(municipality, one.slug)

    def step(title: str, do: Callable[[Body], list[str]]) -> Step:
        """A step of this committee, which the first step has made."""
        return Step(f"{one.name}, {title}", lambda: do(Body.objects.get(slug=slug)))

    def of(deed: Deed) -> Step:
        return step(
            f"{deed.title} ur {deed.file.relative_to(folder)}", lambda committee: deed.do(committee, None)
        )

    for kind, name in (("enheter", one.units_file), ("personer", one.people_file)):
        if name:
            yield of(reading_deed(Reading(KINDS[kind], folder / name)))
    yield from (of(model_deed(folder / name)) for name in one.model_files)
    if one.model_from:
        yield step("styrmodell", partial(_start_model, one.model_from))
    if one.registration_numbers:
        yield step("diarienummer", partial(_numbers, one.registration_numbers))
    measures = folder / one.measures_file if one.measures_file else None
    goals = folder / one.goals_file if one.goals_file else None
    readings = tuple(_reading(file, folder) for file in one.files)
    yield from (of(deed) for deed in content_deeds(measures, goals, readings))


def _reading(file: ReadIn, folder: Path) -> Reading:
    mapping = folder / file.mapping if file.mapping else None
    return Reading(KINDS[file.kind], folder / file.file, mapping, file.year)


def _start_model(start: StartOfModel, committee: Body) -> list[str]:
    """A model to begin with, once: from then on it is edited on the web or as a file."""
    there = SteeringModelVersion.objects.filter(committee=committee, year=start.year).first()
    if there is not None:
        return [f"{start.year} finns redan (version {there.version}) och lämnas som den är"]
    version = load_model(committee, start_text(committee, start.source, start.year))
    return [f"{version.year} version {version.version}, ur {start.source}"]


def _numbers(form: Numbers, committee: Body) -> list[str]:
    there = CaseSeries.objects.filter(committee=committee, year=form.year).first()
    last = max(form.last, there.last if there else 0)
    series = set_series(committee, form.year, None, pattern=form.pattern, last=last)
    return [f"{form.pattern}, nästa nummer {series.pattern.format(year=form.year, number=last + 1)}"]
