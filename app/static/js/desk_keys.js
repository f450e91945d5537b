// Keys of the desk: whatever has data-key="…" is pressed by that key, boxes are entered by it. A key is a sign as
// typed ("r", "/", "?"), a name ("ArrowRight", "Shift+ArrowRight") or a letter with Ctrl ("Ctrl+Z"; on a Mac with
// the command key). «?» lists the keys of the page. They can be switched off there (WCAG 2.1.4); what somebody types in a
// box is never a key. Inside data-own-keys an element has keys of its own.
const OFF = "narthex.desk.keys";
const dialog = document.getElementById("keys");
const opener = document.querySelector("[data-keys-open]");
const choice = document.getElementById("keys-on");
const PARTS = /^(Ctrl\+)?(Shift\+)?(.+)$/;
const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

opener.hidden = false;
choice.checked = localStorage.getItem(OFF) === null;
announce();
document.addEventListener("desk:changed", announce);

document.addEventListener("keydown", (event) => {
  if (!choice.checked || dialog.open || event.defaultPrevented || event.repeat) return;
  if (event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], [data-own-keys]")) return;
  const pressed = keyed().find((each) => fits(event, each.dataset.key));
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("input, textarea, select")) pressed.focus();
  else pressed.click();
});

opener.addEventListener("click", () => {
  const rows = keyed().map(row);
  dialog.querySelector("tbody").replaceChildren(...rows);
  dialog.showModal();
});

choice.addEventListener("change", () => {
  if (choice.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "off");
  announce();
});

// The elements in view that have a key; of several with the same one, the first.
function keyed() {
  const found = new Map();
  for (const each of document.querySelectorAll("[data-key]")) {
    if (each.checkVisibility() && !each.disabled && !found.has(each.dataset.key)) found.set(each.dataset.key, each);
  }
  return [...found.values()];
}

// On a Cyrillic keyboard the letter's place counts: nobody changes the layout to press one key.
function fits(event, key) {
  const [, ctrl, shift, plain] = PARTS.exec(key);
  if ((event.ctrlKey || event.metaKey) !== Boolean(ctrl)) return false;
  const counts = ctrl || plain.length > 1; // alone, shift makes another sign of a sign
  if (counts && event.shiftKey !== Boolean(shift)) return false;
  const foreign = event.key.length === 1 && event.key > "\u007f";
  const same = ctrl ? event.key.toUpperCase() === plain : event.key === plain;
  return same || (foreign && event.code === `Key${plain.toUpperCase()}`);
}

function row(each) {
  const line = document.createElement("tr");
  const sign = document.createElement("th");
  sign.scope = "row";
  const kbd = document.createElement("kbd");
  kbd.textContent = each.dataset.key.replace(/[A-Z][A-Za-z]+$/, (name) => NAMES[name] ?? name);
  sign.append(kbd);
  const words = document.createElement("td");
  words.textContent = each.dataset.keyWords ?? each.labels?.[0]?.innerText ?? each.ariaLabel ?? text(each);
  line.append(sign, words);
  return line;
}

function text(each) {
  const copy = each.cloneNode(true);
  for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
  return copy.textContent.trim();
}

function announce() {
  for (const each of document.querySelectorAll("[data-key]")) {
    if (choice.checked) each.setAttribute("aria-keyshortcuts", each.dataset.key.replace("Ctrl", "Control"));
    else each.removeAttribute("aria-keyshortcuts");
  }
}
