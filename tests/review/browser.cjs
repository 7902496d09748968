// What reviewers and the author do with a draft, done in Chromium -> what came of it, as JSON.
//
//   node browser.cjs SCENARIO FACTS CHROMIUM
//
// FACTS is JSON. Node's packages are found through NODE_PATH. A page of a file is shown with the
// network off; one of a server is asked for over the loopback, for it must stream.
"use strict";

const fs = require("node:fs");
const { chromium } = require("playwright-core");

const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const PATIENCE_MS = 60000; // a busy machine is slow, not wrong
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// What a page does that it must not: ask hosts, fail, speak up, open dialogs.
const watch = (page, wrong) => {
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of [45]\d\d|net::ERR_INTERNET/.test(message.text())) {
      wrong.push(`console: ${message.text()}`);
    }
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.type()} ${dialog.message()}`);
    dialog.accept();
  });
  page.on("request", (request) => {
    if (!/^(file|data|blob|http:\/\/127\.0\.0\.1):/.test(request.url()) && !request.url().startsWith("http://127.0.0.1:")) {
      wrong.push(`asks ${request.url()}`);
    }
  });
};

const open = async (browser, address, { wrong, ...options }) => {
  const context = await browser.newContext({ viewport: WIDE, acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  watch(page, wrong);
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => typeof draftText === "function");
  return { context, page };
};

// The points where a phrase begins and ends on the screen, across whatever elements it runs.
const points = (page, slug, first, last) =>
  page.evaluate(
    ([slug, first, last]) => {
      const article = document.querySelector(`#${slug} > article`);
      const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
      const [places, letters] = [[], []];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        Array.from(node.data).forEach((letter, offset) => {
          places.push([node, offset]);
          letters.push(/\s/.test(letter) ? " " : letter);
        });
      }
      const whole = letters.join("");
      const start = whole.indexOf(first);
      const end = whole.indexOf(last, start) + last.length - 1;
      if (start < 0 || end < start) throw new Error(`not there: ${first} ... ${last}`);
      const box = (place) => {
        const range = document.createRange();
        range.setStart(...places[place]);
        range.setEnd(places[place][0], places[place][1] + 1);
        return range.getBoundingClientRect();
      };
      places[start][0].parentElement.scrollIntoView({ block: "center", behavior: "instant" });
      const [from, to] = [box(start), box(end)];
      return [from.left + 0.5, from.top + from.height / 2, to.right - 0.5, to.top + to.height / 2];
    },
    [slug, first, last],
  );
const select = async (page, slug, first, last = first) => {
  const [x, y, endX, endY] = await points(page, slug, first, last);
  await page.mouse.click(5, 300);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move((x + endX) / 2, (y + endY) / 2, { steps: 4 });
  await page.mouse.move(endX, endY, { steps: 6 });
  await page.mouse.up();
  await page.locator(".offer:visible").waitFor();
};
const write = async (page, { said = "", words = null, name = "Ana", blocking = false, question = false }) => {
  await page.locator(".offer").click();
  const form = page.locator(".compose form");
  if (said) await form.getByLabel("Your comment").fill(said);
  if (words !== null) {
    await form.getByLabel("Suggest other words").check();
    await form.getByLabel("What it should say").fill(words);
  }
  if (blocking) await form.getByLabel("must not go out").check();
  if (question) await form.getByLabel("a question").check();
  await form.getByLabel("Your name").fill(name);
  await form.locator("[type=submit]").click();
  await page.locator(".compose").waitFor({ state: "detached" });
};
const card = (page, words) => page.locator(".thread", { hasText: words });
const show = (page, which) => page.locator(`.filter input[value=${which}]`).check({ force: true });
const settled = (page) => page.waitForFunction(() => !document.querySelector(".thread .meta")?.textContent.includes("not sent"));

const highlighted = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      Array.from(CSS.highlights, ([name, ranges]) => [
        name.replace("review-", ""),
        Array.from(ranges, (range) => range.toString().replace(/\s+/g, " ")),
      ]),
    ),
  );
const threads = (page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll(".thread"), (one) => ({
      label: one.getAttribute("aria-label"),
      quote: one.querySelector("blockquote")?.textContent ?? null,
      said: Array.from(one.querySelectorAll(".said"), (p) => p.textContent),
      struck: Array.from(one.querySelectorAll("del"), (p) => p.textContent),
      inserted: Array.from(one.querySelectorAll("ins"), (p) => p.textContent),
      decided: Array.from(one.querySelectorAll(".decided"), (p) => p.textContent),
      meta: one.querySelector(".meta").textContent,
      lost: Boolean(one.closest(".orphans")),
      shown: one.checkVisibility(),
      acts: Array.from(one.querySelectorAll(".acts > *"), (p) => p.textContent),
    })),
  );
const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const axe = async (page) => {
  // A policy that names scripts by hash lets no other in; the debugger's door is open to tests.
  await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const result = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
};

const scenarios = {
  // An edition without script, in every light and width; a change leads to the next by Enter.
  async look(browser, { address }, wrong) {
    const found = {};
    const ways = { light: {}, dark: { colorScheme: "dark" }, phone: { viewport: PHONE } };
    for (const [name, options] of Object.entries(ways)) {
      const context = await browser.newContext({ viewport: WIDE, offline: true, ...options });
      const page = await context.newPage();
      watch(page, wrong);
      await page.goto(address, { waitUntil: "load" });
      found[name] = await axe(page);
      found.wide = await overflow(page);
      await page.locator("a.rev-no").first().focus();
      await page.keyboard.press("Enter");
      found.turns = new URL(page.url()).hash;
      await context.close();
    }
    return found;
  },

  // What the page takes for the text of its chapters.
  async texts(browser, { address, slugs }, wrong) {
    const { page } = await open(browser, address, { wrong, offline: true });
    return page.evaluate((all) => Object.fromEntries(all.map((slug) => [slug, draftText(slug)])), slugs);
  },

  // From a file: comment, suggest, answer, reload, take along, open elsewhere.
  async file(browser, { address, slug, folder }, wrong) {
    const { context, page } = await open(browser, address, { wrong, offline: true });
    await select(page, slug, "The sluice", "by hand");
    await write(page, { said: "By whom?", question: true, blocking: true });
    await select(page, slug, "twelve minutes");
    await write(page, { said: "I measured.", words: "nine minutes" });
    await card(page, "By whom?").getByRole("button", { name: "Answer" }).click();
    await card(page, "By whom?").getByLabel("Your answer").fill("By the keeper?");
    await card(page, "By whom?").getByRole("button", { name: "Keep" }).click();
    await page.reload();
    await page.waitForFunction(() => typeof draftText === "function");
    const [first, painted] = [await threads(page), await highlighted(page)];
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download my comments" }).click();
    const download = await waiting;
    const place = `${folder}/${download.suggestedFilename()}`;
    await download.saveAs(place);
    const github = await card(page, "By whom?").getByRole("link", { name: "File on GitHub" }).evaluateAll((all) => all.map((a) => a.href));
    const other = await open(browser, address, { wrong, offline: true });
    await other.page.getByLabel("Open a comments file").setInputFiles(place);
    await other.page.locator(".notices").getByText("3 new").waitFor();
    const elsewhere = await threads(other.page);
    await other.page.getByLabel("Open a comments file").setInputFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await other.page.locator(".notices").getByText("cannot be read").waitFor();
    await card(page, "nine minutes").getByRole("button", { name: "Remove" }).click();
    await card(page, "nine minutes").getByRole("button", { name: "Remove it for good" }).click();
    const left = (await threads(page)).length;
    await context.close();
    return { first, painted, file: JSON.parse(fs.readFileSync(place, "utf8")), name: download.suggestedFilename(), github, elsewhere, left };
  },

  // Nothing but the keyboard, from the first Tab to the kept comment.
  async keyboard(browser, { address }, wrong) {
    const { page } = await open(browser, address, { wrong, offline: true });
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim().slice(0, 60));
    let stops = 0;
    while ((await focused()) !== "Choose by keyboard" && stops < 60) {
      await page.keyboard.press("Tab");
      stops += 1;
    }
    await page.keyboard.press("Enter");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    const heard = await page.locator("[role=status]").textContent();
    await page.keyboard.press("Enter");
    const inForm = await page.evaluate(() => document.activeElement.localName);
    await page.keyboard.type("Typed, never clicked.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".compose").waitFor({ state: "detached" });
    const landed = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const next = await focused();
    await page.keyboard.press("Enter");
    await page.keyboard.type("And answered.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".reply").waitFor();
    const back = await focused();
    return { stops, heard, inForm, landed, next, back, threads: await threads(page) };
  },

  // The whole round, with a server: a reviewer, the author, an edit, a new draft.
  async round(browser, { share, author: own, slug, chapter, edits }, wrong) {
    const ana = await open(browser, share, { wrong });
    await select(ana.page, slug, "The sluice", "by hand");
    await write(ana.page, { said: "By whom?" });
    await select(ana.page, slug, "twelve minutes");
    await write(ana.page, { words: "nine minutes" });
    await select(ana.page, slug, "Nobody remembers the flood.");
    await write(ana.page, { said: "I do." });
    await select(ana.page, slug, "second paragraph");
    await write(ana.page, { said: "Which?" });
    await settled(ana.page);
    await card(ana.page, "By whom?").getByRole("button", { name: "Answer" }).click();
    await card(ana.page, "By whom?").getByLabel("Your answer").fill("By Tomas.");
    await card(ana.page, "By whom?").getByRole("button", { name: "Send" }).click();
    await ana.page.locator(".reply").waitFor();
    const reviewerActs = (await threads(ana.page)).flatMap(({ acts }) => acts);
    const tomas = await open(browser, own, { wrong });
    await card(tomas.page, "By whom?").getByRole("button", { name: "Resolve" }).click();
    await card(tomas.page, "By whom?").getByLabel("Commit").fill("abc1234");
    await card(tomas.page, "By whom?").locator("form [type=submit]").click();
    await card(tomas.page, "nine minutes").getByRole("button", { name: "Decline" }).click();
    await card(tomas.page, "nine minutes").locator("form [type=submit]").click();
    const asked = await card(tomas.page, "nine minutes").locator("form .wrong").textContent();
    await card(tomas.page, "nine minutes").getByLabel("Why not").fill("The clock was wrong.");
    await card(tomas.page, "nine minutes").locator("form [type=submit]").click();
    await show(ana.page, "all");
    await card(ana.page, "The clock was wrong.").waitFor(); // told by the server, without a reload
    const decided = await threads(ana.page);
    await select(ana.page, slug, "it is about locks");
    await ana.page.locator(".offer").click();
    await ana.page.locator(".compose").getByLabel("Your comment").fill("Half a thought");
    let text = fs.readFileSync(chapter, "utf8");
    for (const [old, fresh] of edits) {
      if (!text.includes(old)) throw new Error(`not in the chapter: ${old}`);
      text = text.replace(old, fresh);
    }
    fs.writeFileSync(chapter, text);
    await ana.page.locator(".notices").getByText("A new draft is there").waitFor();
    const typed = await ana.page.locator(".compose").getByLabel("Your comment").inputValue();
    await ana.page.locator(".compose").getByRole("button", { name: "Cancel" }).click();
    await ana.page.locator(".notices").getByRole("button", { name: "Show it" }).click();
    await ana.page.waitForFunction(() => document.querySelector(".orphans .thread"));
    await show(ana.page, "all");
    const [after, painted] = [await threads(ana.page), await highlighted(ana.page)];
    await tomas.page.reload();
    await tomas.page.locator(".orphans .thread").waitFor();
    await select(tomas.page, slug, "A new paragraph");
    await card(tomas.page, "I do.").getByRole("button", { name: "Attach to the selection" }).click();
    await tomas.page.locator(".orphans .thread").waitFor({ state: "detached" });
    const attached = await threads(tomas.page);
    await show(tomas.page, "all");
    await card(tomas.page, "By whom?").getByRole("button", { name: "Reopen" }).click();
    await card(tomas.page, "By whom?").getByLabel("Why it is open").fill("Not quite.");
    await card(tomas.page, "By whom?").locator("form [type=submit]").click();
    await card(tomas.page, "Not quite.").waitFor();
    return { reviewerActs, asked, decided, typed, after, painted, attached, reopened: await threads(tomas.page) };
  },

  // A manuscript that is broken in mid-edit: everybody reads on, the author is told.
  async broken(browser, { share, author: own, outline, wrongText, rightText }, wrong) {
    const ana = await open(browser, share, { wrong });
    const tomas = await open(browser, own, { wrong });
    const before = await ana.page.evaluate(() => draftText("weirs"));
    fs.writeFileSync(outline, wrongText);
    await tomas.page.locator(".notices").getByText("last good one").waitFor();
    const told = await tomas.page.locator(".notices").textContent();
    await ana.page.reload();
    await ana.page.waitForFunction(() => typeof draftText === "function");
    await ana.page.locator(".figures", { hasText: "open" }).waitFor();
    const reviewer = await ana.page.locator(".notices").textContent();
    const same = (await ana.page.evaluate(() => draftText("weirs"))) === before;
    fs.writeFileSync(outline, rightText);
    await tomas.page.locator(".notices").getByText("last good one").waitFor({ state: "detached" });
    return { told, reviewer, same };
  },

  // Two reviewers with two tabs each, all at once; then a server that is gone for a while.
  async crowd(browser, { share, slug }, wrong) {
    const rooms = await Promise.all([open(browser, share, { wrong }), open(browser, share, { wrong })]);
    const pages = [];
    for (const { context, page } of rooms) {
      const second = await context.newPage();
      watch(second, wrong);
      await second.goto(new URL("/", page.url()).href);
      await second.waitForFunction(() => typeof draftText === "function");
      pages.push(page, second);
    }
    for (const [number, page] of pages.entries()) {
      await page.bringToFront();
      await select(page, slug, "twelve minutes");
      await page.locator(".offer").click();
      await page.locator(".compose").getByLabel("Your comment").fill(`Said by ${number}`);
    }
    await Promise.all(pages.map((page) => page.locator(".compose [type=submit]").click()));
    await Promise.all(pages.map((page) => page.waitForFunction(() => document.querySelectorAll(".thread").length === 4)));
    const all = await Promise.all(pages.map(threads));
    const [{ context, page }] = rooms;
    await page.bringToFront();
    await context.setOffline(true);
    await select(page, slug, "by hand");
    await write(page, { said: "Into the void" });
    await page.locator(".notices").getByText("Not sent yet").waitFor();
    const waiting = await card(page, "Into the void").locator(".meta").first().textContent();
    await context.setOffline(false);
    await page.waitForFunction(() => !document.querySelector(".notices").textContent.includes("Not sent yet"));
    const sent = (await threads(page)).find(({ said }) => said.includes("Into the void"));
    return { all, waiting, sent };
  },

  // One file in two tabs: each keeps what it was told, and what the other one was.
  async tabs(browser, { address, slug }, wrong) {
    const { context, page } = await open(browser, address, { wrong, offline: true });
    const other = await context.newPage();
    watch(other, wrong);
    await other.goto(address);
    await other.waitForFunction(() => typeof draftText === "function");
    await page.bringToFront();
    await select(page, slug, "twelve minutes");
    await write(page, { said: "In the first tab" });
    await other.bringToFront();
    await select(other, slug, "by hand");
    await write(other, { said: "In the second tab" });
    await page.waitForFunction(() => document.querySelectorAll(".thread").length === 2);
    await page.reload();
    await page.waitForFunction(() => typeof draftText === "function");
    return threads(page);
  },

  // At 360 px: nothing is wider than the screen, comments stand below, writing fills the width.
  async phone(browser, { address, slug, pictures }, wrong) {
    const options = { offline: true, viewport: PHONE, hasTouch: true, isMobile: true };
    const { page } = await open(browser, address, { wrong, ...options });
    const before = await overflow(page);
    await page.evaluate((slug) => {
      const block = [...document.querySelectorAll(`#${slug} p`)].find((p) => p.textContent.includes("twelve minutes"));
      block.scrollIntoView({ block: "center" });
      const node = [...block.childNodes].find((n) => n.data?.includes("twelve minutes"));
      const at = node.data.indexOf("twelve minutes");
      getSelection().setBaseAndExtent(node, at, node, at + 14);
    }, slug);
    await page.locator(".offer:visible").waitFor();
    const offer = await page.locator(".offer").boundingBox();
    await page.locator(".offer").tap();
    const compose = await page.locator(".compose").boundingBox();
    if (pictures) await page.screenshot({ path: `${pictures}/phone-writing.png` });
    await page.locator(".compose").getByLabel("Your comment").fill("From a phone.");
    await page.locator(".compose [type=submit]").tap();
    await page.locator(".compose").waitFor({ state: "detached" });
    const below = await page.evaluate((slug) => {
      const article = document.querySelector(`#${slug} > article`).getBoundingClientRect();
      const note = document.querySelector(`#${slug} .thread`).getBoundingClientRect();
      return note.top >= article.bottom;
    }, slug);
    if (pictures) await page.screenshot({ path: `${pictures}/phone.png` });
    return { before, after: await overflow(page), offer, compose, below, axe: await axe(page) };
  },

  // axe-core on every view, with every kind of comment and with a form open.
  async access(browser, { address, slug, pictures }, wrong) {
    const found = {};
    const views = { wide: {}, dark: { colorScheme: "dark" }, phone: { viewport: PHONE }, still: { reducedMotion: "reduce" } };
    for (const [name, view] of Object.entries(views)) {
      const { context, page } = await open(browser, address, { wrong, offline: true, ...view });
      await show(page, "all");
      if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
      found[name] = await axe(page);
      await page.getByRole("button", { name: "Choose by keyboard" }).click();
      await page.keyboard.press("ArrowDown");
      found[`${name}, choosing`] = await axe(page);
      await page.keyboard.press("Enter");
      await page.locator(".compose").waitFor();
      if (pictures) await page.screenshot({ path: `${pictures}/${name}-writing.png` });
      found[`${name}, writing`] = await axe(page);
      if (name === "still") found.motion = await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
      await context.close();
    }
    return found;
  },

  // Whatever reviewers called themselves, quoted or wrote: it is shown as text, and nothing runs.
  async hostile(browser, { address, files }, wrong) {
    const { page } = await open(browser, address, { wrong, offline: !address.startsWith("http") });
    await show(page, "all");
    for (const [number, file] of files.entries()) {
      await page.getByLabel("Open a comments file").setInputFiles(file);
      await page.waitForFunction((most) => document.querySelectorAll(".notices p").length > most, number);
    }
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    return page.evaluate(() => ({
      ran: globalThis.ran ?? null,
      made: document.querySelectorAll(".thread img, .thread script, .thread iframe, .thread svg, .thread [onerror], .notices img").length,
      links: Array.from(document.querySelectorAll(".thread a"), (a) => a.protocol),
      longest: Math.max(0, ...Array.from(document.querySelectorAll(".thread a"), (a) => a.href.length)),
      said: document.querySelector("main").textContent,
      threads: document.querySelectorAll(".thread").length,
    }));
  },

  // A browser without the Highlight API marks the block instead.
  async plain(browser, { address, slug }, wrong) {
    const context = await browser.newContext({ viewport: WIDE, offline: true });
    const page = await context.newPage();
    watch(page, wrong);
    await page.addInitScript(() => delete globalThis.Highlight);
    await page.goto(address);
    await select(page, slug, "twelve minutes");
    await write(page, { said: "Still works." });
    return page.evaluate(() => Array.from(document.querySelectorAll(".marked"), (block) => block.dataset.pos));
  },

  // What the policy stops: a script that is not the draft's own, a style sheet, a picture from afar.
  async policy(browser, { address }, wrong) {
    const { page } = await open(browser, address, { wrong: [], offline: true });
    return page.evaluate(async () => {
      const stopped = [];
      document.addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
      const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values));
      add("script", { textContent: "globalThis.ran = 1" });
      add("script", { src: "https://example.invalid/a.js" });
      add("style", { textContent: "body { display: none }" });
      add("img", { src: "https://example.invalid/a.png" });
      add("iframe", { src: "https://example.invalid/" });
      await fetch("https://example.invalid/").catch(() => {});
      await new Promise((done) => setTimeout(done, 500));
      return { ran: globalThis.ran ?? null, stopped: [...new Set(stopped)].sort() };
    });
  },
};

// A browser that crashed, or whose network changed under it, has said nothing about the page.
const CRASHED = /crashed|has been closed|ERR_NETWORK_CHANGED/;

const main = async (scenario, facts, executablePath) => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: PATIENCE_MS });
  const wrong = [];
  try {
    const result = await scenarios[scenario](browser, JSON.parse(facts), wrong);
    process.stdout.write(`${JSON.stringify({ result, wrong })}\n`);
  } finally {
    await browser.close().catch(() => {});
  }
};

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(CRASHED.test(error.message) ? 75 : 1);
});
