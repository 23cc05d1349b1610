// A family tree beside plain scrolling: zoom, drag, keys, and pictures only where they are seen.
const tree = document.querySelector(".family .tree");
const drawing = tree?.querySelector("svg");
const whole = { width: Number(drawing?.getAttribute("width")), height: Number(drawing?.getAttribute("height")) };
let scale = 1;

function zoom(to, x = tree.clientWidth / 2, y = tree.clientHeight / 2) {
  const next = Math.min(4, Math.max(0.05, to));
  const at = { x: (tree.scrollLeft + x) / scale, y: (tree.scrollTop + y) / scale };
  scale = next;
  drawing.setAttribute("width", whole.width * scale);
  drawing.setAttribute("height", whole.height * scale);
  tree.scrollLeft = at.x * scale - x;
  tree.scrollTop = at.y * scale - y;
}

const fit = () => Math.min(1, tree.clientWidth / whole.width, tree.clientHeight / whole.height);

function wish(value) {
  if (value === "fit") zoom(fit());
  else zoom(Number(value) ? scale * Number(value) : 1);
}

function lookAt(node) {
  const box = node.getBoundingClientRect();
  const frame = tree.getBoundingClientRect();
  tree.scrollLeft += box.left - frame.left - tree.clientWidth / 2;
  tree.scrollTop += box.top - frame.top - tree.clientHeight / 2;
}

// Two thousand pictures are not fetched for the forty that are in view.
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      target.setAttribute("href", target.dataset.href);
      seen.unobserve(target);
    }
  },
  { root: tree, rootMargin: "200px" },
);

const held = new Map();

function start(event) {
  if (event.pointerType === "touch") held.set(event.pointerId, event);
  if (event.pointerType === "mouse" && event.button === 0) {
    held.set(event.pointerId, event);
    tree.dataset.from = `${event.clientX},${event.clientY},${tree.scrollLeft},${tree.scrollTop}`;
  }
}

function follow(event) {
  if (!held.has(event.pointerId)) return;
  if (event.pointerType === "mouse") {
    const [x, y, left, top] = tree.dataset.from.split(",").map(Number);
    if (Math.hypot(event.clientX - x, event.clientY - y) > 4) tree.classList.add("is-held");
    tree.scrollLeft = left + x - event.clientX;
    tree.scrollTop = top + y - event.clientY;
  } else if (held.size === 2) {
    const [one, other] = [...held.values()];
    const before = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    held.set(event.pointerId, event);
    const [a, b] = [...held.values()];
    const frame = tree.getBoundingClientRect();
    const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    zoom((scale * now) / before, (a.clientX + b.clientX) / 2 - frame.left, (a.clientY + b.clientY) / 2 - frame.top);
  }
}

function end(event) {
  held.delete(event.pointerId);
  // The click that ends a drag opens no picture.
  setTimeout(() => tree.classList.remove("is-held"));
}

if (drawing) {
  document.querySelector(".family__zoom").hidden = false;
  document.querySelector(".family__zoom").addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) wish(button.dataset.zoom);
  });
  tree.addEventListener("keydown", (event) => {
    const value = { "+": "1.25", "=": "1.25", "-": "0.8", 0: "0" }[event.key];
    if (!value || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    wish(value);
  });
  tree.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const frame = tree.getBoundingClientRect();
    zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
  }, { passive: false });
  tree.addEventListener("pointerdown", start);
  tree.addEventListener("pointermove", follow);
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) tree.addEventListener(name, end);
  tree.addEventListener("click", (event) => {
    if (tree.classList.contains("is-held")) event.preventDefault();
  }, true);
  tree.addEventListener("dragstart", (event) => event.preventDefault());
  for (const picture of drawing.querySelectorAll("image[data-href]")) seen.observe(picture);
  const here = drawing.querySelector(".here");
  if (here) lookAt(here);
}
