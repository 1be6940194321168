/* The back button may bring a page as it was before, without what was added to it since, so it is loaded again. */
const { htmx } = /** @type {any} */ (window);
const [visit] = performance.getEntriesByType("navigation");
const isBack = visit instanceof PerformanceNavigationTiming && visit.type === "back_forward";

/* The list's page has forms, of which nothing typed may be lost, so only its list is replaced. */
if (!document.getElementById("list")) {
  if (isBack) location.reload();
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
} else if (isBack) {
  htmx.ajax("GET", location.href, { target: "#list", swap: "outerHTML" });
}
