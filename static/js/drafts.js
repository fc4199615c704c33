/* What was typed survives a session that ended: the sign-in page says so, and the form comes back filled.
   Kept in this tab alone, for the same person and page, and forgotten as soon as the form arrives. */
"use strict";

(function () {
  const script = document.currentScript;
  const KEY = "draft";
  const NEVER = ["password", "file", "hidden", "submit", "button"];
  const here = location.pathname + location.search;

  function fieldsOf(form) {
    return Array.from(form.elements).filter(function (field) { return field.name && !NEVER.includes(field.type); });
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    return field.multiple ? Array.from(field.selectedOptions, function (option) { return option.value; }) : field.value;
  }

  function fill(field, value) {
    if (typeof value === "boolean") field.checked = value;
    else if (Array.isArray(value)) Array.from(field.options || []).forEach(function (option) { option.selected = value.includes(option.value); });
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function keep(event) {
    const form = event.target;
    if (form.method !== "post" || !script.dataset.user) return;
    sessionStorage.setItem(KEY, JSON.stringify({
      user: script.dataset.user,
      page: here,
      form: Array.from(document.forms).indexOf(form),
      values: fieldsOf(form).map(function (field) { return [field.name, valueOf(field)]; }),
    }));
  }

  function say(text) {
    const place = document.querySelector("main") || document.querySelector("#content");
    const note = document.createElement("div");
    note.className = "alert a-info";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = text;
    note.append(document.createElement("div"));
    note.firstChild.append(words);
    place.prepend(note);
  }

  function restore(draft) {
    const form = document.forms[draft.form];
    if (!form) return;
    const fields = fieldsOf(form);
    if (fields.map(function (field) { return field.name; }).join() !== draft.values.map(function (pair) { return pair[0]; }).join()) return;
    fields.forEach(function (field, place) { fill(field, draft.values[place][1]); });
    say(script.dataset.restored);
  }

  const draft = JSON.parse(sessionStorage.getItem(KEY) || "null");
  if (draft && !script.dataset.user) {
    if (document.querySelector("input[type=password]")) {
      sessionStorage.setItem(KEY, JSON.stringify(Object.assign(draft, { waits: true })));
      say(script.dataset.kept);
    }
  } else if (draft) {
    sessionStorage.removeItem(KEY);
    if (draft.waits && draft.user === script.dataset.user && draft.page === here) restore(draft);
  }
  document.addEventListener("submit", keep);
})();
