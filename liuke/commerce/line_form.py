"""The form of an order's line, by itself or as one row of its order's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.core.forms import Offered, RecordForm
from liuke.core.hallway import create, still_reaches
from liuke.core.register import resource

from .models import OrderLine

if TYPE_CHECKING:
    from decimal import Decimal

    from .models import Order

BOTH = frozenset({"update", "delete"})
CHOSEN, DELETE = "keep", "delete"


class OrderLineForm(RecordForm):
    """A line by itself or, with a prefix, one row of its order's form.

    There a new one that is blank is none, and one that is ticked away is deleted. `acts` are those the person may do
    to it, `gone` says that it was there when the page was opened.
    """

    gone = False

    def __init__(self, *args: Any, acts: frozenset[str] = BOTH, **kwargs: Any) -> None:
        self.acts = acts
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["unit_price"].required = False  # that of the product
        self.fields["unit_price"].help_text = _("The product’s price when left empty")
        if self.prefix:
            del self.fields["order"]
            self.use_required_attribute = False
            chosen = self.data.get(self.add_prefix("product")) or self.instance.product_id
            self.fields["product"].widget.choices = Offered(self.fields["product"], chosen, 0)
            if self.instance.pk and "update" not in self.acts:
                self.frozen = set(self.fields)
                self._freeze()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("unit_price") is None and "unit_price" not in self.errors:
            product = cleaned.get("product")
            cleaned["unit_price"] = product.price if product else None
            if cleaned["unit_price"] is None:
                self.add_error("unit_price", _("Enter a unit price, or choose a product that has one"))
        return cleaned

    def complaints(self) -> list[str]:
        """What is wrong, each with the field it is about."""
        found = []
        for name, texts in self.errors.items():
            label = _("%(label)s: ") % {"label": self.fields[name].label} if name in self.fields else ""
            found += [f"{label}{text}" for text in texts]
        return found

    @property
    def amount(self) -> Decimal | None:
        return self.instance.amount if self.instance.pk else None

    # as a row

    @property
    def may_remove(self) -> bool:
        return not self.instance.pk or "delete" in self.acts

    @property
    def is_away(self) -> bool:
        return bool(self._sent(DELETE))

    @property
    def is_left_out(self) -> bool:
        """Nothing is to become of it: blank, or ticked away, or given up for what somebody else has saved."""
        blank = not any(self._sent(name).strip() for name in self.fields)
        return self.is_away or self._sent(CHOSEN) == "theirs" or (blank and not self.instance.pk)

    @property
    def says_something(self) -> bool:
        if self._sent(CHOSEN) == "theirs":
            return False
        return bool(self.instance.pk) if self.is_away else not self.is_left_out and self.has_changed()

    def write(self, order: Order, by: Any) -> None:
        """Make, change or delete the line. Raises ValidationError, or Forbidden for what the person may not do."""
        if not self.instance.pk:
            self.instance.order = order
            create(resource("order-lines"), by, self)
            return
        line = OrderLine.objects.get(pk=self.instance.pk)
        still_reaches(line, by, DELETE if self.is_away else "update")
        if self.is_away:
            line.delete(by=by)
        else:
            line.update(self.values, by=by)

    def _sent(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))

    # beside what somebody else has saved

    @property
    def sent(self) -> dict[str, str]:
        """What came for it, to be sent once more."""
        return {self.add_prefix(name): self._sent(name) for name in (*self.fields, DELETE) if self._sent(name)}

    @property
    def words(self) -> str:
        return (
            _("Removed") if self.is_away else told(OrderLine(**{name: self.cleaned_data[name] for name in self.fields}))
        )

    def differs(self, now: OrderLine | None) -> bool:
        """Whether the line as it is now is not what was sent."""
        if now is None or self.is_away:
            return True
        return any(getattr(now, name) != self.cleaned_data[name] for name in self.fields)


def told(line: OrderLine | None) -> str:
    """A line in one; "--" for none."""
    if line is None:
        return formats.NOTHING
    name = line.product_name or (line.product.name if line.product else "")
    return f"{name} {formats.number(line.quantity)} {line.unit} × {formats.price(line.unit_price)}".replace("  ", " ")
