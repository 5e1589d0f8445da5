// The box over everything and the palette (Ctrl K): an input and a listbox, all by keyboard.
import { isOpen, openAddress } from "./dialogs.js";
import { announce, element } from "./page.js";

const WAIT = 120;
const boxOf = (node) => node.closest?.("[data-combo]");
const inputOf = (box) => box.querySelector('[role="combobox"]');
const listOf = (box) => box.querySelector('[role="listbox"]');
const isPalette = (box) => "palette" in box.dataset;
const options = (box) => [...box.querySelectorAll('[role="option"]')].filter((one) => one.checkVisibility());
const marked = (box) => box.querySelector('[aria-selected="true"]');

let waiting = 0;

function mark(box, option) {
  marked(box)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) inputOf(box).setAttribute("aria-activedescendant", option.id);
  else inputOf(box).removeAttribute("aria-activedescendant");
}

function step(box, by) {
  const all = options(box);
  const at = all.indexOf(marked(box));
  mark(box, all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

function show(box) {
  const hits = box.querySelector("[data-hits]");
  hits.hidden = !hits.querySelector('[role="option"]');
  inputOf(box).setAttribute("aria-expanded", String(!listOf(box).hidden && options(box).length > 0));
  mark(box, isPalette(box) ? options(box)[0] : null);
}

function hide(box) {
  if (isPalette(box)) return;
  clearTimeout(waiting);
  box.querySelector("[data-hits]").replaceChildren();
  show(box);
}

// The palette's own lines: every typed word in what may be typed for them.
function narrow(box, words) {
  for (const line of box.querySelectorAll("[data-keys]")) line.hidden = !words.every((word) => line.dataset.keys.includes(word));
  for (const group of box.querySelectorAll('[role="group"]:not([data-hits] *, [data-hits])'))
    group.hidden = ![...group.querySelectorAll("[data-keys]")].some((line) => !line.hidden);
}

async function ask(box) {
  const input = inputOf(box);
  const asked = input.value.trim();
  if (!asked) return clear(box);
  const hits = box.querySelector("[data-hits]");
  const answer = await fetch(`${box.dataset.combo}?q=${encodeURIComponent(asked)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = element("template");
  fresh.innerHTML = await answer.text();
  if (input.value.trim() !== asked || !box.isConnected) return;
  if (!isPalette(box) && document.activeElement !== input) return;
  const kept = marked(box)?.id;
  hits.replaceChildren(fresh.content);
  show(box);
  if (kept) mark(box, document.getElementById(kept) ?? marked(box));
  announce(hits.querySelector('[role="option"] b')?.textContent);
}

function clear(box) {
  box.querySelector("[data-hits]").replaceChildren();
  show(box);
}

function typed(event) {
  const box = boxOf(event.target);
  if (!box || event.isComposing) return;
  if (isPalette(box)) {
    narrow(box, inputOf(box).value.trim().toLowerCase().split(/\s+/));
    show(box);
  }
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(box), WAIT);
}

document.addEventListener("input", typed);
document.addEventListener("compositionend", typed);

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return palette(event);
  const box = boxOf(event.target);
  if (!box || event.target !== inputOf(box)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(box, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && marked(box)) {
    event.preventDefault();
    marked(box).click();
  } else if (event.key === "Escape") {
    event.preventDefault(); // else the first press only empties the box
    hide(box);
    if (isPalette(box)) box.closest("dialog").close();
  }
});

document.addEventListener("focusout", (event) => {
  const box = boxOf(event.target);
  if (box && !box.contains(event.relatedTarget)) hide(box);
});

// An option is chosen before the box loses its focus to it.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.('[data-combo] [role="option"]') && !event.button) event.preventDefault();
});

// What is typed while the palette is still on its way goes into it, not to the page beneath.
let early = "";

function keep(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key === "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key.length === 1) early += event.key;
}

async function palette(event) {
  event.preventDefault();
  if (isOpen() || !document.getElementById("everything")) return;
  early = "";
  document.addEventListener("keydown", keep, true);
  await openAddress("/palette/", document.activeElement).finally(() => document.removeEventListener("keydown", keep, true));
  const box = document.querySelector("[data-palette]");
  if (!box) return;
  show(box);
  if (!early) return;
  inputOf(box).value = early;
  inputOf(box).dispatchEvent(new InputEvent("input", { bubbles: true }));
}
