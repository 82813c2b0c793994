"""The form field for a day, in every room: the browser's own picker, and a day that the program reckons with."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from roder.core.days import fault_of


class DayField(forms.DateField):
    """A day. Refused at the field when it is none, or one that the program does not reckon with."""

    default_error_messages = {"invalid": "Skriv datumet som 2022-05-31."}  # noqa: RUF012 - as Django declares it

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)

    @property
    def means_open_end(self) -> bool:
        """Whether an empty field is how something holds until further notice."""
        return not self.required

    def validate(self, value: Any) -> None:
        """As every field, and the bound."""
        super().validate(value)
        if value is not None and (fault := fault_of(value, may_be_empty=self.means_open_end)):
            raise ValidationError(fault, code="day_out_of_reach")


class FilterDayField(DayField):
    """A day that a list begins or ends at: an empty one is no filter, and says nothing of what holds."""

    means_open_end = False


class DayFilter(django_filters.DateFilter):
    """A register's filter on a day."""

    field_class = FilterDayField
