// A canvas in place of the grid: where is painted with what goes to the server, which draws the picture.
const form = document.querySelector(".paint__form");
const canvas = form.querySelector("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });
const side = Number(form.dataset.side);
const PAUSE = 700; // milliseconds after a stroke, before the networks are asked
const MOST_UNDONE = 40;
const BACKGROUND = "background";

let original; // pixels of the picture
let places = new Uint8Array(side * side); // 0: unpainted; n: fills[n - 1]
let fills = [];
let before = []; // what undo goes back to
let seen = null; // the picture as networks were shown it, and where it was painted
let at = { x: side / 2, y: side / 2 }; // of the brush, in pixels
let isDown = false;
let isPicking = false;
let waiting;

const say = (words) => (form.querySelector("[data-status]").textContent = words);
const button = (name) => form.querySelector(`[data-do="${name}"]`);
const diameter = () => Number(form.elements.brush.value);
const chosen = () =>
  form.elements.fill.value === "picked" ? form.elements.colour.value : form.elements.fill.value;

function numberOf(fill) {
  if (!fills.includes(fill)) {
    // What was painted with a fill and painted over since leaves its number to another.
    const free = fills.findIndex((_, n) => !places.includes(n + 1));
    if (free >= 0) fills[free] = fill;
    else if (fills.length < 8) fills.push(fill);
    else return say("That is the ninth colour; eight is the most.");
  }
  return fills.indexOf(fill) + 1;
}

// Unknown until the server has told: shown as a pattern of two greys.
function pattern(pixel) {
  const [x, y] = [pixel % side, Math.floor(pixel / side)];
  const step = Math.max(1, Math.round(side / 56));
  return (Math.floor(x / step) + Math.floor(y / step)) % 2 ? [150, 150, 150] : [205, 205, 205];
}

function colour(pixel, fill) {
  if (fill !== BACKGROUND) return [1, 3, 5].map((from) => parseInt(fill.slice(from, from + 2), 16));
  if (seen?.places[pixel]) return seen.pixels.slice(4 * pixel, 4 * pixel + 3);
  return pattern(pixel);
}

function draw() {
  const image = new ImageData(new Uint8ClampedArray(original), side, side);
  places.forEach((place, pixel) => {
    if (place) image.data.set(colour(pixel, fills[place - 1]), 4 * pixel);
  });
  pen.putImageData(image, 0, 0);
  if (isDown || canvas.matches(":focus-visible")) ring();
  button("undo").disabled = !before.length;
}

function ring() {
  for (const [width, ink] of [[3, "#000"], [1, "#fff"]]) {
    pen.lineWidth = (width * side) / 448;
    pen.strokeStyle = ink;
    pen.beginPath();
    pen.arc(at.x, at.y, diameter() / 2, 0, 2 * Math.PI);
    pen.stroke();
  }
}

function dab({ x, y }) {
  const uncovers = form.elements.uncover.checked;
  const number = uncovers ? 0 : numberOf(chosen());
  if (number === undefined) return;
  const reach = Math.max(diameter() / 2, 0.5);
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(side, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(side, x + reach); column++) {
      const isNear = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= reach;
      const isHere = Math.floor(x) === column && Math.floor(y) === row;
      if (isNear || isHere) places[row * side + column] = number;
    }
  }
}

function stroke(to) {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - at.x, to.y - at.y)));
  const from = at;
  for (let step = 1; step <= steps; step++) {
    dab({ x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps });
  }
  at = to;
}

function remember() {
  before.push([places.slice(), [...fills]]);
  if (before.length > MOST_UNDONE) before.shift();
}

function undo() {
  if (!before.length) return;
  [places, fills] = before.pop();
  say("Undone.");
  changed();
}

function changed() {
  seen = null;
  draw();
  clearTimeout(waiting);
  waiting = setTimeout(() => places.some(Boolean) && form.requestSubmit(), PAUSE);
}

// "fill x pixels", row by row.
function runs() {
  const found = [];
  for (let start = 0, end = 0; start < places.length; start = end) {
    while (end < places.length && places[end] === places[start]) end++;
    found.push(`${places[start]}x${end - start}`);
  }
  return found.join(" ");
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * side,
    y: ((event.clientY - box.top) / box.height) * side,
  };
}

function pick() {
  const pixel = 4 * (Math.floor(at.y) * side + Math.floor(at.x));
  const hex = [...original.slice(pixel, pixel + 3)].map((value) => value.toString(16).padStart(2, "0"));
  form.elements.colour.value = `#${hex.join("")}`;
  form.elements.fill.value = "picked";
  setPicking(false);
  say(`Colour #${hex.join("")}.`);
}

function setPicking(on) {
  isPicking = on;
  button("pick").setAttribute("aria-pressed", on);
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  at = place(event);
  if (isPicking || event.altKey) return pick();
  canvas.setPointerCapture(event.pointerId);
  isDown = true;
  remember();
  dab(at);
  draw();
});
canvas.addEventListener("pointermove", (event) => {
  if (!isDown) return;
  stroke(place(event));
  draw();
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, () => {
    if (!isDown) return;
    isDown = false;
    changed();
  });
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
canvas.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (event.ctrlKey || event.metaKey) return;
  if (way) {
    const step = Math.max(1, diameter() / 2) * (event.shiftKey ? 4 : 1);
    const inside = (value) => Math.min(side - 0.5, Math.max(0.5, value));
    at = { x: inside(at.x + way[0] * step), y: inside(at.y + way[1] * step) };
    say(`Column ${Math.floor(at.x) + 1}, row ${Math.floor(at.y) + 1} of ${side}.`);
    draw();
  } else if (event.key === " ") {
    if (isPicking) pick();
    else {
      remember();
      dab(at);
      say(`Painted at column ${Math.floor(at.x) + 1}, row ${Math.floor(at.y) + 1}.`);
      changed();
    }
  } else if (event.key.toLowerCase() === "u") undo();
  else return;
  event.preventDefault();
});
for (const name of ["focus", "blur"]) canvas.addEventListener(name, draw);

button("undo").addEventListener("click", undo);
button("pick").addEventListener("click", () => setPicking(!isPicking));
form.elements.colour.addEventListener("input", () => (form.elements.fill.value = "picked"));
form.addEventListener("reset", () => {
  if (places.some(Boolean)) remember();
  places = new Uint8Array(side * side);
  clearTimeout(waiting);
  seen = null;
  setTimeout(draw); // after the form's own reset
  say("Nothing is painted over.");
});
// Before htmx reads the form.
form.addEventListener(
  "submit",
  (event) => {
    clearTimeout(waiting);
    form.elements.runs.value = runs();
    form.elements.fills.value = fills.join(" ");
    if (places.some(Boolean)) return say("The networks are asked …");
    event.preventDefault();
    event.stopImmediatePropagation();
    say("Paint over a part first.");
  },
  { capture: true },
);
form.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText.trim()));
form.addEventListener("htmx:sendError", () => say("The site cannot be reached. Ask again."));

// What the server made of "what is around" takes the place of the pattern.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "painted") return;
  const panel = document.querySelector("#painted");
  if (!panel.hasAttribute("aria-busy")) say("");
  const picture = panel.querySelector("[data-painted]");
  if (!picture) return;
  const asked = form.elements.runs.value;
  picture.decode().then(
    () => {
      if (runs() !== asked) return; // painted on meanwhile
      const copy = new OffscreenCanvas(side, side).getContext("2d");
      copy.drawImage(picture, 0, 0);
      seen = { places: places.slice(), pixels: copy.getImageData(0, 0, side, side).data };
      draw();
    },
    () => {},
  );
});

const picture = new Image();
picture.src = form.dataset.picture;
await picture.decode();
pen.drawImage(picture, 0, 0, side, side);
original = pen.getImageData(0, 0, side, side).data;
form.querySelector(".paint__grid").remove();
form.querySelector(".paint__stage img").remove();
for (const part of form.querySelectorAll("canvas, [hidden]:not(input)")) part.hidden = false;
draw();
