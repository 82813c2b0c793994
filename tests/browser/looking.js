// What tests/browser/looking.py asks of a page. An expression: an object of questions.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const start = (one) => (one.outerHTML || "").slice(0, 120);

  // What sticks out to the right. What scrolls sideways in a box of its own does not.
  const outside = () => all("body *")
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
      && !one.closest(".table-wrap, .report-table, .visually-hidden, dialog, svg, pre"))
    .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`).slice(0, 4).join("; ");

  // The shape of a page without its words: two pages of the same shape have the same faults.
  const shape = () => {
    const seen = new Set();
    for (const one of all("body *")) {
      if (one.closest("svg") && one.tagName !== "svg") continue;
      seen.add(`${one.parentElement.tagName}.${one.parentElement.className}>${one.tagName}.${one.className}`);
    }
    return [...seen].sort().join("|");
  };

  const named = (one) => (one.getAttribute("aria-label") || one.textContent
    || [...one.querySelectorAll("img")].map((picture) => picture.alt).join("")).trim().replace(/\s+/g, " ");

  const links = function* () {
    for (const one of all("a[href]").filter(shown)) {
      const said = named(one), half = Math.floor(said.length / 2);
      if (!said) yield `länk utan text: ${start(one)}`;
      if (said.length > 5 && said.slice(0, half) === said.slice(half + said.length % 2)) yield `länk med dubbel text: ${start(one)}`;
    }
  };

  const targets = function* () {
    for (const one of all("button, summary, select, input:not([type=hidden], [tabindex='-1']), a.button").filter(shown)) {
      const boxes = [one, one.closest("label"), one.id && document.querySelector(`label[for="${CSS.escape(one.id)}"]`)]
        .filter(Boolean).map((box) => box.getBoundingClientRect());
      const width = Math.max(...boxes.map((box) => box.width)), height = Math.max(...boxes.map((box) => box.height));
      if (width < 24 || height < 24) yield `mindre än 24 px (${Math.round(width)}×${Math.round(height)}): ${start(one)}`;
    }
  };

  const markup = function* () {
    const heads = all("h1").length, primary = all("main .button.primary").filter(shown).length;
    if (heads !== 1) yield `${heads} h1`;
    if (primary > 1) yield `${primary} huvudknappar`;
    if (!document.title.trim() || /^[\s–]/.test(document.title)) yield "titeln saknas";
    if (document.documentElement.lang !== "sv") yield "språket saknas";
    for (const one of all("img:not([alt])")) yield `bild utan alt: ${start(one)}`;
    for (const one of all("main table:not(.handbook table)")) { // a table of the handbook stands under its heading
      if (!one.querySelector("th")) yield `tabell utan rubriker: ${start(one)}`;
      if (!one.caption && !one.closest("[aria-label], [aria-labelledby]")) yield `tabell utan namn: ${start(one)}`;
    }
    const main = document.querySelector("main")?.cloneNode(true);
    for (const one of main?.querySelectorAll("code, pre") || []) one.remove(); // the handbook shows what is written in files
    const text = main?.textContent || "";
    const code = /\bNone\b|\bTrue\b|\bFalse\b|\bnan\b|\{\{|\{%|object at 0x|&amp;|&#\d/g;
    for (const found of text.match(code) || []) yield `i texten: ${found}`;
  };

  // Where the focus is: whether it is seen, and whether something lies over it.
  const focus = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one), box = one.getClientRects()[0] || one.getBoundingClientRect(); // a link over two lines is two boxes
    const between = (value, most) => Math.min(Math.max(value, 1), most - 1);
    const middle = between(box.left + box.width / 2, innerWidth);
    const top = between(box.top, innerHeight), bottom = between(box.bottom, innerHeight);
    const free = (at) => { // a region higher than the window has its middle to show, when its top is under the heading
      const over = document.elementFromPoint(middle, at);
      return !over || one.contains(over) || over.contains(one) || over.closest("label")?.control === one;
    };
    one.dataset.walked = Number(one.dataset.walked || 0) + 1;
    return {
      seen: [style, getComputedStyle(one.closest("label") || one)].some((at) => at.outlineStyle !== "none" && parseFloat(at.outlineWidth) >= 2),
      free: free(Math.min(top + 12, (top + bottom) / 2)) || free((top + bottom) / 2),
      inside: box.width > 0, times: Number(one.dataset.walked), what: start(one),
    };
  };

  // Bytes as they were sent (also of what lay in the browser already), requests, and milliseconds.
  const weight = () => {
    const sent = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return {
      bytes: sent.reduce((sum, one) => sum + (one.encodedBodySize || 0), 0), own: sent[0].encodedBodySize,
      requests: sent.length, answer: Math.round(sent[0].responseStart - sent[0].requestStart),
      done: Math.round(sent[0].loadEventEnd),
    };
  };

  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const addresses = () => all("a[href]").map((one) => one.href);
  return { outside, shape, focus, weight, over, addresses,
    markup: () => [...markup(), ...links()], targets: () => [...targets()] };
})()
