"""`save_many`: the hallway for many rows. References, uniques, numbers, rows and events go by the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liuke.core.many.checking import check
from liuke.core.many.writing import choose, extend, mark_out_of_reach, narrows, tell, write
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.many.drafts import Draft


class _Dry(Exception):
    """Nothing shall be written: the transaction is taken back."""


def save_many(drafts: Sequence[Draft], by: Any, *, action: str = "", note: str = "", dry: bool = False) -> None:
    """Enter new records of one model and change loaded ones, all in one transaction.

    What is wrong with a row stands in its `errors`, and it is left out. `action` is the act whose range the rows have
    to be in: `import`, or by itself `create` for new ones and `update` for changed ones. `dry` only finds errors.
    """
    if drafts and dry and all(draft.is_new for draft in drafts) and not narrows(drafts, by, action):
        _look(drafts, by)
    elif drafts:
        in_transaction(lambda: _try(drafts, by, action, note, dry))


def _look(drafts: Sequence[Draft], by: Any) -> None:
    """Nothing has to be written to find what is wrong: nobody is kept waiting for a lock."""
    for draft in drafts:
        draft.start()
    check(drafts, by)


def _try(drafts: Sequence[Draft], by: Any, action: str, note: str, dry: bool) -> None:
    """Until nothing is out of the person's range any more; what is was seen only after it had been written."""
    for draft in drafts:
        draft.out_of_reach = False
    while True:
        for draft in drafts:
            draft.start()
        try:
            with transaction.atomic():
                if not _save(drafts, by, action, note, dry):
                    return
                raise _Dry
        except _Dry:
            if dry and not any(draft.out_of_reach and not draft.errors for draft in drafts):
                return
        except IntegrityError:  # somebody was quicker with one of them
            _halves(drafts, by, action, note, dry)
            return


def _halves(drafts: Sequence[Draft], by: Any, action: str, note: str, dry: bool) -> None:
    if len(drafts) == 1:
        drafts[0].refuse("__all__", _("This exists already, somebody has just entered it"))
        return
    middle = len(drafts) // 2
    for half in (drafts[:middle], drafts[middle:]):
        _try(half, by, action, note, dry)


def _save(drafts: Sequence[Draft], by: Any, action: str, note: str, dry: bool) -> bool:
    """Check and write what is right. True when all of it has to be taken back."""
    check(drafts, by)
    good = [draft for draft in drafts if not draft.errors]
    if not good:
        return False
    if dry and not narrows(drafts, by, action):
        return True
    write(good)
    if by is not None and mark_out_of_reach(good, by, action):
        return True
    if dry:
        return True
    choose(good)
    extend(good)
    tell(good, by, note)
    return False
