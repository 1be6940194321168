/* Shows passkey errors, which allauth's script only writes to the console. A sign-in with a passkey is a form of its own,
   which takes over the tick "Keep me signed in". */
import { on, one } from "./dom.js";

const { cancelled = "", failed = "" } = one("script[data-cancelled]", HTMLScriptElement)?.dataset ?? {};

on("allauth.error", (event) => {
  event.preventDefault();
  const said = one("[data-passkey-error]", HTMLElement);
  if (!said) return;
  said.textContent = event.detail.exception?.name === "NotAllowedError" ? cancelled : failed;
  said.hidden = false;
});

on("click", () => {
  const copy = one("#mfa_remember", HTMLInputElement);
  if (copy) copy.value = one("#id_remember", HTMLInputElement)?.checked ? "on" : "";
});
