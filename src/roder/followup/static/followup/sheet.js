// A sheet that is filled in: every row is saved by itself a moment after somebody has stopped writing. Without this
// script the page has its buttons. What could not be saved stays on the phone (roder.js keeps the texts of a form with
// data-keep; choices are kept here) and is saved when the connection is back. Where somebody else has saved in between
// nothing is saved until it is said which text is to stand.
(() => {
  "use strict";
  const PAUSE = 1500, AGAIN = 15000;
  const person = document.body.dataset.person || "";
  const clock = () => new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    remove: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  const start = (form) => {
    const state = form.querySelector("[data-state]"), left = form.querySelector("[data-left]");
    const rows = new Map();  // name of the row -> what is going on with it
    const all = () => [...form.querySelectorAll("[data-row]")];
    const row = (element) => {
      const name = element.dataset.row;
      if (!rows.has(name)) rows.set(name, { timer: 0, sending: false, again: false });
      return rows.get(name);
    };
    const fields = (element) => [...element.querySelectorAll("input, textarea, select")].filter((one) => one.name && one.type !== "hidden");
    const ticks = (one) => one.type === "radio" || one.type === "checkbox";
    const changed = (one) => (ticks(one) ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);
    const texts = (one) => `roder:${person}:${form.dataset.keep}:${one.name}`;
    const choices = (element) => `roder:${person}:val:${form.dataset.keep}:${element.dataset.row}`;

    let told = "";
    const say = (words, tone) => {
      state.textContent = words;
      state.dataset.tone = tone || "";
      told = tone || "";
    };
    const settled = () => [...rows.values()].every((one) => !one.timer && !one.sending && !one.again);
    const stopped = () => form.querySelector("[data-row][data-stopped]");
    const quiet = () => {
      if (stopped()) say("En rad behöver ses över innan den kan sparas.", "stop");
      else if (!settled()) return;
      else if (all().some(unexplained)) say("Skriv varför du väljer en annan bedömning än förslaget, så sparas raden.");
      else say(`Allt är sparat kl. ${clock()}.`, "good");
    };

    // --- one row ----------------------------------------------------------------------------------------------------
    const keepChoices = (element) => {
      const moved = fields(element).filter((one) => ticks(one) && changed(one));
      if (moved.length) store.set(choices(element), { at: Date.now(), on: fields(element).filter((one) => ticks(one) && one.checked).map((one) => [one.name, one.value]) });
      else store.remove(choices(element));
    };
    const another = (element) => {  // another choice than the one that is proposed
      const proposed = element.dataset.proposed, chosen = element.querySelector("[data-status]:checked");
      return Boolean(proposed && chosen && chosen.value && chosen.value !== proposed);
    };
    const reason = (element) => element.querySelector("[data-why] textarea").value.trim();
    const departs = (element) => {
      const why = element.querySelector("[data-why]");
      if (why) why.hidden = !another(element) && !reason(element);
    };
    // somebody who has just chosen is about to write why: the row waits for that instead of being refused
    const unexplained = (element) => another(element) && !reason(element) && !element.querySelector("[data-skip]:checked");
    const skips = (element) => {
      const box = element.querySelector("[data-skip]");
      element.classList.toggle("skipped", Boolean(box && box.checked));
    };
    const dress = (element) => {
      departs(element); skips(element);
      for (const button of element.querySelectorAll("[data-take]")) button.hidden = false;
      for (const words of element.querySelectorAll("[data-plain]")) words.hidden = true;
    };

    const saved = (element, sent, answer) => {
      element.querySelector("[data-revision]").value = answer.revision;
      element.removeAttribute("data-changed");
      for (const one of fields(element)) {
        if (ticks(one)) one.defaultChecked = sent.getAll(one.name).includes(one.value);
        else one.defaultValue = sent.get(one.name);
        if (!changed(one) && !ticks(one)) { store.remove(texts(one)); const note = one.parentElement.querySelector(".restored"); if (note) note.remove(); }
      }
      keepChoices(element);
      const mark = element.querySelector("[data-mark]");
      if (mark && answer.mark !== undefined) mark.innerHTML = answer.mark;
      if (left && answer.left !== undefined) left.textContent = answer.left;
      for (const fault of element.querySelectorAll(".errorlist")) fault.remove();
    };
    // the row as the server gives it back: with both texts, or with what is wrong. What has been typed since stands.
    const replaced = (element, page) => {
      const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-row]");
      if (!fresh) return false;
      const at = document.activeElement, name = element.contains(at) ? at.name : "", place = name && at.selectionStart;
      const now = new Map(fields(element).filter((one) => !ticks(one)).map((one) => [one.name, one.value]));
      element.replaceWith(fresh);
      for (const one of fields(fresh)) if (!ticks(one) && now.has(one.name)) one.value = now.get(one.name);
      dress(fresh);
      const back = name && fields(fresh).find((one) => one.name === name && (!ticks(one) || one.checked));
      if (back) { back.focus({ preventScroll: true }); if (place !== null && back.setSelectionRange) try { back.setSelectionRange(place, place); } catch { /* not a text */ } }
      return true;
    };

    const later = (element, wait) => {
      const going = row(element);
      clearTimeout(going.timer);
      going.timer = setTimeout(() => { going.timer = 0; save(element.isConnected ? element : form.querySelector(`[data-row="${element.dataset.row}"]`)); }, wait);
    };
    const cut = (element) => {
      say("Ingen uppkoppling. Det du skrivit finns kvar på den här telefonen och sparas när du har täckning.", "wait");
      later(element, AGAIN);
    };
    const save = async (element, leaving) => {
      if (!element || element.hasAttribute("data-stopped")) return;
      const going = row(element);
      if (going.sending) { going.again = true; return; }
      clearTimeout(going.timer); going.timer = 0;
      if (unexplained(element)) { quiet(); return; }
      const sent = new FormData();
      sent.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      for (const one of element.querySelectorAll("input, textarea, select")) {
        if (one.name && (!ticks(one) || one.checked)) sent.append(one.name, one.value);
      }
      going.sending = true;
      if (told !== "wait") say("Sparar …");
      let answer, page;
      try {
        answer = await fetch(element.dataset.save, { method: "POST", body: sent, keepalive: Boolean(leaving), headers: { "X-Requested-With": "fetch" } });
        page = await answer.text();
      } catch { going.sending = false; cut(element); return; }
      going.sending = false;
      if (answer.redirected) {
        say("Du har loggats ut. Det du skrivit finns kvar på den här telefonen: läs om sidan och logga in igen.", "stop");
        return;
      }
      if (answer.status === 200) {
        saved(element, sent, JSON.parse(page));
        if (going.again || fields(element).some(changed)) { going.again = false; later(element, PAUSE); }
        quiet();
      } else if ((answer.status === 409 || answer.status === 400) && replaced(element, page)) {
        going.again = false;
        say(answer.status === 409 ? "Någon annan har sparat i samma rad. Välj vilken text som ska stå." : "En rad kunde inte sparas. Se vad som står vid fältet.", "stop");
      } else if (answer.status === 403 || answer.status === 404 || answer.status === 410) {
        say("Bladet går inte att skriva i längre, eller så har inloggningen förnyats. Det du skrivit finns kvar: läs om sidan.", "stop");
      } else {
        say("Det gick inte att spara just nu. Det du skrivit finns kvar. Ett nytt försök görs strax.", "wait");
        later(element, AGAIN);
      }
    };

    // --- which text is to stand -------------------------------------------------------------------------------------
    const take = (button) => {
      const element = button.closest("[data-row]");
      for (const other of element.querySelectorAll("[data-other]")) {
        const field = element.querySelector(`[name="${other.dataset.other}"]`);
        if (!field || ticks(field)) continue;
        const theirs = other.textContent.trim() === "–" ? "" : other.dataset.text || other.textContent;
        if (button.dataset.take === "theirs") field.value = theirs;
        if (button.dataset.take === "both" && theirs && !field.value.includes(theirs)) field.value = field.value.trim() ? `${theirs}\n\n${field.value}` : theirs;
      }
      const clash = element.querySelector("[data-clash]");
      if (clash) clash.remove();
      element.removeAttribute("data-stopped");
      const text = element.querySelector("textarea");
      if (text) text.focus();
      save(element);
    };

    // --- events -----------------------------------------------------------------------------------------------------
    const touched = (event) => {
      const element = event.target.closest("[data-row]");
      if (!element || !event.isTrusted || event.target.type === "hidden") return;
      if (ticks(event.target)) { keepChoices(element); dress(element); }
      if (element.hasAttribute("data-stopped") && !element.querySelector("[data-clash]")) element.removeAttribute("data-stopped");
      if (told !== "wait") say("Ändrat, sparas strax.");
      later(element, ticks(event.target) ? 150 : PAUSE);
    };
    form.addEventListener("input", touched);
    form.addEventListener("focusout", (event) => {
      const element = event.target.closest("[data-row]");
      if (element && row(element).timer && told !== "wait" && !element.contains(event.relatedTarget)) save(element);
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-take]");
      if (button) { event.preventDefault(); take(button); }
    });
    window.addEventListener("online", () => { for (const element of all()) if (row(element).timer) save(element); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") for (const element of all()) if (row(element).timer) save(element, true);
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    // the whole sheet is sent when what is on its way has arrived, so that nobody collides with themselves
    let waited = 0;
    form.addEventListener("submit", (event) => {
      for (const element of all()) { clearTimeout(row(element).timer); row(element).timer = 0; }
      if (![...rows.values()].some((one) => one.sending) || waited > 40) { for (const element of all()) store.remove(choices(element)); return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      waited += 1;
      const by = event.submitter;
      setTimeout(() => form.requestSubmit(by), 150);
    }, true);

    // --- begin: what was kept is put back; a text typed over another one than stands now is not saved by itself ------
    for (const element of all()) {
      const kept = store.get(choices(element));
      if (kept) {
        for (const one of fields(element)) if (ticks(one)) one.checked = kept.on.some(([name, value]) => name === one.name && value === one.value);
      }
      for (const one of fields(element)) {
        const found = !ticks(one) && store.get(texts(one));
        if (found && found.text === one.defaultValue) store.remove(texts(one));
        if (!found || found.text === one.defaultValue || found.over === one.defaultValue || element.querySelector("[data-clash]")) continue;
        const box = document.querySelector("#tva-texter").content.firstElementChild.cloneNode(true);
        const theirs = box.querySelector("[data-other]");
        theirs.dataset.other = one.name; theirs.textContent = one.defaultValue || "–"; theirs.dataset.text = one.defaultValue;
        element.setAttribute("data-stopped", "");
        one.before(box);
      }
      dress(element);
      if (fields(element).some(changed)) later(element, 400);
    }
    if (stopped()) quiet();
  };
  const ready = () => { const form = document.querySelector("form[data-sheet]"); if (form) setTimeout(() => start(form), 0); };
  if (document.readyState === "complete") ready(); else window.addEventListener("load", ready);
})();
