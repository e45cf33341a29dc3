// The past: what the history has of a day, and of the hours of some weeks.

import { duration, texts } from "./texts.js";

// The numbers that the history gives to pieces of time.
const kinds = ["silence", "speech", "muted", "unheard"];
const lane = 22;
const page = 200;
const hours = 24;

const get = (id) => document.getElementById(id);
let day = midnight(new Date());
let data = { labels: [], spans: [], emotions: [] };
let shown = page;
let isOn = false;
let reloadAt = 0;

function midnight(date, days = 0) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

const two = (number) => String(number).padStart(2, "0");
const dayText = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const minuteText = (date) => `${dayText(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;

async function ask(path, from, to) {
  const answer = await fetch(`${path}?from=${from.getTime()}&to=${to.getTime()}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function loadDay(isAgain = false) {
  get("day").value = dayText(day);
  try {
    data = sorted(await ask("/history/range", day, midnight(day, 1)));
  } catch (error) {
    get("told").textContent = texts.failed(error.message);
    return;
  }
  if (!isAgain) shown = page;
  showDay();
}

// Labels in the order of the alphabet, so that each has its place and its colour on every day.
function sorted({ labels, spans, emotions }) {
  const order = [...labels].sort();
  const places = labels.map((label) => order.indexOf(label));
  for (const emotion of emotions) emotion[2] = places[emotion[2]];
  return { labels: order, spans, emotions };
}

function showDay() {
  drawTimeline();
  showShares();
  showFilter();
  showEvents();
}

// The time that pieces have within the day, in seconds, by kind; what no piece has was not recorded.
function times() {
  const [from, to] = [day.getTime(), Math.min(Date.now(), midnight(day, 1).getTime())];
  const sums = { speech: 0, silence: 0, muted: 0, unheard: 0, unrecorded: 0 };
  let until = from;
  for (const [start, end, kind] of data.spans) {
    const [a, b] = [Math.max(start, from), Math.min(end, to)];
    if (b > a) sums[kinds[kind]] += (b - a) / 1000;
    if (a > until) sums.unrecorded += (a - until) / 1000;
    until = Math.max(until, b);
  }
  if (to > until) sums.unrecorded += (to - until) / 1000;
  return sums;
}

// Lanes from above: one per emotion, then speech, then all that was not listened to. The place says what it is; the
// colour only repeats it.
function drawTimeline() {
  const began = performance.now();
  const canvas = get("timeline");
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = [...data.labels, texts.lanes.speech, texts.lanes.silence, texts.lanes.muted, texts.lanes.unheard];
  names.push(texts.lanes.unrecorded);
  const width = canvas.parentElement.clientWidth;
  const height = names.length * lane + 20;
  const scale = window.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.font = style.font;
  context.textBaseline = "middle";
  const left = Math.ceil(Math.max(...names.map((name) => context.measureText(name).width))) + 10;
  const [from, to] = [day.getTime(), midnight(day, 1).getTime()];
  const place = (time) => left + ((Math.min(to, Math.max(from, time)) - from) / (to - from)) * (width - left - 1);
  const line = names.length * lane;
  const step = width < 500 ? 6 : width < 900 ? 3 : 2;
  for (let hour = 0; hour <= hours; hour += step) {
    const x = Math.round(place(new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime())) + 0.5;
    context.strokeStyle = colour("line");
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, line);
    context.stroke();
    context.fillStyle = colour("quiet");
    context.textAlign = hour === 0 ? "left" : hour === hours ? "right" : "center";
    context.fillText(`${hour}`, x, line + 11);
  }
  context.textAlign = "left";
  names.forEach((name, index) => {
    context.fillStyle = colour("text");
    context.fillText(name, 0, index * lane + lane / 2);
  });
  const bar = (row, start, end, fill) => {
    const [a, b] = [place(start), place(end)];
    context.fillStyle = fill;
    context.fillRect(a, row * lane + 3, Math.max(1, b - a), lane - 6);
  };
  const rows = data.labels.length;
  data.labels.forEach((label, row) => {
    const fill = colour(`band${row % 8}`);
    for (const [start, end, number] of data.emotions) if (number === row) bar(row, start, end, fill);
  });
  const rowOf = [rows + 1, rows, rows + 2, rows + 3];
  const fills = ["quiet", "accent", "warning", "warning"].map(colour);
  let until = from;
  const now = Math.min(to, Date.now());
  for (const [start, end, kind] of data.spans) {
    bar(rowOf[kind], start, end, fills[kind]);
    if (start - until > 1000) bar(rows + 4, until, start, colour("absent"));
    until = Math.max(until, end);
  }
  if (now - until > 1000) bar(rows + 4, until, now, colour("absent"));
  const sums = times();
  const parts = Object.entries(sums).filter(([, seconds]) => seconds >= 1);
  get("timeline-text").textContent = texts.timeline_text(
    parts.map(([name, seconds]) => `${texts.lanes[name]} ${duration(seconds)}`),
  );
  canvas.dataset.milliseconds = (performance.now() - began).toFixed(1);
}

function showShares() {
  const speech = times().speech;
  const sums = data.labels.map(() => 0);
  const [from, to] = [day.getTime(), midnight(day, 1).getTime()];
  for (const [start, end, label] of data.emotions) {
    sums[label] += Math.max(0, Math.min(end, to) - Math.max(start, from)) / 1000;
  }
  const all = Math.max(speech, sums.reduce((a, b) => a + b, 0));
  const rows = data.labels.map((label, index) => [label, sums[index]]).sort((a, b) => b[1] - a[1]);
  rows.push([texts.no_emotion, all - sums.reduce((a, b) => a + b, 0)]);
  if (all === 0) return get("shares").replaceChildren(row([texts.shares_none]));
  get("shares").replaceChildren(
    ...rows.map(([label, seconds]) => {
      const line = row([label, "", `${Math.round((100 * seconds) / all)} %`, duration(seconds)]);
      const meter = document.createElement("span");
      meter.className = "meter";
      meter.append(document.createElement("span"));
      meter.firstChild.style.width = `${(100 * seconds) / all}%`;
      line.children[1].append(meter);
      return line;
    }),
  );
}

function row(cells) {
  const line = document.createElement("tr");
  cells.forEach((text, index) => {
    const cell = document.createElement(index === 0 ? "th" : "td");
    if (index === 0) cell.scope = "row";
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}

function options(select, pairs) {
  const before = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
  if (pairs.some(([value]) => value === before)) select.value = before;
}

function showFilter() {
  options(get("filter-label"), [["", texts.filter_all], ...data.labels.map((label, index) => [index, label])]);
}

function filtered() {
  const label = get("filter-label").value;
  const least = Number(get("filter-confidence").value) / 100;
  return data.emotions.filter((emotion) => (label === "" || emotion[2] === Number(label)) && (emotion[3] ?? 0) >= least);
}

function showEvents() {
  const list = filtered();
  get("count").textContent = texts.count(list.length, data.emotions.length);
  get("events").replaceChildren(
    ...list.slice(0, shown).map(([start, end, label, confidence, isHeard]) => {
      const time = duration((end - start) / 1000);
      return row([
        new Date(start).toLocaleTimeString(),
        data.labels[label],
        isHeard ? time : texts.end_not_heard(time),
        confidence === null ? texts.unknown : `${Math.round(confidence * 100)} %`,
      ]);
    }),
  );
  get("more").hidden = list.length <= shown;
}

async function loadWeek() {
  const to = midnight(new Date(), 1);
  const from = midnight(new Date(), 1 - Number(get("week-span").value));
  let week;
  try {
    week = await ask("/history/slots", from, to);
  } catch (error) {
    get("told").textContent = texts.failed(error.message);
    return;
  }
  options(get("week-what"), [["", texts.week_speech], ...week.labels.map((label) => [label, label])]);
  const what = get("week-what").value;
  const label = week.labels.indexOf(what);
  const cells = Array.from({ length: 7 }, () => Array.from({ length: hours }, () => ({ heard: 0, speech: 0, sum: 0 })));
  for (const [start, heard, speech, emotions] of week.slots) {
    const date = new Date(start);
    const cell = cells[date.getDay()][date.getHours()];
    cell.heard += heard;
    cell.speech += speech;
    cell.sum += what === "" ? speech : (emotions.find((pair) => pair[0] === label)?.[1] ?? 0);
  }
  showWeek(cells, what);
}

// Speech as a share of what was heard, an emotion as a share of the speech. Each cell says its number.
function showWeek(cells, what) {
  const head = document.createElement("tr");
  const corner = document.createElement("th");
  corner.scope = "col";
  corner.textContent = texts.hour;
  head.append(corner);
  for (let hour = 0; hour < hours; hour += 1) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = hour;
    head.append(cell);
  }
  get("week-head").replaceChildren(head);
  const all = cells.flat().map((cell) => share(cell, what)).filter((value) => value !== null);
  const most = Math.max(0.01, ...all);
  const lines = [1, 2, 3, 4, 5, 6, 0].map((weekday) => {
    // 1 January 2023 was a Sunday.
    const name = new Date(2023, 0, 1 + weekday).toLocaleDateString(undefined, { weekday: "short" });
    const line = row([name]);
    cells[weekday].forEach((cell, hour) => {
      const value = share(cell, what);
      const box = document.createElement("td");
      const number = value === null ? "" : `${Math.round(value * 100)}`;
      box.textContent = number;
      box.title = texts.week_cell(name, hour, value === null ? texts.week_none : texts.percent(number));
      box.style.setProperty("--heat", value === null ? "0%" : `${Math.round((100 * value) / most)}%`);
      box.classList.toggle("hot", value !== null && value / most > 0.55);
      box.classList.toggle("none", value === null);
      line.append(box);
    });
    return line;
  });
  get("week").replaceChildren(...lines);
}

function share(cell, what) {
  if (what === "") return cell.heard > 0 ? cell.sum / cell.heard : null;
  return cell.speech > 0 ? Math.min(1, cell.sum / cell.speech) : null;
}

function range() {
  const [from, to] = [new Date(get("from").value), new Date(get("to").value)];
  return Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to ? null : [from, to];
}

function showRange() {
  const chosen = range();
  for (const format of ["csv", "json"]) {
    const link = get(format);
    if (chosen) link.href = `/history.${format}?from=${chosen[0].getTime()}&to=${chosen[1].getTime()}`;
    else link.removeAttribute("href");
  }
  get("told").textContent = chosen ? "" : texts.wrong_range;
}

async function remove() {
  const chosen = range();
  if (!chosen) return;
  const body = new URLSearchParams({ from: chosen[0].getTime(), to: chosen[1].getTime() });
  const answer = await fetch("/history/delete", { method: "POST", body }).catch(() => null);
  get("told").textContent = answer?.ok ? texts.deleted : texts.failed(answer ? await answer.text() : texts.no_page);
  loadDay();
  loadWeek();
}

function go(date) {
  day = midnight(date);
  loadDay();
}

function begin() {
  isOn = true;
  setInterval(() => document.hidden || dayText(day) !== dayText(new Date()) || loadDay(true), 60_000);
  get("day-before").textContent = "‹";
  get("day-before").ariaLabel = texts.day_before;
  get("day-after").textContent = "›";
  get("day-after").ariaLabel = texts.day_after;
  options(get("week-span"), Object.entries(texts.week_spans));
  get("from").value = minuteText(day);
  get("to").value = minuteText(midnight(day, 1));
  showRange();
  loadDay();
  loadWeek();
}

document.addEventListener("page", ({ detail }) => {
  get("history").hidden = !detail.keeps_history;
  get("no-history").hidden = detail.keeps_history;
  get("history-problem").hidden = detail.history_problem === null;
  get("history-problem").textContent = detail.history_problem ? texts.history_problem(detail.history_problem) : "";
  if (detail.keeps_history && !isOn) begin();
});
// The day grows: at an emotion's end, but not more often than every ten seconds.
document.addEventListener("emotion", () => {
  const isToday = dayText(day) === dayText(new Date());
  if (!isOn || !isToday || Date.now() < reloadAt) return;
  reloadAt = Date.now() + 10_000;
  loadDay(true);
});
get("day-form").addEventListener("submit", (event) => event.preventDefault());
get("filter").addEventListener("submit", (event) => event.preventDefault());
get("day").addEventListener("change", () => get("day").value && go(new Date(`${get("day").value}T12:00`)));
get("day-before").addEventListener("click", () => go(midnight(day, -1)));
get("day-after").addEventListener("click", () => go(midnight(day, 1)));
get("today").addEventListener("click", () => go(new Date()));
for (const id of ["filter-label", "filter-confidence"]) {
  get(id).addEventListener("input", () => {
    shown = page;
    showEvents();
  });
}
get("more").addEventListener("click", () => {
  shown += page;
  showEvents();
});
for (const id of ["week-what", "week-span"]) get(id).addEventListener("change", loadWeek);
for (const id of ["from", "to"]) get(id).addEventListener("input", showRange);
get("delete").addEventListener("click", () => {
  const chosen = range();
  if (!chosen) return;
  get("sure-text").textContent = texts.sure(chosen[0].toLocaleString(), chosen[1].toLocaleString());
  get("sure").showModal();
});
get("sure").addEventListener("close", () => {
  if (get("sure").returnValue === "yes") remove();
  get("sure").returnValue = "";
});
let width = 0;
new ResizeObserver(([entry]) => {
  if (isOn && entry.contentRect.width !== width) drawTimeline();
  width = entry.contentRect.width;
}).observe(get("timeline").parentElement);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => isOn && drawTimeline());
