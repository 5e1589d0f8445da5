// select[data-remote="/…/"]: asks the server while typing. GET ?q= → {"items": [{"value", "text"}]}
import TomSelect from "tom-select/base";
import clearButton from "tom-select/dist/esm/plugins/clear_button/plugin.js";
import dropdownInput from "tom-select/dist/esm/plugins/dropdown_input/plugin.js";

TomSelect.define("clear_button", clearButton);
TomSelect.define("dropdown_input", dropdownInput);

window.liukePicker = (select, texts) => {
  const note = (text) => {
    const div = document.createElement("div");
    div.className = "no-results";
    div.textContent = text;
    return div;
  };
  const line = (tag) => (item) => {
    const node = document.createElement(tag);
    node.className = tag === "div" ? "option" : "";
    node.textContent = item.text;
    return node;
  };
  // Until the answer has come what stands in the list belongs to another question: Enter would take somebody else.
  let asked = "";
  let answered = "";
  let found = new Set();
  const fits = (query) => ({ value, text }) =>
    Number(query === answered ? found.has(String(value)) : String(text).toLowerCase().includes(query.toLowerCase()));
  const wasFocused = document.activeElement === select;
  select.setAttribute("aria-hidden", "true");
  const picker = new TomSelect(select, {
    valueField: "value",
    labelField: "text",
    searchField: [],
    maxOptions: 50,
    // Where it has the focus from the start nothing is offered before anybody has typed: the list would hide what stands
    // below, Enter take its first, and the answer to an empty question take the place of the one that was typed.
    openOnFocus: !wasFocused,
    preload: wasFocused ? false : "focus",
    loadThrottle: 250,
    placeholder: select.dataset.placeholder ?? texts.typeToSearch,
    plugins: select.required ? [] : { clear_button: { title: texts.remove } },
    score: fits,
    load(query, done) {
      const url = new URL(select.dataset.remote, location.href);
      url.searchParams.set("q", query);
      asked = query;
      fetch(url, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then(({ items }) => {
          if (query !== asked) return done();
          answered = query;
          found = new Set(items.map(({ value }) => String(value)));
          this.clearOptions((option) => this.items.includes(String(option.value)));
          done(items);
        })
        .catch(() => done());
    },
    render: { option: line("div"), item: line("div"), no_results: ({ input }) => note(input === answered ? texts.noMatch : texts.loading), loading: () => note(texts.loading) },
  });
  // Ctrl Enter saves the form with what was chosen: what the open list only marks was never chosen.
  const keyed = picker.onKeyDown;
  picker.onKeyDown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) picker.close();
    else keyed.call(picker, event);
  };
  if (wasFocused) picker.focus();
};
