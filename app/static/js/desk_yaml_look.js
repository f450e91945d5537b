// What lint would say of the text as it stands in the box, asked for when somebody pauses; nothing is saved by it.
const form = document.querySelector("[data-yaml]");
const box = form.querySelector("textarea");
const words = form.querySelector("[data-found-words]");
const list = document.querySelector("[data-found-list]");
const none = document.querySelector("[data-found-none]");
const PAUSE = 700; // milliseconds
let waiting = 0;
let turn = 0;

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
if (box.value !== box.defaultValue) look(); // what the browser put back after a reload

async function look() {
  const mine = ++turn;
  try {
    const answer = await fetch(form.dataset.look, { method: "POST", body: asked() });
    if (!answer.ok || answer.redirected) return; // saving says what is the matter
    const told = await answer.json();
    if (mine === turn) show(told);
  } catch {
    // Without the house there is nothing to show; what was written stays.
  }
}

function asked() {
  const body = new FormData();
  for (const name of ["csrf_token", "file", "text"]) body.set(name, form.elements[name].value);
  return body;
}

function show(told) {
  list.innerHTML = told.list;
  none.hidden = told.list !== "";
  words.textContent = told.words;
  form.dispatchEvent(new CustomEvent("yaml:found", { detail: told.found }));
}
