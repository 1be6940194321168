/* Adds a button that shows the password, and a strength meter. Without JavaScript, the server judges it on submit. */
import { all, csrfToken, on, one } from "./dom.js";

const { strength = "", show = "", hide = "" } = one("script[data-strength]", HTMLScriptElement)?.dataset ?? {};
const WAIT = 250;

/** @param {HTMLInputElement} input */
function addSwitch(input) {
  const wrap = document.createElement("div");
  const button = document.createElement("button");
  wrap.className = "password";
  button.type = "button";
  button.className = "btn btn-quiet btn-sm";
  button.textContent = show;
  button.setAttribute("aria-controls", input.id);
  const typing = document.activeElement === input; // moving the input takes the focus from someone already typing
  input.replaceWith(wrap);
  wrap.append(input, button);
  if (typing) input.focus();
  /** @param {boolean} visible */
  const set = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? hide : show;
  };
  button.addEventListener("click", () => set(input.type === "password"));
  input.form?.addEventListener("submit", () => set(false));
  return wrap;
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} after
 */
function addMeter(input, after) {
  const meter = document.createElement("div");
  meter.className = "strength";
  meter.setAttribute("role", "status");
  after.after(meter);
  let timer = 0;
  /** @type {AbortController | undefined} */
  let request;
  const ask = async () => {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    const body = new URLSearchParams({ password: input.value });
    for (const field of all("[name=first_name], [name=last_name], [name=email]", HTMLInputElement, input.form ?? document)) {
      body.set(field.name, field.value);
    }
    try {
      const answer = await fetch(strength, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, signal });
      if (answer.ok) meter.innerHTML = await answer.text();
    } catch { /* a newer request, or no network: the server judges again when the form is sent */ }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}

/** @param {HTMLInputElement} field */
function forgive(field) {
  field.removeAttribute("aria-invalid");
  document.getElementById(`${field.id}_error`)?.remove();
}

/* An error goes once its field is mended: a repeated password when both are the same, others when they change. */
on("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.form) return;
  const first = one("[name=password1]", HTMLInputElement, target.form);
  const repeated = one("[name=password2]", HTMLInputElement, target.form);
  if (target !== repeated) forgive(target);
  if (repeated && repeated.value === first?.value) forgive(repeated);
  one(".alert-danger", HTMLElement, target.form)?.remove();
});

for (const input of all("input[type=password]", HTMLInputElement)) {
  const wrap = addSwitch(input);
  if (input.name === "password1") addMeter(input, wrap);
}
