// Charts and pickers are large: fetched when a page holds one.
import { element, loadScript, onPart, texts } from "./page.js";

onPart(async (root) => {
  const charts = [...root.querySelectorAll("[data-chart]:not([data-drawn])")];
  if (charts.length) {
    charts.forEach((chart) => (chart.dataset.drawn = ""));
    await loadScript(texts.assets.chart);
    charts.forEach((chart) => window.liukeChart(chart, texts));
  }
  const selects = [...root.querySelectorAll("select[data-remote]:not([data-picked], [data-people])")];
  if (selects.length) {
    selects.forEach((select) => (select.dataset.picked = ""));
    document.head.append(element("link", { rel: "stylesheet", href: texts.assets.pickerStyle }));
    await loadScript(texts.assets.picker);
    selects.forEach((select) => window.liukePicker(select, texts));
  }
});
