// @ts-check
// What pinned runs are drawn in: none of the colours of a figure's own lines, and far apart for colour-blind eyes too.
export const PIN_COLORS = ["#7b2d8e", "#8a6d00", "#3d3d3d"];
