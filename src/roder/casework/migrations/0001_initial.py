import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import roder.core.migrating
import roder.core.persons
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0003_importbatch_committee'),
        ('organisation', '0003_quality'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='CaseworkEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.body', verbose_name='nämnd')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='enhet')),
                ('reference', models.CharField(max_length=40, validators=[roder.core.persons.no_personal_number], verbose_name='referens')),
                ('kind', models.CharField(choices=[('received', 'inkommen'), ('assessed', 'bedömd'), ('opened', 'utredning inledd'), ('assigned', 'tilldelad'), ('decided', 'beslutad'), ('closed', 'avslutad')], max_length=10, verbose_name='händelse')),
                ('at', models.DateTimeField(verbose_name='tidpunkt')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='registrerad')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch')),
            ],
            options={
                'verbose_name': 'händelse i ärende',
                'verbose_name_plural': 'händelser i ärenden',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['committee', '-at', '-id'], name='casework_event_latest'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='casework_event_by_batch')],
                'constraints': [models.UniqueConstraint(fields=('committee', 'reference', 'kind', 'at'), name='casework_event_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'assessed', 'opened', 'assigned', 'decided', 'closed'])), name='known_casework_event')],
                'triggers': [pgtrigger.compiler.Trigger(name='changed_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "casework_caseworkeventevent" ("at", "batch_id", "committee_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "registered_at", "unit_id") VALUES (OLD."at", OLD."batch_id", OLD."committee_id", OLD."id", OLD."kind", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'changed\', OLD."id", OLD."reference", OLD."registered_at", OLD."unit_id"); RETURN NULL;', hash='8f0b81126d7e3a0c7c878a227d34b17947df4635', operation='UPDATE', pgid='pgtrigger_changed_update_bde1f', table='casework_caseworkevent', when='AFTER')), pgtrigger.compiler.Trigger(name='removed_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "casework_caseworkeventevent" ("at", "batch_id", "committee_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "registered_at", "unit_id") VALUES (OLD."at", OLD."batch_id", OLD."committee_id", OLD."id", OLD."kind", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'removed\', OLD."id", OLD."reference", OLD."registered_at", OLD."unit_id"); RETURN NULL;', hash='c02ccb1c15a22964c9a51045fd674a38dedc8e80', operation='DELETE', pgid='pgtrigger_removed_delete_397f0', table='casework_caseworkevent', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CaseworkEventEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='casework.caseworkevent')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('committee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='enhet')),
                ('reference', models.CharField(max_length=40, validators=[roder.core.persons.no_personal_number], verbose_name='referens')),
                ('kind', models.CharField(choices=[('received', 'inkommen'), ('assessed', 'bedömd'), ('opened', 'utredning inledd'), ('assigned', 'tilldelad'), ('decided', 'beslutad'), ('closed', 'avslutad')], max_length=10, verbose_name='händelse')),
                ('at', models.DateTimeField(verbose_name='tidpunkt')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='registrerad')),
                ('batch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.importbatch')),
            ],
            options={
                'abstract': False,
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
