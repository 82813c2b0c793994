"""The form for a new key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.api.scopes import WORDS
from roder.api.tokens import administered
from roder.core.dayfield import DayField
from roder.organisation.models import Person


class _Choice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.email}"


class TokenForm(forms.Form):
    """What the key is for, what it may do, and until when. An administrator chooses whose it is."""

    name = forms.CharField(label="Vad nyckeln ska användas till", max_length=80)
    owner = _Choice(
        label="Gäller som",
        queryset=Person.objects.none(),
        required=False,
        empty_label="mig själv",
        help_text="Nyckeln ser och gör det som personens mandat ger.",
    )
    scopes = forms.MultipleChoiceField(
        label="Får användas till att",
        choices=[(scope.value, words) for scope, words in WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    until = DayField(
        label="Till och med",
        help_text="Högst ett år framåt.",
    )

    def __init__(self, user: Person, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": timezone.localdate() + timedelta(days=90)})
        super().__init__(*args, **kwargs)
        self.user = user
        owner: Any = self.fields["owner"]
        if access.may(user, Action.ADMINISTER, Resource.ORGANISATION):
            owner.queryset = administered(user).order_by("name", "pk")
        else:
            del self.fields["owner"]
