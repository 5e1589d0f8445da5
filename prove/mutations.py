"""Each scope, guard, lock and one-time key is taken out in turn: a test must go red.

A table written by hand (`mutants.py`) names the place and the test. A mutation that no test notices is a fault, and so
is one whose text is no longer found, whose test does not exist, or is red without it. The tests run in a process of
their own (`mutating.py`), on a database of their own; no file is changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from tests.served.product import ON_SERVER, ROOT, SERVER

from .mutants import MUTANTS, WARM
from .told import Told

QUICK = 8  # every eighth
NAME = "liuke_mutations"


def prove(_demo: object, _seed: int, quick: bool) -> Told:
    told, counts = Told(), Counter[str]()
    places = [place for place, one in enumerate(MUTANTS) if one.runs_on(ON_SERVER)][:: QUICK if quick else 1]
    results, output = _tried(places)
    if len(results) < len(places):
        told.fault(f"the tests ended early: {output[-500:]}")
    for place, (noticed, trouble) in results.items():
        one = MUTANTS[place]
        counts[one.kind] += bool(noticed)
        if not noticed:
            told.fault(f"{one.file}: “{one.old.strip()}”: {trouble}")
    kinds = ", ".join(f"{many} {kind}" for kind, many in sorted(counts.items()))
    told.figures = f"{counts.total()} of {len(places)} mutations make a test fail ({kinds})"
    return told


def _tried(places: list[int]) -> tuple[dict[int, tuple[str, str]], str]:
    """By place in the table: the test that went red, or why none did; and what pytest said."""
    with tempfile.TemporaryDirectory(prefix="liuke-mutations-") as folder:
        report = Path(folder) / "report"
        tests = sorted({one.partition("::")[0] for one in (WARM, *(MUTANTS[place].test for place in places))})
        command = [sys.executable, "-m", "pytest", "-p", "prove.mutating", "-p", "no:cacheprovider", "-q",
                   "--create-db", "--reuse-db", *tests]  # fmt: skip
        env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        env |= {"LIUKE_DATA_DIR": folder, "LIUKE_MUTATIONS": json.dumps([str(report), places])}
        if ON_SERVER:
            env["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{NAME}").geturl()
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return {place: (noticed, trouble) for place, noticed, trouble in map(json.loads, lines)}, done.stdout + done.stderr
