// [data-chart] with a <script type="application/json"> beside it:
// {"kind": "bar|line|pie|funnel", "labels": [], "series": [{"name", "values": []}], "urls": [], "unit": ""}
import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, FunnelChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map();

window.liukeChart = (box, texts) => {
  const data = JSON.parse(box.parentElement.querySelector('script[type="application/json"]').textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(options(data, texts));
  chart.on("click", ({ dataIndex }) => data.urls?.[dataIndex] && location.assign(data.urls[dataIndex]));
  drawn.set(box, () => chart.setOption(options(data, texts), true));
  new ResizeObserver(() => chart.resize()).observe(box);
};

// Colours come from the page's tokens; a new theme draws again.
const redraw = () => setTimeout(() => drawn.forEach((draw) => draw()));
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

function options({ kind, labels, series, unit = "" }, texts) {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--lk-${name}`).trim();
  const text = { color: token("text-2"), fontFamily: token("font"), fontSize: 12 };
  const colours = [token("bar"), token("celadon"), token("amber"), token("purple-fg"), token("bar-2"), token("red")];
  const common = {
    color: colours,
    textStyle: text,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    // Drawn inside the chart: the page's policy allows no inline styles in HTML tips.
    tooltip: {
      renderMode: "richText",
      trigger: kind === "bar" || kind === "line" ? "axis" : "item",
      axisPointer: { type: kind === "bar" ? "shadow" : "line" },
      backgroundColor: token("raised"),
      borderColor: token("line-2"),
      textStyle: { ...text, color: token("text") },
      valueFormatter: (value) => (value == null ? texts.noData : `${value.toLocaleString("zh-CN")}${unit ? ` ${unit}` : ""}`),
    },
    legend: series.length > 1 || kind === "pie" ? { bottom: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text } : undefined,
  };
  if (kind === "pie" || kind === "funnel") {
    const values = series[0].values.map((value, index) => ({ name: labels[index], value }));
    const edge = { borderColor: token("sheet"), borderWidth: 2 };
    const shape = kind === "pie" ? { radius: ["48%", "72%"], center: ["50%", "44%"] } : { sort: "none", top: 8, bottom: 8, left: "2%", right: "38%", minSize: "8%", gap: 2 };
    const label = kind === "pie" ? { ...text, formatter: "{b} {d}%" } : { ...text, position: "right", formatter: "{b}  {c}" };
    // A funnel is one quantity: one hue, paler towards its end.
    if (kind === "funnel") values.forEach((value, index) => (value.itemStyle = { color: echarts.color.lerp(index / values.length, [token("bar"), token("bar-2")]) }));
    return { ...common, series: [{ type: kind, name: series[0].name, data: values, itemStyle: edge, label, labelLine: { show: kind === "pie" }, ...shape }] };
  }
  return {
    ...common,
    grid: { left: 8, right: 8, top: 16, bottom: series.length > 1 ? 32 : 4, containLabel: true },
    xAxis: { type: "category", data: labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: token("line-2") } } },
    yAxis: { type: "value", axisLabel: text, splitLine: { lineStyle: { color: token("line") } } },
    series: series.map(({ name, values }) => ({
      type: kind,
      name,
      data: values,
      barMaxWidth: 32,
      smooth: false,
      symbolSize: 6,
      itemStyle: kind === "bar" ? { borderRadius: [3, 3, 0, 0] } : undefined,
    })),
  };
}
