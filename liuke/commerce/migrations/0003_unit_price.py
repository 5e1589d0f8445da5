from django.core.validators import MinValueValidator
from django.db import migrations

from liuke.commerce.models.amounts import PriceField


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0002_sales_sync_orders'),
    ]

    operations = [
        migrations.AlterField(
            model_name='orderline',
            name='unit_price',
            field=PriceField(decimal_places=6, max_digits=18, validators=[MinValueValidator(0)], verbose_name='Unit price'),
        ),
    ]
