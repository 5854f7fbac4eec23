// Counts to choose by, and how to read what is shown.

import { h } from '../lib/dom.js';
import { SIGHTS } from '../lib/faults.js';

// by shape as well as by colour, as in verify.svg
export const GLYPH = { before: '●', after: '▲', none: '✕', hidden: '○' };

export const glyph = (s) => h('i', { class: `glyph ${s}`, 'aria-hidden': 'true' }, GLYPH[s]);

// how many lose the mission, and how they are seen: each a button
export function counts(state) {
  const { page } = state;
  const { losing } = page;
  const rows = [
    [page.outcomes.length, 'single faults flown', {}, ''],
    [losing.faults, 'lose the mission', { lose: true }, ''],
    [losing.seen_before, page.sights.before, { lose: true, sight: 'before' }, 'before'],
    [losing.seen_after, page.sights.after, { lose: true, sight: 'after' }, 'after'],
    [losing.seen_by_none, page.sights.none, { lose: true, sight: 'none' }, 'none'],
    ...(losing.unobservable ? [[losing.unobservable, page.sights.hidden, { lose: true, sight: 'hidden' }, 'hidden']] : []),
  ];
  const buttons = rows.map(([n, text, choice, s]) => h(
    'button', { type: 'button', class: n ? `${s} some` : s, onclick: () => state.only(choice) },
    h('strong', {}, String(n)), h('span', {}, s ? glyph(s) : null, s ? ' ' : null, text),
  ));
  state.on((now) => rows.forEach(([, , choice], k) => {
    const other = now.family || now.into || now.consequence || now.q;
    const same = !other && Boolean(choice.lose) === now.lose && (choice.sight ?? '') === now.sight;
    buttons[k].setAttribute('aria-pressed', String(same));
  }));
  return h('div', { class: 'counts', role: 'group', 'aria-label': 'Choose by how they are seen' }, buttons);
}

export function notes(page) {
  const stations = page.stations.length
    ? `In flight ${page.stations.join(', ')} listen${page.stations.length === 1 ? 's' : ''}.`
    : 'The mission names no stations: an orbit that is wrong is noticed by nobody in flight.';
  return h(
    'div', { class: 'notes' },
    h('ul', { class: 'key' }, SIGHTS.map((s) => h('li', {}, glyph(s), page.sights[s]))),
    h('p', { class: 'quiet' }, `A number is how many faults of the family come to that; the bar under it says how those `
      + `that lose the mission are seen. ${stations}`),
    ...page.unswept.map((text) => h('p', { class: 'unswept' }, `Not swept: ${text}.`)),
    h('p', { class: 'quiet' }, `Sizes flown: ${page.fineness}. Swept: ${page.parts.join(', ')}. t = 0 is ${page.zero_utc.slice(0, 19)}Z.`
      + (page.made_by ? ` cosmodrome ${page.made_by}.` : '')),
  );
}
