from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_undone'),
    ]

    operations = [
        migrations.AddField(
            model_name='listsetting',
            name='widths',
            field=models.TextField(blank=True, default=''),
        ),
    ]
