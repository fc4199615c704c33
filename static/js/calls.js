/* Keys of the operators' desk. Bound to the key's place, so that they work with the Persian layout too; without scripts the
   page works by mouse and by Tab. */
"use strict";

(function () {
  const form = document.querySelector("form[data-call]");
  if (!form) return;

  function isTyping(target) {
    return target.matches && target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  }

  /* 1 to 6 choose the outcome, 7 marks «all as registered». */
  function choose(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const choice = digit && form.querySelector("[data-key='" + digit[1] + "']");
    if (!choice || choice.offsetParent === null) return;
    event.preventDefault();
    choice.focus();
    choice.click();
  }

  /* Ctrl+Enter sends the result wherever the focus is; inside a form app.js does it. */
  function send(event) {
    if (!(event.ctrlKey || event.metaKey) || (event.code !== "Enter" && event.code !== "NumpadEnter")) return;
    if (event.target.closest && event.target.closest("form")) return;
    event.preventDefault();
    form.requestSubmit();
  }

  document.addEventListener("keydown", choose);
  document.addEventListener("keydown", send);
})();
