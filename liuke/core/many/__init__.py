"""Many rows at once, by the same rules as one by one (design: Many rows).

drafts = [Draft(Customer(), {"name": "北京太阳", "level": item}), Draft(known, {"phone": "010-1"})]
save_many(drafts, user, action="import")
for draft in drafts: draft.errors or draft.record
"""

from .drafts import Draft
from .saving import save_many

__all__ = ["Draft", "save_many"]
