"""The sign of what seldom changes, see `core.remembered`."""

from __future__ import annotations

from django.db import models


class HouseSign(models.Model):
    """Random, and another one after every write to a watched table: triggers of the database see to it.

    Mostly one row. On PostgreSQL writers do not wait for each other here, so that there may be one of each.
    """

    sign = models.CharField(max_length=40)
