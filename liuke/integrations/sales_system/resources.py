"""The entry in the menu, and what can be granted."""

from django.utils.translation import gettext_lazy as _

from liuke.core import grantable, menu
from liuke.workspace import administration

grantable.declare("sales-system", _("Sales system"), ("view", "run", "link", "push"))
menu.declare_entry(
    "admin", 92, _("Sales system"), "/sales-system/", "database",
    lambda user: user.reach("sales-system", "view") is not None,
)  # fmt: skip
administration.tell("/sales-system/", "running", _("Where orders are read from, unknown customers, the last readings"))
