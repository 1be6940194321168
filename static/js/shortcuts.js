/* Keyboard shortcuts. An element's data-key names the key that clicks it. Keys typed into a field are left alone, and so are
   those typed while a dialog is open or being loaded. */
import { all, hit, on, one } from "./dom.js";

const FIELD = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const current = () => document.activeElement?.closest("#rows .row");

/** @param {number} step */
function move(step) {
  const rows = all("#rows .row", HTMLElement);
  const at = rows.findIndex((row) => row === current());
  const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
  if (next) one(".row-title a", HTMLElement, next)?.focus();
}

/** @type {Record<string, string>} the elements that keys click in the focused row */
const IN_ROW = { x: "[name=ids]", c: ".row-cat > a", y: ".ask button", Delete: ".row-actions button" };

/** @type {Record<string, string>} the kinds that keys give the focused row, see list.js */
const KINDS = { m: "moved", r: "received" };

/** @type {Record<string, () => void>} */
const ANYWHERE = {
  j: () => move(1),
  k: () => move(-1),
  i: () => one(".nav-link[href$='/inbox/']", HTMLElement)?.click(),
  t: () => all(".toast:not([data-used]) .toast-twins", HTMLElement).at(-1)?.click(),
  u: () => all(".toast:not([data-used]) .toast-undo", HTMLElement).at(-1)?.click(),
};

/**
 * The key's Latin letter, also on a Hebrew, Greek or Cyrillic keyboard.
 * @param {KeyboardEvent} event
 */
const named = ({ key, code }) => (/^\P{ASCII}$/u.test(key) && code.startsWith("Key") ? code.charAt(3).toLowerCase() : key);

/** @param {HTMLElement} element */
function press(element) {
  if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
  } else element.click();
}

/**
 * The action of a key in the current state of the page.
 * @param {string} key
 * @returns {(() => void) | undefined}
 */
function action(key) {
  const element = one(`[data-key="${CSS.escape(key)}"]`, HTMLElement);
  if (element) return () => press(element);
  const row = current();
  if (row && IN_ROW[key]) return () => one(IN_ROW[key], HTMLElement, row)?.click();
  if (row && KINDS[key]) return () => row.dispatchEvent(new CustomEvent("finbrain:kind", { bubbles: true, detail: KINDS[key] }));
  return ANYWHERE[key];
}

on("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog:is([open], .htmx-request), .picker:popover-open")) return;
  const field = hit(event, FIELD);
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  if (event.key === "Enter" && hit(event, "a, button, summary")) return;
  const act = action(named(event));
  if (!act) return;
  event.preventDefault();
  act();
});
