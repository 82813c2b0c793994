"""Loading a question set: checked, and kept as a new version when it says something new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.core.put import put
from roder.organisation.models import Body, Person
from roder.questionnaires.check import Checked, check_bytes, check_file, check_text
from roder.questionnaires.models import QuestionSet, QuestionSetVersion
from roder.questionnaires.shape import QuestionSet as SetContent
from roder.questionnaires.shape import from_data, to_data


class SetFault(UserFault):
    """A question set with faults. Nothing has been loaded."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join([*self.lines, f"{len(self.lines)} fel; ingenting har lästs in."]))


def load_set(path: Path | str, committee: Body, by: Person | None = None) -> QuestionSetVersion:
    """Load a set from its file. Raises NotAllowedError; SetFault with every fault. See ``load_checked``."""
    return load_checked(check_file(path), committee, by)


def load_text(
    text: str, committee: Body, by: Person | None = None, name: str = "formular.yaml"
) -> QuestionSetVersion:
    """Load a set from its text."""
    return load_checked(check_text(text, name), committee, by)


def load_bytes(raw: bytes, committee: Body, by: Person | None, name: str) -> QuestionSetVersion:
    """Load a set from an uploaded file."""
    return load_checked(check_bytes(raw, name), committee, by)


@transaction.atomic
def load_checked(checked: Checked, committee: Body, by: Person | None = None) -> QuestionSetVersion:
    """Make a checked set the committee's latest version of its code.

    The same text as the latest version gives that version back. ``by`` None is the operator at the command line.
    Raises NotAllowedError; SetFault when the set is faulty.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.QUESTIONNAIRES, committee)
    if checked.set is None:
        raise SetFault(checked.lines())
    content = checked.set
    values = {
        "title": content.title, "audience": content.audience.value, "subject_kinds": list(content.subjects),
    }  # fmt: skip
    found, _ = put(QuestionSet, {"committee": committee, "code": content.code}, values, checked.name)
    QuestionSet.objects.select_for_update().get(pk=found.pk)  # two that load at once get a number each
    latest = found.versions.order_by("-number").first()
    sha256 = hashlib.sha256(checked.text.encode()).hexdigest()
    if latest is not None and latest.sha256 == sha256:
        return latest
    version = QuestionSetVersion.objects.create(
        question_set=found, number=latest.number + 1 if latest else 1, content=to_data(content),
        source=checked.text, sha256=sha256, loaded_by=by,
    )  # fmt: skip
    access.record(by, "questionnaire.version_loaded", found, number=version.number, sha256=sha256)
    return version


@lru_cache(maxsize=256)
def _parsed(version_id: int) -> SetContent:
    # A loaded version never changes (the database refuses), so its id is all the key that is needed.
    return from_data(QuestionSetVersion.objects.values_list("content", flat=True).get(pk=version_id))


def parsed(version: QuestionSetVersion | int) -> SetContent:
    """What a version asks."""
    return _parsed(version if isinstance(version, int) else version.pk)
