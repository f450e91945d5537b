// Writing a file: Tab indents by two blanks, Esc and then Tab leaves the box (WCAG 2.1.2), a new line begins below the
// one before, Ctrl+S saves, Ctrl+G goes to a line, and nobody leaves unsaved text unasked. Without this the box is a
// plain one, and the page works the same.
const form = document.querySelector("[data-yaml]");
const box = form.querySelector("textarea");
const mark = form.querySelector("[data-unsaved-mark]");
const toLine = document.getElementById("to-line");
const STEP = "  ";
let leaving = false;
let tabLeaves = false;

form.querySelector("[data-hint]").hidden = false;
form.querySelector("[data-to-line]").hidden = false;
if (form.dataset.line) {
  document.getElementById("line").hidden = true; // it is chosen in the box
  // Once the browser has looked for the anchor of the address, which would take the focus away.
  addEventListener("load", () => requestAnimationFrame(() => go(Number(form.dataset.line))));
}
changed();

box.addEventListener("input", changed);
box.addEventListener("focus", () => (tabLeaves = false));
box.addEventListener("pointerdown", () => (tabLeaves = false));
box.addEventListener("keydown", pressed);

form.addEventListener("submit", () => {
  form.elements.line.value = lineOf(box.selectionStart);
  leaving = true;
});

addEventListener("pageshow", () => (leaving = false));

addEventListener("beforeunload", (event) => {
  if (!leaving && unsaved()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const key = event.key > "\u007f" ? event.code.slice(-1) : event.key; // on a Cyrillic keyboard the place counts
  const act = { S: () => form.requestSubmit(), G: () => toLine.select() }[key.toUpperCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

toLine.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (Number(toLine.value) > 0) go(Number(toLine.value));
});

// A finding of this very file moves the caret; what was written stays.
document.querySelector(".panel").addEventListener("click", (event) => {
  const address = new URL(event.target.closest("a[href]")?.href ?? "", location.href);
  const line = Number(address.searchParams.get("line"));
  if (!line || address.pathname !== location.pathname) return;
  event.preventDefault();
  go(line);
});

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    tabLeaves = true;
  } else if (event.key === "Tab" && !tabLeaves) {
    event.preventDefault();
    indent(event.shiftKey);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    put(`\n${/^ */.exec(lineBefore())[0]}`);
  } else if (event.key !== "Shift" && event.key !== "Tab") {
    tabLeaves = false;
  }
}

// Chosen lines are moved as a whole; without a choice blanks go in at the caret.
function indent(back) {
  const { selectionStart: from, selectionEnd: to } = box;
  if (from === to && !back) {
    put(STEP);
    return;
  }
  const start = box.value.lastIndexOf("\n", from - 1) + 1;
  const old = box.value.slice(start, to);
  const lines = old.split("\n").map((line) => (back ? line.replace(/^ {1,2}/, "") : line && STEP + line));
  const text = lines.join("\n");
  if (text === old) return;
  box.setSelectionRange(start, to);
  put(text);
  const moved = lines[0].length - old.split("\n")[0].length;
  box.setSelectionRange(Math.max(start, from + moved), start + text.length);
}

// The browser's own way to insert, so that its undo knows of it.
function put(text) {
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (done) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function lineBefore() {
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  return box.value.slice(start, box.selectionStart);
}

function lineOf(at) {
  return box.value.slice(0, at).split("\n").length;
}

// The line is chosen and in the middle of the box.
function go(number) {
  const lines = box.value.split("\n");
  const line = Math.min(number, lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  box.focus({ preventScroll: true });
  box.setSelectionRange(start, start + lines[line - 1].length);
  const height = Number.parseFloat(getComputedStyle(box).lineHeight);
  box.scrollTop = Math.max(0, (line - 0.5) * height - box.clientHeight / 2);
  box.scrollLeft = 0;
  box.scrollIntoView({ block: "nearest" });
}

function unsaved() {
  return "changed" in box.dataset || box.value !== box.defaultValue;
}

function changed() {
  mark.textContent = unsaved() ? form.dataset.unsaved : "";
}
