import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('steering', '0002_quality'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='QuestionSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='question_sets', to='organisation.body', verbose_name='nämnd')),
                ('code', models.CharField(max_length=60, verbose_name='kod')),
                ('title', models.CharField(max_length=300, verbose_name='formulär')),
                ('audience', models.CharField(choices=[('unit', 'enheter vid ett tillfälle'), ('object', 'en person om ett objekt'), ('public', 'allmänheten')], max_length=10, verbose_name='besvaras av')),
                ('subject_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='gäller')),
                ('closed', models.BooleanField(default=False, help_text='inga nya svar tas emot', verbose_name='stängt')),
            ],
            options={
                'verbose_name': 'frågeformulär',
                'verbose_name_plural': 'frågeformulär',
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(fields=('committee', 'code'), name='question_set_once'), models.CheckConstraint(condition=models.Q(('audience__in', ['unit', 'object', 'public'])), name='question_set_known_audience')],
                'triggers': [pgtrigger.compiler.Trigger(name='removes_links', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;", hash='deb526a4dde1aadc8ed736893aadd9f1c43cde37', operation='DELETE', pgid='pgtrigger_removes_links_5ac5f', table='questionnaires_questionset', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "questionnaires_questionsetevent" ("audience", "changed_at", "closed", "code", "committee_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "subject_kinds", "title") VALUES (NEW."audience", NEW."changed_at", NEW."closed", NEW."code", NEW."committee_id", NEW."created_at", NEW."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."subject_kinds", NEW."title"); RETURN NULL;', hash='c29024cef60a1a7ea2f9381fd6e14ea63d8dba7c', operation='INSERT', pgid='pgtrigger_insert_insert_d8697', table='questionnaires_questionset', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "questionnaires_questionsetevent" ("audience", "changed_at", "closed", "code", "committee_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "subject_kinds", "title") VALUES (NEW."audience", NEW."changed_at", NEW."closed", NEW."code", NEW."committee_id", NEW."created_at", NEW."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."subject_kinds", NEW."title"); RETURN NULL;', hash='dab8a0288a0104d0dd76f26d4871845893e87eb4', operation='UPDATE', pgid='pgtrigger_update_update_1ba21', table='questionnaires_questionset', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "questionnaires_questionsetevent" ("audience", "changed_at", "closed", "code", "committee_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "subject_kinds", "title") VALUES (OLD."audience", OLD."changed_at", OLD."closed", OLD."code", OLD."committee_id", OLD."created_at", OLD."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."subject_kinds", OLD."title"); RETURN NULL;', hash='3c289aae5115ac0d692435673fde76ada5a6da31', operation='DELETE', pgid='pgtrigger_delete_delete_f2e28', table='questionnaires_questionset', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='QuestionSetEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='questionnaires.questionset')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('code', models.CharField(max_length=60, verbose_name='kod')),
                ('title', models.CharField(max_length=300, verbose_name='formulär')),
                ('audience', models.CharField(choices=[('unit', 'enheter vid ett tillfälle'), ('object', 'en person om ett objekt'), ('public', 'allmänheten')], max_length=10, verbose_name='besvaras av')),
                ('subject_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='gäller')),
                ('closed', models.BooleanField(default=False, help_text='inga nya svar tas emot', verbose_name='stängt')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QuestionSetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='questionnaires.questionset', verbose_name='formulär')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content', models.JSONField(verbose_name='innehåll')),
                ('source', models.TextField(verbose_name='källtext')),
                ('sha256', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(auto_now_add=True, verbose_name='inläst')),
                ('loaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inläst av')),
            ],
            options={
                'verbose_name': 'version av frågeformulär',
                'verbose_name_plural': 'versioner av frågeformulär',
                'ordering': ['question_set', '-number'],
                'constraints': [models.UniqueConstraint(fields=('question_set', 'number'), name='question_set_version_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='08d333d36cf804582bd0d6e32fe75bf5f8568134', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_1057a', table='questionnaires_questionsetversion', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('question_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='questionnaires.questionset', verbose_name='formulär')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='questionnaires.questionsetversion', verbose_name='version av formuläret')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.body', verbose_name='nämnd')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='enhet')),
                ('occasion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.occasion', verbose_name='tillfälle')),
                ('subject_kind', models.CharField(blank=True, max_length=60, verbose_name='avser')),
                ('subject_id', models.BigIntegerField(blank=True, null=True)),
                ('key', models.CharField(blank=True, max_length=60, verbose_name='nyckel')),
                ('public', models.BooleanField(default=False, verbose_name='från allmänheten')),
                ('year', models.PositiveSmallIntegerField(verbose_name='år')),
                ('state', models.CharField(choices=[('draft', 'utkast'), ('final', 'lämnat')], default='draft', max_length=10, verbose_name='läge')),
                ('content', models.JSONField(blank=True, default=dict, verbose_name='svar')),
                ('edition', models.PositiveSmallIntegerField(default=0, verbose_name='lämnad gång')),
                ('remarks', models.PositiveSmallIntegerField(default=0, verbose_name='brister')),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='poäng')),
                ('points_of', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='av poäng')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='besvarat av')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='besvarat')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='registrerad')),
            ],
            options={
                'verbose_name': 'svar',
                'verbose_name_plural': 'svar',
                'ordering': ['-changed_at', '-id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='answer_by_subject'), models.Index(fields=['committee', 'question_set', 'year'], name='answer_by_set')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('public', False)), fields=('question_set', 'subject_kind', 'subject_id', 'unit', 'occasion', 'year', 'key'), name='answered_once', nulls_distinct=False, violation_error_message='Det finns redan ett svar.'), models.CheckConstraint(condition=models.Q(models.Q(('subject_id', None), ('subject_kind', '')), models.Q(models.Q(('subject_kind', ''), _negated=True), ('subject_id__isnull', False)), _connector='OR'), name='answer_subject_whole'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('answered_at__isnull', False), ('edition__gt', 0), ('state', 'final')), _connector='OR'), name='final_answer_has_moment')],
                'triggers': [pgtrigger.compiler.Trigger(name='removes_links', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;", hash='7c976a70fbf563e797ff72c5d933a256e113d2ed', operation='DELETE', pgid='pgtrigger_removes_links_08224', table='questionnaires_answer', when='AFTER')), pgtrigger.compiler.Trigger(name='subject_exists', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."subject_id" IS NOT NULL)', func='PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;', hash='fef00024c1c0458ca8ea15320dde57f97d9ed118', operation='INSERT OR UPDATE OF "subject_kind", "subject_id"', pgid='pgtrigger_subject_exists_bc4ee', table='questionnaires_answer', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "questionnaires_answerevent" ("answered_at", "answered_by_id", "changed_at", "committee_id", "content", "created_at", "edition", "id", "key", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "points_of", "public", "question_set_id", "registered_at", "remarks", "revision", "state", "subject_id", "subject_kind", "unit_id", "version_id", "year") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."changed_at", NEW."committee_id", NEW."content", NEW."created_at", NEW."edition", NEW."id", NEW."key", NEW."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."points", NEW."points_of", NEW."public", NEW."question_set_id", NEW."registered_at", NEW."remarks", NEW."revision", NEW."state", NEW."subject_id", NEW."subject_kind", NEW."unit_id", NEW."version_id", NEW."year"); RETURN NULL;', hash='837980d26bf0a297674acdbcec07ffdbd2afb404', operation='INSERT', pgid='pgtrigger_insert_insert_ea6f4', table='questionnaires_answer', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "questionnaires_answerevent" ("answered_at", "answered_by_id", "changed_at", "committee_id", "content", "created_at", "edition", "id", "key", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "points_of", "public", "question_set_id", "registered_at", "remarks", "revision", "state", "subject_id", "subject_kind", "unit_id", "version_id", "year") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."changed_at", NEW."committee_id", NEW."content", NEW."created_at", NEW."edition", NEW."id", NEW."key", NEW."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."points", NEW."points_of", NEW."public", NEW."question_set_id", NEW."registered_at", NEW."remarks", NEW."revision", NEW."state", NEW."subject_id", NEW."subject_kind", NEW."unit_id", NEW."version_id", NEW."year"); RETURN NULL;', hash='83aae2418e4272a8e384ee8a6d1aece56ed2ea7a', operation='UPDATE', pgid='pgtrigger_update_update_47d78', table='questionnaires_answer', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "questionnaires_answerevent" ("answered_at", "answered_by_id", "changed_at", "committee_id", "content", "created_at", "edition", "id", "key", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "points_of", "public", "question_set_id", "registered_at", "remarks", "revision", "state", "subject_id", "subject_kind", "unit_id", "version_id", "year") VALUES (OLD."answered_at", OLD."answered_by_id", OLD."changed_at", OLD."committee_id", OLD."content", OLD."created_at", OLD."edition", OLD."id", OLD."key", OLD."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."points", OLD."points_of", OLD."public", OLD."question_set_id", OLD."registered_at", OLD."remarks", OLD."revision", OLD."state", OLD."subject_id", OLD."subject_kind", OLD."unit_id", OLD."version_id", OLD."year"); RETURN NULL;', hash='76d87203ee9eeaac69c090506f4ebfc20703f33c', operation='DELETE', pgid='pgtrigger_delete_delete_f09bd', table='questionnaires_answer', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AnswerEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='questionnaires.answer', verbose_name='svar')),
                ('number', models.PositiveSmallIntegerField(verbose_name='gång')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questionnaires.questionsetversion', verbose_name='version')),
                ('content', models.JSONField(verbose_name='svar')),
                ('at', models.DateTimeField(verbose_name='när')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='av')),
                ('reopened', models.CharField(blank=True, max_length=500, verbose_name='skäl att öppna igen')),
            ],
            options={
                'verbose_name': 'lämnat svar',
                'verbose_name_plural': 'lämnade svar',
                'ordering': ['answer', 'number'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'number'), name='answer_edition_once')],
            },
        ),
        migrations.CreateModel(
            name='AnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='questionnaires.answer')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('question_set', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='questionnaires.questionset', verbose_name='formulär')),
                ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='questionnaires.questionsetversion', verbose_name='version av formuläret')),
                ('committee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='enhet')),
                ('occasion', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='steering.occasion', verbose_name='tillfälle')),
                ('subject_kind', models.CharField(blank=True, max_length=60, verbose_name='avser')),
                ('subject_id', models.BigIntegerField(blank=True, null=True)),
                ('key', models.CharField(blank=True, max_length=60, verbose_name='nyckel')),
                ('public', models.BooleanField(default=False, verbose_name='från allmänheten')),
                ('year', models.PositiveSmallIntegerField(verbose_name='år')),
                ('state', models.CharField(choices=[('draft', 'utkast'), ('final', 'lämnat')], default='draft', max_length=10, verbose_name='läge')),
                ('content', models.JSONField(blank=True, default=dict, verbose_name='svar')),
                ('edition', models.PositiveSmallIntegerField(default=0, verbose_name='lämnad gång')),
                ('remarks', models.PositiveSmallIntegerField(default=0, verbose_name='brister')),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='poäng')),
                ('points_of', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='av poäng')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='besvarat av')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='besvarat')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='registrerad')),
            ],
            options={
                'abstract': False,
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
