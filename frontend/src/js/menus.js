// Drop-down menus, the left menu's width, the theme, and the letters shown while Alt is held.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.lk-menu[open]")) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.lk-menu")));

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.lk-menu[open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll("a, button")].filter((item) => item.checkVisibility());
  const at = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopImmediatePropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    items.at((at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length)?.focus();
  }
});

// Remembered in a cookie, so that the server draws the next page in the right width at once.
document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-nav-toggle]");
  if (!toggle) return;
  const app = document.getElementById("app");
  const wide = app.querySelector(".lk-nav").offsetWidth > 100;
  app.dataset.nav = wide ? "closed" : "open";
  toggle.setAttribute("aria-expanded", String(!wide));
  document.cookie = `nav=${wide ? "collapsed" : "open"};path=/;max-age=31536000;samesite=lax`;
});

document.addEventListener("click", (event) => {
  const choice = event.target.closest("form[data-theme] button");
  if (choice) document.documentElement.dataset.bsTheme = choice.value;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Alt") document.documentElement.dataset.alt = "";
});
for (const name of ["keyup", "blur"]) window.addEventListener(name, () => delete document.documentElement.dataset.alt);
