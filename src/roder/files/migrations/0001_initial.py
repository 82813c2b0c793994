import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_record_functions'),
        ('organisation', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField(verbose_name='storlek')),
                ('type', models.CharField(max_length=10, verbose_name='typ')),
                ('stored_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='sparad')),
                ('text', models.TextField(blank=True)),
                ('text_state', models.CharField(choices=[('waiting', 'väntar'), ('done', 'läst'), ('failed', 'gick inte att läsa')], default='waiting', max_length=10)),
                ('thumbnail', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'filinnehåll',
                'indexes': [models.Index(condition=models.Q(('text_state', 'waiting')), fields=['id'], name='blob_to_read')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_named_by_hash'), models.CheckConstraint(condition=models.Q(('type__in', ['csv', 'docx', 'heic', 'jpeg', 'odp', 'ods', 'odt', 'pdf', 'png', 'pptx', 'txt', 'xlsx'])), name='blob_of_allowed_type')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('committee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.body', verbose_name='nämnd')),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality', verbose_name='kommun')),
                ('title', models.CharField(max_length=200, verbose_name='titel')),
                ('words', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='borttagen')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='borttagen av')),
                ('removed_why', models.CharField(blank=True, max_length=300, verbose_name='orsak')),
            ],
            options={
                'verbose_name': 'fil',
                'verbose_name_plural': 'filer',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='file_of_subject'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='file_words')],
            },
        ),
        migrations.CreateModel(
            name='FileVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='files.storedfile', verbose_name='fil')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('blob', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='files.blob', verbose_name='innehåll')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='filnamn')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(verbose_name='storlek')),
                ('restored_from', models.PositiveIntegerField(blank=True, null=True, verbose_name='återställd från version')),
                ('stored_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='sparad')),
                ('stored_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sparad av')),
            ],
            options={
                'verbose_name': 'filversion',
                'verbose_name_plural': 'filversioner',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='file_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('blob__isnull', False), models.Q(('name', ''), _negated=True)), models.Q(('blob', None), ('name', '')), _connector='OR'), name='removed_version_has_no_name')],
                'triggers': [pgtrigger.compiler.Trigger(name='version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e9a3cb26c1e073f05d9040c1077182b36dc6f911', operation='DELETE', pgid='pgtrigger_version_stays_27d80', table='files_fileversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_removed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."blob_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='dd0fd78b988bc25eeb3f7ca4e5c0af9eb1976909', operation='UPDATE', pgid='pgtrigger_only_removed_7f879', table='files_fileversion', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='StoredFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='files.storedfile')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('committee', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.municipality', verbose_name='kommun')),
                ('current', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.fileversion', verbose_name='gällande version')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='borttagen')),
                ('removed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='borttagen av')),
                ('removed_why', models.CharField(blank=True, max_length=300, verbose_name='orsak')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='storedfile',
            name='current',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.fileversion', verbose_name='gällande version'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at', None), models.Q(('current', None), ('title', ''), ('words', None), models.Q(('removed_why', ''), _negated=True)), _connector='OR'), name='removed_file_is_tombstone'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='subject_exists', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;', hash='66a10ed6591b420c408e476a05b58d9e27006f2a', operation='INSERT', pgid='pgtrigger_subject_exists_8eed4', table='files_storedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='tombstone_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='057d6f743ed00503f97b99ea09871f1308c2756a', operation='DELETE', pgid='pgtrigger_tombstone_stays_2adc6', table='files_storedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='removed_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."removed_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='67df5a0f324869a73892b0fd89a625d99b0205bd', operation='UPDATE', pgid='pgtrigger_removed_is_final_ed411', table='files_storedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_storedfileevent" ("changed_at", "committee_id", "created_at", "current_id", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "revision", "subject_id", "subject_kind") VALUES (NEW."changed_at", NEW."committee_id", NEW."created_at", NEW."current_id", NEW."id", NEW."municipality_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."removed_why", NEW."revision", NEW."subject_id", NEW."subject_kind"); RETURN NULL;', hash='3ac2c124e0b6aff52e5cdca6533f5c8d23935ce7', operation='INSERT', pgid='pgtrigger_insert_insert_a0d7d', table='files_storedfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."committee_id" IS DISTINCT FROM (NEW."committee_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."current_id" IS DISTINCT FROM (NEW."current_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."municipality_id" IS DISTINCT FROM (NEW."municipality_id") OR OLD."removed_at" IS DISTINCT FROM (NEW."removed_at") OR OLD."removed_by_id" IS DISTINCT FROM (NEW."removed_by_id") OR OLD."removed_why" IS DISTINCT FROM (NEW."removed_why") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."subject_kind" IS DISTINCT FROM (NEW."subject_kind"))', func='INSERT INTO "files_storedfileevent" ("changed_at", "committee_id", "created_at", "current_id", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "revision", "subject_id", "subject_kind") VALUES (NEW."changed_at", NEW."committee_id", NEW."created_at", NEW."current_id", NEW."id", NEW."municipality_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."removed_why", NEW."revision", NEW."subject_id", NEW."subject_kind"); RETURN NULL;', hash='47b48e882ab9d1ed46895d93f883f856a23b4314', operation='UPDATE', pgid='pgtrigger_update_update_8c2ef', table='files_storedfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_storedfileevent" ("changed_at", "committee_id", "created_at", "current_id", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "revision", "subject_id", "subject_kind") VALUES (OLD."changed_at", OLD."committee_id", OLD."created_at", OLD."current_id", OLD."id", OLD."municipality_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."removed_why", OLD."revision", OLD."subject_id", OLD."subject_kind"); RETURN NULL;', hash='16b4f07c57d41f5dd6e9dc1b47ef190af77d259a', operation='DELETE', pgid='pgtrigger_delete_delete_ad157', table='files_storedfile', when='AFTER')),
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
