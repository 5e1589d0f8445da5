"""`python -m bench.silent`: the weekly churn check over a million customers of whom 20,000 are silent (CHURN-01, 5 s).

The customers are made by the database itself; what the check writes (alerts, events, notices, entries of the search
index) it writes as every Saturday. A second check must add nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

LIMIT = 5.0  # seconds of work in the process
SILENT_FOR, SPREAD = 250, 611_953  # days; a prime that scatters the silent ones over all ages


def main() -> int:
    args = _arguments()
    if args.here:
        return _measure(args.rows, args.silent)
    databases = ("sqlite", "postgres") if args.database == "both" else (args.database,)
    return 1 if [text for database in databases for text in bench(database, args.rows, args.silent)] else 0


def bench(database: str, rows: int, silent: int) -> list[str]:
    """Measure in a house of its own; return what misses its target."""
    from bench import house

    folder = Path(tempfile.gettempdir()) / f"liuke-bench-silent-{database}"
    with house.house(database, folder) as env:
        print(f"\n{database}: {silent:,} silent ones of {rows:,} customers", flush=True)
        command = [sys.executable, "-m", "bench.silent", "--here", "--rows", str(rows), "--silent", str(silent)]
        done = subprocess.run(command, env=env, check=False).returncode
    return [f"{database}: the churn check of {rows:,} customers takes more than {LIMIT:g} s"] if done else []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench.silent", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--silent", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


# in the surroundings of one database


def _measure(rows: int, silent: int) -> int:
    import django

    django.setup()
    from bench.added import _has_tables
    from liuke.accounts.models import User
    from liuke.core import clock, memory
    from liuke.core.models import Event, Notice
    from liuke.retention.check import check
    from liuke.retention.models import ChurnAlert

    if not _has_tables() or not User.objects.exists():
        _fill(rows, silent, clock.today())
    memory.settle_for_rows()  # as a worker does at its start
    before = ChurnAlert.objects.count()
    found, first = _timed(lambda: check(clock.today()))
    events, notices = Event.objects.filter(verb="warn").count(), Notice.objects.filter(kind="churn.warned").count()
    again, second = _timed(lambda: check(clock.today()))
    told = (before, found.warned, events, notices, again.warned)
    assert told == (0, silent, silent, silent, 0), told
    print(f"  {found.warned:,} warned in {first[0]:.1f} s (in the process {first[1]:.1f} s); again {second[0]:.1f} s")
    return int(first[0] > LIMIT)


def _timed(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    begun, worked = time.monotonic(), time.process_time()
    result = work()
    return result, (time.monotonic() - begun, time.process_time() - worked)


def _fill(rows: int, silent: int, today: date) -> None:
    from django.db import connection

    from bench import people
    from bench.added import _customers
    from bench.fill import _settle
    from liuke.commerce.models import Order
    from liuke.config import upkeep
    from liuke.customers.models import Customer

    upkeep.prepare()
    staff = people.make(random.Random(7))
    long_ago = _day(today - timedelta(days=SILENT_FOR))
    last = f"CASE WHEN (n * {SPREAD}) % {rows} < {silent} THEN {long_ago} ELSE {_day(today)} END"
    _customers(rows, sorted(set(staff.managers)), status="'normal'", last_order_on=last)
    Customer.objects.filter(pk=1).update(last_order_on=today)
    Order(number="DD1", customer_id=1, order_date=today, amount=1, fulfilment=6).save()  # there is order data
    _settle(connection)


def _day(day: date) -> str:
    return f"date('{day}')"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuke.config.settings")
    sys.exit(main())
