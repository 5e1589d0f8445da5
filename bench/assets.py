"""How much a browser loads for its first page, compressed as it is served."""

from __future__ import annotations

from pathlib import Path

import brotli

LIMIT = 60 * 1024
BUILT = Path(__file__).resolve().parent.parent / "liuke/core/static/liuke"


def sizes() -> dict[str, int]:
    return {name: len(brotli.compress((BUILT / name).read_bytes(), quality=11)) for name in ("liuke.js", "liuke.css")}


def show() -> list[str]:
    """Print them; return what is too large."""
    print("\nAssets, brotli")
    for name, size in sizes().items():
        print(f"  {name:10} {size / 1024:6.1f} KB")
    return [f"{name}: {size / 1024:.0f} KB, not 60" for name, size in sizes().items() if size > LIMIT]
