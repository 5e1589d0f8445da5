"""Why a customer could not be called back stands on its sheet, no longer in the history alone; articles may be added to."""

from django.db import migrations, models

import liuke.core.fields


def fill(apps, schema_editor):
    visits, events = apps.get_model("service", "FollowUpVisit"), apps.get_model("core", "Event")
    given_up = events.objects.filter(
        verb="give_up", content_type__app_label="service", content_type__model="followupvisit"
    )
    for pk, reason in given_up.order_by("id").values_list("object_id", "note"):
        visits.objects.filter(pk=pk, status="unreachable").update(reason=reason[:500])


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0008_column_widths"),
        ("service", "0005_call_backs"),
    ]

    operations = [
        migrations.AddField(
            model_name="followupvisit",
            name="reason",
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name="Why not reached"),
        ),
        migrations.AddField(
            model_name="knowledgearticle",
            name="addition",
            field=liuke.core.fields.LongTextField(
                blank=True, editable=False, max_length=20000, verbose_name="Proposed addition"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
