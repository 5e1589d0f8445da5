// Everything without a mouse. Never while typing or while an input method is composing.
import { box, isOpen, openWith } from "./dialogs.js";
import { isLooking, look } from "./drawer.js";
import { element, texts } from "./page.js";
import { canPick, pick, pickNone, pickPage } from "./selection.js";

const find = (selector) => [...document.querySelectorAll(selector)].find((node) => node.checkVisibility());
const press = (selector) => {
  const node = find(selector);
  node?.click();
  return !!node;
};
const typing = (node) => node.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
const enabled = () => document.body.dataset.keys !== "off";
const rows = () => [...document.querySelectorAll("[data-row]")];

let waitsForPlace = 0;

const everywhere = {
  "?": showKeys,
  "/": () => focus("[data-search]") || focus("[data-search-all]"),
  c: () => press('[data-key="new"]:not([aria-disabled])') || press(".lk-top details.lk-menu > summary"),
  n: () => press('[data-go="n"]'),
};

const onList = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Home: () => choose(0),
  End: () => choose(rows().length - 1),
  e: () => chosen()?.querySelector('[data-key="edit"]')?.click(),
  w: () => writeTo(chosen()?.querySelector(".lead a")),
  f: () => focus("#filter-boxes select, #filter-boxes input") || press("[data-toggle]"),
  v: () => focus("#scenes [aria-current], #scenes a"),
  x: () => pick(chosen()),
  " ": () => look(chosen()),
  o: () => press("#columns-button"),
  Delete: () => press('[data-key="batch-delete"]'),
  "[": () => press('.lk-pager [rel="prev"]'),
  "]": () => press('.lk-pager [rel="next"]'),
};

const onDetail = {
  e: () => press('[data-key="edit"]:not([aria-disabled])'),
  w: () => focus("[data-quick]") || press("[data-write]"),
  "[": () => press('[data-step="previous"]'),
  "]": () => press('[data-step="next"]'),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return pageKeys(event) || saveKeys(event);
  if (event.altKey) return;
  if (event.key === "Escape") return escape(event);
  if (isOpen() || isLooking() || typing(event.target) || !enabled()) return;
  if (event.target.closest?.("details.lk-menu[open]")) return;
  if (Date.now() < waitsForPlace) {
    waitsForPlace = 0;
    if (texts.go[event.key]) location.assign(texts.go[event.key]);
    return;
  }
  if (event.key === "g") return void (waitsForPlace = Date.now() + 1500);
  const list = document.getElementById("list");
  if (list && event.shiftKey && /^Arrow(Up|Down)$/.test(event.key)) {
    event.preventDefault();
    return extend(event.key === "ArrowDown" ? 1 : -1);
  }
  const tab = /^[1-9]$/.test(event.key) && !list && document.querySelectorAll("#tabs a")[event.key - 1];
  if (tab) return tab.click();
  if (event.key === " " && event.target.closest?.("button, summary, input")) return;
  const act = (list ? onList : onDetail)[event.key] ?? everywhere[event.key];
  if (act && act() !== false) event.preventDefault();
});

// Ctrl A chooses the rows of the page, where nobody is typing.
function pageKeys(event) {
  if (event.key.toLowerCase() !== "a" || isOpen() || typing(event.target) || !enabled() || !canPick()) return false;
  event.preventDefault();
  return pickPage();
}

function extend(by) {
  pick(chosen() ?? rows()[0], true);
  step(by);
  pick(chosen(), true);
}

function saveKeys(event) {
  const save = event.key === "Enter" || event.key.toLowerCase() === "s";
  const form = event.target.form ?? event.target.closest?.("form") ?? document.getElementById("form");
  if (!save || !form || form.matches("[data-live], .lk-jump")) return;
  event.preventDefault();
  const more = event.shiftKey && event.key === "Enter" && form.querySelector("[data-save-new]");
  form.requestSubmit(more || form.querySelector("[data-save]") || undefined);
}

function escape(event) {
  // A dialog closes itself; a list's search box is left; a form is cancelled.
  if (isOpen() || isLooking() || event.target.closest?.(".ts-wrapper")) return;
  if (typing(event.target) && !event.target.closest(".lk-form")) return event.target.blur();
  if (pickNone()) return;
  press(".lk-form [data-cancel]");
}

function focus(selector) {
  const node = find(selector);
  node?.focus();
  node?.select?.();
  return !!node;
}

function chosen() {
  return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].last");
}

function choose(index) {
  const row = rows()[index];
  row?.querySelector(".lead a")?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return !!row;
}

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest("[data-row]"));
  return choose(at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by)));
}

// A row of the customer list: straight to the quick entry of its page.
function writeTo(link) {
  if (!link?.pathname.startsWith("/customers/")) return false;
  location.assign(`${link.pathname}?tab=timeline#entry_detail`);
}

function showKeys() {
  const parts = texts.keys.map(([title, keys]) => {
    const lines = keys.map(([key, does]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, does)));
    return element("section", {}, element("h3", {}, title), element("dl", {}, ...lines));
  });
  openWith(box(texts.shortcuts, element("div", { class: "lk-keys-list", "data-wide": "" }, ...parts)));
}

document.addEventListener("click", (event) => {
  if (event.target.closest('a[href="#search"]') && focus("[data-search]")) event.preventDefault();
  if (event.target.closest("[data-keys-help]")) showKeys();
  if (event.target.closest("[data-write]") && focus("[data-quick]")) event.preventDefault();
});

if (location.hash === "#entry_detail") focus("[data-quick]");
