// Draws the countries and colours them.
import { patternOf, toneClass } from "./tones.js";

const { d3 } = globalThis;
const WIDTH = 960;
const HEIGHT = 470;

/**
 * Draw the world into an SVG. `on.point(key)` is called for the country under the pointer, `on.choose(key)` for one that
 * is clicked twice, or clicked after it was pointed at.
 */
export function drawAtlas(element, countries, config, on) {
  const svg = d3.select(element);
  const shapes = countries.features
    .map((feature) => ({ feature, key: keyOf(feature, config) }))
    .filter(({ key }) => key !== "ATA");
  const all = { type: "FeatureCollection", features: shapes.map(({ feature }) => feature) };
  const projection = d3.geoEqualEarth().fitExtent([[8, 8], [WIDTH - 8, HEIGHT - 8]], all);
  const path = d3.geoPath(projection);
  const view = svg.append("g");
  const lands = view.append("g").selectAll("path").data(shapes).join("path").attr("d", ({ feature }) => path(feature));
  const patterns = view.append("g").selectAll("path").data(shapes).join("path")
    .attr("class", "over").attr("d", ({ feature }) => path(feature)).attr("fill", "none");
  view.append("g").selectAll("path").data(shapes.filter(({ key }) => config.contested[key])).join("path")
    .attr("class", "over").attr("d", ({ feature }) => path(feature)).attr("fill", "url(#pattern-contested)");
  const seats = Object.values(config.contested).filter(({ seat }) => seat);
  const rings = view.append("g").selectAll("circle").data(seats).join("circle")
    .attr("r", 4.5).attr("cx", ({ seat }) => projection(seat)[0]).attr("cy", ({ seat }) => projection(seat)[1]);
  let pointed = null;
  let zoomed = 1;
  let tones = new Map();

  const toneOf = (key) => {
    const one = config.claims === "claimed" ? config.contested[key] : null;
    const shown = one && one.claimed_by ? one.claimed_by : key;
    return tones.has(shown) ? tones.get(shown) : null;
  };
  const marks = (key) => `${key === config.country ? " self chosen" : ""}${key === pointed ? " pointed" : ""}`;
  const paint = () => {
    lands.attr("class", ({ key }) => `land ${key === config.country ? "" : toneClass(toneOf(key))}${marks(key)}`);
    patterns.attr("fill", ({ key }) => (key === config.country ? null : patternOf(toneOf(key))) || "none");
    rings.attr("class", ({ key }) => `ring ${toneClass(toneOf(key))}${marks(key)}`).attr("r", 4.5 / Math.sqrt(zoomed));
  };
  const point = (key) => {
    if (!key || key === pointed) return;
    pointed = key;
    paint();
    on.point(key);
  };
  for (const drawn of [lands, rings]) {
    drawn.on("pointerenter", (_, { key }) => point(key));
    drawn.on("click", (event, { key }) => {
      // A tap points first; a click of a mouse has pointed already.
      if (event.pointerType === "mouse" || key === pointed) on.choose(key); else point(key);
    });
  }
  const zoom = d3.zoom().scaleExtent([1, 24]).translateExtent([[0, 0], [WIDTH, HEIGHT]])
    // A page that is scrolled stays scrolled: the wheel zooms with Ctrl, as on other maps; two fingers do.
    .filter((event) => (event.type === "wheel" ? event.ctrlKey : event.type.startsWith("touch") ? event.touches.length > 1 : !event.button))
    .on("zoom", ({ transform }) => {
      zoomed = transform.k;
      view.attr("transform", transform);
      rings.attr("r", 4.5 / Math.sqrt(zoomed));
    });
  svg.call(zoom).on("dblclick.zoom", null);
  return {
    colour(found) {
      tones = found;
      paint();
    },
    zoom(factor) {
      if (factor) svg.call(zoom.scaleBy, factor); else svg.call(zoom.transform, d3.zoomIdentity);
    },
  };
}

function keyOf(feature, config) {
  const code = feature.properties.a3;
  return config.shapes[code] || code;
}
