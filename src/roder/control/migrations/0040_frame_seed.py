from django.db import migrations, models

import roder.control.models.samples


class Migration(migrations.Migration):
    dependencies = [
        ("control", "0020_workshop_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="sampleframe",
            name="seed",
            field=models.CharField(
                default=roder.control.models.samples.made_seed, max_length=64, verbose_name="frö"
            ),
        ),
        migrations.AddConstraint(
            model_name="sampleframe",
            constraint=models.UniqueConstraint(
                fields=("round", "sha256"),
                name="frame_content_once",
                violation_error_message="Genomförandet har redan en ram med samma referenser.",
            ),
        ),
    ]
