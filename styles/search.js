// The search page: what is typed -> the chapters and sections that have it. The index lies beside the
// page, in pagefind/, and is fetched when something is typed; no other host is asked.
"use strict";

(() => {
  const MOST_SECTIONS = 5;
  const ON_DISK =
    "Search works where the book is on a web server. A browser does not search files on a disk.";
  const FAILED = "The search index could not be loaded.";
  let engine;
  let asked = 0;

  const load = () => {
    engine ??= import(new URL("pagefind/pagefind.js", document.baseURI).href).then(async (found) => {
      await found.options({ baseUrl: new URL(".", document.baseURI).pathname, excerptLength: 22 });
      await found.init();
      return found;
    });
    return engine;
  };

  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  };

  const link = (address, words) => {
    const element = make("a", "", words);
    element.href = address;
    return element;
  };

  // An excerpt is HTML of which the text and the marks are taken, and nothing else.
  const excerpt = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    const pieces = Array.from(body.childNodes, (node) =>
      node.nodeName === "MARK" ? make("mark", "", node.textContent) : node.textContent,
    );
    return make("p", "excerpt", ...pieces);
  };

  const section = ({ url, title, excerpt: html }) =>
    make("li", "", make("p", "section", link(url, title)), excerpt(html));

  const weight = ({ weighted_locations: places }) =>
    places.reduce((sum, place) => sum + place.balanced_score, 0);

  const chapter = ({ url, meta, sub_results: found }) => {
    const best = found.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_SECTIONS);
    const item = make("li", "chapter", make("h2", "", link(url, meta.title)));
    item.append(make("ol", "", ...best.map(section)));
    return item;
  };

  const search = async (words, status, list) => {
    asked += 1;
    const mine = asked;
    if (!words) {
      status.textContent = "";
      list.replaceChildren();
      return;
    }
    try {
      const found = await (await load()).search(words);
      const pages = await Promise.all(found.results.map((result) => result.data()));
      if (mine === asked) {
        list.replaceChildren(...pages.map(chapter));
        const count = pages.length === 1 ? "1 chapter" : `${pages.length} chapters`;
        status.textContent = pages.length ? `${count} with “${words}”` : `Nothing with “${words}”`;
      }
    } catch {
      engine = undefined;
      list.replaceChildren();
      status.textContent = location.protocol === "file:" ? ON_DISK : FAILED;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("main form");
    const field = form.elements.namedItem("q");
    const status = document.querySelector("main [role=status]");
    const list = document.querySelector("main .results");
    let pause;
    const run = () => {
      clearTimeout(pause);
      const words = field.value.trim();
      const query = words ? `?q=${encodeURIComponent(words)}` : location.pathname;
      if (location.protocol !== "file:") {
        history.replaceState(null, "", query);
      }
      search(words, status, list);
    };
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(run, 200);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run();
    });
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    if (field.value) {
      run();
    }
  });
})();
