"""The public form for complaints and suggestions: no login, no cookie, nothing from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from roder.organisation.models import Body
from roder.quality.pages.complaint_forms import PublicForm
from roder.quality.rules.complaints import wait_words
from roder.quality.services import public
from roder.quality.services.complaint_supplement import has_supplement
from roder.quality.services.public import FASTEST, OLDEST, FloodedError

LARGEST = 1_000_000  # bytes: fifty times the longest text

AGAIN = "Din text finns kvar nedan. Tryck på Skicka en gång till."


@csrf_exempt  # a signed token of our own, for the committee and the moment, stands in the form: it needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, committee: str) -> HttpResponse:
    """The form, and what comes from it. Whatever is refused is shown again with its text."""
    body = _committee(committee)
    if request.method != "POST":
        return _page(request, body, PublicForm(committee=body, initial={"token": public.new_token(body)}))
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return _page(
            request, body, _fresh(body), 413, "Det du skickade var för stort. Skriv högst 20 000 tecken."
        )
    typed = request.POST.copy()
    if refusal := _suspicious(request, body, typed):
        return _page(request, body, PublicForm(typed, committee=body), 400, refusal)
    form = PublicForm(typed, committee=body)
    if form.is_valid():
        try:
            made = public.take_in(
                body, form.received(), token=typed.get("token", ""), address=address_of(request)
            )
        except ValidationError as error:
            _refuse(form, error)
        except FloodedError as flooded:
            answer = _page(request, body, form, 429, _flood_words(flooded))
            answer["Retry-After"] = str(flooded.seconds)
            return answer
        else:
            return redirect("public:thanks", body.slug, public.receipt(made))
    return _page(request, body, form, 400)


def _committee(slug: str) -> Body:
    rows = Body.objects.filter(kind=Body.Kind.COMMITTEE).select_related("municipality")
    return get_object_or_404(rows, slug=slug)


def _fresh(body: Body) -> PublicForm:
    return PublicForm(committee=body, initial={"token": public.new_token(body)})


def _page(
    request: HttpRequest, body: Body, form: PublicForm, status: int = 200, told: str = ""
) -> HttpResponse:
    """The form, with what is told of it above."""
    context: dict[str, Any] = {"committee": body, "form": form, "told": told}
    return render(request, "quality/public_form.html", context, status=status)


def _suspicious(request: HttpRequest, body: Body, typed: QueryDict) -> str:
    """Why a post is not taken as it is, in words for somebody honest; empty when it is. Puts a new token in the form
    where the old one will not do, so that sending once more does."""
    age = public.age_of(typed.get("token", ""), body)
    if not _from_here(request) or age is None or age > OLDEST:
        typed["token"] = public.new_token(body)
        return f"Sidan kan ha varit öppen länge, eller har öppnats från en annan plats. {AGAIN}"
    if typed.get("webbplats", ""):
        typed["webbplats"] = ""
        return f"Ett fält som ska vara tomt var ifyllt, kanske av webbläsaren. Vi har tömt det. {AGAIN}"
    if age < FASTEST:
        return f"Det gick ovanligt fort. {AGAIN}"
    return ""


def _from_here(request: HttpRequest) -> bool:
    """Whether the post comes from our own page, as far as the browser says."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == request.get_host() or origin in settings.CSRF_TRUSTED_ORIGINS


def address_of(request: HttpRequest) -> str:
    """The sender's address. Behind our own proxy (HTTPS is set) it is what the proxy wrote last; what a sender writes
    there is not believed."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def _flood_words(flooded: FloodedError) -> str:
    wait = wait_words(flooded.seconds)
    if flooded.mine:
        return (
            f"Det har kommit flera inskick från din uppkoppling på kort tid. Vänta {wait} och tryck på Skicka igen. "
            "Din text finns kvar nedan. Det går också bra att ringa eller skriva brev."
        )
    return (
        f"Det kommer in ovanligt många inskick just nu. Vänta {wait} och tryck på Skicka igen. "
        "Din text finns kvar nedan. Det går också bra att ringa eller skriva brev."
    )


def _refuse(form: PublicForm, error: ValidationError) -> None:
    for name, texts in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


@never_cache
@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest, committee: str, receipt: str) -> HttpResponse:
    """The receipt: the number, and what happens now."""
    body = _committee(committee)
    found = public.by_receipt(body, receipt)
    if found is None:
        raise Http404("Kvittot finns inte, eller är för gammalt.")
    context = {"committee": body, "complaint": found, "supplemented": has_supplement(found)}
    return render(request, "quality/public_thanks.html", context)
