// Work that goes on elsewhere: the parts of the page that tell of it are fetched anew until it is over.
const PARTS = ["#progress", ".draft-state", ".draft-next"];

async function look() {
  if (document.hidden) return wait();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("#progress")) return location.reload();
    for (const part of PARTS) renew(document.querySelector(part), page.querySelector(part));
    if (!page.querySelector("script[src*='desk_progress']")) return document.dispatchEvent(new Event("desk:changed"));
  } catch {
    // No network for a moment: the next look may have it again.
  }
  wait();
}

function renew(part, fresh) {
  if (part && fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
}

function wait() {
  setTimeout(look, 2000);
}

wait();
