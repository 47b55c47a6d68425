// How the living artists of a LiveFigure are drawn: from numbers to pixels, one function for each kind of artist.
// Nothing here knows of widgets or sliders.

// Where everything is, in CSS pixels, for a figure shown `width` by `height` of them.
function layOut(scene, width, height) {
  const dot = (width / scene.width) * (100 / 72); // a typographic point: the figure has 100 pixels to an inch
  const axes = scene.axes.map((place) => {
    const [left, bottom, w, h] = place.box;
    const box = { left: left * width, top: (1 - bottom - h) * height, width: w * width, height: h * height };
    const right = box.left + box.width;
    const foot = box.top + box.height;
    return {
      ...box,
      xlabel: place.xlabel,
      spines: place.spines.map((points) => points * dot),
      x: projector(place.xlim, place.xlog, box.left, right),
      y: projector(place.ylim, place.ylog, foot, box.top),
      acrossX: projector([0, 1], false, box.left, right),
      acrossY: projector([0, 1], false, foot, box.top),
    };
  });
  return { axes, places: scene.places, artists: scene.artists, width, height, dot };
}

// From data to pixels along one axis. Zero and less have no place on a log axis: the result is not finite, a gap.
function projector([low, high], log, from, to) {
  const scale = log ? Math.log10 : (value) => value;
  const start = scale(low);
  const factor = (to - from) / (scale(high) - start);
  return (value) => from + (scale(value) - start) * factor;
}

const DRAWERS = { line: drawLine, scatter: drawScatter, image: drawImage, text: drawText };

// Draw one frame, as far as a film has come. It reads its arguments and nothing else.
function draw(context, panel, frame, film) {
  const running = isRunning(panel, frame, film);
  const now = running ? momentary(panel, frame, film) : frame;
  for (const style of panel.artists) {
    if (!running || !isToCome(panel, style, frame, film)) drawStyle(context, panel, style, now, film);
  }
}

function drawStyle(context, panel, style, frame, film) {
  context.save();
  if (style.clip && style.axes >= 0) clipTo(context, panel.axes[style.axes]);
  DRAWERS[style.kind](context, panel, style, frame, film);
  context.restore();
}

// Clip to the axes, and keep off the spines, which matplotlib would draw over the artists.
function clipTo(context, { left, top, width, height, spines: [west, east, north, south] }) {
  context.beginPath();
  context.rect(left + west, top + north, width - west - east, height - north - south);
  context.clip();
}

function coordinates(style, values, film = WHOLE) {
  const { start, size, x } = style;
  const count = grownTo(style, film);
  const xs = x || values.subarray(start);
  return { xs: xs.subarray(0, count), ys: values.subarray(start + size - pointsOf(style)).subarray(0, count) };
}

// The points of a line or scatter in pixels; null is a gap.
function pixels(panel, style, values, film) {
  const { xs, ys } = coordinates(style, values, film);
  const axes = panel.axes[style.axes];
  const [dataX, dataY] = style.in_data || [true, true];
  const toX = dataX ? axes.x : axes.acrossX;
  const toY = dataY ? axes.y : axes.acrossY;
  return Array.from(xs, (x, i) => {
    const [px, py] = [toX(x), toY(ys[i])];
    return Number.isFinite(px) && Number.isFinite(py) ? [px, within(py)] : null;
  });
}

const within = (pixel) => Math.max(-1e5, Math.min(1e5, pixel)); // a canvas loses precision far outside

function drawLine(context, panel, style, { values }, film) {
  const points = pixels(panel, style, values, film);
  context.beginPath();
  trace(context, points, style.steps);
  context.strokeStyle = style.color;
  context.lineWidth = style.width * panel.dot;
  context.lineCap = style.cap;
  context.lineJoin = "round";
  context.setLineDash(style.dashes.map((length) => length * panel.dot));
  context.lineDashOffset = style.dash_offset * panel.dot;
  if (style.width) context.stroke();
  if (style.marker) drawMarkers(context, panel, style.marker, points);
}

function trace(context, points, steps) {
  let last = null;
  for (const point of points) {
    if (point && !last) context.moveTo(...point);
    if (point && last) STEPS[steps](context, last, point);
    last = point;
  }
}

const STEPS = {
  default: (context, last, [x, y]) => context.lineTo(x, y),
  pre: (context, [x0], [x, y]) => { context.lineTo(x0, y); context.lineTo(x, y); },
  post: (context, [, y0], [x, y]) => { context.lineTo(x, y0); context.lineTo(x, y); },
  mid: (context, [x0, y0], [x, y]) => {
    context.lineTo((x0 + x) / 2, y0);
    context.lineTo((x0 + x) / 2, y);
    context.lineTo(x, y);
  },
};

function drawMarkers(context, panel, { path, size, face, edge, width }, points) {
  const outline = new Path2D(path);
  context.setLineDash([]);
  for (const point of points) if (point) stamp(context, panel, outline, point, { size, face, edge, width });
}

function drawScatter(context, panel, style, { values }) {
  const outline = new Path2D(style.path);
  const of = (list, i) => list[i % list.length]; // matplotlib repeats colours and sizes that are too few
  pixels(panel, style, values).forEach((point, i) => {
    if (!point) return;
    const [face, edge] = [of(style.faces, i) || "transparent", of(style.edges, i) || "transparent"];
    stamp(context, panel, outline, point, { size: of(style.sizes, i), face, edge, width: of(style.widths, i) });
  });
}

function stamp(context, panel, outline, [x, y], { size, face, edge, width }) {
  const placed = new Path2D();
  placed.addPath(outline, new DOMMatrix([size * panel.dot, 0, 0, -size * panel.dot, x, y])); // SVG's y points down
  context.fillStyle = face;
  context.strokeStyle = edge;
  context.lineWidth = width * panel.dot;
  context.fill(placed);
  if (width) context.stroke(placed);
}

function drawImage(context, panel, style, { values }) {
  const [left, right, bottom, top] = panel.places[style.id];
  const { x, y } = panel.axes[style.axes];
  const picture = colored(style, values.subarray(style.start, style.start + style.size));
  const [head, foot] = style.upper ? [top, bottom] : [bottom, top]; // where the first and the last row are
  context.imageSmoothingEnabled = style.smooth;
  context.translate(x(left), y(head));
  context.scale((x(right) - x(left)) / picture.width, (y(foot) - y(head)) / picture.height);
  context.drawImage(picture, 0, 0);
}

function colored({ rows, size, clim: [low, high], colors }, field) {
  const picture = new OffscreenCanvas(size / rows, rows);
  const rgba = new Uint32Array(size);
  const table = new Uint32Array(bytes(colors));
  field.forEach((value, i) => {
    const entry = Math.floor(((value - low) / (high - low)) * 256);
    rgba[i] = Number.isNaN(value) ? 0 : table[Math.max(0, Math.min(255, entry))];
  });
  const image = new ImageData(new Uint8ClampedArray(rgba.buffer), size / rows, rows);
  picture.getContext("2d").putImageData(image, 0, 0);
  return picture;
}

function drawText(context, panel, style, { texts }) {
  const [across, up] = panel.places[style.id];
  const size = style.font_size * panel.dot;
  const lines = texts[style.text].split("\n");
  context.font = `${style.font_style} ${style.weight} ${size}px "DejaVu Sans", Verdana, sans-serif`;
  context.fillStyle = style.color;
  context.textAlign = style.ha;
  context.translate(across * panel.width, (1 - up) * panel.height);
  context.rotate((-style.rotation * Math.PI) / 180);
  lines.forEach((line, i) => context.fillText(line, 0, size * (firstBaseline(style.va, lines.length) + 1.2 * i)));
}

// How far below its anchor a text's first baseline lies, in units of the font size (letters reach 0.76 up, 0.24 down).
function firstBaseline(va, lines) {
  const rest = 1.2 * (lines - 1);
  if (va === "top") return 0.76;
  if (va === "bottom") return -0.24 - rest;
  return va === "baseline" ? 0 : 0.26 - rest / 2;
}
