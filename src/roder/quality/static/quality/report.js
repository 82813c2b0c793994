// The report on the phone. Without this script it is one page that works; with it: four steps, a draft that survives a
// reload and a lost connection, and a report that is sent again by itself when the connection is back.
(() => {
  "use strict";
  const PREFIX = "roder:", OLDEST = 72 * 3600 * 1000, LEFT_OUT = new Set(["csrfmiddlewaretoken", "files", "person"]);
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    remove: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };
  // drafts of anybody on this phone do not lie about for ever
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.includes(":rapport:")) continue;
      const found = store.get(key);
      if (!found || Date.now() - found.at > OLDEST) store.remove(key);
    }
  } catch { /* forbidden */ }

  const local = (moment) => new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  let waiting = false;

  const start = (form, shownAt) => {
    const key = PREFIX + form.dataset.draft;
    const one = (selector) => form.querySelector(selector);
    const steps = [...form.querySelectorAll(".step")], way = one(".way"), marks = [...way.children];
    const back = one("[data-back]"), next = one("[data-next]"), send = one("[data-send]");
    const draft = one("[data-draft-button]"), saved = one("[data-saved]"), state = one("#lage");
    let at = 0;

    // --- the draft ------------------------------------------------------------------------------------------------
    const entries = () => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
    const keep = () => store.set(key, { at: Date.now(), step: at, entries: entries() });
    const restore = () => {
      const found = store.get(key);
      if (!found || form.hasAttribute("data-returned")) return;
      const names = new Set([...form.elements].map((field) => field.name).filter((name) => name && !LEFT_OUT.has(name)));
      for (const name of names) {
        const values = found.entries.filter(([given]) => given === name).map(([, value]) => value);
        for (const field of form.querySelectorAll(`[name="${name}"]`)) {
          if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
          else if (field.type !== "file" && values.length) field.value = values[0];
        }
      }
      for (const details of form.querySelectorAll("details")) {
        if ([...details.querySelectorAll("input, select")].some((field) => field.value && field.value !== "intern")) details.open = true;
      }
      at = Math.min(found.step || 0, steps.length - 1);
      if ((form.what.value || "").trim() || form.querySelector("[name=types]:checked")) say("Utkastet du började på har lagts tillbaka.", true);
    };
    const say = (words, removable) => {
      state.textContent = words;
      state.hidden = !words;
      if (!removable) return;
      const undo = document.createElement("button");
      undo.type = "button"; undo.className = "button small"; undo.textContent = "Börja om";
      undo.addEventListener("click", () => { store.remove(key); location.reload(); });
      state.append(" ", undo);
    };

    // --- the time: what is chosen is written down when it is chosen, so that a report sent later is right -----------
    const when = () => (one("[name=when]:checked") || {}).value;
    const stamp = () => {
      const field = form.occurred_at;
      if (when() === "now") field.value = local(new Date());
      if (when() === "hour") field.value = local(new Date(Date.now() - 3600000));
    };
    for (const radio of form.querySelectorAll("[name=when]")) radio.addEventListener("change", () => { stamp(); keep(); });

    // --- the steps ------------------------------------------------------------------------------------------------
    const fault = (step) => {
      if (step === 0 && !one("[name=types]:checked")) return ["Välj vad det gäller.", one("[name=types]")];
      if (step === 0 && !form.what.value.trim()) return ["Skriv kort vad som hände.", form.what];
      if (step === 1 && !form.unit.value) return ["Välj enhet.", form.unit];
      if (step === 1 && when() === "other" && !form.occurred_at.value) return ["Ange dag och tid.", form.occurred_at];
      if (step === 1 && when() === "other" && form.occurred_at.value > local(new Date())) return ["Tiden ligger framåt i tiden. Ange när det hände.", form.occurred_at];
      return null;
    };
    const clock = (moment) => moment.toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    const spoken = (text) => {
      const moment = new Date(text);
      return text && `${moment.toLocaleDateString("sv-SE", { day: "numeric", month: "long", year: "numeric" })} kl. ${clock(moment)}`;
    };
    const sum = () => {
      const list = one("#sammanfattning"), rows = [
        ["Vad", [...form.querySelectorAll("[name=types][data-word]:checked")].map((box) => box.dataset.word).join(", ")],
        ["Berättelse", form.what.value.trim()],
        ["Var", [form.unit.selectedOptions[0] && form.unit.value ? form.unit.selectedOptions[0].text : "", form.place.value.trim()].filter(Boolean).join(", ")],
        ["När", spoken(form.occurred_at.value)],
      ];
      list.replaceChildren(...rows.filter(([, value]) => value).map(([title, value]) => {
        const row = document.createElement("div"), term = document.createElement("dt"), said = document.createElement("dd");
        term.textContent = title; said.textContent = value; row.append(term, said); return row;
      }));
      list.hidden = false;
    };
    const show = (step, focus) => {
      at = step;
      steps.forEach((part, index) => { part.hidden = index !== step; });
      marks.forEach((mark, index) => {
        mark.classList.toggle("past", index < step);
        if (index === step) mark.setAttribute("aria-current", "step"); else mark.removeAttribute("aria-current");
      });
      back.hidden = step === 0;
      next.hidden = step === steps.length - 1;
      send.hidden = step !== steps.length - 1;
      if (step === steps.length - 1) sum();
      if (focus) { window.scrollTo(0, 0); steps[step].querySelector("h2").focus(); }
    };
    const complain = ([words, field]) => { say(words); state.scrollIntoView({ block: "nearest" }); field.focus(); };
    next.addEventListener("click", () => {
      const found = fault(at);
      if (found) { complain(found); return; }
      say("");
      show(at + 1, true); keep();
    });
    back.addEventListener("click", () => { say(""); show(at - 1, true); keep(); });
    draft.addEventListener("click", () => {
      saved.textContent = keep() ? `Utkastet är sparat på den här telefonen kl. ${clock(new Date())}.` : "Webbläsaren tillåter inte att utkast sparas.";
    });
    form.addEventListener("input", keep);

    // --- sending --------------------------------------------------------------------------------------------------
    const busy = (on) => { send.disabled = on; send.textContent = on ? "Skickar …" : "Skicka rapporten"; };
    const cut = () => {
      waiting = true; busy(false); keep();
      say("Ingen uppkoppling. Det du skrivit finns kvar på telefonen och skickas när du har täckning igen. Du kan också trycka på Skicka en gång till.");
      state.scrollIntoView({ block: "nearest" });
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      for (let step = 0; step < steps.length; step += 1) {
        const found = fault(step);
        if (found) { show(step); complain(found); return; }
      }
      keep(); busy(true);
      let answer, page;
      try {
        answer = await fetch(location.pathname, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
        page = await answer.text();
      } catch { cut(); return; }
      waiting = false;
      if (answer.status === 201) {
        store.remove(key);
        location.assign(answer.headers.get("Location"));
        return;
      }
      if (answer.redirected && answer.ok) { location.assign(answer.url); return; }  // the login has run out
      busy(false);
      const fresh = answer.status === 422 && new DOMParser().parseFromString(page, "text/html").querySelector("#rapport");
      if (fresh) {
        const pictures = one("[name=files]");
        form.replaceWith(fresh);
        fresh.querySelector("[name=files]").replaceWith(pictures);
        start(fresh);
      } else if (answer.status === 403) {
        say("Inloggningen har förnyats. Sidan läses om, och det du skrivit finns kvar.");
        location.reload();
      } else {
        say("Rapporten kunde inte tas emot just nu. Det du skrivit finns kvar. Försök igen om en stund.");
      }
    });
    const again = () => { if (waiting && form.isConnected) form.requestSubmit(); };
    window.addEventListener("online", again);

    // --- begin ----------------------------------------------------------------------------------------------------
    way.hidden = draft.hidden = false;
    if (!form.hasAttribute("data-returned")) stamp();
    restore();
    const wrong = steps.findIndex((part) => part.querySelector(".errorlist"));
    show(wrong >= 0 ? wrong : at);
    const told = one("[role=alert]");
    if (told) told.focus();
  };
  const ready = () => { const form = document.querySelector("#rapport"); if (form) start(form); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
