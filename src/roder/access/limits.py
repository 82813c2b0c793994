"""How long a login lasts: so long in all, and so long without being used."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

STARTED, USED = "roder_started", "roder_used"
#: seconds between writings of when a session was used last: not every request needs to write
GRAIN = 60


def begin(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Somebody logs in: the time is counted from now."""
    request.session[STARTED] = request.session[USED] = time.time()


class SessionLimits:
    """Ends a login that has lasted too long, or that nobody has used for too long. What a page asks by itself to stay
    up to date is no use of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, as nobody in particular when the login is over."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._hold(request)
        return self.get_response(request)

    def _hold(self, request: HttpRequest) -> None:
        now = time.time()
        session = request.session
        started, used = session.get(STARTED), session.get(USED)
        if started is None or used is None:  # a login from before there were limits
            session[STARTED], session[USED] = now, now
            return
        # A clock that was set back does not lengthen a login.
        long = not 0 <= now - started < settings.SESSION_HOURS * 3600
        unused = now - used >= settings.SESSION_IDLE_MINUTES * 60
        if long or unused:
            logout(request)
            messages.info(request, _why(long))
        elif now - used >= GRAIN and not _by_itself(request):
            session[USED] = now


def _by_itself(request: HttpRequest) -> bool:
    """Whether the page asked without anybody doing anything: live pages ask every few seconds with what they show."""
    return request.method == "GET" and request.headers.get("HX-Request") == "true" and "sett" in request.GET


def _why(long: bool) -> str:
    if long:
        return f"Du har loggats ut: en inloggning gäller i högst {settings.SESSION_HOURS:g} timmar. Logga in igen."
    minutes = f"{settings.SESSION_IDLE_MINUTES:g}"
    return f"Du har loggats ut: inget har gjorts på {minutes} minuter. Logga in igen."
