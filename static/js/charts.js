/* Draws what the server put into #chart-data. The numbers arrive ready, as decimal strings; nothing is computed here. */
(() => {
  const source = document.getElementById("chart-data");
  if (!source || !window.Chart) return;
  const data = JSON.parse(source.textContent);
  const root = document.documentElement;
  const language = root.lang || "en";
  const rtl = root.dir === "rtl";
  const exact = new Intl.NumberFormat(language, { style: "currency", currency: data.currency, currencyDisplay: "narrowSymbol" });
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const probe = document.body.appendChild(document.createElement("span"));
  probe.hidden = true;

  /* Custom properties hold light-dark(); only a used colour tells which half counts. */
  function color(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }

  const trueMinus = (text) => text.replace("-", "\u2212");
  const number = (text) => (text === null ? null : Number(text));
  const categoryColors = () => data.palette.map((index) => color(`palette-${index}`));

  function tooltip(named) {
    const label = (item) => ` ${named ? item.dataset.label + ": " : ""}${trueMinus(exact.format(item.raw))}`;
    const colors = { backgroundColor: color("ink"), titleColor: color("bg"), bodyColor: color("bg"), footerColor: color("bg") };
    return { rtl, textDirection: root.dir, ...colors, padding: 10, cornerRadius: 8, boxPadding: 4, callbacks: { label } };
  }

  function legend(display) {
    const labels = { sort: (a, b) => a.datasetIndex - b.datasetIndex, color: color("ink-2"), boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3, padding: 14 };
    return { display, rtl, textDirection: root.dir, position: "bottom", labels };
  }

  function axes(stacked) {
    const ticks = { color: color("ink-2"), padding: 6 };
    return {
      x: { stacked, reverse: rtl, grid: { display: false }, border: { color: color("line-strong") }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 } },
      y: {
        stacked,
        position: rtl ? "right" : "left",
        grid: { color: color("line"), drawTicks: false },
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => trueMinus(short.format(value)) },
      },
    };
  }

  /* A click leads to the expenses behind what was clicked: `address(index, datasetIndex)`. */
  function options(address, more) {
    return {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      locale: language,
      onHover: (event, hit) => (event.native.target.style.cursor = hit.length ? "pointer" : ""),
      onClick: (_event, hit) => hit.length && location.assign(address(hit[0].index, hit[0].datasetIndex)),
      ...more,
    };
  }

  /* Name and amount above each bar, and the track that it fills: readable on a phone, without any axis. */
  const captions = {
    id: "captions",
    beforeDatasetsDraw({ ctx, chartArea: { left, width } }, _args, { track }) {
      ctx.fillStyle = track;
      for (const bar of this.bars) {
        ctx.beginPath();
        ctx.roundRect(left, bar.y - bar.height / 2, width, bar.height, bar.height / 2);
        ctx.fill();
      }
    },
    beforeDraw(chart) {
      this.bars = chart.getDatasetMeta(0).data;
    },
    afterDatasetsDraw({ ctx, chartArea: { left, right } }, _args, { ink, soft, family }) {
      ctx.textBaseline = "alphabetic";
      this.bars.forEach((bar, index) => {
        const y = bar.y - bar.height / 2 - 7;
        ctx.font = `500 14px ${family}`;
        ctx.fillStyle = ink;
        ctx.textAlign = rtl ? "right" : "left";
        ctx.fillText(data.labels[index], rtl ? right : left, y);
        ctx.font = `400 14px ${family}`;
        ctx.fillStyle = soft;
        ctx.textAlign = rtl ? "left" : "right";
        ctx.fillText(data.texts[index], rtl ? left : right, y);
      });
    },
  };

  function categoryBars() {
    const values = data.datasets[0].data.map(number);
    return {
      type: "bar",
      data: { labels: data.labels, datasets: [{ label: data.datasets[0].label, data: values, backgroundColor: categoryColors(), borderRadius: 6, borderSkipped: false, barThickness: 12, minBarLength: 4 }] },
      options: options((index) => data.links[index], {
        indexAxis: "y",
        layout: { padding: { top: 14 } },
        scales: { x: { display: false, reverse: rtl, min: Math.min(0, ...values), max: Math.max(0, ...values) }, y: { display: false } },
        plugins: {
          legend: legend(false),
          tooltip: tooltip(false),
          captions: { ink: color("ink"), soft: color("ink-2"), track: color("surface-2"), family: Chart.defaults.font.family },
        },
      }),
      plugins: [captions],
    };
  }

  function ring() {
    const values = data.datasets[0].data.map((text) => Math.max(0, Number(text)));
    return {
      type: "doughnut",
      data: { labels: data.labels, datasets: [{ label: data.datasets[0].label, data: values, backgroundColor: categoryColors(), borderColor: color("surface"), borderWidth: 2, hoverOffset: 4 }] },
      options: options((index) => data.links[index], { cutout: "72%", layout: { padding: 4 }, plugins: { legend: legend(false), tooltip: tooltip(false) } }),
    };
  }

  function monthBars() {
    const colors = categoryColors();
    const sets = data.datasets.map((set, index) => ({ label: set.label, data: set.data.map(number), backgroundColor: colors[index], borderRadius: data.stacked ? 0 : 4, maxBarThickness: data.stacked ? 44 : 22, categoryPercentage: 0.82 }));
    return {
      type: "bar",
      data: { labels: data.labels, datasets: sets },
      options: options((index, set) => `${data.links[index]}&category=${data.categories[set]}`, {
        scales: axes(data.stacked),
        plugins: { legend: legend(true), tooltip: tooltip(true) },
      }),
    };
  }

  function trend() {
    const [spent, average] = data.trend.datasets;
    const line = color("ink");
    const fill = color(data.narrowed ? `palette-${data.narrowed}` : "accent");
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
        interaction: { mode: "index", intersect: false },
        scales: axes(false),
        plugins: { legend: legend(true), tooltip: tooltip(true) },
      }),
    };
  }

  const plans = { chart: data.view === "breakdown" ? categoryBars : monthBars, ring, trend };
  const charts = {};
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12.5;

  function drawOne(id) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const { data: fresh, options: settings, ...rest } = plans[id]();
    if (!charts[id]) {
      charts[id] = new Chart(canvas, { data: fresh, options: settings, ...rest });
      return;
    }
    charts[id].data = fresh;
    charts[id].options = settings;
    charts[id].update("none");
  }

  const draw = () => Object.keys(plans).forEach(drawOne);

  /* The picture gets the page's background, its title and its period: it will lie somewhere on its own. */
  function save(id) {
    const drawn = document.getElementById(id);
    const ratio = drawn.width / drawn.clientWidth;
    const picture = document.createElement("canvas");
    const [margin, head] = [24 * ratio, 64 * ratio];
    picture.width = drawn.width + 2 * margin;
    picture.height = drawn.height + head + margin;
    const ctx = picture.getContext("2d");
    ctx.fillStyle = color("surface");
    ctx.fillRect(0, 0, picture.width, picture.height);
    ctx.fillStyle = color("ink");
    ctx.font = `600 ${16 * ratio}px ${Chart.defaults.font.family}`;
    ctx.direction = root.dir || "ltr";
    ctx.textAlign = "start";
    const title = document.getElementById(drawn.getAttribute("aria-labelledby")).textContent;
    ctx.fillText(`${title} · ${data.period}`, rtl ? picture.width - margin : margin, 40 * ratio);
    ctx.drawImage(drawn, margin, head);
    const link = document.createElement("a");
    link.download = `finbrain-${id}-${data.months[0]}.png`;
    picture.toBlob((blob) => {
      link.href = URL.createObjectURL(blob);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  /* Paper is white whatever the screen is. */
  let screenTheme = null;
  addEventListener("beforeprint", () => {
    screenTheme = root.dataset.theme;
    root.dataset.theme = "light";
    draw();
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = screenTheme;
    draw();
  });

  document.addEventListener("themechange", draw);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save]");
    if (button) save(button.dataset.save);
  });
  /* One after the other: between two charts a finger gets its answer. */
  for (const id of Object.keys(plans)) setTimeout(drawOne, 0, id);
})();
