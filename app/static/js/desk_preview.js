// Measures the pages of the contact sheet as this browser draws them: what is wider than its screen, text that is cut
// off, buttons of three lines and more. The frames are of our own origin; nothing in them can be pressed.
const LINES = 3;
const LONGEST_QUOTE = 40;
const told = document.querySelector("[data-measured]");
const all = document.querySelector("[data-measure]");
const frames = [...document.querySelectorAll("iframe[data-shot]")];
const marks = new Map();

for (const frame of frames) {
  frame.addEventListener("load", () => measured(frame));
  if (frame.contentDocument?.URL === frame.src && frame.contentDocument.readyState === "complete") measured(frame);
}
if (told && frames.length) {
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const frame of frames) frame.loading = "eager";
  });
  tell();
}

async function measured(frame) {
  const page = frame.contentDocument;
  if (!page?.body || page.URL === "about:blank") return;
  await page.fonts.ready;
  const found = [...wide(page), ...cut(page), ...lines(page)];
  fit(frame, page);
  marks.set(frame, found.length);
  const place = frame.closest("figure").querySelector("[data-marks]");
  place.textContent = found.length ? `✗ ${found.join("; ")}` : `✓ ${told.dataset.fits}`;
  place.classList.toggle("mark-bad", found.length > 0);
  tell();
}

function tell() {
  const bad = [...marks.values()].filter(Boolean).length;
  told.textContent = put(told.dataset.of, { n: marks.size, all: frames.length, bad });
}

function put(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function wide(page) {
  const root = page.documentElement;
  const more = root.scrollWidth - root.clientWidth;
  return more > 0 ? [put(told.dataset.wide, { n: more })] : [];
}

// What is hidden on purpose, for readers' ears, is no cut text.
function* cut(page) {
  const { defaultView: view } = page;
  for (const each of page.body.querySelectorAll("*")) {
    if (each.closest("svg, .visually-hidden") || !each.checkVisibility() || !each.textContent.trim()) continue;
    const style = view.getComputedStyle(each);
    const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    if (!hides) continue;
    const over = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
    if (over && each.clientWidth > 1) yield put(told.dataset.cut, { text: quoted(each) });
  }
}

function* lines(page) {
  for (const each of page.querySelectorAll("button, .button")) {
    if (!each.checkVisibility()) continue;
    const range = page.createRange();
    range.selectNodeContents(each);
    const tops = new Set([...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top / 4)));
    if (tops.size >= LINES) yield put(told.dataset.lines, { n: tops.size, text: quoted(each) });
  }
}

function quoted(each) {
  const words = each.textContent.trim().replace(/\s+/g, " ");
  return words.length > LONGEST_QUOTE ? `${words.slice(0, LONGEST_QUOTE)}…` : words;
}

// As high as its page, so that nothing has to be scrolled to; the glass around it is that of the scaled picture.
function fit(frame, page) {
  const height = Math.min(page.documentElement.scrollHeight, 3000);
  frame.style.height = `${height}px`;
  frame.parentElement.style.height = `${height * (frame.getBoundingClientRect().width / frame.offsetWidth)}px`;
}
