/* Keyboard shortcuts. An element says itself which key it answers to: data-key. Keys typed into a field stay there. */
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("#rows .row")];
  const current = () => document.activeElement.closest("#rows .row");

  function move(step) {
    const all = rows();
    const at = all.indexOf(current());
    all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))]?.querySelector(".row-title a").focus();
  }

  const inRow = {
    x: (row) => row.querySelector("[name=ids]").click(),
    c: (row) => row.querySelector("[data-post]").click(),
    y: (row) => row.querySelector(".ask button")?.click(),
    Delete: (row) => row.querySelector(".row-actions button").click(),
  };

  const anywhere = {
    j: () => move(1),
    k: () => move(-1),
    i: () => document.querySelector(".nav-link[href$='/inbox/']")?.click(),
    u: () => [...document.querySelectorAll(".toast-undo")].at(-1)?.click(),
  };

  function press(element) {
    if (element.matches("input")) {
      element.focus();
      element.select();
    } else element.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open], .picker:popover-open")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const row = current();
    const act = element ? () => press(element) : (row && inRow[event.key] && (() => inRow[event.key](row))) || anywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
