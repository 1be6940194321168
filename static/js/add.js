/* The quick-add form. What is submitted leaves the form at once and is saved in order, so nobody waits or loses a letter. */
import { all, hit, on, one } from "./dom.js";

/** @typedef {Record<string, string>} Values the fields of one expense, by name */

const { htmx } = /** @type {any} */ (window);
const OPERATOR = /\p{Nd}\s*[-+*/x×÷]\s*[\p{Nd}.,]/u;
const REFUSED = 422;
const WAIT = 200;

const form = () => one("#quick-add", HTMLFormElement);
const field = (/** @type {string} */ name) => one(`#id_${name}`, HTMLInputElement);
const currency = () => one("#id_currency", HTMLSelectElement);

/** @type {Values[]} what is to be saved, the oldest first */
const queue = [];
/** @type {Values | null} what was being typed when an unsaved expense came back into the form */
let aside = null;
let saving = false;
let lastChosen = "";
let kept = "";
const hint = document.getElementById("suggestion")?.innerHTML ?? "";

/* Several tabs may show the same cached page. Each entry needs its own key, so that two never count as one sent twice. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function setKey() {
  const key = one("#quick-add [name=entry_key]", HTMLInputElement);
  if (key) key.value = newKey();
}

/** @returns {Values} */
const typed = () => Object.fromEntries([...new FormData(form() ?? undefined)].map(([name, value]) => [name, String(value)]));
const isBlank = () => !field("title")?.value && !field("amount")?.value;

/** @param {Values} values */
function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const input = form()?.elements.namedItem(name);
    if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = value;
  }
}

/* The amount that FinBrain reads from the title shows in its field, but the title keeps it until the entry is saved. */
/** @param {string} amount */
function showAmount(amount) {
  const input = field("amount");
  if (!input || (input.value && !input.dataset.fromTitle)) return;
  input.value = amount;
  if (amount) input.dataset.fromTitle = "1";
  else delete input.dataset.fromTitle;
}

/** The currency that the next entry begins with: the home currency, unless another was chosen twice in a row. */
function nextCurrency() {
  const select = currency();
  if (!select) return;
  const chosen = select.dataset.chosen ? select.value : "";
  if (chosen) kept = chosen === lastChosen ? chosen : "";
  if (chosen || select.value !== kept) lastChosen = chosen;
  select.value = kept || (select.dataset.home ?? select.value);
  delete select.dataset.chosen;
}

function clear() {
  const [title, amount] = [field("title"), field("amount")];
  if (!title || !amount) return;
  title.value = amount.value = "";
  delete amount.dataset.fromTitle;
  for (const name of ["category", "kind"]) fill({ [name]: "" });
  for (const input of all("#quick-add [aria-invalid]", HTMLElement)) input.removeAttribute("aria-invalid");
  for (const message of all("#quick-add .errorlist, #quick-add .alert", HTMLElement)) message.remove();
  nextCurrency();
  setKey();
  showSum("");
  const suggestion = document.getElementById("suggestion");
  if (suggestion) suggestion.innerHTML = hint;
  if (aside) fill(aside);
  aside = null;
  title.focus();
}

/** @param {Values} values */
function send(values) {
  const action = form()?.action;
  const sender = document.createElement("div");
  form()?.before(sender);
  /** @type {XMLHttpRequest | undefined} */
  let answer;
  sender.addEventListener("htmx:beforeSend", (event) => (answer = /** @type {CustomEvent} */ (event).detail.xhr));
  const sent = htmx.ajax("POST", action, { source: sender, target: sender, swap: "none", values });
  const done = () => {
    sender.remove();
    return answer ?? new XMLHttpRequest();
  };
  return sent.then(done, done);
}

async function save() {
  if (saving) return;
  saving = true;
  for (let values = queue[0]; values; values = queue[0]) {
    const { status, responseText } = await send(values);
    queue.shift();
    if (status < 200 || status >= 300) takeBack(values, status === REFUSED ? responseText : "");
  }
  saving = false;
}

/**
 * Shows an entry that wasn't saved: in the form if it is free, else in a list beside it.
 * @param {Values} values
 * @param {string} page the form with its messages, "" if the request failed
 */
function takeBack(values, page) {
  if (isBlank() && !queue.length) putBack(values, page);
  else listUnsaved(values, page);
}

/**
 * @param {Values} values
 * @param {string} page
 */
function putBack(values, page) {
  if (page) {
    const parsed = one("#quick-add", HTMLFormElement, new DOMParser().parseFromString(page, "text/html"));
    if (parsed) form()?.replaceWith(parsed);
    htmx.process(form());
    one("#quick-add [aria-invalid=true]", HTMLElement)?.focus();
  } else fill(values);
}

/**
 * @param {Values} values
 * @param {string} page
 */
function listUnsaved(values, page) {
  const entry = one("#unsaved-entry", HTMLTemplateElement)?.content.firstElementChild?.cloneNode(true);
  const list = document.getElementById("unsaved");
  if (!(entry instanceof HTMLElement) || !list) return;
  const said = one("bdi", HTMLElement, entry);
  if (said) said.textContent = [values.title, values.amount].filter(Boolean).join(" ");
  one("button", HTMLElement, entry)?.addEventListener("click", () => {
    if (!isBlank()) aside = { ...aside, ...typed() };
    entry.remove();
    list.hidden = !list.querySelector("li");
    putBack(values, page);
  });
  list.querySelector("ul")?.append(entry);
  list.hidden = false;
}

/** Whether the title has an amount, by the last suggestion if it is for this title, else by its numbers. */
function hasAmount() {
  const title = field("title")?.value ?? "";
  const read = one("#suggestion [data-title]", HTMLElement);
  if (read && read.dataset.title === title.trim()) return Boolean(read.dataset.amount);
  return /\p{Nd}/u.test(title);
}

/* Runs before htmx sees the event: the form sends nothing by itself. */
document.addEventListener("submit", (event) => {
  const sent = form();
  if (!sent || event.target !== sent) return;
  event.preventDefault();
  event.stopPropagation();
  const [title, amount] = [field("title"), field("amount")];
  if (document.activeElement === title && title?.value.trim() && !amount?.value && !hasAmount()) {
    amount?.focus();
    return;
  }
  const values = typed();
  if (amount?.dataset.fromTitle) values.amount = "";
  queue.push(values);
  clear();
  save();
}, true);

let timer = 0;

/** @param {string} text */
function showSum(text) {
  clearTimeout(timer);
  const sum = document.getElementById("sum");
  if (sum) sum.textContent = "";
  if (!OPERATOR.test(text)) return;
  const values = { amount: text, currency: currency()?.value };
  timer = setTimeout(() => htmx.ajax("GET", sum?.dataset.url, { source: sum, target: sum, swap: "innerHTML", values }), WAIT);
}

on("input", (event) => {
  const amount = hit(event, "#quick-add #id_amount");
  if (amount instanceof HTMLInputElement) {
    delete amount.dataset.fromTitle;
    showSum(amount.value);
  }
  const chosen = hit(event, "#quick-add #id_currency");
  if (chosen) chosen.dataset.chosen = "1";
});

/* On a phone, the form is one line until somebody needs it. It stays open, so nothing moves under a finger. */
on("focusin", (event) => hit(event, "#quick-add") && form()?.classList.add("is-open"));

/* An answer for a title that is no longer there, or a sum of another amount, changes nothing. */
on("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  const asked = requestConfig?.parameters ?? {};
  if (target?.id === "suggestion" && asked.title !== field("title")?.value) event.detail.shouldSwap = false;
  if (target?.id === "sum" && asked.amount !== field("amount")?.value) event.detail.shouldSwap = false;
});

on("htmx:afterSwap", (event) => {
  const read = hit(event, "#suggestion") && one("#suggestion [data-title]", HTMLElement);
  if (!read) return;
  const { amount = "", currency: known = "" } = read.dataset;
  showAmount(amount);
  const select = currency();
  if (known && select && !select.dataset.chosen) select.value = known;
});

/* A suggestion or a sum that fails to load is no reason for an error message: nothing was lost. */
for (const type of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(type, (event) => hit(event, "#id_title, #sum") && event.stopPropagation(), true);
}

/* An expense of a month that isn't shown: the next one is of today again, unless another date was chosen since. */
on("elsewhere", () => {
  const day = field("spent_on");
  if (day && queue[0] && day.value === queue[0].spent_on) day.value = day.defaultValue;
});

addEventListener("beforeunload", (event) => {
  if (queue.length || one("#unsaved li", HTMLElement)) event.preventDefault();
});

/* The browser moves the focus away when it scrolls to #add, so the cursor is set after that. */
const toTitle = () => location.hash === "#add" && field("title")?.focus({ preventScroll: true });
if (form()) {
  setKey();
  toTitle();
  addEventListener("load", () => setTimeout(toTitle));
  addEventListener("hashchange", toTitle);
}
