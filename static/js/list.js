/* The expenses page: selecting rows, filling in from one's own history, keeping the place after a change. */
(() => {
  const on = (type, handler) => document.addEventListener(type, handler);
  const boxes = () => [...document.querySelectorAll("#rows [name=ids]")];
  let last = null;

  /* The page may come from this browser's cache, in several tabs: what each of them adds is an entry of its own. */
  const key = document.querySelector("#quick-add [name=entry_key]");
  if (key) key.value = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function showCount() {
    const chosen = boxes().filter((box) => box.checked).length;
    const counter = document.getElementById("selected");
    const all = document.getElementById("select-all");
    if (counter) counter.textContent = chosen;
    if (!all) return;
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }

  /* Shift-click selects everything between two boxes. */
  on("click", (event) => {
    const box = event.target.closest("#rows [name=ids]");
    if (box) {
      const all = boxes();
      if (event.shiftKey && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const between of all.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
    }
    const deselect = event.target.closest("[data-deselect]");
    if (deselect) {
      for (const chosen of document.querySelectorAll("#list [type=checkbox]:checked")) chosen.checked = false;
    }
    if (box || deselect) showCount();
    const choice = event.target.closest("[data-choose]");
    if (choice) {
      document.getElementById("id_category").value = choice.dataset.choose;
      document.getElementById("id_amount").focus();
    }
  });

  on("change", (event) => {
    if (event.target.id !== "select-all") return;
    for (const box of boxes()) box.checked = event.target.checked;
    showCount();
  });

  /* A title used before brings its currency, unless one was chosen by hand. */
  on("input", (event) => {
    if (event.target.id === "id_currency") event.target.dataset.chosen = "1";
  });

  on("htmx:afterSwap", (event) => {
    const currency = document.getElementById("id_currency");
    const known = event.target.id === "suggestion" && event.target.querySelector("[data-currency]")?.dataset.currency;
    if (known && currency && !currency.dataset.chosen) currency.value = known;
    showCount();
  });

  /* A suggestion that does not come is nothing to alarm anybody with: only what was not saved is. */
  for (const type of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(type, (event) => event.target.id === "id_title" && event.stopPropagation(), true);
  }

  /* Parameters that say nothing do not belong in the address. */
  on("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "filters") return;
    const data = event.detail.formData;
    for (const name of [...data.keys()]) if (!data.get(name)) data.delete(name);
  });

  /* When the row that had the focus is gone, the one that took its place gets it. */
  let place = -1;
  const rows = () => [...document.querySelectorAll("#rows .row")];
  on("htmx:beforeRequest", (event) => (place = rows().indexOf(event.target.closest("#rows .row"))));
  on("htmx:afterSettle", () => {
    if (place < 0 || document.activeElement !== document.body) return;
    const all = rows();
    (all[Math.min(place, all.length - 1)]?.querySelector(".row-title a") || document.getElementById("id_title"))?.focus({ preventScroll: true });
  });
})();

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
    c: (row) => row.querySelector(".row-cat > a").click(),
    y: (row) => row.querySelector(".ask button")?.click(),
    Delete: (row) => row.querySelector(".row-actions button").click(),
  };

  const anywhere = {
    j: () => move(1),
    k: () => move(-1),
    i: () => document.querySelector(".nav-link[href$='/inbox/']")?.click(),
    u: () => [...document.querySelectorAll(".toast:not([data-used]) .toast-undo")].at(-1)?.click(),
  };

  /* On a Hebrew, Greek or Cyrillic keyboard the key counts that bears the Latin letter. */
  const named = ({ key, code }) => (/^\P{ASCII}$/u.test(key) && code.startsWith("Key") ? code.at(3).toLowerCase() : key);

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
    const key = named(event);
    const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const row = current();
    const act = element ? () => press(element) : (row && inRow[key] && (() => inRow[key](row))) || anywhere[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
