"""Fields that administrators add to an entity while the house runs.

Each is described as a `Shown` on a Django field of no model, so that lists, filters, forms, API and history treat it
like a declared one. Definitions and values are kept by `base`, which signs itself in.
"""

from .fields import Extra, Picked, Store, Values, by_path, holding, is_path, keep_in, known, listed, of, split
from .ordering import Order, Place, order
from .reading import annotated, columns, entered, searchable_texts, stored, values_of
from .writing import check, cleaned, core, differing, write

__all__ = [
    "Extra", "Order", "Picked", "Place", "Store", "Values", "annotated", "by_path", "check", "cleaned", "columns",
    "core", "differing", "entered", "holding", "is_path", "keep_in", "known", "listed", "of", "order",
    "searchable_texts", "split", "stored", "values_of", "write",
]  # fmt: skip
