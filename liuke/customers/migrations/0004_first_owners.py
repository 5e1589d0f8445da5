"""The history of owners begins with those the customers have now; their terms are counted from their entry."""

from django.db import migrations

OWNERS = """
    INSERT INTO customers_ownership (customer_id, owner_id, since, until, how, by_id)
    SELECT c.id, c.owner_id, c.created_at, NULL, CASE WHEN c.origin = 'opportunity' THEN 'won' ELSE 'created' END,
           c.created_by_id
    FROM customers_customer c
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_pool_and_owners")]

    operations = [
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE customers_customer SET pool_from = created_at WHERE pool_from IS NULL", migrations.RunSQL.noop
        ),
    ]
