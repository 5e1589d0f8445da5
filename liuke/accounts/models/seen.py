"""What this house has had to grant at some time: the rest is new to it, and its roles get their part once."""

from __future__ import annotations

from django.db import models


class SeenAct(models.Model):
    """An act on a resource that could be granted here before, whether anybody was granted it or not."""

    resource = models.CharField(max_length=50)
    action = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "action"], name="an_act_is_seen_once")]
