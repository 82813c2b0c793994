"""The view that answers "which units are under this one today"."""

from django.db import migrations

SQL = """
CREATE VIEW organisation_unit_path AS
WITH RECURSIVE path AS (
    SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM organisation_unit
    UNION ALL
    SELECT path.ancestor_id, placement.unit_id, path.depth + 1
    FROM path
    JOIN organisation_unitplacement placement
      ON placement.parent_id = path.descendant_id AND placement.valid @> (now() AT TIME ZONE 'Europe/Stockholm')::date
    WHERE path.depth < 20
)
SELECT ancestor_id || '-' || descendant_id AS id, ancestor_id, descendant_id, min(depth) AS depth
FROM path GROUP BY ancestor_id, descendant_id;

CREATE FUNCTION organisation_refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time: two who move at once would not see each other's half of a circle.
    PERFORM pg_advisory_xact_lock(7203312);
    IF EXISTS (
        WITH RECURSIVE up AS (
            SELECT NEW.parent_id AS unit_id, NEW.valid AS valid, 1 AS depth
            UNION ALL
            SELECT placement.parent_id, up.valid * placement.valid, up.depth + 1
            FROM up JOIN organisation_unitplacement placement
              ON placement.unit_id = up.unit_id AND placement.valid && up.valid AND placement.id <> NEW.id
            WHERE placement.parent_id IS NOT NULL AND up.depth < 50
        )
        SELECT 1 FROM up WHERE unit_id = NEW.unit_id
    ) THEN
        RAISE EXCEPTION 'enheten skulle ligga under sig själv' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'placement_without_circle';
    END IF;
    RETURN NEW;
END $$;

CREATE CONSTRAINT TRIGGER placement_without_circle AFTER INSERT OR UPDATE ON organisation_unitplacement
FOR EACH ROW EXECUTE FUNCTION organisation_refuse_circle();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL,
            "DROP TRIGGER placement_without_circle ON organisation_unitplacement;"
            "DROP FUNCTION organisation_refuse_circle(); DROP VIEW organisation_unit_path;",
        )
    ]
