"""`make bench`: measure the served product at scale and say which targets it misses. Exit code 1 when one is missed."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import assets, carry, churn, house, reports, sales, service, silent, table
from bench.measure import Measured, Person
from bench.sections import SECTIONS, Section

ROWS, QUICK = 100_000, 10_000  # opportunities, customers, rows in by a file: at scale, and when it shall be quick
ORDERS, SILENT, REPORTED = 1_000_000, 20_000, 1_000_000  # at scale: foreign orders, silent customers, customers told of
SERVICES = 1_000_000  # service requests
CHECKED = 1_000_000  # customers among whom the silent ones are found
START = 3.0  # seconds


def main() -> int:
    args = _arguments()
    missed: list[str] = []
    sizes = {"opportunities": args.rows, "customers": args.customers}
    for section, rows in sizes.items():
        for database in _databases(args.database) if rows else []:
            missed += [f"{database}: {text}" for text in _bench(database, SECTIONS[section], rows, args)]
    for database in _databases(args.database) if args.reported else []:
        missed += reports.bench(database, args.reported)
    for database in _databases(args.database) if args.silent and args.checked else []:
        missed += silent.bench(database, args.checked, min(args.silent, args.checked // 50))
    for database in _databases(args.database) if args.services else []:
        missed += service.bench(database, args.services)
    missed += assets.show()
    print("\nAll targets are met." if not missed else f"\nMissed targets: {len(missed)}")
    print("\n".join(f"  {text}" for text in missed[:60]))
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("--rows", type=int, help="opportunities; 0 leaves them out")
    parser.add_argument("--customers", type=int, help="customers; 0 leaves them out")
    parser.add_argument("--carried", type=int, help="rows in by a file and out again; 0 leaves them out")
    parser.add_argument("--orders", type=int, help="orders read from a sales system; 0 leaves them out")
    parser.add_argument("--silent", type=int, help="silent customers to be warned of; 0 leaves them out")
    parser.add_argument("--checked", type=int, help="customers among whom silent ones are found; 0 leaves that out")
    parser.add_argument("--reported", type=int, help="customers the reports tell of; 0 leaves the reports out")
    parser.add_argument("--services", type=int, help="service requests; 0 leaves them out")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--people", default="gaoguan,zhuguan,jingli", help="in whose names")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows, fewer turns, no scene × filter × order")
    args = parser.parse_args()
    sizes = {"rows": ROWS, "customers": ROWS, "carried": ROWS, "orders": ORDERS, "silent": SILENT, "reported": REPORTED,
             "services": SERVICES, "checked": CHECKED}  # fmt: skip
    for size, rows in sizes.items():
        if getattr(args, size) is None:
            setattr(args, size, min(rows, QUICK) if args.quick else rows)
    return args


def _databases(asked: str) -> list[str]:
    wanted = ["sqlite", "postgres"] if asked == "both" else [asked]
    if "postgres" in wanted and not os.environ.get("LIUKE_TEST_POSTGRES_URL"):
        print("PostgreSQL is not measured: LIUKE_TEST_POSTGRES_URL is not set.")
        wanted.remove("postgres")
    return wanted


def _bench(database: str, section: Section, rows: int, args: argparse.Namespace) -> list[str]:
    folder = Path(tempfile.gettempdir()) / f"liuke-bench-{database}"
    with house.house(database, folder) as env:
        print(f"\n{database}: making {rows:,} {section.name} …", flush=True)
        known = house.fill(env, section.name, rows)
        missed = measure(env, known, args)
        return missed + (_beside(env, section, args) if section.name == "customers" else [])


def _beside(env: dict[str, str], section: Section, args: argparse.Namespace) -> list[str]:
    """What is tried in the house of the customers, last of all what changes it most."""
    missed: list[str] = []
    if args.carried:
        missed += _carried(env, section, args.carried)
    if args.silent:
        missed += churn.show(_run(env, "bench.churn", args.silent))
    if args.orders:
        missed += sales.show(_run(env, "bench.sales", args.orders), args.orders)
    return missed


def _run(env: dict[str, str], module: str, *args: Any) -> Any:
    """The last line a module prints, read as JSON."""
    command = [sys.executable, "-m", module, *map(str, args)]
    made = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout.splitlines()[-1])


def measure(env: dict[str, str], known: dict[str, Any], args: argparse.Namespace) -> list[str]:
    """Serve a house that is ready; return what misses its target."""
    starts = house.start_times(env, 1 if args.quick else 3)
    with house.served(env, sys.executable, "-m", "bench.served") as (port, _seconds):
        missed = [text for name in args.people.split(",") for text in _person(name, port, known[name], args)]
    return missed + _start(starts)


def _carried(env: dict[str, str], section: Section, rows: int) -> list[str]:
    """Rows in by a file and out again, as the worker does it: of a head, for one of his people."""
    people = [section.people["zhuguan"], section.people["jingli"]]
    return carry.show(_run(env, "bench.carry", rows, *people), rows)


def _person(name: str, port: int, known: dict[str, Any], args: argparse.Namespace) -> list[str]:
    """Print one person's table; return what misses its target."""
    person = Person(name, port, known, args.quick)
    single = person.single()
    table.show(f"{name}", [person.floor, *single], single[0])
    every: list[Measured] = [] if args.quick else person.combinations()
    if every:
        print(f"\n{name}: scene × filter × order, {len(every)}")
        table.summary(every)
        table.show("the slowest", sorted(every, key=lambda one: -one.ms)[:12])
    table.plans([*single, *every])
    return [f"{name}, {one.act.name}: {text}" for one in [*single, *every] for text in table.misses(one, single[0])]


def _start(seconds: list[float]) -> list[str]:
    middle = statistics.median(seconds)
    print(f"\nstart of an installed server: {middle:.1f} s")
    return [f"start {middle:.1f} s, not {START:g}"] if middle > START else []


if __name__ == "__main__":
    sys.exit(main())
