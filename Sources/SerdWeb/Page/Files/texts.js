// Every text that the page shows, but for what the daemon says. Translate this file to translate the page.

export const texts = {
  skip: "Skip to the content",
  logout: "Log out",
  now: "Now",
  arousal: "Arousal",
  level: "Level",
  speech: "Speech",
  microphone: "Microphone",
  listeners: "Listening along",
  probabilities: "How the last two seconds sounded",
  latest: "Latest",
  latest_none: "No emotion since this page was opened.",
  mute: "Mute",
  unmute: "Unmute",
  mute_failed: (words) => `Muting failed: ${words}`,

  status_listening: "Listening",
  status_waiting: "No microphone",
  status_muted: "Muted",
  status_no_daemon: "No daemon",
  status_no_page: "Connecting",
  no_page: "The page has lost its connection. It tries again by itself.",
  no_daemon: (reason) => `serd does not answer: ${reason}`,
  muted: "Nothing is analysed until serd is unmuted.",
  waiting: (reason) => `serd waits for its microphone: ${reason}`,
  missed: (count) => `${count} lines missed`,

  emotion_none: "No speech",
  emotion_speech: "Speech",
  emotion_nothing: "–",
  for: (time) => `for ${time}`,
  aroused: (percent) => `${percent} % aroused, ${100 - percent} % calm`,
  unknown: "–",
  gate_open: (percent) => `yes, ${percent} % of the last two seconds`,
  gate_closed: "no",
  dbfs: (level) => `${level.toFixed(1)} dBFS`,
  capturing: (name) => `${name}: hears well`,
  device_trouble: (name, reason) => `${name}: ${reason}`,
  clients: (viewers, others) =>
    `${viewers === 1 ? "this page" : `${viewers} pages`}${
      others > 0 ? `, ${others} ${others === 1 ? "program" : "programs"}` : ""
    }`,
  begins: (label, percent) => `${label} begins, ${percent} %`,
  ends: (label, time) => `${label} ends after ${time}`,
  percent: (value) => `${value} %`,

  history: "Today and before",
  history_problem: (words) => `Nothing is recorded: ${words}`,
  no_history:
    "serd-web keeps no history. To see days here: history = yes in /etc/serd/serd-web.conf. It is then a record of people; tell them.",
  day: "Day",
  day_before: "The day before",
  day_after: "The day after",
  today: "Today",
  timeline: "The day",
  timeline_text: (parts) => parts.join("; "),
  lanes: { speech: "speech", silence: "silence", muted: "muted", unheard: "not heard", unrecorded: "not recorded" },
  shares: "Share of the speech",
  shares_none: "No speech was recorded on this day.",
  no_emotion: "no clear emotion",
  events: "Emotions",
  filter_emotion: "Emotion",
  filter_all: "all",
  filter_confidence: "At least (%)",
  count: (shown, all) => (shown === all ? `${all}` : `${shown} of ${all}`),
  column_time: "Time",
  column_emotion: "Emotion",
  column_duration: "Duration",
  column_confidence: "Confidence",
  end_not_heard: (time) => `${time} or longer: its end was not heard`,
  more: "Show more",
  week: "Hours of the week",
  week_shows: "Show",
  week_speech: "speech",
  week_of: "of the last",
  week_spans: { 7: "7 days", 28: "4 weeks", 91: "13 weeks" },
  week_cell: (day, hour, text) => `${day}, ${hour}: ${text}`,
  week_unit: "Per cent: speech of the time that was heard, an emotion of the speech. Striped: not recorded.",
  week_none: "not recorded",
  hour: "Hour",
  yours: "Take it with you, or delete it",
  from: "From",
  to: "to",
  csv: "Download as CSV",
  json: "Download as JSON",
  delete: "Delete",
  keep: "Keep it",
  sure: (from, to) => `Delete all that was recorded from ${from} to ${to}? It cannot be brought back.`,
  deleted: "Deleted.",
  failed: (words) => `That failed: ${words}`,
  wrong_range: "The end must come after the begin.",

  login: "Log in",
  login_token: "Token",
  login_wrong: "That is not the token.",
  login_where: "The token is shown by this command on the machine that listens: sudo serd-web token",
};

/// A length of time in words.
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/// Puts the texts into the elements that name one.
export function fill(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
}
