// [data-chart] with a <script type="application/json"> beside it:
// {"kind": "bar|line|pie|steps", "labels": [], "series": [{"name", "values": []}], "urls": [], "unit": "", "middle": []}
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map();

window.liukeChart = (box, texts) => {
  const data = JSON.parse(box.parentElement.querySelector('script[type="application/json"]').textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(options(data, texts, box));
  chart.on("click", ({ dataIndex }) => data.urls?.[dataIndex] && location.assign(data.urls[dataIndex]));
  drawn.set(box, () => chart.setOption(options(data, texts, box), true));
  new ResizeObserver(() => chart.resize()).observe(box);
};

// Colours come from the tokens that hold where the chart stands, paper is always light; a new theme draws again.
const redraw = () => setTimeout(() => drawn.forEach((draw) => draw()));
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

function options({ kind, labels, series, unit = "", middle = [] }, texts, box) {
  const token = (name) => getComputedStyle(box).getPropertyValue(`--lk-${name}`).trim();
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
      trigger: kind === "pie" ? "item" : "axis",
      axisPointer: { type: kind === "line" ? "line" : "shadow" },
      backgroundColor: token("raised"),
      borderColor: token("line-2"),
      textStyle: { ...text, color: token("text") },
      valueFormatter: (value) => (value == null ? texts.noData : `${value.toLocaleString("zh-CN")}${unit ? ` ${unit}` : ""}`),
    },
    legend: series.length > 1 ? { bottom: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text } : undefined,
  };
  if (kind === "pie") {
    const values = series[0].values.map((value, index) => ({ name: labels[index], value }));
    const sum = series[0].values.reduce((all, value) => all + value, 0);
    const label = { ...text, formatter: ({ name, value }) => `${name} ${((value / sum) * 100).toFixed(1)}%` }; // as in the table
    // Parts of one whole: calm hues, none of which warns.
    const color = ["bar", "bar-2", "celadon", "purple-fg", "bar-3", "field"].map(token);
    // Inside the ring: how many in all, and of what.
    const title = {
      text: middle[0],
      subtext: middle[1],
      left: "center",
      top: "middle",
      itemGap: 2,
      textStyle: { ...text, color: token("text"), fontSize: 26, fontWeight: 600 },
      subtextStyle: text,
    };
    return { ...common, color, ...(middle.length && { title }), series: [{ type: "pie", name: series[0].name, data: values, itemStyle: { borderColor: token("sheet"), borderWidth: 2 }, label, radius: ["48%", "72%"], center: ["50%", "50%"] }] };
  }
  if (kind === "steps") return { ...common, ...steps(labels, series[0], text, token) };
  return {
    ...common,
    grid: { left: 8, right: 8, top: 16, bottom: series.length > 1 ? 32 : 4, containLabel: true },
    xAxis: { type: "category", data: labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: token("line-2") } } },
    yAxis: { type: "value", minInterval: unit ? 0 : 1, axisLabel: text, splitLine: { lineStyle: { color: token("line") } } },
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

// One quantity going through steps: a lying bar for each, one hue, paler towards the end.
function steps(labels, { name, values }, text, token) {
  const hues = [token("bar"), token("bar-2")];
  const data = values.map((value, index) => ({ value, itemStyle: { color: echarts.color.lerp(index / values.length, hues) } }));
  return {
    grid: { left: 0, right: 36, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: { type: "category", data: labels, inverse: true, axisLabel: { ...text, margin: 12 }, axisTick: { show: false }, axisLine: { show: false } },
    series: [{ type: "bar", name, data, barWidth: 14, label: { ...text, show: true, position: "right" }, itemStyle: { borderRadius: [0, 3, 3, 0] } }],
  };
}
