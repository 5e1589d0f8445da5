"""The tally begins with the customers there are already."""

from django.db import migrations

COUNTED = """
    INSERT INTO reports_counted (customer, owner, status, level, credit, satisfaction)
    SELECT id, COALESCE(owner_id, 0), status, COALESCE(level_id, 0), COALESCE(credit, 0), COALESCE(satisfaction, 0)
    FROM customers_customer WHERE deleted_at IS NULL
"""
TALLY = """
    INSERT INTO reports_customertally (by, value, owner, status, n)
    SELECT '{by}', {by}, owner, status, COUNT(*) FROM reports_counted GROUP BY {by}, owner, status
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("customers", "0011_last_order")]

    operations = [
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        *(migrations.RunSQL(TALLY.format(by=by), migrations.RunSQL.noop) for by in ("level", "credit", "satisfaction")),
    ]
