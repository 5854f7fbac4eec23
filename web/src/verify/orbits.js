// Where faults leave the flight: orbits reached, about the planned one.

import { h } from '../lib/dom.js';
import { orbits, sight, signedLog } from '../lib/faults.js';
import { value } from '../lib/format.js';

const [NARROW, WIDE] = [300, 860];
const LABEL_PX = 44;
const EDGE = { left: 62, right: 14, top: 12, bottom: 44 };
const STEPS = [1, 10, 100, 1000, 10000, 100000];

function svg(tag, props = {}, ...inside) {
  const el = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, v] of Object.entries(props)) el.setAttribute(key, v);
  el.append(...inside);
  return el;
}

export function reached(pane, state) {
  const points = orbits(state.page);
  const told = h('p', { class: 'quiet' });
  pane.append(told);
  let marks = null;
  return (chosen) => {
    // drawn when it is first looked at: it is as wide as its place
    marks ??= draw(pane, state, points);
    const here = points.filter((p) => chosen.has(p.n)).length;
    told.textContent = `${here} of the ${chosen.size} chosen end in an orbit; the planned one is in the middle. Either axis goes with `
      + 'the logarithm of the distance, a kilometre from the middle on. Faint: not chosen.';
    points.forEach((p, k) => {
      const o = state.page.outcomes[p.n];
      marks[k].setAttribute('class', ['point', o.consequence, o.loses ? 'loses' : '', chosen.has(p.n) ? '' : 'dim',
        String(p.n) === state.fault ? 'picked' : ''].filter(Boolean).join(' '));
    });
  };
}

function draw(pane, state, points) {
  const { page } = state;
  const wide = Math.min(Math.max(pane.clientWidth - 24, NARROW), WIDE);
  const high = Math.round(0.72 * wide);
  const most = Math.max(1, ...points.flatMap((p) => [Math.abs(p.x), Math.abs(p.y)])) * 1.06;
  const x = (v) => EDGE.left + ((v / most + 1) / 2) * (wide - EDGE.left - EDGE.right);
  const y = (v) => high - EDGE.bottom - ((v / most + 1) / 2) * (high - EDGE.top - EDGE.bottom);
  const marks = points.map((p) => {
    const o = page.outcomes[p.n];
    const text = page.consequences.find((c) => c.id === o.consequence).text;
    return svg(
      'circle', { cx: x(p.x).toFixed(1), cy: y(p.y).toFixed(1), r: o.loses ? 5 : 4, 'data-fault': p.n, class: '' },
      svg('title', {}, `${o.text}: ${text}${o.loses ? `, ${page.sights[sight(o)]}` : ''}; ${value(o.figures.perigee_m / 1000)} x `
        + `${value(o.figures.apogee_m / 1000)} km`),
    );
  });
  // the worst lie on top
  const layer = svg('g', {}, ...[...marks].reverse());
  layer.addEventListener('click', (e) => {
    const n = e.target.closest('[data-fault]')?.dataset.fault;
    if (n !== undefined) state.set({ fault: n });
  });
  const [low, top] = [page.planned.perigee_m / 1000, page.planned.apogee_m / 1000];
  pane.append(svg(
    'svg', { viewBox: `0 0 ${wide} ${high}`, role: 'img', 'aria-label': 'Orbits reached; the list of faults tells the same' },
    ...frame(x, y, most, wide, high),
    svg('text', { x: (wide + EDGE.left) / 2, y: high - 6, 'text-anchor': 'middle' }, `lowest point: km off the planned ${value(low, 'km')}`),
    svg('text', { x: -(high - EDGE.bottom) / 2, y: 12, 'text-anchor': 'middle', transform: 'rotate(-90)' },
      `highest point: km off the planned ${value(top, 'km')}`),
    layer,
  ));
  return marks;
}

// lines at powers of ten of a kilometre to either side, named where there is room
function frame(x, y, most, wide, high) {
  const out = [];
  const at = [...STEPS.map((km) => -km).reverse(), 0, ...STEPS].filter((km) => Math.abs(signedLog(km)) < most);
  const far = (km, other, gap, place) => Math.abs(place(signedLog(km)) - place(signedLog(other))) >= gap;
  const named = (gap, place) => {
    const kept = [0];
    for (const km of [...at].sort((a, b) => Math.abs(a) - Math.abs(b))) if (kept.every((k) => far(km, k, gap, place))) kept.push(km);
    return kept;
  };
  const [below, beside] = [named(LABEL_PX, x), named(14, y)];
  for (const km of at) {
    const [px, py] = [x(signedLog(km)).toFixed(1), y(signedLog(km)).toFixed(1)];
    const kind = km === 0 ? 'grid zero' : 'grid';
    const text = km === 0 ? '0' : `${km < 0 ? '\u2212' : '+'}${value(Math.abs(km))}`;
    out.push(
      svg('line', { class: kind, x1: px, x2: px, y1: EDGE.top, y2: high - EDGE.bottom }),
      svg('line', { class: kind, y1: py, y2: py, x1: EDGE.left, x2: wide - EDGE.right }),
    );
    if (below.includes(km)) out.push(svg('text', { x: px, y: high - EDGE.bottom + 15, 'text-anchor': 'middle' }, text));
    if (beside.includes(km)) out.push(svg('text', { x: EDGE.left - 6, y: Number(py) + 4, 'text-anchor': 'end' }, text));
  }
  return out;
}
