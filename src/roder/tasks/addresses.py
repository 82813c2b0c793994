"""Where tasks lead: the page of what they are about, in its committee and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from roder import access
from roder.access.rights import User
from roder.core.numbers import whole_number
from roder.tasks import kinds
from roder.tasks.models import Task
from roder.tasks.owners import committee_of


def addresses(tasks: Iterable[Task]) -> dict[int, str]:
    """Task number -> address of the page where it is done. What they are about is read with one query a kind."""
    rows = list(tasks)
    wanted: dict[str, list[Task]] = defaultdict(list)
    for task in rows:
        if "_subject" not in task.__dict__:
            wanted[task.subject_kind].append(task)
    for kind, group in wanted.items():
        rows_of = apps.get_model(kind)._base_manager.all()
        if also := kinds.read_with(kind):
            rows_of = rows_of.select_related(*also)
        found = rows_of.in_bulk({task.subject_id for task in group})
        for task in group:
            task.__dict__["_subject"] = found.get(task.subject_id)
    return {task.pk: address(task) for task in rows}


def address(task: Task) -> str:
    """The page where a task is done: what its kind says, else the page of what it is about, else its own."""
    own = reverse("tasks:task", args=[task.pk])
    subject = task.subject
    if subject is None:
        return own
    declared = kinds.known(task.kind)
    place = kinds.place_of(task.subject_kind)
    page = declared.url(task) if declared.url else place(subject) if place else None
    return _whole(page, task, subject) if page else own


def subject_address(kind: str, subject: Any, committee: Any) -> str:
    """The page of a record, or nothing when no room has declared one."""
    place = kinds.place_of(kind)
    page = place(subject) if place and subject is not None else None
    if page is None:
        return ""
    return page if isinstance(page, str) else _reverse(page, committee.slug, subject, "")


def pages_of(user: User, gids: Iterable[str]) -> dict[str, str]:
    """Global id (``quality.deviation:12``) -> address, for the records that have a page and that the person may see.
    One query for each kind of record."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for gid in gids:
        kind, _, number = gid.partition(":")
        pk = whole_number(number)
        if kinds.place_of(kind) and pk is not None:
            wanted[kind].add(pk)
    found: dict[str, str] = {}
    for kind, numbers in wanted.items():
        model = apps.get_model(kind)
        path = str(getattr(getattr(model, "Access", None), "committee", None) or "").removesuffix("__pk")
        also = {*kinds.read_with(kind), *([path] if path not in ("", "pk") else [])}
        rows = model._base_manager.filter(pk__in=numbers).select_related(*sorted(also))
        for record in access.visible(user, rows):
            committee = committee_of(record)
            if committee is not None and (address := subject_address(kind, record, committee)):
                found[f"{kind}:{record.pk}"] = address
    return found


def _whole(page: kinds.Page | str, task: Task, subject: Any) -> str:
    if isinstance(page, str):
        return page
    return _reverse(page, task.committee.slug, subject, reverse("tasks:task", args=[task.pk]))


def _reverse(page: kinds.Page, slug: str, subject: Any, otherwise: str) -> str:
    name, arguments = page
    year = getattr(subject, "year", None) or timezone.localdate().year
    for tried in ([slug, year, *arguments], list(arguments)):
        try:
            return reverse(name, args=tried)
        except NoReverseMatch:
            continue
    return otherwise
