// What a reviewer does with a draft: choose words, comment on them, answer, take it all along. Served, the
// comments go to the server; from a file, they stay in the browser until they are downloaded.
//
// Words of others never become markup: every element is made here and filled through textContent.
// Nothing that was typed is lost: it is kept in the browser first, and leaves it when it has arrived.
"use strict";

(() => {
  const draft = JSON.parse(document.getElementById("draft-data").textContent);
  const CONTEXT = 32;
  const LONGEST = { body: 8000, quote: 4000, name: 80, address: 6000, file: 10_000_000 };
  const CERTAIN = 0.8;
  const SPACE = /\s/;
  const SKIPPED = new Set(["annotation", "button", "script", "style", "svg", "template"]);
  const BLOCKS = new Set(
    ("address article aside blockquote br caption dd details div dl dt figcaption figure footer " +
      "h1 h2 h3 h4 h5 h6 header hr li main math nav ol p pre section summary table tbody td tfoot " +
      "th thead tr ul").split(" "),
  );
  const PAINT = typeof Highlight === "function" && "highlights" in CSS;
  const wide = matchMedia("(min-width: 68rem)");

  // ---- Elements ---------------------------------------------------------------------------------

  const make = (name, values = {}, ...children) => {
    const { dataset = {}, ...plain } = values;
    const element = Object.assign(document.createElement(name), plain);
    Object.assign(element.dataset, dataset);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };
  const button = (textContent, onclick, values = {}) =>
    make("button", { type: "button", textContent, onclick, ...values });

  const tools = document.querySelector(".tools");
  const notices = document.querySelector(".notices");
  const orphans = document.querySelector(".orphans");
  const heard = make("p", { className: "heard" });
  heard.setAttribute("role", "status");
  document.querySelector("main").append(heard);
  const announce = (words) => {
    heard.textContent = words;
  };

  const notice = (words, { wrong = false, act = null, key = words } = {}) => {
    for (const old of notices.querySelectorAll("p")) {
      if (old.dataset.key === key) old.remove();
    }
    const line = make("p", { className: wrong ? "wrong" : "", dataset: { key } });
    const close = button("Close", () => line.remove());
    line.append(make("span", { textContent: words }), ...(act ? [act] : []), close);
    notices.append(line);
    announce(words);
  };
  const silence = (key) => {
    for (const old of notices.querySelectorAll("p")) {
      if (old.dataset.key === key) old.remove();
    }
  };

  // ---- The text of a chapter: as `text.py` reads it, character by character -----------------------

  const chapters = new Map();
  for (const section of document.querySelectorAll("section.leaf")) {
    const [article, column] = [section.querySelector("article"), section.querySelector(".notes")];
    const notes = make("div", { className: "cards" });
    const chapter = { slug: section.id, section, article, column, notes, text: null };
    const whole = button("Comment on the chapter", () => compose(chapter, 0, 0), { className: "whole" });
    column.append(whole, notes);
    chapters.set(section.id, chapter);
  }
  const chapterOf = (source) => {
    const slug = String(source).split("/").pop().replace(/\.[^.]*$/, "");
    return chapters.get(slug) ?? null;
  };

  const readText = (article) => {
    const [characters, nodes, offsets] = [[], [], []];
    let gap = false;
    const put = (character, node, offset) => {
      characters.push(character);
      nodes.push(node);
      offsets.push(offset);
    };
    const space = () => {
      gap = characters.length > 0;
    };
    const visit = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        for (let place = 0; place < node.data.length; ) {
          const character = String.fromCodePoint(node.data.codePointAt(place));
          if (SPACE.test(character)) {
            space();
          } else {
            if (gap) put(" ", null, 0);
            gap = false;
            put(character, node, place);
          }
          place += character.length;
        }
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        const block = BLOCKS.has(node.localName);
        const hidden = node.getAttribute("aria-hidden") === "true" || "skip" in (node.dataset ?? {});
        if (block) space();
        if (!hidden && !SKIPPED.has(node.localName)) node.childNodes.forEach(visit);
        if (block) space();
      }
    };
    article.childNodes.forEach(visit);
    return { characters, nodes, offsets, whole: characters.join("") };
  };
  const textOf = (chapter) => {
    chapter.text ??= readText(chapter.article);
    return chapter.text;
  };
  const slice = (chapter, start, end) => textOf(chapter).characters.slice(start, end).join("");

  const rangeOf = (chapter, start, end) => {
    const { characters, nodes, offsets } = textOf(chapter);
    const first = nodes[start] ? start : start + 1;
    const last = nodes[end - 1] ? end - 1 : end - 2;
    if (!(first >= 0 && last < nodes.length && first <= last)) return null;
    const range = document.createRange();
    range.setStart(nodes[first], offsets[first]);
    range.setEnd(nodes[last], offsets[last] + characters[last].length);
    return range;
  };

  // The first place for which `after` says yes; it says no before it and yes from it on.
  const bisect = (count, after) => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (after(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const offsetsOf = (chapter, range) => {
    const { characters, nodes, offsets } = textOf(chapter);
    const known = (place) => (nodes[place] ? place : place + 1);
    const begun = (place) => range.comparePoint(nodes[known(place)], offsets[known(place)]) >= 0;
    const over = (place) => {
      const at = known(place);
      return range.comparePoint(nodes[at], offsets[at] + characters[at].length) > 0;
    };
    let start = bisect(characters.length, begun);
    let end = bisect(characters.length, over);
    while (start < end && characters[start] === " ") start += 1;
    while (start < end && characters[end - 1] === " ") end -= 1;
    return start < end ? [start, end] : null;
  };

  const selectorOf = (chapter, start, end) => {
    const stop = Math.min(end, start + LONGEST.quote);
    return [
      {
        type: "TextQuoteSelector",
        exact: slice(chapter, start, stop),
        prefix: slice(chapter, Math.max(0, start - CONTEXT), start),
        suffix: slice(chapter, stop, stop + CONTEXT),
      },
      { type: "TextPositionSelector", start, end: stop },
    ];
  };

  // Where a quote is in a text that its place was not computed for: as it was, or nowhere.
  const findQuote = (chapter, { exact, prefix, suffix }) => {
    const { whole } = textOf(chapter);
    let best = null;
    for (let at = whole.indexOf(exact); exact && at >= 0; at = whole.indexOf(exact, at + 1)) {
      const before = whole.slice(0, at).endsWith(prefix) ? 1 : 0;
      const after = whole.startsWith(suffix, at + exact.length) ? 1 : 0;
      if (!best || before + after > best.likeness) best = { at, likeness: before + after };
      else if (before + after === best.likeness) best.twice = true;
    }
    if (!best || (best.likeness === 0 && best.twice)) return null;
    const start = Array.from(whole.slice(0, best.at)).length;
    return { start, end: start + Array.from(exact).length };
  };

  // ---- Comments -----------------------------------------------------------------------------------

  const entries = new Map(); // id -> {annotation, number, decisions, place, last, origin}
  const list = (value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
  const words = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");

  const idOf = (entry) => entry.annotation.id;
  const parentOf = (entry) => list(entry.annotation.target).find((t) => typeof t === "string") ?? "";
  const targetOf = (entry) =>
    list(entry.annotation.target).find((t) => t && typeof t === "object") ?? {};
  const quoteOf = (entry) => {
    const found = list(targetOf(entry).selector).find((s) => s?.type === "TextQuoteSelector");
    const exact = words(found?.exact, LONGEST.quote);
    const [prefix, suffix] = [words(found?.prefix, CONTEXT), words(found?.suffix, CONTEXT)];
    return exact ? { exact, prefix, suffix } : null;
  };
  const bodiesOf = (entry, editing) =>
    list(entry.annotation.body)
      .filter((body) => typeof body?.value === "string" && (body.purpose === "editing") === editing)
      .map((body) => body.value.slice(0, LONGEST.body));
  const saidBy = (entry) => words(list(entry.annotation.creator)[0]?.name, LONGEST.name) || "somebody";
  const statusOf = (entry) => entry.decisions.at(-1)?.status ?? "open";
  const isMine = (entry) => memory.mine.has(idOf(entry));

  const placeOf = (entry) => {
    if ("found" in entry) return entry.found;
    entry.found = null;
    const [quote, given] = [quoteOf(entry), entry.place];
    const chapter = chapters.get(given?.chapter) ?? chapterOf(targetOf(entry).source);
    if (!chapter) return null;
    if (given && entry.build === draft.build) {
      const fits = given.start <= given.end && given.end <= textOf(chapter).characters.length;
      entry.found = fits ? { ...given, chapter } : null;
    } else if (!quote) {
      entry.found = parentOf(entry) ? null : { chapter, start: 0, end: 0, score: 1 };
    } else {
      const found = asItWas(chapter, entry, quote) ?? findQuote(chapter, quote);
      entry.found = found ? { chapter, ...found, score: 1 } : null;
    }
    return entry.found;
  };
  const asItWas = (chapter, entry, { exact }) => {
    const given = list(targetOf(entry).selector).find((s) => s?.type === "TextPositionSelector");
    const { start, end } = given ?? {};
    return Number.isInteger(start) && slice(chapter, start, end) === exact ? { start, end } : null;
  };
  const locatorOf = (place) => {
    const { section } = place.chapter;
    if (place.line) return `${section.dataset.code}:${place.line}`;
    const node = textOf(place.chapter).nodes[place.start];
    const block = node?.parentElement.closest("[data-pos]");
    return `${section.dataset.code}:${block?.dataset.pos.split(":")[0] ?? 1}`;
  };

  const take = (raw, more = {}) => {
    const annotation = raw?.annotation ?? raw;
    if (typeof annotation?.id !== "string" || annotation.id.length > 200) return false;
    const decisions = list(raw.decisions).filter((d) => typeof d?.status === "string");
    const known = { number: raw.number, decisions, place: raw.place, last: raw.last };
    entries.set(annotation.id, { annotation, build: draft.build, ...known, ...more });
    return true;
  };

  // ---- What this browser keeps -----------------------------------------------------------------------

  const KEY = `bookpress-review:${draft.slug}`;
  const memory = { name: "", own: [], loaded: [], mine: new Set(), lasting: true };
  const recall = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      memory.name = words(kept.name, LONGEST.name);
      memory.own = list(kept.own);
      memory.loaded = list(kept.loaded);
      memory.mine = new Set(list(kept.mine));
    } catch {
      memory.lasting = false;
    }
  };
  const store = () => {
    const { name, own, loaded, mine } = memory;
    try {
      localStorage.setItem(KEY, JSON.stringify({ name, own, loaded, mine: [...mine] }));
    } catch {
      if (memory.lasting && !draft.served) {
        const why = "This browser keeps nothing for files: download your comments before you close it.";
        notice(why, { wrong: true });
      }
      memory.lasting = false;
    }
  };
  // Another tab may have written since: what it kept is read first, and kept as well.
  const remember = (change) => {
    if (memory.lasting) recall();
    change(memory);
    store();
  };

  // ---- Where comments go: a server, or this browser --------------------------------------------------

  const REFUSED = {
    401: "the server does not know you any more: open the share link again",
    413: "it is too long",
    429: "there are too many at once: wait a minute",
    507: "the author's disk is full",
  };
  const ask = async (path, body) => {
    const options = { headers: { "Content-Type": "application/json" }, method: "POST" };
    const response = await fetch(path, body === undefined ? {} : { ...options, body: JSON.stringify(body) });
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    const problem = new Error(REFUSED[response.status] ?? words(told.problem, 300) ?? "it was refused");
    problem.final = response.status >= 400 && response.status < 500 && ![401, 429].includes(response.status);
    throw problem;
  };
  let author = false;
  const refresh = async () => {
    if (!draft.served) return;
    const told = await ask("api/comments");
    author = told.author;
    const waiting = new Set(memory.own.map((own) => own.id));
    for (const id of [...entries.keys()]) {
      if (!waiting.has(id)) entries.delete(id);
    }
    for (const entry of told.comments) take(entry, { build: told.build });
    for (const id of waiting) {
      if (entries.get(id) && told.comments.some((c) => c.annotation.id === id)) drop(id);
    }
    if (told.build !== draft.build || told.draft !== draft.draft) newDraft();
    if (told.problem) notice(`The draft is the last good one. ${told.problem}`, { wrong: true, key: "problem" });
    else silence("problem");
    render();
  };
  const drop = (id) => remember((kept) => (kept.own = kept.own.filter((own) => own.id !== id)));
  const keep = (annotation) => {
    remember((kept) => {
      kept.own.push(annotation);
      kept.mine.add(annotation.id);
    });
    take(annotation, { waiting: draft.served });
    render();
  };
  const send = async (annotation) => {
    try {
      const { id } = await ask("api/comments", annotation);
      drop(annotation.id);
      remember((kept) => kept.mine.add(id));
      const entry = entries.get(annotation.id);
      if (entry) entry.waiting = false;
      render();
      silence("waiting");
    } catch (error) {
      const what = error.final ? `Not accepted: ${error.message}.` : `Not sent yet: ${error.message}.`;
      const act = button("Send again", sendWaiting);
      notice(`${what} Your words are kept in this browser.`, { wrong: true, act, key: "waiting" });
      return;
    }
    await refresh().catch(() => {}); // it has arrived; the next event shows the rest
  };
  const sendWaiting = async () => {
    for (const annotation of [...memory.own]) await send(annotation);
  };
  const add = async (annotation) => {
    keep(annotation);
    announce("Your comment is kept.");
    if (draft.served) await send(annotation);
  };
  const decide = async (entry, decision) => {
    await ask(`api/comments/${encodeURIComponent(idOf(entry))}/decision`, decision);
    await refresh();
  };
  const newDraft = () => {
    const act = button("Show it", () => location.reload());
    notice("A new draft is there.", { act, key: "draft" });
  };
  const listen = () => {
    const events = new EventSource("api/events");
    events.addEventListener("draft", newDraft);
    for (const name of ["comments", "problem", "draft"]) {
      events.addEventListener(name, () => refresh().catch(() => {}));
    }
    addEventListener("online", sendWaiting);
  };

  const annotate = (values) => ({
    "@context": ["http://www.w3.org/ns/anno.jsonld", { book: "https://book.invalid/review#" }],
    id: `urn:uuid:${uuid()}`,
    type: "Annotation",
    creator: { type: "Person", name: memory.name || "somebody" },
    created: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    "book:draft": draft.draft,
    "book:origin": draft.served ? "web" : "static",
    ...(draft.commit ? { "book:commit": draft.commit } : {}),
    ...values,
  });
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const textual = (value, purpose) => ({ type: "TextualBody", format: "text/plain", purpose, value });

  // ---- Forms -------------------------------------------------------------------------------------------

  let count = 0;
  const field = (label, control) => {
    count += 1;
    control.id = `field-${count}`;
    return make("label", { className: "field", htmlFor: control.id }, label, control);
  };
  const area = (values) => make("textarea", { maxLength: LONGEST.body, ...values });
  const tick = (label) => {
    const box = make("input", { type: "checkbox" });
    return { box, line: make("label", { className: "tick" }, box, make("span", { textContent: label })) };
  };
  const nameField = () => {
    const control = make("input", { type: "text", maxLength: LONGEST.name, value: memory.name });
    control.autocomplete = "name";
    return { control, line: field("Your name", control) };
  };
  const setName = (control) => remember((kept) => (kept.name = control.value.trim()));

  // A form with a line for what is wrong; `submit` returns that line's words, or nothing when all is well.
  const formOf = (label, content, { act, submit, cancel }) => {
    const wrong = make("p", { className: "wrong" });
    wrong.setAttribute("role", "alert");
    const go = make("button", { type: "submit", textContent: act });
    const row = make("div", { className: "row" }, go, button("Cancel", cancel));
    const form = make("form", { noValidate: true }, ...content, wrong, row);
    form.setAttribute("aria-label", label);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        wrong.textContent = (await submit()) ?? "";
      } catch (error) {
        wrong.textContent = `That did not work: ${error.message}.`;
      }
      go.disabled = false;
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      if (event.key === "Escape" && !isTyped(form)) {
        event.stopPropagation();
        cancel();
      }
    });
    return form;
  };
  const isTyped = (form) =>
    [...form.querySelectorAll("textarea")].some((control) => control.value !== control.defaultValue);

  let composing = null;
  const compose = (chapter, start, end) => {
    if (composing && isTyped(composing)) {
      announce("Save or cancel the comment that you are writing first.");
      composing.querySelector("textarea").focus();
      return;
    }
    stopComposing();
    const back = document.activeElement;
    const selector = start < end ? selectorOf(chapter, start, end) : null;
    const quote = selector?.[0].exact ?? "";
    const body = area({});
    const edit = area({ className: "words", value: quote, defaultValue: quote });
    const editing = field("What it should say; nothing strikes it out", edit);
    const [suggest, ask_, block] = [
      tick("Suggest other words"),
      tick("This is a question"),
      tick("The book must not go out before this is settled"),
    ];
    editing.hidden = true;
    suggest.line.hidden = !quote;
    suggest.box.addEventListener("change", () => {
      editing.hidden = !suggest.box.checked;
      (suggest.box.checked ? edit : body).focus();
    });
    const name = nameField();
    const submit = async () => {
      const said = body.value.trim();
      const suggested = suggest.box.checked;
      if (!said && !(suggested && edit.value !== quote)) return "Write something first.";
      setName(name.control);
      const motivation = suggested ? "editing" : ask_.box.checked ? "questioning" : "commenting";
      const source = chapter.section.dataset.source;
      const annotation = annotate({
        motivation,
        body: [
          ...(said ? [textual(said, ask_.box.checked ? "questioning" : "commenting")] : []),
          ...(suggested ? [textual(edit.value.trim(), "editing")] : []),
        ],
        target: { source, ...(selector ? { selector } : {}) },
        ...(block.box.checked ? { "book:blocking": true } : {}),
      });
      stopComposing();
      getSelection().removeAllRanges();
      const added = add(annotation);
      activate(annotation.id, { focus: true }); // at once: later the reader is elsewhere
      await added;
      return "";
    };
    const cancel = () => {
      stopComposing();
      if (back?.isConnected) back.focus();
    };
    const at = make("span", { className: "at" });
    at.textContent = locatorOf({ chapter, start });
    const head = make("p", { className: "head" }, `Comment on ${quote ? "" : "the chapter at "}`, at);
    const shown = quote ? make("blockquote", { textContent: quote, tabIndex: 0 }) : null;
    const content = [head, ...(shown ? [shown] : []), field("Your comment", body), suggest.line, editing];
    composing = make("div", { className: "compose" });
    composing.setAttribute("role", "dialog");
    composing.setAttribute("aria-label", "Write a comment");
    const label = `Comment on ${quote.slice(0, 80) || "the chapter"}`;
    const act = draft.served ? "Send" : "Keep";
    const rest = [ask_.line, block.line, name.line];
    composing.append(formOf(label, [...content, ...rest], { act, submit, cancel }));
    document.querySelector("main").append(composing);
    pending = { chapter, start, end };
    paint();
    body.focus();
  };
  const stopComposing = () => {
    composing?.remove();
    composing = null;
    pending = null;
    paint();
  };

  const openForm = (card, form) => {
    const slot = card.querySelector(".slot");
    slot.replaceChildren(form);
    layOut();
    form.querySelector("textarea, input").focus();
  };
  const closeForm = (card, selector) => {
    card.querySelector(".slot").replaceChildren();
    layOut();
    card.querySelector(selector)?.focus();
  };
  const replyTo = (entry, card) => {
    const [body, name] = [area({}), nameField()];
    const cancel = () => closeForm(card, "[data-act=reply]");
    const submit = async () => {
      if (!body.value.trim()) return "Write something first.";
      setName(name.control);
      const target = [idOf(entry), { source: targetOf(entry).source ?? "" }];
      const said = [textual(body.value.trim(), "replying")];
      const annotation = annotate({ motivation: "replying", body: said, target });
      cancel();
      await add(annotation);
      return "";
    };
    const content = [field("Your answer", body), name.line];
    const act = draft.served ? "Send" : "Keep";
    openForm(card, formOf(`Answer to ${saidBy(entry)}`, content, { act, submit, cancel }));
  };
  const decideOn = (entry, card, status) => {
    const reason = area({});
    const commit = make("input", { type: "text", maxLength: LONGEST.name });
    const cancel = () => closeForm(card, "[data-act]");
    const needed = status !== "resolved";
    const labels = { resolved: "What was done", declined: "Why not", open: "Why it is open again" };
    const acts = { resolved: "Resolve", declined: "Decline", open: "Reopen" };
    const submit = async () => {
      if (needed && !reason.value.trim()) return "Give a reason: the reviewer will read it.";
      await decide(entry, { status, reason: reason.value.trim(), commit: commit.value.trim() });
      cancel();
      return "";
    };
    const content = [field(labels[status] + (needed ? "" : ", if it needs saying"), reason)];
    if (status === "resolved") content.push(field("Commit, if there is one", commit));
    openForm(card, formOf(acts[status], content, { act: acts[status], submit, cancel }));
  };
  const reattach = async (entry) => {
    const found = chosen;
    if (!found) {
      announce("Select the words it is about first.");
      notice("Select the words that the comment is about, then press “Attach to the selection”.");
      return;
    }
    const target = { source: found.chapter.section.dataset.source };
    target.selector = selectorOf(found.chapter, found.start, found.end);
    try {
      await ask(`api/comments/${encodeURIComponent(idOf(entry))}/place`, { target, build: draft.build });
      await refresh();
    } catch (error) {
      notice(`It is not attached: ${error.message}.`, { wrong: true });
    }
  };

  // ---- Threads -----------------------------------------------------------------------------------------

  // The words of a suggestion, with what both have in common at their ends left as it is.
  const change = (old, fresh) => {
    const [a, b] = [old.split(/(\s+)/), fresh.split(/(\s+)/)];
    let head = 0;
    while (head < Math.min(a.length, b.length) && a[head] === b[head]) head += 1;
    let tail = 0;
    const most = Math.min(a.length, b.length) - head;
    while (tail < most && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
    const middle = (all) => all.slice(head, all.length - tail).join("");
    const line = make("p", { className: "change" }, a.slice(0, head).join(""));
    const [struck, inserted] = [middle(a), middle(b)];
    if (struck) line.append(make("del", { textContent: struck }));
    if (struck && inserted) line.append(" ");
    if (inserted) line.append(make("ins", { textContent: inserted }));
    line.append(a.slice(a.length - tail).join(""));
    return line;
  };
  const day = (moment) => words(moment, 10);
  const STATES = { open: "open", resolved: "resolved", declined: "declined" };
  const metaOf = (entry, more = []) => {
    const parts = [day(entry.annotation.created), ...more].filter(Boolean);
    const who = make("span", { className: "who", textContent: saidBy(entry) });
    const meta = make("p", { className: "meta" }, who);
    parts.forEach((part) => meta.append(" · ", part));
    return meta;
  };
  const saidOf = (entry) => {
    const made = bodiesOf(entry, false).map((said) => make("p", { className: "said", textContent: said }));
    const quote = quoteOf(entry);
    bodiesOf(entry, true).forEach((fresh) => made.push(change(quote?.exact ?? "", fresh)));
    return made;
  };
  const decisionsOf = (entry) =>
    entry.decisions.map((decision) => {
      const line = make("p", { className: "decided" });
      const state = STATES[decision.status] === "open" ? "reopened" : STATES[decision.status];
      line.append(make("b", { textContent: state ?? "" }));
      const more = [words(decision.reason, LONGEST.body), words(decision.commit, 80), day(decision.when)];
      line.append(...more.filter(Boolean).map((part) => ` · ${part}`));
      return line;
    });

  const REPOSITORY = /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/;
  const issueAddress = (entry) => {
    const place = placeOf(entry);
    const at = place ? locatorOf(place) : words(targetOf(entry).source, 200);
    const quote = quoteOf(entry)?.exact ?? "";
    const said = bodiesOf(entry, false).join("\n\n");
    const edit = bodiesOf(entry, true)[0];
    const suggestion = edit === undefined ? "" : `Suggested instead:\n\n> ${edit || "(nothing)"}`;
    const build = (most) => {
      const cut = (text) => (text.length > most ? `${text.slice(0, most)}…` : text);
      const values = new URLSearchParams({
        template: "draft-comment.yml",
        title: `${at}: ${quote.slice(0, 60)}`,
        location: `${at}, draft ${draft.draft}`,
        quote: cut(quote),
        comment: cut([said, suggestion].filter(Boolean).join("\n\n")),
      });
      return `${draft.repository}/issues/new?${values}`;
    };
    let most = LONGEST.body;
    while (build(most).length > LONGEST.address && most > 100) most = Math.floor(most * 0.8);
    return build(most);
  };

  const actsOf = (entry, card) => {
    const acts = make("div", { className: "acts" });
    const act = (name, label, onclick) => acts.append(button(label, onclick, { dataset: { act: name } }));
    if (placeOf(entry)) act("show", "Show the words", () => show(entry));
    act("reply", "Answer", () => replyTo(entry, card));
    if (author && !entry.waiting) {
      if (statusOf(entry) === "open") {
        act("resolve", "Resolve", () => decideOn(entry, card, "resolved"));
        act("decline", "Decline", () => decideOn(entry, card, "declined"));
      } else {
        act("reopen", "Reopen", () => decideOn(entry, card, "open"));
      }
      const unsure = (placeOf(entry)?.score ?? 0) < CERTAIN;
      if (quoteOf(entry) && unsure) act("attach", "Attach to the selection", () => reattach(entry));
    }
    if (memory.own.some((own) => own.id === idOf(entry))) {
      act("remove", "Remove", ({ currentTarget }) => remove(entry, currentTarget));
    }
    if (!draft.served && REPOSITORY.test(draft.repository)) {
      const link = make("a", { textContent: "File on GitHub", target: "_blank", rel: "noopener noreferrer" });
      link.href = issueAddress(entry);
      acts.append(link);
    }
    return acts;
  };
  const remove = (entry, control) => {
    if (control.dataset.sure !== "yes") {
      control.dataset.sure = "yes";
      control.textContent = "Remove it for good";
      return;
    }
    entries.delete(idOf(entry));
    drop(idOf(entry));
    announce("Removed.");
    render();
  };

  const cards = new Map();
  const cardOf = (thread) => {
    const { root } = thread;
    if (!cards.has(idOf(root))) {
      const card = make("article", { className: "thread", dataset: { id: idOf(root) }, tabIndex: -1 });
      card.append(make("div", { className: "content" }), make("div", { className: "slot" }));
      card.addEventListener("pointerdown", () => activate(idOf(root)));
      card.addEventListener("focusin", () => activate(idOf(root)));
      cards.set(idOf(root), card);
    }
    return cards.get(idOf(root));
  };
  const fill = ({ root, replies }) => {
    const card = cardOf({ root });
    const [place, quote, status] = [placeOf(root), quoteOf(root), statusOf(root)];
    const lost = isLost(root);
    const at = place ? make("span", { className: "at", textContent: locatorOf(place) }) : null;
    const more = [];
    if (at) more.push(at);
    if (root.number) more.push(`no. ${root.number}`);
    if (root.annotation["book:blocking"] === true && status === "open") {
      more.push(make("span", { className: "blocking", textContent: "blocks a release" }));
    }
    if (root.annotation.motivation === "questioning") more.push("question");
    if (root.waiting) more.push("not sent yet");
    if (place && place.score < CERTAIN) more.push("the words have changed");
    if (status !== "open" || lost) {
      const state = lost ? "place lost" : STATES[status];
      more.push(make("span", { className: "state", textContent: state }));
    }
    const last = root.last ? `${chapters.get(root.last.chapter)?.section.dataset.code ?? root.last.chapter}:${root.last.line}` : "";
    const source = words(targetOf(root).source, 200);
    const was = [last ? `last at ${last}` : source, words(root.annotation["book:draft"], 80)];
    const where = lost ? make("p", { className: "meta", textContent: was.filter(Boolean).join(" · ") }) : null;
    const suggests = bodiesOf(root, true).length > 0;
    const shown = quote && (!suggests || lost) ? make("blockquote", { textContent: quote.exact }) : null;
    const answers = replies.map((reply) =>
      make("div", { className: "reply" }, metaOf(reply, reply.waiting ? ["not sent yet"] : []), ...saidOf(reply), ...decisionsOf(reply)),
    );
    const content = [metaOf(root, more), where, shown, ...saidOf(root), ...decisionsOf(root), ...answers];
    const focused = card.contains(document.activeElement) ? document.activeElement.dataset.act : "";
    card.querySelector(".content").replaceChildren(...content.filter(Boolean), actsOf(root, card));
    if (focused) card.querySelector(`[data-act=${focused}]`)?.focus();
    card.classList.toggle("open", status === "open");
    card.classList.toggle("settled", status !== "open");
    card.classList.toggle("orphan", lost);
    const parts = [`Comment by ${saidBy(root)}`, place ? locatorOf(place) : "place lost", STATES[status]];
    card.setAttribute("aria-label", parts.join(", "));
    return card;
  };

  // A comment whose words are gone has lost its place; so has an answer to what is not here.
  const isLost = (entry) => !placeOf(entry);
  const threadsOf = () => {
    const [roots, replies] = [[], new Map()];
    const rootOf = (entry) => {
      const met = new Set();
      let above = entry;
      while (entries.has(parentOf(above)) && !met.has(above)) {
        met.add(above);
        above = entries.get(parentOf(above));
      }
      return met.has(above) ? entry : above;
    };
    for (const entry of entries.values()) {
      const root = rootOf(entry);
      if (root === entry) roots.push(entry);
      else replies.set(root, [...(replies.get(root) ?? []), entry]);
    }
    return roots.map((root) => ({ root, replies: replies.get(root) ?? [] }));
  };

  // ---- Showing it all ------------------------------------------------------------------------------------

  let filter = "open";
  let active = "";
  let pending = null;
  let threads = [];
  const isShown = ({ root, replies }) =>
    filter === "all" ||
    idOf(root) === active ||
    (filter === "open" ? statusOf(root) === "open" : [root, ...replies].some(isMine));

  const render = () => {
    threads = threadsOf();
    const lists = new Map([...chapters.values()].map((chapter) => [chapter, []]));
    const lost = [];
    for (const thread of threads) {
      const card = fill(thread);
      card.hidden = !isShown(thread);
      const place = placeOf(thread.root);
      if (isLost(thread.root)) lost.push(card);
      else lists.get(place.chapter).push({ card, place });
    }
    for (const [chapter, found] of lists) {
      found.sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
      arrange(chapter.notes, found.map(({ card }) => card));
      const open = found.filter(({ card }) => card.classList.contains("open")).length;
      const mark = document.querySelector(`[data-count="${CSS.escape(chapter.slug)}"]`);
      if (mark) mark.textContent = open ? `${open} open` : "";
    }
    showLost(lost);
    for (const [id, card] of cards) {
      if (!threads.some(({ root }) => idOf(root) === id)) {
        card.remove();
        cards.delete(id);
      }
    }
    showFigures();
    paint();
    layOut();
  };
  // Cards stay where they are when they are in order: what is being typed in one keeps the focus.
  const arrange = (container, wanted) => {
    wanted.forEach((card, place) => {
      const there = container.children[place];
      if (there !== card) container.insertBefore(card, there ?? null);
    });
    while (container.children.length > wanted.length) container.lastElementChild.remove();
  };
  const showLost = (found) => {
    orphans.hidden = !found.some((card) => !card.hidden);
    if (!orphans.firstChild) {
      const hint = "Their words are no longer in this draft. They stay here until the author has decided.";
      orphans.append(
        make("p", { className: "head", textContent: "Comments that have lost their place" }),
        make("p", { className: "hint", textContent: hint }),
        make("div", { className: "threads" }),
      );
    }
    arrange(orphans.querySelector(".threads"), found);
    found.forEach((card) => card.style.removeProperty("transform"));
  };
  const figures = make("span", { className: "figures" });
  const showFigures = () => {
    const roots = threads.map(({ root }) => root);
    const counts = ["open", "resolved", "declined"].map((state) => [roots.filter((root) => statusOf(root) === state).length, state]);
    counts.push([roots.filter((root) => isLost(root) && statusOf(root) === "open").length, "without a place"]);
    const shown = counts.filter(([number], index) => number || index === 0);
    figures.textContent = shown.map(([number, state]) => `${number} ${state}`).join(" · ");
  };

  const paint = () => {
    const ranges = { "review-open": [], "review-settled": [], "review-active": [] };
    for (const thread of threads) {
      const place = placeOf(thread.root);
      if (!place || place.start === place.end || !isShown(thread)) continue;
      const range = rangeOf(place.chapter, place.start, place.end);
      const state = statusOf(thread.root) === "open" ? "review-open" : "review-settled";
      if (range) ranges[idOf(thread.root) === active ? "review-active" : state].push(range);
    }
    const chosenNow = pending && rangeOf(pending.chapter, pending.start, pending.end);
    if (chosenNow) ranges["review-active"].push(chosenNow);
    if (PAINT) {
      for (const [name, found] of Object.entries(ranges)) CSS.highlights.set(name, new Highlight(...found));
      return;
    }
    document.querySelectorAll(".marked").forEach((block) => block.classList.remove("marked"));
    for (const range of [...ranges["review-open"], ...ranges["review-active"]]) {
      range.startContainer.parentElement.closest("[data-pos]")?.classList.add("marked");
    }
  };

  // Beside its words every card, and below the one before it.
  const [GAP, HEAD] = [18, 44]; // pixels: between two cards, and for the button above them
  const layOut = () => {
    for (const { column, notes, article } of chapters.values()) {
      const shown = [...notes.children].filter((card) => !card.hidden);
      column.style.removeProperty("min-height");
      // Chapters without comments are not measured: they need not be laid out before they are read.
      if (!wide.matches || !shown.length) {
        shown.forEach((card) => card.style.removeProperty("transform"));
        continue;
      }
      const head = article.getBoundingClientRect().top;
      let free = HEAD;
      for (const card of shown) {
        const thread = threads.find(({ root }) => idOf(root) === card.dataset.id);
        const place = thread && placeOf(thread.root);
        const range = place && place.start < place.end ? rangeOf(place.chapter, place.start, place.end) : null;
        const top = Math.max(free, range ? range.getBoundingClientRect().top - head : 0);
        card.style.transform = `translateY(${Math.round(top)}px)`;
        free = top + card.offsetHeight + GAP;
      }
      column.style.minHeight = `${Math.round(free)}px`;
    }
  };
  // What scrolls sideways must be reachable by the keyboard; what does not must not stop it.
  const letScroll = () => {
    for (const figure of document.querySelectorAll("figure.table, figure.figure")) {
      if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0;
      else figure.removeAttribute("tabindex");
    }
  };
  const soon = (act, milliseconds = 120) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(act, milliseconds);
    };
  };

  const activate = (id, { focus = false } = {}) => {
    if (active !== id) {
      cards.get(active)?.classList.remove("active");
      active = id;
      cards.get(id)?.classList.add("active");
      paint();
      layOut();
    }
    const card = cards.get(id);
    if (card && focus) {
      card.hidden = false;
      card.focus();
      card.scrollIntoView({ block: "nearest" });
    }
  };
  const show = (entry) => {
    const place = placeOf(entry);
    const node = place && (textOf(place.chapter).nodes[place.start] ?? place.chapter.article);
    const block = node?.closest ? node : node?.parentElement;
    activate(idOf(entry));
    block?.scrollIntoView({ block: "center" });
  };

  // ---- Choosing words -------------------------------------------------------------------------------------

  let chosen = null;
  const offer = button("Comment", () => composeChosen(), { className: "offer", hidden: true });
  offer.title = "Ctrl+Alt+M";
  const within = (node) =>
    (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".leaf > article");
  const selected = () => {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const article = range && (within(range.startContainer) ?? within(range.endContainer));
    const chapter = article && chapters.get(article.parentElement.id);
    const found = chapter && offsetsOf(chapter, range);
    return found ? { chapter, start: found[0], end: found[1] } : null;
  };
  const composeChosen = () => {
    chosen = selected() ?? chosen; // what is selected now, however late its event comes
    offer.hidden = true;
    if (chosen) compose(chosen.chapter, chosen.start, chosen.end);
  };
  const lookAtSelection = () => {
    if (document.activeElement === offer) return;
    chosen = selected();
    offer.hidden = !chosen || choosing || composing !== null;
    if (offer.hidden) return;
    const box = rangeOf(chosen.chapter, chosen.start, chosen.end).getBoundingClientRect();
    const main = document.querySelector("main").getBoundingClientRect();
    const left = Math.min(Math.max(box.right - 40, 8), innerWidth - 120);
    offer.style.left = `${Math.round(left - main.left)}px`;
    offer.style.top = `${Math.round(box.bottom - main.top + 8)}px`;
  };
  const atPoint = ({ clientX, clientY }) => {
    if (document.caretPositionFromPoint) {
      const found = document.caretPositionFromPoint(clientX, clientY);
      return found && { node: found.offsetNode, offset: found.offset };
    }
    const found = document.caretRangeFromPoint?.(clientX, clientY);
    return found && { node: found.startContainer, offset: found.startOffset };
  };
  const lookAtClick = (event) => {
    if (!getSelection().isCollapsed || event.target.closest("a, button")) return;
    const point = atPoint(event);
    const under = threads.filter((thread) => {
      const place = isShown(thread) && placeOf(thread.root);
      const range = place && place.start < place.end && rangeOf(place.chapter, place.start, place.end);
      return point && range && range.comparePoint(point.node, point.offset) === 0;
    });
    if (!under.length) return;
    const at = under.findIndex(({ root }) => idOf(root) === active);
    activate(idOf(under[(at + 1) % under.length].root), { focus: true });
  };

  // By keyboard: up and down go from block to block, left and right from word to word.
  let choosing = false;
  const chooser = make("div", { className: "chooser", tabIndex: 0, hidden: true });
  chooser.setAttribute("role", "application");
  chooser.setAttribute("aria-label", "Choose words: arrows up and down for paragraphs, right for words, Enter to comment, Escape to leave");
  const KEYS = [["↑ ↓", "paragraph"], ["← →", "first word"], ["Shift ← →", "last word"], ["Enter", "comment"], ["Esc", "leave"]];
  KEYS.forEach(([key, what]) => chooser.append(make("kbd", { textContent: key }), ` ${what}   `));
  const blocksOf = (chapter) =>
    [...chapter.article.querySelectorAll("[data-pos], li")].filter((block) => !block.querySelector("[data-pos], li") && block.textContent.trim());
  let blocks = [];
  let walk = null; // {at, first, last, bounds}: a block, its words, those that are chosen
  const wordsIn = (block) => {
    const chapter = chapters.get(block.closest(".leaf").id);
    const range = document.createRange();
    range.selectNodeContents(block);
    const found = offsetsOf(chapter, range);
    if (!found) return null;
    const bounds = [];
    const { characters } = textOf(chapter);
    for (let place = found[0]; place < found[1]; place += 1) {
      if (characters[place] === " ") continue;
      if (!bounds.length || bounds.at(-1)[1] < place) bounds.push([place, place + 1]);
      else bounds.at(-1)[1] = place + 1;
    }
    return { chapter, bounds };
  };
  const goTo = (at) => {
    const found = wordsIn(blocks[at]);
    if (!found) return;
    walk = { at, ...found, first: 0, last: found.bounds.length - 1 };
    blocks[at].scrollIntoView({ block: "center" });
    showWalk();
  };
  const showWalk = () => {
    const { chapter, bounds, first, last } = walk;
    pending = { chapter, start: bounds[first][0], end: bounds[last][1] };
    paint();
    announce(`${locatorOf(pending)}: ${slice(chapter, pending.start, Math.min(pending.end, pending.start + 200))}`);
  };
  const startChoosing = () => {
    blocks = [...chapters.values()].flatMap(blocksOf);
    const inView = blocks.findIndex((block) => block.getBoundingClientRect().top > 80);
    choosing = true;
    chooser.hidden = false;
    chooser.focus();
    goTo(inView >= 0 ? inView : 0);
  };
  const stopChoosing = () => {
    choosing = false;
    chooser.hidden = true;
    pending = null;
    paint();
  };
  const bound = (number, low, high) => Math.min(Math.max(number, low), high);
  const STEPS = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 };
  chooser.addEventListener("keydown", (event) => {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || key === "Tab") return;
    event.preventDefault();
    const step = STEPS[key] ?? 0;
    if (key === "ArrowUp" || key === "ArrowDown") {
      goTo(bound(walk.at + step, 0, blocks.length - 1));
    } else if (step && shiftKey) {
      walk.last = bound(walk.last + step, walk.first, walk.bounds.length - 1);
      showWalk();
    } else if (step) {
      walk.first = bound(walk.first + step, 0, walk.last);
      showWalk();
    } else if (key === "Enter" && pending) {
      const { chapter, start, end } = pending;
      chosen = { chapter, start, end };
      byKeyboard.focus();
      stopChoosing();
      compose(chapter, start, end);
    } else if (key === "Escape") {
      stopChoosing();
      byKeyboard.focus();
    }
  });
  chooser.addEventListener("focusout", stopChoosing);
  const byKeyboard = button("Choose by keyboard", startChoosing, { className: "by-keyboard" });

  // ---- Files ------------------------------------------------------------------------------------------------

  const download = () => {
    const items = memory.own.map(({ "@context": _, ...rest }) => rest);
    const collection = {
      "@context": annotate({})["@context"],
      type: "AnnotationCollection",
      label: `Comments of ${memory.name || "somebody"} on ${draft.title}, draft ${draft.draft}`,
      total: items.length,
      first: { type: "AnnotationPage", items },
    };
    const blob = new Blob([`${JSON.stringify(collection, null, 2)}\n`], { type: "application/json" });
    const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    const name = ["comments", draft.slug, plain(draft.draft), plain(memory.name)].filter(Boolean).join("-");
    const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    announce(`${items.length} comments are in ${name}.json: send it to the author.`);
  };
  const annotationsIn = (data) => {
    const page = data?.first && typeof data.first === "object" ? data.first : data;
    const found = Array.isArray(page) ? page : (page?.items ?? (page?.type === "Annotation" ? [page] : []));
    return list(found).filter((one) => one && typeof one === "object" && one.type === "Annotation");
  };
  const openFiles = async (files) => {
    for (const file of files) {
      try {
        if (file.size > LONGEST.file) throw new Error("it is too large");
        const found = annotationsIn(JSON.parse(await file.text()));
        if (!found.length) throw new Error("it holds no comments");
        const fresh = found.filter((one) => typeof one.id === "string" && !entries.has(one.id) && take(one));
        remember((kept) => kept.loaded.push(...fresh));
        notice(`${file.name}: ${fresh.length} new, ${found.length - fresh.length} known.`);
      } catch (error) {
        notice(`${file.name} cannot be read: ${error.message}.`, { wrong: true });
      }
    }
    render();
  };

  // ---- The bar ------------------------------------------------------------------------------------------------

  const filterBar = () => {
    const bar = make("fieldset", { className: "filter" }, make("legend", { textContent: "Which comments" }));
    for (const [value, label] of [["open", "Open"], ["mine", "Mine"], ["all", "All"]]) {
      const radio = make("input", { type: "radio", name: "filter", value, checked: value === filter });
      radio.addEventListener("change", () => {
        filter = value;
        render();
        announce(figures.textContent);
      });
      bar.append(make("label", {}, radio, label));
    }
    return bar;
  };
  const fillBar = () => {
    document.querySelector(".which").append(figures);
    tools.append(filterBar(), byKeyboard);
    if (!draft.served) {
      const file = make("input", { type: "file", accept: ".json,application/json", multiple: true });
      file.addEventListener("change", () => openFiles([...file.files]).then(() => (file.value = "")));
      tools.append(button("Download my comments", download));
      tools.append(make("label", { className: "file" }, "Open a comments file", file));
    }
  };

  const shortcut = (event) => {
    if (event.ctrlKey && event.altKey && event.code === "KeyM") {
      event.preventDefault();
      composeChosen();
    }
  };
  const unsaved = (event) => {
    const typed = [...document.querySelectorAll("form")].some(isTyped);
    if (typed || (!draft.served && !memory.lasting && memory.own.length)) event.preventDefault();
  };

  const takeKept = () => {
    recall();
    for (const one of memory.loaded) if (!entries.has(one?.id)) take(one, { build: "" });
    for (const one of memory.own) if (!entries.has(one?.id)) take(one, { build: "", waiting: draft.served });
    render();
  };
  const start = () => {
    document.querySelector("main").append(offer, chooser);
    fillBar();
    for (const entry of list(draft.comments)) take(entry);
    takeKept();
    const lookSoon = soon(lookAtSelection, 150);
    document.addEventListener("selectionchange", lookSoon);
    document.addEventListener("keydown", shortcut);
    document.querySelector("main").addEventListener("click", lookAtClick);
    offer.addEventListener("pointerdown", (event) => event.preventDefault());
    const atLeisure = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 500));
    const layOutSoon = soon(() => {
      layOut();
      atLeisure(letScroll);
    });
    addEventListener("resize", layOutSoon);
    addEventListener("beforeunload", unsaved);
    wide.addEventListener("change", layOutSoon);
    document.fonts?.ready.then(layOutSoon);
    const menu = document.querySelector(".menu");
    menu.addEventListener("click", ({ target }) => {
      if (target.closest("a")) menu.open = false;
    });
    menu.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    addEventListener("storage", takeKept);
    remember(() => {});
    render();
    if (draft.served) {
      refresh().then(sendWaiting).catch((error) => notice(`The comments cannot be read: ${error.message}.`, { wrong: true }));
      listen();
    }
    // For tests, and for the curious: what the page takes a chapter's text to be.
    globalThis.draftText = (slug) => textOf(chapters.get(slug)).whole;
  };
  start();
})();
