"""Failed sign-ins are counted, whether the name exists or not (SYS-01)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from liuke.core import clock

WINDOW = timedelta(minutes=15)
LIMIT = 5  # for a name from one address
LIMIT_WIDE = 50  # for a name from everywhere, and for an address with all names: stops guessing by many


LIMIT_GUESSES = 20  # of keys that nobody made, from one address


class SignInAttempt(models.Model):
    """Failures of a typed name from an address since `since`; an empty name or address stands for all."""

    name = models.CharField(max_length=100)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="one_count_of_attempts")]

    @classmethod
    def locked(cls, name: str, address: str) -> bool:
        fresh = cls.objects.filter(since__gt=clock.now() - WINDOW)
        return any(
            fresh.filter(name=key[0], address=key[1], failures__gte=limit).exists()
            for key, limit in _keys(name, address)
        )

    @classmethod
    def locked_names(cls) -> int:
        """How many names cannot sign in at the moment, from one address at least."""
        fresh = cls.objects.filter(since__gt=clock.now() - WINDOW).exclude(name="*").exclude(name__contains=":")
        narrow, wide = Q(failures__gte=LIMIT) & ~Q(address="*"), Q(failures__gte=LIMIT_WIDE, address="*")
        return fresh.filter(narrow | wide).values("name").distinct().count()

    @classmethod
    def failed(cls, name: str, address: str) -> None:
        now = clock.now()
        cls._forget(now)
        for (key_name, key_address), _limit in _keys(name, address):
            cls._count(key_name, key_address, now)

    @classmethod
    def guesses_too_much(cls, what: str, address: str) -> bool:
        """Whether this address has tried too many keys of a kind, such as one-time links, that nobody made."""
        fresh = cls.objects.filter(since__gt=clock.now() - WINDOW)
        return fresh.filter(name=what, address=address[:45], failures__gte=LIMIT_GUESSES).exists()

    @classmethod
    def guessed(cls, what: str, address: str) -> None:
        now = clock.now()
        cls._forget(now)
        cls._count(what, address[:45], now)

    @classmethod
    def _forget(cls, now: datetime) -> None:
        cls.objects.filter(since__lte=now - WINDOW).delete()

    @classmethod
    def _count(cls, name: str, address: str, now: datetime) -> None:
        row, _made = cls.objects.get_or_create(name=name, address=address, defaults={"since": now})
        fresh = cls.objects.filter(pk=row.pk, since__gt=now - WINDOW)
        if not fresh.update(failures=F("failures") + 1, since=now):
            cls.objects.filter(pk=row.pk).update(failures=1, since=now)

    @classmethod
    def succeeded(cls, name: str, address: str) -> None:
        cls.objects.filter(name=_typed(name), address=address).delete()


def _typed(name: str) -> str:
    return name.strip().casefold()[:100]


def _keys(name: str, address: str) -> list[tuple[tuple[str, str], int]]:
    typed = _typed(name)
    return [((typed, address), LIMIT), ((typed, "*"), LIMIT_WIDE), (("*", address), LIMIT_WIDE)]
