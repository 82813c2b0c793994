import django.db.models.deletion
import roder.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0001_initial'),
        ('organisation', '0004_deputy'),
    ]

    operations = roder.core.migrating.together([
        migrations.CreateModel(
            name='WheelFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.body')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'committee'), name='wheel_feed_once')],
            },
        ),
        roder.core.migrating.InstallTriggers("WheelFeed"),
    ])
