// The summary of what is wrong takes the keyboard, and its links bring field and label into view.
const summary = document.getElementById("problems");
// The page's own autofocus comes first; two at once would be told off on the console.
requestAnimationFrame(() => summary !== document.activeElement && summary?.focus());

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#problems a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});
