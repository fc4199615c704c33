/* Small help on every page. Everything works without it. */
"use strict";

(function () {
  /* The list of errors takes the focus, so that it is read and seen first. */
  function focusErrors(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* A link of the list leads to the field itself; a group of choices has no own focus, its first choice has. */
  function followErrorLink(event) {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!field) return;
    event.preventDefault();
    (field.closest(".field") || field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  }

  /* A second press of a button sends nothing; the words of the button stay. */
  function refuseDoubleSubmit(event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button) button.setAttribute("aria-busy", "true");
  }

  function forgetSubmits() {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
    });
  }

  /* <input type=checkbox data-select-all="name"> marks every box of that name in its form or table;
     <output data-selected-count="name"> says how many are marked. */
  function select(event) {
    const box = event.target;
    if (!box.matches || !box.matches("input[type=checkbox]")) return;
    const scope = box.closest("form") || document;
    const name = box.dataset.selectAll || box.name;
    if (!name) return;
    const boxes = Array.from(scope.querySelectorAll("input[type=checkbox][name='" + CSS.escape(name) + "']"));
    if (box.dataset.selectAll) boxes.forEach(function (one) { one.checked = box.checked; });
    const chosen = boxes.filter(function (one) { return one.checked; });
    boxes.forEach(function (one) {
      const row = one.closest("tr");
      if (row) row.classList.toggle("sel", one.checked);
    });
    const all = scope.querySelector("[data-select-all='" + CSS.escape(name) + "']");
    if (all) {
      all.checked = chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    scope.querySelectorAll("[data-selected-count='" + CSS.escape(name) + "']").forEach(function (count) {
      count.textContent = chosen.length.toLocaleString("fa-IR");
    });
  }

  /* Ctrl+Enter sends the form one is in; bound to the key's place, whatever the keyboard's language. */
  function sendByKey(event) {
    if (!(event.ctrlKey || event.metaKey) || (event.code !== "Enter" && event.code !== "NumpadEnter")) return;
    const form = event.target.closest && event.target.closest("form");
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit();
  }

  document.addEventListener("click", followErrorLink);
  document.addEventListener("submit", refuseDoubleSubmit);
  document.addEventListener("change", select);
  document.addEventListener("keydown", sendByKey);
  document.addEventListener("htmx:afterSettle", function (event) { forgetSubmits(); focusErrors(event.target); });
  document.addEventListener("htmx:sendError", forgetSubmits);
  document.addEventListener("htmx:responseError", forgetSubmits);
  window.addEventListener("pageshow", forgetSubmits);
  focusErrors(document);
})();
