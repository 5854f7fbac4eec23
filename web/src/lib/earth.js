// The turning Earth: inertial to Earth-fixed, geodetic to Cartesian, great circles.

export const RADIUS_KM = 6378.137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const RAD = Math.PI / 180;

// itrf_from_gcrf at t seconds after lift-off, row-major 3x3
export function rotation(earth, t) {
  const m = earth.itrf_from_gcrf_at_lift_off;
  const a = earth.spin_rad_s * t;
  const c = Math.cos(a);
  const s = Math.sin(a);
  return [
    c * m[0] + s * m[3], c * m[1] + s * m[4], c * m[2] + s * m[5],
    c * m[3] - s * m[0], c * m[4] - s * m[1], c * m[5] - s * m[2],
    m[6], m[7], m[8],
  ];
}

export function turn(m, r, out = [0, 0, 0]) {
  const [x, y, z] = r;
  out[0] = m[0] * x + m[1] * y + m[2] * z;
  out[1] = m[3] * x + m[4] * y + m[5] * z;
  out[2] = m[6] * x + m[7] * y + m[8] * z;
  return out;
}

export function turnBack(m, r, out = [0, 0, 0]) {
  const [x, y, z] = r;
  out[0] = m[0] * x + m[3] * y + m[6] * z;
  out[1] = m[1] * x + m[4] * y + m[7] * z;
  out[2] = m[2] * x + m[5] * y + m[8] * z;
  return out;
}

// Earth-fixed Cartesian of geodetic degrees and height in km (WGS84), in Earth radii
export function fixed(lat, lon, height = 0) {
  const sp = Math.sin(lat * RAD);
  const cp = Math.cos(lat * RAD);
  const n = 1 / Math.sqrt(1 - E2 * sp * sp);
  const h = height / RADIUS_KM;
  const q = (n + h) * cp;
  return [q * Math.cos(lon * RAD), q * Math.sin(lon * RAD), (n * (1 - E2) + h) * sp];
}

// geodetic latitude and longitude in degrees of an Earth-fixed direction near the ground
export function geodetic(r) {
  const p = Math.hypot(r[0], r[1]);
  return [Math.atan2(r[2], p * (1 - E2)) / RAD, Math.atan2(r[1], r[0]) / RAD];
}

// the point at a distance (km) and heading (deg) on a sphere, degrees
export function along(lat, lon, km, heading) {
  const d = km / 6371.0088;
  const a = lat * RAD;
  const h = heading * RAD;
  const s = Math.sin(a) * Math.cos(d) + Math.cos(a) * Math.sin(d) * Math.cos(h);
  const phi = Math.asin(Math.min(Math.max(s, -1), 1));
  const lam =
    lon * RAD +
    Math.atan2(Math.sin(h) * Math.sin(d) * Math.cos(a), Math.cos(d) - Math.sin(a) * s);
  return [phi / RAD, ((((lam / RAD + 180) % 360) + 360) % 360) - 180];
}

// unit vector to the Sun at t, GCRF
export function sunAt(sun, t) {
  const ts = sun.t_s;
  const d = sun.direction_gcrf;
  let k = 0;
  while (k < ts.length - 2 && ts[k + 1] <= t) k++;
  const w = Math.min(Math.max((t - ts[k]) / (ts[k + 1] - ts[k] || 1), 0), 1);
  const v = [0, 1, 2].map((i) => d[3 * k + i] * (1 - w) + d[3 * k + 3 + i] * w);
  const n = Math.hypot(...v);
  return v.map((x) => x / n);
}
