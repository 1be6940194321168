/* Draws what the server put into #chart-data; the numbers arrive ready, as decimal strings. */
(() => {
  const source = document.getElementById("chart-data");
  const canvas = document.getElementById("chart");
  if (!source || !canvas || !window.Chart) return;
  const data = JSON.parse(source.textContent);
  const language = document.documentElement.lang || "en";
  const rtl = document.documentElement.dir === "rtl";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const FALLBACK = ["food-drinks", "housing-bills", "transportation", "education-growth", "health-essentials", "leisure-gifts", "other"];
  const exact = new Intl.NumberFormat(language, { style: "currency", currency: data.currency, currencyDisplay: "narrowSymbol" });
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const probe = canvas.parentElement.appendChild(document.createElement("span"));
  probe.hidden = true;

  /* Custom properties hold light-dark(); only a used colour tells which half counts. */
  function color(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }

  /* Long names break into lines where a phone has no room for them. */
  function lines(label) {
    if (canvas.parentElement.clientWidth > 480 || label.length < 17) return label;
    return label.split(" ").reduce((all, word) => {
      if (all.length && (all.at(-1) + " " + word).length < 17) all[all.length - 1] += " " + word;
      else all.push(word);
      return all;
    }, []);
  }

  const categoryColor = (index) => color("cat-" + ((data.categories || FALLBACK)[index] || "other"));

  function datasets() {
    const breakdown = data.view === "breakdown";
    return data.datasets.map((set, index) => ({
      label: set.label,
      data: set.data.map(Number),
      backgroundColor: breakdown ? data.labels.map((_, i) => categoryColor(i)) : categoryColor(index),
      borderRadius: 4,
      maxBarThickness: breakdown ? 26 : 22,
      categoryPercentage: 0.8,
      barPercentage: 0.9,
      minBarLength: 2,
    }));
  }

  function options() {
    const breakdown = data.view === "breakdown";
    const ink = color("ink-2");
    const amounts = {
      beginAtZero: true,
      reverse: rtl && breakdown,
      position: !breakdown && rtl ? "right" : undefined,
      grid: { color: color("line"), drawTicks: false },
      border: { display: false },
      ticks: { color: ink, padding: 8, maxTicksLimit: 6, callback: (value) => short.format(value) },
    };
    const names = {
      reverse: rtl && !breakdown,
      position: breakdown && rtl ? "right" : undefined,
      grid: { display: false },
      border: { color: color("line") },
      ticks: { color: ink, autoSkip: !breakdown, maxRotation: 45 },
    };
    return {
      indexAxis: breakdown ? "y" : "x",
      responsive: true,
      maintainAspectRatio: false,
      animation: calm ? false : { duration: 350 },
      locale: language,
      scales: breakdown ? { x: amounts, y: names } : { x: names, y: amounts },
      plugins: {
        legend: { display: !breakdown, rtl, position: "bottom", labels: { color: ink, boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3, padding: 16 } },
        tooltip: {
          rtl,
          backgroundColor: color("ink"),
          titleColor: color("bg"),
          bodyColor: color("bg"),
          padding: 10,
          cornerRadius: 8,
          boxPadding: 4,
          callbacks: { label: (item) => ` ${breakdown ? "" : item.dataset.label + ": "}${exact.format(item.raw)}` },
        },
      },
    };
  }

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  const chart = new Chart(canvas, { type: "bar", data: { labels: data.view === "breakdown" ? data.labels.map(lines) : data.labels, datasets: datasets() }, options: options() });

  document.addEventListener("themechange", () => {
    chart.data.datasets = datasets();
    chart.options = options();
    chart.update("none");
  });
  for (const type of ["beforeprint", "afterprint"]) addEventListener(type, () => chart.resize());
})();
