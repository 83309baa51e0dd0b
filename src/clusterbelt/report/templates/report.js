(function () {
  "use strict";
  // The drawing in the page stays for print and for readers without JavaScript; the live one,
  // made from the same specification, takes its place on the screen when it comes near.
  var options = {
    mode: "vega-lite",
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
    tooltip: { theme: "light" },
    loader: {
      load: function () { return Promise.reject(new Error("offline")); },
      sanitize: function () { return Promise.reject(new Error("offline")); }
    }
  };
  function enliven(chart) {
    if (chart.dataset.state) { return; }
    chart.dataset.state = "loading";
    var live = document.createElement("div");
    live.className = "live";
    chart.appendChild(live);
    var spec = JSON.parse(chart.querySelector("script.spec").textContent);
    var own = Object.assign({ downloadFileName: chart.dataset.figure }, options);
    window.vegaEmbed(live, spec, own).then(function () {
      chart.dataset.state = "live";
    }, function () {
      chart.dataset.state = "still";
      live.remove();
    });
  }
  var charts = Array.prototype.slice.call(document.querySelectorAll(".chart"));
  if (window.vegaEmbed && "IntersectionObserver" in window) {
    var near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) { near.unobserve(entry.target); enliven(entry.target); }
      });
    }, { rootMargin: "300px" });
    charts.forEach(function (chart) { near.observe(chart); });
  }
  // Mark the chapter in view in the contents.
  var links = {};
  document.querySelectorAll(".contents a").forEach(function (link) {
    links[link.getAttribute("href").slice(1)] = link;
  });
  if ("IntersectionObserver" in window) {
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        Object.keys(links).forEach(function (id) { links[id].removeAttribute("aria-current"); });
        if (links[entry.target.id]) { links[entry.target.id].setAttribute("aria-current", "true"); }
      });
    }, { rootMargin: "-10% 0px -80% 0px" });
    document.querySelectorAll("section.chapter").forEach(function (part) { seen.observe(part); });
  }
  // On paper everything is unfolded.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    folded.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (part) { part.open = false; });
  });
}());
