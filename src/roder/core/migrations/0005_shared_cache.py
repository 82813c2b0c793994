"""The table that Django's database cache keeps failed logins and used codes in, the same for all processes."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("core", "0004_link_kinds")]

    operations = [
        migrations.RunSQL(
            'CREATE TABLE "roder_cache" ("cache_key" varchar(255) NOT NULL PRIMARY KEY, "value" text NOT NULL, '
            '"expires" timestamp with time zone NOT NULL); '
            'CREATE INDEX "roder_cache_expires" ON "roder_cache" ("expires");',
            'DROP TABLE "roder_cache";',
        ),
    ]
