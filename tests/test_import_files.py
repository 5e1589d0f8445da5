"""Files as people have them, and as people send them who mean harm."""

from __future__ import annotations

import io
import os
import resource as limits
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liuke.core.imports import safety
from liuke.core.models import Import
from liuke.customers.models import Customer
from tests.carrying import Wizard, bring, csv_file, uploaded, xlsx_file

HEAD = ("客户名称", "电话", "注册资金", "纪念日", "营业执照号", "备注")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def refusal(house, file) -> str:
    wizard = Wizard(house.jingli, "customers", file)
    assert wizard.answer.status_code == 422
    assert not Import.objects.exists()
    return wizard.answer.content.decode()


# as people have them


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_delimiter(encoding, delimiter, house):
    file = csv_file(("客户名称", "备注"), ("北京太阳", "甲乙丙"), encoding=encoding, delimiter=delimiter)
    assert bring(house.jingli, "customers", file).counts == (1, 0, 0, 0)
    assert Customer.objects.get().notes == "甲乙丙"


def test_text_keeps_its_value(house):
    rows = (
        ("４号店　", "０５７１－８８", "１２３．５", "2024年3月5日", "110101199003078888", "😀 ok"),
        ("零零七", "0075", "￥1,234,567.80", "20240305", "000123", " 前后空格 "),
    )
    assert bring(house.jingli, "customers", csv_file(HEAD, *rows)).counts == (2, 0, 0, 0)
    first, second = Customer.objects.order_by("id")
    assert (first.name, first.phone, first.registered_capital) == ("４号店", "0571-88", Decimal("123.50"))
    assert (first.licence_no, first.notes, first.founded_on) == ("110101199003078888", "😀 ok", date(2024, 3, 5))
    assert (second.phone, second.licence_no, second.notes) == ("0075", "000123", "前后空格")
    assert second.registered_capital == Decimal("1234567.80")


@pytest.mark.parametrize(
    "text", ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "20240305", "２０２４－０３－０５"]
)
def test_days_are_read_as_people_write_them(text, house):
    bring(house.jingli, "customers", csv_file(HEAD, ("甲", "", "", text, "", "")))
    assert Customer.objects.get().founded_on == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (("10/20/2016", "3/1/2017"), [date(2016, 10, 20), date(2017, 3, 1)]),
        (("20.10.2016", "1.3.2017"), [date(2016, 10, 20), date(2017, 3, 1)]),
        (("3/1/2017", "4/2/2017"), []),  # nothing tells which is the month: nobody guesses
        (("10/20/2016", "20/10/2016"), []),
    ],
)
def test_with_the_year_last_the_column_tells_what_the_month_is(texts, days, house):
    bring(house.jingli, "customers", csv_file(("客户名称", "纪念日"), *((f"客户{n}", t) for n, t in enumerate(texts))))
    assert list(Customer.objects.order_by("id").values_list("founded_on", flat=True)) == days


@pytest.mark.parametrize("text", ["2024-02-30", "13/45/2024", "明年", "99999999999"])
def test_what_is_no_day_is_an_error_that_says_how_to_write_it(text, house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ("甲", "", "", text, "", "")))
    assert wizard.counts == (0, 0, 0, 1)
    assert "2026-11-22" in wizard.errors().decode("utf-8-sig")


@pytest.mark.parametrize("amount", ["0.001", "-1", "NaN", "Infinity", "1e400", "9999999999999.99", "一百"])
def test_amounts_no_field_holds_are_errors_and_never_rounded(amount, house):
    assert bring(house.jingli, "customers", csv_file(HEAD, ("甲", "", amount, "", "", ""))).counts == (0, 0, 0, 1)


@pytest.mark.parametrize("amount", ["0.1", "999999999999.99", "12,345.60"])
def test_amounts_are_exact(amount, house):
    bring(house.jingli, "customers", csv_file(HEAD, ("甲", "", amount, "", "", "")))
    assert Customer.objects.get().registered_capital == Decimal(amount.replace(",", ""))


def test_excel_cells_keep_what_they_mean(house):
    def more(book, sheet):
        sheet.write_datetime(1, 3, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(2, 3, 45356)  # a serial without a format
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.merge_range(3, 5, 4, 5, "合并")

    rows = [HEAD, ("甲", 13800138000, None, None, "000123", "x"), ("乙", "0571", 2.5, None, "110101199003078888", ""),
            ("丙", "", None, None, "", None), ("丁", "", None, None, "", None)]  # fmt: skip
    assert bring(house.jingli, "customers", xlsx_file(*rows, more=more)).counts == (4, 0, 0, 0)
    first, second, third, fourth = Customer.objects.order_by("id")
    assert (first.phone, first.licence_no, first.registered_capital) == ("13800138000", "000123", Decimal(2))
    assert (first.founded_on, second.founded_on) == (date(2024, 3, 5), date(2024, 3, 5))
    assert second.licence_no == "110101199003078888"
    assert (third.notes, fourth.notes) == ("合并", "合并")


def test_days_of_a_file_that_counts_from_1904(house):
    def more(book, sheet):
        sheet.write_datetime(1, 3, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(2, 3, 45356 - 1462)

    file = xlsx_file(HEAD, ("甲",), ("乙",), book_options={"date_1904": True}, more=more)
    bring(house.jingli, "customers", file)
    assert set(Customer.objects.values_list("founded_on", flat=True)) == {date(2024, 3, 5)}


def test_a_long_number_that_excel_has_rounded_is_no_silent_loss(house):
    wizard = bring(house.jingli, "customers", xlsx_file(HEAD, ("甲", "", None, None, 110101199003078888.0, "")))
    assert wizard.counts == (0, 0, 0, 1)
    assert not Customer.objects.exists()


def test_the_sheet_can_be_chosen(house):
    def more(book, _sheet):
        other = book.add_worksheet("客户")
        other.write_row(0, 0, ("客户名称", "电话"))
        other.write_row(1, 0, ("甲", "1"))

    wizard = Wizard(house.jingli, "customers", xlsx_file(("说明",), ("请看下一页",), more=more))
    wizard.page("", {"read": "1", "sheet": "客户"})
    assert wizard.of.columns == ["name", "phone"]
    assert wizard.check().run().counts == (1, 0, 0, 0)


def test_empty_lines_and_lines_above_the_header_do_not_matter(house):
    file = uploaded("\n\n客户名称,电话\n\n甲,1\n,,\n乙,2\n\n".encode(), "a.csv")
    assert bring(house.jingli, "customers", file).counts == (2, 0, 0, 0)


# what cannot be read


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", ".xlsx"),
        (b"PK\x03\x04broken", "a.xlsx", "文件已损坏"),
        (b"\xff\xfe\x00\xd8a\x00", "a.csv", "UTF-8"),
        (b"\x00\x01\x02\x03" * 100, "a.csv", ""),
        (b"\n\n\n", "a.csv", "空的"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(data, name, told, house, unchanged):
    with unchanged():
        assert told in refusal(house, uploaded(data, name) if data else SimpleUploadedFile(name, b" ")) or not data


def test_an_encrypted_or_empty_book_is_refused(house):
    assert "空的" in refusal(house, xlsx_file())


# what is meant to harm


def book(parts: dict[str, bytes], base: bytes | None = None) -> SimpleUploadedFile:
    """An Excel file with some of its parts exchanged."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or xlsx_file(("a",)).read())) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry, old.read(entry))
        for name, data in parts.items():
            new.writestr(name, data)
    return SimpleUploadedFile("bomb.xlsx", file.getvalue())


def sheet(rows: bytes) -> bytes:
    namespace = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b'<?xml version="1.0"?><worksheet %s><sheetData>%s</sheetData></worksheet>' % (namespace, rows)


SHEET = "xl/worksheets/sheet1.xml"
BOMBS = {
    "two gigabytes of nothing": lambda: book({SHEET: sheet(b" " * (300 << 20))}),
    "a cell at the far end": lambda: book({SHEET: sheet(b'<row><c r="A1"/></row><row><c r="XFD1048576"/></row>')}),
    "sixteen thousand columns": lambda: book({SHEET: sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')}),
    "cells without places": lambda: book({SHEET: sheet(b"<row>" + b"<c/>" * 6_000_000 + b"</row>")}),
    "a wide rectangle": lambda: book({SHEET: sheet(b'<row><c r="KN1"/></row><row><c r="A190000"/></row>')}),
    "lower case and other quotes": lambda: book({SHEET: sheet(b"<row><c r = 'xfd1048576'/></row>")}),
    "ten thousand parts": lambda: book({f"xl/media/{n}.png": b"" for n in range(10_000)}),
    "billion laughs": lambda: book({SHEET: b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">]>' + sheet(b"")}),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_without_being_opened(name, house, monkeypatch):
    monkeypatch.setattr("liuke.core.imports.sheets.CalamineWorkbook", None)  # whoever opens it falls
    file = BOMBS[name]()
    before = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss
    assert "文件" in refusal(house, file)
    assert limits.getrusage(limits.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_what_a_part_says_of_its_own_size_is_not_believed():
    file = bytearray(book({SHEET: sheet(b" " * (260 << 20))}).read())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = file.rfind(mark, 0, file.rfind(SHEET.encode()) + 1 if mark == b"PK\x01\x02" else file.find(SHEET.encode()))
        file[at + place : at + place + 4] = (100).to_bytes(4, "little")
    from liuke.core.refusals import Refused

    with pytest.raises(Refused):
        safety.must_be_safe(io.BytesIO(bytes(file)))


def test_a_file_of_a_hundred_megabytes_is_refused(house, monkeypatch):
    monkeypatch.setattr("liuke.core.imports.sheets.LARGEST_FILE", 1000)
    assert "MB" in refusal(house, uploaded(b"a,b\n" * 1000, "a.csv"))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "..\\..\\a.csv",
        "/etc/a.csv",
        "a:b.csv",
        "长" * 300 + ".csv",
        "%2e%2e%2fa.csv",
        "a\r\nb.csv",
    ],
)
def test_no_name_leads_out_of_the_folder(name, house, settings):
    file = SimpleUploadedFile("x.csv", "客户名称\n甲\n".encode())
    file._name = name
    wizard = Wizard(house.jingli, "customers", file)
    kept = [os.path.relpath(path, settings.DATA_DIR) for path, _folders, names in os.walk(settings.DATA_DIR) if names]
    assert kept == ["files/imports"]
    assert "/" not in wizard.of.file_name
    assert "\\" not in wizard.of.file_name


PAYLOAD = "<img src=x onerror=alert(1)>\"'{{7*7}}${7*7}"


def test_payloads_in_header_and_cells_are_text_on_every_page(house):
    wizard = Wizard(house.jingli, "customers", csv_file(("客户名称", PAYLOAD), (PAYLOAD * 3, PAYLOAD), ("乙", "x")))
    pages = [wizard.page().content.decode()]
    wizard.check(columns={1: "region"})
    pages.append(wizard.page("check/").content.decode())
    wizard.run()
    pages += [wizard.page("result/").content.decode(), wizard.errors().decode("utf-8-sig")]
    for page in pages[:3]:
        assert "<img src=x" not in page
        assert "49" not in page.split("lk-import")[1] or "{{7*7}}" in page


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1+1", "=cmd|'/c calc'!A0"]


def test_no_cell_of_an_error_file_starts_a_formula(house):
    rows = [(f"客户{n}", "abc", text) for n, text in enumerate(FORMULAS)]
    wizard = bring(house.jingli, "customers", csv_file(("客户名称", "电话", "备注"), *rows))
    import csv

    for row in csv.reader(io.StringIO(wizard.errors().decode("utf-8-sig"))):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_comes_back_as_it_went_out(kind, house, as_):
    answer = as_(house.jingli).get(f"/customers/import/template.{kind}")
    file = uploaded(b"".join(answer.streaming_content), f"t.{kind}")
    wizard = Wizard(house.jingli, "customers", file)
    assert wizard.of.columns[0] == "name"
    assert "" not in wizard.of.columns
