"""What all lists of commerce tell: where their rows come from, and since when (C-02, R31)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import menu
from liuke.core.resource import Resource

from ..source import is_external, standing

menu.declare_group("commerce", lazy("Commerce"), "briefcase", 40)


class SourcedResource(Resource):
    """Kept here, or only read from the sales system."""

    def closed(self) -> str:
        return _("This comes from the sales system and is only read here: change it there") if is_external() else ""

    def standing(self) -> str:
        return standing()
