// Reading the decimated series: the row at or before t, and smooth values between rows.

// index k with t[k] <= x < t[k+1], clamped to a valid interval
export function find(t, x) {
  let lo = 0;
  let hi = t.length - 1;
  if (x <= t[0]) return 0;
  if (x >= t[hi]) return Math.max(hi - 1, 0);
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (t[mid] <= x) lo = mid;
    else hi = mid;
  }
  return lo;
}

// linear interpolation of a column; null where either side is unknown
export function linear(t, y, x) {
  const k = find(t, x);
  if (t.length === 1) return y[0];
  const a = y[k];
  const b = y[k + 1];
  if (a === null || b === null) return a ?? b;
  const w = Math.min(Math.max((x - t[k]) / (t[k + 1] - t[k]), 0), 1);
  return a + (b - a) * w;
}

// cubic Hermite place from flat place and velocity columns (km, km/s), km
export function place(series, x, out = [0, 0, 0]) {
  const { t_s: t, r_km: r, v_km_s: v } = series;
  if (t.length === 1) return [r[0], r[1], r[2]];
  const k = find(t, x);
  const h = t[k + 1] - t[k];
  const s = h <= 0 ? 0 : Math.min(Math.max((x - t[k]) / h, 0), 1);
  const a = (1 + 2 * s) * (1 - s) * (1 - s);
  const b = s * (1 - s) * (1 - s) * h;
  const c = s * s * (3 - 2 * s);
  const d = s * s * (s - 1) * h;
  for (let i = 0; i < 3; i++) {
    const p = 3 * k + i;
    const q = p + 3;
    out[i] = a * r[p] + b * v[p] + c * r[q] + d * v[q];
  }
  return out;
}

// the object of the primary line (the vehicle, then the spacecraft) that flies at t
export function primaryAt(objects, primary, t) {
  let best = null;
  for (const o of objects) {
    if (!primary.includes(o.id)) continue;
    const ts = o.series.t_s;
    if (t >= ts[0] - 1e-6 && t <= ts[ts.length - 1] + 1e-6) best = o;
    else if (best === null && t < ts[0]) best = o;
  }
  return best ?? objects.filter((o) => primary.includes(o.id)).at(-1);
}

// objects in orbit beside the primary line: other spacecraft, what it released, what it meets
export function companions({ objects, primary }) {
  return objects.filter((o) => !primary.includes(o.id) && !o.impact
    && ['orbit', 'transfer', 'landing'].includes(o.chapter));
}

// does an object fly at t?
export function flies(object, t) {
  const ts = object.series.t_s;
  return t >= ts[0] && t <= ts.at(-1);
}

// when an object of the primary line hands over: at its own end, or where a later one is let go
export function handsOver(objects, primary, object) {
  const [first, last] = [object.series.t_s[0], object.series.t_s.at(-1)];
  const next = objects
    .filter((o) => primary.includes(o.id) && o.series.t_s[0] > first)
    .map((o) => o.series.t_s[0]);
  return Math.min(last, ...next);
}

// kind ("burn", "coast", "fall") of an object's phase at t
export function phaseAt(object, t) {
  let found = null;
  for (const p of object.phases) if (t >= p.start_s - 1e-6 && t <= p.end_s + 1e-6) found = p;
  return found;
}

// joins one column of the primary line over all its objects: [times, values]
export function joined(objects, primary, name) {
  const t = [];
  const y = [];
  for (const o of objects) {
    if (!primary.includes(o.id)) continue;
    for (let k = 0; k < o.series.t_s.length; k++) {
      const x = o.series.t_s[k];
      if (t.length && x <= t[t.length - 1]) continue;
      t.push(x);
      y.push(o.series[name][k]);
    }
  }
  return [t, y];
}

// seconds of a revolution of the orbit that the flight reached; the whole flight on an open one
export function periodOf(page) {
  const a = page.orbit?.osculating.a_m;
  if (!a) return 6000;
  const mu = page.orbit.body === 'moon' ? 4.902800118e12 : 3.986004415e14;
  return a > 0 ? 2 * Math.PI * Math.sqrt(a ** 3 / mu) : page.span_s[1] - page.span_s[0];
}

// the end of the first climb: where the first coast of ten minutes or more begins
export function climbEnd(timeline, end) {
  const burns = timeline.burns;
  if (!burns.length) return end;
  let t = burns[0].end_s;
  for (const b of burns.slice(1)) {
    if (b.start_s - t > 600) break;
    t = b.end_s;
  }
  return Math.min(t * 1.06 + 20, end);
}
