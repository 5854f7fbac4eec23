// Pure functions of flights to and about the Moon.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ahead, from, groundKm, lunarAxes, lunarPeriod, moonAt, onSphere, rotatingAxes,
} from '../src/lib/moon.js';
import { lunarSpans, passageAt, passages, shown } from '../src/lib/passages.js';
import { aboutDescents, bodyOf, burnName, descent, marks, together } from '../src/lib/places.js';
import { focusMarks, focusScale, fociOf, spanText } from '../src/lib/scale.js';
import { turn } from '../src/lib/earth.js';

const near = (a, b, eps = 1e-12) => assert.ok(Math.abs(a - b) <= eps, `${a} is not ${b}`);

// a Moon on a circle of 384,400 km in 27.32 days that keeps a face to the Earth
const RATE = (2 * Math.PI) / (27.32 * 86400);
const at = (t) => [384400 * Math.cos(RATE * t), 384400 * Math.sin(RATE * t), 0];
const ts = Array.from({ length: 60 }, (_, k) => -8 * 3600 + 4 * 3600 * k);
const moon = {
  radius_km: 1737.4,
  mu_km3_s2: 4902.800118,
  t_s: ts,
  r_km: ts.flatMap(at),
  prime_gcrf: ts.flatMap((t) => [-Math.cos(RATE * t), -Math.sin(RATE * t), 0]),
  pole_gcrf: ts.flatMap(() => [0, 0, 1]),
};

// a circle about the Moon of radius d from a to b, and down to the ground at the end
function lap(d, a, b, down = false) {
  const w = Math.sqrt(4902.800118 / d ** 3);
  const t = Array.from({ length: 200 }, (_, k) => a + ((b - a) * k) / 199);
  const up = t.map((x, k) => (down ? (d - 1737.4) * (1 - k / 199) : d - 1737.4));
  return {
    id: 'craft', label: 'Craft', centre: 'moon', chapter: 'orbit', phases: [], impact: null,
    series: {
      t_s: t,
      r_km: t.flatMap((x) => [d * Math.cos(w * x), 0, d * Math.sin(w * x)]),
      v_km_s: t.flatMap((x) => [-d * w * Math.sin(w * x), 0, d * w * Math.cos(w * x)]),
      altitude_km: up,
      latitude_deg: t.map((x) => (Math.asin(Math.sin(w * x)) * 180) / Math.PI),
      longitude_deg: t.map(() => 10),
    },
  };
}

const page = () => ({
  moon,
  site: null,
  span_s: [0, 200000],
  primary: ['stack', 'craft'],
  events: [
    { name: 'touchdown', object: 'craft', t_s: 198000, latitude_deg: -69.5, longitude_deg: 43.5 },
    { name: 'TLI end', object: 'craft', t_s: 900, latitude_deg: 1, longitude_deg: 2 },
  ],
  objects: [lap(1837.4, 150000, 190000), lap(1837.4, 190000, 198000, true)],
  timeline: { burns: [{ start_s: 0, end_s: 900 }, { start_s: 150000, end_s: 150300 }, { start_s: 197400, end_s: 198000 }] },
});

test('the Moon between its samples', () => {
  for (const t of [0, 5000, 7200, 123456]) {
    const [x, y] = moonAt(moon, t);
    near(x, at(t)[0], 0.2);
    near(y, at(t)[1], 0.2);
  }
});

test('axes of the Moon and of the pair', () => {
  const t = 40000;
  const me = lunarAxes(moon, t);
  // the Earth stands over the prime meridian of a Moon that keeps its face to it
  const earth = turn(me, at(t).map((x) => -x / 384400));
  near(earth[0], 1, 1e-9);
  near(earth[1], 0, 1e-6);
  const pair = turn(rotatingAxes(moon, t), at(t).map((x) => x / 384400));
  near(pair[0], 1, 1e-6);
  near(pair[2], 0, 1e-9);
});

test('places from either body', () => {
  const o = lap(1837.4, 0, 7000);
  const far = from('earth', { moon }, o, 1000);
  const own = from('moon', { moon }, o, 1000);
  near(Math.hypot(...own), 1837.4, 0.01);
  near(far[0] - own[0], at(1000)[0], 0.2);
});

test('a revolution about the Moon takes what Kepler says', () => {
  const o = lap(1837.4, 0, 7000);
  const period = 2 * Math.PI * Math.sqrt(1837.4 ** 3 / 4902.800118);
  near(lunarPeriod(moon, o.series, 3000), period, 2);
  const fast = { ...o.series, v_km_s: o.series.v_km_s.map((x) => 2 * x) };
  assert.equal(lunarPeriod(moon, { ...fast, r_km: fast.t_s.flatMap((t) => [1837.4, 3.3 * t, 0]) }, 3000), Infinity);
});

test('ground of the Moon', () => {
  near(Math.hypot(...onSphere(12, 34, 100)), 1 + 100 / 1737.4);
  near(groundKm([0, 0], [0, 90]), (Math.PI / 2) * 1737.4, 1e-6);
  for (const heading of [0, 45, 170, 300]) near(groundKm([-69, 43], ahead(-69, 43, 50, heading)), 50, 1e-6);
});

test('stays about the Moon, and what is shown of one', () => {
  const p = page();
  const stays = passages(p);
  assert.equal(stays.length, 1);
  near(stays[0].end, 198000);
  assert.equal(passageAt(stays, 0), stays[0]);
  assert.equal(passageAt(stays, 199000), stays[0]);
  const [a, b] = shown(p, stays[0], 170000);
  const period = 2 * Math.PI * Math.sqrt(1837.4 ** 3 / 4902.800118);
  near(170000 - a, period, 3);
  near(b - 170000, 0.98 * period, 3);
  assert.deepEqual(shown(p, stays[0], 0)[0], 150000);
  assert.deepEqual(lunarSpans(p).map(([name]) => name), ['Way down', 'All about the Moon']);
});

test('where it comes down', () => {
  const p = page();
  const [m, ...others] = marks(p);
  assert.equal(others.length, 0);
  assert.equal(m.kind, 'landing');
  assert.equal(bodyOf(p, p.events[0]), 'moon');
  assert.equal(bodyOf(p, p.events[1]), 'earth');
  const way = descent(p, m);
  assert.ok(way.length > 50);
  assert.deepEqual(aboutDescents([m], 0, m.t_s), [m.t_s - 3600, m.t_s]);
  assert.ok(way.every(([, , up]) => up <= 60));
  p.objects[1].impact = { latitude_deg: 10, longitude_deg: 20, t_s: 198000 };
  assert.deepEqual(marks(p).map((x) => x.kind), ['landing', 'impact']);
});

test('burns by name', () => {
  assert.equal(burnName('outward, insertion 2'), 'Insertion 2');
  assert.equal(burnName('TLI'), 'TLI');
  assert.equal(together(['LOI', 'DOI']), 'LOI, DOI');
  assert.equal(together(['Insertion 1', 'Insertion 2', 'Insertion 4', 'Descent']), 'Insertion 1\u20134, Descent');
  assert.equal(together(['Correction 1']), 'Correction 1');
  assert.equal(together(['A', 'B', 'C', 'D', 'E']), 'A, B, C \u2026');
});

test('a scale with room for every burn', () => {
  const p = page();
  const s = focusScale(...p.span_s, fociOf(p));
  let last = -1;
  for (let t = 0; t <= 200000; t += 500) {
    const x = s.x(t);
    assert.ok(x > last);
    last = x;
    near(s.t(x), t, 1e-3 + 1e-9 * t);
  }
  near(s.x(0), 0);
  near(s.x(200000), 1);
  // five minutes at the Moon, two days after the begin
  assert.ok(s.x(150300) - s.x(150000) > 0.012);
  assert.ok(s.x(198000) - s.x(197400) > 0.03);
  const marked = focusMarks(s);
  assert.ok(marked.length > 8);
  assert.ok(marked.some((m) => m.label === '1 d') && marked.some((m) => m.label === '2 d'));
  for (let k = 1; k < marked.length; k++) {
    const room = ((marked[k].label.length + marked[k - 1].label.length + 4) / 2) * 0.0058;
    assert.ok(marked[k].x - marked[k - 1].x >= room - 1e-9);
  }
});

test('spans in words', () => {
  assert.equal(spanText(2700), '45 min');
  assert.equal(spanText(4800), '1:20 h');
  assert.equal(spanText(21600), '6 h');
  assert.equal(spanText(3 * 86400), '3 d');
  assert.equal(spanText(3 * 86400 + 51600), '3 d 14:20');
  assert.equal(spanText(3 * 86400 + 7200), '3 d 2 h');
});
