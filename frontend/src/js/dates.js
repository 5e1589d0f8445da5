// input[data-date]: typed loosely (20071213, 12-13, 今天, +3) or picked from the browser's calendar.
import { element, icon, onPart, texts } from "./page.js";

const pad = (n) => String(n).padStart(2, "0");
const iso = (day) => `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;

function shifted(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return iso(day);
}

function valid(year, month, date) {
  const day = new Date(year, month - 1, date);
  return day.getMonth() === month - 1 && day.getDate() === date ? iso(day) : null;
}

export function parseDate(typed) {
  const text = typed.trim().toLowerCase().replace(/[０-９]/g, (digit) => digit.charCodeAt(0) - 65296);
  const words = {
    今天: 0, 明天: 1, 后天: 2, 昨天: -1, 前天: -2,
    today: 0, tomorrow: 1, yesterday: -1,
    [texts.today]: 0, [texts.tomorrow]: 1, [texts.yesterday]: -1,
  };
  if (text in words) return shifted(words[text]);
  let match;
  if ((match = text.match(/^([+-]\d{1,4})$/))) return shifted(Number(match[1]));
  if ((match = text.match(/^(\d{4})(\d{2})(\d{2})$/))) return valid(+match[1], +match[2], +match[3]);
  if ((match = text.match(/^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/))) return valid(+match[1], +match[2], +match[3]);
  const year = new Date().getFullYear();
  if ((match = text.match(/^(\d{1,2})\D+(\d{1,2})\D*$/))) return valid(year, +match[1], +match[2]);
  if ((match = text.match(/^(\d{2})(\d{2})$/))) return valid(year, +match[1], +match[2]);
  return null;
}

// Before any other listener of `change` reads the value.
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[data-date]")) return;
  const date = parseDate(event.target.value);
  if (date) event.target.value = date;
}, true);

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("input[data-date]")) return;
  if (event.altKey && event.key === "ArrowDown") {
    event.preventDefault();
    event.target.parentElement.querySelector("button")?.click();
  }
  if (event.key === "Enter" && !event.isComposing) {
    const date = parseDate(event.target.value);
    if (date) event.target.value = date;
  }
});

onPart((root) => {
  for (const input of root.querySelectorAll("input[data-date]:not([readonly], [disabled])")) {
    if (input.parentElement.matches(".lk-date")) continue;
    const native = element("input", { type: "date", tabindex: "-1", "aria-hidden": "true" });
    const button = element("button", { type: "button", "aria-label": texts.pickDate, tabindex: "-1" }, icon("calendar"));
    const wrap = element("span", { class: "lk-date" });
    input.before(wrap);
    wrap.append(input, native, button);
    button.addEventListener("click", () => {
      native.value = parseDate(input.value) ?? "";
      native.showPicker?.();
    });
    native.addEventListener("change", (event) => {
      event.stopPropagation();
      input.value = native.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
  }
});
