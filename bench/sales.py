"""Run in the surroundings of one database: a whole sales system is read, then what has changed."""

from __future__ import annotations

import json
import os
import resource as limits
import sqlite3
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

CHANGED = 1000  # orders between the first and the next reading
FIRST, NEXT, GROWTH = 300.0, 5.0, 400.0  # seconds for a million orders, seconds, megabytes
TABLES = """
CREATE TABLE goods (id TEXT PRIMARY KEY, name TEXT, price NUMERIC);
CREATE TABLE so (no TEXT PRIMARY KEY, buyer TEXT, day TEXT, state INTEGER, touched TEXT);
CREATE TABLE so_line (id INTEGER PRIMARY KEY, no TEXT, goods TEXT, quantity NUMERIC, price NUMERIC);
"""
INDEXES = "CREATE INDEX so_touched ON so (touched); CREATE INDEX so_line_no ON so_line (no);"
MAPPING = """
[source]
url = "sqlite:///{path}"
[products]
table = "goods"
[products.columns]
external_id = "id"
name = "name"
price = "price"
[orders]
table = "so"
[orders.columns]
external_id = "no"
customer_name = "buyer"
order_date = "day"
fulfilment = "state"
changed_at = "touched"
[order_lines]
table = "so_line"
[order_lines.columns]
order = "no"
product = "goods"
quantity = "quantity"
unit_price = "price"
"""


def main(orders: int) -> None:
    django.setup()
    from liuke.base.models import SystemSetting
    from liuke.commerce.models import Order
    from liuke.integrations.sales_system.sync import Run

    folder = Path(os.environ["LIUKE_DATA_DIR"])
    path = folder / "their-sales.sqlite3"
    _fill(path, orders)
    (folder / "sales-system.toml").write_text(MAPPING.format(path=path.as_posix()))
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": "external"})
    before, told = _memory(), {}
    told["first"] = _timed(lambda: Run().run())
    told["growth"] = _memory() - before
    assert Order.objects.filter(origin="external").count() == orders
    _touch(path, orders)
    told["next"] = _timed(lambda: Run().run())
    assert Order.objects.filter(origin="external", notes="", fulfilment=6).count() >= CHANGED
    path.unlink()
    print(json.dumps(told))


def _fill(path: Path, orders: int) -> None:
    from django.db.models import Count

    from liuke.customers.models import Customer

    path.unlink(missing_ok=True)
    dice, today = Random(3), date.today()
    rows = Customer.objects.alive().order_by("name").values("name").annotate(same=Count("pk")).filter(same=1)
    names = list(rows.values_list("name", flat=True)[:100_000])  # of two with one name nobody knows whose it is
    goods = [(f"G{n}", f"货品{n}", dice.randint(1, 100_000) / 100) for n in range(500)]
    with sqlite3.connect(path) as db:
        db.executescript(TABLES)
        db.executemany("INSERT INTO goods VALUES (?, ?, ?)", goods)
        for start in range(0, orders, 10_000):
            numbers = range(start, min(start + 10_000, orders))
            days = [today - timedelta(days=dice.randint(1, 1800)) for _ in numbers]
            db.executemany("INSERT INTO so VALUES (?, ?, ?, ?, ?)", [
                (f"SO{n}", dice.choice(names), day.isoformat(), dice.randint(1, 6), f"{day.isoformat()} 10:00:00")
                for n, day in zip(numbers, days, strict=True)
            ])  # fmt: skip
            db.executemany("INSERT INTO so_line (no, goods, quantity, price) VALUES (?, ?, ?, ?)", [
                (f"SO{n}", *_line(dice.choice(goods), dice)) for n in numbers for _ in range(1 + n % 3)
            ])  # fmt: skip
        db.executescript(INDEXES)
    db.close()


def _line(good: tuple[str, str, float], dice: Random) -> tuple[str, int, float]:
    return good[0], dice.randint(1, 100), good[2]


def _touch(path: Path, orders: int) -> None:
    with sqlite3.connect(path) as db:
        numbers = [f"SO{n}" for n in Random(4).sample(range(orders), CHANGED)]
        now = datetime.now().isoformat(" ", "seconds")
        db.executemany("UPDATE so SET state = 6, touched = ? WHERE no = ?", [(now, number) for number in numbers])
    db.close()


def _timed(work: Any) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _memory() -> float:
    used = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss
    return used / 1024 if sys.platform != "darwin" else used / 1024 / 1024


def show(told: dict[str, float], orders: int) -> list[str]:
    """Print the figures; return what misses its target."""
    first, after, growth, limit = told["first"], told["next"], told["growth"], max(FIRST * orders / 1_000_000, NEXT)
    print(f"\nsales system of {orders:,} orders: first reading {first:.1f} s, memory + {growth:.0f} MB;", end=" ")
    print(f"{CHANGED:,} changed ones {after:.1f} s")
    missed = [f"first reading of {orders:,} orders {first:.0f} s, not {limit:.0f}"] if first > limit else []
    missed += [f"reading of {CHANGED:,} changed orders {after:.1f} s, not {NEXT:g}"] if after > NEXT else []
    return missed + ([f"reading takes {growth:.0f} MB more, not {GROWTH:g}"] if growth > GROWTH else [])


if __name__ == "__main__":
    main(int(sys.argv[1]))
