// What the flight marks on the Moon, and names to find one's way by.

import { sentence } from './format.js';
import { aboutMoon, groundKm } from './moon.js';

// events that every revolution brings: days of them would fill a list and grey a plot
export const ROUTINE = /node|perigee|apogee|umbra|perilune|apolune/i;

// the body an event is told about
export function bodyOf(page, event) {
  if (event.body) return event.body;
  const o = page.objects.find((x) => x.id === event.object
    && event.t_s >= x.series.t_s[0] - 1e-3 && event.t_s <= x.series.t_s.at(-1) + 1e-3);
  return o?.centre ?? 'earth';
}

// where the flight meets the ground of the Moon: {name, lat, lon, t_s, kind "landing" or "impact"}
export function marks(page) {
  const out = [];
  for (const e of page.events) {
    const kind = /touchdown|landed/i.test(e.name) ? 'landing' : /impact/i.test(e.name) ? 'impact' : null;
    if (!kind || bodyOf(page, e) !== 'moon') continue;
    out.push({
      name: e.name, lat: e.latitude_deg, lon: e.longitude_deg, t_s: e.t_s, kind, object: e.object,
    });
  }
  for (const o of page.objects) {
    if (o.centre !== 'moon' || !o.impact) continue;
    const at = [o.impact.latitude_deg, o.impact.longitude_deg];
    if (out.some((m) => groundKm([m.lat, m.lon], at) < 1)) continue;
    out.push({ name: `${o.label}: impact`, lat: at[0], lon: at[1], t_s: o.impact.t_s, kind: 'impact' });
  }
  return out;
}

// those of the line that is followed
export function ownMarks(page) {
  return marks(page).filter((m) => !m.object || page.primary.includes(m.object));
}

// the way down: rows below 60 km of the last object before a mark, as [lat, lon, km]
export function descent(page, mark) {
  const all = mark.object ? page.objects.filter((x) => x.id === mark.object && x.centre === 'moon')
    : aboutMoon(page);
  const o = all.find((x) => x.series.t_s.at(-1) >= mark.t_s - 1 && x.series.t_s[0] <= mark.t_s);
  if (!o) return [];
  const { t_s: ts, latitude_deg: lat, longitude_deg: lon, altitude_km: up } = o.series;
  const out = [];
  for (let k = ts.length - 1; k >= 0; k--) {
    if (ts[k] > mark.t_s + 1) continue;
    if (up[k] > 60) break;
    out.unshift([lat[k], lon[k], up[k], ts[k]]);
  }
  return out;
}

// what a landing chapter flies: down to the ground, or up from it
export function ofLanding(object) {
  const { altitude_km: high } = object.series;
  return high.at(-1) > high[0] ? 'Ascent' : 'Descent';
}

// [from, to] of the ways down to some marks, not the days before them
export function aboutDescents(all, first, last) {
  const down = all.map((m) => m.t_s);
  return [Math.max(first, Math.min(...down) - 3600), Math.min(last, Math.max(...down) + 3600)];
}

// a burn's own name, without that of the step that planned it: "outward, insertion 2"
export const burnName = (name) => sentence(name.split(', ').at(-1));

// names of burns as one text: those that differ by a number only are told as a span
export function together(names) {
  const groups = new Map();
  for (const name of names) {
    const [, stem, number] = /^(.*?)(?: (\d+))?$/.exec(name);
    if (!groups.has(stem)) groups.set(stem, []);
    groups.get(stem).push(number);
  }
  const all = [...groups].map(([stem, numbers]) => {
    const told = [...new Set(numbers)].filter(Boolean);
    return told.length > 1 ? `${stem} ${told[0]}\u2013${told.at(-1)}` : [stem, ...told].join(' ');
  });
  return all.length > 4 ? `${all.slice(0, 3).join(', ')} \u2026` : all.join(', ');
}

// names by the IAU's gazetteer, degrees, rounded
export const NAMES = [
  ['Mare Imbrium', 35, -15], ['Mare Serenitatis', 28, 18], ['Mare Tranquillitatis', 8, 31],
  ['Mare Crisium', 17, 59], ['Mare Fecunditatis', -8, 54], ['Mare Nectaris', -15, 35],
  ['Oceanus Procellarum', 18, -57], ['Mare Humorum', -24, -39], ['Mare Nubium', -21, -17],
  ['Mare Frigoris', 57, 0], ['Mare Orientale', -20, -93], ['Mare Moscoviense', 27, 148],
  ['Tycho', -43, -11], ['Copernicus', 10, -20], ['Clavius', -59, -14], ['Korolev', -4, -157],
  ['Hertzsprung', 1, -129], ['Apollo', -36, -152], ['Mare Ingenii', -34, 163],
  ['Tsiolkovskiy', -20, 129], ['South pole', -90, 0], ['North pole', 90, 0],
];
