// Rows of a form that is a table ([data-lines]): one more on demand, and what they come to while somebody types.
import { announce } from "./page.js";

const number = (box) => Number(box?.value) || 0;

function count(table) {
  let total = 0;
  for (const row of table.querySelectorAll("[data-line]")) {
    const away = row.querySelector("[name$=-delete]")?.checked;
    row.classList.toggle("away", Boolean(away));
    const [quantity, price] = ["quantity", "unit_price"].map((name) => row.querySelector(`[name$=-${name}]`));
    const cents = Math.round(Number((number(quantity) * number(price) * 100).toPrecision(15)));
    if (quantity?.value && price?.value) row.querySelector("output").textContent = money(cents);
    if (!away) total += cents;
  }
  table.querySelector("[data-total]").textContent = money(total);
}

const money = (cents) => (cents / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const table = target.closest?.("[data-lines]");
    if (table) count(table);
  });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-add-line]");
  if (!button) return;
  const table = button.closest("[data-lines]");
  const sent = table.querySelector("input[name=lines]");
  const made = table.querySelector("template").innerHTML.replaceAll("NEW", sent.value);
  sent.value = Number(sent.value) + 1;
  table.querySelector("tbody").insertAdjacentHTML("beforeend", made);
  document.dispatchEvent(new Event("htmx:after:swap")); // pickers and dates look at new parts
  const row = table.querySelector("tbody tr:last-child");
  (row.querySelector(".ts-control input, input") ?? row).focus();
  announce(button.textContent.trim());
});
