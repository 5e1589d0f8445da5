"""The table, the plans of slow statements, and what misses its target."""

from __future__ import annotations

import statistics

from bench.measure import Measured

RATIO, INSIDE, LIST_QUERIES, DETAIL_QUERIES = 4.0, 30.0, 12, 15
HEAD = f"{'act':58} {'ms':>7} {'p95':>7} {'server':>7} {'cpu':>6} {'× floor':>7} {'queries':>7} {'bytes':>7}"


def show(title: str, rows: list[Measured], first: Measured | None = None) -> None:
    print(f"\n{title}\n{HEAD}")
    for one in rows:
        wrong = ", ".join(misses(one, first))
        print(
            f"{one.act.name[:58]:58} {one.ms:7.1f} {one.p95:7.1f} {one.inside:7.1f} {one.work:6.1f} {one.ratio:7.1f} "
            f"{one.queries or '':>7} {one.bytes:7}  {wrong}"
        )


def summary(rows: list[Measured]) -> None:
    """All combinations in one line, for their number is in the thousands."""
    for what, name in (("ms", "ms"), ("server", "inside"), ("cpu", "work"), ("× floor", "ratio")):
        ordered = sorted(getattr(one, name) for one in rows)
        share = [ordered[int(len(ordered) * part)] for part in (0.5, 0.9, 0.99)]
        print(f"    {what:8} median {share[0]:.1f}, 90 % {share[1]:.1f}, 99 % {share[2]:.1f}, worst {ordered[-1]:.1f}")
    print(f"    {sum(r.ratio > RATIO for r in rows)} of {len(rows)} above {RATIO:g} × floor, "
          f"{sum(r.inside > INSIDE for r in rows)} above {INSIDE:g} ms in the server")  # fmt: skip


def misses(one: Measured, first: Measured | None) -> list[str]:
    """Which targets of design §6 an act misses, in words."""
    found = []
    if one.act.kind == "list":
        found += [f"{one.ratio:.1f} × floor, not {RATIO:g}"] * (one.ratio > RATIO)
        found += [f"{one.inside:.0f} ms in the server, not {INSIDE:g}"] * (one.inside > INSIDE)
        found += [f"{one.queries} queries, not {LIST_QUERIES}"] * (one.queries > LIST_QUERIES)
    if one.act.kind == "detail":
        found += [f"{one.queries} queries, not {DETAIL_QUERIES}"] * (one.queries > DETAIL_QUERIES)
        found += ["slower than the list"] * (first is not None and one.ms > first.ms)
    return found


def plans(rows: list[Measured]) -> None:
    """Each slow statement once, with the act where it took longest."""
    seen: dict[str, tuple[float, str]] = {}
    for one in rows:
        for statement in one.slow:
            text = "\n      ".join([statement["sql"][:600], statement["params"][:200], *statement["plan"]])
            if statement["ms"] > seen.get(statement["sql"], (0.0, ""))[0]:
                seen[statement["sql"]] = statement["ms"], f"{one.who}, {one.act.name}:\n      {text}"
    print(f"\nStatements over 20 ms: {len(seen)}")
    for ms, text in sorted(seen.values(), reverse=True):
        print(f"  {ms:.0f} ms  {text}")


def middle(rows: list[Measured]) -> float:
    return statistics.median(one.ms for one in rows)
