// Changing the language in the middle of a page: what is typed waits in this page's memory, never in storage,
// while the same page comes in the other language. Without a script the form itself asks for that page.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-language]");
  if (!button) return;
  event.preventDefault();
  const address = button.dataset.language;
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("answers")) throw new Error("another page");
    const typed = answers();
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    restore(typed);
    document.querySelector("button[data-language]")?.focus();
  } catch {
    location.assign(address);
  }
});

function boxes() {
  const named = [...document.getElementById("answers").elements];
  return named.filter((box) => box.name && box.type !== "hidden" && box.type !== "submit");
}

function answers() {
  return boxes().map(({ name, type, value, checked }) => ({ name, type, value, checked }));
}

function restore(typed) {
  for (const box of boxes()) {
    const one = box.type === "checkbox" || box.type === "radio";
    const was = typed.find((each) => each.name === box.name && (!one || each.value === box.value));
    if (!was) continue;
    if (one) box.checked = was.checked;
    else box.value = was.value;
  }
}
