// The fault that was chosen, with everything that is known of it.

import { h } from '../lib/dom.js';
import { figure, INTO, sight, when } from '../lib/faults.js';
import { seenFirst, tag } from './list.js';

export function chosenFault(state) {
  const { page } = state;
  const place = h('section', { class: 'chosen', 'aria-label': 'The chosen fault', 'aria-live': 'polite' });
  state.on((now, chosen, more) => {
    const o = page.outcomes[Number(now.fault)];
    place.hidden = now.fault === '' || !o;
    if (place.hidden || !('fault' in more || !place.firstChild)) return;
    place.replaceChildren(...detail(page, o, () => state.set({ fault: '' })));
  });
  return place;
}

function detail(page, o, close) {
  const kind = page.kinds.find((k) => k.of.includes(page.outcomes.indexOf(o)));
  const facts = [
    ['comes of it', o.why],
    ['acts', o.effect_s === null ? '' : when(o.effect_s)],
    ['ends', o.end_s === null ? '' : when(o.end_s)],
    ['this kind loses it', kind.loses ? kind.loses_text : 'at no size flown'],
    ['unobservable', o.unobservable],
    ['where', `${INTO[o.into]}, ${o.family}: ${o.path}`],
  ].filter(([, text]) => text);
  const figures = Object.entries(o.figures).filter(([name, x]) => x !== null && name !== 'no_answer');
  return [
    h('header', {}, tag(page, o), h('strong', {}, o.text), o.loses ? h('span', { class: 'seen' }, seenFirst(page, o)) : null,
      h('button', { type: 'button', class: 'plain', onclick: close, 'aria-label': 'Close' }, '✕')),
    h('div', { class: 'columns' },
      h('div', {}, pairs(facts), h('h3', {}, `Seen by (${o.seen.length})`), seenBy(o)),
      figures.length ? compared(figures, page.planned) : null),
  ];
}

// figures of the faulted flight, beside those of the planned orbit where it has them
function compared(figures, planned) {
  const both = figures.some(([name]) => Number.isFinite(planned[name]));
  const rows = figures.map(([name, x]) => {
    const [words, text] = figure(name, x);
    const its = planned[name];
    return h('tr', {}, h('th', { scope: 'row' }, words), h('td', { class: 'num' }, text),
      h('td', { class: 'num quiet' }, Number.isFinite(its) ? figure(name, its)[1] : ''));
  });
  return h('table', { class: 'figures' },
    h('thead', {}, h('tr', {}, ['figure', 'with it', both ? 'planned' : ''].map((t) => h('th', { scope: 'col' }, t)))), h('tbody', {}, rows));
}

const pairs = (rows) => h('dl', {}, rows.map(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]));

function seenBy(o) {
  if (!o.seen.length) return h('p', { class: 'quiet' }, sight(o) === 'hidden' ? 'Nothing in its files can reveal it.' : 'Nobody.');
  return h('ul', { class: 'sightings' }, o.seen.map((s) => h(
    'li', {}, h('time', {}, s.t_s === null ? 'before flight' : when(s.t_s)), h('b', {}, s.by), h('span', {}, s.why),
  )));
}
