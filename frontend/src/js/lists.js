// Filters act at once; the search box waits until typing (and composing Chinese) pauses.
import { onPart } from "./page.js";

let timer;

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form && !event.target.matches("[data-search]")) form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("form[data-live] [data-search]") || event.isComposing) return;
  wait(event.target.form);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches("form[data-live] [data-search]")) wait(event.target.form);
});

function wait(form) {
  clearTimeout(timer);
  timer = setTimeout(() => form.isConnected && form.requestSubmit(), 300);
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggle]");
  if (!toggle) return;
  const open = document.getElementById(toggle.dataset.toggle).classList.toggle("open");
  toggle.setAttribute("aria-expanded", String(open));
});

document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

// The column of actions throws a shadow while other columns pass beneath it.
onPart(() => {
  for (const box of document.querySelectorAll(".lk-table:has(th.act)")) {
    const mark = () => box.classList.toggle("scrolls", box.scrollWidth - box.clientWidth - box.scrollLeft > 4);
    mark();
    box.onscroll = mark;
  }
});

// The tab or row that is current must be in sight on a phone.
const current = document.querySelector(".lk-tabs [aria-current]");
const tabs = current?.closest(".lk-tabs");
if (tabs && current.getBoundingClientRect().right > tabs.getBoundingClientRect().right) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - 48;

// Who comes back to a list finds the row opened last: marked, and in sight.
const opened = `opened:${location.pathname}`;
document.addEventListener("click", ({ target }) => {
  const row = target.closest("a") && target.closest("[data-row]");
  if (!row) return;
  sessionStorage.setItem(opened, row.id);
  sessionStorage.setItem(`walk:${location.pathname}`, JSON.stringify([...document.querySelectorAll("[data-row]")].map(({ id }) => id.slice(4))));
});
const mark = () => {
  const row = document.getElementById(sessionStorage.getItem(opened) ?? "");
  if (row?.matches("[data-row]")) row.classList.add("last");
  return row;
};
onPart(mark);
mark()?.scrollIntoView({ block: "nearest" });

// From a record to its neighbours in the list it was opened from.
const [, list, id] = location.pathname.match(/^(\/[\w-]+\/)(\d+)\/$/) ?? [];
const walk = JSON.parse(sessionStorage.getItem(`walk:${list}`) ?? "[]");
for (const link of walk.includes(id) ? document.querySelectorAll("[data-step]") : []) {
  const neighbour = walk[walk.indexOf(id) + (link.dataset.step === "next" ? 1 : -1)];
  if (!neighbour) continue;
  link.href = `${list}${neighbour}/`;
  link.hidden = false;
}
