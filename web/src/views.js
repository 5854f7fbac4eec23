// Where the camera stands in each view, in the scene at the present instant.

import { Vector3 } from 'three';
import { fixed, rotation, sunAt, turn } from './lib/earth.js';
import { cross, lunarPeriod, moonAt, unit } from './lib/moon.js';
import { shown, passageAt } from './lib/passages.js';
import { ownMarks } from './lib/places.js';
import { place, primaryAt } from './lib/series.js';

const EARTH_KM = 6378.137;

const NAMES = [
  ['pad', 'Pad'], ['ascent', 'Ascent'], ['orbit', 'Orbit'], ['pole', 'Pole'],
  ['earth-moon', 'Earth–Moon'], ['moon', 'Moon'],
];

// the views that a flight can be seen in, [name, words]
export function views(page) {
  const flown = page.objects.filter((o) => page.primary.includes(o.id));
  const centres = flown.map((o) => o.centre ?? 'earth');
  const about = (body) => centres.includes(body);
  return NAMES.filter(([name]) => {
    if (name === 'pad' || name === 'ascent') return page.site !== null;
    if (name === 'earth-moon') return page.moon && about('earth');
    if (name === 'moon') return page.moon && about('moon');
    return about('earth') || !page.moon;
  });
}

// what a page opens with: the climb, else all of the way to the Moon, else the orbit
export function firstView(page) {
  if (page.site) return 'ascent';
  const names = views(page).map(([name]) => name);
  return ['earth-moon', 'moon'].find((name) => names.includes(name)) ?? 'orbit';
}

// the farthest place from the centre within a revolution either way, km
function highest(series, t, period) {
  let far = Math.hypot(...place(series, t));
  for (let k = 0; k < series.t_s.length; k++) {
    if (Math.abs(series.t_s[k] - t) > period) continue;
    const [x, y, z] = [0, 1, 2].map((i) => series.r_km[3 * k + i]);
    far = Math.max(far, Math.hypot(x, y, z));
  }
  return far;
}

// the place on the Moon's ground that is less than twenty minutes ahead; on the way down the ground is
// what to look at, and the axes turn with it
export function landingNear(page, t) {
  return page.moon && ownMarks(page).find((m) => m.t_s >= t - 1 && m.t_s - t < 1200);
}

export function camera(globe, name) {
  if (name === 'earth-moon') return ofBoth(globe);
  if (name === 'moon') return ofMoon(globe);
  const { target, from } = ofEarth(globe, name);
  const m = globe.space.between(globe.frame, 'fixed', globe.clock.t);
  return { target: target.applyMatrix4(m), from: from.applyMatrix4(m) };
}

// in Earth-fixed axes
function ofEarth(globe, name) {
  const { site, objects } = globe.page;
  const stack = objects.find((o) => globe.page.primary.includes(o.id)) ?? objects[0];
  const s = stack.series;
  // a flight that begins in orbit is looked at from above its first place
  const pad = site ? new Vector3(...fixed(site.latitude_deg, site.longitude_deg))
    : new Vector3(...fixed(s.latitude_deg[0], s.longitude_deg[0]));
  let far = pad.clone();
  for (let k = 0; k < s.t_s.length && s.t_s[k] <= globe.climb; k++) {
    far = new Vector3(...fixed(s.latitude_deg[k], s.longitude_deg[k]));
  }
  const side = new Vector3().crossVectors(pad, far);
  if (side.length() < 1e-3) side.crossVectors(pad, new Vector3(0, 0, 1));
  side.normalize();
  const way = new Vector3().crossVectors(side, pad).normalize();
  // look from the sunlit side when there is one
  const m = rotation(globe.page.earth, globe.clock.t);
  const sun = new Vector3(...turn(m, sunAt(globe.page.sun, globe.clock.t)));
  if (sun.dot(side) < 0) side.negate();
  const reach = Math.max(pad.angleTo(far), 0.12);
  let target = new Vector3();
  let from;
  if (name === 'pad') {
    target = pad.clone().multiplyScalar(1.004);
    from = target.clone().addScaledVector(pad, 0.09).addScaledVector(way, -0.16)
      .addScaledVector(side, 0.05);
  } else if (name === 'ascent') {
    const mid = pad.clone().applyAxisAngle(
      new Vector3().crossVectors(pad, far).normalize(), reach * 0.5,
    );
    target = mid.multiplyScalar(1.0);
    from = target.clone().addScaledVector(mid, reach * 1.25).addScaledVector(side, reach * 1.55)
      .addScaledVector(way, -reach * 0.55);
  } else if (name === 'pole') {
    from = new Vector3(0.02, 0, Math.sign(site?.latitude_deg || 1) * 3.7);
    from.addScaledVector(pad, 0.35);
  } else {
    // the ship in front, seen from beside its plane
    const ship = globe.here()
      .applyMatrix4(globe.space.between('fixed', globe.frame, globe.clock.t)).normalize();
    const o = primaryAt(objects, globe.page.primary, globe.clock.t);
    let high = highest(o.series, globe.clock.t, globe.period) / EARTH_KM;
    // the way to the Moon has a view of its own
    if (globe.page.moon) high = Math.min(high, 5);
    const later = place(o.series, Math.min(globe.clock.t + 600, o.series.t_s.at(-1)));
    const plane = new Vector3().crossVectors(ship, new Vector3(...turn(m, later))).normalize();
    if (plane.length() < 0.5) plane.copy(side);
    if (sun.dot(plane) < 0) plane.negate();
    from = ship.addScaledVector(plane, 0.75).addScaledVector(sun, 0.45)
      .addScaledVector(new Vector3(0, 0, 1), 0.2)
      .normalize().multiplyScalar(Math.max(4.0, 3.4 * high));
  }
  return { target, from };
}

// the Earth in the middle and the Moon's orbit around it, seen from its north; where the axes
// turn with the Moon, it stands at the right
function ofBoth(globe) {
  const { page, space } = globe;
  const path = globe.flown.whole();
  const far = Math.max(...path.map((p) => Math.hypot(...p.r)));
  if (space.frame === 'rotating') {
    const xs = path.map((p) => p.r[0]);
    const ys = path.map((p) => p.r[1]);
    const [a, b] = [Math.min(...xs, -2), Math.max(...xs, 60.3)];
    const [c, d] = [Math.min(...ys, -2), Math.max(...ys, 2)];
    const target = new Vector3((a + b) / 2, (c + d) / 2, 0);
    const size = Math.max((b - a) / 2, (d - c) / 2) * 1.34;
    return { target, from: new Vector3(0, -0.22, 1).multiplyScalar(3.0 * size).add(target) };
  }
  // where the Moon is met, or is at the end
  const end = globe.stays[0]?.start ?? page.span_s[1];
  const [m, next] = [moonAt(page.moon, end), moonAt(page.moon, end + 3600)];
  const pole = unit(cross(m, next));
  const side = cross(pole, unit(m));
  const size = Math.max(far, 61) * 1.08;
  const from = new Vector3(...pole).addScaledVector(new Vector3(...side), -0.42).normalize()
    .multiplyScalar(3.05 * size);
  return { target: new Vector3(), from };
}

// the ship in front, seen from beside its plane and from the sunlit side; the end of a way down
// from close by
function ofMoon(globe) {
  const { page, space, clock } = globe;
  const stay = passageAt(globe.stays, clock.t);
  const t = Math.min(Math.max(clock.t, stay.start), stay.end);
  const [a, b] = shown(page, stay, t);
  const put = (x) => globe.place(x);
  const ship = put(t);
  let high = ship.length();
  // on the way in the picture keeps to where it is going
  const closed = Number.isFinite(lunarPeriod(page.moon, primaryAt(page.objects, page.primary, t).series, t));
  const [first, most] = closed ? [a, 16] : [t, 6];
  for (let k = 0; k <= 40; k++) {
    const r = put(first + ((b - first) * k) / 40);
    if (r.length() < most) high = Math.max(high, r.length());
  }
  high = Math.min(high, most);
  const late = Math.min(t + 300, stay.end);
  const plane = new Vector3().crossVectors(put(late - 300), put(late)).normalize();
  const sun = new Vector3(...space.direction(sunAt(page.sun, clock.t), clock.t));
  if (sun.dot(plane) < 0) plane.negate();
  const goal = landingNear(page, t);
  if (goal && ship.length() < 1.06) {
    const end = put(Math.min(goal.t_s, stay.end)).normalize();
    const mid = ship.clone().normalize().add(end).normalize();
    const reach = Math.max(mid.angleTo(end), 0.08);
    const from = mid.clone().addScaledVector(mid, 2.5 * reach).addScaledVector(plane, 2.1 * reach);
    return { target: mid, from };
  }
  const from = ship.normalize().addScaledVector(plane, 0.75).addScaledVector(sun, 0.45)
    .normalize().multiplyScalar(Math.max(3.7, 3.6 * high));
  return { target: new Vector3(), from };
}
