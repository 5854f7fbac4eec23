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
