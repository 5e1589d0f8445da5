"""Work that waits its turn: `@job` names it, a cron line or `enqueue` asks for it, a worker does it.

A job runs at least once, and after a crash perhaps twice: write it so that the second time does no harm.
"""

from .registry import Job, find, job, known
from .store import enqueue

__all__ = ["Job", "enqueue", "find", "job", "known"]
