// Changes as they are recorded: by server-sent events, and by asking where no stream is free.
import { toneClass } from "./tones.js";

const place = document.getElementById("live");
const config = JSON.parse(place.dataset.config);
const list = document.getElementById("stream");
const connection = document.getElementById("connection");
const inWords = new Intl.DateTimeFormat(config.locale, { dateStyle: "medium", timeStyle: "medium" });
const SHOWN = 200;
const ASK_EVERY = 5000;

// Where no stream is free: so often the feed is asked before a stream is tried again.
const ASK_TIMES = 12;

let after = config.after;
let stream = null;
let asking = null;
follow();
// A network that went away breaks no connection: the browser tells.
addEventListener("offline", () => say("connection lost; reconnecting …"));
addEventListener("online", follow);

function follow() {
  clearTimeout(asking);
  if (stream) stream.close();
  say("connecting …");
  stream = new EventSource(`/v1/changes/stream?after=${after}`);
  stream.addEventListener("open", () => say("live"));
  for (const kind of ["facet", "retraction"]) {
    stream.addEventListener(kind, (event) => show(JSON.parse(event.data)));
  }
  stream.addEventListener("error", ({ target }) => {
    if (target !== stream) return;
    if (stream.readyState === EventSource.CLOSED) {
      // Refused, as when every stream is taken: EventSource does not try again by itself.
      ask(ASK_TIMES);
    } else {
      say("connection lost; reconnecting …");
    }
  });
}

async function ask(times) {
  try {
    const answer = await fetch(`/v1/changes?after=${after}&limit=200`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { changes } = await answer.json();
    changes.forEach(show);
    say("live, asked every few seconds");
  } catch {
    say("connection lost; trying again …");
  }
  asking = setTimeout(() => (times > 1 ? ask(times - 1) : follow()), ASK_EVERY);
}

function say(text) {
  connection.textContent = text;
}

function show(change) {
  if (change.seq <= after) return;
  after = change.seq;
  const { country, facet } = config;
  if (country && country !== change.source && country !== change.target) return;
  if (facet && facet !== change.facet) return;
  document.getElementById("quiet").hidden = true;
  const line = document.createElement("li");
  line.dataset.seq = String(change.seq);
  const time = document.createElement("span");
  time.className = "fine";
  time.textContent = ` · ${inWords.format(new Date(change.recorded_at))}`;
  if (change.kind === "retraction") {
    line.append("Retracted: ", link(`/articles/${change.article}`, "an article"), time);
  } else {
    const told = config.facets[change.facet] || { title: change.facet, values: {} };
    line.append(
      link(`/relations/${change.source}/${change.target}#${change.facet}`, `${named(change.source)} → ${named(change.target)}`),
      `: ${told.title.toLowerCase()}${change.item ? ` (${change.item.replaceAll("_", " ")})` : ""} `,
      chip(told, change.before), " → ", chip(told, change.after),
      change.status === "effective" ? "" : ` (${change.status})`, change.historic ? " historic" : "", time,
    );
    if (change.event) line.append(" ", link(`/events/${encodeURIComponent(change.event)}`, "the event"));
  }
  list.prepend(line);
  while (list.children.length > SHOWN) list.lastChild.remove();
}

const named = (key) => config.names[key] || key;

function chip(told, value) {
  const [short, tone] = told.values[value] || [value.replaceAll("_", " "), null];
  const made = document.createElement("span");
  made.className = `chip ${toneClass(tone)}`;
  made.textContent = short;
  return made;
}

function link(address, text) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}
