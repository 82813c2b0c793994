import django.db.models.deletion
import pgtrigger.compiler
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('figures', '0001_initial'),
        ('organisation', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('steering', '0001_initial'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='organisation.body', verbose_name='nämnd')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='steering.occasion', verbose_name='tillfälle')),
                ('kind', models.CharField(max_length=60, verbose_name='rapport')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'utkast'), ('locked', 'låst')], default='draft', max_length=10, verbose_name='läge')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='diarienummer')),
                ('snapshot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='figures.snapshot', verbose_name='uttag')),
                ('document', models.JSONField(blank=True, null=True, verbose_name='dokument')),
                ('locked_at', models.DateTimeField(blank=True, null=True, verbose_name='låst')),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='låst av')),
            ],
            options={
                'verbose_name': 'rapport',
                'verbose_name_plural': 'rapporter',
                'ordering': ['-occasion__cut_off', 'kind', '-number'],
                'constraints': [models.UniqueConstraint(fields=('occasion', 'kind', 'number'), name='report_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('occasion', 'kind'), name='one_draft_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('locked_at', None), ('state', 'draft')), models.Q(('document__isnull', False), ('locked_at__isnull', False), ('snapshot__isnull', False), ('state', 'locked')), _connector='OR'), name='locked_is_complete')],
                'triggers': [pgtrigger.compiler.Trigger(name='removes_links', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;", hash='21998934a1c1b167def64cf4881bc2b7f73ab05a', operation='DELETE', pgid='pgtrigger_removes_links_f7274', table='reports_report', when='AFTER')), pgtrigger.compiler.Trigger(name='locked_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'locked\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a76b85f70c0e75a667381d0c66ed557e36ed369f', operation='UPDATE OR DELETE', pgid='pgtrigger_locked_never_changes_4c69a', table='reports_report', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportevent" ("changed_at", "committee_id", "created_at", "document", "id", "kind", "locked_at", "locked_by_id", "number", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "revision", "snapshot_id", "state") VALUES (NEW."changed_at", NEW."committee_id", NEW."created_at", NEW."document", NEW."id", NEW."kind", NEW."locked_at", NEW."locked_by_id", NEW."number", NEW."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."registration_number", NEW."revision", NEW."snapshot_id", NEW."state"); RETURN NULL;', hash='c62cb5187587f41e8fef30c493bc87c4b95bfd98', operation='INSERT', pgid='pgtrigger_insert_insert_84ceb', table='reports_report', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_reportevent" ("changed_at", "committee_id", "created_at", "document", "id", "kind", "locked_at", "locked_by_id", "number", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "revision", "snapshot_id", "state") VALUES (NEW."changed_at", NEW."committee_id", NEW."created_at", NEW."document", NEW."id", NEW."kind", NEW."locked_at", NEW."locked_by_id", NEW."number", NEW."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."registration_number", NEW."revision", NEW."snapshot_id", NEW."state"); RETURN NULL;', hash='61dddedb59179119d2911df72fba906cfa3fc194', operation='UPDATE', pgid='pgtrigger_update_update_234a9', table='reports_report', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportevent" ("changed_at", "committee_id", "created_at", "document", "id", "kind", "locked_at", "locked_by_id", "number", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "revision", "snapshot_id", "state") VALUES (OLD."changed_at", OLD."committee_id", OLD."created_at", OLD."document", OLD."id", OLD."kind", OLD."locked_at", OLD."locked_by_id", OLD."number", OLD."occasion_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."registration_number", OLD."revision", OLD."snapshot_id", OLD."state"); RETURN NULL;', hash='97c59714df0bdeab37e934d382905e5cc3344390', operation='DELETE', pgid='pgtrigger_delete_delete_6acd6', table='reports_report', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReportComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reports.report')),
                ('section', models.CharField(max_length=80, verbose_name='avsnitt')),
                ('subject', models.CharField(blank=True, max_length=80, verbose_name='avser')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skriven av')),
            ],
            options={
                'verbose_name': 'kommentar',
                'verbose_name_plural': 'kommentarer',
                'constraints': [models.UniqueConstraint(fields=('report', 'section', 'subject'), name='one_comment_a_subject')],
                'triggers': [pgtrigger.compiler.Trigger(name='frozen_when_locked', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM reports_report\n                               WHERE id = COALESCE(NEW.report_id, OLD.report_id) AND state = 'locked') THEN\n                        RAISE EXCEPTION 'rapporten är låst' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    RETURN COALESCE(NEW, OLD);\n                ", hash='be674cb34f9d7dcc2c38d16240687c44f12882dc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_when_locked_84598', table='reports_reportcomment', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportcommentevent" ("changed_at", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "revision", "section", "subject", "text", "written_by_id") VALUES (NEW."changed_at", NEW."created_at", NEW."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."report_id", NEW."revision", NEW."section", NEW."subject", NEW."text", NEW."written_by_id"); RETURN NULL;', hash='9ec220cda1d8b107cdfb31b1be9c716c31424834', operation='INSERT', pgid='pgtrigger_insert_insert_1569e', table='reports_reportcomment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_reportcommentevent" ("changed_at", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "revision", "section", "subject", "text", "written_by_id") VALUES (NEW."changed_at", NEW."created_at", NEW."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."report_id", NEW."revision", NEW."section", NEW."subject", NEW."text", NEW."written_by_id"); RETURN NULL;', hash='cb4312d1b45ccdea0c6e850f4c4d6956c8dab984', operation='UPDATE', pgid='pgtrigger_update_update_e0560', table='reports_reportcomment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportcommentevent" ("changed_at", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "revision", "section", "subject", "text", "written_by_id") VALUES (OLD."changed_at", OLD."created_at", OLD."id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."report_id", OLD."revision", OLD."section", OLD."subject", OLD."text", OLD."written_by_id"); RETURN NULL;', hash='4bee4062a173e602557d520b698c73b8ae814617', operation='DELETE', pgid='pgtrigger_delete_delete_aef32', table='reports_reportcomment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReportCommentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reports.reportcomment')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('report', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reports.report')),
                ('section', models.CharField(max_length=80, verbose_name='avsnitt')),
                ('subject', models.CharField(blank=True, max_length=80, verbose_name='avser')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('written_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skriven av')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reports.report')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('occasion', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='steering.occasion', verbose_name='tillfälle')),
                ('kind', models.CharField(max_length=60, verbose_name='rapport')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'utkast'), ('locked', 'låst')], default='draft', max_length=10, verbose_name='läge')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='diarienummer')),
                ('snapshot', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='figures.snapshot', verbose_name='uttag')),
                ('document', models.JSONField(blank=True, null=True, verbose_name='dokument')),
                ('locked_at', models.DateTimeField(blank=True, null=True, verbose_name='låst')),
                ('locked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='låst av')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.report')),
                ('format', models.CharField(choices=[('html', 'webbsida'), ('pdf', 'PDF'), ('docx', 'Word'), ('xlsx', 'Excel')], max_length=10)),
                ('path', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(verbose_name='storlek')),
            ],
            options={
                'verbose_name': 'rapportfil',
                'verbose_name_plural': 'rapportfiler',
                'constraints': [models.UniqueConstraint(fields=('report', 'format'), name='one_file_a_format')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8042655bc8e541b3310fc89b7a2b56af0a16cac8', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_0a988', table='reports_reportfile', when='BEFORE'))],
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
