// The session by keyboard: votes by letter with running sums, one more point, Ctrl+Enter. Everything works without it.
(() => {
  "use strict";

  // --- votes: J, N, A, F in the row that has the focus; sums as they are entered -------------------------------------
  const KEYS = { j: "yes", n: "no", a: "abstains", f: "away", 1: "yes", 2: "no", 3: "abstains", 4: "away" };
  const table = document.querySelector("[data-vote]");
  const sums = () => {
    let total = 0;
    for (const cell of table.querySelectorAll("[data-sum]")) {
      const count = table.querySelectorAll(`input[value="${cell.dataset.sum}"]:checked`).length;
      cell.textContent = count;
      total += count;
    }
    const shown = table.querySelector("[data-vote-total]");
    shown.textContent = `${total} av ${shown.dataset.serving}`;
    shown.classList.toggle("done", String(total) === shown.dataset.serving);
  };
  if (table && table.querySelector("input[type=radio]")) {
    table.addEventListener("change", sums);
    table.addEventListener("keydown", (event) => {
      const row = event.target.closest("tbody tr");
      const choice = KEYS[event.key.toLowerCase()];
      if (!row || !choice || event.ctrlKey || event.metaKey || event.altKey) return;
      const picked = row.querySelector(`input[value="${choice}"]`);
      if (!picked || picked.disabled) return;
      event.preventDefault();
      picked.checked = true;
      sums();
      let next = row.nextElementSibling;
      while (next && !next.querySelector("input:enabled")) next = next.nextElementSibling;
      const into = next ? next.querySelector("input:checked, input:enabled") : table.querySelector("button[name=avsluta]");
      if (into) into.focus();
    });
    const first = table.querySelector("tr.wrong input:enabled") || table.querySelector("tbody input:enabled");
    if (first && !table.querySelector("input:checked")) first.focus();
    sums();
  }

  // --- the decision: one more point ------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more-points]");
    if (more) {
      const fields = [...more.form.querySelectorAll("textarea[name*='point-']")];
      const last = fields[fields.length - 1];
      const number = Number(last.name.split("-").pop()) + 1;
      if (number > 60) return;
      event.preventDefault();
      const block = last.closest(".field").cloneNode(true);
      for (const wrong of block.querySelectorAll(".errorlist, .restored")) wrong.remove();
      const label = block.querySelector("label"), area = block.querySelector("textarea");
      area.name = area.name.replace(/\d+$/, number);
      area.id = area.id.replace(/\d+$/, number);
      area.defaultValue = "";
      area.value = "";
      label.htmlFor = area.id;
      label.textContent = label.textContent.replace(/\d+/, number);
      last.closest(".field").after(block);
      area.focus();
    }
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      const field = document.getElementById(fill.dataset.fill);
      field.value = document.getElementById(fill.dataset.from).innerText;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
    if (event.target.closest("[data-all-present]")) {
      for (const one of document.querySelectorAll(".session-presence input[value=present]")) one.checked = true;
    }
  });
  for (const button of document.querySelectorAll("[data-fill], [data-all-present]")) button.hidden = false;

  // --- Ctrl+Enter saves the form that one writes in ----------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest(".session-form, .session-presence, .vote");
    const button = form && form.querySelector("button.primary, .buttons:last-child button");
    if (button) { event.preventDefault(); form.requestSubmit(button); }
  });

  // --- after something was refused, what was wrong is in view ------------------------------------------------------------
  const wrong = document.querySelector(".session-main details[open] .errorlist, .session-main details[open] .errors, #beslut .errorlist, #beslut .errors");
  if (wrong) {
    const field = wrong.closest(".field");
    const into = field && field.querySelector("input, textarea, select");
    wrong.scrollIntoView({ block: "center" });
    if (into) into.focus({ preventScroll: true });
  }
})();
