// The breed page beside htmx: keys, how many are picked, and larger pictures as they come.
const form = () => document.querySelector("#breed");
const picks = () => [...form().querySelectorAll('input[name="parent"]')];
const press = (value) => form().querySelector(`button[name="do"][value="${value}"]:not(.hidden)`);

function count() {
  const picked = picks().filter((pick) => pick.checked).length;
  const evolve = document.querySelector("#evolve");
  evolve.textContent = picked ? `Evolve ${picked}` : "Evolve";
  evolve.title = picked ? "" : "Pick at least one picture first";
}

// One at a time, so that larger pictures never stand in the way of the next brood.
async function enlarge() {
  const brood = form();
  const shown = picks()[0]?.closest(".pick").clientWidth * devicePixelRatio;
  if (shown <= 150) return; // what came with the page is as fine as the screen
  for (const link of brood.querySelectorAll("[data-larger]")) {
    if (!brood.isConnected) return;
    const picture = new Image();
    picture.src = link.href.replace("-512.webp", "-256.webp");
    try {
      await picture.decode();
      link.closest(".pick").querySelector("img").src = picture.src;
    } catch {
      return; // the small one stays
    }
  }
}

function show(link) {
  const dialog = document.querySelector("#larger");
  const picture = dialog.querySelector("img");
  const small = link.closest(".pick").querySelector("img");
  picture.src = small.src;
  picture.alt = small.alt;
  const large = new Image();
  large.onload = () => (picture.src = large.src);
  large.src = link.href;
  dialog.showModal();
}

function columns(all) {
  const top = (pick) => pick.closest(".pick").offsetTop;
  const beyond = all.findIndex((pick) => top(pick) > top(all[0]));
  return beyond < 0 ? all.length : beyond;
}

function move(key) {
  const all = picks();
  const at = all.indexOf(document.activeElement);
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(all), ArrowDown: columns(all) }[key];
  const to = at < 0 ? 0 : at + by;
  all[to]?.focus();
}

function slide(by) {
  const slider = form().elements.strength;
  slider.value = Number(slider.value) + by;
}

function toggle(pick) {
  pick?.click();
  pick?.focus();
}

const KEYS = {
  u: () => press("undo").click(),
  y: () => press("redo").click(),
  r: () => press("again").click(),
  p: () => press("publish").click(),
  n: () => form().elements.look.click(),
  z: () => document.activeElement.closest(".pick")?.querySelector("[data-larger]").click(),
  Enter: () => document.querySelector("#evolve").click(),
  "+": () => slide(1),
  "=": () => slide(1),
  "-": () => slide(-1),
  "?": () => {
    const help = document.querySelector("#help");
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  },
};

function isWriting(element) {
  return element.matches("select, textarea, [contenteditable]") ||
    (element.matches("input") && !["checkbox", "radio", "range"].includes(element.type));
}

document.addEventListener("keydown", (event) => {
  if (!form() || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (isWriting(at) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key.startsWith("Arrow")) {
    if (at.matches('input[type="range"], input[type="radio"], [role="region"]')) return;
    move(key);
  } else if (/^[0-9]$/.test(key)) {
    toggle(picks()[(Number(key) || 10) - 1]);
  } else if (KEYS[key]) {
    if (key === "Enter" && !at.matches('body, input[name="parent"]')) return;
    KEYS[key]();
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-larger]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "parent") count();
  if (event.target.matches("[data-look]") && (event.target.name === "look" || form().elements.look.checked)) {
    press("look").click();
  }
});

// A refusal brings the page as it is now, with the reason: it is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "breed" && event.detail.xhr.status >= 400 && event.detail.xhr.status < 500) {
    event.detail.shouldSwap = event.detail.serverResponse.includes('id="breed"');
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "breed") event.detail.elt.setAttribute("aria-busy", "true");
});

let wasOpen = {};
document.addEventListener("htmx:beforeSwap", () => {
  for (const name of ["help", "advanced"]) wasOpen[name] = document.querySelector(`details.${name}`)?.open;
});

function ready() {
  if (!form()) return;
  for (const name of ["help", "advanced"]) {
    if (name in wasOpen) form().querySelector(`details.${name}`).open = wasOpen[name];
  }
  wasOpen = {};
  const here = form().querySelector('.undo [aria-current]');
  const strip = form().querySelector(".history__scroll");
  if (here && strip) strip.scrollLeft = here.offsetLeft - strip.clientWidth / 2;
  count();
  enlarge();
}

// At once, not when htmx has settled: the next key may come before.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "breed") ready();
});
ready();
