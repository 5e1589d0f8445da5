"""Who is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuke.core import clock
from liuke.retention.silence import months_before


@pytest.fixture
def silent(house):
    """A customer of jingli without an order for seven months, and one that has just ordered."""
    house.ordered(house.customer(house.jingli2, name="苏州在下单的"), clock.today() - timedelta(days=3))
    return house.ordered(house.customer(house.jingli, name="台州椒江泵业"), months_before(clock.today(), 7))
