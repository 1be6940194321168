/* Draws where the next months are heading from #outlook-data: a line in the middle of its range. */
import { axes, chartjs, color, legend, number, tooltip, whenSeen } from "./charts.js";
import { on } from "./dom.js";

/**
 * @typedef {object} Data from `expenses/dashboard/outlook.py`
 * @property {string[]} labels
 * @property {{label: string, data: string[]}[]} datasets the lowest, the most likely, the highest
 */

const canvas = document.getElementById("outlook");
/** @type {Data} */
const data = JSON.parse(document.getElementById("outlook-data")?.textContent || "null");
/** @type {any} */
let drawn = null;

function sets() {
  const [line, edge] = [color("ink"), color("accent")];
  const [low, point, high] = data.datasets.map((set) => ({ label: set.label, data: set.data.map(number), pointHitRadius: 12 }));
  const border = { borderColor: edge, backgroundColor: edge, borderWidth: 1, borderDash: [4, 4], pointRadius: 2 };
  return [
    { ...high, ...border },
    { ...point, borderColor: line, backgroundColor: line, borderWidth: 2, pointRadius: 4 },
    { ...low, ...border, fill: { target: 0, above: color("accent-soft"), below: color("accent-soft") } },
  ];
}

function draw() {
  drawn?.destroy();
  const plugins = { legend: legend(false), tooltip: tooltip() };
  const interaction = { mode: "index", intersect: false };
  const { x, y } = axes(false);
  const scales = { x: { ...x, offset: true }, y }; // room for the first and the last label: Chart.js keeps none from right to left
  const options = { responsive: true, maintainAspectRatio: false, animation: false, interaction, scales, plugins };
  drawn = new (chartjs())(canvas, { type: "line", data: { labels: data.labels, datasets: sets() }, options });
}

if (canvas && data) {
  on("themechange", () => drawn && draw());
  whenSeen(canvas, draw);
}
