/* Warns before an idle session ends, in all tabs at once, and keeps what was typed.
   The server's word counts: clocks here only decide when to ask it. */
(() => {
  const dialog = document.getElementById("session");
  const KEPT = "kept:";

  /* Text typed into open forms, kept on this device until the same person is back on the same page. */
  const keeper = document.getElementById("kept-text");
  const person = (dialog || keeper)?.dataset.person;
  const slot = `${KEPT}${person}:${location.pathname}`;
  const isTyped = (field) =>
    field.name && field.type !== "hidden" && field.type !== "password" && field.type !== "file" && !field.disabled &&
    !field.closest("[role=search], dialog, #session");
  const isChanged = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.options ? field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0)
    : field.value !== field.defaultValue;
  const fields = () => [...document.querySelectorAll("main form[method=post] :is(input, textarea, select)")].filter(isTyped);
  const nameOf = (field) => `${field.form.getAttribute("action") || ""}|${field.name}|${field.type === "radio" ? field.value : ""}`;

  function keepTyped() {
    const typed = fields().filter(isChanged).map((field) => [nameOf(field), /checkbox|radio/.test(field.type) ? field.checked : field.value]);
    try {
      const others = JSON.parse(localStorage.getItem(slot) || "[]"); // of another tab on the same page
      if (typed.length) localStorage.setItem(slot, JSON.stringify([...new Map([...others, ...typed])]));
    } catch { /* storage is full or forbidden: nothing can be kept */ }
  }

  function restoreTyped() {
    const typed = new Map(JSON.parse(localStorage.getItem(slot)));
    for (const field of fields()) {
      if (!typed.has(nameOf(field))) continue;
      const value = typed.get(nameOf(field));
      if (/checkbox|radio/.test(field.type)) field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  if (keeper && localStorage.getItem(slot)) {
    document.querySelector("main").prepend(keeper);
    keeper.hidden = false;
    keeper.addEventListener("click", (event) => {
      const choice = event.target.dataset?.kept;
      if (!choice) return;
      if (choice === "restore") restoreTyped();
      localStorage.removeItem(slot);
      keeper.remove();
    });
  }

  if (!dialog) return;

  const seconds = (name) => Number(dialog.dataset[name]);
  const [idle, warning, beat] = [seconds("idle"), seconds("warning"), seconds("heartbeat")];
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("finbrain-session") : null;
  const count = document.getElementById("session-count");
  const CONTACT = `contact:${person}`;
  let contact = Date.now(); // when the server last heard of this browser
  let active = false; // whether someone did something since
  let asking = false;
  let warnedAt = 0;

  function heard(at) {
    contact = at;
    active = false;
    if (warnedAt) close();
  }

  function tell(message) {
    channel?.postMessage(message);
    try {
      localStorage.setItem(CONTACT, JSON.stringify({ ...message, nonce: Math.random() }));
    } catch { /* the channel has told them, or each tab is on its own */ }
  }

  function listen(message) {
    if (message.type === "contact") heard(Date.now());
    if (message.type === "out") leave(false);
  }

  async function ask(method) {
    if (asking) return null;
    asking = true;
    try {
      const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
      const answer = await fetch(dialog.dataset.url, {
        method, headers: { "X-CSRFToken": token }, credentials: "same-origin", signal: AbortSignal.timeout(8000),
      });
      if (answer.status !== 200 && answer.status !== 403) return null;
      return await answer.json();
    } catch {
      return null; // no network: nobody is signed out for that
    } finally {
      asking = false;
    }
  }

  async function prolong() {
    const state = await ask("POST");
    if (!state) return;
    if (!state.active) return leave(true);
    heard(Date.now());
    tell({ type: "contact" });
  }

  function leave(first) {
    keepTyped();
    if (first) tell({ type: "out" });
    location.assign(`${dialog.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  /* Idle for too long, as it seems here: what does the server say? Another tab or device may have been active. */
  async function check() {
    const state = await ask("GET");
    if (!state) return;
    if (!state.active) return leave(true);
    const quiet = Number(dialog.dataset.life) - state.expires_in;
    if (quiet < idle - 1) heard(Date.now() - quiet * 1000);
    else open();
  }

  function open() {
    if (warnedAt) return;
    warnedAt = Date.now();
    dialog.returnValue = "";
    dialog.showModal();
    document.getElementById("session-stay").focus();
  }

  function close() {
    warnedAt = 0;
    if (dialog.open) dialog.close();
  }

  async function end() {
    keepTyped();
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    await fetch(dialog.querySelector("form").action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    leave(true);
  }

  async function tick() {
    const quiet = (Date.now() - contact) / 1000;
    if (quiet < -1) contact = Date.now(); // the clock was set back
    if (warnedAt) {
      const left = Math.ceil(warning - (Date.now() - warnedAt) / 1000);
      count.textContent = Math.max(left, 0);
      if (left <= 0) {
        const state = await ask("GET");
        if (state?.active === false) return leave(true);
        if (state && Number(dialog.dataset.life) - state.expires_in < idle - 1) return heard(Date.now());
        if (state) return end();
      }
    } else if (active && quiet >= beat) await prolong();
    else if (quiet >= idle) await check();
  }

  for (const type of ["pointerdown", "pointermove", "keydown", "touchstart", "scroll"]) {
    addEventListener(type, () => { active = active || !warnedAt; }, { passive: true, capture: true });
  }
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && (heard(Date.now()), tell({ type: "contact" })));
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  channel?.addEventListener("message", (event) => listen(event.data));
  addEventListener("storage", (event) => !channel && event.key === CONTACT && event.newValue && listen(JSON.parse(event.newValue)));
  document.getElementById("session-stay").addEventListener("click", prolong);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); prolong(); });
  tell({ type: "contact" });
  setInterval(tick, 1000);
})();
