/* Saves a setting as soon as it is changed, and says so beside it. Without JavaScript, each section has a button. */
import { all, on, one, root } from "./dom.js";

/** @typedef {{changed: string[], errors: Record<string, string>, reload: boolean}} Outcome */

const { saved = "" } = one("[data-saved]", HTMLElement)?.dataset ?? {};
const { failed = "" } = document.getElementById("toasts")?.dataset ?? {};
let queue = Promise.resolve();

for (const field of all("[data-saves] .field", HTMLElement)) {
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  field.append(said);
}

/**
 * @param {HTMLFormElement} form
 * @param {Outcome} outcome
 */
function show(form, { changed, errors }) {
  for (const input of all("[id]", HTMLElement, form)) {
    const name = input.getAttribute("name");
    const said = name && input.closest(".field")?.querySelector(".said");
    if (!said) continue;
    const error = errors[name] ?? "";
    input.toggleAttribute("aria-invalid", Boolean(error));
    if (error) input.setAttribute("aria-invalid", "true");
    said.classList.toggle("said-error", Boolean(error));
    said.textContent = error || (changed.includes(name) ? `✓ ${saved}` : "");
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {FormData} body
 */
async function send(form, body) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body, headers, keepalive: true }).catch(() => null);
  /** @type {Outcome | null} */
  const outcome = answer?.ok ? await answer.json().catch(() => null) : null;
  if (outcome?.reload) location.reload();
  else if (outcome) show(form, outcome);
  else document.dispatchEvent(new CustomEvent("toast", { detail: { text: failed, error: true } }));
}

/** @param {HTMLFormElement} form */
function bodyOf(form) {
  const body = new FormData(form);
  body.set("section", form.dataset.saves ?? "");
  return body;
}

/** @type {Element | null} */
let typing = null; // the field with text that isn't saved yet

/** @param {Event} event */
function save(event) {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (!form?.dataset.saves) return;
  event.preventDefault();
  typing = null;
  const body = bodyOf(form);
  queue = queue.then(() => send(form, body));
}

on("input", ({ target }) => (typing = target instanceof Element ? target : null));
on("change", save);
on("submit", save);
addEventListener("pagehide", () => {
  const form = typing?.closest("form");
  if (form?.dataset.saves) send(form, bodyOf(form));
});

/* The number beside the threshold slider. Its effect comes from the server (htmx). */
const slider = one("#id_threshold", HTMLInputElement);
const shown = document.getElementById("threshold-value");
const digits = new Intl.NumberFormat(root.lang, { style: "percent" });

function showPercent() {
  if (slider && shown) shown.textContent = digits.format(slider.valueAsNumber / 100);
}

slider?.addEventListener("input", showPercent);
showPercent();
