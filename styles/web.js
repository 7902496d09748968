// What a script adds to the web edition: a choice of theme that is remembered, and buttons that copy
// listings. Everything reads without it.
"use strict";

(() => {
  const root = document.documentElement;
  const THEMES = ["auto", "light", "dark"];
  const NAMES = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
  const KEY = "theme";

  // A browser may forbid storage, from a disk for instance: then the choice lasts for the page.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // nothing to do: see above
    }
  };

  const show = (theme) => {
    if (theme === "auto") {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = theme;
    }
  };

  let current = THEMES.includes(remembered()) ? remembered() : "auto";
  show(current); // before anything is painted

  const themeSwitch = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    button.textContent = NAMES[current];
    button.addEventListener("click", () => {
      current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length];
      for (const other of document.querySelectorAll("button.theme")) {
        other.textContent = NAMES[current];
      }
      show(current);
      remember(current);
    });
    return button;
  };

  // Of a session, what the reader types; of a listing, its text. Callouts are neither.
  const textOf = (pre) => {
    if (pre.classList.contains("console")) {
      return Array.from(pre.querySelectorAll(".command"), (line) => line.textContent).join("\n");
    }
    const copy = pre.cloneNode(true);
    for (const mark of copy.querySelectorAll(".callout")) {
      mark.previousSibling.textContent = mark.previousSibling.textContent.trimEnd();
      mark.remove();
    }
    return copy.textContent;
  };

  const copyButton = (pre) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(textOf(pre));
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1600);
    });
    return button;
  };

  // What scrolls sideways must be reachable by the keyboard; what does not must not stop it.
  const letScroll = () => {
    for (const figure of document.querySelectorAll("figure.table, figure.figure")) {
      if (figure.scrollWidth > figure.clientWidth) {
        figure.tabIndex = 0;
      } else {
        figure.removeAttribute("tabindex");
      }
    }
  };
  window.addEventListener("load", letScroll);
  window.addEventListener("resize", letScroll);

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll(".side, .menu, .home footer")) {
      place.append(themeSwitch());
    }
    for (const pre of document.querySelectorAll("pre.code, pre.console")) {
      if (!navigator.clipboard || !textOf(pre)) {
        continue;
      }
      const frame = document.createElement("div");
      frame.className = "frame";
      pre.replaceWith(frame);
      frame.append(pre, copyButton(pre));
    }
    document.querySelector('.side [aria-current="page"]')?.scrollIntoView({ block: "center" });
  });
})();
