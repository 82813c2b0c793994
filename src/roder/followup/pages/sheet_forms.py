"""The forms of a sheet: one for each row, and the summary. A second saver sees both texts and loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from roder.followup.models import Line, Sheet
from roder.steering.rules import StatusStep
from roder.web.forms import DeedForm, long_text

#: The fields of a row, in the order people fill them in.
FIELDS = ("status", "override_reason", "comment", "outlook", "measures_taken", "skipped")


def plain(value: Any) -> str:
    """What stands in a field, as it is compared: line ends of one kind, no space around."""
    return (
        "1" if value is True else "" if value in (None, False) else str(value).replace("\r\n", "\n").strip()
    )


class RowForm(DeedForm):
    """A form over a row of the sheet, under a prefix of its own."""

    def __init__(self, data: Any = None, *, row: Line | Sheet) -> None:
        self.row = row
        super().__init__(data, prefix=self.prefix_of(row), initial=self.initial_of(row))

    @staticmethod
    def prefix_of(row: Line | Sheet) -> str:
        """What the row's fields begin with."""
        return f"r{row.pk}" if isinstance(row, Line) else f"s{row.pk}"

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """The row as the form shows it."""
        shown = {name: getattr(row, name) for name in (*cls.names(), "revision")}
        if "status" in shown and not shown["status"]:
            shown["status"] = row.proposed_status
        return shown

    @classmethod
    def names(cls) -> Sequence[str]:
        """The fields of the row that the form is about."""
        return FIELDS

    @property
    def proposed(self) -> str:
        """The status that is chosen when the form is opened for the first time."""
        return getattr(self.row, "proposed_status", "")

    def values(self) -> dict[str, Any]:
        """What was filled in, without the revision."""
        said = {name: self.cleaned_data[name] for name in self.names() if name in self.fields}
        return {
            name: one.replace("\r\n", "\n") if isinstance(one, str) else one for name, one in said.items()
        }

    def filled(self) -> dict[str, Any]:
        """What was filled in, and over which revision."""
        return self.values() | {"revision": self.cleaned_data["revision"]}

    def same_as(self, stored: Any, *, accept: bool = False) -> bool:
        """Whether what was typed is what stands in ``stored`` already. A proposed status that nobody has touched is not
        typed, unless it is accepted by marking the sheet as ready."""
        for name in self.names():
            if name not in self.fields:
                continue
            typed, stands = plain(self.typed(name)), plain(getattr(stored, name))
            untouched = name == "status" and not stands and typed == self.proposed and not accept
            if typed != stands and not untouched:
                return False
        return True

    def typed(self, name: str) -> Any:
        """What was typed in a field."""
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def theirs(self) -> list[dict[str, str]]:
        """What somebody else saved in between, field by field, where it is not what was typed."""
        found = []
        for name in self.names():
            if self.other is None or name not in self.fields:
                continue
            field, stored = self.fields[name], plain(getattr(self.other, name))
            if stored == plain(self.typed(name)):
                continue
            words = dict(getattr(field, "choices", [])).get(stored, stored) if stored else "–"
            if isinstance(field, forms.BooleanField):
                words = "ja" if stored else "nej"
            found.append(
                {
                    "name": self.add_prefix(name),
                    "label": str(field.label),
                    "words": str(words),
                    "text": stored,
                }
            )
        return found


class LineForm(RowForm):
    """What a unit says of one goal, factor, control or assignment."""

    # Django takes the field out of the class: what views ask for is still the status of the answer.
    status = forms.ChoiceField(  # type: ignore[assignment]
        label="Bedömning", required=False, widget=forms.RadioSelect
    )
    override_reason = long_text("Varför en annan bedömning än förslaget?", rows=2)
    comment = long_text("Kommentar", rows=4)
    outlook = long_text("Prognos", rows=2, help_text="Bara om det finns tecken på hur det går framåt.")
    measures_taken = long_text("Åtgärder", rows=2, help_text="Vad ni har gjort eller ska göra.")
    skipped = forms.BooleanField(label="Det här berör inte oss", required=False)

    def __init__(self, data: Any = None, *, row: Line, scale: Sequence[StatusStep]) -> None:
        super().__init__(data, row=row)
        if not scale:
            del self.fields["status"], self.fields["override_reason"]
        else:
            choices = [(step.code, step.label) for step in scale]
            self.fields["status"].choices = choices  # type: ignore[attr-defined]
        for name in ("comment", "outlook", "measures_taken", "override_reason"):
            if name in self.fields:
                self.fields[name].widget.attrs["autocapitalize"] = "sentences"


class SummaryForm(RowForm):
    """What the sheet tells upward."""

    summary = long_text("Sammanfattning", rows=6)

    @classmethod
    def names(cls) -> Sequence[str]:
        """The summary alone."""
        return ("summary",)


class ReasonForm(DeedForm):
    """Why a sheet is given back or opened again."""

    reason = long_text("Vad saknas?", rows=3, required=True)

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label or self.fields["reason"].label
        self.fields["reason"].help_text = help_text
        self.fields["reason"].error_messages["required"] = (
            "Skriv några ord, så att den som läser vet vad som väntas."
        )
