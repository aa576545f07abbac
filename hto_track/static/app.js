/* What the pages do beyond links and forms. Everything works without it. */
(() => {
  "use strict";
  const status = () => document.getElementById("status");

  /* A form that came back with errors: the summary gets the focus. */
  const focusErrors = (root) => root.querySelector("[data-focus]")?.focus();

  /* What stands in the status region when a page opens is said, once, after the reader can hear it. */
  const sayFlashes = () => {
    const region = status();
    if (!region || !region.childElementCount) return;
    const kept = [...region.childNodes];
    region.replaceChildren();
    setTimeout(() => region.replaceChildren(...kept), 150);
  };

  /* A menu made of <details> closes with Escape, and when the reader goes elsewhere. */
  const openMenus = () => document.querySelectorAll("details[data-closes][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      openMenus().forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
      });
    });
  }

  /* Printing; the button is hidden where there is no script. */
  const showScripted = (root) => root.querySelectorAll("[data-scripted]").forEach((part) => { part.hidden = false; });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Copying what stands in a field; where the browser does not let us, it is selected, to be copied by hand. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return;
    }
    const said = document.createElement("div");
    said.className = "flash done";
    said.textContent = button.dataset.copied;
    status()?.replaceChildren(said);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("input[data-selects]")) event.target.select();
  });

  /* A form is sent once: its button says that it is busy. The page that comes back from history is ready again. */
  document.addEventListener("submit", (event) => {
    const button = event.submitter?.closest("[data-busy]");
    if (!button) return;
    button.dataset.said = button.textContent;
    setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("[data-busy][disabled]").forEach((button) => {
      button.disabled = false;
      button.textContent = button.dataset.said;
    });
  });

  /* Paper shows the figures that a screen folds away. */
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details[data-print-open]:not([open])")];
    folded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((part) => { part.open = false; }));

  const ready = (root) => { showScripted(root); focusErrors(root); };
  document.addEventListener("DOMContentLoaded", () => { ready(document); sayFlashes(); });
  document.addEventListener("htmx:load", (event) => showScripted(event.detail.elt));
  /* A part of the page was replaced: say what is there now. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const says = event.detail.elt.querySelector("[data-says]");
    if (!says || !status()) return;
    const said = document.createElement("span");
    said.className = "vh";
    said.textContent = says.dataset.says;
    status().replaceChildren(said);
  });
  /* A part that is replaced while the focus is in it gives it to what leads in its place; who went on is left alone. */
  let left = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.contains(document.activeElement)) left = event.detail.target.id;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!left) return;
    if (document.activeElement === document.body) document.getElementById(left)?.querySelector("[data-leads]")?.focus();
    left = "";
  });
  document.addEventListener("htmx:sendError", () => {
    const region = status();
    if (region) region.textContent = document.body.dataset.offline;
  });
})();
