/* Copies the text of the element that a button names, such as recovery codes. */
import { hit, on, one } from "./dom.js";

on("click", async (event) => {
  const button = hit(event, "[data-copy]");
  const copied = button?.dataset.copy && one(button.dataset.copy, HTMLElement);
  if (!button || !copied) return;
  await navigator.clipboard.writeText(copied.innerText.trim());
  button.textContent = button.dataset.done ?? "";
});
