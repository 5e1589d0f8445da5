"""Customers are found by keys of their name and telephone; those that are there get theirs."""

import liuke.core.fields
from django.conf import settings
from django.db import migrations, models


from liuke.customers.naming import customer_key, phone_key

BATCH = 2000


def fill(apps, schema_editor):
    model = apps.get_model("customers", "Customer")
    rows, last = model.objects.order_by("pk").only("pk", "kind", "name", "phone"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for one in batch:
            one.name_key = customer_key(one.kind, one.name, one.phone)[:80]
            one.phone_key = phone_key(one.phone)[:40]
        model.objects.bulk_update(batch, ["name_key", "phone_key"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0002_custom_fields'),
        ('customers', '0005_list_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='name_key',
            field=liuke.core.fields.DerivedField(max_length=80),
        ),
        migrations.AddField(
            model_name='customer',
            name='phone_key',
            field=liuke.core.fields.DerivedField(max_length=40),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
