// The grid of texts: cells that were written in are marked until they are saved, characters are counted while
// one writes, and nobody leaves unsaved texts unasked. Without this the page works the same.
const form = document.querySelector("[data-texts]");
const said = form.querySelector("[data-unsaved-count]");
let leaving = false;

for (const box of form.querySelectorAll("textarea")) {
  box.addEventListener("input", () => write(box));
  write(box); // what the browser put back after a reload
}

form.addEventListener("submit", () => {
  leaving = true;
});

addEventListener("pageshow", () => {
  leaving = false;
});

addEventListener("beforeunload", (event) => {
  if (!leaving && dirty().length) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

function write(box) {
  const cell = box.closest("[data-cell]");
  const count = cell.querySelector("[data-count]");
  const length = [...box.value].length;
  const changed = box.value !== box.defaultValue;
  count.textContent = length;
  count.toggleAttribute("data-over", length > Number(box.dataset.most));
  cell.toggleAttribute("data-dirty", changed);
  cell.querySelector("[data-unsaved]").hidden = !changed;
  const left = dirty().length;
  said.textContent = left ? `${form.dataset.leave} (${left})` : "";
}

function dirty() {
  return [...form.querySelectorAll("[data-dirty]")];
}
