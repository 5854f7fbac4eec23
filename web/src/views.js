// Where the camera stands in each view, in Earth-fixed axes at the present instant.

import { Vector3 } from 'three';
import { fixed, RADIUS_KM, rotation, sunAt, turn } from './lib/earth.js';
import { place, primaryAt } from './lib/series.js';

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

export function camera(globe, name) {
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
    const ship = globe.here().applyMatrix4(globe.earthMatrix(globe.clock.t).invert()).normalize();
    const o = primaryAt(objects, globe.page.primary, globe.clock.t);
    const high = highest(o.series, globe.clock.t, globe.period) / RADIUS_KM;
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
