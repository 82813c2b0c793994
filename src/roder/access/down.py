"""What is said when the identity provider does not answer, or answers with something that cannot be understood."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

log = logging.getLogger(__name__)

ASKING = {"openid_connect_login", "openid_connect_callback", "saml_login", "saml_finish_acs", "saml_metadata"}
NO_ANSWER = (RequestException, OSError)
NO_SENSE = (ValueError, KeyError, SyntaxError)


class ProviderDown:
    """A page in Swedish instead of a fault of Roder's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, when it was the provider that was asked."""
        at = request.resolver_match
        if at is None or at.url_name not in ASKING:
            return None
        if isinstance(exception, PermissionDenied):  # an answer that this browser has not asked for
            log.warning("Ett svar från identitetsleverantören som ingen har frågat efter är avvisat")
            return render(request, "socialaccount/authentication_error.html", status=401)
        if not isinstance(exception, NO_ANSWER + NO_SENSE):
            return None
        log.error("Identitetsleverantören gav inget svar som går att använda: %s", exception)
        return render(request, "access/provider_down.html", status=503)
