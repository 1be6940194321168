/* Shows the name and size of the chosen file, and how far its upload is. Without JavaScript, the browser does. */
import { hit, on, one, root } from "./dom.js";

const UNITS = ["byte", "kilobyte", "megabyte"];

/** @param {number} bytes */
function sizeText(bytes) {
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
  const format = { style: "unit", unit: UNITS[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: step && 1 };
  return new Intl.NumberFormat(root.lang, /** @type {Intl.NumberFormatOptions} */ (format)).format(bytes / 1000 ** step);
}

on("change", ({ target }) => {
  const file = target instanceof HTMLInputElement && target.type === "file" && target.files?.[0];
  const line = document.getElementById("drop-file");
  if (!file || !line) return;
  const [name, size] = [one("bdi", HTMLElement, line), one("span", HTMLElement, line)];
  if (name) name.textContent = file.name;
  if (size) size.textContent = sizeText(file.size);
  line.hidden = false;
});

/* A file that is held over the area shows where it would fall. */
for (const [type, over] of /** @type {[keyof DocumentEventMap, boolean][]} */ ([["dragover", true], ["dragleave", false], ["drop", false]])) {
  document.addEventListener(type, (event) => hit(event, ".drop")?.classList.toggle("is-over", over));
}

/** @param {number} share */
function showProgress(share) {
  const line = document.getElementById("drop-progress");
  if (!line) return;
  const [bar, said] = [one("progress", HTMLProgressElement, line), one("span", HTMLElement, line)];
  line.hidden = false;
  if (bar) bar.value = share;
  const text = share < 1 ? line.dataset.uploading : line.dataset.reading;
  if (said && said.textContent !== text) said.textContent = text ?? "";
}

on("htmx:xhr:progress", ({ detail: { loaded, total } }) => total && showProgress(loaded / total));
for (const type of ["htmx:sendError", "htmx:responseError"]) {
  on(type, () => document.getElementById("drop-progress")?.setAttribute("hidden", ""));
}
