/* Says what went wrong with a passkey, where allauth's script only writes to the console, and copies recovery codes. */
(() => {
  const { cancelled, failed } = document.currentScript.dataset;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.querySelector("[data-passkey-error]");
    if (!said) return;
    said.textContent = event.detail.exception?.name === "NotAllowedError" ? cancelled : failed;
    said.hidden = false;
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText.trim());
    button.textContent = button.dataset.done;
  });
})();
