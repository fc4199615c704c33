/* How long a text is for a telephone, while it is typed. Counts as messaging/length.py does; a test holds the two together. */
"use strict";

(function () {
  const LATIN = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const DOUBLE = new Set("\f^{}\\[~]|€");

  function measure(text) {
    const letters = Array.from(text);
    const latin = letters.every(function (letter) { return LATIN.has(letter) || DOUBLE.has(letter); });
    const alone = latin ? 160 : 70, joined = latin ? 153 : 67;
    const widths = letters.map(function (letter) { return latin ? (DOUBLE.has(letter) ? 2 : 1) : letter.length; });
    const characters = widths.reduce(function (sum, width) { return sum + width; }, 0);
    if (characters <= alone) return { characters: characters, parts: letters.length ? 1 : 0, room: alone };
    let parts = 1, used = 0;
    widths.forEach(function (width) {
      if (used + width > joined) { parts += 1; used = 0; }
      used += width;
    });
    return { characters: characters, parts: parts, room: parts * joined };
  }

  function persian(number) {
    return String(number).replace(/[0-9]/g, function (digit) { return "۰۱۲۳۴۵۶۷۸۹"[digit]; });
  }

  document.addEventListener("DOMContentLoaded", function () {
    const box = document.querySelector("textarea[data-sms-text]"), place = document.getElementById("text-length");
    if (!box || !place) return;
    const samples = JSON.parse(place.dataset.samples);
    const button = document.querySelector("button[data-count]");
    function show() {
      const filled = box.value.replace(/\{([a-z][a-z0-9_]*)\}/g, function (whole, name) {
        return Object.prototype.hasOwnProperty.call(samples, name) ? samples[name] : whole;
      });
      const found = measure(filled);
      place.textContent = place.dataset.pattern.replace(/\{(characters|room|parts)\}/g, function (whole, name) {
        return persian(found[name]);
      });
    }
    if (button) button.hidden = true;
    box.addEventListener("input", show);
    show();
  });
})();
