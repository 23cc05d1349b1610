// A family tree beside plain scrolling and links: zoom, drag, pinch, folding in place, and pictures
// only where they are seen. Without this module the same links load the page anew.
const NEAR = 0.4; // of its size; in a smaller drawing pictures would be dots
const STEP = 60; // pixels of an arrow key
const SLACK = 4; // pixels that a hand moves while it clicks
const family = document.querySelector("#family");
let tree, drawing, whole, seen;
let scale = 1;
let loading = null;

// Zooming keeps the point under the pointer, or the middle, where it is.
function zoom(to, x = tree.clientWidth / 2, y = tree.clientHeight / 2) {
  const next = Math.min(4, Math.max(0.05, to));
  const at = { x: (tree.scrollLeft + x) / scale, y: (tree.scrollTop + y) / scale };
  resize(next);
  tree.scrollLeft = at.x * scale - x;
  tree.scrollTop = at.y * scale - y;
}

function resize(next) {
  scale = next;
  drawing.setAttribute("width", whole.width * scale);
  drawing.setAttribute("height", whole.height * scale);
  watch();
}

function wish(value) {
  if (value === "fit") zoom(Math.min(1, tree.clientWidth / whole.width, tree.clientHeight / whole.height));
  else zoom(Number(value) ? scale * Number(value) : 1);
}

// Two thousand pictures are not fetched for the forty that are in view, nor for dots.
function watch() {
  if (scale < NEAR) {
    seen.disconnect();
    seen.idle = true;
  } else if (seen.idle) {
    seen.idle = false;
    for (const picture of drawing.querySelectorAll("image[data-href]")) seen.observe(picture);
  }
}

function fetchPicture({ isIntersecting, target }) {
  if (!isIntersecting) return;
  target.setAttribute("href", target.dataset.href);
  target.removeAttribute("data-href");
  seen.unobserve(target);
}

function lookAt(node) {
  const box = node.getBoundingClientRect();
  const frame = tree.getBoundingClientRect();
  tree.scrollLeft += box.left - frame.left - tree.clientWidth / 2;
  tree.scrollTop += box.top - frame.top - tree.clientHeight / 2;
}

// Folding -----------------------------------------------------------------------------------------
const button = (number) => drawing.querySelector(`.fold[data-of="${number}"]`);

// The answer is the whole page; the button that was pressed stays where it was, and in focus.
async function fold(link) {
  const { of } = link.dataset;
  const before = link.getBoundingClientRect();
  const list = family.querySelector(".list").open;
  loading?.abort();
  loading = new AbortController();
  try {
    const answer = await fetch(link.getAttribute("href"), { signal: loading.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    family.replaceChildren(...page.querySelector("#family").childNodes);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.getAttribute("href"));
    return;
  }
  history.replaceState(null, "", link.getAttribute("href"));
  family.querySelector(".list").open = list;
  const kept = scale;
  open();
  resize(kept);
  const after = button(of);
  if (!after) return;
  const now = after.getBoundingClientRect();
  tree.scrollLeft += now.left - before.left;
  tree.scrollTop += now.top - before.top;
  after.focus({ preventScroll: true });
}

// Dragging with a mouse; a finger scrolls by itself ---------------------------------------------------
function drag(event) {
  if (event.pointerType !== "mouse" || event.button !== 0) return;
  const from = { x: event.clientX, y: event.clientY, left: tree.scrollLeft, top: tree.scrollTop };
  const surface = tree;
  function follow(move) {
    if (Math.hypot(move.clientX - from.x, move.clientY - from.y) > SLACK && !surface.classList.contains("is-held")) {
      surface.classList.add("is-held");
      surface.setPointerCapture(move.pointerId);
    }
    if (!surface.classList.contains("is-held")) return;
    surface.scrollLeft = from.left + from.x - move.clientX;
    surface.scrollTop = from.top + from.y - move.clientY;
  }
  function end() {
    surface.removeEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) surface.removeEventListener(name, end);
    setTimeout(() => surface.classList.remove("is-held")); // the click that ends a drag opens nothing
  }
  surface.addEventListener("pointermove", follow);
  for (const name of ["pointerup", "pointercancel"]) surface.addEventListener(name, end);
}

// Two fingers zoom; touch events, since the browser may still let one finger scroll.
let spread = 0;
function pinch(event) {
  if (event.touches.length !== 2) {
    spread = 0;
    return;
  }
  event.preventDefault();
  const [one, other] = event.touches;
  const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  const frame = tree.getBoundingClientRect();
  if (spread) zoom((scale * apart) / spread, (one.clientX + other.clientX) / 2 - frame.left, (one.clientY + other.clientY) / 2 - frame.top);
  spread = apart;
}

function wheel(event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const frame = tree.getBoundingClientRect();
  zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { "+": "1.25", "=": "1.25", "-": "0.8", 0: "0" }[event.key];
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (event.key === " " && event.target.matches(".fold")) fold(event.target);
  else if (by) wish(by);
  else if (move) tree.scrollBy(move[0] * STEP, move[1] * STEP);
  else return;
  event.preventDefault();
}

function click(event) {
  const link = event.target.closest(".fold");
  if (tree.classList.contains("is-held")) event.preventDefault();
  else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    fold(link);
  }
}

function open() {
  tree = family.querySelector(".tree");
  drawing = tree.querySelector("svg");
  whole = { width: Number(drawing.getAttribute("width")), height: Number(drawing.getAttribute("height")) };
  seen = new IntersectionObserver((entries) => entries.forEach(fetchPicture), { root: tree, rootMargin: "200px" });
  seen.idle = true;
  const tools = family.querySelector(".family__zoom");
  tools.hidden = false;
  tools.addEventListener("click", ({ target }) => target.closest("[data-zoom]") && wish(target.closest("[data-zoom]").dataset.zoom));
  tree.addEventListener("keydown", press);
  tree.addEventListener("wheel", wheel, { passive: false });
  tree.addEventListener("pointerdown", drag);
  for (const name of ["touchstart", "touchmove", "touchend"]) tree.addEventListener(name, pinch, { passive: false });
  tree.addEventListener("click", click, true);
  tree.addEventListener("dragstart", (event) => event.preventDefault());
  watch();
}

if (family) {
  open();
  const here = drawing.querySelector(".here");
  if (here) lookAt(here);
}
