/* A file that is too large is said so before it is sent. Without this the server says it. */
(() => {
  "use strict";

  document.addEventListener("change", (event) => {
    const input = event.target.closest?.("[data-most-bytes]");
    if (!input) return;
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    if (isTooLarge) input.reportValidity();
  });
})();
