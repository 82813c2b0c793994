"""The forms of minutes."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from roder.core.dayfield import DayField
from roder.meetings.models import BodyMember, Dispatch, Meeting, MinuteItem, Minutes
from roder.meetings.rules.minutes import attest_by
from roder.meetings.services.attendance import presences
from roder.meetings.services.minutes import present_members

PURPOSES = dict(Dispatch.Purpose.choices)


class ArrangeForm(forms.Form):
    """Who attests, when and where; with ``first`` when minutes are opened."""

    chair = forms.ModelChoiceField(BodyMember.objects.none(), label="Ordförande vid sammanträdet")
    attesters = forms.ModelMultipleChoiceField(
        BodyMember.objects.none(), label="Justerare", widget=forms.CheckboxSelectMultiple,
        help_text="De som valdes att justera tillsammans med ordföranden. Bara de som var där kan väljas.",
    )  # fmt: skip
    attest_on = DayField(label="Justeras den", required=False)
    attest_place = forms.CharField(label="Plats för justering", required=False, max_length=200)
    kept_at = forms.CharField(
        label="Protokollet förvaras hos", required=False, max_length=200, help_text="Står i anslaget."
    )
    first = forms.IntegerField(
        label="Första paragraf", required=False, min_value=1, max_value=9999,
        help_text="Bara om årets första paragrafer finns utanför Roder. Annars fortsätter numreringen.",
    )  # fmt: skip

    def __init__(
        self, meeting: Meeting, data: Any = None, *, record: Minutes | None = None, **more: Any
    ) -> None:
        there = present_members(meeting)
        initial: dict[str, Any] = {}
        if record is not None:
            initial = {
                name: getattr(record, name) for name in ("chair", "attest_on", "attest_place", "kept_at")
            }
            initial["attesters"] = list(record.attesters.values_list("pk", flat=True))
        else:
            serving = [one.member for one in presences(meeting) if one.serves] or there
            posts = ("chair", "vice_chair", "second_vice_chair")
            by_post = {one.post: one for one in serving}
            initial["chair"] = next((by_post[post] for post in posts if post in by_post), None)
        super().__init__(data, initial=initial, **more)
        rows = BodyMember.objects.filter(pk__in=[one.pk for one in there]).order_by("order", "pk")
        for name in ("chair", "attesters"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        last = attest_by(meeting.date)
        self.fields["attest_on"].help_text = f"Senast {last.isoformat()}, 14 dagar efter sammanträdet."
        if record is not None:
            del self.fields["first"]


class ParagraphForm(forms.Form):
    """A paragraph's texts. Points and recipients are a line each, so that it works without scripts."""

    heading = forms.CharField(label="Rubrik", max_length=300, widget=forms.TextInput(attrs={"size": 80}))
    outcome = forms.ChoiceField(
        label="Utfall", choices=[("", "Välj"), *MinuteItem.Outcome.choices], required=False
    )
    points = forms.CharField(
        label="Beslut", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="En punkt på varje rad. Har en punkt flera rader: lämna en tom rad mellan punkterna. De numreras av "
        "sig själva.",
    )  # fmt: skip
    summary = forms.CharField(
        label="Ärendebeskrivning", required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    preparation = forms.CharField(label="Beredning", required=False, widget=forms.Textarea(attrs={"rows": 6}))
    procedure = forms.CharField(label="Beslutsgång", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    recipients = forms.CharField(
        label="Beslutet skickas till", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="En mottagare på varje rad, med FÅ (för åtgärd) eller FK (för kännedom) sist: ”Kommunchef FK”.",
    )  # fmt: skip
    immediate = forms.BooleanField(label="Justeras omedelbart, före resten av protokollet", required=False)

    @staticmethod
    def values_of(row: MinuteItem) -> dict[str, Any]:
        """What the form shows of a paragraph."""
        values: dict[str, Any] = {
            name: getattr(row, name)
            for name in ("heading", "outcome", "summary", "preparation", "procedure", "immediate")
        }
        values["points"] = write_points([one.text for one in row.points.all()])
        values["recipients"] = "\n".join(
            f"{one['name']} {one.get('purpose', 'FK')}" for one in row.recipients
        )
        return values

    def deed(self) -> dict[str, Any]:
        """The values as `services.minutes.edit_paragraph` wants them."""
        values = dict(self.cleaned_data)
        values["points"] = read_points(values["points"])
        values["recipients"] = [read_recipient(line) for line in values["recipients"].splitlines()]
        return values


def write_points(points: list[str]) -> str:
    """Points as a field shows them: a line each, or with an empty line after each where one has lines of its own."""
    if any("\n" in one for one in points):
        return "".join(f"{one}\n\n" for one in points)
    return "\n".join(points)


def read_points(text: str) -> list[str]:
    """The points of a field, as `write_points` writes them."""
    text = text.replace("\r\n", "\n")
    parts = re.split(r"\n[ \t]*\n", text) if re.search(r"\S[ \t]*\n[ \t]*\n", text) else text.split("\n")
    return [one.strip() for one in parts if one.strip()]


def read_recipient(line: str) -> dict[str, str]:
    """``Kommunchef FK`` or ``Kommunchef (för åtgärd)`` as name and purpose; FK when nothing is said."""
    text = " ".join(line.split()).rstrip(".")
    for ending, purpose in (
        ("(för åtgärd)", "FÅ"), ("(för kännedom)", "FK"), ("(FÅ)", "FÅ"), ("(FK)", "FK"), (" FÅ", "FÅ"), (" FK", "FK"),
    ):  # fmt: skip
        if text.casefold().endswith(ending.casefold()):
            return {"name": text[: -len(ending)].rstrip(" ,–-"), "purpose": purpose}
    return {"name": text, "purpose": "FK"}


class RecipientForm(forms.Form):
    """One more recipient of an extract."""

    name = forms.CharField(label="Mottagare", max_length=200)
    purpose = forms.ChoiceField(label="Syfte", choices=[("FK", "för kännedom"), ("FÅ", "för åtgärd")])
    email = forms.EmailField(label="E-post", required=False)
