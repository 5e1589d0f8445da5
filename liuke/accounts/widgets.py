"""People are picked in a pop-up by department and name; without script it is a plain select (CUST-02)."""

from __future__ import annotations

from typing import Any

from liuke.core.forms import OfferedSelect, offer_with

from .models import User


class PersonSelect(OfferedSelect):
    """A select that the script turns into a box with a button; the pop-up comes from `people/`."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("data-remote", None)  # found in the pop-up, not by typing into the box
        return attrs | {"data-people": "/users/pick/"}


offer_with(User, PersonSelect)
