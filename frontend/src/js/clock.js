// The company's time: minutes, with seconds while the pointer rests on it.
const clock = document.querySelector("[data-clock]");

if (clock) {
  // Swedish writes dates as 2007-12-13 14:08.
  const style = { dateStyle: "short", timeZone: clock.dataset.zone };
  const minutes = new Intl.DateTimeFormat("sv-SE", { ...style, timeStyle: "short" });
  const seconds = new Intl.DateTimeFormat("sv-SE", { ...style, timeStyle: "medium" });
  const draw = () => (clock.textContent = (clock.matches(":hover") ? seconds : minutes).format(Date.now()));
  draw();
  setInterval(draw, 1000);
  clock.addEventListener("mouseenter", draw);
  clock.addEventListener("mouseleave", draw);
}
