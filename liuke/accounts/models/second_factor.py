"""The second factor: a code of six digits that a phone works out every thirty seconds (TOTP, RFC 6238)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import pyotp
from django.db import models, transaction

from liuke.core import audit, clock

if TYPE_CHECKING:
    from .users import User

STEP = 30  # seconds
SKEW = 1  # steps a clock may be wrong either way
CODES = 10
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another one


class SecondFactor(models.Model):
    """What the phone of a person knows, the last step whose code was taken, and hashes of codes for a lost phone."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=64)
    last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)

    @classmethod
    def step_of(cls, secret: str, code: str) -> int | None:
        """The step this code belongs to, one before and one after the present included; None for a wrong code."""
        totp, now = pyotp.TOTP(secret, interval=STEP), int(clock.now().timestamp()) // STEP
        typed = code.replace(" ", "")
        if len(typed) != totp.digits or not (typed.isascii() and typed.isdigit()):
            return None
        steps = range(now - SKEW, now + SKEW + 1)
        fits = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), typed)]
        return fits[-1] if fits else None

    @classmethod
    def set_up(cls, user: User, secret: str, code: str) -> list[str] | None:
        """Begin with a secret whose code the person has typed; returns the recovery codes, shown once. None: wrong."""
        step = cls.step_of(secret, code)
        if step is None:
            return None
        codes = fresh_codes()
        with transaction.atomic():
            cls.objects.filter(user=user).delete()
            cls.objects.create(user=user, secret=secret, last_step=step, recovery=[_hash(one) for one in codes])
            audit.note("second_factor_set_up", by=user, record=user)
        return codes

    def takes(self, code: str) -> bool:
        """Whether the code is right; each is taken once, and none of a step that is over."""
        step = self.step_of(self.secret, code)
        if step is None:
            return self._takes_recovery(code)
        mine = type(self).objects.filter(pk=self.pk, last_step__lt=step)
        return bool(mine.update(last_step=step))  # of two who send the same code one is first

    def _takes_recovery(self, code: str) -> bool:
        with transaction.atomic():
            row = type(self).objects.select_for_update().get(pk=self.pk)
            hashed = _hash(code)
            if hashed not in row.recovery:
                return False
            row.recovery.remove(hashed)
            row.save(update_fields=["recovery"])
            audit.note("recovery_used", by=row.user, record=row.user, details={"left": len(row.recovery)})
        return True

    def renew_codes(self) -> list[str]:
        """New recovery codes; the old ones are good for nothing from now on."""
        codes = fresh_codes()
        with transaction.atomic():
            self.recovery = [_hash(one) for one in codes]
            self.save(update_fields=["recovery"])
            audit.note("recovery_renewed", by=self.user, record=self.user)
        return codes

    def remove(self) -> None:
        with transaction.atomic():
            audit.note("second_factor_removed", by=self.user, record=self.user)
            self.delete()


def fresh_secret() -> str:
    return pyotp.random_base32()


def address_of(user: User, secret: str, house: str) -> str:
    """What the picture says to the app."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=user.username, issuer_name=house)


def fresh_codes() -> list[str]:
    """Sixteen signs each, of which nobody guesses one: a plain hash is enough for them."""
    words = ["".join(secrets.choice(LETTERS) for _n in range(16)) for _n in range(CODES)]
    return ["-".join(word[place : place + 4] for place in range(0, 16, 4)) for word in words]


def _hash(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
