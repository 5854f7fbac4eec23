// From which size on a kind of fault loses the mission: every size flown, nothing wrong in the middle.

import { h } from '../lib/dom.js';
import { INTO, sides, sight } from '../lib/faults.js';
import { GLYPH } from './words.js';

const AT_ONCE = 80;

export function kinds(pane, state) {
  const { page } = state;
  const rows = h('ol', { class: 'kinds' });
  const more = h('button', { type: 'button', class: 'plain more' });
  pane.append(
    h('p', { class: 'quiet' }, 'Each mark is a size that was flown, its colour what came of it; filled where it loses the '
      + 'mission, with who sees it as ● ▲ ✕. Between two sizes nothing is known.'),
    rows, more,
  );
  let upto = AT_ONCE;
  let last = new Set();
  const mark = ({ n, o }) => {
    const text = page.consequences.find((c) => c.id === o.consequence).text;
    const spoken = `${o.text}: ${text}${o.loses ? `, ${page.sights[sight(o)]}` : ''}`;
    return h('button', {
      type: 'button', class: `mark ${o.consequence}${o.loses ? ' loses' : ''}${last.has(n) ? '' : ' dim'}`, 'data-fault': String(n),
      'aria-label': spoken, title: `${spoken}; ${o.why}`, onclick: () => state.set({ fault: String(n) }),
    }, o.size_text || text, o.loses ? h('i', { 'aria-hidden': 'true' }, GLYPH[sight(o)]) : null);
  };
  const row = (kind) => {
    const { below, above, whole } = sides(page, kind);
    const strip = below.length || above.length
      ? [h('span', { class: 'less' }, below.map(mark)), h('span', { class: 'zero', 'aria-hidden': 'true' }),
        h('span', {}, above.map(mark), whole.map(mark))]
      : [h('span', { class: 'whole' }, whole.map(mark))];
    return h(
      'li', {},
      h('div', { class: 'name' }, h('strong', {}, kind.name), h('small', {}, ` ${kind.family}, ${INTO[kind.into]}`)),
      h('div', { class: 'lost' }, kind.loses ? [h('b', {}, kind.loses_text), h('small', {}, ` ${seenText(kind)}`)] : h('small', {}, 'does not lose it')),
      h('div', { class: 'strip' }, strip),
    );
  };
  const draw = () => {
    const shown = page.kinds.filter((k) => k.of.some((n) => last.has(n)));
    rows.replaceChildren(...(shown.length ? shown.slice(0, upto).map(row) : [h('li', { class: 'quiet' }, 'No fault is like that.')]));
    more.hidden = shown.length <= upto;
    more.textContent = `Show ${Math.min(AT_ONCE, shown.length - upto)} more of ${shown.length}`;
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
    last = chosen;
    upto = AT_ONCE;
    draw();
  };
}

const seenText = (kind) => (kind.seen_by === 'none' ? 'seen by none' : kind.seen_by.startsWith('unobservable') ? kind.seen_by : `seen by ${kind.seen_by}`);
