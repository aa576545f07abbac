/* Planning: a lesson is dragged to another day, with a finger, a mouse or the arrow keys. Its page then shows what that would
   mean; nothing is stored here. Without this a lesson is a link to that page, and the date is typed there. */
(() => {
  "use strict";
  const EDGE = 60; // so near to the top or bottom of the window the page scrolls along
  const STARTS_AFTER = 6; // pixels: less is a click

  const year = document.querySelector("[data-planning]");
  if (!year) return;
  const say = (text) => {
    const region = document.getElementById("status");
    const said = document.createElement("span");
    said.className = "vh";
    said.textContent = text;
    region?.replaceChildren(said);
  };
  const cellOf = (chip) => chip.closest("[data-day]");
  const cellOn = (day) => year.querySelector(`[data-day="${day}"]`);

  let target = null;
  const aim = (cell, isSaid) => {
    if (cell === target) return;
    target?.classList.remove("aim");
    target = cell;
    target?.classList.add("aim");
    if (isSaid && cell) say(year.dataset.to.replace("…", cell.dataset.said));
  };
  const open = (chip, cell) => {
    const asked = new URLSearchParams({ op: cell.dataset.day, van: chip.dataset.van, tot: chip.dataset.tot });
    location.href = `${chip.getAttribute("href")}?${asked}`;
  };

  /* Pointers: mouse, pen and finger alike. */
  let drag = null;
  const drop = () => {
    drag?.ghost?.remove();
    drag?.chip.classList.remove("lifted");
    drag = null;
  };
  const lift = () => {
    drag.ghost = document.createElement("span");
    drag.ghost.className = "les ghost";
    drag.ghost.textContent = drag.chip.textContent;
    drag.ghost.setAttribute("aria-hidden", "true");
    document.body.append(drag.ghost);
    drag.chip.classList.add("lifted");
  };
  const follow = (event) => {
    // Geometry by properties of the element: the page's policy allows no style attributes.
    drag.ghost.style.setProperty("left", `${event.clientX}px`);
    drag.ghost.style.setProperty("top", `${event.clientY}px`);
    if (event.clientY < EDGE) window.scrollBy(0, -12);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
    aim(document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]") ?? null, false);
  };
  year.addEventListener("pointerdown", (event) => {
    const chip = event.target.closest("[data-lesson]");
    if (!chip || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    drag = { chip, id: event.pointerId, x: event.clientX, y: event.clientY, ghost: null };
    chip.setPointerCapture(event.pointerId);
  });
  year.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STARTS_AFTER) return;
    if (!drag.ghost) lift();
    follow(event);
  });
  let justDragged = false;
  year.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { chip, ghost } = drag;
    const cell = target;
    drop();
    aim(null, false);
    if (!ghost) return; // a click: the link does the rest
    justDragged = true;
    setTimeout(() => { justDragged = false; }, 0);
    if (cell && cell !== cellOf(chip)) open(chip, cell);
  });
  year.addEventListener("pointercancel", () => { drop(); aim(null, false); });
  year.addEventListener("click", (event) => {
    if (justDragged) event.preventDefault();
  });

  /* Keys: the arrows choose a day, Enter goes there, Escape and leaving give it up. */
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const shifted = (day, by) => {
    const [years, months, days] = day.split("-").map(Number);
    return new Date(Date.UTC(years, months - 1, days + by)).toISOString().slice(0, 10);
  };
  year.addEventListener("keydown", (event) => {
    const chip = event.target.closest("[data-lesson]");
    if (!chip || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = target ?? cellOf(chip);
    if (event.key in STEPS && from) {
      event.preventDefault();
      const cell = cellOn(shifted(from.dataset.day, STEPS[event.key]));
      if (!cell) return;
      aim(cell, true);
      cell.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && target && target !== cellOf(chip)) {
      event.preventDefault();
      open(chip, target);
    } else if (event.key === "Escape" && (target || drag)) {
      drop();
      aim(null, false);
      say(year.dataset.stays);
    }
  });
  year.addEventListener("focusout", () => { if (!drag) aim(null, false); });
  year.querySelectorAll("[data-lesson]").forEach((chip) => chip.setAttribute("aria-describedby", "planning-how"));
})();
