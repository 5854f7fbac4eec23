// The timeline's scale: minutes of ascent stay readable beside days of orbit.
// x = log(1 + t/tau) / log(1 + T/tau) on [0, T]; linear near lift-off, logarithmic after.

export function timeScale(start, end, tau = 240) {
  const span = Math.max(end - start, 1e-6);
  const k = Math.log1p(span / tau);
  return {
    start,
    end,
    x: (t) => Math.log1p(Math.min(Math.max(t - start, 0), span) / tau) / k,
    t: (x) => start + Math.min(tau * Math.expm1(Math.min(Math.max(x, 0), 1) * k), span),
  };
}

const STEPS = [
  60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 345600, 604800,
  ...[10, 20, 30, 50, 100, 200, 400, 1000].map((d) => d * 86400),
];

// Marks that stand at least `gap` apart (fraction of the width), the first at lift-off.
export function timeMarks(scale, gap = 0.06) {
  const marks = [{ t: 0, x: scale.x(0), label: '0' }];
  for (const t of STEPS) {
    if (t > scale.end) break;
    const x = scale.x(t);
    if (x - marks[marks.length - 1].x >= gap && x < 1 - gap / 4) {
      marks.push({ t, x, label: shortSpan(t) });
    }
  }
  return marks;
}

export function shortSpan(t) {
  if (t < 3600) return `${t / 60} min`;
  if (t < 86400) return `${t / 3600} h`;
  return `${t / 86400} d`;
}


// A scale for flights of days whose busy minutes stand far apart: near every focus it is as the
// logarithm of the time to it. foci: [{t, weight, tau}]; x is the sum of weight * asinh-like terms.
export function focusScale(start, end, foci) {
  const one = ({ t: at, weight, tau }, t) => {
    const u = (t - at) / tau;
    return weight * Math.sign(u) * Math.log1p(Math.abs(u));
  };
  const sum = (t) => foci.reduce((s, f) => s + one(f, t), 0);
  const low = sum(start);
  const all = Math.max(sum(end) - low, 1e-9);
  const x = (t) => (sum(Math.min(Math.max(t, start), end)) - low) / all;
  return {
    start,
    end,
    foci,
    x,
    t: (at) => {
      let [a, b] = [start, end];
      for (let k = 0; k < 60; k++) {
        const mid = (a + b) / 2;
        if (x(mid) < at) a = mid;
        else b = mid;
      }
      return (a + b) / 2;
    },
  };
}

// burns closer than a quarter of an hour, as spans {start_s, end_s}
function busy(burns) {
  const out = [];
  for (const b of [...burns].sort((p, q) => p.start_s - q.start_s)) {
    const last = out.at(-1);
    if (last && b.start_s - last.end_s < 900) last.end_s = Math.max(last.end_s, b.end_s);
    else out.push({ start_s: b.start_s, end_s: b.end_s });
  }
  return out;
}

// where a flight to the Moon needs room: its begin, its burns (both ends of a long one), its end
export function fociOf(page) {
  const [start, end] = page.span_s;
  const spans = busy(page.timeline.burns);
  const weight = Math.min(1, 8 / Math.max(spans.length, 1));
  const out = [{ t: Math.max(start, 0), weight: page.site ? 1 : 0.3, tau: 240 }];
  for (const s of spans) {
    const long = s.end_s - s.start_s > 400;
    for (const t of long ? [s.start_s, s.end_s] : [(s.start_s + s.end_s) / 2]) {
      out.push({ t, weight, tau: 150 });
    }
  }
  // an even part keeps days apart
  out.push({ t: (start + end) / 2, weight: 3, tau: end - start });
  return out;
}

const LEVELS = [86400, 43200, 21600, 10800, 3600, 1800, 600, 300, 120, 60];

// Marks of such a scale: whole days first, then finer steps where there is room. `letter` is the
// width of one as a part of the whole.
export function focusMarks(scale, letter = 0.0058) {
  const marks = [{ t: 0, x: scale.x(0), label: '0' }];
  const room = (label) => (label.length + 2) * letter;
  const days = Math.max(1, Math.ceil((scale.end - scale.start) / 86400 / 12));
  for (const level of LEVELS) {
    const step = level === 86400 ? days * level : level;
    const times = new Set();
    if (level >= 3600) for (let t = step; t < scale.end; t += step) times.add(t);
    else {
      for (const f of scale.foci) {
        const near = Math.round(f.t / step);
        for (let k = near - 12; k <= near + 12; k++) if (k > 0 && k * step < scale.end) times.add(k * step);
      }
    }
    for (const t of times) {
      const [x, label] = [scale.x(t), spanText(t)];
      if (x > 1 - room(label) / 2) continue;
      if (marks.every((m) => Math.abs(m.x - x) > (room(label) + room(m.label)) / 2)) {
        marks.push({ t, x, label });
      }
    }
  }
  return marks.sort((a, b) => a.x - b.x);
}

// 45 min, 6 h, 1:20 h, 3 d, 3 d 14:20
export function spanText(t) {
  if (t < 3600) return `${t / 60} min`;
  const [d, h, m] = [Math.floor(t / 86400), Math.floor(t / 3600) % 24, Math.floor(t / 60) % 60];
  const clock = m ? `${h}:${String(m).padStart(2, '0')}` : `${h} h`;
  if (d === 0) return m ? `${clock} h` : clock;
  return h || m ? `${d} d ${clock}` : `${d} d`;
}
