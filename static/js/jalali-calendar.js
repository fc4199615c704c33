/* A calendar beside every <input data-jalali>. The field can always be typed in; the calendar only helps.
   Keyboard of the ARIA date picker dialog: arrows, Home/End, PageUp/PageDown, Shift for years, Escape. */
"use strict";

(function () {
  const DAY = 86400000;
  const WORDS = {
    open: "انتخاب از تقویم", change: "تغییر تاریخ، ", previous: "ماه پیش", next: "ماه بعد",
    previousYear: "سال پیش", nextYear: "سال بعد", today: "امروز", close: "بستن",
  };
  const WEEK = [["ش", "شنبه"], ["ی", "یکشنبه"], ["د", "دوشنبه"], ["س", "سه‌شنبه"], ["چ", "چهارشنبه"], ["پ", "پنجشنبه"], ["ج", "جمعه"]];
  const MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];
  const parts = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", { year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC" });
  const fa = function (number) { return Number(number).toLocaleString("fa-IR", { useGrouping: false }); };

  function jalali(time) {
    const found = {};
    parts.formatToParts(new Date(time)).forEach(function (part) { found[part.type] = parseInt(part.value, 10); });
    return { year: found.year || found.relatedYear, month: found.month, day: found.day };
  }

  /* From a Jalali day to a moment: guess by arithmetic, then step to it; Intl stays the only judge. */
  function moment(year, month, day) {
    const months = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
    let time = Date.UTC(year + 621, 2, 20) + (months + day - 1) * DAY;
    for (let tries = 0; tries < 5; tries += 1) {
      const seen = jalali(time);
      const off = (year - seen.year) * 372 + (month - seen.month) * 31 + (day - seen.day);
      if (off === 0) return time;
      time += Math.sign(off) * DAY;
    }
    return time;
  }

  function read(text) {
    const ascii = text.replace(/[۰-۹]/g, function (d) { return d.charCodeAt(0) - 1776; }).replace(/[٠-٩]/g, function (d) { return d.charCodeAt(0) - 1632; });
    const found = ascii.match(/^\s*(1[34]\d\d)[/\-.](\d{1,2})[/\-.](\d{1,2})\s*$/);
    return found ? moment(+found[1], +found[2], +found[3]) : null;
  }

  function write(time) {
    const day = jalali(time);
    return [day.year, day.month, day.day].map(function (n) { return fa(n).padStart(2, "۰"); }).join("/");
  }

  function spoken(time) {
    const day = jalali(time);
    return WEEK[(new Date(time).getUTCDay() + 1) % 7][1] + " " + fa(day.day) + " " + MONTHS[day.month - 1] + " " + fa(day.year);
  }

  function node(name, attributes, content) {
    const made = document.createElement(name);
    Object.entries(attributes || {}).forEach(function (pair) { made.setAttribute(pair[0], pair[1]); });
    [].concat(content || []).forEach(function (child) { made.append(child); });
    return made;
  }

  function today() {
    const stated = document.querySelector("[data-today]");
    const now = new Date();
    return (stated && read(stated.dataset.today)) || Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  }

  function shiftMonth(time, count) {
    const day = jalali(time);
    const index = day.year * 12 + day.month - 1 + count;
    const year = Math.floor(index / 12), month = (index % 12) + 1;
    const first = moment(year, month, 1);
    const last = month <= 6 ? 31 : month <= 11 ? 30 : (jalali(first + 29 * DAY).month === 12 ? 30 : 29);
    return first + (Math.min(day.day, last) - 1) * DAY;
  }

  function open(input, button) {
    let shown = read(input.value) || today();
    const chosen = read(input.value);
    const title = node("h2", { id: "calendar-title", "aria-live": "polite" });
    const body = node("tbody");
    const head = node("tr", {}, WEEK.map(function (day) { return node("th", { scope: "col", abbr: day[1] }, day[0]); }));
    const step = function (label, sign, count) {
      const one = node("button", { type: "button", "aria-label": label }, sign);
      one.addEventListener("click", function () { shown = shiftMonth(shown, count); draw(false); });
      return one;
    };
    const close = node("button", { type: "button", class: "btn sec sm" }, WORDS.close);
    const now = node("button", { type: "button", class: "btn sec sm" }, WORDS.today);
    const dialog = node("dialog", { class: "jalali-calendar", "aria-labelledby": "calendar-title" }, [
      node("div", { class: "jalali-calendar-head" }, [step(WORDS.previousYear, "«", -12), step(WORDS.previous, "‹", -1), title, step(WORDS.next, "›", 1), step(WORDS.nextYear, "»", 12)]),
      node("table", { role: "grid", "aria-labelledby": "calendar-title" }, [node("thead", {}, head), body]),
      node("div", { class: "jalali-calendar-foot" }, [now, close]),
    ]);

    function pick(time) {
      input.value = write(time);
      input.dispatchEvent(new Event("change", { bubbles: true }));
      button.setAttribute("aria-label", WORDS.change + spoken(time));
      dialog.close();
    }

    function draw(focus) {
      const day = jalali(shown);
      const first = shown - (day.day - 1) * DAY;
      title.textContent = MONTHS[day.month - 1] + " " + fa(day.year);
      body.replaceChildren();
      let time = first - ((new Date(first).getUTCDay() + 1) % 7) * DAY;
      do {
        const row = node("tr");
        for (let cell = 0; cell < 7; cell += 1, time += DAY) {
          const own = jalali(time);
          const one = node("button", { type: "button", tabindex: time === shown ? "0" : "-1", "aria-label": spoken(time), "data-time": time }, fa(own.day));
          if (time === today()) one.setAttribute("aria-current", "date");
          row.append(node("td", { "aria-selected": String(time === chosen), class: own.month === day.month ? "" : "off" }, one));
        }
        body.append(row);
      } while (jalali(time).month === day.month);
      if (focus) body.querySelector("[tabindex='0']").focus();
    }

    body.addEventListener("click", function (event) { const one = event.target.closest("button"); if (one) pick(+one.dataset.time); });
    body.addEventListener("keydown", function (event) {
      const weekday = (new Date(shown).getUTCDay() + 1) % 7;
      const moves = { ArrowLeft: DAY, ArrowRight: -DAY, ArrowUp: -7 * DAY, ArrowDown: 7 * DAY, Home: -weekday * DAY, End: (6 - weekday) * DAY };
      const months = { PageUp: event.shiftKey ? -12 : -1, PageDown: event.shiftKey ? 12 : 1 };
      if (event.code in moves) shown += moves[event.code];
      else if (event.code in months) shown = shiftMonth(shown, months[event.code]);
      else return;
      event.preventDefault();
      draw(true);
    });
    now.addEventListener("click", function () { shown = today(); draw(true); });
    close.addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("close", function () { dialog.remove(); button.focus(); });
    document.body.append(dialog);
    draw(false);
    dialog.showModal();
    body.querySelector("[tabindex='0']").focus();
  }

  function attach(root) {
    root.querySelectorAll("input[data-jalali]:not([data-calendar])").forEach(function (input) {
      input.dataset.calendar = "on";
      const button = node("button", { type: "button", class: "btn sec sm", "aria-haspopup": "dialog" }, WORDS.open);
      button.addEventListener("click", function () { open(input, button); });
      input.after(button);
    });
  }

  document.addEventListener("htmx:load", function (event) { attach(event.target); });
  attach(document);
})();
