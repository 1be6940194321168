/* Shows passkey errors, which allauth's script only writes to the console. A sign-in with a passkey is a form of its own,
   which takes over the tick "Keep me signed in". */
import { all, on, one } from "./dom.js";

const { cancelled = "", failed = "" } = one("script[data-cancelled]", HTMLScriptElement)?.dataset ?? {};

on("allauth.error", (event) => {
  event.preventDefault();
  const said = one("[data-passkey-error]", HTMLElement);
  if (!said) return;
  said.textContent = event.detail.exception?.name === "NotAllowedError" ? cancelled : failed;
  said.hidden = false;
});

/* A button that needs these scripts can be used once they listen. Allauth's do when the document is complete, and its
   listener comes first. */
on("DOMContentLoaded", () => all("[data-passkey-button]", HTMLButtonElement).forEach((button) => (button.disabled = false)));

on("click", () => {
  const copy = one("#mfa_remember", HTMLInputElement);
  if (copy) copy.value = one("#id_remember", HTMLInputElement)?.checked ? "on" : "";
});
