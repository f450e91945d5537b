// Stepping through a run without loading the whole desk anew: a step's link is fetched and put in the place of what
// is shown. The links are whole addresses: without this script, or when it fails, they do the same.
const spoken = () => document.querySelector("[data-step-spoken]");
let asked = 0;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step-link]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.href, true);
});

addEventListener("popstate", () => go(location.href, false));

async function go(address, remember) {
  const turn = ++asked;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return; // somebody has gone on
    show(page);
    if (remember) history.pushState(null, "", address);
  } catch {
    location.assign(address);
  }
}

function show(page) {
  const held = document.activeElement?.id;
  const scrolled = document.querySelector(".timeline")?.scrollTop ?? 0;
  for (const part of ["main", ".panel"]) document.querySelector(part).replaceWith(page.querySelector(part));
  document.title = page.title;
  const timeline = document.querySelector(".timeline");
  timeline.scrollTop = scrolled;
  settle();
  document.dispatchEvent(new Event("desk:changed"));
  (document.getElementById(held) ?? document.getElementById("main"))?.focus({ preventScroll: true });
  spoken().textContent = document.querySelector(".stepper-here").textContent.trim().replace(/\s+/g, " ");
}

// The step in view stays in view inside the timeline, which scrolls by itself where there is little room.
function settle() {
  const timeline = document.querySelector(".timeline");
  const current = timeline?.querySelector("[aria-current=step]");
  if (!current || timeline.scrollHeight <= timeline.clientHeight) return;
  const above = current.offsetTop - timeline.offsetTop;
  if (above < timeline.scrollTop || above + current.offsetHeight > timeline.scrollTop + timeline.clientHeight) {
    timeline.scrollTop = above - timeline.clientHeight / 2;
  }
}

settle();
