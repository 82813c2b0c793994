"""What tables are called: in words that people read, when an import is taken back or a record is named."""

from __future__ import annotations

from django.apps import apps


def test_every_table_has_a_swedish_name_in_singular_and_plural() -> None:
    unnamed = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("roder.")
        and not hasattr(model, "pgh_obj")  # history is named by what it is of
        and not {"verbose_name", "verbose_name_plural"} <= model._meta.original_attrs.keys()
    ]
    assert not unnamed, f"write verbose_name and verbose_name_plural: {unnamed}"
