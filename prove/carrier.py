"""Somebody brings files in, one after the other, so that the worker has something to write while it is killed."""

from __future__ import annotations

import threading
import time
import uuid
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.request import Request

from tests.served.clients import Answer, ask

from .upload import multipart

if TYPE_CHECKING:
    from .house import Served
    from .told import Told

ROWS = 2500  # of a file: three transactions of the worker
PAUSE = 5  # seconds between two files
PATIENCE = 600  # seconds for a file whose worker is killed again and again
STATE = "SELECT state, errand_id FROM core_import WHERE id = ?"
OPEN = "SELECT 1 FROM core_errand WHERE id = ? AND ended_at IS NULL"
AT_WORK = """SELECT 1 FROM core_jobrun r JOIN core_errand e ON e.run_id = r.id
             WHERE r.state = 'running' AND e.kind = 'import' AND r.worker LIKE ?"""
FAULTS = (
    OSError,
    HTTPException,
    AssertionError,
)  # of a server that has just been killed


class Carrier(threading.Thread):
    """Brings in customers until it is told to end; the file in hand is brought to its end."""

    def __init__(self, product: Served, told: Told) -> None:
        super().__init__()
        self.product, self.told = product, told
        self.pages = product.pages("jingli")
        self.ended = threading.Event()
        self.names: list[str] = []

    def run(self) -> None:
        while not self.ended.is_set():
            names = [f"搬运 {uuid.uuid4().hex}" for _row in range(ROWS)]
            if self._bring("\n".join(["客户名称", *names])):
                self.names += names
                self.ended.wait(PAUSE)
            else:
                self.told.fault("an import did not come to its end")
                return

    def is_written_by(self, pid: int) -> bool:
        """Whether this process is writing the rows of an import."""
        return bool(self.product.rows(AT_WORK, f"%/{pid}/%"))

    def compare(self) -> None:
        rows = self.product.rows("SELECT name FROM customers_customer WHERE name LIKE ?", "搬运 %")
        found = [name for (name,) in rows]
        if sorted(found) != sorted(self.names):
            self.told.fault(f"{len(self.names)} rows were imported, {len(found)} stand there ({len(set(found))} names)")

    def _bring(self, text: str) -> bool:
        end = time.monotonic() + PATIENCE
        address = self._again(end, lambda: self._upload(text).location)
        self._again(end, lambda: self._post(address, column_0="name"))
        if not self._reached(end, address, "checked"):
            return False
        self._again(end, lambda: self._post(f"{address}check/", rule="skip"))
        return self._reached(end, address, "done")

    def _reached(self, end: float, address: str, state: str) -> bool:
        """Wait for a state as a person does, who presses "go on" where work was given up."""
        pk = int(address.rstrip("/").rpartition("/")[2])
        while time.monotonic() < end:
            [(now, errand)] = self.product.rows(STATE, pk)
            if now == state:
                return True
            if errand and not self.product.rows(OPEN, errand):
                step = "check/" if now == "checking" else "result/"
                self._again(end, lambda step=step: self._post(f"{address}{step}"))
            time.sleep(0.3)
        return False

    def _again(self, end: float, act: Any) -> Any:
        """Until it is answered as hoped."""
        while True:
            try:
                return act()
            except FAULTS:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def _post(self, address: str, **fields: str) -> Answer:
        answer = self.pages.post(address, csrfmiddlewaretoken=self._token(), **fields)
        assert answer.status == 302, answer
        return answer

    def _upload(self, text: str) -> Answer:
        body, headers = multipart("file", "customers.csv", text.encode(), csrfmiddlewaretoken=self._token())
        answer = ask(self.pages.opener, Request(f"{self.product.address}/customers/import/", body, headers))
        assert answer.status == 302, answer
        return answer

    def _token(self) -> str:
        return self.pages.get("/customers/import/").hidden("csrfmiddlewaretoken")
