// textarea[data-mentions=address]: colleagues are offered behind an @, chosen with arrows and Enter or by a click.
import { element, onPart } from "./page.js";

const CALLED = /@([^\s@]{0,20})$/;

onPart((root) => {
  for (const area of root.querySelectorAll("[data-mentions]:not([data-ready])")) {
    area.dataset.ready = "";
    offer(area);
  }
});

function offer(area) {
  const list = element("ul", { class: "lk-mention", role: "listbox", id: `${area.id}-people`, "aria-label": "@", hidden: "" });
  area.after(list);
  let asked = 0;

  const close = () => {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  };
  const mark = (at) => {
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (list.children[at]) area.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const marked = () => [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");
  const take = (item) => {
    const before = area.value.slice(0, area.selectionStart).replace(CALLED, `@${item.textContent} `);
    area.setRangeText(before, 0, area.selectionStart, "end");
    close();
    area.focus();
  };

  area.addEventListener("input", async () => {
    const called = CALLED.exec(area.value.slice(0, area.selectionStart));
    if (!called) return close();
    const turn = ++asked;
    const answer = await fetch(`${area.dataset.mentions}?q=${encodeURIComponent(called[1])}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || turn !== asked) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.slice(0, 8).map(({ text }, place) => element("li", { role: "option", id: `${list.id}-${place}` }, text)));
    list.hidden = !items.length;
    if (list.hidden) return close();
    area.setAttribute("aria-controls", list.id);
    mark(0);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((marked() + step + list.children.length) % list.children.length);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(list.children[marked()]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (event.target.closest("li")) take(event.target.closest("li"));
  });
  area.addEventListener("blur", close);
}
