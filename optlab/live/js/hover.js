// Hovering: the values of the lines under the pointer, as far as a film has drawn them.

function point(view, pointer) {
  view.pointer = pointer;
  showTip(view);
}

function showTip(view) {
  const text = view.pointer && view.panel ? valuesAt(view.panel, view.store.shown.frame, view.pointer, filmOf(view.store)) : "";
  view.tip.hidden = !text;
  if (!text) return;
  const [x, y] = view.pointer;
  const right = x > view.panel.width / 2;
  view.tip.textContent = text;
  view.tip.style.left = right ? "auto" : `${x + 14}px`;
  view.tip.style.right = right ? `${view.panel.width - x + 14}px` : "auto";
  view.tip.style.top = `${Math.min(y + 8, view.panel.height - view.tip.offsetHeight)}px`;
}

// What the lines of the axes under the pointer say at the x nearest to it, as text; "" where there is nothing.
function valuesAt(panel, frame, [px, py], film) {
  const k = panel.axes.findLastIndex((a) => px >= a.left && px <= a.left + a.width && py >= a.top && py <= a.top + a.height);
  const lines = panel.artists.filter((style) => style.kind === "line" && style.axes === k && !style.label.startsWith("_"));
  const found = lines.map((style) => ({ ...nearest(panel, style, frame.values, px, film), label: style.label }));
  const near = found.filter(({ gap }) => gap < Infinity).sort((a, b) => a.gap - b.gap);
  if (!near.length) return "";
  const head = `${panel.axes[k].xlabel}: ${short(near[0].x)}`;
  return [head, ...near.map(({ label, y }) => `${label}: ${short(y)}`)].join("\n");
}

function nearest(panel, style, values, px, film) {
  const { xs, ys } = coordinates(style, values, film);
  const best = { gap: Infinity };
  const { x: toPixel } = panel.axes[style.axes];
  xs.forEach((x, i) => {
    const gap = Math.abs(toPixel(x) - px);
    if (gap < best.gap && Number.isFinite(ys[i])) Object.assign(best, { gap, x, y: ys[i] });
  });
  return best;
}

const short = (value, digits = 4) => String(Number(value.toPrecision(digits)));
