/* Single keys: `/` search, `[` and `]` previous and next, `?` help. They can be switched off in the help (WCAG 2.1.4),
   are ignored while something is being typed or composed, and only ever follow links that are on the page. */
(function () {
  "use strict";

  const help = document.querySelector(".help");
  const enabled = help.querySelector(".keys-enabled");
  const key = "planpress-keys";

  /* No storage over some shares: the choice then holds for this page. */
  function read() {
    try {
      enabled.checked = localStorage.getItem(key) !== "off";
    } catch { /* no storage */ }
  }
  read();
  /* A page that a browser kept and shows again may be older than the choice. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) read(); });
  enabled.addEventListener("change", () => {
    try {
      localStorage.setItem(key, enabled.checked ? "on" : "off");
    } catch { /* no storage */ }
  });

  function openHelp() {
    if (!help.open) help.showModal();
  }
  document.querySelector(".help-button").addEventListener("click", openHelp);
  help.querySelector(".help-close").addEventListener("click", () => help.close());
  help.addEventListener("click", (event) => {
    if (event.target === help) help.close();
  });

  const actions = {
    "/": ".bar .search",
    "[": ".turn [rel='prev']",
    "]": ".turn [rel='next']",
  };

  document.addEventListener("keydown", (event) => {
    if (!enabled.checked || document.querySelector("dialog[open]") || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], [role='combobox']")) return;
    if (event.key === "?") {
      event.preventDefault();
      openHelp();
      return;
    }
    const link = actions[event.key] && document.querySelector(actions[event.key]);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
