"""The indexes of the keys: apart from filling them, for PostgreSQL indexes no table with changes under way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_duplicates")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["name_key"], name="customer_by_key", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("phone_key", ""), _negated=True), fields=["phone_key"], name="customer_by_phone"
            ),
        ),
    ]
