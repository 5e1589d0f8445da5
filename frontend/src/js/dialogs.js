// Links marked data-dialog open in the one <dialog> of the page; without script they are pages of their own.
import htmx from "htmx.org";
import { element, icon, texts } from "./page.js";

const dialog = document.getElementById("dialog");
let opener = null;

export const isOpen = () => !!dialog?.open;

export function openWith(content) {
  opener = document.activeElement;
  dialog.replaceChildren(content);
  show();
}

export function box(title, ...body) {
  const close = element("button", { type: "button", class: "btn btn-quiet btn-icon push", "data-close": "", "aria-label": texts.close }, icon("x"));
  return element("div", { class: "lk-box" }, element("header", {}, element("h2", { id: "dialog-title" }, title), close), element("div", { class: "body" }, ...body));
}

/** Opens what an address answers; the focus returns to `from` afterwards. */
export async function openAddress(url, from) {
  if (from.getAttribute("aria-busy")) return;
  opener = from.closest("details.lk-menu")?.querySelector("summary") ?? from;
  from.closest("details.lk-menu")?.removeAttribute("open");
  from.setAttribute("aria-busy", "true");
  // Asked by the dialog itself where a form's button opens it: the form's fields are no part of the question.
  await htmx.ajax("GET", url, { source: from.form ? dialog : from, target: dialog, swap: "innerHTML" });
  from.removeAttribute("aria-busy");
}

function show() {
  if (!dialog.open && dialog.isConnected) dialog.showModal();
  const first =
    dialog.querySelector("[data-focus]") ??
    dialog.querySelector("[data-first]") ??
    dialog.querySelector("[aria-invalid=true]") ??
    dialog.querySelector("form :is(input:not([type=hidden], [type=date]), select, textarea):not([disabled])") ??
    dialog.querySelector("footer .btn") ??
    dialog.querySelector("[data-close]");
  first?.focus();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openAddress(link.href, link);
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
    if (target === dialog && dialog.childElementCount) show();
  });

  dialog.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close], [data-cancel]");
    if (closer) {
      event.preventDefault();
      dialog.close();
    }
  });

  dialog.addEventListener("close", () => {
    if (dialog.open) return; // opened anew before the event of closing came
    dialog.replaceChildren();
    if (opener?.isConnected) opener.focus();
    opener = null;
  });
}

