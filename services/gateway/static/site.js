// Small helps on top of pages that work without them: more rows, a filter for long lists, one click is one post.
"use strict";

function addRow(button) {
  const rows = button.closest("[data-rows]");
  const groups = rows.querySelectorAll("[data-row]");
  const last = groups[groups.length - 1];
  const next = groups.length;
  const copy = last.cloneNode(true);
  copy.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach((part) => {
    ["name", "id", "for"].forEach((attribute) => {
      const value = part.getAttribute(attribute);
      if (value) part.setAttribute(attribute, value.replace(/\.\d+(?=\.|$)/, "." + next));
    });
    part.removeAttribute("aria-describedby");
    part.removeAttribute("aria-invalid");
    part.classList.remove("is-wrong");
  });
  copy.querySelectorAll(".field-error").forEach((part) => part.remove());
  copy.querySelectorAll("input:not([type=radio]):not([type=checkbox]), textarea, select").forEach((part) => { part.value = ""; });
  copy.querySelectorAll("[type=radio], [type=checkbox]").forEach((part) => { part.checked = false; });
  const title = copy.querySelector("[data-row-number]");
  if (title) title.textContent = String(next + 1);
  last.after(copy);
  const first = copy.querySelector("input, textarea, select");
  if (first) first.focus();
}

function filterList(input) {
  const list = document.getElementById(input.dataset.filters);
  list.querySelectorAll(".form-check").forEach((line) => {
    const chosen = line.querySelector("input").checked;
    line.hidden = !chosen && !line.textContent.includes(input.value.trim());
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (button) addRow(button);
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-back]")) history.back();
});
document.addEventListener("input", (event) => {
  if (event.target.dataset && event.target.dataset.filters) filterList(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.dataset && event.target.dataset.filters) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !event.target.dataset.sent && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // The posted key makes a repeat harmless; this only spares an impatient clerk the second request.
  if (event.target.method === "post" && event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-js]").forEach((part) => { part.hidden = false; });
  const wrong = document.querySelector("[aria-invalid=true], fieldset:has(> .field-error) :is(input, select, textarea)");
  if (wrong) wrong.focus();
});
