"""The index of the letters, apart from filling them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_contact_letters")]

    operations = [
        migrations.AddIndex(model_name="contact", index=models.Index(fields=["letter", "-id"], name="contact_by_letter")),
    ]
