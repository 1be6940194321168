/* The number beside the threshold's slider while it moves; what it means comes from the server (htmx). */
(() => {
  const slider = document.getElementById("id_threshold");
  const shown = document.getElementById("threshold-value");
  const digits = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const show = () => { shown.textContent = digits.format(slider.value / 100); };
  slider.addEventListener("input", show);
  show();
})();
