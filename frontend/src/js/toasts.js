// Short messages at the top. Success leaves after 3 s, with a link after 10 s; errors stay until dismissed.
import { element, icon, texts } from "./page.js";

const region = () => document.getElementById("toasts");

export function showToast(text, { level = "success", retry } = {}) {
  const toast = element("div", { class: `lk-toast ${level}`, "data-toast": "" });
  toast.append(icon(level === "error" ? "alert-circle" : "circle-check"), element("span", {}, text));
  if (retry) {
    const again = element("button", { type: "button", class: "link" }, texts.retry);
    again.addEventListener("click", () => (toast.remove(), retry()));
    toast.append(again);
  }
  toast.append(element("button", { type: "button", class: "close", "data-dismiss": "", "aria-label": texts.close }, icon("x")));
  region()?.append(toast);
  expire(toast);
}

function expire(toast) {
  if (toast.classList.contains("error")) return;
  const wait = toast.querySelector("a, form, .link") ? 10000 : 3000;
  let timer = setTimeout(() => toast.remove(), wait);
  const hold = () => clearTimeout(timer);
  const go = () => (hold(), (timer = setTimeout(() => toast.remove(), wait)));
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", go);
  toast.addEventListener("focusout", go);
}

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove());

// A status region reads out what is added to it, not what it was born with.
const born = [...(region()?.children ?? [])];
if (born.length) {
  region().replaceChildren();
  setTimeout(() => {
    region().append(...born);
    born.forEach(expire);
  }, 80);
}
