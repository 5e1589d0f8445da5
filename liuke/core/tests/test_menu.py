"""Which entry of the menu one is at: one and no more, also where several open tabs of one list."""

from __future__ import annotations

import pytest

from liuke.core.menu import _nearest

ENTRIES = ["/", "/customers/", "/customers/?scene=pool", "/customers/check/", "/orders/?scene=history", "/orders/"]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/", "/"),
        ("/customers/", "/customers/"),
        ("/customers/7/?tab=timeline", "/customers/"),
        ("/customers/?scene=pool&page=2", "/customers/?scene=pool"),
        ("/customers/?scene=mine", "/customers/"),
        ("/customers/check/?name=a", "/customers/check/"),
        ("/orders/?scene=history", "/orders/?scene=history"),
        ("/orders/new/", "/orders/"),
        ("/nowhere/", ""),
    ],
)
def test_one_is_at_one_entry(path, entry):
    assert _nearest(ENTRIES, path) == entry


def test_a_list_that_stands_in_the_menu_by_one_tab_alone_is_found_whatever_tab_is_open():
    assert (
        _nearest(["/service-requests/?scene=archived"], "/service-requests/3/") == "/service-requests/?scene=archived"
    )
