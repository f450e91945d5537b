// The picture of a flow by keyboard and by pointer: the list's links say what can be selected and how things hang
// together; here their twins in the picture become as good as they are. Without this script the list does it all.
const canvas = document.querySelector("[data-diagram]");
const picture = canvas?.querySelector("svg");
const spoken = document.querySelector("[data-diagram-spoken]");
let asked = 0;

if (picture) {
  const links = [...document.querySelectorAll("a[data-svg]")];
  const things = new Map(links.map((link) => [link.dataset.svg, thing(link)]));
  for (const [id, each] of things) if (!each.shape) things.delete(id);
  picture.setAttribute("role", "group");
  canvas.removeAttribute("tabindex"); // what is in it takes the keyboard now
  document.querySelector("[data-diagram-help]").hidden = false;
  for (const each of things.values()) prepare(each);
  const first = [...things.values()].find((each) => each.link.hasAttribute("aria-current"));
  const begin = first ?? things.values().next().value;
  begin.shape.tabIndex = 0;
  if (first) shown(first.shape);
  picture.addEventListener("keydown", (event) => pressed(event, things));
  addEventListener("popstate", () => location.reload());
}

function thing(link) {
  const { svg, from, to } = link.dataset;
  return { id: svg, link, from, to, shape: document.getElementById(svg) };
}

function prepare(each) {
  const { shape, link } = each;
  shape.setAttribute("role", "link");
  shape.setAttribute("aria-label", words(link));
  shape.tabIndex = -1;
  shape.classList.add("can-be-selected");
  shape.addEventListener("click", () => select(each));
}

// A link's own words, and those beside it in its line of the list.
function words(link) {
  return `${link.textContent} ${link.nextElementSibling?.textContent ?? ""}`.replace(/\s+/g, " ").trim();
}

function pressed(event, things) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = things.get(event.target.closest("g[id]")?.id);
  if (!here) return;
  const next = { Enter: () => here, " ": () => here, ...ways(here, [...things.values()]) }[event.key]?.();
  if (!next) return;
  event.preventDefault();
  select(next);
}

function ways(here, all) {
  const edges = all.filter((each) => each.to);
  const node = (id) => all.find((each) => each.id === id);
  const beside = here.to ? edges.filter((each) => each.from === here.from) : all.filter((each) => !each.to);
  const step = (by) => beside[(beside.indexOf(here) + by + beside.length) % beside.length];
  return {
    ArrowRight: () => (here.to ? node(here.to) : edges.find((each) => each.from === here.id)),
    ArrowLeft: () => (here.to ? node(here.from) : edges.find((each) => each.to === here.id && each.from !== here.id)),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
  };
}

// The panel is fetched with the page that the list's link leads to; the picture stays as it is.
async function select(each) {
  const turn = ++asked;
  mark(each);
  try {
    const answer = await fetch(each.link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return; // somebody has gone on
    document.querySelector(".panel").replaceWith(page.querySelector(".panel"));
    document.querySelector(".zoom").replaceWith(page.querySelector(".zoom"));
    document.querySelector(".draft-bar").replaceWith(page.querySelector(".draft-bar"));
    document.title = page.title;
    history.replaceState(null, "", each.link.href);
    document.dispatchEvent(new Event("desk:changed"));
    spoken.textContent = words(each.link);
  } catch {
    location.assign(each.link.href);
  }
}

function mark(each) {
  for (const old of picture.querySelectorAll(".selected")) old.classList.remove("selected");
  for (const old of document.querySelectorAll("a[data-svg][aria-current]")) old.removeAttribute("aria-current");
  for (const old of picture.querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
  each.link.setAttribute("aria-current", "true");
  each.shape.classList.add("selected");
  each.shape.tabIndex = 0;
  each.shape.focus({ preventScroll: true });
  shown(each.shape);
}

// In view inside the canvas, which scrolls by itself; the page stays where it is.
function shown(shape) {
  const box = shape.getBoundingClientRect();
  const room = canvas.getBoundingClientRect();
  if (box.left < room.left || box.right > room.right) {
    canvas.scrollLeft += (box.left + box.right - room.left - room.right) / 2;
  }
  if (box.top < room.top || box.bottom > room.bottom) {
    canvas.scrollTop += (box.top + box.bottom - room.top - room.bottom) / 2;
  }
}
