// Runs behind the one on the screen, to compare it with: the ghost of the setting before, and those that are pinned.
// Of them only the thickest growing lines are shown, the main ones; in a figure where nothing grows, its lines.

const SETTLED = 900; // ms: a slider that has rested for so long begins a new movement, and the ghost starts to fade
const FADED = 3000; // ms after that it is gone

// Before another setting is shown: the run that a movement set out from becomes its ghost.
function leaveGhost(store) {
  const movement = movementOf(store);
  if (movement !== store.movement) store.ghost = store.shown;
  store.movement = movement;
  store.fading = false;
  clearTimeout(store.resting);
  store.resting = setTimeout(() => fadeGhost(store), SETTLED);
}

// All figures of a lab count the same movements, however long one of them takes to paint before the next is told.
function movementOf(store) {
  const lab = ((store.toolbar ?? store).movements ??= { count: 0, slot: -1, at: -Infinity });
  const now = performance.now();
  if (lab.slot !== store.wanted && now - lab.at > SETTLED) lab.count += 1;
  Object.assign(lab, { slot: store.wanted, at: now });
  return lab.count;
}

function fadeGhost(store) {
  store.fading = true;
  store.views.forEach(paint);
  store.resting = setTimeout(() => {
    store.ghost = null;
    store.views.forEach(paint);
  }, FADED);
}

function paintGhost({ ghost, panel, store }, film) {
  const context = cleared(ghost, panel);
  ghost.classList.toggle("optlab-fading", store.fading);
  const seen = [store.shown.slot, ...(store.toolbar?.get("pins") ?? [])]; // they are drawn already
  if (!store.ghost || seen.includes(store.ghost.slot) || !isComparable(store, store.ghost.frame)) return;
  for (const style of traces(panel)) drawStyle(context, panel, style, store.ghost.frame, film);
}

function paintPins({ pins, badges, panel, store }, film) {
  const context = cleared(pins, panel);
  const above = cleared(badges, panel); // the numbers are not to be crossed by the run on the screen
  pinned(store).forEach(({ frame, place }) => {
    if (!frame || !isComparable(store, frame)) return;
    const styles = traces(panel).map((style) => inPinColor(style, PIN_COLORS[place]));
    for (const style of styles) drawStyle(context, panel, style, frame, film);
    if (styles.length) drawBadge(above, panel, anchor(styles, frame), frame, film, place);
  });
}

const pinned = ({ toolbar, table }) =>
  (toolbar?.get("pins") ?? []).map((slot, place) => ({ place, frame: table.get(slot) }));

// A run on another surface has another place for every number.
const isComparable = ({ scenes, shown }, frame) => scenes[frame.scene].limits === scenes[shown.frame.scene].limits;

function traces(panel) {
  const grown = growing(panel);
  const widest = Math.max(...grown.map(({ width }) => width));
  return grown.length ? grown.filter(({ width }) => width === widest) : panel.artists.filter(({ kind }) => kind === "line");
}

function inPinColor(style, color) {
  const ring = pointsOf(style) === 1 && style.marker && { ...style.marker, face: "transparent", edge: color, width: 2 };
  return { ...style, color, width: Math.min(style.width, 1.4), marker: ring || null };
}

// The line that a pin's number stands on: the one that says "you are here", a lone marker or an upright, if there is one.
function anchor(styles, { values }) {
  const isUpright = (style) => pointsOf(style) === 2 && !style.x && values[style.start] === values[style.start + 1];
  const isHere = (style) => Number.isFinite(values[style.start]) && (pointsOf(style) === 1 || isUpright(style));
  return styles.findLast((style) => style.grows == null && isHere(style)) ?? styles[0];
}

// The pin's number, on its line: part of the way along a curve, near the start of a path, where paths still differ.
function drawBadge(context, panel, style, frame, film, place) {
  const points = pixels(panel, style, frame.values, film).filter((point) => point && isInside(panel.axes[style.axes], point));
  const at = style.x ? Math.floor(points.length * (0.55 + 0.12 * place)) : 1 + 2 * place;
  const point = points[Math.min(at, points.length - 1)];
  if (!point) return;
  context.beginPath();
  context.arc(...point, 7, 0, 2 * Math.PI);
  context.fillStyle = PIN_COLORS[place];
  context.fill();
  context.fillStyle = "#fff";
  context.font = 'bold 10px "DejaVu Sans", Verdana, sans-serif';
  context.textAlign = "center";
  context.fillText(place + 1, point[0], point[1] + 3.5);
}

const isInside = ({ left, top, width, height }, [x, y]) => x >= left && x <= left + width && y >= top && y <= top + height;
