/* The panel with the form of one expense. Without JavaScript, titles link to a page with the same form. */
import { all, hit, isModified, on, one } from "./dom.js";

const { htmx } = /** @type {any} */ (window);
const panel = one("#panel", HTMLDialogElement);
let edited = "";

on("click", (event) => {
  const link = hit(event, "#rows .row-title a");
  if (link && panel && !isModified(event)) {
    event.preventDefault();
    edited = link.id;
    htmx.ajax("GET", link.getAttribute("href"), { source: panel, target: panel, swap: "innerHTML" });
  }
  if (panel?.open && hit(event, "#panel [data-close]")) {
    event.preventDefault();
    panel.close();
  }
});

/** @param {string} type */
const isTicked = (type) => type === "checkbox" || type === "radio";

/**
 * The fields of the panel that changed after a request was sent. Its answer doesn't replace them.
 * @param {{formData: FormData}} sent
 */
function newer({ formData }) {
  const fields = ["input:not([type=hidden])", "textarea", "select"].flatMap((kind) => all(`#panel ${kind}`, HTMLElement));
  return /** @type {HTMLInputElement[]} */ (fields).filter(({ name, type, value, checked }) => {
    const sent = formData.getAll(name);
    return isTicked(type) ? checked !== sent.includes(value) : sent.length && sent[0] !== value;
  });
}

/** @type {Pick<HTMLInputElement, "name" | "type" | "value" | "checked">[]} */
let since = [];
on("htmx:beforeSwap", ({ detail: { target, requestConfig, xhr } }) => {
  const isRefused = target === panel && xhr.status === 422;
  since = isRefused ? newer(requestConfig).map(({ name, type, value, checked }) => ({ name, type, value, checked })) : [];
});
on("htmx:afterSwap", () => {
  for (const { name, type, value, checked } of since) {
    const chosen = type === "radio" ? `[value="${CSS.escape(value)}"]` : "";
    const field = one(`#panel [name="${name}"]:not([type=hidden])${chosen}`, HTMLElement);
    Object.assign(field ?? {}, isTicked(type) ? { checked } : { value });
  }
});

on("htmx:afterSwap", (event) => {
  if (event.detail.target !== panel || panel?.open || !panel?.firstElementChild) return;
  panel.showModal();
  one("[name=title]", HTMLInputElement, panel)?.focus();
});

on("htmx:afterRequest", ({ detail: { elt, requestConfig, xhr } }) => {
  const isSaved = panel?.contains(elt) && requestConfig.verb !== "get" && xhr.status === 200;
  if (panel?.open && isSaved && !newer(requestConfig).length) panel.close();
});

/* Escape closes the panel only as long as nothing was typed. */
panel?.addEventListener("input", () => (panel.dataset.typed = "1"));
panel?.addEventListener("cancel", (event) => panel.dataset.typed && event.preventDefault());
panel?.addEventListener("close", () => {
  delete panel.dataset.typed;
  panel.replaceChildren();
  document.getElementById(edited)?.focus({ preventScroll: true });
});
