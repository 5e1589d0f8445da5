"""A web process asks for errands before any worker has looked at them: it must know every kind from its start."""

from __future__ import annotations

import subprocess
import sys

ASKED = "import django; django.setup(); from liuke.core.errands import _kinds; print(*sorted(_kinds))"


def test_a_fresh_process_knows_every_kind_of_errand():
    told = subprocess.run([sys.executable, "-c", ASKED], check=True, capture_output=True, text=True).stdout
    assert told.split() == [
        "batch", "export", "hand_over", "import", "import-check", "import-undo", "report", "sales-sync",
    ]  # fmt: skip
