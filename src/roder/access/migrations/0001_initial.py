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
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='AuditRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='när')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vem')),
                ('deed', models.CharField(max_length=60, verbose_name='vad')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='avser')),
                ('detail', models.JSONField(default=dict, verbose_name='uppgifter')),
                ('previous_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('hash', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'spår',
                'verbose_name_plural': 'spår',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject'], name='audit_by_subject')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd2edbd62ce31142e8bb50cc5f97c7ce2ffa1644', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_95c4d', table='access_auditrecord', when='BEFORE')), pgtrigger.compiler.Trigger(name='not_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'spåret får inte tömmas';", hash='5952cfd925b24ef1275867c33d4e7b5d01edc4ce', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_emptied_b2ef2', table='access_auditrecord', when='BEFORE')), pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    PERFORM pg_advisory_xact_lock(7203311);\n                    NEW.id := nextval(pg_get_serial_sequence('access_auditrecord', 'id'));\n                    SELECT hash INTO NEW.previous_hash FROM access_auditrecord ORDER BY id DESC LIMIT 1;\n                    NEW.previous_hash := COALESCE(NEW.previous_hash, '');\n                    NEW.hash := roder_audit_hash(NEW);\n                    RETURN NEW;\n                ", hash='1f6652a37af83b4884882454c0fd88a0650241da', operation='INSERT', pgid='pgtrigger_chain_b3e13', table='access_auditrecord', when='BEFORE'))],
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
