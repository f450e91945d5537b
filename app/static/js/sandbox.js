// A sandbox at the desk: what stands beside the page inside is asked for anew whenever that page has changed, and
// whoever moves the clock or chooses an answer comes back to the very page that was in view.
const frame = document.getElementById("page");
const mount = frame.dataset.mount;

frame.addEventListener("load", refresh);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-keeps-page]");
  if (form) form.elements.namedItem("at").value = inView();
});

// The path inside of the page in view; nothing where the frame shows something else.
function inView() {
  const path = frame.contentWindow?.location.pathname ?? "";
  return path.startsWith(mount) ? `/${path.slice(mount.length)}` : "";
}

async function refresh() {
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(old.id);
    // What somebody is just about to press stays where it is, and what did not change is not read out again.
    if (!fresh || old.contains(document.activeElement) || old.innerHTML === fresh.innerHTML) continue;
    old.replaceChildren(...fresh.childNodes);
  }
}
