// What a live page does beside htmx: it says whether it is live, gathers new pictures, lets marks settle.
import { isNamed } from "./matching.js";

const WORDS = { on: "live", off: "looks every 30 s" };

function tell(connected) {
  for (const sign of document.querySelectorAll("[data-live]")) {
    sign.classList.toggle("live--off", !connected);
    sign.textContent = connected ? WORDS.on : WORDS.off;
  }
}

document.addEventListener("htmx:wsOpen", () => tell(true));
document.addEventListener("htmx:wsClose", () => tell(false));

// A mark goes once its animation has ended; without motion it stays.
document.addEventListener("animationend", (event) => {
  if (event.animationName === "mark") event.target.closest(".is-new")?.classList.remove("is-new");
});

// New pictures never push the wall: those without a place on it wait among the arrivals, out of sight.
function whatFits() {
  const wall = document.querySelector("#wall[data-newest]");
  const form = document.querySelector("#filters");
  if (!wall || !form) return () => false;
  const asked = Object.fromEntries(new FormData(form));
  const exact = ["run", "classifier", "encoding", "group"].filter((name) => asked[name]);
  return ({ dataset }) =>
    asked.by !== "people" &&
    exact.every((name) => asked[name] === dataset[name]) &&
    isNamed(dataset.label, asked.label) &&
    Number(dataset.confidence) * 100 >= Number(asked.least);
}

function makeRoom(html) {
  const arrivals = document.querySelector("#arrivals");
  if (!arrivals || !html.includes('id="tile-')) return;
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  for (const tile of parsed.content.querySelectorAll("figure.tile[id]")) {
    if (document.getElementById(tile.id)) continue;
    const place = document.createElement("figure");
    place.id = tile.id;
    arrivals.append(place);
  }
}

function countArrivals() {
  const pending = document.querySelector("#pending");
  if (!pending) return;
  const waiting = [...document.querySelectorAll("#arrivals > .tile")].filter(whatFits()).length;
  // On an empty wall there is nothing to push aside.
  const empty = !document.querySelector("#pictures .tile");
  if (empty && waiting) return pending.firstElementChild.click();
  pending.hidden = waiting === 0;
  pending.firstElementChild.textContent = `Show ${waiting} new picture${waiting === 1 ? "" : "s"}`;
}

document.addEventListener("htmx:wsBeforeMessage", (event) => makeRoom(event.detail.message));
document.addEventListener("htmx:beforeSwap", (event) => {
  // A new wall holds what waited; what does not belong on it comes back with its next change.
  if (event.detail.target?.id === "wall") document.querySelector("#arrivals").replaceChildren();
  if (event.detail.elt?.id === "version" || event.detail.target?.id === "version") {
    makeRoom(event.detail.serverResponse);
  }
});
document.addEventListener("htmx:wsAfterMessage", countArrivals);
document.addEventListener("htmx:afterSettle", countArrivals);
