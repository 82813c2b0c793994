import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import roder.core.migrating
import roder.organisation.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('code', models.CharField(max_length=4, unique=True, verbose_name='kommunkod')),
                ('name', models.CharField(max_length=80, verbose_name='namn')),
                ('slug', models.SlugField(unique=True, verbose_name='adressnamn')),
            ],
            options={
                'verbose_name': 'kommun',
                'verbose_name_plural': 'kommuner',
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_municipalityevent" ("changed_at", "code", "created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug") VALUES (NEW."changed_at", NEW."code", NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."slug"); RETURN NULL;', hash='265f50f860e28920d5d9ae26472487877f1ce45d', operation='INSERT', pgid='pgtrigger_insert_insert_e9d1a', table='organisation_municipality', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_municipalityevent" ("changed_at", "code", "created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug") VALUES (NEW."changed_at", NEW."code", NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."slug"); RETURN NULL;', hash='148864286b5190ac88fb122f503de5293288f008', operation='UPDATE', pgid='pgtrigger_update_update_e95cb', table='organisation_municipality', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_municipalityevent" ("changed_at", "code", "created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug") VALUES (OLD."changed_at", OLD."code", OLD."created_at", OLD."id", OLD."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."slug"); RETURN NULL;', hash='bd31695e986e43a73f4ff699f398b44e3c7ea34d', operation='DELETE', pgid='pgtrigger_delete_delete_7ad72', table='organisation_municipality', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bodies', to='organisation.municipality', verbose_name='kommun')),
                ('kind', models.CharField(choices=[('committee', 'nämnd'), ('subcommittee', 'utskott'), ('executive_board', 'kommunstyrelse'), ('council', 'kommunfullmäktige')], max_length=20, verbose_name='slag')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('short_name', models.CharField(max_length=20, verbose_name='förkortning')),
                ('slug', models.SlugField(help_text='till exempel alingsas-von', unique=True, verbose_name='adressnamn')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subbodies', to='organisation.body')),
            ],
            options={
                'verbose_name': 'organ',
                'verbose_name_plural': 'organ',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'subcommittee'), ('parent__isnull', False)), models.Q(models.Q(('kind', 'subcommittee'), _negated=True), ('parent', None)), _connector='OR'), name='only_subcommittee_has_parent')],
                'triggers': [pgtrigger.compiler.Trigger(name='removes_links', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;", hash='544341049867acfb7f0a713601e2072f2aa2aa74', operation='DELETE', pgid='pgtrigger_removes_links_a2020', table='organisation_body', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_bodyevent" ("changed_at", "created_at", "id", "kind", "municipality_id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug") VALUES (NEW."changed_at", NEW."created_at", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."short_name", NEW."slug"); RETURN NULL;', hash='c956e8f8acfa2b74e26fd074844b506f4ebc2bab', operation='INSERT', pgid='pgtrigger_insert_insert_bf5e1', table='organisation_body', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_bodyevent" ("changed_at", "created_at", "id", "kind", "municipality_id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug") VALUES (NEW."changed_at", NEW."created_at", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."short_name", NEW."slug"); RETURN NULL;', hash='20b894407d75a673281407d71fa7242644692a47', operation='UPDATE', pgid='pgtrigger_update_update_52c8f', table='organisation_body', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_bodyevent" ("changed_at", "created_at", "id", "kind", "municipality_id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug") VALUES (OLD."changed_at", OLD."created_at", OLD."id", OLD."kind", OLD."municipality_id", OLD."name", OLD."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."short_name", OLD."slug"); RETURN NULL;', hash='eae05c56df2978e2b2ce7441bec908bd9feb1e33', operation='DELETE', pgid='pgtrigger_delete_delete_57615', table='organisation_body', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='BodyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.body')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.municipality', verbose_name='kommun')),
                ('kind', models.CharField(choices=[('committee', 'nämnd'), ('subcommittee', 'utskott'), ('executive_board', 'kommunstyrelse'), ('council', 'kommunfullmäktige')], max_length=20, verbose_name='slag')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('short_name', models.CharField(max_length=20, verbose_name='förkortning')),
                ('slug', models.SlugField(db_index=False, help_text='till exempel alingsas-von', verbose_name='adressnamn')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MunicipalityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.municipality')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('code', models.CharField(max_length=4, verbose_name='kommunkod')),
                ('name', models.CharField(max_length=80, verbose_name='namn')),
                ('slug', models.SlugField(db_index=False, verbose_name='adressnamn')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-post')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='titel')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'personer',
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_personevent" ("changed_at", "created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "title") VALUES (NEW."changed_at", NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."title"); RETURN NULL;', hash='ea11ef7bcbbbcf9511ee2dd870ca6253c4a2d9bc', operation='INSERT', pgid='pgtrigger_insert_insert_194a9', table='organisation_person', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "organisation_personevent" ("changed_at", "created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "title") VALUES (NEW."changed_at", NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."title"); RETURN NULL;', hash='1e1f1a0aaaa0d4e4f4eba694acd28c3d2e2d5b6e', operation='UPDATE', pgid='pgtrigger_update_update_88d52', table='organisation_person', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_personevent" ("changed_at", "created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "title") VALUES (OLD."changed_at", OLD."created_at", OLD."email", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."title"); RETURN NULL;', hash='ff2be0ee4e1e62a4a1f113ed8787f3e8a21cd68a', operation='DELETE', pgid='pgtrigger_delete_delete_e3812', table='organisation_person', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('email', models.EmailField(max_length=254, verbose_name='e-post')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='titel')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='organisation.body', verbose_name='nämnd')),
                ('code', models.CharField(max_length=40, verbose_name='kod')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('kind', models.CharField(choices=[('administration', 'förvaltning'), ('department', 'avdelning'), ('unit', 'enhet')], max_length=20, verbose_name='slag')),
            ],
            options={
                'verbose_name': 'enhet',
                'verbose_name_plural': 'enheter',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('committee', 'code'), name='unit_code_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='removes_links', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;", hash='2ef8ec80155c088a5a7e15df6dd79f1b1de0e324', operation='DELETE', pgid='pgtrigger_removes_links_e2a60', table='organisation_unit', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_unitevent" ("changed_at", "code", "committee_id", "created_at", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision") VALUES (NEW."changed_at", NEW."code", NEW."committee_id", NEW."created_at", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision"); RETURN NULL;', hash='a4ba94d5b5c789d4be8a3f098f33bfe6ece68122', operation='INSERT', pgid='pgtrigger_insert_insert_52bc6', table='organisation_unit', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_unitevent" ("changed_at", "code", "committee_id", "created_at", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision") VALUES (NEW."changed_at", NEW."code", NEW."committee_id", NEW."created_at", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision"); RETURN NULL;', hash='915ec39c7ac361da0ba0a47b38969c16f04d9412', operation='UPDATE', pgid='pgtrigger_update_update_4a72a', table='organisation_unit', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_unitevent" ("changed_at", "code", "committee_id", "created_at", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision") VALUES (OLD."changed_at", OLD."code", OLD."committee_id", OLD."created_at", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision"); RETURN NULL;', hash='6e40a1d64a05518465ae936463a3de74c6cebf7e', operation='DELETE', pgid='pgtrigger_delete_delete_dc536', table='organisation_unit', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mandates', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.CharField(choices=[('member', 'ledamot'), ('chair', 'ordförande'), ('head_administration', 'förvaltningschef'), ('head_department', 'avdelningschef'), ('unit_manager', 'enhetschef'), ('care_staff', 'omsorgspersonal'), ('sas', 'socialt ansvarig samordnare'), ('mas', 'medicinskt ansvarig sjuksköterska'), ('controller', 'controller'), ('quality_strategist', 'kvalitetsstrateg'), ('casework_manager', 'chef för handläggare'), ('secretary', 'nämndsekreterare'), ('auditor', 'revisor'), ('provider', 'extern utförare'), ('central_office', 'kommunledningskontoret'), ('administrator', 'systemförvaltare')], max_length=30, verbose_name='roll')),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='organisation.body', verbose_name='nämnd eller annat organ')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='organisation.unit', verbose_name='enhet')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
            ],
            options={
                'verbose_name': 'mandat',
                'verbose_name_plural': 'mandat',
                'indexes': [models.Index(fields=['person', 'role'], name='mandate_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', False), ('unit', None)), models.Q(('body', None), ('unit__isnull', False)), _connector='OR'), name='body_or_unit', violation_error_message='Ett mandat gäller antingen ett organ eller en enhet.'), models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='mandate_has_time'), models.CheckConstraint(condition=models.Q(('role__in', ['member', 'chair', 'head_administration', 'head_department', 'unit_manager', 'care_staff', 'sas', 'mas', 'controller', 'quality_strategist', 'casework_manager', 'secretary', 'auditor', 'provider', 'central_office', 'administrator'])), name='known_role')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_mandateevent" ("body_id", "changed_at", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "unit_id", "valid") VALUES (NEW."body_id", NEW."changed_at", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."role", NEW."unit_id", NEW."valid"); RETURN NULL;', hash='f130817e9fa5f45bff2d4dd0e53a18b812eb0942', operation='INSERT', pgid='pgtrigger_insert_insert_9df9e', table='organisation_mandate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_mandateevent" ("body_id", "changed_at", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "unit_id", "valid") VALUES (NEW."body_id", NEW."changed_at", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."role", NEW."unit_id", NEW."valid"); RETURN NULL;', hash='4555dfae0f2af140cfabba1fa9fc9eeba200f68c', operation='UPDATE', pgid='pgtrigger_update_update_4c045', table='organisation_mandate', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_mandateevent" ("body_id", "changed_at", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "unit_id", "valid") VALUES (OLD."body_id", OLD."changed_at", OLD."created_at", OLD."id", OLD."person_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."role", OLD."unit_id", OLD."valid"); RETURN NULL;', hash='7d55cfe00a4249d57eb881cb0a962a25f93e2b42', operation='DELETE', pgid='pgtrigger_delete_delete_13e8f', table='organisation_mandate', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MandateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.mandate')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.CharField(choices=[('member', 'ledamot'), ('chair', 'ordförande'), ('head_administration', 'förvaltningschef'), ('head_department', 'avdelningschef'), ('unit_manager', 'enhetschef'), ('care_staff', 'omsorgspersonal'), ('sas', 'socialt ansvarig samordnare'), ('mas', 'medicinskt ansvarig sjuksköterska'), ('controller', 'controller'), ('quality_strategist', 'kvalitetsstrateg'), ('casework_manager', 'chef för handläggare'), ('secretary', 'nämndsekreterare'), ('auditor', 'revisor'), ('provider', 'extern utförare'), ('central_office', 'kommunledningskontoret'), ('administrator', 'systemförvaltare')], max_length=30, verbose_name='roll')),
                ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd eller annat organ')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='enhet')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.unit')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('committee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.body', verbose_name='nämnd')),
                ('code', models.CharField(max_length=40, verbose_name='kod')),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('kind', models.CharField(choices=[('administration', 'förvaltning'), ('department', 'avdelning'), ('unit', 'enhet')], max_length=20, verbose_name='slag')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitPath',
            fields=[
                ('id', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('ancestor', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='paths_down', to='organisation.unit')),
                ('descendant', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='paths_up', to='organisation.unit')),
                ('depth', models.IntegerField()),
            ],
            options={
                'db_table': 'organisation_unit_path',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='UnitPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='organisation.unit', verbose_name='enhet')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_placements', to='organisation.unit', verbose_name='hör till')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
            ],
            options={
                'verbose_name': 'placering',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(roder.organisation.models._Only('unit'), '&&'), ('valid', '&&')], name='one_place_at_a_time', violation_error_message='Enheten har redan en placering under en del av tiden.'), models.CheckConstraint(condition=models.Q(('unit', models.F('parent')), _negated=True), name='not_under_itself'), models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='placement_has_time')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_unitplacementevent" ("changed_at", "created_at", "id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "unit_id", "valid") VALUES (NEW."changed_at", NEW."created_at", NEW."id", NEW."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."revision", NEW."unit_id", NEW."valid"); RETURN NULL;', hash='1db7e8a22d95e79c92e49e7528c6c1187cedf018', operation='INSERT', pgid='pgtrigger_insert_insert_e1627', table='organisation_unitplacement', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisation_unitplacementevent" ("changed_at", "created_at", "id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "unit_id", "valid") VALUES (NEW."changed_at", NEW."created_at", NEW."id", NEW."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."revision", NEW."unit_id", NEW."valid"); RETURN NULL;', hash='f62f8f1149e1520a1396c9ce6b5fe438559e417b', operation='UPDATE', pgid='pgtrigger_update_update_e163c', table='organisation_unitplacement', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisation_unitplacementevent" ("changed_at", "created_at", "id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "unit_id", "valid") VALUES (OLD."changed_at", OLD."created_at", OLD."id", OLD."parent_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."revision", OLD."unit_id", OLD."valid"); RETURN NULL;', hash='c174fe3eba317f965c61e41c7645818edd0af4a6', operation='DELETE', pgid='pgtrigger_delete_delete_e1791', table='organisation_unitplacement', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='UnitPlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organisation.unitplacement')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='enhet')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='hör till')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gäller')),
            ],
            options={
                'abstract': False,
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
