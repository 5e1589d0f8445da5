// What htmx's answers mean here: errors that are no fragment become a toast, lost requests can be tried again.
import { showToast } from "./toasts.js";
import { texts, announce } from "./page.js";

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  // Empty filters would only make the address longer.
  if (ctx.request.method !== "GET" || ctx.sourceElement.matches("[data-ask]")) return;
  for (const [name, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(name);
  const url = new URL(ctx.request.action, location.href);
  const form = ctx.sourceElement.closest("form");
  if (form) for (const field of form.elements) url.searchParams.delete(field.name);
  ctx.request.action = url.pathname + url.search;
});

document.addEventListener("htmx:before:response", (event) => {
  const { response, request } = event.detail.ctx;
  const to = response.headers.get("HX-Redirect");
  if (to) {
    // htmx would only change the hash when the page is the same: then nothing new would be shown.
    event.preventDefault();
    const url = new URL(to, location.href);
    const stays = url.pathname === location.pathname && url.search === location.search && url.hash;
    location.assign(url);
    if (stays) location.reload();
    return;
  }
  // A plain redirect after a form was followed by the browser: what came is a page, not a part.
  if (request.method !== "GET" && response.raw.redirected) {
    event.preventDefault();
    location.assign(response.raw.url);
  }
});

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status >= 500) {
    const number = ctx.response.headers.get("X-Reference");
    showToast(number ? `${texts.failed} (${number})` : texts.failed, { level: "error", retry: () => retry(ctx) });
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (ctx) showToast(texts.offline, { level: "error", retry: () => retry(ctx) });
});

function retry({ sourceElement, sourceEvent }) {
  if (!sourceElement.isConnected) return;
  if (sourceElement.matches("form")) sourceElement.requestSubmit(sourceEvent?.submitter ?? undefined);
  else sourceElement.click();
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
  const part = target?.isConnected ? target : document.getElementById(target?.id);
  part?.removeAttribute("aria-busy");
  announce(part?.dataset.announce);
  (part ?? document).querySelector("[data-focus]")?.focus();
});
