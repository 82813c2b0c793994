"""Indexes for search: one per searched table, and the words of locked reports, kept by a trigger.

The expressions must be those that ``roder.web.search`` asks with; a test holds that every kind uses its index.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

#: table -> the columns that are searched, in order
SEARCHED = {
    "steering_goal": ("number", "title", "text", "motive"),
    "steering_assignment": ("title", "text", "case_number"),
    "steering_activity": ("what", "why"),
    "steering_occasion": ("name", "code"),
    "measures_measure": ("title", "code", "kolada_id", "factor", "source"),
    "organisation_unit": ("name", "code"),
}


def _index(table: str, columns: tuple[str, ...]) -> str:
    words = " || ' ' || ".join(f"COALESCE({column}, '')" for column in columns)
    both = f"to_tsvector('swedish'::regconfig, {words}) || to_tsvector('simple'::regconfig, {words})"
    return f"CREATE INDEX {table}_words ON {table} USING gin (({both}));"


TEXT = """
CREATE FUNCTION roder_report_text(document jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- What a person reads in a report: headings, paragraphs, lists, titles of tables and charts, and words in cells.
    SELECT COALESCE(string_agg(part, ' ' ORDER BY place), '')
    FROM (
        SELECT place, concat_ws(' ',
            block->>'text', block->>'title', block->>'caption', block->>'description',
            (SELECT string_agg(roder_inline_text(one), '') FROM jsonb_path_query(block, '$.inlines[*]') one),
            (SELECT string_agg(roder_inline_text(one), ' ') FROM jsonb_path_query(block, '$.items[*][*]') one),
            (SELECT string_agg(roder_inline_text(one), ' ') FROM jsonb_path_query(block, '$.rows[*].cells.*[*]') one)
        ) AS part
        FROM jsonb_path_query(document, '$.document.blocks[*]') WITH ORDINALITY AS blocks (block, place)
    ) AS parts
$$;
"""
INLINE = """
CREATE FUNCTION roder_inline_text(part jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(part)
        WHEN 'string' THEN part #>> '{}'
        WHEN 'object' THEN COALESCE(part->>'text', part->>'label', '')
        ELSE ''
    END
$$;
"""
FILL = """
INSERT INTO web_reportwords (report_id, text, words)
SELECT id, body, to_tsvector('swedish'::regconfig, body) || to_tsvector('simple'::regconfig, body)
FROM (SELECT id, left(concat_ws(' ', registration_number, roder_report_text(document)), 400000) AS body
      FROM reports_report WHERE state = 'locked' {which}) AS locked
ON CONFLICT (report_id) DO NOTHING
"""
TRIGGER = f"""
CREATE FUNCTION roder_keep_report_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {FILL.format(which="AND id = NEW.id")};
    RETURN NULL;
END $$;
CREATE TRIGGER keep_report_words AFTER INSERT OR UPDATE OF state ON reports_report
    FOR EACH ROW WHEN (NEW.state = 'locked') EXECUTE FUNCTION roder_keep_report_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0001_initial"),
        ("organisation", "0001_initial"),
        ("reports", "0001_initial"),
        ("steering", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportWords",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found",
                        serialize=False,
                        to="reports.report",
                    ),
                ),
                ("text", models.TextField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="report_words")]
            },
        ),
        migrations.RunSQL(INLINE, "DROP FUNCTION roder_inline_text(jsonb)"),
        migrations.RunSQL(TEXT, "DROP FUNCTION roder_report_text(jsonb)"),
        migrations.RunSQL(
            TRIGGER, "DROP TRIGGER keep_report_words ON reports_report; DROP FUNCTION roder_keep_report_words()"
        ),
        migrations.RunSQL(FILL.format(which=""), migrations.RunSQL.noop),
        *(
            migrations.RunSQL(_index(table, columns), f"DROP INDEX {table}_words")
            for table, columns in SEARCHED.items()
        ),
    ]
