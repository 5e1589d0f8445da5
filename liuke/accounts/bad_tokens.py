"""API tokens that let nobody in, told in the audit log without filling it.

From one address one entry in a quarter of an hour, which says how many there were since the entry before; from all
together no more than sixty an hour. Counted in the memory of each web process, so that a guess costs no write.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from liuke.core import audit
from liuke.core.audit.acting import present

if TYPE_CHECKING:
    from .models import ApiToken

AGAIN = 15 * 60  # seconds until an address is told of again
HOUR, MOST_IN_AN_HOUR = 3600, 60
MOST_KNOWN = 10_000

_lock = Lock()
_told: dict[str, tuple[float, int]] = {}  # address: when it was told of, how many came since
_entries: deque[float] = deque(maxlen=MOST_IN_AN_HOUR)


def refused(token: ApiToken | None) -> None:
    """`token` is one that was ended, or whose person is out; None where nobody ever had it."""
    before = _since_the_last(present().address)
    if before is None:
        return
    details: dict[str, str | int] = {"times": before + 1} if before else {}
    if token is None:
        audit.note("token_refused", outcome="failed", details=details)
    else:
        details |= {"id": token.pk, "of": token.user.username}
        audit.note("token_refused", kind=token._meta.label, text=token.name, outcome="failed", details=details)


def _since_the_last(address: str) -> int | None:
    """How many of this address went untold before this one; None when this one goes untold, too."""
    now = time.time()
    with _lock:
        at, untold = _told.get(address, (-AGAIN, 0))
        full = len(_entries) == MOST_IN_AN_HOUR and now - _entries[0] < HOUR
        if now - at < AGAIN or full:
            if address in _told:
                _told[address] = at, untold + 1
            return None
        if len(_told) >= MOST_KNOWN:
            _told.clear()
        _told[address] = now, 0
        _entries.append(now)
        return untold


def forget() -> None:
    _told.clear()
    _entries.clear()
