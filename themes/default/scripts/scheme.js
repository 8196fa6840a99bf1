/* Light, dark, or as the system: the reader's choice, kept from page to page where there is storage. It runs before the page is drawn,
   so that no page shines up first. */
(function () {
  "use strict";

  const key = "planpress-scheme";
  const page = document.documentElement;

  function apply(choice) {
    if (choice === "light" || choice === "dark") page.dataset.scheme = choice;
    else delete page.dataset.scheme;
  }

  /* No storage over some shares: the choice then holds for this page. */
  function read() {
    try {
      apply(localStorage.getItem(key));
    } catch { /* no storage */ }
  }
  read();

  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector(".scheme-choice");
    if (!field) return;
    const show = () => { field.value = page.dataset.scheme || ""; };
    show();
    /* A page that a browser kept and shows again may be older than the choice. */
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      read();
      show();
    });
    field.addEventListener("change", () => {
      apply(field.value);
      try {
        localStorage.setItem(key, field.value);
      } catch { /* no storage */ }
    });
  });
})();
