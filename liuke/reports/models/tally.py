"""How many customers there are of each kind, kept beside them: a million are not counted while somebody waits."""

from __future__ import annotations

from django.db import models


class Counted(models.Model):
    """What of a customer stands in the tally, so that a change takes out exactly what was put in.

    Customers in the recycle bin have no row. Nothing here refers to the customer: it may be deleted for good.
    """

    customer = models.BigIntegerField(primary_key=True)
    owner = models.BigIntegerField()  # 0: in the pool
    status = models.CharField(max_length=10)
    level = models.BigIntegerField()  # 0: not filled in; so for the next two
    credit = models.BigIntegerField()
    satisfaction = models.BigIntegerField()


class CustomerTally(models.Model):
    """The number of customers of one owner and status that have one value of one field."""

    by = models.CharField(max_length=12)  # level, credit or satisfaction
    value = models.BigIntegerField()  # the id of the level, or the number of stars; 0: not filled in
    owner = models.BigIntegerField()
    status = models.CharField(max_length=10)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "value", "owner", "status"], name="tally_once")]
        indexes = [models.Index(fields=["by", "owner", "status", "value", "n"], name="tally_of_owner")]
