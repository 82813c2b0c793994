import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import roder.core.migrating
import roder.core.persons
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL, verbose_name='gäller som')),
                ('name', models.CharField(max_length=80, validators=[roder.core.persons.storable, roder.core.persons.no_personal_number], verbose_name='namn')),
                ('prefix', models.CharField(max_length=12, unique=True, verbose_name='början')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('deviations:read', 'läsa avvikelser'), ('deviations:report', 'rapportera avvikelser'), ('lex_sarah:read', 'läsa lex Sarah-ärenden, utan texter'), ('complaints:read', 'läsa klagomål och synpunkter'), ('complaints:write', 'registrera klagomål och synpunkter'), ('figures:read', 'läsa siffror och uttag'), ('measures:read', 'läsa nyckeltal'), ('tasks:read', 'läsa ägarens uppgifter')], max_length=40), size=None, verbose_name='får')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skapad av')),
                ('expires_at', models.DateTimeField(verbose_name='upphör')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='återkallad')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='återkallad av')),
            ],
            options={
                'verbose_name': 'API-nyckel',
                'verbose_name_plural': 'API-nycklar',
                'ordering': ['-created_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__len__gt', 0)), name='token_may_something'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_later')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "api_apitokenevent" ("changed_at", "created_at", "expires_at", "id", "made_by_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revision", "revoked_at", "revoked_by_id", "scopes") VALUES (NEW."changed_at", NEW."created_at", NEW."expires_at", NEW."id", NEW."made_by_id", NEW."name", NEW."owner_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."prefix", NEW."revision", NEW."revoked_at", NEW."revoked_by_id", NEW."scopes"); RETURN NULL;', hash='d76eca71ee005bd7e39cd527be4b121a19a5a9cf', operation='INSERT', pgid='pgtrigger_insert_insert_d7986', table='api_apitoken', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))', func='INSERT INTO "api_apitokenevent" ("changed_at", "created_at", "expires_at", "id", "made_by_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revision", "revoked_at", "revoked_by_id", "scopes") VALUES (NEW."changed_at", NEW."created_at", NEW."expires_at", NEW."id", NEW."made_by_id", NEW."name", NEW."owner_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."prefix", NEW."revision", NEW."revoked_at", NEW."revoked_by_id", NEW."scopes"); RETURN NULL;', hash='8966c1b6ce9dac3fb7515ba72da2d39efbe4764e', operation='UPDATE', pgid='pgtrigger_update_update_55b1f', table='api_apitoken', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "api_apitokenevent" ("changed_at", "created_at", "expires_at", "id", "made_by_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revision", "revoked_at", "revoked_by_id", "scopes") VALUES (OLD."changed_at", OLD."created_at", OLD."expires_at", OLD."id", OLD."made_by_id", OLD."name", OLD."owner_id", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."prefix", OLD."revision", OLD."revoked_at", OLD."revoked_by_id", OLD."scopes"); RETURN NULL;', hash='2c44c2b7ecf8db309251fc3ac8b048fab98dba94', operation='DELETE', pgid='pgtrigger_delete_delete_c6793', table='api_apitoken', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ApiTokenEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='api.apitoken')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gäller som')),
                ('name', models.CharField(max_length=80, validators=[roder.core.persons.storable, roder.core.persons.no_personal_number], verbose_name='namn')),
                ('prefix', models.CharField(max_length=12, verbose_name='början')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('deviations:read', 'läsa avvikelser'), ('deviations:report', 'rapportera avvikelser'), ('lex_sarah:read', 'läsa lex Sarah-ärenden, utan texter'), ('complaints:read', 'läsa klagomål och synpunkter'), ('complaints:write', 'registrera klagomål och synpunkter'), ('figures:read', 'läsa siffror och uttag'), ('measures:read', 'läsa nyckeltal'), ('tasks:read', 'läsa ägarens uppgifter')], max_length=40), size=None, verbose_name='får')),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skapad av')),
                ('expires_at', models.DateTimeField(verbose_name='upphör')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='återkallad')),
                ('revoked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='återkallad av')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeptPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.apitoken')),
                ('key', models.UUIDField()),
                ('digest', models.CharField(max_length=64)),
                ('made_kind', models.CharField(blank=True, max_length=60)),
                ('made_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'utförd sändning',
                'constraints': [models.UniqueConstraint(fields=('token', 'key'), name='post_once')],
            },
        ),
        migrations.CreateModel(
            name='TokenUse',
            fields=[
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='use', serialize=False, to='api.apitoken')),
                ('last_at', models.DateTimeField(verbose_name='senast använd')),
                ('minute', models.DateTimeField()),
                ('calls', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'användning',
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
