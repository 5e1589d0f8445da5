"""What the scripts say and where they go, as data: no text lives in JavaScript."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

GO = {"h": "home", "k": "customers", "l": "contacts", "j": "opportunities"}  # key after g → list


def script_texts(urls: dict[str, Any]) -> Markup:
    """The JSON for this person's language and lists, safe inside a script element."""
    return _json(translation.get_language(), tuple((key, urls.get(name, "")) for key, name in GO.items()))


@lru_cache(maxsize=200)
def _json(language: str | None, go: tuple[tuple[str, str], ...]) -> Markup:
    told = {"go": dict(go), "keys": _keys(), **_words(), "assets": _assets()}
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"))


def _assets() -> dict[str, str]:
    """What is loaded when a page holds one: charts, pickers, icons."""
    files = {"chart": "chart.js", "picker": "picker.js", "pickerStyle": "picker.css", "icons": "icons.svg"}
    return {name: static(f"liuke/{file}") for name, file in files.items()}


def _keys() -> list[Any]:
    """The list of shortcuts, by the kind of page."""
    return [
        [
            _("Everywhere"),
            [
                ["?", _("show this list")],
                ["/", _("search")],
                ["Ctrl K", _("go, do or find: everything by its name")],
                ["g h", _("home")],
                ["g k", _("customers")],
                ["g l", _("contacts")],
                ["g j", _("opportunities")],
                ["c", _("new record")],
                ["n", _("notices")],
                ["Esc", _("close the top layer")],
            ],
        ],
        [
            _("List"),
            [
                ["↑ ↓ / k j", _("choose a row")],
                ["Enter", _("open")],
                [_("Space"), _("quick view")],
                ["e", _("edit")],
                ["w", _("write to the customer")],
                ["[ ]", _("previous and next page")],
                ["Home End", _("first and last row")],
                ["x", _("choose the row for an act on many")],
                ["Shift ↑ ↓", _("choose further rows")],
                ["Ctrl A", _("choose all rows of the page")],
                ["Delete", _("delete the chosen rows")],
                ["f", _("filter")],
                ["v", _("scenes")],
                ["o", _("columns")],
            ],
        ],
        [
            _("Detail"),
            [
                ["e", _("edit")],
                ["w", _("write a follow-up")],
                ["1 – 9", _("switch tabs")],
                ["[ ]", _("previous and next record")],
            ],
        ],
        [
            _("Form"),
            [
                ["Ctrl Enter / Ctrl S", _("save")],
                ["Ctrl Shift Enter", _("save and add another")],
                ["Esc", _("cancel")],
            ],
        ],
    ]


def _words() -> dict[str, str]:
    return {
        "shortcuts": _("Keyboard shortcuts"),
        "close": _("Close"),
        "retry": _("Try again"),
        "offline": _("Network problem, nothing was submitted."),
        "failed": _("Something went wrong. What you typed is still here, try again later."),
        "loading": _("Loading"),
        "pickDate": _("Choose a date"),
        "noMatch": _("Nothing found"),
        "typeToSearch": _("Type to search"),
        "remove": _("Remove"),
        "columnWidth": _("Column width"),
        "choose": _("Choose"),
        "showPassword": _("Show password"),
        "hidePassword": _("Hide password"),
        "noData": _("No data for this period"),
        "today": _("today"),
        "tomorrow": _("tomorrow"),
        "yesterday": _("yesterday"),
    }
