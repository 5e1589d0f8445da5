// Ticked rows and the bar of what can be done with them. A new part of the list starts with nothing ticked.
import { announce } from "./page.js";
import { openAddress } from "./dialogs.js";

const bar = () => document.getElementById("batch");
const boxes = () => [...document.querySelectorAll("#rows .ck input[name=ids]")];
let anchor = null;

export const canPick = () => !!bar();

export function pick(row, on) {
  const box = row?.querySelector(".ck input");
  if (!box) return false;
  box.checked = on ?? !box.checked;
  anchor = box;
  draw();
  return true;
}

export function pickPage(on = true) {
  for (const box of boxes()) box.checked = on;
  draw();
  return canPick();
}

export function pickNone() {
  const any = boxes().some((box) => box.checked);
  pickPage(false);
  return any;
}

function draw(every = false) {
  const form = bar();
  if (!form) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("on", box.checked);
  const page = document.querySelector("[data-pick-page]");
  page.checked = picked.length > 0 && picked.length === all.length;
  page.indeterminate = picked.length > 0 && picked.length < all.length;
  form.elements.all.disabled = !every;
  form.hidden = picked.length === 0;
  const count = form.querySelector("[data-picked]");
  count.textContent = every ? count.dataset.every : count.dataset.picked.replace("{n}", picked.length);
  const more = form.querySelector("[data-pick-all]");
  if (more) more.hidden = every;
  if (picked.length) announce(count.textContent);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-pick-page]")) pickPage(target.checked);
  else if (target.matches?.(".ck input[name=ids]")) draw();
});

// With Shift everything between two boxes.
document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".ck input[name=ids]");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && anchor?.isConnected) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    draw();
  }
  anchor = box;
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-pick-all]")) return pickPage(), draw(true);
  if (target.closest("[data-pick-none]")) return void pickNone();
  const button = target.closest("[data-dialog-form]");
  if (!button) return;
  event.preventDefault();
  const { all, question } = button.form.elements;
  const query = new URLSearchParams({ question: question.value });
  if (all.disabled) query.set("ids", boxes().filter((box) => box.checked).map((box) => box.value).join(","));
  else query.set("all", "1");
  openAddress(`${button.getAttribute("formaction")}?${query}`, button);
});

// Ticks that the browser restores, or that a new part of the list would keep, are taken out.
const fresh = () => bar() && pickPage(false);
addEventListener("pageshow", fresh);
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if ((ctx.target?.id ?? ctx.target) === "list" || ctx.target === "#list") fresh();
});
