// The map, its slider and its table: every day of a facet from one answer of the API.
import { drawAtlas } from "./atlas.js";
import { picture, save, tableAsCsv } from "./download.js";
import { toneOf, toneClass } from "./tones.js";

const { topojson } = globalThis;
const place = document.getElementById("world");
const config = JSON.parse(place.dataset.config);
const state = document.getElementById("map-state");
const detail = document.getElementById("detail");
const table = document.getElementById("table");
const filter = document.getElementById("filter");
const slider = document.getElementById("slider");
const sliderDay = document.getElementById("slider-day");
const play = document.getElementById("play");
const form = document.getElementById("choose");
const count = document.getElementById("count");
const DAY = 86400000;
const ROWS_AT_ONCE = 200;
const inWords = new Intl.DateTimeFormat(config.locale, { dateStyle: "medium", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(config.locale, { month: "short", year: "numeric", timeZone: "UTC" });
const number = new Intl.NumberFormat(config.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
// Without the sum, -0.04 would be -0.0.
const scored = (net) => number.format(Math.round(net * 10) / 10 + 0);

const toDay = (n) => new Date(n * DAY).toISOString().slice(0, 10);
const toNumber = (day) => Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY);
const named = (key) => config.names[key] || key;
const isScore = config.facet === "score";
// Where the day is also the one by which something was known, each day has an answer of its own; so has a score.
const isDaily = isScore || config.clock !== "now";

let intervals = [];
let day = config.day;
let order = { column: 0, up: true };
let rows = [];
let atlas = null;
let dayAsked = null;
let tableAwaited = null;

// The page brings the day that it shows; the other days come once the map stands.
async function start() {
  state.textContent = "Loading the map …";
  const [world, data] = await Promise.all([json(place.dataset.atlas), isScore ? load(day) : config]);
  atlas = drawAtlas(document.getElementById("map"), topojson.feature(world, world.objects.countries), config, {
    point: tell,
    // A frame stays what it is: another page has a window of its own.
    choose: (key) => (config.embedded ? window.open(pairAddress(key), "_blank", "noopener") : location.assign(pairAddress(key))),
  });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => atlas.zoom(Number(button.dataset.zoom)));
  }
  keep(data);
  document.querySelector(".map-buttons").hidden = false;
  document.getElementById("downloads").hidden = false;
  document.getElementById("filter-place").hidden = false;
  beginTable();
  state.textContent = "";
  draw();
  performance.mark("map-usable");
  await loadDays();
}

async function loadDays() {
  try {
    keep(await load(day));
  } catch (error) {
    failed(error, loadDays, "The other days");
    return;
  }
  state.textContent = "";
  beginSlider();
}

// What was known by a day, as parameters of the API and of pages.
const known = (date) => (config.clock === "now" ? {} : { [config.clock]: date });

function query(parts) {
  const given = new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
  return given.size ? `?${given}` : "";
}

const asked = new Map();

// The data of a day; where every day has the same, once.
function load(date) {
  const address = isScore
    ? `/v1/countries/${config.country}/relations${query({ as_of: date, ...known(date) })}`
    : `/v1/map/${encodeURIComponent(config.facet)}${query({ country: config.country, ...known(date) })}`;
  if (!asked.has(address)) {
    const answer = json(address);
    asked.set(address, answer);
    answer.catch(() => asked.delete(address));
  }
  return asked.get(address);
}

function keep(data) {
  if (isScore) {
    rows = data.relations.map((one) => ({ key: one.country.key, record: config.way === "to" ? one.theirs : one.own }));
  } else {
    intervals = data.intervals;
  }
}

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} of ${address}`);
  return answer.json();
}

// A connection that was lost is tried again when the browser is back.
function failed(error, retry = () => start().catch(failed), what = "The map") {
  state.textContent = `${what} could not be loaded (${error.message}). The table below is complete. `;
  const again = document.createElement("button");
  again.className = "quiet";
  again.textContent = "Try again";
  again.addEventListener("click", retry, { once: true });
  state.append(again);
  addEventListener("online", () => again.isConnected && again.click(), { once: true });
}

// What holds on a day: by entity, its values; the gravest comes first.
function valuesOn(date) {
  const found = new Map();
  for (const one of intervals) {
    if (one.starts_on > date || (one.valid_to !== null && one.valid_to <= date)) continue;
    let key = one.source;
    if (config.country) {
      const own = config.way === "to" ? one.target : one.source;
      if (own !== config.country) continue;
      key = config.way === "to" ? one.source : one.target;
    }
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  for (const values of found.values()) {
    values.sort((a, b) => toneOf(config, a.value) - toneOf(config, b.value) || (a.item < b.item ? -1 : 1));
  }
  return found;
}

function draw() {
  const tones = new Map();
  if (isScore) {
    for (const row of rows) tones.set(row.key, scoreTone(row.record.net));
  } else {
    const found = valuesOn(day);
    rows = [...found].flatMap(([key, values]) => values.map((value) => ({ key, value })));
    for (const [key, values] of found) tones.set(key, toneOf(config, values[0].value));
  }
  atlas.colour(tones);
  // A long table would hold the map up: it follows once the slider rests.
  clearTimeout(tableAwaited);
  if (rows.length <= ROWS_AT_ONCE) drawTable(); else tableAwaited = setTimeout(drawTable, 200);
  count.textContent = `${new Set(rows.map((row) => row.key)).size} with a known value on ${inWords.format(new Date(`${day}T00:00:00Z`))}`;
}

function scoreTone(net) {
  const size = Math.abs(net) < 1 ? 0 : Math.abs(net) < 3 ? 1 : Math.abs(net) < 6 ? 2 : 3;
  return Math.sign(net) * size;
}

// The slider.

function beginSlider() {
  slider.min = String(Math.min(toNumber(config.first), toNumber(config.today) - 365));
  slider.max = String(toNumber(config.today));
  slider.value = String(toNumber(day));
  document.querySelector(".slider").hidden = false;
  say();
  let waiting = false;
  slider.addEventListener("input", () => {
    day = toDay(Number(slider.value));
    say();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      moved();
    });
  });
  play.addEventListener("click", () => (play.getAttribute("aria-pressed") === "true" ? stop() : run()));
}

function say() {
  const text = inWords.format(new Date(`${day}T00:00:00Z`));
  sliderDay.textContent = text;
  slider.setAttribute("aria-valuetext", text);
}

function moved() {
  if (isDaily) {
    clearTimeout(dayAsked);
    dayAsked = setTimeout(renew, 150, day);
  } else {
    draw();
  }
  const address = new URL(location.href);
  if (day === config.today) address.searchParams.delete("as_of"); else address.searchParams.set("as_of", day);
  history.replaceState(null, "", address);
  if (form) form.elements.as_of.value = day;
  const snippet = document.getElementById("embed");
  if (snippet) snippet.value = snippet.value.replace(/(src="[^"?]*)[^"]*/, `$1${address.search.replaceAll("&", "&amp;")}`);
}

async function renew(date) {
  state.textContent = "Loading the day …";
  try {
    const data = await load(date);
    if (date !== day) return;
    keep(data);
    state.textContent = "";
    draw();
  } catch (error) {
    failed(error, () => renew(day), "The day");
  }
}

let ticking = null;
function run() {
  play.setAttribute("aria-pressed", "true");
  play.textContent = "Pause";
  if (slider.value === slider.max) slider.value = slider.min;
  const step = Math.max(1, Math.round((slider.max - slider.min) / 160));
  ticking = setInterval(() => {
    slider.value = String(Math.min(Number(slider.max), Number(slider.value) + step));
    slider.dispatchEvent(new Event("input"));
    if (slider.value === slider.max) stop();
  }, 90);
}

function stop() {
  clearInterval(ticking);
  play.setAttribute("aria-pressed", "false");
  play.textContent = "Play";
}

// The table.

function beginTable() {
  const heads = isScore
    ? ["Country", "Score", "Last change", "Events"]
    : ["Country", ...(config.country ? [] : ["With"]), config.title, "Since", "Events"];
  const line = table.tHead.rows[0] || table.tHead.insertRow();
  line.replaceChildren(
    ...heads.map((text, column) => {
      const head = document.createElement("th");
      head.scope = "col";
      head.setAttribute("aria-sort", column === 0 ? "ascending" : "none");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => sortBy(column));
      head.append(button);
      if (text === "Events") head.className = "number";
      return head;
    }),
  );
  filter.addEventListener("input", drawTable);
  for (const button of document.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => download(button.dataset.download));
  }
}

function sortBy(column) {
  order = { column, up: order.column === column ? !order.up : true };
  [...table.tHead.rows[0].cells].forEach((head, n) =>
    head.setAttribute("aria-sort", n === column ? (order.up ? "ascending" : "descending") : "none"),
  );
  drawTable();
}

// A row as cells: [text shown, what it sorts by, address or tone].
function cells(row) {
  const name = { text: named(row.key), by: named(row.key).toLocaleLowerCase(config.locale) };
  if (isScore) {
    const { label, net, last_change: last, n_events: n } = row.record;
    return [
      { ...name, to: pairAddress(row.key) },
      { text: `${scored(net)} ${label}`, by: net, chip: scoreTone(net) },
      { text: last ? inWords.format(new Date(`${last}T00:00:00Z`)) : "", by: last || "" },
      { text: String(n), by: n, number: true },
    ];
  }
  const one = row.value;
  const other = one.source === row.key ? one.target : one.source;
  const shown = config.values[one.value] || { short: one.value, tone: 0 };
  return [
    { ...name, to: pageOf(one.source, one.target) },
    ...(config.country ? [] : [{ text: named(other), by: named(other) }]),
    { text: shown.short, by: shown.tone, chip: shown.tone, more: [one.item.replaceAll("_", " "), one.status === "effective" ? "" : one.status] },
    { text: since(one), by: one.starts_on },
    { text: String(one.n_evidence), by: one.n_evidence, number: true },
  ];
}

function since(one) {
  if (one.valid_from === null) return `known by ${inWords.format(new Date(`${one.starts_on}T00:00:00Z`))}`;
  const spelt = { 10: inWords, 7: month }[one.valid_from.length];
  const day = spelt ? spelt.format(new Date(one.valid_from)) : one.valid_from;
  return day + ({ publication: " (day of publication)", receipt: " (by day of receipt)" }[one.dated_by] || "");
}

function drawTable() {
  const wanted = filter.value.trim().toLocaleLowerCase(config.locale);
  const shown = rows
    .map(cells)
    .filter((line) => !wanted || line.some((cell) => cell.text.toLocaleLowerCase(config.locale).includes(wanted)))
    .sort((a, b) => compare(a[order.column].by, b[order.column].by) * (order.up ? 1 : -1) || compare(a[0].by, b[0].by));
  table.tBodies[0].replaceChildren(...shown.map(lineOf));
  table.hidden = false;
  const empty = document.getElementById("empty");
  if (empty) empty.hidden = shown.length > 0;
}

const inOrder = new Intl.Collator(config.locale).compare;
const compare = (a, b) => (typeof a === "number" ? a - b : inOrder(String(a), String(b)));

function lineOf(line) {
  const row = document.createElement("tr");
  for (const cell of line) {
    const box = row.insertCell();
    if (cell.number) box.className = "number";
    const text = document.createElement(cell.to ? "a" : cell.chip === undefined ? "bdi" : "span");
    text.textContent = cell.text;
    if (cell.to) text.href = cell.to;
    if (cell.chip !== undefined) text.className = `chip ${toneClass(cell.chip)}`;
    box.append(text);
    for (const more of (cell.more || []).filter(Boolean)) box.append(` ${more}`);
  }
  return row;
}

function download(kind) {
  const name = ["entente", config.facet, config.country, day].filter(Boolean).join("-");
  if (kind === "csv") save(new Blob([tableAsCsv(table)], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
  else picture(document.getElementById("map"), document.getElementById("head").textContent, day, kind, name);
}

// What is told of the country that is pointed at.

function pairAddress(key) {
  if (!config.country) return `/countries/${key}`;
  if (key === config.country) return `/countries/${key}`;
  return config.way === "to" ? pageOf(key, config.country) : pageOf(config.country, key);
}

// The page of a pair on the day that is shown.
function pageOf(source, target) {
  const then = query({ as_of: day === config.today ? null : day, ...known(day) });
  return `/relations/${source}/${target}${then}${isScore ? "" : `#${config.facet}`}`;
}

const quotes = new Map();
let told = null;

async function tell(key) {
  if (key === told) return;
  told = key;
  const head = document.createElement("p");
  const link = document.createElement("a");
  link.href = pairAddress(key);
  link.textContent = named(key);
  const strong = document.createElement("strong");
  strong.append(link);
  head.append(strong);
  detail.replaceChildren(head);
  const contested = config.contested[key];
  if (contested) {
    const claims = document.createElement("p");
    claims.className = "fine";
    claims.textContent = `Contested: held ${contested.held}; claimed by ${named(contested.claimed_by)}.`;
    detail.append(claims);
  }
  if (key === config.country) return;
  const mine = rows.filter((row) => row.key === key);
  if (!mine.length) {
    head.append(": unknown on this day");
    return;
  }
  if (isScore) {
    head.append(`: ${mine[0].record.label}, score ${scored(mine[0].record.net)} of ±10, ${mine[0].record.n_events} events`);
    return;
  }
  for (const { value: one } of mine.slice(0, 4)) {
    const line = document.createElement("p");
    const chip = document.createElement("span");
    const shown = config.values[one.value] || { short: one.value, tone: 0 };
    chip.className = `chip ${toneClass(shown.tone)}`;
    chip.textContent = shown.short;
    const other = one.source === key ? one.target : one.source;
    const about = [one.item.replaceAll("_", " "), config.country ? "" : `with ${named(other)}`, one.valid_from ? `since ${since(one)}` : since(one)];
    line.append(chip, ` ${about.filter(Boolean).join(" · ")}${one.status === "effective" ? "" : ` (${one.status})`}`);
    detail.append(line);
  }
  if (mine.length > 4) detail.append(`and ${mine.length - 4} more in the table`);
  const first = mine[0].value;
  const quote = await (first.event ? firstQuote(first.event) : firstDocument(first));
  if (quote && told === key) detail.append(quote);
}

// Where no event but a document began a value, the history names the document.
async function firstDocument(one) {
  const address = `/v1/relations/${one.source}/${one.target}/history${query({ facet: config.facet, ...known(day) })}`;
  if (!quotes.has(address)) quotes.set(address, json(address).catch(() => null));
  const found = await quotes.get(address);
  const same = found && found.intervals.find((other) => other.value === one.value && other.item === one.item && other.valid_from === one.valid_from);
  const document_ = same && same.documents && same.documents[0];
  if (!document_) return null;
  const said = document.createElement("p");
  said.className = "fine";
  const text = document.createElement("bdi");
  text.textContent = document_.document;
  const by = document.createElement("bdi");
  by.textContent = document_.publisher;
  said.append(text, " – ", by, document_.date ? `, ${since({ valid_from: document_.date })}` : "");
  return said;
}

async function firstQuote(event) {
  if (!quotes.has(event)) {
    quotes.set(event, json(`/v1/events/${encodeURIComponent(event)}`).catch(() => null));
  }
  const found = await quotes.get(event);
  const mention = found && found.mentions && found.mentions[0];
  if (!mention) return null;
  const said = document.createElement("p");
  said.className = "fine";
  const text = document.createElement("q");
  text.dir = "auto";
  text.textContent = mention.quote.text.slice(0, 400);
  const by = document.createElement("bdi");
  by.textContent = mention.source;
  said.append(text, " – ", by, `, ${inWords.format(new Date(`${mention.published_on}T00:00:00Z`))}`);
  return said;
}

start().catch(failed);
