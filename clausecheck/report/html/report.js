// Conveniences only: the report is complete without this script. No markup is ever made from text.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (words) => { document.getElementById("said").textContent = words; };

  const copyText = async (box) => {
    const text = box.textContent;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Browsers that refuse the clipboard still copy what is selected.
      const selection = getSelection();
      selection.selectAllChildren(box);
      return document.execCommand("copy");
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const done = await copyText(button.closest(".copy-box").querySelector(".draft"));
    const label = button.firstChild;
    label.data = done ? "Copied" : "Selected; press Ctrl+C";
    say(done ? "The wording is copied." : "The wording is selected.");
    setTimeout(() => { label.data = "Copy"; }, 2500);
  });

  const count = (form) => {
    // The style sheet hides; asking it what it hid would lay out every clause of a long contract.
    const notes = all(".note", form.closest(".contract"));
    const off = all("[data-pick]:not(:checked)", form).map((box) => box.dataset.pick);
    const shown = notes.filter((note) => !off.some((selector) => note.matches(selector))).length;
    form.querySelector("output").textContent = `${shown} of ${notes.length} notes shown`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest(".filters");
    if (form) count(form);
  });
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".open-all");
    if (!button) return;
    const notes = all(".note > details", button.closest(".contract"));
    const open = notes.some((item) => !item.open);
    for (const item of notes) item.open = open;
    button.textContent = open ? "Close all notes" : "Open all notes";
  });

  // A link to a note shows what it holds.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const inner = target.matches(".note") && target.querySelector("details");
    if (inner) inner.open = true;
    for (let item = target.closest("details"); item; item = item.parentElement.closest("details")) item.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Paper cannot be opened; older browsers leave closed parts out.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of closed) item.open = false;
    closed = [];
  });

  // The strip is one stop of the Tab key; arrows move along it.
  for (const strip of all(".lanes")) {
    const marks = all("a", strip);
    if (marks.length) marks[0].setAttribute("tabindex", "0");
    strip.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const here = marks.indexOf(document.activeElement);
      if (!step || here < 0) return;
      event.preventDefault();
      const next = marks[(here + step + marks.length) % marks.length];
      marks[here].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  }
  for (const button of all("button[hidden]")) button.hidden = false;
})();
