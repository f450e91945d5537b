// A button below a password box that shows what is typed, and hides it again; before the form is sent it is hidden.
// Around the box: data-password with the words data-show and data-hide; data-of names the question where there
// are several. Without a script it is a plain box.
document.addEventListener("narthex:page", offerAll);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-password] button");
  if (button) set(button, box(button).type === "password");
});
// A page sent with the password in view would offer it to the browser as an ordinary text.
document.addEventListener("submit", (event) => hideAll(event.target), true);
addEventListener("pageshow", () => hideAll(document));
offerAll();

function offerAll() {
  for (const place of document.querySelectorAll("[data-password]")) {
    if (place.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    const of = document.createElement("span");
    of.className = "visually-hidden";
    of.textContent = place.dataset.of ? `: ${place.dataset.of}` : "";
    button.append("", of);
    place.append(button);
    button.setAttribute("aria-controls", box(button).id);
    set(button, false);
  }
}

function hideAll(root) {
  for (const button of root.querySelectorAll("[data-password] button")) set(button, false);
}

function box(button) {
  return button.parentElement.querySelector("input");
}

function set(button, shown) {
  const { show, hide } = button.parentElement.dataset;
  box(button).type = shown ? "text" : "password";
  button.firstChild.textContent = shown ? hide : show;
}
