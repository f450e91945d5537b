// The outline by keyboard, rows that grow while one fills them, and beside the form what saving would change. All of
// it works without this script: links, a blank row at the end of every list, a button that shows the change.
const tree = document.querySelector("[data-tree]");
const go = document.getElementById("go");
const form = document.querySelector("[data-thing]");
let dirty = false;
let asked = null;
let waiting = 0;

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" && event.code !== "KeyK") return;
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  go.focus();
  go.select();
});

if (tree) {
  document.querySelector("[data-tree-help]").hidden = false;
  tree.dataset.ownKeys = "";
  tree.addEventListener("keydown", walked);
  for (const each of tree.querySelectorAll("[data-fold]")) {
    each.setAttribute("aria-expanded", String(!each.parentElement.querySelector(":scope > ul").hidden));
  }
  tree.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

if (form) {
  const page = document.querySelector("[data-thing-page]");
  page.addEventListener("input", touched);
  page.addEventListener("change", touched);
  form.addEventListener("submit", () => {
    dirty = false;
  });
  addEventListener("pageshow", () => {
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

function walked(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const here = event.target.closest("a");
  const act = here && { ArrowDown: next, ArrowUp: before, ArrowRight: open, ArrowLeft: close }[event.key];
  if (!act) return;
  event.preventDefault();
  act(here);
}

function step(here, by) {
  const links = [...tree.querySelectorAll("a")].filter((each) => each.checkVisibility());
  links[links.indexOf(here) + by]?.focus();
}

function next(here) {
  step(here, 1);
}

function before(here) {
  step(here, -1);
}

function open(here) {
  const below = here.parentElement.querySelector(":scope > ul");
  if (!below) return;
  if (below.hidden) fold(here, false);
  else step(here, 1);
}

function close(here) {
  const below = here.parentElement.querySelector(":scope > ul");
  if (below && !below.hidden) fold(here, true);
  else here.parentElement.parentElement.closest("li")?.querySelector(":scope > a").focus();
}

function fold(here, away) {
  here.parentElement.querySelector(":scope > ul").hidden = away;
  here.setAttribute("aria-expanded", String(!away));
}

function touched(event) {
  if (!dirty) {
    dirty = true;
    document.querySelector("[data-unsaved]").textContent = form.dataset.leave;
  }
  const row = event.target.closest("[data-new]");
  if (row && event.target.value && event.type === "change") grow(row);
  clearTimeout(waiting);
  waiting = setTimeout(look, 500);
}

function grow(row) {
  const more = row.cloneNode(true);
  row.removeAttribute("data-new");
  for (const box of more.querySelectorAll("input, select")) {
    box.value = "";
    if (box.id) box.id = `${box.id}x`;
  }
  row.after(more);
}

// What saving would change, asked of the server with the form as it stands; nothing is written by that.
async function look() {
  const impact = document.getElementById("impact");
  if (!impact) return;
  asked?.abort();
  asked = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set("look", "yes");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal });
    if (answer.status !== 200 || answer.redirected) return; // the form says it when it is sent
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.getElementById("impact");
    if (told) impact.replaceWith(told);
  } catch {
    // Somebody typed on, or nobody answers: saving tells.
  }
}
