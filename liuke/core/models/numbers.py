"""Numbers (编号) such as JH2026112200007: prefix, day, five digits. Unique, never used again (SYS-14)."""

from __future__ import annotations

from django.db import connection, models

from liuke.core import clock


class NumberSequence(models.Model):
    """The last number given out for a prefix and a day; its row is the lock."""

    prefix = models.CharField(max_length=4)
    day = models.CharField(max_length=8)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "day"], name="one_sequence_a_day")]


TAKE = """
    INSERT INTO core_numbersequence AS sequence (prefix, day, last) VALUES (%s, %s, %s)
    ON CONFLICT (prefix, day) DO UPDATE SET last = sequence.last + excluded.last
    RETURNING last
"""


def next_number(prefix: str) -> str:
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """A block of `count` numbers. The row stays locked until the caller's transaction ends."""
    day = f"{clock.today():%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [prefix, day, count])
        last = cursor.fetchone()[0]
    return [f"{prefix}{day}{n:05d}" for n in range(last - count + 1, last + 1)]
