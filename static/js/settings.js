/* Updates the number beside the threshold slider while it moves. Its effect comes from the server (htmx). */
import { one, root } from "./dom.js";

const slider = one("#id_threshold", HTMLInputElement);
const shown = document.getElementById("threshold-value");
const digits = new Intl.NumberFormat(root.lang, { style: "percent" });

function show() {
  if (slider && shown) shown.textContent = digits.format(slider.valueAsNumber / 100);
}

slider?.addEventListener("input", show);
show();
