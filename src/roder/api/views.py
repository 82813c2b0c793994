"""Pages about the API: its description, and the keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roder.api import tokens as services
from roder.api.forms import TokenForm
from roder.api.main import api
from roder.web.scope import page


@require_GET
@page()
def description(request: HttpRequest) -> HttpResponse:
    """What the API has, for people; the same as openapi.json says to programs."""
    schema = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations:
        groups.setdefault(one["tags"][0], []).append(one)
    return render(request, "api/description.html", {"groups": groups})


@require_GET
@page()
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys that the person may see: their own, and for an administrator those of the committee's people."""
    found = list(services.seen_by(request.user))  # type: ignore[arg-type]  # logged in
    return render(
        request,
        "api/tokens.html",
        {"tokens": found, "others": any(one.owner != request.user for one in found)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page()
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key. Its secret is shown on the answer, once."""
    user: Any = request.user
    if not services.grants(user):
        raise Http404("Den som saknar mandat har inget att hämta med en nyckel.")
    form = TokenForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = services.make(
                user, data.get("owner") or user, data["name"], data["scopes"], data["until"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            answer = render(request, "api/token_made.html", {"token": token, "secret": secret})
            answer.headers["Cache-Control"] = "no-store"
            return answer
    status = 400 if form.is_bound else 200
    return render(request, "api/token_new.html", {"form": form}, status=status)


@require_POST
@page()
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a key."""
    user: Any = request.user
    token = services.seen_by(user).filter(pk=min(pk, 2**62)).first()
    if token is None:
        raise Http404("Nyckeln finns inte.")
    services.revoke(user, token)
    messages.success(request, f"Nyckeln {token.name} är återkallad och fungerar inte längre.")
    return redirect("api:tokens")
