"""The whole suite, on SQLite and, when LIUKE_TEST_POSTGRES_URL is set, once more on PostgreSQL.

With LIUKE_TEST_ALL=1 a skipped test is a failure: the machine is meant to have everything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("LIUKE_TEST_POSTGRES_URL")
EVERYTHING = os.environ.get("LIUKE_TEST_ALL") == "1"
WORKERS = (os.cpu_count() or 1) + 1  # a test that asks a served product waits for it


def main(args: list[str]) -> int:
    databases = {"SQLite": None, "PostgreSQL": POSTGRES} if POSTGRES else {"SQLite": None}
    results = {name: _run(name, url, args) for name, url in databases.items()}
    print("\nThe suite:")
    for name, (_code, summary) in results.items():
        print(f"  {name:<11}{summary}")
    if not POSTGRES:
        print("  PostgreSQL not tested: set LIUKE_TEST_POSTGRES_URL=postgres://user@host:5432/postgres")
    return max(code for code, _summary in results.values())


def _run(name: str, url: str | None, args: list[str]) -> tuple[int, str]:
    print(f"== {name} ==", flush=True)
    env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "LIUKE_DEBUG")}
    if url:  # what a commit waits for a disk tells nothing here: the server itself is never killed
        env |= {"DATABASE_URL": url, "PGOPTIONS": "-c synchronous_commit=off"}
    summary = "no result"
    with tempfile.TemporaryDirectory(prefix="liuke-test-") as folder:  # the data of this checkout stay untouched
        env["LIUKE_DATA_DIR"] = folder
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            str(WORKERS),
            "--dist",
            "loadgroup",
            "--durations",
            "25",
            *args,
        ]
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as tests:
            for line in tests.stdout or ():
                print(line, end="", flush=True)
                if re.search(r" in \d+\.\d+s", line):
                    summary = line.strip("= \n")
    code = tests.returncode
    if EVERYTHING and code == 0 and re.search(r"\d+ skipped", summary):
        return 1, f"{summary} (LIUKE_TEST_ALL: nothing may be skipped)"
    return code, summary


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
