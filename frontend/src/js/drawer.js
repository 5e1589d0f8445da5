// A look at a record beside its list: opened by its link or Space, then up and down the list.
import htmx from "htmx.org";
import { element } from "./page.js";

let drawer = null;
let row = null;

// A closed drawer stays in the page until its "close" event comes: keys pressed meanwhile are meant for the page.
export const isLooking = () => !!drawer?.open;

/** Shows the record of a row. Returns whether there is one to show. */
export function look(at) {
  const link = at?.querySelector("[data-quick]");
  if (!link) return false;
  row = at;
  show(link);
  return true;
}

async function show(link) {
  const box = isLooking() ? drawer : element("dialog", { class: "lk-drawer", id: "drawer", "aria-labelledby": "quick-title" });
  if (!isLooking()) document.body.append(box);
  await htmx.ajax("GET", link.href, { source: link, target: box, swap: "innerHTML" });
  if (!box.childElementCount) return box.remove();
  if (box !== drawer) open(box);
  box.scrollTop = 0;
  for (const step of box.querySelectorAll("[data-quick-step]")) step.disabled = !neighbour(Number(step.dataset.quickStep));
  box.querySelector("#quick-title")?.focus();
}

function open(box) {
  drawer = box;
  box.addEventListener("click", (event) => {
    const step = event.target.closest("[data-quick-step]");
    if (step) look(neighbour(Number(step.dataset.quickStep)));
    if (event.target.closest("[data-quick-close]") || event.target === box) box.close();
  });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (event.key === " " && !event.target.closest("a, button")) box.close();
    else if (!by || !look(neighbour(by))) return;
    event.preventDefault();
  });
  box.addEventListener("close", () => {
    if (drawer === box) drawer = null;
    box.remove();
    if (!isLooking()) row?.querySelector(".lead a")?.focus();
  });
  if (box.isConnected) box.showModal(); // the page may have been left meanwhile
}

function neighbour(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  return rows[rows.indexOf(row) + by];
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quick]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  look(link.closest("[data-row]"));
});
