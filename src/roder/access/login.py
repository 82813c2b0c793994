"""How people get in: existing people only, by e-mail and password, with TOTP where they have turned it on."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignup(DefaultAccountAdapter):
    """People are added by the municipality's administrator; nobody makes an account from outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
