// A line of descent under a slider: every step large, as quickly as a hand moves. The strip keeps its
// place while it fills. Without this module the strip scrolls, and every picture is a link.
const PAUSE = 150; // milliseconds that a step is looked at before its large picture is fetched
const known = new Set(); // large pictures that the browser has
let step = null; // that the slider was moved to; null as long as nobody did
let place = 0;
let waiting;

const strip = () => document.querySelector("#line-strip");
const frames = () => [...strip().querySelectorAll(".film li:has(img), .film li:has(.film__gone)")];

function show(number) {
  const frame = frames()[number];
  const small = frame.querySelector("img");
  const picture = strip().querySelector(".scrub img");
  const words = small?.alt ?? frame.querySelector(".film__gone").innerText.replace("\n", ", ");
  const { large } = frame.dataset;
  picture.toggleAttribute("hidden", !small);
  picture.src = known.has(large) ? large : (small?.src ?? "");
  picture.alt = words;
  strip().querySelector("#scrub").setAttribute("aria-valuetext", words);
  strip().querySelector(".scrub p").textContent = words;
  for (const other of strip().querySelectorAll(".is-scrubbed")) other.classList.remove("is-scrubbed");
  frame.classList.add("is-scrubbed");
  clearTimeout(waiting);
  if (large && !known.has(large)) waiting = setTimeout(fetchLarge, PAUSE, picture, large);
}

function fetchLarge(picture, address) {
  const image = new Image();
  const shown = picture.src;
  image.onload = () => {
    known.add(address);
    if (picture.src === shown) picture.src = address;
  };
  image.src = address;
}

function bringIntoView(frame) {
  const scroll = strip().querySelector(".scroll");
  const box = frame.getBoundingClientRect();
  const window = scroll.getBoundingClientRect();
  scroll.scrollLeft += box.left + box.width / 2 - window.left - window.width / 2;
}

function begin() {
  const scrub = strip()?.querySelector(".scrub");
  if (!scrub) return;
  const slider = scrub.querySelector("#scrub");
  scrub.hidden = false;
  slider.value = step ?? slider.max;
  show(Number(slider.value));
  slider.addEventListener("input", () => {
    step = Number(slider.value);
    show(step);
    bringIntoView(frames()[step]);
  });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "line-strip") place = strip().querySelector(".scroll").scrollLeft;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "line-strip" && detail.elt?.id !== "line-strip") return;
  const focused = document.activeElement === document.body && step !== null;
  begin();
  strip().querySelector(".scroll").scrollLeft = place;
  if (focused) strip().querySelector("#scrub").focus({ preventScroll: true });
});
begin();
