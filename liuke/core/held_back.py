"""Addresses that let their reader in, such as a one-time link: no log and no list of faults tells them."""

from __future__ import annotations

import logging

_beginnings: list[str] = []


def hold_back(beginning: str) -> None:
    """Sign in how such addresses begin; the rest of them is written nowhere."""
    _beginnings.append(beginning)


def told_path(path: str) -> str:
    """The address as it may be written down."""
    held = next((one for one in _beginnings if path.startswith(one)), "")
    return f"{held}***/" if held else path


class HeldBack(logging.Filter):
    """For what Django itself writes of requests it refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(told_path(one) if isinstance(one, str) else one for one in record.args)
        return True
