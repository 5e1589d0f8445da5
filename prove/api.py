"""The OpenAPI document against the product: every operation, fuzzed and in chains, in the names of two roles."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from .house import served
from .told import Told

if TYPE_CHECKING:
    from tests.served.product import Demo

ROLES = ("zhuguan", "jingli")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth,"
    "use_after_free,ensure_resource_availability"
)
EXAMPLES = 30  # of an operation in a phase


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told, calls = Told(), 0
    with served(demo) as product:
        for role in ROLES:
            calls += _run(product.address, demo.tokens[role], role, seed, 3 if quick else EXAMPLES, told)
        if complaints := product.complaints():
            told.fault(complaints[-600:])
    told.figures = f"{len(ROLES)} roles, {calls:,} calls"
    return told


def _run(address: str, token: str, role: str, seed: int, examples: int, told: Told) -> int:
    """How many calls were made in the name of a role."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--max-examples", str(examples),
        "--seed", str(seed), "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:  # what it remembers of its failures is nobody else's
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said, _line, summary = done.stdout.partition(" SUMMARY ")
    if done.returncode:
        told.fault(f"{role}: {said.partition(' FAILURES ')[2] or done.stdout[-2000:] + done.stderr[-500:]}")
    return _cases(summary)


def _cases(summary: str) -> int:
    """Of "14647 generated, 14647 passed" the first number."""
    words = summary.replace(",", "").split()
    return int(words[words.index("generated") - 1]) if "generated" in words else 0
