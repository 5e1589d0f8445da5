"""What a proof tells: its figures in words, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Told:
    figures: str = ""
    faults: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        self.faults.append(text[:600])
