/* The command palette: a combobox that lists pages, saved views, months, currencies and themes. ui.js loads it with that list. */
import { all, hit, one } from "./dom.js";

const palette = one("#palette", HTMLDialogElement) ?? document.createElement("dialog");
const field = one("input", HTMLInputElement, palette);
const options = all("[role=option]", HTMLElement, palette);
const searches = options.filter((option) => option.dataset.search);
const shown = () => options.filter((option) => !option.hidden);
const chosen = () => shown().find((option) => option.ariaSelected === "true");

/** @param {HTMLElement | undefined} option */
function choose(option) {
  for (const each of options) each.ariaSelected = String(each === option);
  field?.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

/** Shows the options that have every typed word. What is many of a kind shows only when somebody types. */
function filter() {
  const typed = field?.value.trim() ?? "";
  const words = typed.toLowerCase().split(/\s+/);
  for (const option of options) {
    const text = option.textContent?.toLowerCase() ?? "";
    option.hidden = typed ? !words.every((word) => text.includes(word)) : "rare" in option.dataset;
  }
  for (const search of searches) {
    search.hidden = !typed;
    const about = one("bdi", HTMLElement, search);
    if (about) about.textContent = typed;
  }
  choose(shown()[0]);
}

/**
 * The address of this page with one parameter changed, if it is the list or the dashboard, else of the list.
 * @param {string} name
 * @param {string} value
 */
function here(name, value) {
  const { list = "/", dashboard = "/" } = palette.dataset;
  const isHere = [list, dashboard].includes(location.pathname);
  const query = new URLSearchParams(isHere ? location.search : "");
  if (name === "month") for (const other of ["day", "from", "to", "since", "until", "after"]) query.delete(other);
  query.set(name, value);
  return `${isHere ? location.pathname : list}?${query}`;
}

/** @param {HTMLElement | null | undefined} option */
function run(option) {
  const { href, month, currency, search, scheme } = option?.dataset ?? {};
  palette.close();
  if (scheme) one(`[data-theme-set=${scheme}]`, HTMLElement)?.click();
  if (month) location.assign(here("month", month));
  if (currency) location.assign(here(location.pathname === palette.dataset.dashboard ? "currency" : "display", currency));
  if (search) location.assign(search + encodeURIComponent(field?.value.trim() ?? ""));
  if (!href) return;
  const title = document.getElementById("id_title");
  if (href.endsWith("#add") && title) title.focus();
  else location.assign(href);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowDown: () => choose(shown()[shown().findIndex((option) => option === chosen()) + 1] ?? shown()[0]),
  ArrowUp: () => choose(shown().at(shown().findIndex((option) => option === chosen()) - 1)),
  Enter: () => run(chosen()),
};

field?.addEventListener("input", filter);
field?.addEventListener("keydown", (event) => {
  const act = event.isComposing ? undefined : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
palette.addEventListener("click", (event) => {
  const option = hit(event, "[role=option]");
  if (option) run(option);
  else if (event.target === palette) palette.close();
});
palette.addEventListener("close", () => {
  if (field) field.value = "";
  filter();
});
filter();
