// The faults in their rank: what comes of each, why, who sees it and when.

import { h } from '../lib/dom.js';
import { firstSeen, INTO, sight, when } from '../lib/faults.js';
import { glyph } from './words.js';

const AT_ONCE = 120;

export const tag = (page, o) => h('span', { class: `tag ${o.consequence}` }, page.consequences.find((c) => c.id === o.consequence).text);

// who sees it first, and when
export function seenFirst(page, o) {
  if (!o.seen.length) return [glyph(sight(o)), sight(o) === 'hidden' ? 'unobservable' : 'by none'];
  const t = firstSeen(o);
  const by = [...new Set(o.seen.map((s) => s.by))];
  return [glyph(sight(o)), t === -Infinity ? 'before flight' : when(t), h('small', {}, by[0] + (by.length > 1 ? ` +${by.length - 1}` : ''))];
}

export function list(pane, state) {
  const { page } = state;
  const rows = h('ol', { class: 'faults' });
  const more = h('button', { type: 'button', class: 'plain more' });
  pane.append(
    h('div', { class: 'heads', 'aria-hidden': 'true' }, ['comes to', 'fault, and why', 'acts', 'first seen'].map((t) => h('span', {}, t))),
    rows, more,
  );
  let upto = AT_ONCE;
  let shown = [];
  const row = (n) => {
    const o = page.outcomes[n];
    return h('li', {}, h(
      'button', { type: 'button', 'data-fault': String(n), onclick: () => state.set({ fault: String(n) }) },
      tag(page, o),
      h('span', { class: 'what' }, o.text, h('small', {}, o.why)),
      h('span', { class: 'at' }, o.effect_s === null ? INTO[o.into] : when(o.effect_s)),
      h('span', { class: 'seen' }, o.loses ? seenFirst(page, o) : ''),
    ));
  };
  const draw = () => {
    rows.replaceChildren(...(shown.length ? shown.slice(0, upto).map(row) : [h('li', { class: 'quiet' }, 'No fault is like that.')]));
    more.hidden = shown.length <= upto;
    more.textContent = `Show ${Math.min(AT_ONCE, shown.length - upto)} more of ${shown.length}`;
    press();
  };
  const press = () => {
    for (const b of rows.querySelectorAll('button')) b.setAttribute('aria-pressed', String(b.dataset.fault === state.fault));
  };
  more.addEventListener('click', () => {
    const at = upto;
    upto += AT_ONCE;
    draw();
    rows.children[at]?.querySelector('button').focus();
  });
  rows.addEventListener('keydown', (e) => {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[e.key];
    const next = step && e.target.closest('li')?.[step]?.querySelector('button');
    if (!next) return;
    next.focus();
    next.click();
    e.preventDefault();
  });
  return (chosen, same) => {
    if (same) {
      press();
      return;
    }
    shown = [...chosen].sort((a, b) => a - b);
    upto = AT_ONCE;
    draw();
  };
}
