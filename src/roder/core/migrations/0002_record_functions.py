"""Functions behind links and assessments: a record named by kind and id must exist; links go with their record."""

from django.db import migrations

SQL = """
CREATE FUNCTION roder_require_record(kind text, record_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found boolean;
    table_name text := replace(kind, '.', '_');
BEGIN
    IF kind !~ '^[a-z]+\\.[a-z]+$' OR to_regclass(table_name) IS NULL THEN
        RAISE EXCEPTION 'slaget % finns inte', kind USING ERRCODE = 'foreign_key_violation';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1)', table_name) INTO found USING record_id;
    IF NOT found THEN
        RAISE EXCEPTION '% med id % finns inte', kind, record_id USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

CREATE FUNCTION roder_remove_links(kind text, record_id bigint) RETURNS void LANGUAGE sql AS $$
    DELETE FROM core_link
    WHERE (source_kind = $1 AND source_id = $2) OR (target_kind = $1 AND target_id = $2)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL, "DROP FUNCTION roder_require_record(text, bigint); DROP FUNCTION roder_remove_links(text, bigint);"
        )
    ]
