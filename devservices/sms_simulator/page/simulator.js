"use strict";

/* The page of the simulator. Every text goes in as text, never as markup. */
const SHARES = {
  fail_before: "شکست پیش از پذیرش (۵۰۰)", fail_after: "شکست پس از پذیرش (۵۰۰)", hang_after: "پذیرش و بی‌پاسخی",
  garbage_before: "پاسخ بی‌معنا، پذیرفته‌نشده", garbage_after: "پاسخ بی‌معنا، پذیرفته‌شده", slow_share: "پاسخ کند",
  blocked_share: "مسدود در فهرست سیاه (۱۴)", unreachable_share: "نرسیده به گیرنده (۱۱)",
  callback_lose: "گزارش گم‌شده", callback_duplicate: "گزارش پنج‌باره", callback_reorder: "گزارش جابه‌جا",
};
const FLAGS = {
  no_credit: "اعتبار تمام شده (۴۱۸)", refuse_key: "کلید پذیرفته نمی‌شود (۴۰۱)", errors_with_200: "خطاها با HTTP 200",
  deduplicate: "شناسه تکراری دوباره فرستاده نمی‌شود", callbacks_off: "گزارش و پاسخ به سامانه نمی‌رود",
};
const NUMBERS = {
  latency_ms: "تأخیر هر پاسخ (میلی‌ثانیه)", slow_ms: "پاسخ کند (میلی‌ثانیه)", hang_seconds: "بی‌پاسخی (ثانیه)",
  delivery_ms: "رسیدن به گوشی (میلی‌ثانیه)", callback_retry_seconds: "تکرار گزارش پس از (ثانیه)",
  credit_rial: "اعتبار (ریال)",
};
const LISTS = { blocked: "شماره‌های مسدود", unreachable: "شماره‌های خاموش" };
const TOLD = { done: "به سامانه رسید", waiting: "در راه سامانه", "under way": "در راه سامانه", lost: "گم شد", nowhere: "سامانه‌ای نیست", "given up": "به سامانه نرسید" };
const CALLBACKS_WAIT = ["waiting", "under way"];
const PAUSE = 1500;

const at = (id) => document.getElementById(id);
const state = { page: 1, q: "", silent: false, mobile: "", shown: "", turned: "" };

function element(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (key in made) made[key] = value; else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

async function ask(name, parameters = {}) {
  return read(await fetch(`/_control/${name}?${new URLSearchParams(parameters)}`));
}

async function tell(name, wanted = {}) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted) };
  return read(await fetch(`/_control/${name}`, options));
}

async function read(response) {
  const content = await response.json();
  if (!response.ok) throw new Error(content.problem);
  return content;
}

async function guarded(work) {
  try {
    await work();
    at("problem").hidden = true;
  } catch (problem) {
    at("problem").textContent = problem instanceof TypeError ? "شبیه‌ساز پاسخ نمی‌دهد؛ bin/run را نگاه کنید." : problem.message;
    at("problem").hidden = false;
  }
}

const grouped = (number) => Number(number).toLocaleString("en-US").replaceAll(",", "٬");
const clock = new Intl.DateTimeFormat("fa-IR", {
  timeZone: "Asia/Tehran", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
function moment(seconds) {
  const part = Object.fromEntries(clock.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]));
  return `${part.month}/${part.day}، ${part.hour}:${part.minute}:${part.second}`;
}
const isolated = (words, name = "bdi") => element(name, { dir: "ltr", className: "code" }, String(words));

/* --- figures --- */
async function showSummary() {
  const found = await ask("summary");
  const waiting = CALLBACKS_WAIT.reduce((sum, name) => sum + (found.callbacks[name] || 0), 0);
  const figures = [
    ["گوشی‌ها", found.phones], ["پیام‌ها", found.messages], ["رسیده", found.statuses["10"] || 0], ["پاسخ‌ها", found.answers],
    ["گزارش در راه سامانه", waiting], ["اعتبار (ریال)", found.credit_rial],
  ];
  at("figures").replaceChildren(...figures.map(([label, value]) =>
    element("div", {}, element("dt", {}, label), element("dd", {}, grouped(value)))));
  const names = { ...SHARES, ...FLAGS, ...NUMBERS, ...LISTS };
  const faults = Object.keys(found.at_fault).map((name) => names[name] || name);
  at("faulty").hidden = !faults.length;
  at("faulty").firstElementChild.textContent = `تغییر داده شده: ${faults.join("، ")}`;
}

/* --- the list of phones --- */
async function showPhones() {
  const wanted = { page: state.page, q: state.q, silent: state.silent ? "yes" : "" };
  const found = await ask("phones", wanted);
  if (wanted.page !== state.page || wanted.q !== state.q) return; // somebody has gone on meanwhile
  if (state.page > found.pages) { state.page = found.pages; return showPhones(); }
  const shown = JSON.stringify([found, state.mobile]);
  if (shown === state.shown) return;
  state.shown = shown;
  at("total").textContent = found.total ? `${grouped(found.total)} گوشی` : "هنوز پیامی به گوشی‌ای نرسیده است.";
  const focused = document.activeElement?.dataset?.mobile;
  at("phones").replaceChildren(...found.phones.map(phoneRow));
  if (focused) at("phones").querySelector(`[data-mobile="${focused}"]`)?.focus();
  const turned = `${found.page}/${found.pages}`; // a button that is replaced under the finger loses its click
  if (turned !== state.turned) at("pages").replaceChildren(...(found.pages > 1 ? turners(found) : []));
  state.turned = turned;
}

function phoneRow(phone) {
  const answered = phone.answers ? element("span", { className: "tag t-green" }, "پاسخ داده") : "";
  const words = (phone.last_mine ? "← " : "") + phone.last_text;
  const button = element("button", { type: "button", onclick: () => guarded(() => choose(phone.mobile)) },
    isolated(phone.mobile, "span"), answered, element("span", { className: "when" }, moment(phone.last_at)),
    element("span", { className: "words" }, words));
  button.firstElementChild.classList.add("number");
  button.dataset.mobile = phone.mobile;
  button.setAttribute("aria-pressed", String(phone.mobile === state.mobile));
  return element("li", {}, button);
}

function turners(found) {
  const turn = (label, page, possible) => element("button", {
    type: "button", className: "btn sec sm", disabled: !possible,
    onclick: () => guarded(() => { state.page = page; return showPhones(); }),
  }, label);
  return [
    turn("صفحه پیشین", found.page - 1, found.page > 1),
    element("span", {}, `صفحه ${grouped(found.page)} از ${grouped(found.pages)}`),
    turn("صفحه بعدی", found.page + 1, found.page < found.pages),
  ];
}

/* --- one phone --- */
async function choose(mobile) {
  state.mobile = mobile;
  at("answered").textContent = "";
  at("handset").classList.add("chosen");
  await showPhone();
  await showPhones();
  if (matchMedia("(max-width: 48rem)").matches) at("handset").scrollIntoView();
}

async function showPhone() {
  if (!state.mobile) return;
  const found = await ask("phone", { mobile: state.mobile });
  at("phone-title").replaceChildren("گوشی ", isolated(found.mobile));
  at("answer").hidden = false;
  at("entries").replaceChildren(...found.entries.map(entryRow));
}

function entryRow(entry) {
  const meta = [moment(entry.at), entry.mine ? "نوشته دارنده گوشی" : `از ${entry.line}`];
  if (entry.mine) meta.push(TOLD[entry.told] || "");
  else meta.push(entry.channel === "call" ? "تماس گویا" : `${grouped(entry.parts)} بخش`, entry.statustext);
  return element("li", { className: entry.mine ? "mine" : "" }, element("p", {}, entry.text),
    element("p", { className: "meta" }, ...meta.filter(Boolean).map((words) => element("span", {}, words))));
}

async function answer(mobile, text) {
  await tell("answer", { mobile, text });
  at("answered").textContent = "فرستاده شد.";
  await showPhone();
  await showPhones();
}

/* --- switches --- */
async function showSwitches() {
  const values = await ask("switches");
  const group = (title, fields) => [element("h3", { className: "wide" }, title), ...fields];
  const flag = ([name, label]) => element("label", { className: "on" },
    element("input", { type: "checkbox", name, checked: values[name] }), label);
  const field = ([name, label], value, suffix = "") => element("div", { className: "field" },
    element("label", { htmlFor: `s-${name}` }, label + suffix),
    element("input", { type: "text", id: `s-${name}`, name, value, className: "ltr", inputMode: "numeric", autocomplete: "off" }));
  at("switches").replaceChildren(
    ...group("سهم خطا", Object.entries(SHARES).map((entry) => field(entry, +(values[entry[0]] * 100).toFixed(3), " ٪"))),
    ...group("اندازه‌ها", Object.entries(NUMBERS).map((entry) => field(entry, values[entry[0]]))),
    ...group("شماره‌ها (با ویرگول)", Object.entries(LISTS).map((entry) => field(entry, values[entry[0]].join(",")))),
    ...group("رفتار", Object.entries(FLAGS).map(flag)),
  );
}

function switchesWritten() {
  const wanted = {};
  for (const input of at("switches").elements) {
    const value = latin(input.value.trim());
    if (input.name in SHARES) wanted[input.name] = Number(value) / 100;
    else if (input.name in NUMBERS) wanted[input.name] = Number(value);
    else if (input.name in LISTS) wanted[input.name] = value.split(/[,،\s]+/).filter(Boolean);
    else if (input.name in FLAGS) wanted[input.name] = input.checked;
  }
  return wanted;
}

const latin = (words) => words.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 15));

/* --- acts --- */
function on(id, event, work) {
  at(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    guarded(() => work(happened));
  });
}

on("search", "submit", () => { Object.assign(state, { q: at("q").value, page: 1 }); return showPhones(); });
at("silent").addEventListener("change", () => guarded(() => { Object.assign(state, { silent: at("silent").checked, page: 1 }); return showPhones(); }));
on("answer", "submit", async () => { await answer(state.mobile, at("text").value); at("text").value = ""; });
for (const button of document.querySelectorAll("[data-text]")) {
  button.addEventListener("click", () => guarded(() => answer(state.mobile, button.dataset.text)));
}
on("stranger", "submit", async () => {
  await tell("answer", { mobile: at("mobile").value, text: at("words").value });
  at("words").value = "";
  await choose(latin(at("mobile").value.trim()));
});
on("switches", "submit", async () => { await tell("switches", switchesWritten()); await showSwitches(); await showSummary(); });
on("restore", "click", async () => { await tell("restore"); await showSwitches(); await showSummary(); });
on("advance", "click", async () => { await tell("advance", { seconds: 12 * 3600 }); await showSummary(); });
at("faults").addEventListener("toggle", () => at("faults").open && guarded(showSwitches));

async function keepShowing() {
  if (!document.hidden) await guarded(async () => { await showSummary(); await showPhones(); await showPhone(); });
  setTimeout(keepShowing, PAUSE);
}
keepShowing();
