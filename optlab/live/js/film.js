// A film of a run: what of a frame is there while the film stands at a step. film: { step, unit }; at the step Infinity
// the whole run is there.

const WHOLE = { step: Infinity, unit: "" };

const pointsOf = ({ size, x }) => (x ? size : size / 2);

// How many points of a line are drawn: all, or those up to the film's step.
function grownTo(style, { step }) {
  const all = pointsOf(style);
  return style.grows == null ? all : Math.max(0, Math.min(all, step - style.grows + 1));
}

// Whether a growing line has points to come: after a run has diverged there are none.
function isRunning(panel, { values }, film) {
  return growing(panel).some((style) => {
    const ys = values.subarray(style.start + style.size - pointsOf(style), style.start + style.size);
    return ys.subarray(grownTo(style, film)).some(Number.isFinite);
  });
}

const growing = (panel) => panel.artists.filter(({ grows }) => grows != null);

// A marker that stands alone (a star at the goal, a cross at the end) waits for the line that leads to it.
function isToCome(panel, style, frame, film) {
  if (style.kind !== "line" || style.grows != null || pointsOf(style) > 1) return false;
  const [[x], [y]] = [coordinates(style, frame.values).xs, coordinates(style, frame.values).ys];
  return !growing(panel).some((line) => {
    const { xs, ys } = coordinates(line, frame.values, film);
    return line.axes === style.axes && xs.some((value, i) => value === x && ys[i] === y);
  });
}

// A text sums up the whole run: while the film is running, the numbers of the moment stand in its place.
function momentary(panel, frame, film) {
  const texts = frame.texts.slice();
  const taken = new Set();
  for (const style of panel.artists.filter(({ kind }) => kind === "text")) {
    texts[style.text] = taken.has(style.axes) ? "" : moment(panel, style.axes, frame, film, 2);
    taken.add(style.axes);
  }
  return { ...frame, texts };
}

// The step, and where the lines of an axes are at it; the thickest lines first, no more than there is room for.
function moment(panel, axes, { values }, film, most = Infinity) {
  const named = growing(panel).filter((style) => style.axes === axes && !style.label.startsWith("_"));
  const numbers = named.sort((a, b) => b.width - a.width).slice(0, most).map((style) => {
    const { ys } = coordinates(style, values, film);
    return ys.length && Number.isFinite(ys.at(-1)) ? `${style.label} ${short(ys.at(-1), 3)}` : "";
  });
  return [`${film.unit} ${film.step}`, numbers.filter(Boolean).join(" · ")].filter(Boolean).join(": ");
}
