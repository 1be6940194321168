/* Passwords: a button that shows what was typed, and how hard it is to guess. Without JavaScript the server says so after sending. */
(() => {
  const { strength, show, hide } = document.currentScript.dataset;
  const WAIT = 250;

  function addSwitch(input) {
    const wrap = document.createElement("div");
    const button = document.createElement("button");
    wrap.className = "password";
    button.type = "button";
    button.className = "btn btn-quiet btn-sm";
    button.textContent = show;
    button.setAttribute("aria-controls", input.id);
    const typing = document.activeElement === input; // who was quicker than this script must not lose the field
    input.replaceWith(wrap);
    wrap.append(input, button);
    if (typing) input.focus();
    const set = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? hide : show;
    };
    button.addEventListener("click", () => set(input.type === "password"));
    input.form.addEventListener("submit", () => set(false));
    return wrap;
  }

  function addMeter(input, after) {
    const meter = document.createElement("div");
    meter.className = "strength";
    meter.setAttribute("role", "status");
    after.after(meter);
    let timer, request;
    const ask = async () => {
      request?.abort();
      request = new AbortController();
      const { csrfmiddlewaretoken, first_name, last_name, email } = input.form.elements;
      const body = new URLSearchParams({ password: input.value });
      for (const field of [first_name, last_name, email]) if (field) body.set(field.name, field.value);
      try {
        const answer = await fetch(strength, {
          method: "POST", body, headers: { "X-CSRFToken": csrfmiddlewaretoken.value }, signal: request.signal,
        });
        if (answer.ok) meter.innerHTML = await answer.text();
      } catch { /* typed on, or no network: the server judges again when the form is sent */ }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
  }

  for (const input of document.querySelectorAll("input[type=password]")) {
    const wrap = addSwitch(input);
    if (input.name === "password1") addMeter(input, wrap);
  }
})();
