"""A sales system in PostgreSQL: read as one in MariaDB is, changes by moments with a zone (INTG-01)."""

import os
import random
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from liuke.commerce.models import Order
from liuke.integrations.sales_system.models import SyncState
from liuke.integrations.sales_system.sync import Run

from .conftest import CUSTOMERS
from .foreign import STATES, Foreign

pytestmark = pytest.mark.django_db


def address():
    urls = (os.environ.get("LIUKE_TEST_POSTGRES_URL", ""), os.environ.get("DATABASE_URL", ""))
    return next(
        (url.replace("postgres://", "postgresql+psycopg://", 1) for url in urls if url.startswith("postgres")), ""
    )


@pytest.fixture
def foreign():
    if not address():
        pytest.skip("there is no PostgreSQL")
    made = Foreign(random.SystemRandom().randint(1, 999_999), orders=200, address=address())
    made.head.c[made.names["touched"]].type = sa.DateTime(timezone=True)
    made.build(CUSTOMERS)
    yield made
    made.drop()


def there(foreign, known):
    """{number: (orders, amount)} as their own database adds them up."""
    n, head, lines = foreign.names, foreign.head.c, foreign.lines.c
    worth = sa.func.sum(sa.func.round(lines[n["qty"]] * lines[n["each"]], 2))
    asked = sa.select(head[n["buyer"]], sa.func.count(head[n["no"]].distinct()), worth)
    asked = asked.join(foreign.lines, lines[n["of"]] == head[n["no"]]).group_by(head[n["buyer"]])
    with foreign.engine.connect() as db:
        return {row[0]: (row[1], row[2]) for row in db.execute(asked) if row[0] in known}


def here(known):
    rows = {number: Order.objects.filter(customer=one) for number, one in known.items()}
    return {number: (found.count(), sum((one.amount for one in found), Decimal(0))) for number, found in rows.items()}


def test_what_is_there_is_here_and_so_is_what_changes(foreign, sales, known):
    sales(foreign.mapping(), foreign.url.replace("+psycopg", ""))
    Run().run()
    assert here(known) == there(foreign, known)
    kind, mark = SyncState.the_one().marks["orders"]
    assert (kind, mark[-3:]) == ("moment", ":00")  # with its zone
    n, head = foreign.names, foreign.head
    with foreign.engine.begin() as db:
        newest = db.execute(sa.select(sa.func.max(head.c[n["touched"]]))).scalar_one()
        some = db.execute(sa.select(head.c[n["no"]]).where(head.c[n["buyer"]] == "K1").limit(5)).scalars().all()
        changed = {n["buyer"]: "K2", n["state"]: STATES[6], n["touched"]: newest + timedelta(minutes=1)}
        db.execute(head.update().where(head.c[n["no"]].in_(some)).values(changed))
    done = Run().run()
    assert len(some) <= done.read.rows["orders"] < 50
    assert here(known) == there(foreign, known)


def test_nothing_can_be_written_there(foreign, sales):
    from liuke.integrations.sales_system.mapping import Mapping
    from liuke.integrations.sales_system.refusing import SalesSystemError
    from liuke.integrations.sales_system.source import opened

    with (
        pytest.raises(SalesSystemError, match="read-only"),
        opened(foreign.url.replace("+psycopg", ""), Mapping({})) as source,
    ):
        source.connection.execute(foreign.head.delete())
