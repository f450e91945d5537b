// A form is sent once: a second press does nothing, the button keeps its size, and after ten seconds a line
// says that we are still at it. Without this the server takes a second post for the first one (same step).
const SLOW = 10_000;

let timer;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.once === "sent") {
    event.preventDefault();
    return;
  }
  form.dataset.once = "sent";
  const pressed = event.submitter?.matches(".button") ? event.submitter : form.querySelector(".button");
  pressed?.setAttribute("aria-disabled", "true");
  pressed?.classList.add("button-busy");
  clearTimeout(timer);
  timer = setTimeout(() => say(form), SLOW);
});

// A press that is refused by another module, or a page that comes back from the browser's memory.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  clearTimeout(timer);
  for (const form of document.querySelectorAll("[data-once]")) release(form);
});

function say(form) {
  const line = form.querySelector("[data-slow]") ?? document.querySelector("[data-slow]");
  if (line) line.textContent = line.dataset.slow;
  // The answer may never come: a press now asks again, and the server knows whether the first one arrived.
  release(form);
}

function release(form) {
  form.dataset.once = "";
  for (const button of form.querySelectorAll(".button-busy")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("button-busy");
  }
}
