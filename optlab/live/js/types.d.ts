// The data that travels from Python to the browser, and what the browser makes of it.

/** Another widget's model, as anywidget hands it out. */
export interface Model {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send?(content: unknown): void; // to the kernel
  comm_live?: boolean;
  optlabMoves?: boolean; // a slider that is about to move, together with others
  on(events: string, act: (changed: Model) => void): void; // the model itself, not what anywidget gives in its place
  off(events: string, act: (changed: Model) => void): void;
  attributes: any;
  widget_manager: Pick<Manager, "get_model">;
}

/** What makes views of models; JupyterLab's knows its notebook, too. */
export interface Manager {
  get_model(id: string): Promise<Model>;
  has_model(id: string): boolean;
  create_view(model: Model): Promise<WidgetView>;
  context?: { model: { cells: Iterable<CellModel> } };
}

export interface WidgetView {
  luminoWidget?: any;
  pWidget?: any; // its earlier name
  remove(): void;
}

/** A cell of JupyterLab's notebook. */
export interface CellModel {
  type: string;
  sharedModel: { getSource(): string };
  outputs?: { length: number; get(k: number): { data: Record<string, any> } };
}

/** Where a lab is: its model, its cell (-1: not known) and what it is called; and the models of the guesses that it decides. */
export interface LabPlace {
  id: string;
  cell: number;
  title: string;
  guesses: string[];
}

/**
 * What a mark is for. Pins and ghosts show "main" and "here"; a film's text names "main" before "other"; "theory" is
 * known from the start; "here" is where the sliders stand; "end" waits for its step; a "title" sums up the whole run,
 * so that the numbers of the moment replace it while a film is running; a "text" stays; an "empty" one is said where
 * nothing else is seen.
 */
export type Role = "main" | "other" | "theory" | "here" | "end" | "title" | "text" | "empty" | "plain";

/** What all marks (living artists) have in common. */
interface Mark {
  id: number; // its place in a scene's `places`
  role: Role;
  named: boolean; // whether hovering and a film's text name it
  axes: number; // an index into the scene's axes; -1: it belongs to the figure
  clip: boolean; // to its axes
  start: number; // where its numbers begin in a frame
  size: number; // how many numbers it has
  text: number; // an index into a frame's texts
  grows: number | null; // the step of its first point; null: it does not grow
  every: number; // steps from one point to the next
  at: number[] | null; // the steps it has a position for: as many blocks of numbers; null: one block
  appears: boolean; // whether its last number is the step from which on it is drawn in a film (NaN: not before the end)
}

export interface Marker {
  path: string; // SVG, of unit size
  size: number; // points
  face: string;
  edge: string;
  width: number;
}

export interface LineStyle extends Mark {
  kind: "line";
  label: string;
  color: string;
  width: number; // points; 0: markers only
  dashes: number[];
  dash_offset: number;
  cap: CanvasLineCap;
  steps: "default" | "pre" | "mid" | "post";
  in_data: [boolean, boolean]; // false: a fraction of the axes, as in axvline
  x: Float32Array | null; // an x that never changes; null: x comes with the numbers, before y
  marker: Marker | null;
  ending: string; // what is written beside its last point
}

export interface ScatterStyle extends Mark {
  kind: "scatter";
  path: string;
  sizes: number[];
  faces: string[];
  edges: string[];
  widths: number[];
}

export interface ImageStyle extends Mark {
  kind: "image";
  rows: number;
  clim: [number, number];
  colors: DataView; // RGBA, 256 of them
  upper: boolean;
  smooth: boolean;
}

export interface TextStyle extends Mark {
  kind: "text";
  color: string;
  font_size: number; // points
  font_style: string;
  weight: string;
  ha: CanvasTextAlign;
  va: string;
  rotation: number; // degrees
}

export type Style = LineStyle | ScatterStyle | ImageStyle | TextStyle;
/** A mark whose numbers are coordinates. */
export type PointStyle = LineStyle | ScatterStyle;

/** What the marks show at one position of the sliders. NaN is a gap; a setting that failed is all gaps. */
export interface Frame {
  values: Float32Array;
  texts: string[];
  label: string; // the picture in words
  scene: number;
  goals: boolean[]; // empty where no goals are carried
  coming?: string; // what is in the making in its place, in words
}

/** A setting in the making. */
export interface Coming {
  slot: number;
  step: number; // how far it has come; -1: nothing has been seen of it
  from: number; // the step that was seen first, and when, in ms
  at: number;
}

/** The bytes of numbers, the first ones of all, then the second ones, and so on; one row after the other. */
export interface Planes {
  parts: Uint8Array[];
  size: number; // numbers in a row
}

/** Frames as they arrive: their numbers, and a list for each other field. */
export interface Page {
  slots: number[]; // of what the kernel pushes the slots, of a page the places in the table
  data?: DataView; // float32
  planes?: Planes;
  texts: string[][];
  labels: string[];
  scenes: number[];
  goals: boolean[][];
}

/** Where a film stands; Infinity is the whole run. */
export interface Film {
  step: number;
  unit: string;
}

/** Where an axes is on a background: fractions of the figure, limits, scales, half a spine's width in points. */
export interface AxesPlace {
  box: [left: number, bottom: number, width: number, height: number];
  xlim: [number, number];
  ylim: [number, number];
  xlog: boolean;
  ylog: boolean;
  spines: number[]; // left, right, top, bottom
  xlabel: string;
  still?: boolean; // whether the background shows anything in them
  free?: [x: boolean, y: boolean]; // whether an axis counts something, so that another scale makes sense
}

/** A background with what is drawn above it. */
export interface Scene {
  width: number; // CSS pixels that it was laid out for
  axes: AxesPlace[];
  places: (number[] | null)[];
  artists: Style[];
  picture: ImageBitmap;
  limits: string; // two scenes with the same limits can be compared
}

/** What stands at the edge of axes for a mark that has left them. */
export interface Note {
  axes: number;
  text: string;
  name: string; // of the mark; "": none
  color: string;
  u: number; // where it is, as a share of the axes from the left and from the bottom
  v: number;
}

export type Projector = (value: number) => number;
/** A point in CSS pixels; null is a gap. */
export type Pixel = [x: number, y: number] | null;

/** An axes in CSS pixels. */
export interface Axes {
  left: number;
  top: number;
  width: number;
  height: number;
  xlabel: string;
  still: boolean; // whether the background shows anything in them
  spines: number[];
  x: Projector;
  y: Projector;
  fromX: Projector; // from pixels to data
  fromY: Projector;
  acrossX: Projector;
  acrossY: Projector;
}

/** A scene laid out for the size at which it is shown. */
export interface Panel {
  axes: Axes[];
  places: (number[] | null)[];
  artists: Style[];
  width: number;
  height: number;
  dot: number; // CSS pixels to a typographic point
}

/** Sliders that the mouse moves on a figure, and the place in data of every combination of their stops. */
export interface Steer {
  axes: number;
  given: number[]; // sliders that the places depend on, and that do not move
  sliders: number[]; // those that move
  sizes: number[]; // how many stops each has, first those of `given`
  xs: (number | null)[]; // the last slider fastest; null: x makes no difference
  ys: (number | null)[];
}

/** All that the views of one figure share. */
export interface Store {
  sliders: Model[]; // all of the lab, in order; []: nothing steers
  table: Map<number, any>; // frames by their place
  strides: number[];
  placeStrides: number[]; // a frame's place = sum of index * stride; []: its slot
  read: Set<string>; // references of the pages that were asked for
  scenes: Scene[];
  views: Set<View>;
  toolbar: Model | null;
  shown: Shown | null;
  wanted: number; // the slot on the sliders; -1: nothing steers
  waiting: boolean; // whether the frame of that slot has yet to come
  coming: Coming | null; // the run of that slot while it is in the making
  half: Shown | null; // what has come of it
  hasGoals: boolean; // whether its frames carry goals
  dots: Dots | null;
  ghost: Shown | null;
  fading: boolean;
  movement: number;
  resting?: ReturnType<typeof setTimeout>;
  repaint(): void;
}

/** How the program run last is doing. */
export interface Ran {
  slot: number;
  state: "running" | "done" | "failed" | "stopped" | "late";
  text: string; // what it has printed
  said: string; // how it is doing, and how far its numbers are from the lab's, in words
}

/** What a program has printed about a slot: points in data. */
export interface Dots {
  slot: number;
  points: [x: number, y: number][];
}

export interface Shown {
  slot: number;
  frame: Frame;
}

export interface View {
  store: Store;
  box: HTMLElement;
  tip: HTMLElement;
  back: HTMLCanvasElement;
  pins: HTMLCanvasElement;
  ghost: HTMLCanvasElement;
  front: HTMLCanvasElement;
  badges: HTMLCanvasElement;
  panel: Panel | null;
  onBack: Scene | null;
  pointer: [number, number] | null;
  covered: boolean; // by a stage
  asking?: ReturnType<typeof setTimeout>;
  waitingForAxes?: ReturnType<typeof setTimeout>;
  sketch?: () => void; // paints what a learner has drawn
}

/** A slider as the toolbar knows it. */
export interface Param {
  name: string;
  lead: string; // what stands before a value
  title: string; // its name and sign
  texts: string[]; // of its values
  default: number; // an index into them
  applies?: Applies; // left out: it makes a difference everywhere
}

/** Whether a slider makes a difference, for each position of other sliders. */
export interface Applies {
  sliders: number[]; // indices of those
  strides: number[];
  table: boolean[];
}

/** The settings that the sliders span: slot = sum of index * stride. */
export interface Grid {
  params: Param[];
  strides: number[];
}

export interface LabTools extends Grid {
  model: Model;
  sliders: Model[];
  box: HTMLElement;
  row: HTMLElement;
  memory: Memory;
  say: (anchor: HTMLElement, words: string) => void; // a word beside an element, for a moment
}

/** What can be saved of a figure as one view shows it. */
export interface Figured {
  numbers(): RunRows[];
  shown(): { slot: number, frame: Frame } | null; // the run on the screen, as it has come
  picture(ratio: number): HTMLCanvasElement; // so many pixels to a CSS pixel
  drawing(prefix: string): string; // SVG elements, in CSS pixels; the prefix keeps their names apart
}

/** What the marks of a figure show of one run; pin 0: the one on the sliders. */
export interface RunRows {
  pin: number;
  slot: number;
  rows: NumberRow[];
}

export interface NumberRow {
  axes: number;
  line: string;
  xlabel: string;
  x: number;
  y: number;
}

/** A line of a table. */
export type Cells = (string | number)[];

/** What made a lab, as Python text: `before` runs first, `given` are its arguments but for the state. */
export interface Call {
  before: string;
  maker: string;
  given: string;
}

/** Where a lab stands: its sliders, pins and film. */
export interface LabState {
  slot: number;
  pins: number[];
  step: number;
}

export interface LabStep {
  from: LabState;
  to: LabState;
}

/** What can be undone and done again. */
export interface History {
  past: LabStep[];
  future: LabStep[];
  now: LabState;
  gesture: number; // the one that the last change belongs to
  at: number; // when that was, in ms
}

/** The last press of a key or pointer, and whether it still holds. */
export interface Gesture {
  id: number;
  held: boolean;
}

/** What all views of a lab remember together. */
export interface Memory {
  history: History;
  gesture: Gesture;
  quiet: boolean; // while an undo or a reset is carried out
  told: Set<() => void>; // called when the history has changed
  stop: () => void;
}

/** How a pinned run is drawn; null dashes: each line keeps its own. */
export interface PinLook {
  color: string;
  dashes: number[] | null;
}

/** What a map knows: one number for each slot. */
export interface MapTable {
  values: Float32Array; // NaN: a run that diverged or failed
  known: Uint8Array; // 1 where a slot has come
  count: number;
}

export interface Cell {
  slot: number;
  value: number;
  known: boolean;
}

/** The best setting of those that share a stop; slot -1: none is known. */
export interface Best {
  slot: number;
  value: number;
}

export interface MapRange {
  low: number;
  high: number;
  log: boolean;
}

/** Where a chart's axes are, in CSS pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The colour of letters and lines, and 256 colours of values as RGBA. */
export interface Ink {
  text: string;
  colors: Uint8Array;
}

export interface MapLab extends Grid {
  model: Model;
  sliders: Model[];
  label: string;
  sign: number; // 1: low is best; -1: high is
  colors: Uint8Array;
}

export interface MapStore {
  table: MapTable;
  read: Set<string>;
  views: Set<MapView>;
}

export interface MapPart {
  title: HTMLElement;
  frame: HTMLElement;
  canvas: HTMLCanvasElement;
  tip: HTMLElement;
}

export interface MapView {
  store: MapStore;
  lab: MapLab;
  box: HTMLElement;
  selects: HTMLSelectElement[];
  count: HTMLElement;
  plane: MapPart;
  isolation: MapPart;
  pending: number; // the display frame that will repaint it; 0: none
  scene?: MapScene;
}

/** What a map shows now. */
export interface MapScene {
  across: number;
  up: number;
  slot: number;
  count: number; // how many settings were known
  range: MapRange;
  rows: Cell[][];
  best: Best[];
  here: Cell[];
  areas: { plane: Area; isolation: Area };
}
