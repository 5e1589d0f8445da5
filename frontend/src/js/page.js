// What every other module needs: the texts printed by the page, and a call for new parts of it.
const block = document.getElementById("texts");
export const texts = block ? JSON.parse(block.textContent) : { assets: {}, go: {}, keys: [] };

/** Runs `enhance(root)` for the page now and for every part that htmx brings later. */
export function onPart(enhance) {
  const run = () => enhance(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run);
  else run();
  document.addEventListener("htmx:after:swap", run);
}

export function announce(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 60);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "lk-i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${texts.assets.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const loaded = {};

export function loadScript(src) {
  loaded[src] ??= new Promise((resolve, reject) => {
    const script = element("script", { src });
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return loaded[src];
}
