// data-upload: files are sent as soon as they are chosen or dropped; what is too large is told before it travels.
import { onPart } from "./page.js";

function send(form, input) {
  const most = Number(form.dataset.upload) * 1024 * 1024;
  const large = [...input.files].filter((file) => file.size > most);
  const note = form.querySelector("[data-too-large]");
  note.hidden = !large.length;
  note.textContent = large.map((file) => `“${file.name}” ${note.dataset.tooLarge}`).join(" ");
  if (large.length) input.value = "";
  else if (input.files.length) form.requestSubmit();
}

function watch(form) {
  const input = form.querySelector("input[type=file]");
  let depth = 0; // the pointer also enters and leaves what lies inside
  const over = (on) => form.classList.toggle("over", on);
  form.classList.add("ready");
  input.addEventListener("change", () => send(form, input));
  form.addEventListener("dragenter", () => over(++depth > 0));
  form.addEventListener("dragleave", () => over(--depth > 0));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over((depth = 0) > 0);
    input.files = event.dataTransfer.files;
    send(form, input);
  });
}

onPart((root) => {
  for (const form of root.querySelectorAll("form[data-upload]:not(.ready)")) watch(form);
});
