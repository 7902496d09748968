// The web edition -> what Chromium shows of it, as JSON on standard output.
//
//   node pages.cjs axe SITE CHROMIUM    axe-core on every page: wide, narrow, and dark
//   node pages.cjs use SITE CHROMIUM    width, hosts, keyboard, copy buttons, scripts off
//
// Requests are answered from the folder before they reach the network: a change of the machine's
// addresses breaks off what is on its way, on the loopback too (net::ERR_NETWORK_CHANGED).
// Node's packages are found through NODE_PATH.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const BASE = "https://book.invalid/"; // a secure context: the clipboard asks for one
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const MOST_STOPS = 2000;
const PATIENCE_MS = 60000; // a busy machine is slow, not wrong
const SEARCH = "search.html";
const SEARCH_MS = 20000;
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".wasm": "application/wasm",
};

const pagesBelow = (folder) =>
  fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".html"))
    .sort();

// What a request gets: a file of the site, "not there", or nothing from any other host.
const answer = (site) => async (route) => {
  const { origin, pathname } = new URL(route.request().url());
  if (`${origin}/` !== BASE) {
    return route.abort();
  }
  const wanted = decodeURIComponent(pathname);
  const file = path.join(site, wanted.endsWith("/") ? `${wanted}index.html` : wanted);
  const data = await fs.promises.readFile(file).catch(() => null);
  const contentType = TYPES[path.extname(file)] ?? "application/octet-stream";
  return route.fulfill(data ? { contentType, body: data } : { status: 404 });
};

const open = async (browser, site, options) => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  await context.route("**/*", answer(site));
  return context;
};

// What a page asks for, and what goes wrong while it is shown.
const listen = (page, complain) => {
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(BASE) && !url.startsWith("data:")) {
      complain(`asks another host: ${url}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      complain(`asks for ${response.url().slice(BASE.length)}, which is not there`);
    }
  });
  page.on("pageerror", (error) => complain(`a script fails: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      complain(`the console says: ${message.text()}`);
    }
  });
};

const VIEWS = [
  { name: "1280 px", viewport: WIDE, colorScheme: "light" },
  { name: "360 px", viewport: NARROW, colorScheme: "light" },
  { name: "1280 px, dark", viewport: WIDE, colorScheme: "dark" },
];

// axe-core leaves some things to be decided by people; what they come to is computed here.
// Contrast: of a single letter, of text in a drawing. The ground is what is painted below its middle.
// Links in text: whether something else than their colour tells them from the text.
const decide = ({ id, target }) => {
  const element = document.querySelector(target);
  const read = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { alpha: colour === "none" ? 0 : alpha, rgb: [red, green, blue] };
  };
  const unknown = { known: false, alpha: 1, rgb: [0, 0, 0] };
  const linear = (part) => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ({ rgb: [red, green, blue] }) =>
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const drawn = (one) => one instanceof SVGElement && !(one instanceof SVGSVGElement);
  // In the dark a drawing is turned into its negative; no other filter is understood.
  const seen = (one, { alpha, rgb }) => {
    const filter = getComputedStyle(one.closest(".drawing") ?? one).filter;
    const turned = Number(filter.match(/^invert\(([\d.]+)\)$/)?.[1] ?? 0);
    const known = turned > 0 || filter === "none";
    return { known, alpha, rgb: rgb.map((part) => turned * 255 + part * (1 - 2 * turned)) };
  };
  const ink = (one) => seen(one, read(getComputedStyle(one)[drawn(one) ? "fill" : "color"]));
  // What a pseudo-element paints is beside the text when it ends left of its box.
  const covered = (one) =>
    ["::before", "::after"].some((name) => {
      const { content, backgroundColor, position, left, width } = getComputedStyle(one, name);
      const there = !["none", "normal"].includes(content) && read(backgroundColor).alpha > 0;
      return there && !(position === "absolute" && parseFloat(left) + parseFloat(width) <= 0);
    });
  const paint = (one) => {
    const { fill, backgroundColor, backgroundImage } = getComputedStyle(one);
    const patterned = drawn(one) ? fill.startsWith("url") : backgroundImage !== "none";
    if (patterned || covered(one) || one.matches("img, image, canvas, video")) {
      return unknown;
    }
    return seen(one, read(drawn(one) ? fill : backgroundColor));
  };
  if (id === "link-in-text-block") {
    const differs = ["verticalAlign", "textDecorationLine", "fontWeight", "fontStyle"];
    const around = getComputedStyle(element.closest("p, li, td, dd, figcaption") ?? element);
    const within = [element, element.parentElement, ...element.querySelectorAll("*")];
    const told = within.some((one) => differs.some((key) => getComputedStyle(one)[key] !== around[key]));
    return told ? { good: true } : { good: false, why: "nothing but its colour tells it from the text" };
  }
  if (id !== "color-contrast") {
    return null;
  }
  element.scrollIntoView({ block: "center", inline: "center" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const stack = document.elementsFromPoint(left + width / 2, top + height / 2);
  const below = stack.filter((one) => !element.contains(one) && !(one instanceof SVGTextElement));
  const grounds = [...(drawn(element) ? [] : [element]), ...below].map(paint);
  const ground = grounds.find(({ alpha }) => alpha > 0) ?? { known: true, alpha: 1, rgb: [255, 255, 255] };
  const letters = ink(element);
  if (!stack.length || ![ground, letters].every(({ known, alpha }) => known && alpha === 1)) {
    return null;
  }
  const [dark, light] = [letters, ground].map(luminance).sort((a, b) => a - b);
  const ratio = (light + 0.05) / (dark + 0.05);
  const colours = [letters, ground].map(({ rgb }) => rgb.map(Math.round).join(" ")).join(" on ");
  return { good: ratio >= 4.5, why: `${ratio.toFixed(2)} to 1, ${colours}` };
};

const decideAll = async (page, undecided, complain) => {
  for (const { id, nodes } of undecided) {
    for (const { target, html, any, all, none } of nodes) {
      const [selector] = target;
      const verdict = await page.evaluate(decide, { id, target: selector });
      const [reason] = [...any, ...all, ...none];
      const why = verdict ? verdict.why : `undecided: ${reason?.message ?? "no reason given"}`;
      if (!verdict?.good) {
        complain(`${id}, computed: ${why}: ${html.slice(0, 160)}`, Boolean(verdict));
      }
    }
  }
};

const judgeByAxe = async (browser, site, name, report) => {
  for (const { name: width, ...options } of VIEWS) {
    const context = await open(browser, site, options);
    const page = await context.newPage();
    await page.goto(BASE + name, { waitUntil: "load" });
    await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
    const result = await page.evaluate(
      (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
      RULES,
    );
    report.checks += result.passes.length + result.violations.length;
    await decideAll(page, result.incomplete, (message, known) => {
      report.undecided += known ? 0 : 1;
      report.complaints.push({ page: name, message: `serious ${message} at ${width}` });
    });
    for (const { id, impact, help, nodes } of result.violations) {
      const [first] = nodes;
      report.complaints.push({
        page: name,
        message: `${impact} ${id} at ${width}, ${nodes.length} times: ${help}; first: ${first.html.slice(0, 160)}`,
      });
    }
    await context.close();
  }
};

const overflow = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });

// Notes on every element that gets the focus whether a reader can see that it has it.
const watchFocus = () => {
  const seen = new Set();
  window.focusStops = { seen, hidden: [], again: false };
  document.addEventListener("focusin", ({ target }) => {
    window.focusStops.again = seen.has(target);
    const style = getComputedStyle(target);
    const box = target.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const shown = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0;
    if (!seen.has(target) && !(shown && (ring || style.boxShadow !== "none"))) {
      window.focusStops.hidden.push(target.outerHTML.slice(0, 120));
    }
    seen.add(target);
  });
};

const readByKeyboard = async (page, report, complain) => {
  await page.evaluate(watchFocus);
  let stops = 0;
  while (stops < MOST_STOPS && !(await page.evaluate(() => window.focusStops.again))) {
    await page.keyboard.press("Tab");
    stops += 1;
    if (await page.evaluate(() => document.activeElement === document.body)) {
      break;
    }
  }
  const { hidden, missed, count } = await page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, summary, input, [tabindex='0']");
    const reachable = Array.from(all).filter(
      (element) => element.checkVisibility() && !element.disabled,
    );
    const { seen, hidden } = window.focusStops;
    const missed = reachable.filter((element) => !seen.has(element));
    return { hidden, missed: missed.map((e) => e.outerHTML.slice(0, 120)), count: seen.size };
  });
  report.stops += count;
  for (const html of hidden) {
    complain(`the focus cannot be seen on ${html}`);
  }
  for (const html of missed) {
    complain(`the Tab key does not reach ${html}`);
  }
};

// The link must point into the page: one that leaves it is not followed, for nothing could be seen.
const skipToText = async (page, complain) => {
  await page.keyboard.press("Tab");
  const skips = await page.evaluate(() => {
    const { hash, pathname } = document.activeElement;
    const target = hash ? document.getElementById(hash.slice(1)) : null;
    return pathname === location.pathname && Boolean(target?.closest("main"));
  });
  if (!skips) {
    complain("the first stop of the Tab key is no link to the text");
    return;
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => Boolean(document.activeElement?.closest("main")));
  const any = await page.evaluate(() => Boolean(document.querySelector("main a[href]")));
  if (any && !inside) {
    complain("the link to the text does not lead into the text");
  }
};

// Copy by every button; the clipboard is read back through the browser.
const copyAll = (page) =>
  page.evaluate(async () => {
    const pause = () => new Promise((done) => setTimeout(done, 10));
    const copied = [];
    for (const button of document.querySelectorAll("button.copy")) {
      await navigator.clipboard.writeText("");
      button.click();
      for (let n = 0; n < 1000 && button.textContent !== "Copied"; n += 1) {
        await pause();
      }
      copied.push(await navigator.clipboard.readText());
    }
    return copied;
  });

// The text of a page, and how many of its pieces cannot be seen; what scripts add is left out.
const readMain = (page) =>
  page.evaluate(() => {
    const main = document.querySelector("main");
    const copy = main.cloneNode(true);
    copy.querySelectorAll("button").forEach((button) => button.remove());
    const pieces = main.querySelectorAll("h1, h2, h3, h4, p, li, pre, td, th, img, svg");
    const options = { opacityProperty: true, visibilityProperty: true };
    const hidden = Array.from(pieces).filter((piece) => !piece.checkVisibility(options));
    const text = copy.textContent.split(/\s+/).join(" ").trim();
    return { text, hidden: hidden.length, pieces: pieces.length };
  });

// A heading of the book, typed on the search page, leads by the keyboard to its place in the text.
const search = async (context, site, complain) => {
  const page = await context.newPage();
  listen(page, complain);
  const headings = (file) =>
    page.evaluate(() =>
      Array.from(document.querySelectorAll("main[data-pagefind-body] h2[id]"), (heading) => ({
        id: heading.id,
        words: (heading.querySelector(".title") ?? heading).textContent,
      })),
    ).then((found) => found.map((heading) => ({ file, ...heading })));
  let wanted = null;
  for (const file of pagesBelow(site).filter((name) => name !== SEARCH)) {
    await page.goto(BASE + file, { waitUntil: "load" });
    [wanted] = await headings(file);
    if (wanted) break;
  }
  if (!wanted) {
    await page.close();
    return;
  }
  await page.goto(`${BASE}${SEARCH}`, { waitUntil: "load" });
  await page.locator("main input[type=search]").focus();
  await page.keyboard.type(wanted.words);
  await page.keyboard.press("Enter");
  const place = `${wanted.file}#${wanted.id}`;
  const link = page.locator(`main .results a[href$="${place}"]`).first();
  try {
    await link.waitFor({ timeout: SEARCH_MS });
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${BASE}${place}`, { timeout: SEARCH_MS });
  } catch {
    const said = await page.locator("main [role=status]").textContent();
    complain(`“${wanted.words}” is not found in ${place}; the page says “${said}”`);
  }
  await page.close();
};

const judgeUse = async (browser, site, name, report) => {
  const said = new Set();
  const complain = (message) => said.add(message);
  const context = await open(browser, site, { viewport: WIDE });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: BASE });
  const page = await context.newPage();
  listen(page, complain);
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    await page.goto(BASE + name, { waitUntil: "networkidle" });
    const pixels = await overflow(page);
    if (pixels > 0) {
      complain(`is ${pixels} px wider than a window of ${viewport.width} px`);
    }
  }
  await page.setViewportSize(WIDE);
  await page.reload({ waitUntil: "load" });
  await skipToText(page, complain);
  await page.goto(BASE + name, { waitUntil: "load" });
  await page.reload({ waitUntil: "load" });
  await readByKeyboard(page, report, complain);
  await page.close(); // the Tab key has left it, and a clipboard is for a page with the focus
  const fresh = await context.newPage();
  listen(fresh, complain);
  await fresh.goto(BASE + name, { waitUntil: "load" });
  await fresh.bringToFront();
  report.copied[name] = await copyAll(fresh);
  const scripted = await readMain(fresh);
  if (name === SEARCH) {
    await search(context, site, complain);
  }
  await context.close();
  const plain = await open(browser, site, { viewport: WIDE, javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(BASE + name, { waitUntil: "load" });
  const unscripted = await readMain(still);
  if (unscripted.text !== scripted.text) {
    complain("reads otherwise when scripts are off");
  }
  if (unscripted.hidden > scripted.hidden) {
    complain(`hides ${unscripted.hidden - scripted.hidden} pieces of text when scripts are off`);
  }
  report.pieces += unscripted.pieces;
  await plain.close();
  report.complaints.push(...Array.from(said, (message) => ({ page: name, message })));
};

const main = async (mode, site, executablePath) => {
  const judge = { axe: judgeByAxe, use: judgeUse }[mode];
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox"],
    timeout: PATIENCE_MS,
  });
  const report = {
    chromium: browser.version(),
    axe: require("axe-core/package.json").version,
    pages: 0,
    checks: 0,
    undecided: 0,
    stops: 0,
    pieces: 0,
    copied: {},
    complaints: [],
  };
  for (const name of pagesBelow(site)) {
    await judge(browser, site, name, report);
    report.pages += 1;
  }
  await browser.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
};

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
