from django.db import migrations

#: Answers for an object were kept without unit, and were counted as the whole committee's.
_UNITS = """
    UPDATE questionnaires_answer a SET unit_id = r.unit_id FROM quality_selfcheckround r
    WHERE a.subject_kind = 'quality.selfcheckround' AND a.subject_id = r.id AND a.unit_id IS NULL;
    UPDATE questionnaires_answer a SET unit_id = d.unit_id FROM quality_deviation d
    WHERE a.subject_kind = 'quality.deviation' AND a.subject_id = d.id AND a.unit_id IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("quality", "0041_lex_maria_from_lex_sarah"),
        ("questionnaires", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_UNITS, migrations.RunSQL.noop)]
