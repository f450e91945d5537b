// The margin of a text: numbers of the lines in view, and a sign where something was found. It is drawn anew as one
// scrolls, so that a file of thirty thousand lines costs no more than a small one. What it says stands in the list.
const form = document.querySelector("[data-yaml]");
const box = form.querySelector("textarea");
const margin = form.querySelector("[data-margin]");
const column = document.createElement("div");
const GRAVITY = ["note", "warning", "error"];
let found = new Map();

column.className = "margin-lines";
margin.append(column);
margin.hidden = false;
take(JSON.parse(form.dataset.found).map(([line, severity]) => ({ line, severity })));

box.addEventListener("scroll", draw, { passive: true });
box.addEventListener("input", draw);
form.addEventListener("yaml:found", (event) => take(event.detail));
new ResizeObserver(draw).observe(box);

function take(list) {
  found = new Map();
  for (const { line, severity } of list) {
    const known = found.get(line);
    if (GRAVITY.indexOf(severity) > GRAVITY.indexOf(known)) found.set(line, severity);
  }
  draw();
}

function draw() {
  const style = getComputedStyle(box);
  const height = Number.parseFloat(style.lineHeight);
  const every = box.value.split("\n").length;
  const first = Math.max(1, Math.floor(box.scrollTop / height));
  const last = Math.min(every, first + Math.ceil(box.clientHeight / height) + 1);
  const lines = [];
  for (let number = first; number <= last; number++) lines.push(line(number));
  column.replaceChildren(...lines);
  column.style.top = `${Number.parseFloat(style.paddingTop) + (first - 1) * height - box.scrollTop}px`;
  margin.style.width = `${String(every).length + 3}ch`;
}

function line(number) {
  const each = document.createElement("div");
  const severity = found.get(number);
  each.className = severity ? `margin-line margin-${severity}` : "margin-line";
  each.textContent = number;
  return each;
}
