/* Helpers of the other modules: typed element lookup, event listeners and the CSRF token. */

export const root = document.documentElement;
export const isRtl = root.dir === "rtl";

/**
 * Listens to events anywhere in the page. Those of htmx and our own are `CustomEvent`s.
 * @template {string} T
 * @param {T} type
 * @param {(event: T extends keyof DocumentEventMap ? DocumentEventMap[T] : CustomEvent) => void} handler
 */
export function on(type, handler) {
  document.addEventListener(type, /** @type {EventListener} */ (handler));
}

/**
 * All elements of a type that match a selector, in the page or within an element.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} kind
 * @param {ParentNode} [within]
 * @returns {E[]}
 */
export function all(selector, kind, within = document) {
  return /** @type {E[]} */ ([...within.querySelectorAll(selector)].filter((element) => element instanceof kind));
}

/**
 * The first element that matches a selector, or null if there is none or it has another type.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} kind
 * @param {ParentNode} [within]
 * @returns {E | null}
 */
export function one(selector, kind, within = document) {
  const found = within.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * The event's target or its nearest ancestor that matches a selector, or null.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function hit(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * Whether a click asks for something other than following the link here, such as a new tab.
 * @param {MouseEvent} event
 */
export function isModified(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0;
}

/** The value of `X-CSRFToken` for a POST that no form sends. */
export function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}
