"""The role matrix: resources down, acts across, and how far each reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import grantable
from liuke.core.history import verb_label

from .models import Grant

if TYPE_CHECKING:
    from .models import Role


@dataclass(frozen=True)
class Cell:
    """One permission: its form field, and the scope in force ("" when not granted)."""

    field: str
    action: str
    label: str
    scope: str


@dataclass(frozen=True)
class Row:
    resource: str
    label: str
    cells: list[Cell]


def matrix_of(role: Role) -> dict[str, Any]:
    granted = {(grant.resource, grant.action): grant.scope for grant in role.grants.all()}
    rows = [
        Row(name, label, [_cell(name, action, granted) for action in actions])
        for name, label, actions in grantable.everything()
    ]
    scopes = [(key, label) for key, label in Grant.Scope.choices if key != "custom" or key in granted.values()]
    return {"rows": rows, "scopes": [("", _("No")), *scopes], "count": len(granted)}


def _cell(resource: str, action: str, granted: dict[tuple[str, str], str]) -> Cell:
    return Cell(f"{resource}.{action}", action, action_label(resource, action), granted.get((resource, action), ""))


def action_label(resource: str, action: str) -> str:
    words = {
        "view": _("View"), "create": _("New"), "update": _("Edit"), "delete": _("Delete"), "export": _("Export"),
        "run": _("Run"), "follow": _("Follow up"), "import": _("Import rows"), "import_history": _("Import the past"),
        "purge": _("Delete for good"), "set_status": _("Set status"), "push": _("Send data"),
        "link": _("Link to a customer"), "verify": _("Check the log"),
    }  # fmt: skip
    model = grantable.model_of(resource)
    return words.get(action) or (verb_label(model, action) if model else action)


def read_matrix(sent: Any) -> dict[tuple[str, str], str]:
    """{(resource, action): scope} from the posted form; names and scopes nobody declared are left out."""
    known = {(name, action) for name, _label, actions in grantable.everything() for action in actions}
    chosen = {}
    for name, action in known:
        scope = sent.get(f"{name}.{action}", "")
        if scope in Grant.Scope.values:
            chosen[name, action] = scope
    return chosen
