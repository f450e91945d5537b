// Changing the language in the middle of a page: what is typed waits in this page's memory, never in storage,
// while the same page comes in the other language. Without a script a button of the form does it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-language]");
  if (!link || !document.getElementById("answers") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const address = link.href;
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("answers")) throw new Error("another page");
    const typed = answers();
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    restore(typed);
    document.dispatchEvent(new Event("narthex:page")); // other modules look at what is there now
    document.querySelector("a[data-language]")?.focus();
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
