// Where the Moon is, how it lies, and places told from one body or the other.

import { place } from './series.js';

// index of the second of the four even instants around t
function around(ts, t) {
  const k = Math.floor((t - ts[0]) / (ts[1] - ts[0]));
  return Math.min(Math.max(k, 1), ts.length - 3);
}

// place of the Moon from the centre of the Earth at t, km: the cubic through four places
export function moonAt(moon, t) {
  const { t_s: ts, r_km: r } = moon;
  const k = around(ts, t);
  const u = (t - ts[k]) / (ts[1] - ts[0]);
  const w = [
    (-u * (u - 1) * (u - 2)) / 6,
    ((u + 1) * (u - 1) * (u - 2)) / 2,
    (-(u + 1) * u * (u - 2)) / 2,
    ((u + 1) * u * (u - 1)) / 6,
  ];
  return [0, 1, 2].map((i) => w.reduce((sum, q, j) => sum + q * r[3 * (k - 1 + j) + i], 0));
}

export const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
];

export function unit(a) {
  const n = Math.hypot(...a);
  return a.map((x) => x / n);
}

function between(ts, flat, t) {
  const k = around(ts, t);
  const u = (t - ts[k]) / (ts[1] - ts[0]);
  return unit([0, 1, 2].map((i) => flat[3 * k + i] * (1 - u) + flat[3 * k + 3 + i] * u));
}

// me_from_gcrf at t, row-major 3x3
export function lunarAxes(moon, t) {
  const x = between(moon.t_s, moon.prime_gcrf, t);
  const pole = between(moon.t_s, moon.pole_gcrf, t);
  const y = unit(cross(pole, x));
  return [...x, ...y, ...cross(x, y)];
}

// axes that turn with the Moon about the Earth: x to the Moon, z along its orbital motion's normal
export function rotatingAxes(moon, t) {
  const r = moonAt(moon, t);
  const h = 1800;
  const [a, b] = [moonAt(moon, t - h), moonAt(moon, t + h)];
  const x = unit(r);
  const z = unit(cross(r, b.map((q, i) => q - a[i])));
  return [...x, ...cross(z, x), ...z];
}

// place of an object at t from the centre of a body, GCRF axes, km
export function from(body, page, object, t) {
  const r = place(object.series, t);
  const centre = object.centre ?? 'earth';
  if (centre === body || !page.moon) return r;
  const m = moonAt(page.moon, t);
  return r.map((x, i) => (centre === 'moon' ? x + m[i] : x - m[i]));
}

// seconds of a revolution about the Moon of the path at t; Infinity on an open one
export function lunarPeriod(moon, series, t) {
  const h = 1;
  const last = series.t_s.at(-1);
  const t0 = Math.min(Math.max(t, series.t_s[0]), last - h);
  const [a, b] = [place(series, t0), place(series, t0 + h)];
  const v = Math.hypot(...b.map((x, i) => (x - a[i]) / h));
  const perA = 2 / Math.hypot(...a) - (v * v) / moon.mu_km3_s2;
  return perA > 0 ? 2 * Math.PI * Math.sqrt(1 / (perA ** 3 * moon.mu_km3_s2)) : Infinity;
}

// objects of the primary line that fly about the Moon
export function aboutMoon(page) {
  return page.objects.filter((o) => o.centre === 'moon' && page.primary.includes(o.id));
}

// selenographic degrees to a place, in radii of the sphere
export function onSphere(lat, lon, height = 0) {
  const [p, l] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
  const d = 1 + height / 1737.4;
  return [d * Math.cos(p) * Math.cos(l), d * Math.cos(p) * Math.sin(l), d * Math.sin(p)];
}

// km along the ground of the Moon between two places in degrees
export function groundKm(a, b) {
  const [x, y] = [onSphere(...a), onSphere(...b)];
  return 1737.4 * 2 * Math.asin(Math.min(Math.hypot(...x.map((q, i) => q - y[i])) / 2, 1));
}

// the place that lies a distance (km) ahead on a heading (deg), degrees
export function ahead(lat, lon, km, heading) {
  const rad = Math.PI / 180;
  const [d, a, h] = [km / 1737.4, lat * rad, heading * rad];
  const s = Math.sin(a) * Math.cos(d) + Math.cos(a) * Math.sin(d) * Math.cos(h);
  const east = Math.atan2(Math.sin(h) * Math.sin(d) * Math.cos(a), Math.cos(d) - Math.sin(a) * s);
  return [Math.asin(Math.min(Math.max(s, -1), 1)) / rad, lon + east / rad];
}
