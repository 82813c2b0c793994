"""The forms of setting up."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from roder.core.addresses import SLUG, municipality_name
from roder.organisation.models import Body


def short_name(label: str, examples: str, one: str) -> forms.RegexField:
    """A field for what a body is called for short; ``one`` is an example in the refusal."""
    return forms.RegexField(
        r"^[A-Za-zÅÄÖåäö0-9]{1,20}$", label=label, help_text=f"Till exempel {examples}.",
        error_messages={"invalid": f"Förkortningen är bokstäver och siffror utan mellanslag, till exempel {one}."},
    )  # fmt: skip


class FirstForm(forms.Form):
    """The municipality, its first committee, and oneself."""

    municipality = forms.CharField(label="Kommunens namn", max_length=80)
    code = forms.RegexField(
        r"^[0-9]{4}$", label="Kommunkod", help_text="Fyra siffror, till exempel 1489.",
        error_messages={"invalid": "Kommunkoden är fyra siffror, till exempel 1489."},
    )  # fmt: skip
    slug = forms.RegexField(
        re.compile(SLUG, re.IGNORECASE), label="Kommunens adressnamn", required=False, max_length=40,
        error_messages={"invalid": "Skriv små bokstäver a–z, siffror och enstaka bindestreck mellan dem: exempelby."},
        help_text="Står i webbadresserna: a–z, siffror, bindestreck. Lämna tomt så görs det av namnet.",
    )  # fmt: skip
    committee = forms.CharField(label="Nämndens namn", max_length=120, help_text="Fler lägger du till sedan.")
    short_name = short_name("Nämndens förkortning", "SN eller VON", "SN")
    name = forms.CharField(label="Ditt namn", max_length=120)
    email = forms.EmailField(label="Din e-post", help_text="Den loggar du in med.")
    password = forms.CharField(
        label="Lösenord", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False,
        help_text="Minst 12 tecken. Några ord i rad går bra.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The address name comes of the name when it is left out."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("slug"):
            data["slug"] = municipality_name(data.get("municipality", ""))
        data["slug"] = data["slug"].lower()
        return data


class NameForm(forms.Form):
    """What the municipality is called."""

    name = forms.CharField(label="Kommunens namn", max_length=80)


class BodyForm(forms.Form):
    """A body to add."""

    kind = forms.ChoiceField(label="Slag", choices=Body.Kind.choices)
    name = forms.CharField(label="Namn", max_length=120)
    short_name = short_name("Förkortning", "KF, KS eller AU", "KS")


class NumbersForm(forms.Form):
    """How registration numbers are written."""

    pattern = forms.CharField(
        label="Form", max_length=60,
        help_text="{year} är året och {number} numret. {number:03d} fyller ut med nollor till tre siffror.",
    )  # fmt: skip
    last = forms.IntegerField(
        label="Senaste nummer i år",
        min_value=0,
        help_text="Det senaste som gavs i ert förra system; 0 om inget.",
    )
