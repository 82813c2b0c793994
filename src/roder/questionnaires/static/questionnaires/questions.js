// Forms of question sets: questions are shown and hidden as one answers, and what was chosen survives a lost connection
// or a reload (typed text is kept by roder.js). Without this script the server does the same at each saving.
(() => {
  "use strict";
  const form = document.querySelector("form.questions");
  if (!form) return;

  // --- shown when: the same rules as roder.questionnaires.rules.holds --------------------------------------------------
  const answerOf = (code) => {
    const box = form.querySelector(`[data-question="${CSS.escape(code)}"]`);
    if (!box || box.hidden || (box.closest("[data-part]") || {}).hidden) return [];
    const checked = [...box.querySelectorAll("input[type=radio]:checked, input[type=checkbox]:checked")]
      .filter((one) => one.name === `q-${code}`).map((one) => one.value);
    if (box.querySelector(`input[type=radio], input[type=checkbox][name="q-${CSS.escape(code)}"]`)) return checked;
    return [...box.querySelectorAll("input:not([type=file]):not([type=checkbox]), textarea, select")]
      .map((one) => one.value.trim()).filter((text) => text !== "");
  };
  const number = (text) => {
    const plain = String(text).replace(/\s/g, "").replace("\u2212", "-").replace(",", ".");
    return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
  };
  const holds = (condition) => {
    if (condition.all && condition.all.length) return condition.all.every(holds);
    if (condition.any && condition.any.length) return condition.any.some(holds);
    if (condition.not) return !holds(condition.not);
    const given = answerOf(condition.question), answered = given.length > 0;
    if (condition.answered !== undefined && condition.answered !== answered) return false;
    const asks = [condition.is, condition.at_least, condition.at_most].some((one) => one !== undefined);
    if (asks && !answered) return false;
    if (condition.is !== undefined) {
      const wanted = (Array.isArray(condition.is) ? condition.is : [condition.is])
        .map((one) => (one === true ? "ja" : one === false ? "nej" : String(one)));
      if (!given.some((one) => wanted.includes(one))) return false;
    }
    const value = number(given[0] === undefined ? "" : given[0]);
    if (condition.at_least !== undefined && (value === null || value < Number(condition.at_least))) return false;
    return condition.at_most === undefined || (value !== null && value <= Number(condition.at_most));
  };
  const show = () => {
    for (const box of form.querySelectorAll("[data-part], [data-question]")) {
      if (box.dataset.shownWhen) box.hidden = !holds(JSON.parse(box.dataset.shownWhen));
      else box.hidden = false; // a question without a condition of its own is hidden with its part only
    }
    for (const part of form.querySelectorAll("[data-part]")) {
      const some = [...part.querySelectorAll("[data-question]")].some((box) => !box.hidden);
      if (!some) part.hidden = true;
    }
  };

  // --- what was chosen is kept until it is saved: a saving raises the form's revision ------------------------------------
  const revision = form.elements.revision ? form.elements.revision.value : "";
  const key = `roder:${document.body.dataset.person || ""}:val:${location.pathname}`;
  const fields = () => [...form.elements].filter((one) =>
    one.name && (one.type === "radio" || one.type === "checkbox" || one.type === "date" || one.tagName === "SELECT"));
  const chosen = () => fields().filter((one) => one.type === "radio" || one.type === "checkbox" ? one.checked : one.value)
    .map((one) => [one.name, one.value]);
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify({ revision, chosen: chosen() })); } catch { /* full or forbidden */ }
  };
  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* forbidden */ }
    if (!kept || document.querySelector("main [role=alert]")) return;
    if (kept.revision !== revision) { try { localStorage.removeItem(key); } catch { /* forbidden */ } return; }
    const had = new Map();
    for (const [name, value] of kept.chosen) had.set(name, [...(had.get(name) || []), value]);
    for (const one of fields()) {
      const values = had.get(one.name) || [];
      if (one.type === "radio" || one.type === "checkbox") one.checked = values.includes(one.value);
      else if (values.length) one.value = values[0];
    }
  };

  const said = form.querySelector("[data-connection]");
  const connection = () => {
    if (said) said.textContent = navigator.onLine ? "" : "Ingen anslutning. Det du skriver sparas i den här enheten och kan skickas när anslutningen är tillbaka.";
  };
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); connection(); if (said) said.scrollIntoView({ block: "nearest" }); }
  });
  window.addEventListener("online", connection);
  window.addEventListener("offline", connection);
  if (form.hasAttribute("data-keep")) { restore(); form.addEventListener("change", keep); }
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  const faults = document.querySelector("#fel");
  if (faults) faults.focus();
  window.addEventListener("load", show); // after roder.js has put typed text back
  show();
  connection();
})();
