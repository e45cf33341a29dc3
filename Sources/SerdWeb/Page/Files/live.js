// The present: reads the daemon's lines (PROTOCOL.md) as server-sent events, and shows them.

import { duration, fill, texts } from "./texts.js";

// Longer silence means a connection that is dead without saying so; the server says something every 15 s.
const patience = 40_000;
const quietest = -60;
const entries = 8;

const get = (id) => document.getElementById(id);
let source;
let heardAt = 0;
let page = null;
let hello = null;
let state = null;
let health = null;
let win = null;
let summary = null;
// What the daemon's clock is ahead of the browser's, in milliseconds.
let ahead = 0;

function set(id, text) {
  const element = get(id);
  if (element.textContent !== text) element.textContent = text;
}

function connect() {
  source?.close();
  source = new EventSource("/events");
  source.onmessage = (message) => {
    heardAt = Date.now();
    take(JSON.parse(message.data));
  };
  source.onerror = () => {
    forget();
    page = null;
    show();
  };
  heardAt = Date.now();
}

// The token may be another one by now.
async function connectOrLogin() {
  const answer = await fetch("/live.js", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === 401) location.href = "/login";
  else connect();
}

function forget() {
  hello = state = health = win = summary = null;
}

function take(line) {
  const data = line.data;
  switch (line.type) {
    case "page":
      page = data;
      if (page.absence !== null) forget();
      document.dispatchEvent(new CustomEvent("page", { detail: page }));
      break;
    case "hello":
      forget();
      hello = data;
      makeBars();
      break;
    case "state":
      state = data;
      if (state.activity !== "listening") win = null;
      break;
    case "health":
      if (data.condition !== "overrun") health = data;
      else note(data.time, data.detail);
      break;
    case "window":
      win = data;
      ahead = Date.parse(data.end.utc) - Date.now();
      break;
    case "summary":
      summary = data;
      break;
    case "emotion":
      if (data.phase === "begin") note(data.start, texts.begins(data.label, percent(data.confidence)));
      else note(data.end, texts.ends(data.label, duration(data.end.monotonic_s - data.start.monotonic_s)));
      document.dispatchEvent(new CustomEvent("emotion", { detail: data }));
      break;
    case "lagged":
      note(null, texts.missed(data.dropped));
      break;
  }
  show();
}

const percent = (share) => Math.round(share * 100);

function note(time, text) {
  const item = document.createElement("li");
  const clock = document.createElement("time");
  const date = time ? new Date(time.utc) : new Date();
  clock.dateTime = date.toISOString();
  clock.textContent = date.toLocaleTimeString();
  item.append(clock, " ", text);
  get("latest").prepend(item);
  get("latest-none").hidden = true;
  while (get("latest").children.length > entries) get("latest").lastChild.remove();
}

function makeBars() {
  const rows = hello.labels.map((label) => {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = label;
    const cell = document.createElement("td");
    const meter = document.createElement("span");
    meter.className = "meter";
    meter.append(document.createElement("span"));
    cell.append(meter);
    const number = document.createElement("td");
    number.className = "number";
    row.append(name, cell, number);
    return row;
  });
  get("bars").replaceChildren(...rows);
}

function showBars() {
  const present = state?.emotion?.label;
  [...get("bars").children].forEach((row, index) => {
    const label = hello?.labels[index];
    const share = win?.probabilities?.[label];
    row.querySelector(".meter span").style.width = `${(share ?? 0) * 100}%`;
    row.lastChild.textContent = share === undefined ? "" : texts.percent(percent(share));
    row.classList.toggle("present", label !== undefined && label === present);
  });
}

// What is in the way, in one line with what to do; null if nothing is.
function trouble() {
  if (page === null) return texts.no_page;
  if (page.absence !== null) return texts.no_daemon(page.absence);
  if (state?.activity === "muted") return texts.muted;
  if (state?.activity === "waiting") return texts.waiting(state.device.reason ?? state.device.condition);
  if (health && health.condition !== "listening") return health.detail ?? health.condition;
  return null;
}

function status() {
  if (page === null) return texts.status_no_page;
  if (page.absence !== null || !state) return texts.status_no_daemon;
  return texts[`status_${state.activity}`];
}

function arousal() {
  if (summary?.arousal && !win?.probabilities) return texts.aroused(percent(summary.arousal.aroused));
  if (!win?.probabilities || !page) return texts.unknown;
  let aroused = 0;
  let known = 0;
  for (const [label, share] of Object.entries(win.probabilities)) {
    if (!page.arousal[label]) continue;
    known += share;
    if (page.arousal[label] === "aroused") aroused += share;
  }
  return known > 0 ? texts.aroused(percent(aroused / known)) : texts.unknown;
}

function emotion() {
  if (!state || state.activity !== "listening") return texts.emotion_nothing;
  if (state.emotion) return state.emotion.label;
  return state.gate_open ? texts.emotion_speech : texts.emotion_none;
}

function microphone() {
  if (!state) return texts.unknown;
  const { name, condition, reason } = state.device;
  if (condition !== "capturing") return texts.device_trouble(name, reason ?? condition);
  if (health && health.condition !== "listening") return texts.device_trouble(name, health.detail ?? health.condition);
  return texts.capturing(name);
}

function show() {
  const problem = trouble();
  get("trouble").hidden = problem === null;
  set("trouble", problem ?? "");
  set("status", status());
  document.body.dataset.status = page === null || page.absence !== null ? "none" : (state?.activity ?? "none");
  set("emotion", emotion());
  set("arousal", arousal());
  const level = win?.level_dbfs ?? state?.level_dbfs;
  set("level", level === undefined ? texts.unknown : texts.dbfs(level));
  const share = level === undefined ? 0 : Math.min(1, Math.max(0, 1 - level / quietest));
  get("level-bar").style.width = `${share * 100}%`;
  get("level-bar").classList.toggle("loud", level !== undefined && level > -3);
  const gate = state ? (state.gate_open ? texts.gate_open(percent(win?.speech_ratio ?? 1)) : texts.gate_closed) : null;
  set("gate", gate ?? texts.unknown);
  set("microphone", microphone());
  const others = page && page.clients !== null ? page.clients - 1 : 0;
  set("listeners", page ? texts.clients(page.viewers, others) : texts.unknown);
  const mute = get("mute");
  mute.hidden = !page?.allow_mute || !state;
  set("mute", state?.activity === "muted" ? texts.unmute : texts.mute);
  get("logout").hidden = !page?.has_token;
  showBars();
  showSince();
}

function showSince() {
  const since = state?.activity === "listening" ? state?.emotion?.since : state?.since;
  const seconds = since ? (Date.now() + ahead - Date.parse(since.utc)) / 1000 : 0;
  set("since", since ? texts.for(duration(seconds)) : "");
}

get("mute").addEventListener("click", async () => {
  const answer = await fetch(state?.activity === "muted" ? "/unmute" : "/mute", { method: "POST" }).catch(() => null);
  if (!answer?.ok) note(null, texts.mute_failed(answer ? await answer.text() : texts.no_page));
});

setInterval(() => {
  showSince();
  // A browser gives up by itself after an answer that is no stream, and does not notice a machine that is gone.
  if (source.readyState === EventSource.CLOSED) connectOrLogin();
  else if (Date.now() - heardAt > patience) connect();
}, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - heardAt > patience) connect();
});

fill(document);
show();
connect();
