import django.db.models.deletion
import roder.core.migrating
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_link_kinds'),
        ('economy', '0073_means_words'),
        ('organisation', '0004_deputy'),
        ('steering', '0003_activities_progress'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='LedgerFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_files', to='organisation.body', verbose_name='nämnd')),
                ('year', models.PositiveSmallIntegerField(verbose_name='år')),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.importbatch', verbose_name='inläsning')),
                ('kind', models.CharField(max_length=4, verbose_name='SIE-typ')),
                ('letters', models.CharField(max_length=20, verbose_name='teckentabell')),
                ('program', models.CharField(blank=True, max_length=120, verbose_name='program')),
                ('organisation', models.CharField(blank=True, max_length=30, verbose_name='organisationsnummer')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='företag')),
                ('generated', models.CharField(blank=True, max_length=20, verbose_name='skapad')),
                ('first_month', models.DateField(verbose_name='från')),
                ('last_month', models.DateField(verbose_name='till och med månad')),
                ('vouchers', models.PositiveIntegerField(verbose_name='verifikationer')),
                ('rows', models.PositiveIntegerField(verbose_name='transaktioner')),
                ('table', models.CharField(blank=True, max_length=120, verbose_name='tabell')),
            ],
            options={
                'verbose_name': 'bokföringsfil',
                'verbose_name_plural': 'bokföringsfiler',
                'ordering': ['-batch'],
            },
        ),
        migrations.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='economy.ledgerfile', verbose_name='fil')),
                ('number', models.CharField(max_length=10, verbose_name='konto')),
                ('name', models.CharField(max_length=200, verbose_name='benämning')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.accountgroup', verbose_name='kontogrupp')),
            ],
            options={
                'verbose_name': 'konto',
                'verbose_name_plural': 'konton',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='ledger_account_once')],
            },
        ),
        migrations.CreateModel(
            name='LedgerSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sums', to='economy.ledgerfile', verbose_name='fil')),
                ('month', models.DateField(verbose_name='månad')),
                ('account', models.CharField(max_length=10, verbose_name='konto')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.accountgroup', verbose_name='kontogrupp')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='enhet')),
                ('unit_code', models.CharField(blank=True, max_length=40, verbose_name='enhet i bokföringen')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.servicecode', verbose_name='verksamhet')),
                ('service_code', models.CharField(blank=True, max_length=40, verbose_name='verksamhet i bokföringen')),
                ('internal', models.BooleanField(verbose_name='intern')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='belopp')),
                ('rows', models.PositiveIntegerField(verbose_name='transaktioner')),
            ],
            options={
                'verbose_name': 'bokförd summa',
                'verbose_name_plural': 'bokförda summor',
                'ordering': ['file', 'account', 'month'],
                'constraints': [models.UniqueConstraint(fields=('file', 'account', 'month', 'unit_code', 'service_code', 'internal'), name='ledger_sum_once')],
            },
        ),
        roder.core.migrating.InstallTriggers("LedgerFile", "LedgerAccount", "LedgerSum"),
    ])
