from django.db import migrations

import roder.control.models.risks


class Migration(migrations.Migration):

    dependencies = [
        ("control", "0030_plan_deeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="scaleversion",
            name="cells",
            field=roder.control.models.risks.CellsField(default=dict, editable=False, verbose_name="ruta för ruta"),
        ),
    ]
