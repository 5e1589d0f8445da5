"""`make bench`: measure the served product at scale and say which targets it misses. Exit code 1 when one is missed."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import assets, house, table
from bench.measure import Measured, Person

START = 3.0  # seconds


def main() -> int:
    args = _arguments()
    missed: list[str] = []
    for database in _databases(args.database):
        missed += [f"{database}: {text}" for text in _bench(database, args)]
    missed += assets.show()
    print("\nAll targets are met." if not missed else f"\nMissed targets: {len(missed)}")
    print("\n".join(f"  {text}" for text in missed[:60]))
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="opportunities")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--people", default="gaoguan,zhuguan,jingli", help="in whose names")
    parser.add_argument("--quick", action="store_true", help="without every scene × filter × order")
    return parser.parse_args()


def _databases(asked: str) -> list[str]:
    wanted = ["sqlite", "postgres"] if asked == "both" else [asked]
    if "postgres" in wanted and not os.environ.get("LIUKE_TEST_POSTGRES_URL"):
        print("PostgreSQL is not measured: LIUKE_TEST_POSTGRES_URL is not set.")
        wanted.remove("postgres")
    return wanted


def _bench(database: str, args: argparse.Namespace) -> list[str]:
    folder = Path(tempfile.gettempdir()) / f"liuke-bench-{database}"
    with house.house(database, folder) as env:
        print(f"\n{database}: making {args.rows:,} opportunities …", flush=True)
        known = house.fill(env, args.rows)
        starts = house.start_times(env)
        with house.served(env, sys.executable, "-m", "bench.served") as (port, _seconds):
            missed = [text for name in args.people.split(",") for text in _person(name, port, known[name], args)]
        return missed + _start(starts)


def _person(name: str, port: int, known: dict[str, Any], args: argparse.Namespace) -> list[str]:
    """Print one person's table; return what misses its target."""
    person = Person(name, port, known)
    single = person.single()
    table.show(f"{name}", [person.floor, *single], single[0])
    every: list[Measured] = [] if args.quick else person.combinations()
    if every:
        print(f"\n{name}: every scene × filter × order, {len(every)}")
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
