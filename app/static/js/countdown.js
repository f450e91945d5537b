// Whole seconds until another message may be asked for. Readers hear it at the start, at ten, and when it is over.
const SPOKEN = 10;

for (const line of document.querySelectorAll("[data-wait]")) start(line);

function start(line) {
  const form = line.closest("form");
  const spoken = form.querySelector("[data-wait-spoken]");
  const buttons = form.querySelectorAll("button[type=submit]");
  const over = performance.now() + Number(line.dataset.wait) * 1000;
  let told = Infinity;
  let timer;

  const words = (left) => {
    if (left <= 0) return line.dataset.now;
    return left === 1 ? line.dataset.one : line.dataset.many.replace("{n}", left);
  };
  const tell = (left) => {
    told = left;
    spoken.textContent = words(left);
  };
  const refuse = (event) => {
    event.preventDefault();
  };
  const tick = () => {
    const left = Math.max(0, Math.ceil((over - performance.now()) / 1000));
    line.textContent = words(left);
    if (told === Infinity || (told > SPOKEN && left <= SPOKEN) || (told > 0 && left === 0)) tell(left);
    if (left > 0) return;
    clearInterval(timer);
    form.removeEventListener("submit", refuse);
    for (const button of buttons) button.removeAttribute("aria-disabled");
  };

  form.addEventListener("submit", refuse);
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  timer = setInterval(tick, 250);
  tick();
}
