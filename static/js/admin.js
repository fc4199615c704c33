/* Names for what Django's admin leaves without one: the search boxes of related records. */
"use strict";

(function () {
  function nameSearchBoxes() {
    document.querySelectorAll("select.admin-autocomplete").forEach(function (select) {
      const label = select.labels && select.labels[0];
      const box = select.nextElementSibling && select.nextElementSibling.querySelector(".select2-selection");
      if (!label || !box) return;
      const words = label.textContent.replace(/:\s*$/, "");
      const shown = box.querySelector(".select2-selection__rendered");
      box.setAttribute("aria-label", words);
      box.removeAttribute("aria-labelledby");
      if (shown) {
        shown.removeAttribute("aria-label");
        shown.removeAttribute("aria-readonly");
        shown.setAttribute("role", "presentation");
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () { window.setTimeout(nameSearchBoxes, 0); });
  window.addEventListener("load", nameSearchBoxes);
  document.addEventListener("formset:added", function () { window.setTimeout(nameSearchBoxes, 0); });
})();
