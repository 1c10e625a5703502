// Draws <div data-chart="ID"> from the Vega-Lite text in <script type="application/json" id="ID">.
// Expressions are interpreted, not compiled, and no style is injected: the page forbids both.
"use strict";

(() => {
  const views = new Map();
  let engine;

  const load = () => {
    engine ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.documentElement.dataset.vega;
      script.onload = () => resolve(window.vegaEmbed);
      script.onerror = reject;
      document.head.append(script);
    });
    return engine;
  };

  const paint = () => {
    const styles = getComputedStyle(document.documentElement);
    const colour = (name) => styles.getPropertyValue(name).trim();
    const words = { labelColor: colour("--quiet"), titleColor: colour("--quiet"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" };
    return {
      background: "transparent",
      font: styles.getPropertyValue("--font").trim(),
      view: { stroke: null },
      axis: { ...words, gridColor: colour("--line"), domainColor: colour("--line-strong"), tickColor: colour("--line-strong"), labelOverlap: true },
      axisX: { grid: false },
      legend: { ...words, orient: "top", symbolStrokeWidth: 2 },
      title: { color: colour("--ink") },
      mark: { color: colour("--chart-1") },
      rule: { color: colour("--quiet") },
      text: { color: colour("--ink") },
      range: {
        category: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => colour(`--chart-${n}`)),
        heatmap: [colour("--heat-from"), colour("--heat-to")],
        ramp: [colour("--heat-from"), colour("--heat-to")],
      },
    };
  };

  const draw = async (place) => {
    const source = document.getElementById(place.dataset.chart);
    if (!source) return;
    const embed = await load();
    views.get(place)?.finalize();
    const made = await embed(place, JSON.parse(source.textContent), {
      actions: false,
      ast: true,
      config: paint(),
      defaultStyle: false,
      renderer: "canvas",
      tooltip: { disableDefaultStyle: true, theme: "joren" },
    });
    place.dataset.drawn = "yes";
    views.set(place, made);
  };

  const fail = (place) => (problem) => {
    // The numbers stand below; they are what remains.
    place.dataset.drawn = "no";
    place.closest("figure")?.querySelector(".chart-numbers")?.setAttribute("open", "");
    console.error(problem);
  };

  const all = (root) => root.querySelectorAll?.("[data-chart]") ?? [];
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target).catch(fail(target));
    }
  }, { rootMargin: "300px" });

  const watch = (root) => all(root).forEach((place) => watcher.observe(place));
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    views.forEach((_, place) => draw(place).catch(fail(place)));
  });
})();
