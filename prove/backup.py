"""A backup is taken while fifty people write; brought back elsewhere it shows the house as of one instant (R33).

Each writer numbers what it enters, with a file attached to each. Of every writer the copy must hold the beginning
without a gap, at least what was acknowledged before the backup began, at most what was sent before it had ended.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.request import Request

from tests.served.clients import ask, opportunity
from tests.served.product import Data

from .house import Served, served
from .told import Told
from .upload import multipart

if TYPE_CHECKING:
    from pathlib import Path

    from tests.served.product import Demo

WRITERS, SECONDS = 50, 20  # of writing before the backup begins, and after it has ended
KEPT = "SELECT customer_name, id, number FROM marketing_opportunity WHERE customer_name LIKE ?"
LYING = """SELECT o.customer_name, a.path, a.size FROM documents_attachment a
           JOIN marketing_opportunity o ON o.id = a.object_id WHERE o.customer_name LIKE ?"""


class Writer(threading.Thread):
    """Enters opportunities 0, 1, 2 … one after the other; `sent` and `done` tell how far it is."""

    def __init__(self, product: Served, number: int, ended: threading.Event, told: Told) -> None:
        super().__init__()
        self.api, self.number, self.ended, self.told = product.api("jingli"), number, ended, told
        self.sent = self.done = self.files = 0

    def run(self) -> None:
        while not self.ended.is_set():
            self.sent += 1
            name = f"备份 {self.number}-{self.done}"
            answer = self.api("POST", "opportunities", opportunity(customer_name=name), uuid.uuid4().hex)
            if answer.status != 201:
                self.told.fault(f"{name}: {answer.status} {answer.text[:200]}")
                return
            self.done += 1
            self._attach(answer.json["id"], name)

    def _attach(self, pk: int, name: str) -> None:
        body, headers = multipart("files", "a.txt", name.encode())
        headers |= {"Authorization": f"Bearer {self.api.token}"}
        answer = ask(self.api.opener, Request(f"{self.api.base}/opportunities/{pk}/attachments", body, headers))
        if answer.status == 201:
            self.files += 1
        else:
            self.told.fault(f"file of {name}: {answer.status} {answer.text[:200]}")


def prove(demo: Demo, _seed: int, quick: bool) -> Told:
    told, ended = Told(), threading.Event()
    with served(demo) as product:
        writers = [Writer(product, number, ended, told) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(SECONDS / 5 if quick else SECONDS)
        least, begun = [writer.done for writer in writers], time.monotonic()
        archive = product.folder.parent / "backup.liuke"
        product.liuke("backup", str(archive))
        took, most = time.monotonic() - begun, [writer.sent for writer in writers]
        time.sleep(SECONDS / 5 if quick else SECONDS)
        ended.set()
        for writer in writers:
            writer.join()
        if complaints := product.complaints():
            told.fault(complaints[-600:])
        kept, files = _brought_back(product, demo, archive, list(zip(least, most, strict=True)), told)
    told.figures = (
        f"{WRITERS} writers, {sum(writer.done for writer in writers):,} records and "
        f"{sum(writer.files for writer in writers):,} files acknowledged, backup of {took:.1f} s among them; "
        f"brought back {kept:,} records and {files:,} files"
    )
    return told


class Restored(Served):
    """An empty house that gets what an archive holds."""

    def __init__(self, demo: Demo, folder: Path, archive: Path) -> None:
        Data.__init__(self, folder / "data", f"liuke_served_{uuid.uuid4().hex[:12]}")
        self.tokens, self.log = demo.tokens, folder / "log"
        self.folder.mkdir(parents=True)
        self.create()
        self.find_place()
        self.liuke("restore", str(archive), "--yes")


def _brought_back(
    product: Served, demo: Demo, archive: Path, bounds: list[tuple[int, int]], told: Told
) -> tuple[int, int]:
    """(records, files) of the writers in the copy; what is wrong with it is told."""
    copy = Restored(demo, product.folder.parent / "restored", archive)
    with copy:
        rows = copy.rows(KEPT, "备份 %")
        names = {name for name, _pk, _number in rows}
        for number, (least, most) in enumerate(bounds):
            found = sum(name.startswith(f"备份 {number}-") for name in names)
            whole = {f"备份 {number}-{place}" for place in range(found)} <= names
            if not (whole and least <= found <= most):
                told.fault(f"writer {number}: {found} records, between {least} and {most} were due, gaps: {not whole}")
        if len(rows) != len(names):
            told.fault("a record stands there twice")
        files = copy.rows(LYING, "备份 %")
        for name, path, size in files:
            place = copy.folder / "files" / path
            if not place.is_file() or place.read_text() != name or place.stat().st_size != size:
                told.fault(f"the file of {name} is not there as it was")
        _goes_on(copy, rows, told)
    return len(rows), len(files)


def _goes_on(copy: Served, rows: list[tuple[Any, ...]], told: Told) -> None:
    """People sign in, and ids and numbers go on behind those that were given out."""
    copy.pages("jingli")
    made = copy.api("jingli")("POST", "opportunities", opportunity())
    known, last = {number for _name, _pk, number in rows}, max(pk for _name, pk, _number in rows)
    if made.status != 201 or made.json["id"] <= last or made.json["number"] in known:
        told.fault(f"after the restore: {made.status} {json.dumps(made.text[:200], ensure_ascii=False)}")
