// Roder's own small script. Every page works without it; with it: "/" goes to the search field, menus close, numbers
// open in a side panel, and typed text survives a lost connection, a timed-out login or a closed window.
(() => {
  "use strict";

  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

  // --- keys and menus -------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const field = document.querySelector("#find");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    }
    if (event.key === "Escape") {
      const open = document.querySelector("details.drop[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    }
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.drop[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const print = event.target.closest("[data-print]");
    if (print) window.print();
  });

  // --- lists: what is not filled in stays out of the address ------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("form.filters")) return;
    const given = event.detail.formData || event.detail.parameters;
    for (const [name, value] of [...(given.entries ? given.entries() : Object.entries(given))]) {
      if (value !== "") continue;
      if (given.delete) given.delete(name); else delete given[name];
    }
  });

  // --- what scrolls sideways can be reached by keyboard and has a name ------------------------------------------------
  const named = new Map();
  const reachable = () => {
    for (const box of document.querySelectorAll(".table-wrap:not([tabindex]), .report-table:not([tabindex])")) {
      if (box.scrollWidth <= box.clientWidth) continue;
      const place = box.closest("section, article, main");
      const words = [place && place.querySelector("h1, h2, h3"), box.querySelector("caption")];
      const name = ["Tabell", ...words.filter(Boolean).map((one) => one.textContent.trim().replace(/\s+/g, " "))].join(": ");
      named.set(name, (named.get(name) || 0) + 1);
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", named.get(name) > 1 ? `${name} (${named.get(name)})` : name);
    }
  };
  window.addEventListener("resize", reachable);
  // A browser leaves what is half outside a scrolled table where it is: focus by keyboard brings it in whole.
  document.addEventListener("focusin", (event) => {
    const box = event.target.closest(".table-wrap, .report-table");
    if (box && box !== event.target && event.target.matches(":focus-visible")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  if (document.fonts) document.fonts.ready.then(reachable); // a wider font makes a table scroll that did not

  // --- what takes more than a moment shows that it is on its way; what asks by itself now and then does not ---------
  const SOON = 300; // ms
  const asked = new Map();
  const waiting = () => {
    const shown = document.querySelector(".progress");
    if (shown && ![...asked.values()].some((one) => one.late)) shown.remove();
    if (shown || ![...asked.values()].some((one) => one.late)) return;
    const bar = document.createElement("div");
    bar.className = "progress";
    bar.setAttribute("role", "status");
    bar.innerHTML = '<span class="visually-hidden">Hämtar …</span>';
    (document.querySelector("dialog[open]") || document.body).append(bar);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { xhr, elt } = event.detail;
    if (/every /.test(elt.getAttribute("hx-trigger") || "")) return;
    const one = { late: false };
    one.timer = setTimeout(() => { one.late = true; waiting(); }, SOON);
    asked.set(xhr, one);
  });
  for (const end of ["htmx:afterRequest", "htmx:sendAbort", "htmx:timeout", "htmx:sendError"]) {
    document.addEventListener(end, (event) => {
      const one = asked.get(event.detail.xhr);
      if (one) { clearTimeout(one.timer); asked.delete(event.detail.xhr); waiting(); }
    });
  }

  // --- side panel: any page, without its frame --------------------------------------------------------------------
  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    const panel = document.querySelector("#panel");
    if (!link || !panel || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (!panel.open) opener = link;
    panel.querySelector("[data-panel-page]").href = link.href;
    window.htmx.ajax("GET", link.href, { target: "#panel-content", swap: "innerHTML" }).then(() => {
      if (!panel.open) panel.showModal();
      panel.scrollTop = 0;
      const place = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const heading = place && panel.contains(place) ? place : panel.querySelector("h1");
      if (heading) { heading.tabIndex = -1; heading.focus(); }
    });
  });
  document.addEventListener("click", (event) => {
    const panel = document.querySelector("#panel");
    if (panel && panel.open && (event.target.closest("[data-panel-close]") || event.target === panel)) panel.close();
  });
  document.addEventListener("close", (event) => {
    if (event.target.id === "panel" && opener) { opener.focus(); opener = null; }
  }, true);
  // a page that could not be fetched (login has run out, no connection) opens as an ordinary page and says why
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target && event.detail.target.id === "panel-content") window.location = event.detail.pathInfo.requestPath;
  });

  // --- typed text is kept until it is saved -----------------------------------------------------------------------
  const person = document.body.dataset.person || "";
  const PREFIX = "roder:";
  const keyOf = (field) => `${PREFIX}${person}:${field.form.dataset.keep || location.pathname}:${field.name}`;
  const kept = (field) => field.form && field.form.hasAttribute("data-keep") && field.name &&
    (field.tagName === "TEXTAREA" || field.type === "text" || field.type === "number" || field.type === "search");
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    remove: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!kept(field)) return;
    if (field.value === field.defaultValue) store.remove(keyOf(field));
    else store.set(keyOf(field), { text: field.value, over: field.defaultValue });
  });

  // a form that is sent is marked; the marks go when the page after it shows that it was taken care of
  const entries = () => Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${person}:`));
  document.addEventListener("submit", (event) => {
    if (!event.target.hasAttribute("data-keep")) return;
    for (const field of event.target.elements) {
      const found = kept(field) && store.get(keyOf(field));
      if (found) store.set(keyOf(field), { ...found, sent: location.pathname });
    }
  });
  const refused = () => document.querySelector("meta[name='roder-failed'], form[data-keep] .errorlist, main [role='alert']");
  const forgetSaved = () => {
    const arrived = performance.getEntriesByType("navigation")[0];
    if (!person || !document.referrer || refused() || !arrived || arrived.type !== "navigate") return;
    const from = new URL(document.referrer).pathname;
    try {
      for (const key of entries()) if ((store.get(key) || {}).sent === from) store.remove(key);
    } catch { /* forbidden */ }
  };

  const restore = (root) => {
    for (const field of root.querySelectorAll("form[data-keep] textarea, form[data-keep] input")) {
      if (!kept(field)) continue;
      const key = keyOf(field), found = store.get(key);
      if (!found) continue;
      // what stands in the page is what was typed: it is saved, or the form has come back with a fault to mend
      if (found.text === field.value || found.text.replace(/\r?\n/g, "\n").trim() === field.value.replace(/\r?\n/g, "\n").trim()) {
        if (!refused()) store.remove(key);
        continue;
      }
      const stands = field.value;
      field.value = found.text;
      const note = document.createElement("p");
      note.className = "restored";
      note.setAttribute("role", "status");
      note.textContent = "Text som inte hann sparas har lagts tillbaka. ";
      const undo = document.createElement("button");
      undo.type = "button";
      undo.className = "button small";
      undo.textContent = "Ta bort den";
      undo.addEventListener("click", () => { field.value = stands; store.remove(key); note.remove(); field.focus(); });
      note.append(undo);
      field.after(note);
    }
  };

  // logging out by one's own will clears what was kept in this browser
  document.addEventListener("submit", (event) => {
    if (!event.target.hasAttribute("data-forget")) return;
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    } catch { /* forbidden */ }
  });

  const ready = () => { forgetSaved(); restore(document); reachable(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
  document.addEventListener("htmx:afterSettle", (event) => { restore(event.target); reachable(); });
})();
