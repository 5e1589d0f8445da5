"""Contacts stand under the letter of their name; those that are there are put under theirs."""

from django.db import migrations, models

import liuke.core.fields
from liuke.core.search.letters import letter_of

BATCH = 2000


def fill(apps, schema_editor):
    model = apps.get_model("customers", "Contact")
    rows, last = model.objects.order_by("pk").only("pk", "name"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for one in batch:
            one.letter = letter_of(one.name)
        model.objects.bulk_update(batch, ["letter"], batch_size=400)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_name_checks")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="letter",
            field=liuke.core.fields.DerivedField(max_length=1, verbose_name="Letter"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
