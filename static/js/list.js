/* The expenses page: selects and changes rows, keeps the focus after a change. */
import { all, hit, isModified, isRtl, on, one } from "./dom.js";

const { htmx } = /** @type {any} */ (window);
const boxes = () => all("#rows [name=ids]", HTMLInputElement);
const rows = () => all("#rows .row", HTMLElement);
/** @type {HTMLInputElement | null} */
let last = null;

function showCount() {
  const chosen = boxes().filter((box) => box.checked).length;
  const counter = document.getElementById("selected");
  const every = one("#select-all", HTMLInputElement);
  if (counter) counter.textContent = String(chosen);
  if (!every) return;
  every.checked = chosen > 0 && chosen === boxes().length;
  every.indeterminate = chosen > 0 && !every.checked;
}

/**
 * Handles a click on a row's checkbox. With Shift, it changes all rows from the one clicked before.
 * @param {HTMLInputElement} box
 * @param {boolean} asRange
 */
function select(box, asRange) {
  const every = boxes();
  if (asRange && last && every.includes(last)) {
    const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
    for (const between of every.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
}

/* The category picker: one menu for all rows. Without JavaScript, the chip links to the edit page. */
const picker = document.getElementById("category-picker");
const items = () => all("#category-picker :is(button, a)", HTMLElement);
/** @type {HTMLElement | null} */
let chip = null;

/** @param {HTMLElement} opened */
function openPicker(opened) {
  if (!picker) return;
  chip = opened;
  const category = chip.closest("tr")?.dataset.category;
  for (const item of all("#category-picker [role=menuitemradio]", HTMLButtonElement)) {
    item.setAttribute("aria-checked", String(item.value === category));
  }
  one("[data-always]", HTMLAnchorElement, picker)?.setAttribute("href", chip.getAttribute("href")?.replace(/edit\/$/, "always/") ?? "");
  picker.showPopover();
  const at = chip.getBoundingClientRect();
  const box = picker.getBoundingClientRect();
  const start = isRtl ? at.right - box.width : at.left;
  picker.style.left = Math.max(8, Math.min(start, innerWidth - box.width - 8)) + "px";
  picker.style.top = Math.max(8, at.bottom + box.height + 8 > innerHeight ? at.top - box.height - 4 : at.bottom + 4) + "px";
  (one("[aria-checked=true]", HTMLElement, picker) ?? items()[0]).focus();
}

/** @param {string} slug */
function pickCategory(slug) {
  picker?.hidePopover();
  fileRow(chip?.closest("tr"), { category: slug });
}

function deletePicked() {
  const row = chip?.closest("tr");
  picker?.hidePopover();
  if (row) one(".row-actions button", HTMLElement, row)?.click();
}

/**
 * Files a row under a category, or under the likeliest one of a kind.
 * @param {HTMLElement | null | undefined} row
 * @param {Record<string, string>} values
 */
function fileRow(row, values) {
  const link = row && one(".row-cat > a", HTMLElement, row);
  change(row, link?.getAttribute("href")?.replace(/edit\/$/, "category/"), values);
}

on("finbrain:kind", (event) => fileRow(hit(event, ".row"), { kind: event.detail }));

/**
 * Sends a change of a row and replaces only that row. Without JavaScript, its buttons submit a form.
 * @param {HTMLElement | null | undefined} row
 * @param {string | null | undefined} address
 * @param {Record<string, string>} values
 */
function change(row, address, values) {
  htmx.ajax("POST", address, { source: row, target: row, swap: "outerHTML", values });
}

/** @param {KeyboardEvent} event */
function pickerKeys(event) {
  const every = items();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = all("#category-picker button", HTMLButtonElement).find((item) => item.dataset.pick === event.key);
  if (step) every.at((every.findIndex((item) => item === document.activeElement) + step) % every.length)?.focus();
  else if (chosen) pickCategory(chosen.value);
  else return;
  event.preventDefault();
}

picker?.addEventListener("keydown", pickerKeys);
picker?.addEventListener("click", (event) => {
  const item = hit(event, "button");
  if (item?.hasAttribute("data-delete")) deletePicked();
  else if (item instanceof HTMLButtonElement) pickCategory(item.value);
});
addEventListener("scroll", () => picker?.matches(":popover-open") && picker.hidePopover(), { passive: true });

on("click", (event) => {
  const box = hit(event, "#rows [name=ids]");
  if (box instanceof HTMLInputElement) select(box, event.shiftKey);
  const deselect = hit(event, "[data-deselect]");
  if (deselect) {
    for (const chosen of all("#list [type=checkbox]:checked", HTMLInputElement)) chosen.checked = false;
    one("#several-problem", HTMLElement)?.remove();
  }
  if (box || deselect) showCount();
  const opened = hit(event, ".row-cat > a");
  if (opened && picker && !isModified(event)) {
    event.preventDefault();
    openPicker(opened);
  }
  const button = hit(event, "#rows button");
  if (button instanceof HTMLButtonElement && htmx) {
    event.preventDefault();
    change(button.closest("tr"), button.getAttribute("formaction"), button.name ? { [button.name]: button.value } : {});
  }
  const slug = hit(event, "[data-choose]")?.dataset.choose;
  const category = one("#id_category", HTMLSelectElement);
  if (slug && category) {
    category.value = slug;
    document.getElementById("id_amount")?.focus();
  }
});

on("change", (event) => {
  const every = hit(event, "#select-all");
  if (!(every instanceof HTMLInputElement)) return;
  for (const box of boxes()) box.checked = every.checked;
  showCount();
});

on("htmx:afterSwap", showCount);

const list = () => document.getElementById("list");

/* The list that a change brings is as long as this one, so the page doesn't scroll. */
on("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") Object.assign(detail.headers, { "X-Rows": String(rows().length), "X-List": list()?.dataset.version });
});

/* The answer to an added expense is only its row, for the list that the request named. If it has changed since, get all. */
on("htmx:beforeSwap", ({ detail: { requestConfig, xhr } }) => {
  const [version, shown] = [xhr.getResponseHeader("X-List"), list()];
  if (!version || !shown) return;
  if (requestConfig.headers["X-List"] === shown.dataset.version) shown.dataset.version = version;
  else htmx.ajax("GET", location.href, { target: "#list", swap: "outerHTML" });
});

/* Until the filters open, their long lists of currencies are the text of a <noscript>. They may be open already. */
function showCurrencies() {
  for (const lists of all("details.filters[open] noscript", HTMLElement)) lists.outerHTML = lists.innerHTML;
}
document.addEventListener("toggle", showCurrencies, true);
showCurrencies();

/* The filters close once the list shows them, unless one was refused. */
on("htmx:afterSettle", ({ detail: { target } }) => {
  const filters = one("details.filters[open]", HTMLDetailsElement);
  if (filters && target?.id === "list" && !one(".errorlist li", HTMLElement, filters)) filters.open = false;
});

/* Leave empty parameters out of the address. */
on("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "filters") return;
  const data = event.detail.formData;
  for (const name of [...data.keys()]) if (!data.get(name)) data.delete(name);
});

/* If the focused row is gone after a change, focus the row that took its place. */
const places = new WeakMap();
on("htmx:beforeRequest", (event) => {
  places.set(event.detail.xhr, rows().findIndex((row) => row === hit(event, "#rows .row")));
});
on("htmx:afterSettle", ({ detail: { xhr } }) => {
  const place = places.get(xhr) ?? -1;
  if (place < 0 || document.activeElement !== document.body) return;
  const row = rows().at(Math.min(place, rows().length - 1));
  (row && one(".row-title a", HTMLElement, row) || document.getElementById("id_title"))?.focus({ preventScroll: true });
});
