/* Reviews feedback in the admin with keys: J and K move, A approves, R rejects the row and moves on. */
import { all, hit, on, one } from "./dom.js";

const ACTIONS = /** @type {Record<string, string>} */ ({ a: "approve", r: "reject" });
const rows = () => all("#result_list tr:has([name=_selected_action]):not([data-done])", HTMLElement);
const box = (/** @type {HTMLElement} */ row) => one("[name=_selected_action]", HTMLInputElement, row);
/** @type {HTMLElement | undefined} */
let current;

/** @param {HTMLElement | undefined} row */
function go(row) {
  if (!row) return;
  if (current) current.style.outline = "";
  current = row;
  row.style.outline = "2px solid currentcolor";
  box(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/**
 * @param {HTMLElement} row
 * @param {string} action
 */
async function review(row, action) {
  const form = row.closest("form");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]", HTMLInputElement, form ?? document)?.value ?? "");
  body.set("action", action);
  body.set("_selected_action", box(row)?.value ?? "");
  const open = rows();
  go(open[open.indexOf(row) + 1] ?? open[open.indexOf(row) - 1]);
  row.dataset.done = action;
  row.style.opacity = ".4";
  const answer = await fetch(location.href, { method: "POST", body }).catch(() => null);
  const said = document.getElementById("review-said");
  if (!answer?.ok && said) said.textContent = said.dataset.failed ?? "";
}

on("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || hit(event, "input:not([type=checkbox]), select, textarea")) return;
  const open = rows();
  const at = current ? open.indexOf(current) : -1;
  const key = event.key.toLowerCase();
  if (key === "j") go(open[at + 1]);
  else if (key === "k") go(open[Math.max(at - 1, 0)]);
  else if (ACTIONS[key] && current && at >= 0) review(current, ACTIONS[key]);
  else return;
  event.preventDefault();
});
