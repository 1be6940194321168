/* The theme switch, toasts and menus of every page, which also works without this script. */
import { all, hit, isModified, on, one, root } from "./dom.js";

/**
 * @param {string} name
 * @param {string} value
 */
function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/* The server needs the time zone to know which day is "today" for the person. */
remember("timezone", Intl.DateTimeFormat().resolvedOptions().timeZone);

/* Passkeys need HTTPS (or this device), a browser that knows them, and a name instead of an IP address. */
const hasName = !/^[\d.]+$|^\[/.test(location.hostname);
root.classList.toggle("no-passkeys", !(isSecureContext && hasName && "PublicKeyCredential" in window));

/* The server renders data-theme from the cookie, so that a page never flashes in the wrong theme. */
const THEMES = ["auto", "light", "dark"];
const GLYPHS = ["auto", "sun", "moon"];
const theme = () => Math.max(0, THEMES.indexOf(root.dataset.theme ?? ""));

function showTheme() {
  for (const button of all("[data-theme-set]", HTMLElement)) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === THEMES[theme()]));
  }
  for (const button of all("[data-theme-cycle]", HTMLElement)) {
    const { labelAuto, labelLight, labelDark } = button.dataset;
    const use = one("use", SVGElement, button);
    use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*/, "#" + GLYPHS[theme()]));
    button.setAttribute("aria-label", [labelAuto, labelLight, labelDark][theme()] ?? "");
  }
}

const announceTheme = () => document.dispatchEvent(new CustomEvent("themechange"));

/** @param {string} value */
function setTheme(value) {
  root.dataset.theme = value;
  remember("theme", value);
  showTheme();
  announceTheme();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announceTheme);

/* Toasts disappear after a few seconds, and not while they have the pointer or focus. Errors stay until they are dismissed, and an
   Undo button until it is used. */
const toasts = document.getElementById("toasts");
const { dismiss = "", failed = "", offline = "" } = toasts?.dataset ?? {};

/** @param {HTMLElement} toast */
function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-icon";
  close.setAttribute("aria-label", dismiss);
  close.textContent = "×";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  if (toast.matches(".toast-error")) return;
  toast.addEventListener("submit", () => (toast.dataset.used = "1"));
  toast.addEventListener("htmx:afterRequest", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.successful) toast.remove();
    else delete toast.dataset.used;
  });
  if (toast.querySelector("form")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, 6000);
}

/**
 * @param {string} text
 * @param {boolean} isError
 */
function showToast(text, isError) {
  const toast = document.createElement("div");
  const paragraph = document.createElement("p");
  toast.className = "toast" + (isError ? " toast-error" : "");
  paragraph.textContent = text;
  toast.append(paragraph);
  for (const old of all("#toasts .toast-error", HTMLElement)) if (old.textContent?.startsWith(text)) old.remove();
  toasts?.append(toast);
}

if (toasts) {
  const armAll = () => {
    const shown = all(".toast", HTMLElement, toasts);
    shown.forEach(arm);
    for (const old of shown.slice(0, -2)) old.remove();
  };
  armAll();
  new MutationObserver(armAll).observe(toasts, { childList: true });
  /* The errors of a 422 are shown at their fields, and a 401 (signed out) comes with its own toast. */
  on("htmx:responseError", (event) => [401, 422].includes(event.detail.xhr.status) || showToast(failed, true));
  on("htmx:sendError", () => showToast(offline, true));
  on("htmx:timeout", () => showToast(offline, true));
  on("toast", (event) => showToast(event.detail.text || event.detail.value, event.detail.error));
}

/* htmx discards responses with an error status, but a 422 has the form with its errors: show it. */
on("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

/* The bar shows while requests run. `loadend` ends each, whether it worked, failed or was cancelled. */
const bar = document.getElementById("loading-bar");
let busy = 0;
on("htmx:beforeSend", ({ detail: { xhr } }) => {
  bar?.classList.toggle("is-busy", ++busy > 0);
  xhr.addEventListener("loadend", () => bar?.classList.toggle("is-busy", --busy > 0));
});

/* The cursor goes to the first field that was refused. */
const toFirstProblem = () => one("main [aria-invalid=true]", HTMLElement)?.focus();
on("htmx:afterSettle", (event) => event.detail.xhr?.status === 422 && toFirstProblem());
toFirstProblem();

const openMenus = () => all("details.menu[open]", HTMLDetailsElement);

on("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  const chosen = hit(event, "[data-theme-set]")?.dataset.themeSet;
  if (chosen) setTheme(chosen);
  if (hit(event, "[data-theme-cycle]")) setTheme(THEMES[(theme() + 1) % 3]);
  const link = hit(event, "[data-focus]");
  const wanted = link?.dataset.focus;
  const target = wanted && one(wanted, HTMLElement);
  if (target && !isModified(event)) {
    event.preventDefault();
    if (link instanceof HTMLAnchorElement) history.replaceState(history.state, "", link.hash); // so that a reload focuses it, too
    target.scrollIntoView({ block: "center" });
    target.focus();
  }
});

on("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

/* The palette opens at once, so that no letter typed into it is a shortcut of the page. Its options and its script follow. */
const palette = one("#palette", HTMLDialogElement);
/** @type {KeyboardEvent[]} the keys that were pressed before the script listened */
const early = [];
palette?.addEventListener("keydown", (event) => palette.querySelector("[aria-busy=true]") && early.push(event));
palette?.addEventListener("close", () => (early.length = 0));

async function openPalette() {
  if (!palette) return;
  palette.showModal();
  const list = one("[role=listbox]:not([aria-busy])", HTMLElement, palette);
  if (!list) return;
  list.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(palette.dataset.options ?? "", { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw answer;
    list.innerHTML = await answer.text();
    await import(palette.dataset.script ?? "");
  } catch {
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    palette.close();
    showToast(answer ? failed : offline, true);
    return;
  }
  list.setAttribute("aria-busy", "false");
  for (const event of early.splice(0)) event.target?.dispatchEvent(new KeyboardEvent(event.type, event));
}

on("click", (event) => hit(event, "[data-open-palette]") && openPalette());
on("keydown", (event) => {
  const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK";
  if (!isAsked || !palette || one("dialog:modal", HTMLElement)) return;
  event.preventDefault();
  openPalette();
});

on("change", (event) => hit(event, "[data-autosubmit]")?.closest("form")?.requestSubmit());

showTheme();
