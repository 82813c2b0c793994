import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0004_deputy'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='Fetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kolada_fetches', to='organisation.municipality', verbose_name='kommun')),
                ('kpis', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None, verbose_name='nyckeltal')),
                ('first_year', models.PositiveSmallIntegerField(verbose_name='från och med år')),
                ('last_year', models.PositiveSmallIntegerField(verbose_name='till och med år')),
                ('everybody', models.BooleanField(default=False, verbose_name='alla kommuner')),
                ('example', models.BooleanField(default=False, verbose_name='exempelvärden')),
                ('state', models.CharField(choices=[('waiting', 'väntar'), ('done', 'klar'), ('failed', 'gick inte')], default='waiting', max_length=10, verbose_name='läge')),
                ('message', models.TextField(blank=True, verbose_name='besked')),
                ('values_kept', models.PositiveIntegerField(default=0, verbose_name='värden')),
                ('batches', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='inläsningar')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='begärd')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='begärd av')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='slut')),
            ],
            options={
                'verbose_name': 'hämtning från Kolada',
                'verbose_name_plural': 'hämtningar från Kolada',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_year__gte', models.F('first_year'))), name='fetch_years_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='kod')),
                ('title', models.CharField(max_length=250, verbose_name='namn')),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None, verbose_name='kommuner')),
            ],
            options={
                'verbose_name': 'jämförelsegrupp',
                'verbose_name_plural': 'jämförelsegrupper',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='Kolada-id')),
                ('title', models.CharField(max_length=400, verbose_name='nyckeltal')),
                ('description', models.TextField(blank=True, verbose_name='beskrivning')),
                ('area', models.CharField(blank=True, max_length=200, verbose_name='verksamhetsområde')),
                ('by_sex', models.BooleanField(default=False, verbose_name='könsuppdelat')),
                ('has_units', models.BooleanField(default=False, verbose_name='finns per enhet')),
                ('preliminary_on', models.DateField(blank=True, null=True, verbose_name='preliminärt')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='publiceras')),
                ('published_period', models.CharField(blank=True, max_length=20, verbose_name='publicerad period')),
            ],
            options={
                'verbose_name': 'nyckeltal i Kolada',
                'verbose_name_plural': 'nyckeltal i Kolada',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='kod')),
                ('title', models.CharField(max_length=120, verbose_name='namn')),
                ('kind', models.CharField(blank=True, max_length=2, verbose_name='slag')),
            ],
            options={
                'verbose_name': 'kommun i Kolada',
                'verbose_name_plural': 'kommuner i Kolada',
                'ordering': ['title'],
            },
        ),
        roder.core.migrating.InstallTriggers(
        ),
    ])
