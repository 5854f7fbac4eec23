// When each fault that loses the mission begins to act, and when somebody notices first.

import { h } from '../lib/dom.js';
import { firstSeen, gapScale, rowName, ticks, timeRows, when } from '../lib/faults.js';
import { glyph } from './words.js';

const AT_ONCE = 150;
const LABEL_PX = 70;

export function times(pane, state) {
  const { page } = state;
  const axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  const rows = h('ol', { class: 'times' });
  const more = h('button', { type: 'button', class: 'plain more' });
  pane.append(
    h('p', { class: 'quiet' }, 'The bar stands where a fault begins to act (of slips in the plan that is not told), the mark where it is first seen; what lies between '
      + 'them nobody knows. Time runs from event to event, with room as the logarithm of what lies between.'),
    axis, rows, more,
  );
  // one scale for all that loses the mission: it stays while the choice changes
  const losing = page.outcomes.filter((o) => o.loses);
  const ends = losing.map(firstSeen).filter(Number.isFinite);
  const scale = gapScale([0, ...losing.map((o) => o.effect_s).filter((t) => t !== null), Math.max(0, ...ends)]);
  const place = (t) => `${(100 * scale.x(t)).toFixed(2)}%`;
  let grid = [];
  const line = h('span', { class: 'line' });
  axis.append(h('span', {}), h('span', { class: 'band' }, 'before flight'), line, h('span', { class: 'band' }, 'by none'));
  // as many instants as have room
  const mark = () => {
    grid = ticks(scale, Math.min(0.5, LABEL_PX / Math.max(line.offsetWidth, 1)));
    line.replaceChildren(...grid.map((m) => h('i', { style: { left: `${100 * m.x}%` } }, m.label)));
  };
  let upto = AT_ONCE;
  let all = [];
  const row = (r) => {
    const name = rowName(page, r);
    const seen = r.seen === Infinity ? (r.sight === 'hidden' ? 'unobservable' : 'seen by none')
      : r.seen === -Infinity ? 'seen before flight' : `seen at ${when(r.seen)}`;
    // when a slip in the plan begins to act is not told
    const told = r.effect !== null;
    const acts = told ? `acts at ${when(r.effect)}` : 'in the plan';
    const at = r.effect ?? 0;
    const inside = told && Number.isFinite(r.seen);
    const span = inside ? [Math.min(at, r.seen), Math.max(at, r.seen)] : [at, at];
    return h('li', {}, h(
      'button', {
        type: 'button', 'data-fault': String(r.of[0]), 'aria-label': `${name}: ${acts}, ${seen}`, title: `${name}: ${acts}, ${seen}`,
        onclick: () => state.set({ fault: String(r.of[0]) }),
      },
      h('span', { class: `what ${r.consequence}` }, name),
      h('span', { class: 'band' }, r.seen === -Infinity ? glyph(r.sight) : ''),
      h('span', { class: 'line' },
        grid.map((m) => h('i', { class: 'grid', style: { left: `${100 * m.x}%` } })),
        told && r.seen === -Infinity ? h('i', { class: 'known', style: { left: '0', width: place(at) } }) : null,
        told && r.seen === Infinity ? h('i', { class: `unknown ${r.sight}`, style: { left: place(at), right: '0' } }) : null,
        inside ? h('i', { class: r.seen < at ? 'known' : 'unknown', style: { left: place(span[0]), width: `calc(${place(span[1])} - ${place(span[0])})` } }) : null,
        told ? h('i', { class: `acts ${r.consequence}`, style: { left: place(at) } }) : null,
        Number.isFinite(r.seen) ? h('span', { class: 'point', style: { left: place(r.seen) } }, glyph(r.sight)) : null),
      h('span', { class: 'band' }, r.seen === Infinity ? glyph(r.sight) : ''),
    ));
  };
  const draw = () => {
    rows.replaceChildren(...(all.length ? all.slice(0, upto).map(row) : [h('li', { class: 'quiet' }, 'Nothing chosen loses the mission.')]));
    more.hidden = all.length <= upto;
    more.textContent = `Show ${Math.min(AT_ONCE, all.length - upto)} more of ${all.length}`;
    press();
  };
  const press = () => {
    for (const b of rows.querySelectorAll('button')) b.setAttribute('aria-pressed', String(b.dataset.fault === state.fault));
  };
  more.addEventListener('click', () => {
    upto += AT_ONCE;
    draw();
  });
  return (chosen, same) => {
    if (same) {
      press();
      return;
    }
    mark();
    all = timeRows(page, chosen);
    upto = AT_ONCE;
    draw();
  };
}
