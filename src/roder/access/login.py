"""How people get in: with a password and a second step, or through the municipality's identity provider."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from roder import access
from roder.access import claims
from roder.access.models import ProviderVisit
from roder.access.visits import receive
from roder.core.identity import Provider
from roder.organisation.models import Person

log = logging.getLogger(__name__)


class NoSignup(DefaultAccountAdapter):
    """People are added by the municipality's administrator; nobody makes an account from outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person with this e-mail and password, if they may use a password here.

        The answer is the same whether the password is wrong or may not be used: it tells nobody whose may.
        """
        person: Person | None = super().authenticate(request, **credentials)
        if request.user.is_authenticated:
            return person
        if person is not None and settings.IDENTITY.may_use_password(person.email):
            return person
        self._refused(str(credentials.get("email") or credentials.get("username") or ""))
        return None

    def _refused(self, email: str) -> None:
        """Note in the trail that somebody tried to come in as a person. What is no person's address is not kept."""
        known = Person.objects.filter(email__iexact=email.strip()).first()
        if known is not None:
            access.record(None, "login.refused", known)

    def post_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponseBase:
        """Note in the trail that the person has logged in; a provider's logins are noted with what it said."""
        if "sociallogin" not in (more.get("signal_kwargs") or {}):
            access.record(user, "login", user)
        answer: HttpResponseBase = super().post_login(request, user, **more)
        return answer


class SecondStep(DefaultMFAAdapter):
    """Names and words of the second step."""

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """What a new key is called until its owner names it."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Min nyckel" if number == 1 else f"Min nyckel {number}"


class ProviderLogins(DefaultSocialAccountAdapter):
    """Somebody comes from an identity provider that the municipality has described in its file."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never by the library: who may come in is decided before it asks."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Those of the file. A row in the database is no provider: secrets are not kept there."""
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [one for one in found if one.pk is None]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider has vouched for somebody: find out who it is and what they may do, or say why not."""
        account = sociallogin.account
        sent, account.extra_data = account.extra_data, {}
        if account.pk:  # the library has kept everything that was sent; Roder keeps what it needs
            SocialAccount.objects.filter(pk=account.pk).update(extra_data={})
        provider: Provider | None = settings.IDENTITY.provider(account.provider)
        if provider is None or sociallogin.state.get("process") != "login":
            raise Http404
        said = claims.read(_claims(request, provider, account.uid, sent), provider.claims)
        visit = receive(provider, account.uid, said)
        if visit.person is None:
            raise ImmediateHttpResponse(_refusal(request, provider, said, visit.outcome))
        sociallogin.user = visit.person
        sociallogin.account = visit.account or account

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in the log which provider and what kind of fault it was, and nothing about the person."""
        log.warning("Inloggning genom %s misslyckades: %s %s", provider.name, error, type(exception).__name__)


def _claims(request: HttpRequest, provider: Provider, subject: str, sent: Any) -> dict[str, Any]:
    """The claims as one: OpenID Connect sends some in the ID token and some apart, which must be about the same."""
    if provider.protocol == "saml":
        return dict(sent)
    token, apart = sent.get("id_token") or {}, sent.get("userinfo") or {}
    field = provider.claims.subject or "sub"
    about = {str(one["sub"]) for one in (token, apart) if "sub" in one}
    if not token or len(about) != 1 or str({**token, **apart}.get(field)) != subject:
        log.warning("Inloggning genom %s avvisad: svaren gäller inte samma person", provider.name)
        raise ImmediateHttpResponse(
            render(
                request,
                "socialaccount/authentication_error.html",
                {"provider_name": provider.name},
                status=401,
            )
        )
    return {**token, **apart}


def _refusal(
    request: HttpRequest, provider: Provider, said: claims.Said, outcome: ProviderVisit.Outcome
) -> Any:
    context = {"provider": provider, "said": said, "outcome": outcome.value}
    return render(request, "access/not_admitted.html", context, status=403)
