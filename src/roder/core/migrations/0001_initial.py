import django.db.models.deletion
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
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='slag')),
                ('file_name', models.CharField(max_length=255, verbose_name='fil')),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField(verbose_name='rader')),
                ('imported_at', models.DateTimeField(auto_now_add=True, verbose_name='inläst')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inläst av')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='ångrad')),
            ],
            options={
                'ordering': ['-imported_at'],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_kind', models.CharField(max_length=60)),
                ('source_id', models.BigIntegerField()),
                ('target_kind', models.CharField(max_length=60)),
                ('target_id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('measured_by', 'mäts med'), ('indicator', 'indikator'), ('caused_by', 'kommer av')], max_length=30, verbose_name='slag')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='anteckning')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordning')),
            ],
            options={
                'indexes': [models.Index(fields=['target_kind', 'target_id'], name='link_by_target')],
                'constraints': [models.UniqueConstraint(fields=('source_kind', 'source_id', 'kind', 'target_kind', 'target_id'), name='link_once'), models.CheckConstraint(condition=models.Q(('source_id', models.F('target_id')), ('source_kind', models.F('target_kind')), _negated=True), name='link_not_to_itself')],
                'triggers': [pgtrigger.compiler.Trigger(name='ends_exist', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    PERFORM roder_require_record(NEW.source_kind, NEW.source_id);\n                    PERFORM roder_require_record(NEW.target_kind, NEW.target_id);\n                    RETURN NEW;\n                ', hash='bf008981469391e36b459ab8b7a788332617ec3b', operation='INSERT OR UPDATE', pgid='pgtrigger_ends_exist_bfa4e', table='core_link', when='BEFORE'))],
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
