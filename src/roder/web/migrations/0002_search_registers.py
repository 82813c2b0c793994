"""Indexes for search in steering documents and agreements (see 0001_search)."""

from django.db import migrations

#: table -> the columns that are searched, in order
SEARCHED = {
    "registers_steeringdocument": ("title", "number", "decided_by", "valid_for", "responsible", "text"),
    "registers_agreement": ("title", "party", "number", "responsible", "follow_up"),
}


def _index(table: str, columns: tuple[str, ...]) -> str:
    return f"CREATE INDEX {table}_words ON {table} USING gin (roder_words({', '.join(columns)}));"


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_search"),
        ("meetings", "0060_bounded_words"),
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_index(table, columns), f"DROP INDEX {table}_words")
        for table, columns in SEARCHED.items()
    ]
