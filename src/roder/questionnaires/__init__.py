"""Everything somebody must answer: question sets as data, answers with versions, compilations (11.2).

``from roder import questionnaires``, then::

    version = questionnaires.load_set(path, committee, by)          # a set from its file; a new version when changed
    answer = questionnaires.open_answer(version, by, unit=unit, occasion=occasion)      # or subject=record, key="1"
    questionnaires.save_answer(answer, by, values, expected_revision=answer.revision, final=True)
    questionnaires.compile_answers(question_set, answers)           # counted, and side by side
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.questionnaires.compiling import compile_answers as compile_answers
    from roder.questionnaires.form import answer_form as answer_form
    from roder.questionnaires.form import typed as typed
    from roder.questionnaires.loading import SetFault as SetFault
    from roder.questionnaires.loading import load_set as load_set
    from roder.questionnaires.loading import load_text as load_text
    from roder.questionnaires.services import answer_publicly as answer_publicly
    from roder.questionnaires.services import current as current
    from roder.questionnaires.services import moved as moved
    from roder.questionnaires.services import of as of
    from roder.questionnaires.services import open_answer as open_answer
    from roder.questionnaires.services import reopen as reopen
    from roder.questionnaires.services import save_answer as save_answer
    from roder.questionnaires.services import sets_for as sets_for
    from roder.questionnaires.services import visible_answers as visible_answers
    from roder.questionnaires.subjects import about as about

_HOMES = {
    "about": "subjects",
    "SetFault": "loading",
    "answer_form": "form",
    "answer_publicly": "services",
    "compile_answers": "compiling",
    "current": "services",
    "load_set": "loading",
    "load_text": "loading",
    "moved": "services",
    "of": "services",
    "open_answer": "services",
    "reopen": "services",
    "save_answer": "services",
    "sets_for": "services",
    "typed": "form",
    "visible_answers": "services",
}


def __getattr__(name: str) -> Any:
    """Load the parts on first use: Django imports this package before its models may be imported."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"roder.questionnaires.{_HOMES[name]}"), name)
