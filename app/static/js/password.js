// A button that shows what is typed into a password box, and hides it again; before the form is sent it is hidden.
for (const place of document.querySelectorAll("[data-password]")) {
  const box = place.querySelector("input[type=password]");
  if (box) offer(place, box);
}

function offer(place, box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.setAttribute("aria-controls", box.id);
  const set = (shown) => {
    box.type = shown ? "text" : "password";
    button.textContent = shown ? place.dataset.hide : place.dataset.show;
  };
  button.addEventListener("click", () => set(box.type === "password"));
  box.form?.addEventListener("submit", () => set(false));
  set(false);
  box.after(button);
}
