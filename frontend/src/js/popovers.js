// Boxes above a list that are asked for when somebody opens them; rows of a box that are moved by hand or by keys.
import htmx from "htmx.org";
import { announce } from "./page.js";

document.addEventListener("toggle", async ({ target }) => {
  if (!target.matches?.("details[data-lazy]") || !target.open) return;
  const panel = target.querySelector("[data-swap]");
  if (!panel.dataset.filled) {
    panel.setAttribute("aria-busy", "true");
    await htmx.ajax("GET", target.dataset.lazy, { source: panel, target: panel, swap: "innerHTML" });
    panel.removeAttribute("aria-busy");
    panel.dataset.filled = "1";
  }
  (panel.querySelector("input:not([type=hidden], [type=radio], [disabled]), select") ?? panel.querySelector("button"))?.focus();
}, true);

// The advanced filter asks the server what another field or operator needs.
document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-ask]");
  if (form && target.matches("[data-asks]") && needsOther(target)) ask(form, target.id);
});

// Most operators take the same value: what somebody types meanwhile must not be exchanged beneath his hands.
function needsOther(select) {
  const was = select.dataset.was ?? [...select.options].find((option) => option.defaultSelected)?.value;
  select.dataset.was = select.value;
  const special = ["between", "empty", "filled"];
  return select.name === "f" || special.includes(was) || special.includes(select.value);
}

async function ask(form, focus) {
  const typed = new Map(); // while the answer is on its way
  form.addEventListener("input", ({ target }) => typed.set(target.id, target.value));
  await htmx.ajax("GET", `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, {
    source: form.parentElement,
    target: form.parentElement,
    swap: "innerHTML",
  });
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field?.matches("input")) field.value = value;
  }
  document.getElementById([...typed.keys()].at(-1) ?? focus)?.focus();
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step-item]");
  if (!step || !step.closest("details")) return;
  event.preventDefault();
  move(step.closest("[data-item]"), Number(step.dataset.stepItem));
  step.focus();
});

document.addEventListener("keydown", (event) => {
  const item = event.altKey && event.target.closest?.("[data-sortable] [data-item]");
  if (!item || !/^Arrow(Up|Down)$/.test(event.key)) return;
  event.preventDefault();
  move(item, event.key === "ArrowDown" ? 1 : -1);
  event.target.focus();
});

function move(item, by) {
  const other = by > 0 ? item.nextElementSibling : item.previousElementSibling;
  if (!other) return;
  if (by > 0) other.after(item);
  else other.before(item);
  item.scrollIntoView({ block: "nearest" });
  announce(`${item.querySelector("label").textContent.trim()} ${[...item.parentElement.children].indexOf(item) + 1}`);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  event.preventDefault();
  const item = grip.closest("[data-item]");
  item.classList.add("held");
  const drag = ({ clientY }) => {
    const over = [...item.parentElement.children].find((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return one !== item && clientY > top && clientY < bottom;
    });
    if (!over) return;
    const { top, height } = over.getBoundingClientRect();
    if (clientY > top + height / 2) over.after(item);
    else over.before(item);
  };
  const drop = () => {
    item.classList.remove("held");
    removeEventListener("pointermove", drag);
  };
  addEventListener("pointermove", drag);
  addEventListener("pointerup", drop, { once: true });
});
