"""An index in the order of the list of outcomes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="measurevalue",
            index=models.Index(fields=["-period_start", "id"], name="value_latest_first"),
        ),
    ]
