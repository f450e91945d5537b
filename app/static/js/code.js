// A code of digits alone is checked as soon as it is whole; without this the button does it.
const SEPARATORS = /[\s.\p{Pd}\u2212]/gu;

for (const line of document.querySelectorAll("[data-checked]")) tell(line);
for (const form of document.querySelectorAll("form[data-checked-at]")) watch(form);

function tell(line) {
  const box = line.closest(".field").querySelector("input");
  line.hidden = false;
  box.setAttribute("aria-describedby", [box.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
}

function watch(form) {
  const whole = new RegExp(`^[0-9]{${form.dataset.checkedAt}}$`);
  const button = form.querySelector("button[name=trigger]");
  let sent = "";

  form.addEventListener("input", (event) => {
    if (event.target.autocomplete !== "one-time-code") return;
    const digits = event.target.value.normalize("NFKC").replace(SEPARATORS, "");
    // Not the same ones twice: the answer to them is under way.
    if (!whole.test(digits) || digits === sent) return;
    sent = digits;
    form.requestSubmit(button);
  });
}
