"""`make prove`: run the proofs, on SQLite and on PostgreSQL where there is one. Exit code 1 when one fails."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

PROOFS = ("api", "crawl", "scripts", "kills", "crowd", "backup", "mutations")
ONCE = {"scripts": "SQLite", "crowd": "SQLite"}  # the same everywhere; about its one lock
POSTGRES = os.environ.get("LIUKE_TEST_POSTGRES_URL", "")


def main() -> int:
    args = _arguments()
    if args.here:
        return _here(args)
    databases = {"SQLite": "", "PostgreSQL": POSTGRES} if POSTGRES else {"SQLite": ""}
    codes = [_there(args, name, url) for name, url in databases.items() if args.database in ("", name)]
    if not POSTGRES:
        print("PostgreSQL not tried: set LIUKE_TEST_POSTGRES_URL=postgres://user@host:5432/postgres")
    return max(codes, default=0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("prove", description=__doc__)
    parser.add_argument("proofs", nargs="*", choices=PROOFS, help="all when none is named")
    parser.add_argument("--database", choices=("", "SQLite", "PostgreSQL"), default="")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed does the same again")
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _there(args: argparse.Namespace, name: str, url: str) -> int:
    """In a process of its own: which database it is, a process knows from its start."""
    print(f"== {name} (seed {args.seed}) ==", flush=True)
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"DATABASE_URL": url} if url else {}
    command = [sys.executable, "-m", "prove", "--here", name, "--seed", str(args.seed), *args.proofs]
    return subprocess.run(command + (["--quick"] if args.quick else []), env=env, check=False).returncode


def _here(args: argparse.Namespace) -> int:
    from prove.house import house

    failed = 0
    with tempfile.TemporaryDirectory(prefix="liuke-prove-") as folder, house(Path(folder)) as demo:
        for proof in args.proofs or PROOFS:
            if ONCE.get(proof, args.here) != args.here:
                continue
            begun = time.monotonic()
            told = import_module(f"prove.{proof}").prove(demo, args.seed, args.quick)
            print(f"{proof}: {told.figures} ({time.monotonic() - begun:.0f} s)", flush=True)
            for fault in told.faults[:20]:
                print(f"  FAILED {fault}", flush=True)
            if len(told.faults) > 20:
                print(f"  … and {len(told.faults) - 20} more", flush=True)
            failed += bool(told.faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
