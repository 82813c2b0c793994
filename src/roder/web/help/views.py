"""The pages of help: the contents with one's own role first, one page, and the pictures they show."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roder import access
from roder.organisation.models import Role
from roder.web.help import library
from roder.web.help.finding import find
from roder.web.help.places import role_pages

MOST_CHARACTERS = 200


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """What help there is: the pages of one's own roles, the handbook's contents, and the search (``q``)."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:MOST_CHARACTERS]
    held = {grant.role for grant in access.grants(request.user)} if request.user.is_authenticated else set()
    mine = [(Role(role).label, library.pages()[slug]) for role, slug in role_pages().items() if role in held]
    return render(
        request,
        "help/contents.html",
        {"shelf": library.contents(), "mine": mine, "text": text, "found": find(text) if text else []},
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of help. Raises Http404 for one that does not exist."""
    found = library.pages().get(slug)
    if found is None:
        raise Http404("Hjälpsidan finns inte.")
    headings = [one for one in found.rendered.headings if one.level == 2]
    return render(
        request, "help/page.html", {"page": found, "headings": headings if len(headings) > 2 else []}
    )


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the documentation, by its name only: no other file can be asked for."""
    path = library.pictures().get(name)
    if path is None:
        raise Http404("Bilden finns inte.")
    return FileResponse(path.open("rb"), content_type=library.PICTURE_KINDS[path.suffix])
