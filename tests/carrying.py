"""Files brought in through the wizard, step by step as a person does it, for tests."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from liuke.core.jobs.worker import run_once
from liuke.core.models import Import
from tests.house import page_client


def csv_file(*rows, name="客户.csv", encoding="utf-8", delimiter=",") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def xlsx_file(*rows, name="客户.xlsx", book_options=None, more=None) -> SimpleUploadedFile:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **(book_options or {})})
    sheet = book.add_worksheet("数据")
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    if more:
        more(book, sheet)
    book.close()
    return SimpleUploadedFile(name, file.getvalue())


def work() -> None:
    for _turn in itertools.takewhile(lambda busy: busy, (run_once() for _n in range(100))):
        pass


class Wizard:
    """One file of one person on its way."""

    def __init__(self, person, resource: str, file) -> None:
        self.client, self.resource = page_client(person), resource
        self.answer = self.client.post(f"/{resource}/import/", {"file": file})
        if self.answer.status_code == 302:
            self.pk = int(self.answer["Location"].rstrip("/").rpartition("/")[2])

    @property
    def of(self) -> Import:
        return Import.objects.get(pk=self.pk)

    def page(self, step="", data=None):
        address = f"/{self.resource}/import/{self.pk}/{step}"
        return self.client.get(address) if data is None else self.client.post(address, data)

    def check(self, columns=None, empties=None, **constants):
        """Choose columns (as guessed when not named), and let the worker check the rows."""
        chosen = {**dict(enumerate(self.of.columns)), **(columns or {})}
        sent = {f"column_{place}": name for place, name in chosen.items()}
        sent |= {f"empty_{place}": text for place, text in (empties or {}).items()}
        sent |= {f"constant_{name}": text for name, text in constants.items()}
        self.answer = self.page("", sent)
        work()
        return self

    def mean(self, **words):
        """`level__大客户="1"`: what an unknown word means."""
        sent = {"words": "1"}
        for name, meant in words.items():
            for place, word in enumerate(self.of.report["unknown"][name]):
                if word in meant:
                    sent[f"word_{name}_{place}"] = meant[word]
        self.page("check/", sent)
        work()
        return self

    def run(self, rule="skip"):
        self.page("check/", {"rule": rule})
        work()
        return self

    def undo(self):
        self.page("undo/", {})
        work()
        return self

    @property
    def counts(self) -> tuple[int, int, int, int]:
        of = self.of
        return of.created, of.updated, of.skipped, of.failed

    @property
    def verdicts(self) -> tuple[int, int, int]:
        report = self.of.report
        return report["fresh"], report["double"], report["wrong"]

    def errors(self) -> bytes:
        answer = self.page("errors/")
        return b"".join(answer.streaming_content)


def bring(person, resource, file, rule="skip", columns=None, empties=None, **constants) -> Wizard:
    return Wizard(person, resource, file).check(columns, empties, **constants).run(rule)


def uploaded(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(Path(name).name, data)
