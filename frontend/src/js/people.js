// select[data-people]: a box that cannot be typed into, with a button; people are picked in a pop-up by department
// and name (CUST-02). The pop-up lies in the top layer beside the select, so it works inside a dialog too.
import { announce, element, onPart, texts } from "./page.js";

onPart((root) => root.querySelectorAll("select[data-people]:not([data-dressed])").forEach(dress));

function dress(select) {
  const label = (select.labels[0]?.firstChild?.textContent ?? select.getAttribute("aria-label") ?? "").trim();
  const box = element("input", { class: "form-control", type: "text", readonly: "", tabindex: "-1", "aria-hidden": "true" });
  const button = element("button", { type: "button", class: "btn", "aria-haspopup": "dialog" }, texts.choose);
  const panel = element("div", { class: "lk-people", popover: "auto", role: "dialog", "aria-label": label });
  const optional = !select.required;
  button.id = select.id;
  select.id += "_select";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) button.setAttribute(name, select.getAttribute(name));
  }
  if (select.getAttribute("aria-invalid")) box.classList.add("is-invalid");
  Object.assign(select, { hidden: true, required: false });
  select.dataset.dressed = "";
  button.disabled = select.disabled;
  select.after(element("div", { class: "lk-pickbox" }, box, button), panel);

  const show = () => {
    const text = select.selectedOptions[0]?.text ?? "--";
    box.value = text;
    button.setAttribute("aria-label", `${texts.choose} ${label} ${select.value ? text : ""}`.trim());
  };
  const choose = (value, text) => {
    if (![...select.options].some((option) => option.value === value)) select.add(new Option(text, value));
    select.value = value;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    show();
    announce(`${label} ${box.value}`);
    panel.hidePopover();
    button.focus();
  };
  select.addEventListener("change", show);
  button.addEventListener("click", () => open(panel, select, choose, optional));
  box.addEventListener("click", () => button.click());
  show();
}

async function open(panel, select, choose, optional) {
  panel.showPopover();
  const search = { q: "", department: "" };
  const load = async () => {
    const url = new URL(select.dataset.people, location.href);
    for (const [name, value] of Object.entries({ ...search, load: select.dataset.load ?? "" })) url.searchParams.set(name, value);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return location.reload();
    return answer.text();
  };
  const refill = async () => {
    const fresh = new DOMParser().parseFromString((await load()) ?? "", "text/html").querySelector("[data-found]");
    if (fresh) panel.querySelector("[data-found]")?.replaceWith(fresh);
    announce(panel.querySelector("[data-found]")?.dataset.found);
  };
  panel.innerHTML = (await load()) ?? "";
  more(panel.querySelector("[data-more]"), select, optional);
  const field = panel.querySelector("[type=search]");
  field.focus();

  let timer;
  const wait = () => {
    search.q = field.value;
    clearTimeout(timer);
    timer = setTimeout(refill, 200);
  };
  panel.oninput = (event) => {
    event.stopPropagation(); // it is no part of the form
    if (!event.isComposing) wait();
  };
  panel.addEventListener("compositionend", wait);
  panel.onclick = ({ target }) => {
    const person = target.closest("[data-person]");
    const room = target.closest("[data-department]");
    if (person) choose(person.dataset.person, person.dataset.text);
    else if (room) {
      search.department = room.dataset.department;
      for (const one of panel.querySelectorAll("[data-department]")) one.setAttribute("aria-pressed", String(one === room));
      refill();
    } else if (target.closest("[data-close-people]")) panel.hidePopover();
  };
  panel.onkeydown = (event) => keys(event, panel);
}

// What else may be chosen: nobody, or another choice of the select that is no person.
function more(place, select, optional) {
  for (const { value, text } of select.options) {
    if (/^\d+$/.test(value) || (value === "" && !optional)) continue;
    const name = value === "" ? texts.remove : text;
    place.append(element("button", { type: "button", class: "btn btn-sm", "data-person": value, "data-text": text }, name));
  }
}

function keys(event, panel) {
  const inSearch = event.target.type === "search";
  if (event.key === "Enter" && inSearch) {
    event.preventDefault(); // never sends the form around it
    if (!event.isComposing) panel.querySelector("[data-found] [data-person]")?.click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing) return;
  const group = event.target.closest("[data-department]") ? "[data-department]" : "[data-found] [data-person]";
  const all = [...panel.querySelectorAll(group)];
  const next = all[all.indexOf(event.target) + step] ?? (step < 0 ? panel.querySelector("[type=search]") : all[0]);
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
}
