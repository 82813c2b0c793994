"""The form that a kind's row is written in: a field for each column, made of the declaration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from roder.core.words import capital_first
from roder.imports.blank import asked
from roder.imports.cells import Choice, Context, Day, Number, Year, YesNo
from roder.imports.declaration import Import
from roder.imports.goal_cells import GroupsCell, MeasuresCell, Month, Offered
from roder.imports.one_row import keys_of
from roder.imports.quality_cells import FreeText
from roder.measures.models import Measure

#: Headings of files have no å, ä and ö; pages have.
LABELS = {
    "agenda_2030": "Agenda 2030", "avser": "Avser", "beslutat": "Beslutat", "bidrar_till": "Bidrar till målet",
    "bryter_serien": "Bryter serien", "definition_fran": "Definitionen gäller från",
    "fokusomrade": "Fokusområde", "foljs_upp": "Följs upp", "fran_ar": "Från år", "givet_av": "Givet av",
    "kalla": "Källa", "klart_nar": "Klart när", "klart_senast": "Klart senast", "kolada_id": "Id i Kolada",
    "mal": "Målet", "mal_ar": "Målvärdet gäller år", "mal_grund": "Målvärdets grund", "mal_i_ord": "Målet i ord",
    "mal_villkor": "Målvärdets villkor", "malvarde": "Målvärde", "mats": "Mäts", "mattenhet": "Måttenhet",
    "niva": "Nivå", "redovisas_i": "Redovisas i", "till_ar": "Till år", "uppdrag": "Uppdraget",
}  # fmt: skip
#: What a file's columns say of themselves where it is about writing in a file: what the page says instead.
HELPS = {
    ("mal", "bidrar_till"): "Koden för det av fullmäktiges mål som nämndens mål bidrar till.",
    ("mal", "foljs_upp"): "Om inget väljs: vid delår och år.",
    ("mal", "fokusomrade"): "Fokusområdets namn. Ett nytt läggs upp under visionen.",
    ("mal", "fran_ar"): "Det första året målet gäller. Tomt: året som visas nu.",
    ("mal", "indikatorer"): "Fullmäktigemålets egna indikatorer, eller de som nämndens mål ska påverka.",
    ("mal", "niva"): "Vems mål det är. Ändras inte sedan. Om inget väljs: nämndens.",
    ("mal", "nyckeltal"): "Nyckeltalen som målet mäts med.",
    ("mal", "slag"): "Om inget väljs: ett vanligt mål.",
    ("mal", "till_ar"): "Det sista året. Tomt: samma år som det första.",
    ("mal", "vision"): "Behövs bara när kommunen inte har någon vision, eller har en ny.",
    ("nyckeltal", "decimaler"): "Så många som visas, högst 4. Tomt: så många som är vanligt för måttenheten.",
    ("nyckeltal", "definition"): "Hur det räknas. Ett tomt fält tar inte bort en definition som finns.",
    ("nyckeltal", "definition_fran"): "Första dagen den gäller. En ny dag ger en ny bredvid den förra.",
    ("nyckeltal", "grupper"): "Vad det är till för.",
    ("nyckeltal", "kod"): "Kort namn som filer med värden använder. Ändras inte sedan.",
    ("nyckeltal", "mal_ar"): "Året målvärdet gäller. Tomt: året som visas nu.",
    ("nyckeltal", "mal_villkor"): "Om inget väljs: minst, eller högst när lägre är bättre.",
    ("nyckeltal", "malvarde"): "Talet ni vill nå. Ett tomt fält tar inte bort ett målvärde som finns.",
    ("nyckeltal", "riktning"): "Vad som är bättre. Om inget väljs: varken eller.",
    ("uppdrag", "fran_ar"): "Det första året uppdraget gäller. Tomt: året som visas nu.",
    ("uppdrag", "till_ar"): "Det sista året. Tomt: samma år som det första.",
}
MANY = 8  # a longer list of boxes scrolls by itself
SHORT = 300  # a longer text gets a box of several lines
#: Those that are no words of their own, in what is said of a cell.
_NO_WORDS = [one for one in LABELS if "_" in one or one in ("niva", "malvarde", "fokusomrade")]
_CODED = re.compile(rf"\b({'|'.join(_NO_WORDS)})\b")


def in_words(message: str) -> str:
    """What is said of a cell, with columns called as they are on the page."""
    return _CODED.sub(lambda found: f"”{LABELS[found[1]]}”", message)


def label_of(name: str) -> str:
    """What a column is called on a page."""
    return LABELS.get(name) or capital_first(name.replace("_", " "))


class RowForm(forms.Form):
    """Texts as cells of a row have them. What is right is decided where files are read; it answers at the field."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, what: Import, context: Context, data: Any = None, *, stands: Mapping[str, str], token: str = ""
    ) -> None:
        """``stands``: the cells of the record that is changed; nothing for a new one."""
        super().__init__(data, initial={"token": token})
        #: id of a list of words that stand already, and the words
        self.lists: list[tuple[str, tuple[str, ...]]] = []
        columns = {name: column for column in what.columns for name in column.sources}
        kept = keys_of(what) if stands else []
        for one in asked(what, context):
            if one.name in kept:
                continue
            stood, cell = stands.get(one.name, ""), columns[one.name].cell
            field = _field(cell, self._words(cell, one.choices, context), stood)
            field.required, field.label = one.needed, label_of(one.name)
            field.help_text = HELPS.get((what.kind, one.name)) or capital_first(one.about)
            field.initial = _items(stood) if isinstance(field, forms.MultipleChoiceField) else stood
            if isinstance(cell, Offered) and one.choices:  # another word may be written
                self.lists.append((f"lista-{one.name}", one.choices))
                field.widget.attrs["list"] = f"lista-{one.name}"
            self.fields[one.name] = field

    def _words(self, cell: Any, choices: tuple[str, ...], context: Context) -> list[tuple[str, str]]:
        """What may be chosen: what a cell says, and what it is called."""
        titles: dict[str, str] = {}
        if isinstance(cell, MeasuresCell):
            titles = dict(Measure.objects.filter(committee=context.committee).values_list("code", "title"))
        return [(one, f"{titles[one]} ({one})" if one in titles else one) for one in choices]

    def texts(self) -> dict[str, str]:
        """What was typed, as cells. Asked when the form is valid."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {
            name: " | ".join(value) if isinstance(value, list) else str(value).replace("\r\n", "\n")
            for name, value in typed.items()
        }

    def again(self, token: str) -> None:
        """What is sent next builds on what stands now."""
        self.data = QueryDict.copy(self.data)  # type: ignore[arg-type]
        self.data["token"] = token

    def say(self, name: str | None, message: str) -> None:
        """A fault at its field, where it has one."""
        self.add_error(name if name in self.fields else None, in_words(message))


def _items(text: str) -> list[str]:
    return [one.strip() for one in text.split("|") if one.strip()]


def _field(cell: Any, words: list[tuple[str, str]], stands: str) -> forms.Field:
    known = {one for one, _ in words}
    if isinstance(cell, MeasuresCell | GroupsCell):
        chosen = _items(stands)
        words = words + [(one, one) for one in chosen if one not in known]
        words.sort(key=lambda one: one[0] not in chosen)  # of ninety, the two that are chosen are seen
        many = {"class": "many"} if len(words) > MANY else {}
        return forms.MultipleChoiceField(choices=words, widget=forms.CheckboxSelectMultiple(attrs=many))
    if isinstance(cell, Choice | YesNo | Month):
        words = words + [(stands, stands)] * (bool(stands) and stands not in known)
        return forms.ChoiceField(choices=[("", "Inget valt"), *words])
    return forms.CharField(widget=_widget(cell))


def _widget(cell: Any) -> forms.Widget:
    if isinstance(cell, Day):
        return forms.TextInput(attrs={"type": "date"})
    if isinstance(cell, Year | Number):
        return forms.TextInput(attrs={"inputmode": "decimal" if isinstance(cell, Number) else "numeric"})
    if isinstance(cell, FreeText) and not isinstance(cell, Offered) and cell.longest > SHORT:
        return forms.Textarea(attrs={"rows": 3})
    return forms.TextInput()
