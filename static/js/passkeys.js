/* Shows passkey errors, which allauth's script only writes to the console. */
import { on, one } from "./dom.js";

const { cancelled = "", failed = "" } = one("script[data-cancelled]", HTMLScriptElement)?.dataset ?? {};

on("allauth.error", (event) => {
  event.preventDefault();
  const said = one("[data-passkey-error]", HTMLElement);
  if (!said) return;
  said.textContent = event.detail.exception?.name === "NotAllowedError" ? cancelled : failed;
  said.hidden = false;
});
