import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import roder.core.migrating
import roder.organisation.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_quality'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deputies', to=settings.AUTH_USER_MODEL, verbose_name='för')),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deputies', to='organisation.mandate', verbose_name='för mandatet')),
                ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stands_in', to=settings.AUTH_USER_MODEL, verbose_name='ersättare')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='utsedd av')),
            ],
            options={
                'verbose_name': 'ersättare',
                'verbose_name_plural': 'ersättare',
                'indexes': [models.Index(fields=['stand_in'], name='deputy_by_stand_in')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('mandate', None), ('person__isnull', False)), models.Q(('mandate__isnull', False), ('person', None)), _connector='OR'), name='deputy_for_person_or_mandate', violation_error_message='En ersättare går in för en person eller för ett av personens mandat.'), models.CheckConstraint(condition=models.Q(('person', None), models.Q(('person', models.F('stand_in')), _negated=True), _connector='OR'), name='deputy_not_for_oneself', violation_error_message='Välj någon annan: ingen är sin egen ersättare.'), models.CheckConstraint(condition=models.Q(('valid__isempty', False), ('valid__endswith__isnull', False)), name='deputy_has_end'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('person__isnull', False)), expressions=[(roder.organisation.models._Only('person'), '&&'), (roder.organisation.models._Only('stand_in'), '&&'), ('valid', '&&')], name='one_deputy_of_a_person_once', violation_error_message='Samma ersättare är redan utsedd för en del av tiden.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_deputyevent" ("changed_at", "created_at", "given_by_id", "id", "mandate_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "stand_in_id", "valid") VALUES (NEW."changed_at", NEW."created_at", NEW."given_by_id", NEW."id", NEW."mandate_id", NEW."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."stand_in_id", NEW."valid"); RETURN NULL;', hash='8e782a075dac4e63aa93e03b497097070a78dc20', operation='INSERT', pgid='pgtrigger_insert_insert_ec8a4', table='organisation_deputy', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_deputyevent" ("changed_at", "created_at", "given_by_id", "id", "mandate_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "stand_in_id", "valid") VALUES (NEW."changed_at", NEW."created_at", NEW."given_by_id", NEW."id", NEW."mandate_id", NEW."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."stand_in_id", NEW."valid"); RETURN NULL;', hash='33e7b71671b11c0c19ef48c392eca397b879fa37', operation='UPDATE', pgid='pgtrigger_update_update_f47e2', table='organisation_deputy', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_deputyevent" ("changed_at", "created_at", "given_by_id", "id", "mandate_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "stand_in_id", "valid") VALUES (OLD."changed_at", OLD."created_at", OLD."given_by_id", OLD."id", OLD."mandate_id", OLD."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."stand_in_id", OLD."valid"); RETURN NULL;', hash='3176be69629755e58b70b86cbb2a8ea67e41a477', operation='DELETE', pgid='pgtrigger_delete_delete_31b50', table='organisation_deputy', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='DeputyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.deputy')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='för')),
                ('mandate', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.mandate', verbose_name='för mandatet')),
                ('stand_in', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ersättare')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
                ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='utsedd av')),
            ],
            options={
                'abstract': False,
            },
        ),
        roder.core.migrating.InstallTriggers("Deputy", "DeputyEvent"),
    ])
