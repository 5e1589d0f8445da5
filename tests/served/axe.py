"""axe in a page: what would shut somebody out, in the light theme and the dark one."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from .browser import settle

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme changes
FRAME = {"exclude": [["#nav"], [".lk-top"]]}  # the same around every page: looked at once for each role
DIALOG = {"include": [["dialog[open]"]]}
RUN = """async ([part, only]) => {
    const told = await axe.run(part ?? document, {runOnly: only, resultTypes: ['violations']});
    return told.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target} ${node.any[0]?.message ?? rule.help}`));
}"""
# Rows of a table that differ in their words only are judged by the first of them.
THIN_OUT = """() => {
    const seen = new Set();
    for (const row of document.querySelectorAll('tbody tr')) {
        const bare = row.outerHTML.replace(/>[^<]*</g, '><').replace(/ (href|id|value|title|aria-[a-z]+)="[^"]*"/g, '');
        if (seen.has(bare)) row.remove(); else seen.add(bare);
    }
}"""


def violations(page: Page, dark: bool = True, part: dict | None = None) -> list[str]:
    """In the light theme all rules, in the dark one those about colours; `part` where the rest of the page is known."""
    settle(page)
    page.evaluate(THIN_OUT)
    found = [f"light: {line}" for line in page.evaluate(RUN, [part, {"type": "tag", "values": TAGS}])]
    if dark:
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        found += [f"dark: {line}" for line in page.evaluate(RUN, [part, {"type": "rule", "values": COLOURS}])]
    return found
