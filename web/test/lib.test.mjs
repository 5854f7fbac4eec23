// The page's pure functions, without a browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeClock } from '../src/lib/clock.js';
import { coastlines } from '../src/lib/coast.js';
import { along, fixed, geodetic, rotation, sunAt, turn, turnBack } from '../src/lib/earth.js';
import { byCheck } from '../src/lib/findings.js';
import { latlon, mass, since, utc, value } from '../src/lib/format.js';
import { drawn } from '../src/lib/zones.js';
import { reach } from '../src/lib/falls.js';
import { besides, crafts, following } from '../src/lib/follow.js';
import { ofLanding } from '../src/lib/places.js';
import { timeMarks, timeScale } from '../src/lib/scale.js';
import {
  climbEnd, companions, find, flies, handsOver, joined, linear, phaseAt, place, primaryAt,
} from '../src/lib/series.js';

const near = (a, b, eps = 1e-12) => assert.ok(Math.abs(a - b) <= eps, `${a} is not ${b}`);

test('the time scale is monotone, inverts, and gives the climb its room', () => {
  const s = timeScale(0, 90000);
  let last = -1;
  for (let t = 0; t <= 90000; t += 37) {
    const x = s.x(t);
    assert.ok(x > last);
    last = x;
    near(s.t(x), t, 1e-6 * (1 + t));
  }
  near(s.x(0), 0);
  near(s.x(90000), 1);
  assert.ok(s.x(600) > 0.18, 'ten minutes of ascent beside a day');
  assert.ok(timeScale(0, 10 * 86400).x(600) > 0.14, 'and beside ten days');
  assert.equal(s.x(-5), 0);
  assert.equal(s.t(2), 90000);
});

test('marks keep their distance', () => {
  const marks = timeMarks(timeScale(0, 90000), 0.06);
  assert.ok(marks.length > 6);
  for (let k = 1; k < marks.length; k++) assert.ok(marks[k].x - marks[k - 1].x >= 0.06 - 1e-9);
  assert.equal(marks[0].label, '0');
});

test('times and numbers for people', () => {
  assert.equal(since(0), 'T+0:00');
  assert.equal(since(117.7), 'T+1:58');
  assert.equal(since(117.7, true), 'T+1:57.7');
  assert.equal(since(59.7), 'T+1:00');
  assert.equal(since(3661), 'T+1:01:01');
  assert.equal(since(-17.2, true), 'T-0:17.2');
  assert.equal(utc('2027-03-01T05:41:46.25Z', 380), '2027-03-01 05:48:06 UTC');
  assert.equal(value(0), '0');
  assert.equal(value(12345.6, 'kg'), '12\u202f346\u202fkg');
  assert.equal(value(-6.2, 'kPa'), '\u22126.2\u202fkPa');
  assert.equal(value(98.7, 'deg'), '98.7°');
  assert.equal(value(1.2e-5), '1.20e-5');
  assert.equal(value(null), '');
  assert.equal(value(NaN), '');
  assert.equal(mass(2900), '2900 kg');
  assert.equal(mass(310000), '310.0 t');
  assert.equal(latlon(-51.884, 128.334), '51.88° S, 128.33° E');
});

test('finding and interpolating rows', () => {
  const t = [0, 1, 3, 10];
  assert.deepEqual([-1, 0, 0.5, 1, 2.9, 3, 9, 10, 11].map((x) => find(t, x)),
    [0, 0, 0, 1, 1, 2, 2, 2, 2]);
  assert.equal(linear(t, [0, 10, 30, 100], 2), 20);
  assert.equal(linear(t, [0, null, 30, 100], 0.5), 0);
  assert.equal(linear([5], [7], 9), 7);
});

test('Hermite places follow a circle to metres', () => {
  const r = 7000;
  const w = Math.sqrt(398600.4415 / r ** 3);
  const s = { t_s: [], r_km: [], v_km_s: [] };
  for (let t = 0; t <= 600; t += 60) {
    s.t_s.push(t);
    s.r_km.push(r * Math.cos(w * t), r * Math.sin(w * t), 0);
    s.v_km_s.push(-r * w * Math.sin(w * t), r * w * Math.cos(w * t), 0);
  }
  for (let t = 0; t <= 600; t += 7) {
    const [x, y, z] = place(s, t);
    // r (w h)^4 / 384 = 0.33 m
    near(Math.hypot(x - r * Math.cos(w * t), y - r * Math.sin(w * t)), 0, 4e-4);
    assert.equal(z, 0);
  }
});

test('the Earth: frames, geodesy, great circles', () => {
  // WGS84: the pole is at 6356.752314245 km, the equator at 6378.137 km
  near(fixed(90, 0)[2] * 6378.137, 6356.752314245, 1e-6);
  near(fixed(0, 90, 100)[1] * 6378.137, 6478.137, 1e-9);
  for (const lat of [-89, -45, 0.5, 51.884, 80]) {
    for (const lon of [-179, -20, 0, 128.3]) {
      const [a, b] = geodetic(fixed(lat, lon));
      near(a, lat, 1e-9);
      near(b, lon, 1e-9);
    }
  }
  const earth = { itrf_from_gcrf_at_lift_off: [1, 0, 0, 0, 1, 0, 0, 0, 1], spin_rad_s: 7.292115e-5 };
  // after a quarter of a turn the inertial x axis has moved a quarter of a turn westward
  const m = rotation(earth, Math.PI / 2 / 7.292115e-5);
  turn(m, [1, 0, 0]).forEach((v, k) => near(v, [0, -1, 0][k]));
  turnBack(m, turn(m, [0.3, -0.7, 0.2])).forEach((v, k) => near(v, [0.3, -0.7, 0.2][k]));
  const [lat, lon] = along(0, 179, 6371.0088 * (Math.PI / 180) * 2, 90);
  near(lat, 0, 1e-9);
  near(lon, -179, 1e-9);
  const sun = { t_s: [0, 10], direction_gcrf: [1, 0, 0, 0, 1, 0] };
  near(Math.hypot(...sunAt(sun, 5)), 1);
  assert.deepEqual(sunAt(sun, -1), [1, 0, 0]);
});

test('coastlines unpack to degrees', () => {
  const lines = coastlines(readFileSync(new URL('../src/data/coast.bin', import.meta.url)));
  assert.ok(lines.length > 1000);
  let n = 0;
  for (const line of lines) {
    for (let k = 0; k < line.length; k += 2) {
      assert.ok(Math.abs(line[k]) <= 180 && Math.abs(line[k + 1]) <= 90);
      n++;
    }
  }
  assert.ok(n > 20000);
  // some coast stands within a degree of Cape Horn (55.98 S, 67.27 W)
  assert.ok(lines.some((l) => {
    for (let k = 0; k < l.length; k += 2) {
      if (Math.hypot(l[k] + 67.27, l[k + 1] + 55.98) < 1) return true;
    }
    return false;
  }));
});

const object = (id, ts, phases = []) => ({ id, phases, series: { t_s: ts, y: ts.map((t) => t * 2) } });

test('the primary line runs from the vehicle to the spacecraft', () => {
  const objects = [object('stack', [0, 5, 10]), object('core', [3, 8]), object('craft', [10, 20])];
  const primary = ['stack', 'craft'];
  assert.equal(primaryAt(objects, primary, 4).id, 'stack');
  assert.equal(primaryAt(objects, primary, 12).id, 'craft');
  assert.equal(primaryAt(objects, primary, 99).id, 'craft');
  assert.deepEqual(joined(objects, primary, 'y'), [[0, 5, 10, 20], [0, 10, 20, 40]]);
  // a stack that flies on to other orbits hands the line over where the craft is let go, but its
  // burns stay in the plots
  const on = [
    { id: 'stack', series: { t_s: [0, 5, 10, 15, 30], y: [0, 10, 20, 7, 7] } },
    { id: 'craft', series: { t_s: [10, 20], y: [20, 40] } },
  ];
  assert.equal(handsOver(on, primary, on[0]), 10);
  assert.equal(handsOver(on, primary, on[1]), 20);
  assert.deepEqual(joined(on, primary, 'y')[0], [0, 5, 10, 15, 30]);
  const phases = [{ kind: 'burn', start_s: 0, end_s: 5 }, { kind: 'coast', start_s: 5, end_s: 9 }];
  assert.equal(phaseAt({ phases }, 5).kind, 'coast');
  assert.equal(phaseAt({ phases }, 50), null);
});

test('the climb ends at the first long coast', () => {
  const burns = [{ start_s: 0, end_s: 560 }, { start_s: 600, end_s: 700 }, { start_s: 3500, end_s: 3600 }];
  near(climbEnd({ burns }, 90000), 700 * 1.06 + 20, 1e-9);
  assert.equal(climbEnd({ burns: [] }, 90), 90);
});

test('one clock: listeners hear, ends hold, automatic play walks the scale', () => {
  const scale = timeScale(0, 1000);
  const clock = makeClock(0, 1000, scale);
  const heard = [];
  clock.on((t) => heard.push(t));
  clock.set(400);
  clock.set(400);
  clock.set(5000);
  clock.set(-1);
  assert.deepEqual(heard, [400, 1000, 0]);
  clock.step(37.5);
  near(scale.x(clock.t), 0.5, 1e-9);
  clock.rate = 10;
  const before = clock.t;
  clock.step(2);
  near(clock.t, before + 20, 1e-9);
});

test('findings by check: the worst speaks for its check', () => {
  const f = (check, verdict, margin, limit) => ({ check, verdict, margin, limit });
  const groups = byCheck([
    f('q', 'fails', -1, 40), f('turns', 'warns', -5, 180), f('q', 'holds', 3, 40),
    f('seam', 'holds', 0.9, 1), f('seam', 'holds', 0.01, 1), f('zone', 'not-judged', null, null),
  ]);
  assert.deepEqual(groups.map((g) => [g.check, g.verdict, g.all.length]), [
    ['q', 'fails', 2], ['turns', 'warns', 1], ['seam', 'holds', 2], ['zone', 'not-judged', 1],
  ]);
  assert.equal(groups[2].worst.margin, 0.01);
  assert.equal(groups[2].worst.index, 4);
});

test('the near map reaches what falls on the way, not what nearly reached orbit', () => {
  const fall = (range_km) => ({ impact: { range_km } });
  near(reach({ objects: [fall(270), fall(1400), fall(5300), { impact: null }] }), 1.15 * 1400);
  assert.equal(reach({ objects: [fall(5300)] }), 6000);
});

test('zones known by name only are not drawn', () => {
  const named = { name: 'a', polygon_deg: [] };
  const real = { name: 'b', polygon_deg: [[0, 0], [1, 0], [1, 1]] };
  assert.deepEqual(drawn([named, real]), [real]);
});

test('what flies beside the primary line is in orbit, not primary and does not fall', () => {
  const body = (id, chapter, impact = null) => ({ id, chapter, impact, series: { t_s: [10, 20] } });
  const objects = [
    body('stack', 'ascent'), body('tug', 'orbit'), body('cube', 'orbit'), body('first', 'ascent', {}),
    body('part', 'orbit', {}),
  ];
  assert.deepEqual(companions({ objects, primary: ['stack', 'tug'] }).map((o) => o.id), ['cube']);
  assert.ok(flies(objects[2], 10) && flies(objects[2], 20) && !flies(objects[2], 20.1));
});

test('a released craft can be followed: its line goes on with it, its carrier stays beside', () => {
  const leg = (id, a, b) => ({ id, label: id.toUpperCase(), chapter: 'orbit', series: { t_s: [a, b] } });
  const page = {
    primary: ['stack', 'tug'],
    timeline: { burns: [] },
    events: [{ object: 'tug', t_s: 10 }, { object: 'tug', t_s: 20 }, { object: 'lander', t_s: 30 }],
    objects: [leg('tug', 0, 10), leg('tug', 10, 90), leg('lander', 10, 50)],
    lines: [{ id: 'lander', primary: ['stack', 'tug', 'lander'], timeline: { burns: [1] } }],
  };
  assert.equal(following(page, ''), page);
  assert.equal(following(page, 'nobody'), page);
  assert.deepEqual(besides(page), ['lander']);
  assert.deepEqual(crafts(page), [['', 'TUG'], ['lander', 'LANDER']]);
  assert.equal(primaryAt(page.objects, page.primary, 40).id, 'tug');
  const other = following(page, 'lander');
  assert.equal(other.follows, 'lander');
  assert.deepEqual(other.timeline, { burns: [1] });
  assert.equal(primaryAt(other.objects, other.primary, 5).id, 'tug');
  for (const t of [10, 40, 80]) assert.equal(primaryAt(other.objects, other.primary, t).id, 'lander');
  assert.deepEqual(besides(other), ['tug, apart']);
  assert.deepEqual(other.events.map((e) => e.object), ['tug', 'tug, apart', 'lander']);
  assert.deepEqual(companions(other).map((o) => o.id), ['tug, apart']);
  assert.deepEqual(crafts({ objects: [], primary: [] }), []);
});

test('a row that stands twice does not break the path', () => {
  const series = { t_s: [0, 10, 10], r_km: [0, 0, 0, 1, 2, 3, 1, 2, 3], v_km_s: Array(9).fill(0) };
  assert.deepEqual(place(series, 10), [1, 2, 3]);
});

test('a landing goes down and an ascent up', () => {
  assert.equal(ofLanding({ series: { altitude_km: [18, 3, 0] } }), 'Descent');
  assert.equal(ofLanding({ series: { altitude_km: [-2, 3, 18] } }), 'Ascent');
});
