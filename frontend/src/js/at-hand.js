// What is at hand: favourites and what was opened last, under the menu, and the star of a record.
// The last answer is kept for the tab, so that the menu of the next page does not jump.
const KEPT = "at-hand";
const form = document.querySelector("[data-at-hand]");
const isRecord = /^\/[a-z-]+\/\d+\/$/.test(location.pathname);

function show(html) {
  form.querySelector("div").innerHTML = html;
  form.hidden = !form.querySelector("li");
}

async function ask(url, data = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(data)) body.set(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  sessionStorage.setItem(KEPT, html);
  show(html);
  mark(document.querySelector("[data-star]"));
}

function mark(star) {
  if (!star || !isRecord) return;
  star.hidden = false;
  star.setAttribute("aria-pressed", String(form.querySelector("[data-favourite]")?.dataset.favourite === "1"));
}

document.addEventListener("click", (event) => {
  const star = event.target.closest("[data-star]");
  if (!star) return;
  const on = star.getAttribute("aria-pressed") !== "true";
  ask("/at-hand/starred/", { page: location.pathname, on: on ? "1" : "0" });
});

function begin() {
  const kept = sessionStorage.getItem(KEPT);
  if (kept) show(kept);
  ask(form.action, isRecord ? { page: location.pathname } : {}); // what has been deleted or taken away since goes
}

if (form) begin();
else sessionStorage.removeItem(KEPT); // signed out: the next person starts afresh
