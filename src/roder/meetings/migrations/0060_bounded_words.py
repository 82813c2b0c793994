"""The words of cases, documents and paragraphs by a function that no text is too long for."""

import django.contrib.postgres.indexes
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

from roder.core.migrating import together

FUNCTION = """
CREATE FUNCTION roder_words(VARIADIC parts text[]) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
-- The words of the texts by Swedish stem and as written, the first text first. The database holds at most 1 MB of words
-- for a row: so much of a long text is kept as fits. 50 000 characters always fit (at most 9 bytes for each).
DECLARE
    whole text := array_to_string(parts, ' ');
    most int;
BEGIN
    FOREACH most IN ARRAY ARRAY[400000, 200000, 100000] LOOP
        BEGIN
            RETURN to_tsvector('pg_catalog.swedish'::regconfig, left(whole, most))
                || to_tsvector('pg_catalog.simple'::regconfig, left(whole, most));
        EXCEPTION WHEN program_limit_exceeded THEN
            NULL;
        END;
    END LOOP;
    RETURN to_tsvector('pg_catalog.swedish'::regconfig, left(whole, 50000))
        || to_tsvector('pg_catalog.simple'::regconfig, left(whole, 50000));
END $$;
"""
#: model -> (columns, the index)
WORDS = {
    "case": (("number", "title", "origin", "summary"), "case_words"),
    "document": (("title", "sender", "text"), "document_words"),
    "minuteitem": (("heading", "decided", "summary", "preparation", "procedure"), "paragraph_words"),
}


def _anew(model, columns, index):
    field = models.GeneratedField(
        expression=models.Func(*columns, function="roder_words", output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )
    return [
        migrations.RemoveIndex(model, index),
        migrations.RemoveField(model, "search"),
        migrations.AddField(model, "search", field),
        migrations.AddIndex(model, django.contrib.postgres.indexes.GinIndex(fields=["search"], name=index)),
    ]


class Migration(migrations.Migration):
    dependencies = [("meetings", "0030_session_winner"), ("meetings", "0040_paragraph_notice")]

    operations = together([
        migrations.RunSQL(FUNCTION, "DROP FUNCTION roder_words(text[])"),
        *(step for model, (columns, index) in WORDS.items() for step in _anew(model, columns, index)),
    ])
