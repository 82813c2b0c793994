"""The forms of the session: one for each thing that is noted at an item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from roder import access, tasks
from roder.access.rights import User
from roder.core.dayfield import DayField
from roder.core.persons import FREE_TEXT
from roder.meetings.models import BodyMember, MinuteItem, Presence, Proposal, Reservation
from roder.meetings.models.session import AgendaItem
from roder.meetings.rules.rhythms import EXAMPLES, RhythmFault, read_rhythm
from roder.meetings.rules.votes import proposal_text
from roder.meetings.services import attendance, decisions
from roder.meetings.services.members import members_on
from roder.meetings.services.votes import motions
from roder.organisation.models import Body, Role, Unit

#: rows that are always there to write a new point in
SPARE = 1
MOST = 60
LINE = re.compile(
    r"^(?P<name>.+?)\s*(?:[(,–-]\s*(?P<purpose>FÅ|FK|för åtgärd|för kännedom)\s*\)?)?$", re.IGNORECASE
)
PURPOSES = {"få": "FÅ", "fk": "FK", "för åtgärd": "FÅ", "för kännedom": "FK"}


def _text(label: str, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, validators=FREE_TEXT, **more)


def _day(label: str, **more: Any) -> DayField:
    return DayField(label=label, **more)


class ItemForm(forms.Form):
    """A form about an item. Its names carry the deed's, so that several stand on one page."""

    def __init__(self, item: AgendaItem, user: User, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.item, self.user = item, user
        self.arrange()

    def arrange(self) -> None:
        """Fill in the choices."""

    def people(self, name: str, members: list[BodyMember]) -> None:
        """Let a field choose among members, in their order."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared as one
        keys = [one.pk for one in members]
        field.queryset = BodyMember.objects.filter(pk__in=keys).order_by("order", "id")


def _one_member(label: str, **more: Any) -> forms.ModelChoiceField[BodyMember]:
    return forms.ModelChoiceField(BodyMember.objects.none(), label=label, **more)


def _members(label: str) -> forms.ModelMultipleChoiceField[BodyMember]:
    return forms.ModelMultipleChoiceField(
        BodyMember.objects.none(), label=label, widget=forms.CheckboxSelectMultiple(attrs={"class": "people"}),
        error_messages={"required": "Välj minst en."},
    )  # fmt: skip


class ConflictForm(ItemForm):
    """Jäv."""

    member = _one_member("Vem är jävig?")
    reason = forms.CharField(label="Skäl", max_length=300, required=False, validators=FREE_TEXT)
    replaced_by = _one_member(
        "Ersätts av", required=False, empty_label="Ingen",
        help_text="Ersättare som är närvarande och inte redan tjänstgör, i den ordning de kallas in.",
    )  # fmt: skip

    def arrange(self) -> None:
        """Those who serve; and the substitutes who are free."""
        self.people("member", attendance.serving_at(self.item))
        rows = attendance.presences(self.item.meeting)
        self.people(
            "replaced_by",
            [
                one.member
                for one in rows
                if one.member.substitute
                and one.status == Presence.Status.PRESENT
                and not one.serves
                and one.left is None
            ],
        )


class ProposalForm(ItemForm):
    """Yrkande."""

    kind = forms.ChoiceField(
        label="Vad yrkas?", choices=[(key, word.capitalize()) for key, word in Proposal.Kind.choices],
        widget=forms.RadioSelect(attrs={"class": "inline"}), initial=Proposal.Kind.APPROVE,
    )  # fmt: skip
    members = _members("Vem yrkar?")
    text = _text("Lydelse", 2, required=False, help_text="Krävs för ändring och tillägg.")

    def arrange(self) -> None:
        """Those who take part in the item."""
        self.people("members", attendance.serving_at(self.item))


class VoteForm(ItemForm):
    """Votering begärs."""

    yes_means = forms.CharField(label="Ja betyder", max_length=300, validators=FREE_TEXT)
    no_means = forms.CharField(label="Nej betyder", max_length=300, validators=FREE_TEXT)
    closed = forms.BooleanField(label="Sluten omröstning (val och anställning)", required=False)

    def arrange(self) -> None:
        """What stands against what, from the proposals."""
        given = motions(self.item)
        kinds = {one.kind for one in given}
        if "return" in kinds:
            yes, no = "att ärendet avgörs i dag", "att ärendet återremitteras"
        elif "defer" in kinds:
            yes, no = "att ärendet avgörs i dag", "att ärendet bordläggs"
        elif "reject" in kinds:
            yes, no = "bifall till förslaget", "avslag på förslaget"
        elif extra := next((one for one in given if one.kind in ("change", "add")), None):
            word = "ändrings" if extra.kind == "change" else "tilläggs"
            yes, no = "att yrkandet avslås", f"bifall till {word}yrkandet från {extra.who}"
        else:
            yes, no = "", ""
        self.initial = {"yes_means": yes[:300], "no_means": no[:300], **self.initial}


class DecisionForm(ItemForm):
    """The decision: its points, what came of it, the procedure, and who gets it."""

    outcome = forms.ChoiceField(
        label="Vad blev beslutet?",
        choices=[(key, word.capitalize()) for key, word in MinuteItem.Outcome.choices],
        widget=forms.RadioSelect(attrs={"class": "inline"}),
        error_messages={"required": "Välj vad beslutet blev."},
    )
    carried = forms.MultipleChoiceField(
        label="Bifallna ändringar och tillägg", required=False, widget=forms.CheckboxSelectMultiple
    )
    procedure = _text("Beslutsgång", 5, required=False)
    recipients = _text(
        "Beslutet skickas till", 3, required=False,
        help_text="En mottagare på varje rad. Skriv FÅ inom parentes efter den som ska göra något, FK för kännedom.",
    )  # fmt: skip
    repeals = forms.ModelChoiceField(
        MinuteItem.objects.none(), label="Upphäver ett tidigare beslut", required=False, empty_label="Nej"
    )
    immediate = forms.BooleanField(label="Omedelbar justering", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def arrange(self) -> None:
        """A field for each point, and one to spare."""
        extra = [one for one in motions(self.item) if one.kind in ("change", "add")]
        field = self.fields["carried"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared as one
        field.choices = [(str(one.key), proposal_text(one)) for one in extra]
        if not extra:
            del self.fields["carried"]
        earlier = MinuteItem.objects.filter(body=self.item.meeting.body).exclude(outcome="")
        choice = self.fields["repeals"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - declared as one
        choice.queryset = access.visible(self.user, earlier.exclude(item=self.item)).order_by(
            "-year", "-number"
        )
        points = list(self.initial.get("points", ()))
        count = min(MOST, max(len(points), self._sent()) + SPARE)
        for number in range(1, count + 1):
            self.fields[f"point-{number}"] = _text(
                f"Punkt {number}",
                2,
                required=False,
                initial=points[number - 1] if number <= len(points) else "",
            )

    def _sent(self) -> int:
        names = [re.fullmatch(rf"{self.prefix}-point-(\d{{1,2}})", name) for name in self.data]
        return max([int(one[1]) for one in names if one], default=0)

    @property
    def point_fields(self) -> list[Any]:
        """The points' fields, in order."""
        return [self[name] for name in self.fields if name.startswith("point-")]

    def points(self) -> list[str]:
        """The points written, in order."""
        names = [name for name in self.fields if name.startswith("point-")]
        return [self.cleaned_data.get(name, "") for name in names]

    def clean_recipients(self) -> list[dict[str, str]]:
        """Each line: a name, and FÅ or FK."""
        found = []
        for line in self.cleaned_data["recipients"].splitlines():
            if match := LINE.match(line.strip()):
                purpose = PURPOSES[(match["purpose"] or "FK").lower()]
                found.append({"name": match["name"].strip()[:200], "purpose": purpose})
        return found


def recipients_text(recipients: Sequence[Mapping[str, str]]) -> str:
    """Recipients as the form has them."""
    return "\n".join(f"{one.get('name', '')} ({one.get('purpose', 'FK')})" for one in recipients)


class ReservationForm(ItemForm):
    """Reservation or special statement."""

    kind = forms.ChoiceField(
        label="Vad lämnas?", choices=[(key, word.capitalize()) for key, word in Reservation.Kind.choices],
        widget=forms.RadioSelect(attrs={"class": "inline"}), initial=Reservation.Kind.RESERVATION,
    )  # fmt: skip
    members = _members("Av vem?")
    text = _text(
        "Text", 4, required=False, help_text="Lämna tomt om reservationen är muntlig och utan motivering."
    )
    written = forms.BooleanField(label="Lämnad skriftligt", required=False)

    def arrange(self) -> None:
        """Those who are there."""
        rows = attendance.presences(self.item.meeting)
        there = {one.member.pk: one.member for one in rows if one.status == Presence.Status.PRESENT}
        there |= {one.pk: one for one in attendance.serving_at(self.item)}
        self.people("members", list(there.values()))


def _body_name(obj: Any) -> str:
    return str(obj.name)


class ElectionForm(ItemForm):
    """Val."""

    body = forms.ModelChoiceField(Body.objects.none(), label="Till")
    post = forms.ChoiceField(
        label="Post", choices=[(key, word.capitalize()) for key, word in BodyMember.Post.choices],
        initial=BodyMember.Post.MEMBER,
    )  # fmt: skip
    name = forms.CharField(label="Vem väljs?", max_length=120, validators=FREE_TEXT)
    party = forms.CharField(label="Parti", max_length=10)
    stands_in_for = _one_member("Personlig ersättare för", required=False, empty_label="Ingen")
    replaces = _one_member("Efter", required=False, empty_label="Ingen")
    from_day = _day("Från")
    until = _day("Till och med", required=False, help_text="Tomt: resten av mandatperioden.")

    def arrange(self) -> None:
        """The committee and what is under it, and those who sit there."""
        meeting = self.item.meeting
        bodies = Body.objects.filter(pk__in=[meeting.committee_id, meeting.body_id]) | Body.objects.filter(
            parent=meeting.committee_id
        )
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared as one
        field.queryset = bodies.distinct().order_by("pk")
        field.label_from_instance = _body_name  # type: ignore[method-assign]
        sit = [one for body in field.queryset for one in members_on(body, meeting.date)]
        self.people("stands_in_for", [one for one in sit if not one.substitute])
        self.people("replaces", sit)
        short = {body.pk: body.short_name for body in field.queryset}
        for name in ("stands_in_for", "replaces"):
            choice = self.fields[name]
            choice.label_from_instance = lambda one: f"{one}, {short[one.body_id]}"  # type: ignore[attr-defined]
        self.initial = {"from_day": meeting.date, **self.initial}


class AssignmentForm(ItemForm):
    """An assignment caught as it is decided."""

    title = forms.CharField(label="Vad gäller uppdraget?", max_length=300, validators=FREE_TEXT)
    what = forms.CharField(
        label="Vad ska göras?", max_length=500, required=False, validators=FREE_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    role = forms.ChoiceField(label="Vem ansvarar?", choices=Role.choices, initial=Role.HEAD_ADMINISTRATION)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Enhet", required=False, empty_label="Hela nämnden"
    )
    kind = forms.ChoiceField(
        label="Återkommer som",
        choices=[("B", "Beslut med tjänsteskrivelse (B)"), ("MI", "Muntlig information (MI)")],
    )
    when = forms.CharField(
        label="När ska det återkomma?", max_length=120, help_text=f"Till exempel: {EXAMPLES}."
    )

    def arrange(self) -> None:
        """The committee's units, and the heading of the item."""
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared as one
        field.queryset = Unit.objects.filter(committee=self.item.meeting.committee).order_by("kind", "name")
        self.initial = {"title": self.item.title, **self.initial}

    def clean_when(self) -> list[Any]:
        """The words as a rhythm of the balance list."""
        try:
            read = read_rhythm(self.cleaned_data["when"], timezone.localdate())
        except RhythmFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        if read.paused:
            raise forms.ValidationError("Skriv när det ska komma tillbaka. Pausa bevakningen i balanslistan.")
        condition = tasks.Condition(text=read.waits.text) if read.waits else None
        return [(self.cleaned_data.get("kind", "B"), read.printed, read.rule, condition)]


def decision_initial(item: AgendaItem, user: Any, paragraph: MinuteItem | None) -> dict[str, Any]:
    """What stands in the decision's form: what is decided, or what the letter and the proposals suggest."""
    if paragraph is not None and paragraph.outcome:
        return {
            "points": list(paragraph.points.values_list("text", flat=True)),
            "outcome": paragraph.outcome, "procedure": paragraph.procedure, "repeals": paragraph.repeals_id,
            "recipients": recipients_text(paragraph.recipients), "immediate": paragraph.immediate,
            "carried": [str(key) for key in item.proposals.filter(carried=True).values_list("pk", flat=True)],
            "revision": paragraph.revision,
        }  # fmt: skip
    information = item.kind != AgendaItem.Kind.DECISION
    return {
        "points": decisions.proposed_points(item, user),
        "outcome": MinuteItem.Outcome.NOTED if information else "",
        "procedure": decisions.proposed_procedure(item),
        "recipients": recipients_text(decisions.proposed_recipients(item, user)),
        "revision": paragraph.revision if paragraph else 0,
    }
