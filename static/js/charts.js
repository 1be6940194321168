/* Draws the charts from #chart-data. The numbers are decimal strings from the server; nothing is calculated here. */
import { hit, isRtl, on, root } from "./dom.js";

/**
 * @typedef {{label: string, data: (string | null)[]}} Dataset
 * @typedef {object} Data from `chart_data` in `expenses/dashboard/charts.py`
 * @property {"breakdown" | "comparison" | "cashflow"} view
 * @property {string} currency
 * @property {number} decimals of the currency, by ISO 4217; the browser has other numbers
 * @property {string[]} months
 * @property {string} period
 * @property {string[]} labels
 * @property {Dataset[]} datasets
 * @property {string[]} links
 * @property {string[]} categories slugs
 * @property {number[]} palette the colour number of each category
 * @property {number | null} narrowed the colour number of the category, if only one is shown
 * @property {string[]} texts
 * @property {string[]} narrowing what each dataset adds to a month's link
 * @property {string} chosen what all datasets together add to it
 * @property {string[]} sums of each month, with their name
 * @property {boolean} stacked
 * @property {{labels: string[], datasets: Dataset[], links: string[]}} trend
 */

const library = document.getElementById("chartjs");
const source = document.getElementById("chart-data");
/** @type {Data} */
const data = JSON.parse(source?.textContent || "{}");
const language = root.lang || "en";
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const probe = document.body.appendChild(document.createElement("span"));
probe.hidden = true;

/** @returns {any} Chart.js, once `load` has loaded it */
export const chartjs = () => /** @type {any} */ (window).Chart;

/** @type {Promise<unknown> | undefined} */
let loaded;

/* Chart.js is larger than the rest of the page. */
function load() {
  loaded ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = /** @type {HTMLLinkElement} */ (library).href;
    script.onload = done;
    document.head.append(script);
  }).then(() => {
    chartjs().defaults.font.family = getComputedStyle(document.body).fontFamily;
    chartjs().defaults.font.size = 12.5;
  });
  return loaded;
}

/**
 * Draws a chart when it is about to be seen, or as soon as the person does anything, so that a print has all of them.
 * Each is drawn in its own task, so that the page responds to input between two of them.
 * @param {Element} canvas
 * @param {() => void} draw
 */
export function whenSeen(canvas, draw) {
  const signs = ["pointermove", "pointerdown", "keydown", "scroll"];
  const start = () => {
    seen.disconnect();
    for (const sign of signs) removeEventListener(sign, start);
    load().then(() => setTimeout(draw));
  };
  const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && start(), { rootMargin: "25%" });
  seen.observe(canvas);
  for (const sign of signs) addEventListener(sign, start, { passive: true });
}

/**
 * A token's colour in the current theme. The token itself holds light-dark(), which only a computed colour resolves.
 * @param {string} name
 */
export function color(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** @param {string} text */
const trueMinus = (text) => text.replace("-", "\u2212");
/** @param {string | null} text */
export const number = (text) => (text === null ? null : Number(text));
/* As in components.css: the palette has twelve colours, then the same with stripes, dots and bars. */
const HUES = 12;
const TILE = 6;
/** @type {((ctx: CanvasRenderingContext2D) => void)[]} */
const PATTERNS = [
  () => {},
  (ctx) => {
    for (let at = 0; at < TILE; at++) for (const wide of [0, 1]) ctx.fillRect((TILE - at + wide) % TILE, at, 1, 1);
  },
  (ctx) => ctx.fillRect(TILE / 3, TILE / 3, TILE / 3, TILE / 3),
  (ctx) => ctx.fillRect(0, TILE / 3, TILE, TILE / 3),
];

/**
 * The fill of a number of the palette.
 * @param {number} number
 */
function fillOf(number) {
  const plain = color(`palette-${((number - 1) % HUES) + 1}`);
  const kind = Math.floor((number - 1) / HUES);
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE;
  const ctx = tile.getContext("2d");
  if (!kind || !ctx) return plain;
  ctx.fillStyle = plain;
  ctx.fillRect(0, 0, TILE, TILE);
  ctx.fillStyle = color("pattern");
  PATTERNS[kind]?.(ctx);
  return ctx.createPattern(tile, "repeat") ?? plain;
}

const categoryColors = () => data.palette.map(fillOf);

/** @param {string[]} [sums] the last line for each point */
export function tooltip(sums) {
  const digits = { minimumFractionDigits: data.decimals, maximumFractionDigits: data.decimals };
  const exact = new Intl.NumberFormat(language, { style: "currency", currency: data.currency, currencyDisplay: "narrowSymbol", ...digits });
  /** @param {{dataset: {label: string}, raw: number}} item */
  const label = (item) => ` ${item.dataset.label}: ${trueMinus(exact.format(item.raw))}`;
  /** @param {{dataIndex: number}[]} items */
  const footer = ([item]) => sums?.[item.dataIndex];
  const colors = { backgroundColor: color("ink"), titleColor: color("bg"), bodyColor: color("bg"), footerColor: color("bg") };
  return { rtl: isRtl, textDirection: root.dir, ...colors, padding: 10, cornerRadius: 8, boxPadding: 4, callbacks: { label, footer } };
}

/** @param {boolean} display */
export function legend(display) {
  /** @type {(a: {datasetIndex: number}, b: {datasetIndex: number}) => number} */
  const sort = (a, b) => a.datasetIndex - b.datasetIndex;
  const labels = { sort, color: color("ink-2"), boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3, padding: 14 };
  return { display, rtl: isRtl, textDirection: root.dir, position: "bottom", labels };
}

/** @param {boolean} stacked */
export function axes(stacked) {
  const ticks = { color: color("ink-2"), padding: 6 };
  return {
    x: { stacked, reverse: isRtl, grid: { display: false }, border: { color: color("line-strong") }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 } },
    y: {
      stacked,
      position: isRtl ? "right" : "left",
      grid: { color: color("line"), drawTicks: false },
      border: { display: false },
      ticks: { ...ticks, maxTicksLimit: 6, callback: (/** @type {number} */ value) => trueMinus(short.format(value)) },
    },
  };
}

/**
 * Options with which a click on a bar or segment opens its expenses, and one beside them those of the nearest point.
 * @param {(index: number, datasetIndex?: number) => string} address
 * @param {object} more
 */
function options(address, more) {
  /** @typedef {{index: number, datasetIndex: number}} Hit */
  /** @type {(event: any, hits: Hit[], chart: any) => void} */
  const onClick = (event, [nearest], chart) => {
    const [exact] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false);
    if (exact ?? nearest) location.assign(exact ? address(exact.index, exact.datasetIndex) : address(nearest.index));
  };
  return {
    interaction: { mode: "index", intersect: false },
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    locale: language,
    onHover: (/** @type {any} */ event, /** @type {Hit[]} */ hit) => (event.native.target.style.cursor = hit.length ? "pointer" : ""),
    onClick,
    ...more,
  };
}

/** @typedef {{left: number, right: number, width: number}} Area */

/* Draws the name and amount above each bar and the track behind it. */
const captions = {
  id: "captions",
  /** @type {{y: number, height: number}[]} */
  bars: [],
  /**
   * @param {{ctx: CanvasRenderingContext2D, chartArea: Area}} chart
   * @param {unknown} _args
   * @param {{track: string}} colors
   */
  beforeDatasetsDraw({ ctx, chartArea: { left, width } }, _args, { track }) {
    ctx.fillStyle = track;
    for (const bar of this.bars) {
      ctx.beginPath();
      ctx.roundRect(left, bar.y - bar.height / 2, width, bar.height, bar.height / 2);
      ctx.fill();
    }
  },
  /** @param {any} chart */
  beforeDraw(chart) {
    this.bars = chart.getDatasetMeta(0).data;
  },
  /**
   * @param {{ctx: CanvasRenderingContext2D, chartArea: Area}} chart
   * @param {unknown} _args
   * @param {{ink: string, soft: string, family: string}} style
   */
  afterDatasetsDraw({ ctx, chartArea: { left, right } }, _args, { ink, soft, family }) {
    ctx.textBaseline = "alphabetic";
    this.bars.forEach((bar, index) => {
      const y = bar.y - bar.height / 2 - 7;
      ctx.font = `500 14px ${family}`;
      ctx.fillStyle = ink;
      ctx.textAlign = isRtl ? "right" : "left";
      ctx.fillText(data.labels[index], isRtl ? right : left, y);
      ctx.font = `400 14px ${family}`;
      ctx.fillStyle = soft;
      ctx.textAlign = isRtl ? "left" : "right";
      ctx.fillText(data.texts[index], isRtl ? left : right, y);
    });
  },
};

/* The page has these bars as a table. They are drawn only to be saved as a picture. */
function categoryBars() {
  const values = data.datasets[0].data.map(Number);
  return {
    type: "bar",
    data: { labels: data.labels, datasets: [{ label: data.datasets[0].label, data: values, backgroundColor: categoryColors(), borderRadius: 6, borderSkipped: false, barThickness: 12, minBarLength: 4 }] },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 2,
      indexAxis: "y",
      layout: { padding: { top: 14 } },
      scales: { x: { display: false, reverse: isRtl, min: Math.min(0, ...values), max: Math.max(0, ...values) }, y: { display: false } },
      plugins: {
        legend: legend(false),
        captions: { ink: color("ink"), soft: color("ink-2"), track: color("surface-2"), family: chartjs().defaults.font.family },
      },
    },
    plugins: [captions],
  };
}

function monthBars() {
  const colors = categoryColors();
  const sets = data.datasets.map((set, index) => ({ label: set.label, data: set.data.map(number), backgroundColor: colors[index], borderRadius: data.stacked ? 0 : 4, maxBarThickness: data.stacked ? 44 : 22, categoryPercentage: 0.82 }));
  return {
    type: "bar",
    data: { labels: data.labels, datasets: sets },
    options: options((index, set = -1) => data.links[index] + (data.narrowing[set] ?? data.chosen ?? ""), {
      scales: axes(data.stacked),
      plugins: { legend: legend(true), tooltip: tooltip(data.sums) },
    }),
  };
}

function trend() {
  const [spent, average] = data.trend.datasets;
  const line = color("ink");
  const fill = data.narrowed ? fillOf(data.narrowed) : color("accent");
  return {
    type: "bar",
    data: {
      labels: data.trend.labels,
      datasets: [
        { label: spent.label, data: spent.data.map(number), backgroundColor: fill, borderRadius: 3, maxBarThickness: 32, order: 2 },
        { type: "line", label: average.label, data: average.data.map(number), borderColor: line, backgroundColor: line, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0.3, order: 1 },
      ],
    },
    options: options((index) => data.trend.links[index], {
      scales: axes(false),
      plugins: { legend: legend(true), tooltip: tooltip() },
    }),
  };
}

/** @type {Record<string, () => any>} the configuration of each canvas, by its id */
const plans = { chart: monthBars, trend };
/** @type {Record<string, any>} */
const charts = {};

/** @param {string} id */
function drawOne(id) {
  const canvas = document.getElementById(id);
  if (!canvas) return;
  const { data: fresh, options: settings, ...rest } = plans[id]();
  if (!charts[id]) {
    charts[id] = new (chartjs())(canvas, { data: fresh, options: settings, ...rest });
    return;
  }
  charts[id].data = fresh;
  charts[id].options = settings;
  charts[id].update("none");
}

const redraw = () => Object.keys(charts).forEach(drawOne);

/** The bars of the breakdown on a canvas of their own. */
function drawnBars() {
  const canvas = document.createElement("canvas");
  canvas.width = 720;
  canvas.height = 48 * data.labels.length + 24;
  new (chartjs())(canvas, categoryBars());
  return canvas;
}

/**
 * Saves a chart as a PNG file with a background, its title and its period, so that it can be read on its own.
 * @param {string} id
 */
function save(id) {
  const shown = document.getElementById(id);
  const drawn = shown instanceof HTMLCanvasElement ? shown : drawnBars();
  const ratio = shown === drawn ? drawn.width / drawn.clientWidth : 2;
  const picture = document.createElement("canvas");
  const [margin, head] = [24 * ratio, 64 * ratio];
  picture.width = drawn.width + 2 * margin;
  picture.height = drawn.height + head + margin;
  const ctx = picture.getContext("2d");
  if (!ctx) return;
  ctx.fillStyle = color("surface");
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.fillStyle = color("ink");
  ctx.font = `600 ${16 * ratio}px ${chartjs().defaults.font.family}`;
  ctx.direction = isRtl ? "rtl" : "ltr";
  ctx.textAlign = "start";
  const title = document.getElementById(`${id}-title`)?.textContent?.trim();
  ctx.fillText(`${title} · ${data.period}`, isRtl ? picture.width - margin : margin, 40 * ratio);
  ctx.drawImage(drawn, margin, head);
  const link = document.createElement("a");
  link.download = `finbrain-${id}-${data.months[0]}.png`;
  picture.toBlob((blob) => {
    link.href = URL.createObjectURL(/** @type {Blob} */ (blob));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

/* Paper is white, whatever the theme of the screen. */
let screenTheme = "";

/** @param {string} theme */
function redrawIn(theme) {
  root.dataset.theme = theme;
  document.dispatchEvent(new CustomEvent("themechange"));
}

function start() {
  addEventListener("beforeprint", () => {
    screenTheme = root.dataset.theme ?? "auto";
    redrawIn("light");
  });
  addEventListener("afterprint", () => redrawIn(screenTheme));
  on("themechange", redraw);
  on("click", (event) => {
    const id = hit(event, "[data-save]")?.dataset.save;
    if (id) load().then(() => save(id));
  });
  for (const id of Object.keys(plans)) {
    const canvas = document.getElementById(id);
    if (canvas) whenSeen(canvas, () => drawOne(id));
  }
}

if (source && library) start();
