"""Keeps the tally of customers: in the transaction of whoever writes a customer, one by one or by the thousand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce

from liuke.core.written import follow
from liuke.customers.models import Customer

from .models import Counted, CustomerTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from liuke.core.models import Record

    Key = tuple[str, int, int, str]  # by, value, owner, status

WAYS = ("level", "credit", "satisfaction")
KEPT = {"owner", "status", "deleted_at", *WAYS}
BIRTH = ("create", "delete", "restore")


@follow
def written(records: Sequence[Record]) -> None:
    """Customers were written: those of whom something changed that is counted are counted anew."""
    if records and isinstance(records[0], Customer) and any(_matters(one) for one in records):
        count_anew([one.pk for one in records])


def _matters(record: Record) -> bool:
    """A verb says what it has changed; of many rows written at once nothing is known."""
    event = record.__dict__.get("last_event")
    return event is None or event.verb in BIRTH or bool(KEPT & event.changes.keys())


def count_anew(pks: Sequence[int]) -> None:
    """Take these customers out of the tally as they were, and put them in as they are now."""
    before = {one.customer: one for one in Counted.objects.filter(pk__listed=pks)}
    now = {one.customer: one for one in map(_counted, _rows().filter(pk__listed=pks))}
    changed = [pk for pk in pks if _key(before.get(pk)) != _key(now.get(pk))]
    if not changed:
        return
    moved: Counter[Key] = Counter()
    for pk in changed:
        moved.subtract(_keys(before.get(pk)))
        moved.update(_keys(now.get(pk)))
    if gone := [pk for pk in changed if pk not in now]:
        Counted.objects.filter(pk__in=gone).delete()
    fields = ("owner", "status", *WAYS)
    fresh = [now[pk] for pk in changed if pk in now]
    Counted.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["customer"], update_fields=fields)
    _add({key: n for key, n in moved.items() if n})


def _rows() -> QuerySet:
    zero = [Coalesce(F(name), Value(0)) for name in ("owner_id", "level_id", "credit", "satisfaction")]
    return Customer._base_manager.filter(deleted_at=None).order_by().values_list("pk", zero[0], "status", *zero[1:])


def _counted(row: tuple) -> Counted:
    return Counted(**dict(zip(("customer", "owner", "status", *WAYS), row, strict=True)))


def _key(one: Counted | None) -> tuple | None:
    return (one.owner, one.status, one.level, one.credit, one.satisfaction) if one else None


def _keys(one: Counted | None) -> Iterable[Key]:
    return [(by, getattr(one, by), one.owner, one.status) for by in WAYS] if one else []


def _add(moved: dict[Key, int]) -> None:
    """Add to the numbers there are; in one order, so that two writers wait for each other instead of both for both."""
    columns = "(by, value, owner, status, n)"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO reports_customertally AS t {columns} VALUES (%s, %s, %s, %s, %s) "  # noqa: S608  names of ours
            "ON CONFLICT (by, value, owner, status) DO UPDATE SET n = t.n + excluded.n",
            [(*key, n) for key, n in sorted(moved.items())],
        )


def rebuild() -> int:
    """Count all customers anew. Returns how many there are; writers of customers wait meanwhile."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE reports_counted, reports_customertally IN EXCLUSIVE MODE")
        Counted.objects.all().delete()
        CustomerTally.objects.all().delete()
        _pour(Counted, _rows())
        for by in WAYS:
            counted = Counted.objects.order_by().values(by, "owner", "status").annotate(n=Count("pk"))
            lines = counted.values_list(Value(by), by, "owner", "status", "n")
            _pour(CustomerTally, lines, ("by", "value", "owner", "status", "n"))
        return Counted.objects.count()


def _pour(model: type, rows: QuerySet, names: Sequence[str] = ("customer", "owner", "status", *WAYS)) -> None:
    """Let the database itself write what it finds."""
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) {sql}", params)
