/* The frame's behaviour: theme switch, toasts, menus, the category picker. Everything here only improves what works without it. */
(() => {
  const root = document.documentElement;
  const on = (type, handler, options) => document.addEventListener(type, handler, options);

  function remember(name, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }

  /* So that the server's "today" is the day where the person is. */
  remember("timezone", Intl.DateTimeFormat().resolvedOptions().timeZone);

  /* Theme: the server renders data-theme from the cookie, so a page never flashes. */
  const THEMES = ["auto", "light", "dark"];
  const GLYPHS = { auto: "auto", light: "sun", dark: "moon" };
  const theme = () => (THEMES.includes(root.dataset.theme) ? root.dataset.theme : "auto");

  function showTheme() {
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme()));
    }
    for (const button of document.querySelectorAll("[data-theme-cycle]")) {
      const use = button.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + GLYPHS[theme()]));
      button.setAttribute("aria-label", button.dataset["label" + theme()[0].toUpperCase() + theme().slice(1)]);
    }
  }

  function setTheme(value) {
    root.dataset.theme = value;
    remember("theme", value);
    showTheme();
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("themechange")));

  /* Toasts leave after a while, later with an Undo, never while someone is at them, and failures only by hand. */
  const toasts = document.getElementById("toasts");

  function arm(toast) {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "1";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-icon";
    close.setAttribute("aria-label", toasts.dataset.dismiss);
    close.textContent = "×";
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    if (toast.classList.contains("toast-error")) return;
    toast.addEventListener("submit", () => (toast.dataset.used = "1"));
    toast.addEventListener("htmx:afterRequest", (event) => (event.detail.successful ? toast.remove() : delete toast.dataset.used));
    const wait = toast.querySelector("form") ? 12000 : 6000;
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
    setTimeout(leave, wait);
  }

  function showToast(text, isError) {
    const toast = document.createElement("div");
    const paragraph = document.createElement("p");
    toast.className = "toast" + (isError ? " toast-error" : "");
    paragraph.textContent = text;
    toast.append(paragraph);
    for (const old of toasts.querySelectorAll(".toast-error")) if (old.textContent.startsWith(text)) old.remove();
    toasts.append(toast);
  }

  if (toasts) {
    const armAll = () => {
      const all = [...toasts.querySelectorAll(".toast")];
      all.forEach(arm);
      for (const old of all.slice(0, -2)) old.remove();
    };
    armAll();
    new MutationObserver(armAll).observe(toasts, { childList: true });
    /* 422 is shown at its field, and an answer to somebody signed out (401) brings a toast of its own. */
    on("htmx:responseError", (event) => [401, 422].includes(event.detail.xhr.status) || showToast(toasts.dataset.failed, true));
    on("htmx:sendError", () => showToast(toasts.dataset.offline, true));
    on("htmx:timeout", () => showToast(toasts.dataset.offline, true));
    on("toast", (event) => showToast(event.detail.text || event.detail.value, event.detail.error));
  }

  /* A form that did not validate comes back as 422 with its errors: show it. */
  on("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  const bar = document.getElementById("loading-bar");
  let busy = 0;
  on("htmx:beforeRequest", () => bar?.classList.toggle("is-busy", ++busy > 0));
  on("htmx:afterRequest", () => bar?.classList.toggle("is-busy", --busy > 0));

  /* The category picker: one menu for all rows; without JavaScript the chip leads to the edit page. */
  const picker = document.getElementById("category-picker");
  let chip = null;

  function openPicker(opened) {
    chip = opened;
    for (const item of picker.querySelectorAll("button")) {
      item.setAttribute("aria-checked", String(item.value === chip.closest("[data-category]").dataset.category));
    }
    picker.showPopover();
    const at = chip.getBoundingClientRect();
    const box = picker.getBoundingClientRect();
    const start = root.dir === "rtl" ? at.right - box.width : at.left;
    picker.style.left = Math.max(8, Math.min(start, innerWidth - box.width - 8)) + "px";
    picker.style.top = Math.max(8, at.bottom + box.height + 8 > innerHeight ? at.top - box.height - 4 : at.bottom + 4) + "px";
    (picker.querySelector("[aria-checked=true]") || picker.querySelector("button")).focus();
  }

  function pickCategory(slug) {
    const row = chip.closest("[data-expense]");
    picker.hidePopover();
    change(row, chip.getAttribute("href").replace(/edit\/$/, "category/"), { category: slug });
  }

  /* Buttons of a row are a form's without JavaScript; with it, only their row is exchanged. */
  const change = (row, url, values) => htmx.ajax("POST", url, { source: row, target: row, swap: "outerHTML", values });

  function pickerKeys(event) {
    const items = [...picker.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    else if (/^[1-9]$/.test(event.key) && items[event.key - 1]) pickCategory(items[event.key - 1].value);
    else return;
    event.preventDefault();
  }

  if (picker) {
    picker.addEventListener("keydown", pickerKeys);
    picker.addEventListener("click", (event) => event.target.closest("button") && pickCategory(event.target.closest("button").value));
    addEventListener("scroll", () => picker.matches(":popover-open") && picker.hidePopover(), { passive: true });
  }

  on("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (hit("[data-theme-set]")) setTheme(hit("[data-theme-set]").dataset.themeSet);
    if (hit("[data-theme-cycle]")) setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % 3]);
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
    if (hit(".row-cat > a") && picker && !modified) {
      event.preventDefault();
      openPicker(hit(".row-cat > a"));
    }
    const button = hit("#rows button");
    if (button && window.htmx) {
      event.preventDefault();
      change(button.closest(".row"), button.getAttribute("formaction"), button.name ? { [button.name]: button.value } : {});
    }
    const target = hit("[data-focus]") && document.querySelector(hit("[data-focus]").dataset.focus);
    if (target && !modified) {
      event.preventDefault();
      target.scrollIntoView({ block: "center" });
      target.focus();
    }
  });

  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  on("change", (event) => event.target.matches("[data-autosubmit]") && event.target.form.requestSubmit());
  if (location.hash === "#add") document.getElementById("id_title")?.focus();
  showTheme();
})();
