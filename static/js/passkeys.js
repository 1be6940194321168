/* Shows passkey errors, which allauth's script only writes to the console, and copies recovery codes. */
import { hit, on, one } from "./dom.js";

const { cancelled = "", failed = "" } = one("script[data-cancelled]", HTMLScriptElement)?.dataset ?? {};

on("allauth.error", (event) => {
  event.preventDefault();
  const said = one("[data-passkey-error]", HTMLElement);
  if (!said) return;
  said.textContent = event.detail.exception?.name === "NotAllowedError" ? cancelled : failed;
  said.hidden = false;
});

on("click", async (event) => {
  const button = hit(event, "[data-copy]");
  const copied = button?.dataset.copy && one(button.dataset.copy, HTMLElement);
  if (!button || !copied) return;
  await navigator.clipboard.writeText(copied.innerText.trim());
  button.textContent = button.dataset.done ?? "";
});
