// Builds everything the browser loads into liuke/core/static/liuke/. Run: npm run build
import { build } from "esbuild";
import { mkdir, readFile, writeFile, copyFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAsync, NodePackageImporter } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../liuke/core/static/liuke");
const icons = join(here, "node_modules/@tabler/icons/icons");

// Every icon a template or a view may name. A name that is not here shows as nothing, so add it here first.
const ICONS = `
  activity address-book adjustments-horizontal alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left
  arrow-narrow-down arrow-narrow-up arrow-right arrow-up arrows-exchange arrows-sort at ban baseline-density-medium
  bell book box briefcase building building-store bulb calendar calendar-event calendar-plus cash chart-bar
  chart-funnel chart-line chart-pie check chevron-down chevron-left chevron-right chevron-up circle-check circle-x
  clipboard-list clock clock-hour-4 clock-pause columns-3 copy copy-check crown database database-export device-desktop device-floppy dots download eraser
  edit external-link eye eye-off file-description file-export file-import file-invoice file-spreadsheet file-text filter
  flag grip-vertical headset heart-handshake help-circle hierarchy history home id inbox info-circle key keyboard
  language layout-dashboard layout-sidebar-left-collapse layout-sidebar-left-expand layout-sidebar-right-collapse link
  list list-check list-details loader-2 lock lock-open login logout mail map map-pin menu-2 message message-2
  message-2-check minus mood-sad moon notebook notes package paperclip pencil phone pin player-stop plus point pool
  printer progress-check receipt refresh report-analytics rotate-clockwise search send settings shield-check shield-lock
  speakerphone star sun tag tags target-arrow timeline tool trash trending-down trending-up trophy upload user
  adjustments bolt sitemap id-badge-2 building-factory-2 calendar-check stairs-up user-star clock-play server-cog eye-check forms
  checkbox player-play calendar-due file-certificate
  file-music file-type-pdf file-zip photo presentation
  user-check user-circle user-cog user-minus user-off user-plus user-share user-up users users-group world x
`.trim().split(/\s+/);
const FILLED = ["point", "star"];

async function symbol(name, style, id) {
  const svg = await readFile(join(icons, style, `${name}.svg`), "utf8");
  const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
  const paint = style === "filled" ? ' fill="currentColor" stroke="none"' : "";
  return `<symbol id="${id}" viewBox="0 0 24 24"><g${paint}>${shapes}</g></symbol>`;
}

async function sprite() {
  const logo = await readFile(join(here, "src/logo.svg"), "utf8");
  const mark = logo.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replaceAll("#1F1F1F", "currentColor");
  const symbols = [
    `<symbol id="logo" viewBox="0 0 86 32">${mark}</symbol>`,
    ...(await Promise.all(ICONS.map((name) => symbol(name, "outline", name)))),
    ...(await Promise.all(FILLED.map((name) => symbol(name, "filled", `${name}-filled`)))),
  ];
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function styles() {
  for (const name of ["liuke", "picker"]) {
    const { css } = await compileAsync(join(here, `src/${name}.scss`), {
      style: "compressed",
      charset: false,
      quietDeps: true,
      importers: [new NodePackageImporter(here)],
      silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    });
    await writeFile(join(out, `${name}.css`), css.replace(/^\uFEFF/, ""));
  }
}

// Three separate files: a page loads liuke.js; charts and pickers come when a page holds one.
const scripts = build({
  entryPoints: ["liuke", "chart", "picker"].map((name) => join(here, `src/js/${name}.js`)),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox114", "safari16.4"],
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
});

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const images = ["logo.svg", "favicon.svg"].map((name) => copyFile(join(here, "src", name), join(out, name)));
await Promise.all([scripts, styles(), sprite(), ...images]);
