/* Logging hours: the form as a sheet over the page, and a button that says the amount. Without this it is a page of its own. */
(() => {
  "use strict";

  /* "2,5 uur" of the chosen chip, or what was typed under "other"; nothing where that cannot be said. */
  const amountOf = (form) => {
    const chip = form.querySelector("[name=hours]:checked");
    if (chip?.dataset.said) return chip.dataset.said;
    const typed = form.elements.hours_other?.value.trim() ?? "";
    return /^\d+([.,:]\d+)?$/.test(typed) ? `${typed} ${form.dataset.unit}` : "";
  };

  const sayAmount = (form) => {
    const button = form?.querySelector("[data-save]");
    if (!button) return;
    button.dataset.plain ??= button.textContent;
    const amount = amountOf(form);
    button.textContent = amount ? button.dataset.save.replace("…", amount) : button.dataset.plain;
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => sayAmount(event.target.closest("#hours-form")));
  }
  document.addEventListener("DOMContentLoaded", () => sayAmount(document.getElementById("hours-form")));

  /* A link to the form opens it over the page; where that fails, the link leads to its page. */
  const sheetFrom = (page) => {
    const form = page.getElementById("hours-form");
    const head = page.getElementById("sheet-head");
    if (!form || !head) return null;
    form.elements.next.value = location.pathname + location.search;
    const sheet = document.createElement("dialog");
    sheet.setAttribute("aria-labelledby", "sheet-title");
    const inside = document.createElement("div");
    inside.className = "sheet";
    inside.append(document.importNode(head.content, true), document.importNode(form, true));
    sheet.append(inside);
    return sheet;
  };

  const openSheet = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sheet = answer.ok && !answer.redirected ? sheetFrom(page) : null;
    if (!sheet) throw new Error("no form");
    document.body.append(sheet);
    sheet.addEventListener("close", () => sheet.remove());
    sheet.addEventListener("click", (event) => {
      if (event.target === sheet || event.target.closest("[data-closes-sheet]")) sheet.close();
    });
    sayAmount(sheet.querySelector("form"));
    sheet.showModal();
    sheet.querySelector("[name=hours]:checked")?.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || document.getElementById("hours-form")) return;
    event.preventDefault();
    openSheet(link.href).catch(() => { location.href = link.href; });
  });
})();
