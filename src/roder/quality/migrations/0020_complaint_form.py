import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from roder.core.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0010_deviation_flow'),
    ]

    operations = together([
        migrations.CreateModel(
            name='FormSalt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('salt', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='FormWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('starts_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='complaint',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='complaint',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='complaint',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='complaint',
            name='contact_erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='namn och kontakt raderade'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='form_token',
            field=models.CharField(blank=True, default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='complaintevent',
            name='contact_erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='namn och kontakt raderade'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "quality_complaintevent" ("acknowledged_at", "action", "anonymous", "answer", "answered_at", "answered_by_id", "batch_id", "changed_at", "channel", "closed_at", "committee_id", "complainant", "concerns_declaration", "contact", "contact_erased_at", "created_at", "id", "kind", "municipality_id", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "registered_at", "revision", "service_area_id", "state", "text", "unit_id") VALUES (NEW."acknowledged_at", NEW."action", NEW."anonymous", NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."batch_id", NEW."changed_at", NEW."channel", NEW."closed_at", NEW."committee_id", NEW."complainant", NEW."concerns_declaration", NEW."contact", NEW."contact_erased_at", NEW."created_at", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."number", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."received_at", NEW."registered_at", NEW."revision", NEW."service_area_id", NEW."state", NEW."text", NEW."unit_id"); RETURN NULL;', hash='e8b4797c43bcb676759904b39504399ed65f1389', operation='INSERT', pgid='pgtrigger_insert_insert_7c007', table='quality_complaint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."action" IS DISTINCT FROM (NEW."action") OR OLD."anonymous" IS DISTINCT FROM (NEW."anonymous") OR OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."committee_id" IS DISTINCT FROM (NEW."committee_id") OR OLD."complainant" IS DISTINCT FROM (NEW."complainant") OR OLD."concerns_declaration" IS DISTINCT FROM (NEW."concerns_declaration") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."contact_erased_at" IS DISTINCT FROM (NEW."contact_erased_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."municipality_id" IS DISTINCT FROM (NEW."municipality_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."service_area_id" IS DISTINCT FROM (NEW."service_area_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "quality_complaintevent" ("acknowledged_at", "action", "anonymous", "answer", "answered_at", "answered_by_id", "batch_id", "changed_at", "channel", "closed_at", "committee_id", "complainant", "concerns_declaration", "contact", "contact_erased_at", "created_at", "id", "kind", "municipality_id", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "registered_at", "revision", "service_area_id", "state", "text", "unit_id") VALUES (NEW."acknowledged_at", NEW."action", NEW."anonymous", NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."batch_id", NEW."changed_at", NEW."channel", NEW."closed_at", NEW."committee_id", NEW."complainant", NEW."concerns_declaration", NEW."contact", NEW."contact_erased_at", NEW."created_at", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."number", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."received_at", NEW."registered_at", NEW."revision", NEW."service_area_id", NEW."state", NEW."text", NEW."unit_id"); RETURN NULL;', hash='906822b2fb9a840d4db17fd199c90ccadcacb9f2', operation='UPDATE', pgid='pgtrigger_update_update_bd99c', table='quality_complaint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "quality_complaintevent" ("acknowledged_at", "action", "anonymous", "answer", "answered_at", "answered_by_id", "batch_id", "changed_at", "channel", "closed_at", "committee_id", "complainant", "concerns_declaration", "contact", "contact_erased_at", "created_at", "id", "kind", "municipality_id", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "registered_at", "revision", "service_area_id", "state", "text", "unit_id") VALUES (OLD."acknowledged_at", OLD."action", OLD."anonymous", OLD."answer", OLD."answered_at", OLD."answered_by_id", OLD."batch_id", OLD."changed_at", OLD."channel", OLD."closed_at", OLD."committee_id", OLD."complainant", OLD."concerns_declaration", OLD."contact", OLD."contact_erased_at", OLD."created_at", OLD."id", OLD."kind", OLD."municipality_id", OLD."name", OLD."number", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."received_at", OLD."registered_at", OLD."revision", OLD."service_area_id", OLD."state", OLD."text", OLD."unit_id"); RETURN NULL;', hash='7032db22854f03a012f483b597bfa73b31cf8d76', operation='DELETE', pgid='pgtrigger_delete_delete_d4292', table='quality_complaint', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.UniqueConstraint(condition=models.Q(('form_token', ''), _negated=True), fields=('form_token',), name='complaint_form_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('contact_erased_at', None), models.Q(('closed_at__isnull', False), ('contact', ''), ('name', '')), _connector='OR'), name='erased_contact_is_gone'),
        ),
        migrations.AddIndex(
            model_name='formwindow',
            index=models.Index(fields=['starts_at'], name='form_window_age'),
        ),
        migrations.AddConstraint(
            model_name='formwindow',
            constraint=models.UniqueConstraint(fields=('key', 'starts_at'), name='form_window_once'),
        ),
    ])
