// How long the page can be sent at once, by the server's clock. Two minutes before the end a dialog asks whether
// to stay; staying buys the whole span again, as often as wanted. Readers hear it at the start, at two minutes,
// after staying and when it is over, never every second. Whoever comes too late loses nothing but secrets.
const WARNED = 120;

let dialog, over, asked, told;

document.addEventListener("narthex:page", begin);
setInterval(tick, 500);
begin();

function begin() {
  dialog = document.getElementById("stay");
  if (!dialog) return;
  count(Number(dialog.dataset.left));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  // Closed by Esc: who presses it is there.
  dialog.addEventListener("close", () => dialog.returnValue !== "stayed" && stay());
  if (document.querySelector("[data-clock]")) tell();
  tick();
}

function count(left) {
  over = performance.now() + left * 1000;
  asked = false;
  told = "";
}

function left() {
  return Math.max(0, Math.ceil((over - performance.now()) / 1000));
}

function words() {
  const { minutes, seconds, second, over: none } = dialog.dataset;
  const now = left();
  if (now === 0) return none;
  if (now === 1) return second;
  return now > WARNED ? minutes.replace("{n}", Math.round(now / 60)) : seconds.replace("{n}", now);
}

function tell() {
  document.querySelector("[data-clock-spoken]").textContent = words();
}

function tick() {
  if (!dialog) return;
  for (const line of document.querySelectorAll("[data-clock], [data-stay-left]")) {
    if (line.textContent !== words()) line.textContent = words();
  }
  if (left() <= WARNED && !asked) ask();
  if (left() === 0 && told !== "over") {
    told = "over";
    tell();
  }
}

function ask() {
  asked = true;
  tell();
  dialog.returnValue = "";
  dialog.showModal();
}

async function stay() {
  const failed = dialog.querySelector(".stay-failed");
  failed.textContent = "";
  try {
    const answer = await more();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("stay");
    if (!answer.ok) throw new Error("not now");
    if (!page || !stands(page)) {
      location.assign(answer.url); // it moved on in another tab
      return;
    }
    for (const name of ["step", "csrf_token"]) {
      for (const input of document.getElementsByName(name)) input.value = value(page, name);
    }
    count(Number(page.dataset.left));
    asked = left() <= WARNED; // no more can be had: asking again would not help
    dialog.close("stayed");
    tick();
    tell();
  } catch {
    failed.textContent = dialog.dataset.failed;
  }
}

// A run is asked for more time; before the first step there is none yet, and a new page is as good as that.
function more() {
  if (isFirst(dialog)) return fetch(location.pathname, { credentials: "same-origin" });
  const form = dialog.querySelector("form");
  const body = new URLSearchParams(new FormData(form));
  body.set("trigger", "continue");
  return fetch(form.action, { method: "POST", body, credentials: "same-origin" });
}

// The token begins with run and step: the same, or as good as the same where there is no run yet.
function stands(page) {
  const [before, now] = [dialog, page].map((each) => value(each, "step").split(".")[0]);
  return before === now || (isFirst(dialog) && isFirst(page));
}

function isFirst(page) {
  return value(page, "step").includes("/0000.");
}

function value(page, name) {
  return page.querySelector(`input[name=${name}]`).value;
}
