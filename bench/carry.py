"""Run in the surroundings of one database: many rows in by a file and out again, as the worker does it."""

from __future__ import annotations

import csv
import json
import resource as limits
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

HEAD = ("客户名称", "电话", "地区", "客户等级", "地址", "行业", "客户经理", "纪念日", "注册资金", "备注")
KINDS = ("xlsx", "csv")
IMPORT, EXPORT, MEMORY = 60.0, 12.0, 400  # seconds, seconds, megabytes
TARGETED = 100_000  # rows; fewer are told only


def main(rows: int, importer: str, owner: str) -> None:
    django.setup()
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from liuke.accounts.models import User
    from liuke.core.doors.imported import begin
    from liuke.core.doors.imports import receive, start_check
    from liuke.core.errands import start
    from liuke.core.memory import settle_for_rows
    from liuke.core.register import resource

    person, customers = User.objects.get(username=importer), resource("customers")
    sent = TemporaryUploadedFile("many.csv", "text/csv", 0, None)
    sent.size = _fill(Path(sent.temporary_file_path()), rows, owner)
    settle_for_rows()  # as a worker does at its start
    told: dict[str, float] = {}
    of = _timed(told, "upload", lambda: receive(person, customers, sent))
    start_check(of)
    _timed(told, "check", _work)
    of.refresh_from_db()
    begin(of, "skip")
    _timed(told, "save", _work)
    of.refresh_from_db()
    assert (of.state, of.created) == ("done", rows), (of.state, of.created, of.errand.result)
    told["memory of import"] = _memory()
    columns = [name for name in customers.columns if isinstance(name, str)]
    for kind in KINDS:
        start("export", person, kind, resource="customers", params={}, columns=columns, kind=kind, encoding="utf-8")
        _timed(told, f"export {kind}", _work)
    told["memory"] = _memory()
    print(json.dumps(told))


def _fill(path: Path, rows: int, owner: str) -> int:
    from liuke.base.models import Industry

    industry = Industry.objects.alive().values_list("name", flat=True).first()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for n in range(rows):
            number = f"0571-{n:08d}"
            writer.writerow((f"杭州第{n}精密机械有限公司", number, "浙江", "1", f"文三路 {n} 号", industry, owner,
                             "2012-03-05", "1,000,000.00", "由旧系统迁入"))  # fmt: skip
    return path.stat().st_size


def _timed(told: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    begun, worked = time.monotonic(), time.process_time()
    result = work()
    told[name], told[f"{name}, cpu"] = time.monotonic() - begun, time.process_time() - worked
    return result


def _work() -> None:
    from liuke.core.jobs.worker import run_once

    while run_once():
        pass


def _memory() -> float:
    used = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss
    return used / 1024 if sys.platform != "darwin" else used / 1024 / 1024


def show(told: dict[str, float], rows: int) -> list[str]:
    """Print the figures; return what misses its target."""
    bring = told["check"] + told["save"]
    print(f"\n{rows:,} rows in and out: " + " · ".join(f"{name} {value:.1f}" for name, value in told.items()))
    took = {"import": (bring, IMPORT), **{f"export {kind}": (told[f"export {kind}"], EXPORT) for kind in KINDS}}
    missed = [
        f"{name} of {rows:,} rows {seconds:.1f} s, not {limit:g}"
        for name, (seconds, limit) in took.items()
        if rows >= TARGETED and seconds > limit
    ]
    return missed + ([f"worker of {told['memory']:.0f} MB, not {MEMORY}"] if told["memory"] > MEMORY else [])


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
