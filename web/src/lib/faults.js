// A sweep of single faults: what is chosen of it, how it is laid out, how it is said.

import { since, value } from './format.js';

export const INTO = { truth: 'in flight', plan: 'in the plan' };

// how a fault is seen: before, after, none; "hidden" where nothing could reveal it
export const sight = (o) => (o.unobservable ? 'hidden' : o.seen_when);

// when somebody notices first: -Infinity before flight, Infinity where nobody does
export function firstSeen(o) {
  return o.seen.reduce((t, s) => Math.min(t, s.t_s ?? -Infinity), Infinity);
}

// ------------------------------------------------------------------------ what is chosen
export const ALL = { lose: false, sight: '', into: '', family: '', consequence: '', q: '' };

// what is shown first: what loses the mission, where something does
export const atFirst = (page) => ({ ...ALL, lose: page.losing.faults > 0 });

// every word of `q` stands in what is said of the fault or of who sees it
export function matches(o, f) {
  return (!f.lose || o.loses)
    && (!f.sight || (sight(o) === f.sight && o.loses))
    && (!f.into || o.into === f.into)
    && (!f.family || o.family === f.family)
    && (!f.consequence || o.consequence === f.consequence)
    && (!f.q || f.q.toLowerCase().split(/\s+/).every((word) => haystack(o).includes(word)));
}

const haystack = (o) => [
  o.text, o.path, o.family, o.why, o.unobservable, ...o.seen.flatMap((s) => [s.by, s.why]),
].join(' ').toLowerCase();

// the choice as a part of the address, and back
export function said(choice) {
  return Object.entries(choice)
    .filter(([, v]) => v !== '' && v !== null && v !== undefined)
    .map(([k, v]) => `${k}=${encodeURIComponent(v === true ? '1' : v === false ? '0' : v)}`).join('&');
}

export function read(hash, choice) {
  const given = new Map(hash.replace(/^#/, '').split('&').map((x) => {
    const [key, ...rest] = x.split('=');
    return [key, plainly(rest.join('='))];
  }));
  return Object.fromEntries(Object.entries(choice).map(([k, v]) => {
    if (!given.has(k)) return [k, v];
    return [k, typeof v === 'boolean' ? given.get(k) === '1' : given.get(k)];
  }));
}

function plainly(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

// -------------------------------------------------------------------------- the matrix
// families of faults, in flight and in the plan, against what comes of them
export function matrix(page) {
  return Object.keys(INTO).map((into) => ({
    into,
    rows: page.families.map((family) => {
      const held = page.outcomes.filter((o) => o.into === into && o.family === family);
      return {
        family,
        into,
        count: held.length,
        cells: page.consequences.map((c) => counted(held.filter((o) => o.consequence === c.id), c)),
      };
    }).filter((row) => row.count),
  })).filter((group) => group.rows.length);
}

export const SIGHTS = ['before', 'after', 'none', 'hidden'];

// how many, and of those that lose the mission how they are seen
function counted(held, consequence) {
  const by = Object.fromEntries(SIGHTS.map((s) => [s, 0]));
  if (consequence.loses) for (const o of held) by[sight(o)] += 1;
  return { consequence: consequence.id, count: held.length, by };
}

// --------------------------------------------------------------------------- instants
// T+5:50, T+1:10:12, from two days on T+7 d 22:51
export function when(t) {
  if (Math.abs(t) < 172800) return since(t);
  const minutes = Math.round(Math.abs(t) / 60);
  const clock = `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `T${t < 0 ? '-' : '+'}${Math.floor(minutes / 1440)} d ${clock}`;
}

// A scale through the instants that matter: between two of them room as the logarithm of the time,
// so that seconds of a climb stay apart beside a revolution later
export function gapScale(times, tau = 60) {
  const at = [...new Set(times)].sort((a, b) => a - b);
  const places = [0];
  for (let k = 1; k < at.length; k++) places.push(places[k - 1] + Math.log1p((at[k] - at[k - 1]) / tau));
  const all = places.at(-1) || 1;
  const x = (t) => {
    if (at.length < 2 || t <= at[0]) return 0;
    if (t >= at.at(-1)) return 1;
    const k = at.findIndex((a) => a > t) - 1;
    const part = (t - at[k]) / (at[k + 1] - at[k]);
    return (places[k] + part * (places[k + 1] - places[k])) / all;
  };
  return { at, x };
}

// instants to be named, at least `gap` apart as a part of the width; the ends, whose names stand
// inside, take more
export function ticks(scale, gap) {
  const last = scale.at.at(-1);
  const out = [];
  for (const t of scale.at) {
    const x = scale.x(t);
    const clear = !out.length || x - out.at(-1).x >= (out.length > 1 ? gap : 1.4 * gap);
    if (clear && (t === last || x <= 1 - 1.4 * gap)) out.push({ t, x, label: when(t) });
  }
  return out;
}

// Rows of the time line: faults of a kind that act and are seen at the same instants are one row.
export function timeRows(page, chosen) {
  const rows = new Map();
  for (const [k, kind] of page.kinds.entries()) {
    for (const n of kind.of) {
      const o = page.outcomes[n];
      if (!o.loses || !chosen.has(n)) continue;
      const seen = firstSeen(o);
      const key = [k, o.effect_s, seen, sight(o), o.consequence].join('|');
      if (!rows.has(key)) rows.set(key, { kind, effect: o.effect_s, seen, sight: sight(o), consequence: o.consequence, of: [] });
      rows.get(key).of.push(n);
    }
  }
  const late = (t) => t ?? Infinity;
  return [...rows.values()].sort((a, b) => compare(late(a.effect), late(b.effect))
    || compare(a.seen, b.seen) || a.of[0] - b.of[0]);
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// what a row of the time line is about: the kind with its sizes
export function rowName(page, row) {
  const of = row.of.map((n) => page.outcomes[n]);
  if (of.length === 1) return of[0].text;
  const sizes = of.map((o) => o.size_text).filter(Boolean);
  if (sizes.length === of.length && of.length < 5) return `${row.kind.name}: ${sizes.join(', ')}`;
  return `${row.kind.name}: ${of.length} faults`;
}

// ---------------------------------------------------------------------------- kinds
// sizes that were flown: below nothing wrong, above it, and those that have no size
export function sides(page, kind) {
  const of = kind.of.map((n) => ({ n, o: page.outcomes[n] }));
  const bySize = (a, b) => a.o.size - b.o.size;
  return {
    below: of.filter(({ o }) => o.size !== null && o.size < 0).sort(bySize),
    above: of.filter(({ o }) => o.size !== null && o.size >= 0).sort(bySize),
    whole: of.filter(({ o }) => o.size === null),
  };
}

// --------------------------------------------------------------------------- orbits
// Orbits reached by how far their lowest and highest points are from the planned ones, km: as
// sign * log10(1 + km), in which a kilometre and a thousand stay apart.
export const signedLog = (km) => Math.sign(km) * Math.log10(1 + Math.abs(km));

export const hasOrbit = (figures) => Number.isFinite(figures.perigee_m) && Number.isFinite(figures.apogee_m);

export function orbits(page) {
  if (!hasOrbit(page.planned)) return [];
  const off = (o, name) => signedLog((o.figures[name] - page.planned[name]) / 1000);
  return page.outcomes.map((o, n) => ({ n, o })).filter(({ o }) => hasOrbit(o.figures))
    .map(({ n, o }) => ({ n, x: off(o, 'perigee_m'), y: off(o, 'apogee_m') }));
}

// -------------------------------------------------------------------------- figures
const NAMED = {
  a_m: 'semi-major axis', e: 'eccentricity', i_rad: 'inclination', perigee_m: 'lowest point of the orbit',
  apogee_m: 'highest point of the orbit', lowest_m: 'lowest height flown', off: 'worst miss, in tolerances',
  max_q_pa: 'dynamic pressure', max_q_alpha_pa_rad: 'q-alpha', cycles_missed: 'guidance cycles without an answer',
  margin_kg: 'propellant left', correction_m_s: 'what would correct it', able_m_s: 'what is left for it',
  off_m: 'from the site', place_m: 'from the site as guidance ended', height_m: 'height at the end',
  speed_m_s: 'speed over ground', across_m_s: 'speed across as guidance ended', sink_m_s: 'speed down as guidance ended',
};
const UNITS = [
  ['_pa_rad', 1e-3, 'kPa rad'], ['_m_s', 1, 'm/s'], ['_rad', 180 / Math.PI, '°'], ['_kg', 1, 'kg'], ['_pa', 1e-3, 'kPa'],
  ['_m', 1e-3, 'km'], ['_s', 1, 's'],
];

// a figure by its name with the unit in it, as [name, text]
export function figure(name, x) {
  const [tail, factor, unit] = UNITS.find(([end]) => name.endsWith(end)) ?? ['', 1, ''];
  const words = NAMED[name] ?? name.slice(0, name.length - tail.length).replace(/_/g, ' ');
  // heights above a landing site and misses of it are metres
  const small = unit === 'km' && Math.abs(x) < 1000;
  return [words, small ? value(x, 'm') : value(x * factor, unit)];
}
