/* Warns before an idle session ends, in all tabs at once, and keeps what was typed.
   The server decides when it ends; timers here only decide when to ask. */
import { all, csrfToken, hit, on, one } from "./dom.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{active: boolean, expires_in: number}} State the session's state, from the server */
/** @typedef {{type: "contact" | "out"}} Message a message from one tab to the others */

const dialog = one("#session", HTMLDialogElement);

/* Text typed into open forms, kept on this device until the same person returns to the same page. */
const keeper = document.getElementById("kept-text");
const person = (dialog ?? keeper)?.dataset.person;
const slotOf = (/** @type {string} */ page) => `kept:${person}:${page}`;
const slot = slotOf(location.pathname);

/** @param {Field} field */
const isTyped = (field) =>
  field.name && !["hidden", "password", "file"].includes(field.type) && !field.disabled &&
  !field.closest("[role=search]");

/**
 * @param {Field} field
 * @returns {field is HTMLInputElement}
 */
const isTick = (field) => field.type === "checkbox" || field.type === "radio";

/** @param {Field} field */
function isChanged(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
}

/** @type {(new () => Field)[]} */
const KINDS = [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement];
const fields = () => KINDS.flatMap((kind) => all("main form[method=post] *", kind)).filter(isTyped);

/** @param {Field} field */
const nameOf = (field) => `${field.form?.getAttribute("action") || ""}|${field.name}|${field.type === "radio" ? field.value : ""}`;

/**
 * The page that will show this field again: that of its form, if the form is open beside a list.
 * @param {Field} field
 */
const pageOf = (field) => (field.closest("dialog") && field.form?.getAttribute("action")) || location.pathname;

/**
 * @param {string} page
 * @param {Field[]} typed
 */
function keep(page, typed) {
  const values = typed.map((field) => [nameOf(field), isTick(field) ? field.checked : field.value]);
  try {
    const others = JSON.parse(localStorage.getItem(slotOf(page)) ?? "[]"); // of another tab on the same page
    localStorage.setItem(slotOf(page), JSON.stringify([...new Map([...others, ...values])]));
  } catch { /* storage is full or blocked: nothing can be kept */ }
}

/** Keeps what was typed, and returns the page of an open panel with some of it. */
function keepTyped() {
  const typed = fields().filter(isChanged);
  const pages = new Set(typed.map(pageOf));
  for (const page of pages) keep(page, typed.filter((field) => pageOf(field) === page));
  return [...pages].find((page) => page !== location.pathname);
}

function restoreTyped() {
  const typed = new Map(JSON.parse(localStorage.getItem(slot) ?? "[]"));
  for (const field of fields()) {
    if (!typed.has(nameOf(field))) continue;
    const value = typed.get(nameOf(field));
    if (isTick(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLElement} notice */
function offerKept(notice) {
  document.querySelector("main")?.prepend(notice);
  notice.hidden = false;
  notice.addEventListener("click", ({ target }) => {
    const choice = target instanceof HTMLElement && target.dataset.kept;
    if (!choice) return;
    if (choice === "restore") restoreTyped();
    localStorage.removeItem(slot);
    notice.remove();
  });
}

/* A page with one form, or an open panel, asks before it discards what was typed. Saving and cancelling mean it. */
let going = false;
const isUnsaved = () =>
  Boolean(one("main [data-unsaved], #panel[data-typed], .main-narrow [aria-invalid=true]", HTMLElement)) ||
  fields().some((field) => field.closest(".main-narrow form:not([data-saves])") && isChanged(field));
on("submit", (event) => (going = !event.defaultPrevented)); // a form sent by htmx doesn't leave the page
on("click", (event) => (going = going || Boolean(hit(event, ".form-actions a:not(#panel [data-close])"))));
addEventListener("beforeunload", (event) => going || !isUnsaved() || event.preventDefault());

/**
 * Watches the session and opens `dialog` before it ends.
 * @param {HTMLDialogElement} dialog
 */
function watch(dialog) {
  const { life, idle, warning, heartbeat } = /** @type {Record<string, string>} */ ({ ...dialog.dataset });
  const { url = "", login = "" } = dialog.dataset;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("finbrain-session") : null;
  const count = document.getElementById("session-count");
  const stay = document.getElementById("session-stay");
  const CONTACT = `contact:${person}`;
  let contact = Date.now(); // when this browser last sent a request
  let acted = 0; // when the person last did something here
  let asking = false;
  let warnedAt = 0;

  /** @param {State} state */
  const quietOf = (state) => Number(life) - state.expires_in;
  const isQuiet = (/** @type {number} */ seconds) => seconds >= Number(idle) - 1;

  /** @param {number} at */
  function heard(at) {
    contact = at;
    if (warnedAt) close();
  }

  /** @param {Message} message */
  function tell(message) {
    channel?.postMessage(message);
    try {
      localStorage.setItem(CONTACT, JSON.stringify({ ...message, nonce: Math.random() }));
    } catch { /* the channel has told the other tabs, or each tab is on its own */ }
  }

  /** @param {Message} message */
  function listen(message) {
    if (message.type === "contact") heard(Date.now());
    if (message.type === "out") leave(false);
  }

  /**
   * @param {"GET" | "POST"} method
   * @returns {Promise<State | null>} null without an answer
   */
  async function ask(method) {
    if (asking) return null;
    asking = true;
    try {
      const answer = await fetch(url, {
        method, headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin", signal: AbortSignal.timeout(8000),
      });
      if (answer.status !== 200 && answer.status !== 403) return null;
      return await answer.json();
    } catch {
      return null; // no network: not a reason to sign out
    } finally {
      asking = false;
    }
  }

  async function prolong() {
    const asked = Date.now(); // what is done until the answer comes is newer than this contact
    const state = await ask("POST");
    if (!state) return;
    if (!state.active) return leave(true);
    heard(asked);
    tell({ type: "contact" });
  }

  /** @param {boolean} first */
  function leave(first) {
    going = true;
    const next = keepTyped() ?? location.pathname + location.search;
    if (first) tell({ type: "out" });
    location.assign(`${login}?next=${encodeURIComponent(next)}`);
  }

  /* The session looks idle here. Ask the server, because another tab or device may have been active. */
  async function check() {
    const state = await ask("GET");
    if (!state) return;
    if (!state.active) return leave(true);
    if (isQuiet(quietOf(state))) open();
    else heard(Date.now() - quietOf(state) * 1000);
  }

  function open() {
    if (warnedAt) return;
    warnedAt = Date.now();
    showLeft();
    dialog.returnValue = "";
    dialog.showModal();
    stay?.focus();
  }

  function close() {
    warnedAt = 0;
    if (dialog.open) dialog.close();
  }

  async function end() {
    keepTyped();
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrfToken() });
    const action = one("form", HTMLFormElement, dialog)?.action ?? "";
    await fetch(action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    leave(true);
  }

  /** Shows the seconds that are left, and returns whether there are any. */
  function showLeft() {
    const left = Math.ceil(Number(warning) - (Date.now() - warnedAt) / 1000);
    if (count) count.textContent = String(Math.max(left, 0));
    return left > 0;
  }

  async function countDown() {
    if (showLeft()) return;
    const state = await ask("GET");
    if (!state) return;
    if (!state.active) return leave(true);
    if (isQuiet(quietOf(state))) await end();
    else heard(Date.now());
  }

  async function tick() {
    const quiet = (Date.now() - contact) / 1000;
    if (quiet < -1) contact = acted = Date.now(); // the device's clock was set back
    if (warnedAt) await countDown();
    else if (acted > contact && quiet >= Number(heartbeat)) await prolong();
    else if (quiet >= Number(idle)) await check();
  }

  for (const type of ["pointerdown", "pointermove", "keydown", "touchstart", "scroll"]) {
    addEventListener(type, () => { acted = warnedAt ? acted : Date.now(); }, { passive: true, capture: true });
  }
  on("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    heard(Date.now());
    tell({ type: "contact" });
  });
  on("visibilitychange", () => document.hidden || tick());
  channel?.addEventListener("message", (event) => listen(event.data));
  addEventListener("storage", (event) => !channel && event.key === CONTACT && event.newValue && listen(JSON.parse(event.newValue)));
  stay?.addEventListener("click", prolong);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    prolong();
  });
  tell({ type: "contact" });
  setInterval(tick, 1000);
}

if (keeper && localStorage.getItem(slot)) offerKept(keeper);
if (dialog) watch(dialog);
