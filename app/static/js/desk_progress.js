// Work that goes on elsewhere: the part of the page that tells of it is fetched anew until it is over.
const part = document.getElementById("progress");

async function look() {
  if (document.hidden) return wait();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh) return location.reload();
    if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    if (!page.querySelector("script[src*='desk_progress']")) return document.dispatchEvent(new Event("desk:changed"));
  } catch {
    // No network for a moment: the next look may have it again.
  }
  wait();
}

function wait() {
  setTimeout(look, 2000);
}

wait();
