import django.db.models.deletion
import pgtrigger.compiler
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
        ('steering', '0001_initial'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='uttag')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='organisation.body', verbose_name='nämnd')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='steering.occasion', verbose_name='tillfälle')),
                ('cut_off', models.DateField(verbose_name='brytdatum')),
                ('taken_at', models.DateTimeField(verbose_name='taget')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taget av')),
                ('schema_version', models.PositiveSmallIntegerField(verbose_name='schemaversion')),
                ('rows', models.PositiveBigIntegerField(verbose_name='rader')),
                ('manifest_sha256', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'uttag',
                'verbose_name_plural': 'uttag',
                'ordering': ['-taken_at'],
                'triggers': [pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a4b2f3069c9974bb822ddfd17183bf91489b1a9c', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_f9a53', table='figures_snapshot', when='BEFORE'))],
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
