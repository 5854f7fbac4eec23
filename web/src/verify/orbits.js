// Where faults leave the flight: orbits reached, about the planned one.

import { h } from '../lib/dom.js';
import { orbits, sight, signedLog } from '../lib/faults.js';
import { value } from '../lib/format.js';

const [WIDE, HIGH] = [720, 520];
const EDGE = { left: 62, right: 14, top: 12, bottom: 44 };
const STEPS = [1, 10, 100, 1000, 10000, 100000];

function svg(tag, props = {}, ...inside) {
  const el = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, v] of Object.entries(props)) el.setAttribute(key, v);
  el.append(...inside);
  return el;
}

export function reached(pane, state) {
  const { page } = state;
  const points = orbits(page);
  const told = h('p', { class: 'quiet' });
  const most = Math.max(1, ...points.flatMap((p) => [Math.abs(p.x), Math.abs(p.y)])) * 1.06;
  const x = (v) => EDGE.left + ((v / most + 1) / 2) * (WIDE - EDGE.left - EDGE.right);
  const y = (v) => HIGH - EDGE.bottom - ((v / most + 1) / 2) * (HIGH - EDGE.top - EDGE.bottom);
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
  const [low, high] = [page.planned.perigee_m / 1000, page.planned.apogee_m / 1000];
  pane.append(told, svg(
    'svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', 'aria-label': 'Orbits reached; the list of faults tells the same' },
    ...frame(x, y, most),
    svg('text', { x: (WIDE + EDGE.left) / 2, y: HIGH - 6, 'text-anchor': 'middle' }, `lowest point: km off the planned ${value(low, 'km')}`),
    svg('text', { x: -(HIGH - EDGE.bottom) / 2, y: 12, 'text-anchor': 'middle', transform: 'rotate(-90)' },
      `highest point: km off the planned ${value(high, 'km')}`),
    layer,
  ));
  return (chosen) => {
    const here = points.filter((p) => chosen.has(p.n)).length;
    told.textContent = `${here} of the ${chosen.size} chosen end in an orbit; the planned one is in the middle. Either axis goes with `
      + 'the logarithm of the distance, a kilometre from the middle on. Faint: not chosen.';
    points.forEach((p, k) => {
      const o = page.outcomes[p.n];
      marks[k].setAttribute('class', ['point', o.consequence, o.loses ? 'loses' : '', chosen.has(p.n) ? '' : 'dim',
        String(p.n) === state.fault ? 'picked' : ''].filter(Boolean).join(' '));
    });
  };
}

// lines at powers of ten of a kilometre to either side
function frame(x, y, most) {
  const out = [];
  const at = [0, ...STEPS.flatMap((km) => [-km, km])].filter((km) => Math.abs(signedLog(km)) < most);
  for (const km of at) {
    const [px, py] = [x(signedLog(km)).toFixed(1), y(signedLog(km)).toFixed(1)];
    const kind = km === 0 ? 'grid zero' : 'grid';
    const text = km === 0 ? '0' : `${km < 0 ? '\u2212' : '+'}${value(Math.abs(km))}`;
    out.push(
      svg('line', { class: kind, x1: px, x2: px, y1: EDGE.top, y2: HIGH - EDGE.bottom }),
      svg('line', { class: kind, y1: py, y2: py, x1: EDGE.left, x2: WIDE - EDGE.right }),
      svg('text', { x: px, y: HIGH - EDGE.bottom + 15, 'text-anchor': 'middle' }, text),
      svg('text', { x: EDGE.left - 6, y: Number(py) + 4, 'text-anchor': 'end' }, text),
    );
  }
  return out;
}
