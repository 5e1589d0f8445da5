"""The audit log (AUD-01): who did what, when and from where, kept so that tampering shows.

acting    through which door, and from where, something is done at the moment
entries   an entry for each act, written in the transaction of the act
chain     batches of entries sealed each minute, and the look whether all seals still hold
seals     a file beside the database that remembers the seals: a cut-off end shows, too
keeping   what is old goes, by whole batches; nothing else ever does
jobs      sealing, looking and keeping, by the clock
"""

from .acting import acting
from .entries import note, tell

__all__ = ["acting", "note", "tell"]
