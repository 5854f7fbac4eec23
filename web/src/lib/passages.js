// Stays about the Moon, and how much of the path is shown at a time.

import { aboutMoon, lunarPeriod } from './moon.js';
import { descent, ownMarks } from './places.js';

// stays of the primary line about the Moon: {start, end, objects}, in order of time
export function passages(page) {
  const out = [];
  const flown = aboutMoon(page).sort((a, b) => a.series.t_s[0] - b.series.t_s[0]);
  for (const o of flown) {
    const [start, end] = [o.series.t_s[0], o.series.t_s.at(-1)];
    const last = out.at(-1);
    if (last && start - last.end < 60) {
      last.end = Math.max(last.end, end);
      last.objects.push(o);
    } else out.push({ start, end, objects: [o] });
  }
  return out;
}

// the stay at t, else the next, else the last; null where there is none
export function passageAt(stays, t) {
  return stays.find((p) => t <= p.end) ?? stays.at(-1) ?? null;
}

function flying(stay, t) {
  return stay.objects.find((o) => t <= o.series.t_s.at(-1)) ?? stay.objects.at(-1);
}

// the first instant of a stay from which on the path closes about the Moon; its end where it never does
function captured(page, stay) {
  if (stay.captured !== undefined) return stay.captured;
  stay.captured = stay.end;
  for (const o of stay.objects) {
    const { t_s: ts } = o.series;
    const step = Math.max(1, Math.floor(ts.length / 40));
    for (let k = 0; k < ts.length; k += step) {
      // just caught it may still go out beyond what a picture shows: two days are a revolution
      if (lunarPeriod(page.moon, o.series, ts[k]) < 2 * 86400) {
        stay.captured = ts[k];
        return stay.captured;
      }
    }
  }
  return stay.captured;
}

// [from, to] of what is drawn of a stay at t: a revolution either way, the way in as a whole
export function shown(page, stay, t) {
  const now = Math.min(Math.max(t, stay.start), stay.end);
  const period = (x) => lunarPeriod(page.moon, flying(stay, x).series, x);
  const later = Math.max(now, Math.min(captured(page, stay), stay.end));
  const here = period(now);
  const back = Number.isFinite(here) ? Math.max(stay.start, now - here) : stay.start;
  const there = period(later);
  const front = Number.isFinite(there) ? Math.min(stay.end, later + 0.98 * there) : stay.end;
  return [back, front];
}

// spans that plots about the Moon are looked at in, [name, [from, to]]: in orbit, the way down, all
export function lunarSpans(page) {
  const stays = passages(page);
  const [first, last] = [stays[0], stays.at(-1)];
  const from = captured(page, last);
  const out = [];
  if (from > last.start && from < last.end) out.push(['In orbit', [from, last.end]]);
  for (const m of ownMarks(page).slice(0, 1)) {
    const way = descent(page, m);
    if (way.length > 1) out.push(['Way down', [way[0][3], m.t_s]]);
  }
  return [...out, ['All about the Moon', [first.start, last.end]]];
}
