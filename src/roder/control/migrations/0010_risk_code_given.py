from typing import ClassVar

from django.db import migrations, models


def _code(**more: object) -> migrations.AlterField:
    return migrations.AlterField(
        field=models.CharField(blank=True, editable=False, max_length=20, verbose_name="id"),
        name="code",
        **more,
    )


class Migration(migrations.Migration):
    """The code of a risk is given by the database: a form may leave it empty."""

    dependencies: ClassVar = [
        ("control", "0061_given_numbers"),
    ]

    operations: ClassVar = [_code(model_name="risk"), _code(model_name="riskevent")]
