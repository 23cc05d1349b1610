// Judging beside htmx: how long an answer took, keys, and where one is after the fragment has changed.
const trial = () => document.querySelector("#trial");
let asked = null; // the address of the question that is measured
let shownAt = null; // when every picture of the question could be seen, by the clock of events
let answeredAt = null;

async function measure(question) {
  answeredAt = null;
  const address = question.querySelector("form").action;
  if (address === asked && shownAt !== null) return; // asked again after a refusal: time goes on
  asked = address;
  shownAt = null;
  const pictures = [...question.querySelectorAll("img.picture")];
  try {
    await Promise.all(pictures.map((picture) => picture.decode()));
  } catch {
    return; // a picture that did not come: nothing is measured
  }
  requestAnimationFrame((painted) => {
    if (trial() === question) shownAt = painted;
  });
}

function note(form) {
  const took = answeredAt - shownAt;
  form.elements.reaction_ms.value = shownAt !== null && answeredAt !== null ? Math.round(took) : "";
}

function say(words) {
  const told = document.querySelector("#told");
  if (told) told.textContent = words;
}

function ready(isFirst) {
  const here = trial();
  if (!here) return;
  const state = here.dataset.state;
  if (state === "question") measure(here);
  const field = matchMedia("(pointer: fine)").matches && here.querySelector("#answer");
  if (isFirst) {
    if (field) field.focus();
    return; // otherwise the browser has put the focus where it belongs
  }
  scrollTo({ top: 0 });
  const heading = here.querySelector("h1");
  if (state === "reveal") say(heading.textContent);
  const next = field || here.querySelector("#next") || heading;
  next.focus({ preventScroll: true });
}

function complain(words) {
  let line = trial().querySelector(".form__mistakes");
  if (!line) {
    line = document.createElement("p");
    line.className = "form__mistakes";
    line.setAttribute("role", "alert");
    trial().querySelector(".tally")?.after(line);
  }
  line.textContent = words;
}

function isWriting(element) {
  return element.matches("input, select, textarea, summary, [contenteditable]");
}

function pressed(key) {
  const here = trial();
  if (key === "Enter") return here.querySelector("#next");
  const answer = [...here.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  return answer ?? (key === "0" || key === "?" ? here.querySelector("#cannot") : null);
}

document.addEventListener("keydown", (event) => {
  if (!trial() || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) || (event.key === "Enter" && event.target.matches("a, button"))) return;
  const button = pressed(event.key);
  if (!button) return;
  event.preventDefault();
  answeredAt = event.timeStamp;
  button.click();
});

// Capturing, so that it comes before htmx reads the form.
document.addEventListener("click", (event) => {
  if (event.isTrusted && event.target.closest("#trial form button")) answeredAt = event.timeStamp;
}, true);
document.addEventListener("submit", (event) => {
  if (!event.target.closest("#trial")) return;
  answeredAt ??= event.timeStamp; // Enter in a field
  note(event.target);
}, true);

document.addEventListener("htmx:beforeRequest", () => trial()?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", () => trial()?.removeAttribute("aria-busy"));
// A refusal brings the question with the reason: it is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  if (event.detail.target?.id !== "trial" || xhr.status < 400) return;
  event.detail.shouldSwap = serverResponse.startsWith("<article") && serverResponse.includes('id="trial"');
  event.detail.isError = !event.detail.shouldSwap;
});
document.addEventListener("htmx:sendError", () => complain("The site did not answer. Nothing was stored; please try again."));
document.addEventListener("htmx:responseError", () => complain("The site could not take this. Nothing was stored; please load the page again."));
// At once, not when htmx has settled: the next key may come before.
document.addEventListener("htmx:afterSwap", () => ready(false));
document.addEventListener("htmx:historyRestore", () => ready(false));
ready(true);
