// The right edge of a column is dragged, or moved by arrow keys; a double click makes it as wide as what it holds.
import { element, onPart, texts } from "./page.js";

const LEAST = 48;
const MOST = 1200;
const STEP = 16;
let saving;

onPart(() => {
  const table = document.querySelector("[data-widths] .sized");
  if (table) fitActs(table);
  for (const head of document.querySelectorAll("[data-widths] th[data-column]:not(:has(.lk-edge))")) {
    const label = `${texts.columnWidth} ${head.textContent.trim()}`;
    head.append(element("span", { class: "lk-edge", role: "separator", "aria-orientation": "vertical", "aria-label": label,
      "aria-valuemin": LEAST, "aria-valuemax": MOST, "aria-valuenow": head.offsetWidth, tabindex: 0 }));
  }
});

document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest(".lk-edge");
  if (!edge || event.button) return;
  const from = event.clientX;
  const width = edge.parentElement.offsetWidth;
  edge.setPointerCapture(event.pointerId);
  edge.onpointermove = ({ clientX }) => clientX !== from && resize(edge, width + clientX - from);
  edge.onlostpointercapture = () => (edge.onpointermove = null);
});

document.addEventListener("keydown", (event) => {
  const edge = event.target.closest?.(".lk-edge");
  const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
  if (!edge || !by) return;
  event.preventDefault();
  resize(edge, edge.parentElement.offsetWidth + by);
});

document.addEventListener("dblclick", ({ target }) => {
  const edge = target.closest(".lk-edge");
  if (!edge) return;
  resize(edge, LEAST);
  const place = edge.parentElement.cellIndex;
  const cells = [...edge.closest("table").rows].map((row) => row.cells[place]).filter((cell) => cell?.colSpan === 1);
  resize(edge, Math.max(...cells.map((cell) => cell.scrollWidth)) + 14);
});

/** Other rows may offer more acts than those that were there when a column was dragged. */
function fitActs(table) {
  const cols = [...table.querySelectorAll("col")];
  const wanted = Math.max(...[...table.tBodies[0].rows].map((row) => row.lastElementChild.scrollWidth));
  const lacking = wanted - table.tHead.rows[0].lastElementChild.clientWidth;
  if (lacking <= 0) return;
  cols.at(-1).dataset.width = wanted;
  table.setAttribute("width", sum(cols));
}

const widthOf = (col) => Number(col.width || col.dataset.width);
const sum = (cols) => cols.reduce((all, col) => all + widthOf(col), 0);

/** From now on each column has its width: what they have now, but for this one. */
function resize(edge, width) {
  const table = edge.closest("table");
  const heads = [...table.tHead.rows[0].cells];
  if (!table.classList.contains("sized")) {
    const now = heads.map((head) => Math.ceil(head.getBoundingClientRect().width));
    const last = now.pop();
    table.caption.after(element("colgroup", {}, ...now.map((one) => element("col", { width: one })), element("col", { "data-width": last })));
    table.classList.add("sized");
  }
  const cols = [...table.querySelectorAll("col")];
  const mine = cols[edge.parentElement.cellIndex];
  mine.width = Math.min(Math.max(Math.round(width), LEAST), MOST);
  table.setAttribute("width", sum(cols));
  edge.setAttribute("aria-valuenow", mine.width);
  clearTimeout(saving);
  saving = setTimeout(save, 300, table, heads.map((head, n) => `${head.dataset.column ?? (n ? "-acts" : "-boxes")}:${widthOf(cols[n])}`));
}

function save(table, widths) {
  const body = new FormData(document.querySelector("[data-at-hand]"));
  body.set("widths", widths);
  fetch(table.parentElement.dataset.widths, { method: "POST", body, keepalive: true });
}
