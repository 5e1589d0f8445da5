"""The search index: one row for each record, written by `core.search`."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """What finds a record. The id is made of the record's kind and its own id, see `search.index`.

    On SQLite triggers keep a full-text table beside it, PostgreSQL has an index over `grams` (migration 0005).
    """

    id = models.BigIntegerField(primary_key=True)
    grams = models.TextField()
    trace = models.TextField()


class SearchWords(models.Model):
    """The full-text table of SQLite, which follows `SearchEntry` by itself."""

    id = models.BigIntegerField(primary_key=True, db_column="rowid")
    grams = models.TextField(db_column="core_searchwords")  # the table as a whole: to be asked, not read

    class Meta:
        managed = False
        db_table = "core_searchwords"
