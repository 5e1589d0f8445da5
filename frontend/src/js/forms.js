// Sent once, left with a question, saved by keys, passwords shown on request.
import { texts } from "./page.js";

const dirty = new Set();

// data-once: a second press of the button must not send a second time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  dirty.delete(form);
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  // After the browser has collected the values: a disabled button would not be among them.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button], [type=reset])")) {
      button.disabled = true;
      if (button === (event.submitter ?? form.querySelector("[data-save], button"))) button.setAttribute("aria-busy", "true");
    }
  });
}, true);

function release(root = document) {
  for (const form of root.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button:disabled")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  // With HX-Redirect the page is leaving: the button stays as it is.
  if (!ctx.hx?.redirect && !ctx.response?.raw?.redirected) release();
  if (ctx.sourceElement?.matches?.("[data-guard]") && !(ctx.response?.status < 400)) dirty.add(ctx.sourceElement);
});
window.addEventListener("pageshow", (event) => event.persisted && release());

// Going back to a form that was sent brings its words back; the key must come back with them, or they are saved twice.
const keys = [...document.querySelectorAll("input[name=once]")];
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  keys.forEach((key, place) => (key.value = history.state?.once?.[place] ?? key.value));
}
if (keys.length) history.replaceState({ ...history.state, once: keys.map((key) => key.value) }, "");

// data-guard: leaving with changes asks.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) dirty.add(form);
});
document.addEventListener("reset", (event) => dirty.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected && !form.dataset.sent)) event.preventDefault();
});

// data-beside: what is marked as required there is so while its box is ticked.
document.addEventListener("change", ({ target }) => {
  const beside = target.matches("[data-beside] > .lk-check > input") && target.closest("[data-beside]");
  if (!beside) return;
  for (const field of beside.querySelectorAll(".lk-field:has(.req) :is(input, select, textarea)")) {
    field.required = target.checked;
  }
  if (target.checked) beside.querySelector(".inside :is(input, select, textarea)")?.focus();
});

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const field = document.getElementById(eye.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
    eye.setAttribute("aria-label", shown ? texts.showPassword : texts.hidePassword);
    const use = eye.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-off"));
  }
  const filler = event.target.closest("[data-fill]");
  if (filler) {
    for (const [name, value] of Object.entries(JSON.parse(filler.dataset.fill))) {
      const field = filler.form.elements.namedItem(name);
      if (field) field.value = value;
    }
    const blank = [...filler.form.elements].find((field) => field.required && !field.value);
    (blank ?? filler.form.querySelector("button:not([type=button], [type=reset])")).focus();
  }
});

// A form that came back with errors starts where they are told.
document.querySelector("[data-focus]")?.focus();

// data-check-all="name": one box for a whole column of boxes.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.checkAll;
  if (name) for (const box of document.querySelectorAll(`input[name="${CSS.escape(name)}"]:not(:disabled)`)) box.checked = event.target.checked;
});
