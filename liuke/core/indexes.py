"""The indexes that keep the list of a large table quick in every order and under every filter."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models


def list_indexes(prefix: str, orders: Iterable[str], beside: tuple[str, ...]) -> list[models.Index]:
    """For each column of `orders` an index in that order that also holds `beside`: what scope and filters ask for.

    So a list is walked, and counted, in the index alone; a row that does not match is never read.
    """
    return [
        models.Index(fields=[name, *(one for one in ("id", *beside) if one != name)], name=f"{prefix}_{name}"[:30])
        for name in orders
    ]
