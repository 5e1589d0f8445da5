"""How tests read a report's page, and the lists its figures lead to."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl

from django.http import QueryDict

from liuke.core.doors.addresses import asked
from liuke.core.listing import Listing
from liuke.core.register import resource
from tests.house import Api, page_client

ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(?:<a href=\"([^\"]*)\">)?([^<]*)(?:</a>)?</t[hd]>")
TOTAL = re.compile(r'id="list-total">共 ([\d,]+)')


def lines(client, path) -> list[list[tuple[str, str]]]:
    """Of each line of the table its cells: (address, text)."""
    page = client.get(path)
    assert page.status_code == 200, path
    table = page.content.decode().partition("<tbody>")[2].partition("</table>")[0]
    return [[(unescape(url), text) for url, text in CELL.findall(row)] for row in ROW.findall(table)]


def texts(client, path) -> list[list[str]]:
    return [[text for _url, text in line] for line in lines(client, path)]


def listed(client, url) -> int:
    """How many rows the list of this address has."""
    page = client.get(url).content.decode()
    assert "没有该参数" not in page, url
    assert "不是有效的值" not in page, url
    return int(TOTAL.search(page)[1].replace(",", ""))


def file_rows(answer) -> list[list[str]]:
    import csv
    import io

    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


# R50: of one question the page, the lists behind its links, the API and the file say the same


class Proof:
    """One person's way through the doors of the reports. Figures are compared as numbers, words as they stand."""

    def __init__(self, person) -> None:
        self.person, self.client, self.api = person, page_client(person), Api(person)
        self.proved = 0  # rows behind links
        self._behind: dict[str, tuple[int, Decimal]] = {}

    def of(self, one, query: str) -> dict:
        """Compare all doors of a report; returns what its API tells."""
        told = self.api.get(f"{one.home.strip('/')}?{query}").json()
        names = [column.name for column in one.columns(one.ask(None, dict(parse_qsl(query))))]
        items = [[item[name] for name in names] for item in told["items"]]
        total = [[told["total"][name] for name in names]] if told["total"] else []
        shown = lines(self.client, f"{one.home}?{query}")
        assert plain([[text for _url, text in row] for row in shown]) == plain(items + total), query
        file = file_rows(self.client.get(f"{one.home}export.csv?{query}"))
        assert plain(file[1:]) == plain(items), query
        for row in shown:
            for url, text in row:
                self._leads_to(url, text, query)
        self._drawn(self.client.get(f"{one.home}?{query}").content.decode(), query)
        return told

    def _leads_to(self, url: str, text: str, query: str) -> None:
        number = re.fullmatch(r"(?:合计：\D*)?(¥?)([\d,]+(?:\.\d+)?)(?: 家)?", text)
        if not url or not number or "?" not in url:
            return
        figure = Decimal(number[2].replace(",", ""))
        assert figure == self.behind(url)[1 if number[1] else 0], (query, url, text)

    def _drawn(self, page: str, query: str) -> None:
        """Each bar or slice leads to what it shows."""
        if '<script type="application/json">' not in page:
            return
        chart = json.loads(page.partition('<script type="application/json">')[2].partition("</script>")[0])
        for value, url in zip(chart["series"][0]["values"], chart["urls"], strict=True):
            if url:
                assert Decimal(str(value)) == self.behind(url)[1 if "unit" in chart else 0], (query, url)

    def behind(self, url: str) -> tuple[int, Decimal]:
        """How many rows the list of this address has, on its page and by the API, and what they come to."""
        if url not in self._behind:
            name, _slash, query = url.strip("/").partition("/?")
            listing = Listing(resource(name), self.person, asked(QueryDict(query)))
            rows = list(listing.filtered)
            assert len(rows) == listed(self.client, url), url
            if listing.scene is None:
                assert self.api.get(f"{name}?{query}&limit=1").json()["count"] == len(rows), url
            self._behind[url] = len(rows), sum((getattr(one, "amount", None) or 0 for one in rows), Decimal(0))
            self.proved += len(rows)
        return self._behind[url]


def plain(rows) -> list[list]:
    return [[_plain(value) for value in row] for row in rows]


def _plain(value):
    text = "" if value is None or value == "--" else str(value)
    number = text.removeprefix("¥").removesuffix("%").replace(",", "")
    return Decimal(number) if re.fullmatch(r"-?\d+(\.\d+)?", number) else text
