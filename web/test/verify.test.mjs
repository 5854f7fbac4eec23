// The pure functions of the page of a fault sweep, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALL, atFirst, figure, firstSeen, gapScale, matches, matrix, orbits, read, rowName, said, sides, sight, signedLog, ticks, timeRows, when,
} from '../src/lib/faults.js';

const fault = (more) => ({
  into: 'truth', family: 'thrust', path: 'ascent.stages.core.thrust', text: 'thrust of core 5 % low', unobservable: '',
  consequence: 'impact', loses: true, why: 'meets the ground', effect_s: 0, seen_when: 'after', size: -0.05, size_text: '-5 %',
  seen: [{ by: 'contact: vostochny', t_s: 60, why: 'not what was planned' }], ...more,
});

const OUTCOMES = [
  fault({}),
  fault({ text: 'thrust of core 10 % low', size: -0.1, size_text: '-10 %' }),
  fault({ text: 'thrust of core 5 % high', size: 0.05, size_text: '+5 %', consequence: 'met', loses: false }),
  fault({ into: 'plan', family: 'frames', text: 'burn 2 in rtn', consequence: 'lost', size: null, size_text: '', effect_s: 900,
    seen_when: 'before', seen: [{ by: 'seam-frame', t_s: null, why: 'turned' }, { by: 're-flight', t_s: null, why: '' }] }),
  fault({ into: 'plan', family: 'frames', text: 'the node', consequence: 'lost', size: 0.1, seen_when: 'none', seen: [], effect_s: 900 }),
  fault({ into: 'plan', family: 'frames', text: 'the target', consequence: 'lost', seen_when: 'none', seen: [], unobservable: 'asked for' }),
];
const PAGE = {
  families: ['thrust', 'frames', 'tables'],
  consequences: [
    { id: 'met', text: 'met', loses: false }, { id: 'lost', text: 'lost', loses: true }, { id: 'impact', text: 'impact', loses: true },
  ],
  kinds: [{ name: 'thrust of core', of: [1, 0, 2] }, { name: 'frames', of: [3] }, { name: 'node', of: [4] }, { name: 'target', of: [5] }],
  outcomes: OUTCOMES,
  losing: { faults: 5 },
};
const every = new Set(OUTCOMES.keys());
const chosen = (f) => OUTCOMES.filter((o) => matches(o, { ...ALL, ...f })).length;

test('who sees a fault, and when first', () => {
  assert.deepEqual(OUTCOMES.map(sight), ['after', 'after', 'after', 'before', 'none', 'hidden']);
  assert.deepEqual(OUTCOMES.map(firstSeen), [60, 60, 60, -Infinity, Infinity, Infinity]);
  assert.equal(firstSeen(fault({ seen: [{ by: 'a', t_s: 90 }, { by: 'b', t_s: 30 }] })), 30);
});

test('faults are chosen by loss, sight, family, consequence and words', () => {
  assert.equal(chosen({}), 6);
  assert.equal(chosen({ lose: true }), 5);
  assert.equal(chosen({ sight: 'after' }), 2, 'of those that lose the mission');
  assert.equal(chosen({ sight: 'hidden' }), 1);
  assert.equal(chosen({ into: 'plan', family: 'frames', consequence: 'lost' }), 3);
  assert.equal(chosen({ q: 'THRUST low' }), 2);
  assert.equal(chosen({ q: 'seam-frame' }), 1, 'by who sees it');
  assert.equal(chosen({ q: 'ascent.stages.core' }), 6, 'by path');
  assert.equal(chosen({ q: 'no such thing' }), 0);
  assert.equal(atFirst(PAGE).lose, true);
  assert.equal(atFirst({ losing: { faults: 0 } }).lose, false);
});

test('the choice goes into the address and comes back', () => {
  const choice = { ...ALL, lose: true, q: 'a & b=c #1', family: 'thrust', fault: '3' };
  assert.deepEqual(read(`#${said(choice)}`, { ...ALL, fault: '' }), choice);
  assert.deepEqual(read('#lose=0', { ...ALL, lose: true }), ALL);
  assert.deepEqual(read('#q=%E0%A4%A&unknown=1&&=', ALL), ALL, 'a broken address chooses nothing');
});

test('the matrix counts every fault once, and how those that lose the mission are seen', () => {
  const groups = matrix(PAGE);
  assert.deepEqual(groups.map((g) => [g.into, g.rows.map((r) => [r.family, r.count])]),
    [['truth', [['thrust', 3]]], ['plan', [['frames', 3]]]]);
  const cells = groups.flatMap((g) => g.rows.flatMap((r) => r.cells));
  assert.equal(cells.reduce((n, c) => n + c.count, 0), OUTCOMES.length);
  const [met, , impact] = groups[0].rows[0].cells;
  assert.deepEqual(met.by, { before: 0, after: 0, none: 0, hidden: 0 });
  assert.deepEqual(impact.by, { before: 0, after: 2, none: 0, hidden: 0 });
  assert.deepEqual(groups[1].rows[0].cells[1].by, { before: 1, after: 0, none: 1, hidden: 1 });
});

test('sizes stand in order about nothing wrong', () => {
  const { below, above, whole } = sides(PAGE, PAGE.kinds[0]);
  assert.deepEqual(below.map(({ n }) => n), [1, 0]);
  assert.deepEqual(above.map(({ n }) => n), [2]);
  assert.equal(whole.length, 0);
  assert.deepEqual(sides(PAGE, PAGE.kinds[1]).whole.map(({ n }) => n), [3]);
});

test('rows of the time line: by effect, then by who is first; alike ones once; the harmless not at all', () => {
  const rows = timeRows(PAGE, every);
  assert.deepEqual(rows.map((r) => r.of), [[1, 0], [5], [3], [4]]);
  assert.deepEqual(rows.map((r) => r.sight), ['after', 'hidden', 'before', 'none']);
  assert.equal(rowName(PAGE, rows[0]), 'thrust of core: -10 %, -5 %');
  assert.equal(rowName(PAGE, rows[3]), 'the node');
  assert.deepEqual(timeRows(PAGE, new Set([2, 3])).map((r) => r.of), [[3]]);
});

test('the scale runs through the instants, monotone, and short gaps keep room beside long ones', () => {
  const s = gapScale([0, 110, 110, 290, 4000, 700000]);
  assert.deepEqual([s.x(0), s.x(700000), s.x(-5), s.x(1e9)], [0, 1, 0, 1]);
  let last = -1;
  for (const t of [0, 50, 110, 200, 290, 1000, 4000, 90000, 700000]) {
    assert.ok(s.x(t) > last || t === 0);
    last = s.x(t);
  }
  assert.ok(s.x(290) > 0.12, 'five minutes beside eight days');
  assert.equal(gapScale([0]).x(0), 0);
  const marks = ticks(s, 0.16);
  assert.deepEqual([marks[0].t, marks.at(-1).t], [0, 700000]);
  for (let k = 1; k < marks.length; k++) assert.ok(marks[k].x - marks[k - 1].x >= 0.16 - 1e-12);
});

test('orbits stand about the planned one, each axis as the logarithm of what it is off', () => {
  const planned = { perigee_m: 200e3, apogee_m: 820e3 };
  const outcomes = [
    { figures: { perigee_m: 200e3, apogee_m: 829e3 } }, { figures: { perigee_m: 101e3, apogee_m: 821e3 } },
    { figures: { perigee_m: 200e3, apogee_m: null } }, { figures: {} },
  ];
  const points = orbits({ planned, outcomes });
  assert.deepEqual(points.map((p) => p.n), [0, 1], 'what leaves or never came there has no place');
  assert.deepEqual([points[0].x, points[0].y, points[1].x], [0, 1, -2]);
  assert.equal(signedLog(-999), -3);
  assert.deepEqual(orbits({ planned: {}, outcomes }), []);
});

test('instants and figures for people', () => {
  assert.equal(when(350), 'T+5:50');
  assert.equal(when(687070), 'T+7 d 22:51');
  assert.equal(when(-172800), 'T-2 d 00:00');
  assert.deepEqual(figure('perigee_m', -312e3), ['lowest point of the orbit', '−312\u202fkm']);
  assert.deepEqual(figure('off_m', 12.5), ['from the site', '12.5\u202fm']);
  assert.deepEqual(figure('i_rad', Math.PI / 2), ['inclination', '90°']);
  assert.deepEqual(figure('max_q_pa', 44961), ['dynamic pressure', '44.96\u202fkPa']);
  assert.deepEqual(figure('max_q_alpha_pa_rad', 2536), ['q-alpha', '2.536\u202fkPa rad']);
  assert.deepEqual(figure('able_m_s', 106.2), ['what is left for it', '106.2\u202fm/s']);
  assert.deepEqual(figure('some_new_thing', 3), ['some new thing', '3']);
});
