"""The words of a record for full text search, by Swedish stem and as written, kept by the database itself."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models


def words(*columns: str) -> models.GeneratedField:
    """A column with the words of ``columns``, the most telling first.

    ``roder_words`` (migration 0060) keeps the first 400 000 characters, or fewer where their words would be more than
    the database can hold for one record (1 MB): a text that is too long never stops it from being saved.
    """
    return models.GeneratedField(
        expression=models.Func(*columns, function="roder_words", output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )
