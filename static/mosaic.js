// The mosaic of a large archive: order, filters and search at once, arrow keys, the cell in hand.
// Without this module the form asks the server for the same (evolution/exhibits/mosaics.py).
import { isNamed } from "./matching.js";

const COLUMNS = 40;
const ORDERS = {
  class: (a, b) => a.number - b.number,
  confidence: (a, b) => b.confidence - a.confidence || a.number - b.number,
  newest: (a, b) => b.since - a.since || a.number - b.number,
  name: (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || a.number - b.number,
};
const mosaic = () => document.querySelector("#mosaic");
const form = document.querySelector("#mosaic-form");
const readout = document.querySelector("#readout");
let placed = new Set(); // ids of the cells that a sorted mosaic shows: a live change moves none

const compare = (a, b) => (a < b ? -1 : Number(a > b));
const cells = () => [...mosaic().querySelectorAll(".cell")];
const asked = () => Object.fromEntries(form ? new FormData(form) : []);
const isSorted = () => mosaic().classList.contains("mosaic--sorted");

function read(cell) {
  const number = Number(cell.id.split("-").pop());
  const words = cell.getAttribute("aria-label").split(" ").slice(0, -1).join(" ");
  const { of, v, since, holders, group } = cell.dataset;
  const name = words.startsWith(`${number} `) ? words.slice(`${number} `.length) : words;
  return { cell, number, name, of, group, holders, confidence: Number(v ?? -1), since: Number(since ?? -1) };
}

function passes(known, { group, least }) {
  return (!group || known.group === group) && (!least || known.confidence >= Number(least) / 100);
}

function finds(known, { find }) {
  const text = find?.trim();
  return Boolean(text) && (text === String(known.number) || isNamed(known.name, text));
}

// Order ------------------------------------------------------------------------------------------
function arrange() {
  const view = asked();
  const before = cells();
  const known = before.map(read).sort(ORDERS[view.order] ?? ORDERS.class);
  mosaic().classList.toggle("mosaic--sorted", (view.order ?? "class") !== "class");
  if (known.some(({ cell }, place) => cell !== before[place])) mosaic().append(...known.map(({ cell }) => cell));
  placed = new Set(known.filter((each) => passes(each, view)).map((each) => each.cell.id));
  mark();
}

function mark() {
  const view = asked();
  mosaic().classList.toggle("mosaic--searched", Boolean(view.find?.trim()));
  mosaic().classList.toggle("is-quantity", view.show === "confidence");
  let fitting = 0;
  for (const cell of cells()) {
    const known = read(cell);
    const out = markOne(cell, known, view);
    fitting += !out && (!view.find?.trim() || finds(known, view));
  }
  keepOneTabStop();
  const count = document.querySelector("#mosaic-count");
  const total = mosaic().querySelectorAll(".cell").length;
  if (count) count.textContent = `${fitting.toLocaleString("en")} of ${total.toLocaleString("en")} cells`;
}

function markOne(cell, known, view) {
  const out = isSorted() ? !placed.has(cell.id) : !passes(known, view);
  cell.classList.toggle("is-out", out);
  cell.classList.toggle("is-found", finds(known, view));
  return out;
}

function rememberInAddress() {
  const set = Object.entries(asked()).filter(
    ([name, value]) => value && !(name === "order" && value === "class") && !(name === "show" && value === "pictures"),
  );
  const query = new URLSearchParams(set).toString();
  history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
}

function openTheOneFound(event) {
  event.preventDefault();
  const view = asked();
  const found = cells().map(read).filter((each) => finds(each, view) && !each.cell.matches(".is-out"));
  const exact = found.filter((each) => each.name.toLowerCase() === view.find.trim().toLowerCase());
  const [one] = exact.length === 1 ? exact : found;
  if (!one) return;
  if (found.length === 1 || exact.length === 1) location.assign(one.cell.href);
  else one.cell.focus();
}

// Keys: one tab stop, arrows walk -------------------------------------------------------------------
const walkable = () => cells().filter((cell) => !isSorted() || !cell.matches(".is-out"));

function keepOneTabStop() {
  if (!mosaic()) return;
  for (const cell of mosaic().querySelectorAll(".cell:not([tabindex])")) cell.tabIndex = -1;
  const stop = mosaic().querySelector('.cell[tabindex="0"]');
  if (stop && !(isSorted() && stop.matches(".is-out"))) return;
  const [next] = walkable();
  if (stop) stop.tabIndex = -1;
  if (next) next.tabIndex = 0;
}

function walk(event) {
  const cell = event.target.closest?.("#mosaic .cell");
  if (!cell || event.altKey || event.metaKey) return;
  const all = walkable();
  const at = all.indexOf(cell);
  const column = at % COLUMNS;
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - COLUMNS,
    ArrowDown: at + COLUMNS,
    Home: event.ctrlKey ? 0 : at - column,
    End: event.ctrlKey ? all.length - 1 : Math.min(at - column + COLUMNS - 1, all.length - 1),
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[to]?.focus();
}

function moveTabStop(cell) {
  for (const stop of mosaic().querySelectorAll('.cell[tabindex="0"]')) stop.tabIndex = -1;
  cell.tabIndex = 0;
}

// The cell in hand ---------------------------------------------------------------------------------
function take(cell) {
  if (isSorted()) cell.style.setProperty("--at", cell.offsetLeft / mosaic().offsetWidth);
  if (!readout?.firstElementChild || !cell.dataset.of) return;
  const known = read(cell);
  const [picture, text] = readout.children;
  readout.dataset.cell = cell.id;
  picture.href = cell.href;
  for (const name of ["--x", "--y"]) picture.style.setProperty(name, cell.style.getPropertyValue(name));
  picture.replaceChildren(...[cell.querySelector("img")?.cloneNode()].filter(Boolean));
  const [label, share, bar] = text.querySelector(".says").children;
  label.textContent = known.name;
  share.value = cell.dataset.v;
  share.textContent = cell.getAttribute("aria-label").split(" ").pop();
  bar.style.setProperty("--v", cell.style.getPropertyValue("--v"));
  const [place, holder, since, holders] = text.querySelector("p").children;
  Object.assign(place, { href: cell.href, textContent: known.number });
  Object.assign(holder, { href: holder.href.replace(/\d+\/$/, `${known.of}/`), textContent: `No. ${known.of}` });
  since.textContent = known.since;
  holders.textContent = `${known.holders} holder${known.holders === "1" ? "" : "s"}`;
}

// Live: a changed cell comes as a new element in the old one's place -----------------------------------
const MARKED = 1400; // ms
const marked = [];
let unmarking = 0;
let focused = "";

function noteFocus() {
  focused = document.activeElement?.closest?.("#mosaic .cell")?.id ?? "";
}

function settle() {
  if (!mosaic()) return;
  const view = asked();
  const fresh = [...mosaic().querySelectorAll(".cell:not([tabindex])")];
  for (const cell of fresh) {
    markOne(cell, read(cell), view);
    if (cell.id === readout?.dataset.cell) take(cell);
  }
  keepOneTabStop();
  const lost = focused && document.activeElement === document.body && document.getElementById(focused);
  if (lost) lost.focus({ preventScroll: true });
  if (fresh.length) unmark(fresh);
}

// Marks go with the next change, so that they do not cost a picture of the page of their own.
function unmark(fresh) {
  marked.push({ cells: fresh, until: performance.now() + MARKED });
  while (marked[0].until <= performance.now()) marked.shift().cells.forEach((cell) => cell.classList.remove("is-new"));
  clearTimeout(unmarking);
  unmarking = setTimeout(() => marked.splice(0).forEach(({ cells }) => cells.forEach((cell) => cell.classList.remove("is-new"))), MARKED);
}

document.addEventListener("htmx:wsBeforeMessage", noteFocus);
document.addEventListener("htmx:beforeSwap", noteFocus);
document.addEventListener("htmx:wsAfterMessage", settle);
document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("keydown", walk);
for (const type of ["pointerover", "focusin"]) {
  document.addEventListener(type, (event) => {
    const cell = event.target.closest?.("#mosaic .cell");
    if (!cell) return;
    if (type === "focusin") moveTabStop(cell);
    take(cell);
  });
}
if (form) {
  form.querySelector("[type=submit]").hidden = true;
  form.addEventListener("submit", openTheOneFound);
  form.addEventListener("input", (event) => {
    if (event.target.name === "find" || event.target.name === "show") mark();
    else arrange();
    rememberInAddress();
  });
  arrange(); // a browser may have kept what the form said before
}
keepOneTabStop();
