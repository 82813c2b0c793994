"""The forms of frames, draws, items and rounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms

from roder.control.pages.sample_files import read_references
from roder.control.registers_frames import choices
from roder.control.rules.frames import LONGEST, Chosen
from roder.control.rules.sampling import LONGEST_SEED
from roder.control.services.frames import LONGEST_NAME
from roder.core.faults import UserFault
from roder.files.services import clean_name, limit_words
from roder.organisation.models import Role
from roder.web.forms import DeedForm, day, long_text, short_text

_NAME_HELP = "Till exempel: beslut om hemtjänst januari–maj."


class FaultsForm(DeedForm):
    """A form whose refusals by the rules stand at the field ``at``."""

    at: str | None = None

    def try_to(self, deed: Callable[[dict[str, Any]], Any]) -> bool:
        """As DeedForm; what the rules refuse stands at the field."""
        try:
            return super().try_to(deed)
        except UserFault as fault:
            for line in str(fault).split("\n"):
                self.add_error(self.at, line)
            return False


class FrameFileForm(FaultsForm):
    """A frame from a file."""

    at = "file"
    name = short_text("Vad är ramen?", LONGEST_NAME, _NAME_HELP, required=True)
    file = forms.FileField(
        label="Fil med referenser",
        help_text=f"CSV, Excel (.xlsx), ODS eller en textfil med en referens per rad. Högst {LONGEST} tecken per "
        "referens. Aldrig namn eller personnummer.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods,.txt,.tsv"}),
        error_messages={"empty": "Filen är tom. Välj en fil med referenser.", "required": "Välj en fil."},
    )
    column = short_text("Kolumnens rubrik", 120, "Lämna tomt för den första kolumnen.")
    heading = forms.ChoiceField(
        label="Är den första raden en rubrik?",
        choices=[("", "Låt Roder avgöra"), ("ja", "Ja"), ("nej", "Nej")],
        required=False,
        help_text="Roder tar den för en rubrik om den saknar siffror och alla andra rader har siffror.",
    )

    def chosen(self, given: dict[str, Any]) -> Chosen:
        """The references of the file. Raises FrameFault."""
        upload = given["file"]
        heading = {"ja": True, "nej": False}.get(given["heading"])
        return read_references(Path(upload.temporary_file_path()), upload.name, given["column"], heading)

    def too_large(self, name: str, most: int) -> None:
        """Say that the file was too large to take in."""
        self.full_clean()
        self.add_error("file", f"”{clean_name(name)}” är för stor: högst {limit_words(most)} ryms.")


class FrameRegisterForm(FaultsForm):
    """A frame from one of Roder's own registers."""

    name = short_text("Vad är ramen?", LONGEST_NAME, _NAME_HELP, required=True)
    register = forms.ChoiceField(label="Register", choices=choices)
    first = day("Från och med")
    last = day("Till och med")


class DrawForm(FaultsForm):
    """How many to draw, and with which seed."""

    HOW = (("control", "Så som planen säger"), ("share", "En annan andel"), ("number", "Ett annat antal"))
    how = forms.ChoiceField(label="Hur många?", choices=HOW, widget=forms.RadioSelect, initial="control")
    share = forms.DecimalField(
        label="Andel, procent", required=False, max_digits=5, decimal_places=2, localize=True,
        error_messages={"invalid": "Skriv andelen som ett tal, till exempel 10 eller 12,5."},
    )  # fmt: skip
    number = forms.IntegerField(
        label="Antal", required=False, error_messages={"invalid": "Skriv antalet som ett heltal."}
    )
    seed = forms.CharField(
        label="Frö",
        max_length=LONGEST_SEED,
        help_text="Gjordes av Roder när ramen hämtades. Byt det bara om ni har kommit överens om ett annat före "
        "dragningen, till exempel ett som revisionen har bestämt.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """The share or the number that was chosen must be there."""
        given = super().clean() or self.cleaned_data
        how = given.get("how")
        for name, told in (("share", "Skriv andelen."), ("number", "Skriv antalet.")):
            if how == name and given.get(name) is None and name not in self.errors:
                self.add_error(name, told)
        return given

    def asked(self) -> dict[str, Any]:
        """What the service is asked for."""
        how = self.cleaned_data["how"]
        return {how: self.cleaned_data[how]} if how in ("share", "number") else {}


class ItemForm(FaultsForm):
    """An item without a checklist: does it deviate, and what was seen."""

    deviates = forms.TypedChoiceField(
        label="Finns någon brist?",
        choices=[("nej", "Nej, utan anmärkning"), ("ja", "Ja, det finns en brist")],
        coerce=lambda word: word == "ja",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj om posten har en brist."},
    )
    note = long_text("Vad såg du?", 3, "Behövs när det finns en brist. Skriv referenser, aldrig namn.")


class FinishForm(FaultsForm):
    """What the control showed. The figures are asked for only where no sample counts them."""

    result = long_text("Vad visade kontrollen?", 4, "Det viktigaste i en eller två meningar.", required=True)
    action = long_text("Vad har ni gjort eller ska göra?", 3)
    checked = forms.IntegerField(label="Antal granskade", required=False, min_value=0)
    deviating = forms.IntegerField(label="Antal med brist", required=False, min_value=0)

    def __init__(self, *args: Any, counted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if counted:
            del self.fields["checked"], self.fields["deviating"]


class MoveForm(FaultsForm):
    """The control is made later."""

    to = day("Redovisas senast")
    reason = short_text("Varför?", 400, required=True)


class RoundActionForm(FaultsForm):
    """A measure for what was found. Its owner is asked afterwards what effect it had."""

    finding = long_text("Vad ni såg", 2, required=True)
    what = short_text("Vad ska göras?", 300, "En mening utan namn.", required=True)
    role = forms.ChoiceField(label="Ansvarig", choices=Role.choices)
    due = day("Senast")
    expected_effect = long_text("Vilken effekt väntar ni er?", 2)
