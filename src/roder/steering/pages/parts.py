"""Editing the steering model part by part: the parts, a part's rows, the form of a row, its place and its removal.

Every change is one row's lines in the version's own text. The whole text is then checked as the text editor does, what
changes is shown, and saving makes a version.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.words import capital_first
from roder.steering.modelfile.faults import Path, identity, value_at
from roder.steering.modelfile.messages import schema_at
from roder.steering.modelfile.references import dotted, named, referring, renamed
from roder.steering.modelfile.rowfields import UNORDERED, RowField, fields, keys, of_kind, parts, shown, sorts
from roder.steering.modelfile.scalars import Raw
from roder.steering.modelfile.splice import (
    GONE,
    SpliceError,
    add_item,
    data_of,
    set_values,
)
from roder.steering.pages.edit import text_of
from roder.steering.pages.parts_forms import RowForm
from roder.steering.pages.parts_standing import (
    Outcome,
    Standing,
    address,
    said_where,
    saved,
    standing,
    titled,
    trail,
    tried,
    way_back,
)
from roder.web.scope import CommitteeRequest, committee_page

COLUMNS = 5


@dataclass(frozen=True)
class Line:
    """A part or a row in a table."""

    title: str
    about: str
    count: str
    url: str
    cells: tuple[str, ...] = ()
    place: int = 0


@committee_page(Resource.STEERING, Action.EDIT)
def overview(request: CommitteeRequest) -> HttpResponse:
    """The parts of the model with how many rows each has; those that are not used last. Without a model, or with a text
    that cannot be read, the text editor is where to go."""
    version = request.scope.model
    if version is None or not isinstance(data_of(text_of(version)), dict):
        return redirect(request.scope.url("steering:edit"))
    stand = standing(request)
    lines = _lines(request, stand)
    used = [one for one in lines if one.count]
    return render(
        request,
        "steering/parts.html",
        {
            "stand": stand,
            "used": used,
            "unused": [one for one in lines if not one.count],
            "root": address(request, ()),
        },
    )


def _lines(request: CommitteeRequest, stand: Standing) -> list[Line]:
    """The parts of a group, each with what it is and what is in it."""
    schema = schema_at(stand.path, stand.data)["properties"]
    lines = []
    for key in parts(stand.path, stand.data):
        path = (*stand.path, key)
        about = str(schema[key].get("description", ""))
        lines.append(Line(titled(stand.data, path), about, _count(stand.data, path), address(request, path)))
    return lines


def _count(data: Any, path: Path) -> str:
    value = value_at(data, path)
    if isinstance(value, list):
        return f"{len(value)} {'rad' if len(value) == 1 else 'rader'}" if value else ""
    if not isinstance(value, dict) or not value:
        return ""
    inner = [
        f"{titled(data, (*path, key)).lower()}: {len(one)}"
        for key, one in value.items()
        if of_kind((*path, key), data) == "list" and isinstance(one, list)
    ]
    return ", ".join(inner) or "finns"


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: CommitteeRequest, where: str) -> HttpResponse:
    """A part of the model: its rows when it is a list, otherwise the form of its keys."""
    stand = standing(request, where)
    if of_kind(stand.path, stand.data) == "list":
        return _list(request, stand)
    return _row(request, stand)


def _list(request: CommitteeRequest, stand: Standing) -> HttpResponse:
    rows = stand.value if isinstance(stand.value, list) else []
    by_row = [fields((*stand.path, place), stand.data) for place in range(len(rows))]
    columns = _columns(rows, by_row)
    nested = list(
        dict.fromkeys(k for place in range(len(rows)) for k in parts((*stand.path, place), stand.data))
    )
    lines = []
    for place, row in enumerate(rows):
        known = {one.key: one for one in by_row[place]}
        cells = [_cell(row, known.get(key)) for key in columns]
        cells += [_count(stand.data, (*stand.path, place, key)) for key in nested]
        path = (*stand.path, place)
        lines.append(Line(titled(stand.data, path), "", "", address(request, path), tuple(cells), place))
    properties = [schema_at((*stand.path, place), stand.data)["properties"] for place in range(len(rows))]
    context = {
        "stand": stand,
        "trail": trail(request, stand),
        "about": schema_at(stand.path[:-1], stand.data)["properties"][stand.path[-1]].get("description", ""),
        "columns": [
            capital_first(next((str(one[key]["title"]) for one in properties if key in one), key))
            for key in (*columns, *nested)
        ],
        "lines": lines,
        "ordered": dotted(stand.path) not in UNORDERED and len(rows) > 1,
        "last": len(rows) - 1,
        "new": address(request, stand.path, "new"),
    }
    return render(request, "steering/part_list.html", context)


def _columns(rows: list[Any], by_row: list[list[RowField]]) -> list[str]:
    """The keys shown in the table: short values that some row has, in the order of the schema."""
    told = [
        one.key
        for row, known in zip(rows, by_row, strict=True)
        for one in known
        if one.kind not in ("long", "several", "lines", "yaml") and row.get(one.key) is not None
    ]
    return list(dict.fromkeys(told))[:COLUMNS]


def _cell(row: dict[str, Any], field: RowField | None) -> str:
    if field is None:
        return ""
    text = str(shown(row.get(field.key), field))
    return dict(field.choices).get(text, text)


def _row(request: CommitteeRequest, stand: Standing) -> HttpResponse:
    """The form of a row, or of a group of keys. A group that is not in the model is added by filling it in."""
    absent = stand.path != () and not isinstance(stand.value, dict)
    row = fields(stand.path, stand.data, new=absent)
    form = RowForm(row, stand.value or {}, request.POST if request.method == "POST" else None)
    outcome, refers = None, []
    if request.method == "POST":
        values = form.changed()
        refers = _refers(stand, values)
        fault = _moved_away(request, stand)
        text = "" if fault else _attempt(form, lambda: _with(request, stand, values, refers, absent=absent))
        if text:
            outcome = tried(request, stand, text)
            done = saved(request, outcome, _back(stand.path))
            if done is not None:
                return done
            _tell(form, outcome, values)
        elif fault:
            form.add_error(None, fault)
    return _form_page(request, stand, form, outcome, refers=refers, absent=absent)


def _with(
    request: CommitteeRequest, stand: Standing, values: dict[str, Any], refers: list[Path], *, absent: bool
) -> str:
    """The text with the row's changes, and with its code changed where others name it when that was asked for."""
    if absent:
        return set_values(
            stand.text,
            {stand.path: {key: value for key, value in values.items() if value is not None}},
            {stand.path[:-1]: keys(stand.path[:-1], stand.data)},
        )
    changes: dict[Path, Any] = {
        (*stand.path, key): GONE if value is None else value for key, value in values.items()
    }
    if "byt_overallt" in request.POST and refers:
        old, new = str(stand.value["code"]), str(values["code"])
        changes |= {
            where: renamed(value_at(stand.data, where), old, new) for where in refers if where not in changes
        }
    return set_values(stand.text, changes, {stand.path: keys(stand.path, stand.data)})


def _refers(stand: Standing, values: dict[str, Any]) -> list[Path]:
    """The keys that name the row by the code it had, when it is given another."""
    old = (stand.value or {}).get("code")
    if not values.get("code") or not isinstance(old, str):
        return []
    return referring(stand.path, stand.data, old)


def _attempt(form: RowForm, splice: Any) -> str:
    """The new text, or '' when what was written cannot go into it (the form says so)."""
    for one in form.row:
        if one.kind == "yaml":
            try:
                Raw(form.data.get(form.add_prefix(one.key), "").replace("\r\n", "\n")).data  # noqa: B018 - it raises
            except ValueError as error:
                form.add_error(one.key, str(error))
    if form.errors:
        return ""
    try:
        return str(splice())
    except SpliceError as error:
        form.add_error(None, f"{capital_first(str(error))}.")
        return ""


def _moved_away(request: CommitteeRequest, stand: Standing) -> str:
    """What to say when the row is no longer in the place where the person opened it."""
    is_row = bool(stand.path) and isinstance(stand.path[-1], int)
    if not is_row or request.POST.get("rad", "") == (identity(stand.value) or ""):
        return ""
    return (
        "Någon annan har sparat en ny version medan du skrev, och raden står inte längre på samma plats. Ingenting är "
        "sparat. Det du skrev står kvar nedan: öppna raden igen från listan och för över det."
    )


def _tell(form: RowForm, outcome: Outcome, values: dict[str, Any]) -> None:
    """Say at the fields what is wrong with them. The check blames the later of two rows with the same code; here it is
    the one being written."""
    form.tell(outcome.inside(form.fields), outcome.stand.path)
    siblings = value_at(outcome.stand.data, outcome.stand.path[:-1])
    if (
        not isinstance(siblings, list)
        or "code" not in form.fields
        or "code" in form.errors
        or not values.get("code")
    ):
        return
    for place, one in enumerate(siblings):
        if place != outcome.stand.path[-1] and one.get("code") == values["code"]:
            form.add_error(
                "code", f"Koden ”{values['code']}” används redan av {named(one)}. Ge raden en egen kod."
            )


def _back(path: Path) -> Path:
    """Where to go when a row is saved: the list it is in, or itself when it is no row."""
    return path[:-1] if path and isinstance(path[-1], int) else ()


def _form_page(
    request: CommitteeRequest,
    stand: Standing,
    form: RowForm,
    outcome: Outcome | None,
    *,
    refers: list[Path] | None = None,
    absent: bool = False,
    sort: str = "",
    heading: str = "",
) -> HttpResponse:
    is_row = bool(stand.path) and isinstance(stand.path[-1], int)
    about = (
        str(schema_at(stand.path[:-1], stand.data)["properties"][stand.path[-1]].get("description", ""))
        if stand.path and not is_row
        else ""
    )
    context = {
        "stand": stand,
        "trail": trail(request, stand),
        "heading": heading or stand.title,
        "about": about,
        "form": form,
        "outcome": outcome,
        "elsewhere": outcome.elsewhere(request, form.fields) if outcome else [],
        "refers": [said_where(stand.data, one) for one in refers or []],
        "old_code": (stand.value or {}).get("code") if isinstance(stand.value, dict) else "",
        "everywhere": "byt_overallt" in request.POST,
        "row": identity(stand.value) or "",
        "sort": sort,
        "absent": absent,
        "inner": [] if absent or heading or not stand.path else _lines(request, stand),
        "back": way_back(request, stand.path[:-1]),
        "remove": ""
        if absent or heading or not (is_row or _optional(stand))
        else address(request, stand.path, "remove"),
    }
    status = outcome.status if outcome else 400 if form.is_bound and form.errors else 200
    return render(request, "steering/part_row.html", context, status=status)


def _optional(stand: Standing) -> bool:
    """Whether a part may be left out of what it stands in."""
    required = schema_at(stand.path[:-1], stand.data).get("required", ())
    return bool(stand.path) and stand.path[-1] not in required and stand.value is not None


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: CommitteeRequest, where: str) -> HttpResponse:
    """A new row of a list. Where a list holds rows of several kinds, the kind is chosen first."""
    stand = standing(request, where)
    if of_kind(stand.path, stand.data) != "list":
        raise Http404("Här läggs inga rader till.")
    known = sorts(stand.path, stand.data)
    sort = request.POST.get("slag", "") or request.GET.get("slag", "")
    if known and sort not in dict(known):
        context = {
            "stand": stand,
            "trail": trail(request, stand),
            "sorts": known,
            "up": address(request, stand.path),
        }
        return render(request, "steering/part_sort.html", context)
    path, data = _with_room(stand, sort)
    form = RowForm(fields(path, data, new=True), {}, request.POST if request.method == "POST" else None)
    row = Standing(stand.version, stand.text, data, path)
    outcome = None
    if request.method == "POST":
        values = {"kind": sort} if known else {}
        values |= {key: value for key, value in form.changed().items() if value is not None}
        values = {key: values[key] for key in keys(path, data) if key in values}
        order = keys(stand.path[:-1], stand.data)
        text = _attempt(form, lambda: add_item(stand.text, stand.path, values, order))
        if text:
            outcome = tried(request, row, text)
            done = saved(request, outcome, stand.path)
            if done is not None:
                return done
            _tell(form, outcome, values)
    heading = f"Ny rad: {stand.title[:1].lower()}{stand.title[1:]}"
    return _form_page(request, row, form, outcome, sort=sort if known else "", heading=heading)


def _with_room(stand: Standing, sort: str) -> tuple[Path, Any]:
    """The path of a row to come, and the data with room for it."""
    data = copy.deepcopy(stand.data)
    group = value_at(data, stand.path[:-1])
    if not isinstance(group, dict):
        raise Http404("Delen finns inte än.")
    items = group.setdefault(stand.path[-1], []) or []
    group[stand.path[-1]] = items
    items.append({"kind": sort} if sort else {})
    return (*stand.path, len(items) - 1), data
