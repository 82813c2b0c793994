"""The hash of an audit row: over everything in it and the hash before it."""

from django.db import migrations

SQL = """
CREATE FUNCTION roder_audit_hash(entry access_auditrecord) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(
        E'\\x1f', entry.id, extract(epoch FROM entry.at), coalesce(entry.actor_id, 0), entry.deed, entry.subject,
        entry.detail::text, entry.previous_hash), 'UTF8')), 'hex')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION roder_audit_hash(access_auditrecord);")]
