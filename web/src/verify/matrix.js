// Families of faults against what comes of them: every number is a button that chooses.

import { h } from '../lib/dom.js';
import { INTO, matrix, SIGHTS } from '../lib/faults.js';

export function families(state) {
  const { page } = state;
  const marked = [];
  // a button that chooses `choice`, pressed while that is what is chosen
  const button = (choice, props, ...inside) => {
    const b = h('button', { type: 'button', ...props, onclick: () => state.only(choice) }, inside);
    marked.push([b, choice]);
    return b;
  };
  const head = h('tr', {}, h('td', {}), page.consequences.map((c) => h(
    'th', { scope: 'col', class: c.id }, button({ consequence: c.id }, {}, h('span', {}, c.text)),
  )));
  const most = Math.max(1, ...page.consequences.map((c) => page.outcomes.filter((o) => o.consequence === c.id).length));
  const bodies = matrix(page).map((group) => h(
    'tbody', {},
    h('tr', { class: 'group' }, h(
      'th', { scope: 'rowgroup', colspan: String(page.consequences.length + 1) }, button({ into: group.into }, {}, INTO[group.into]),
    )),
    group.rows.map((row) => h(
      'tr', {},
      h('th', { scope: 'row' }, button({ into: row.into, family: row.family }, { title: `${row.count} faults` }, row.family)),
      row.cells.map((cell) => h('td', { class: cell.consequence }, cell.count ? button(
        { into: row.into, family: row.family, consequence: cell.consequence },
        { 'aria-label': spoken(page, row, cell), title: spoken(page, row, cell), style: { '--much': `${shade(cell.count, most)}%` } },
        String(cell.count), bar(cell),
      ) : null)),
    )),
  ));
  state.on((now) => {
    for (const [b, choice] of marked) {
      const same = ['into', 'family', 'consequence'].every((k) => (choice[k] ?? '') === now[k]);
      b.setAttribute('aria-pressed', String(same));
    }
  });
  return h(
    'section', {}, h('h2', {}, 'Family of fault against what comes of it'),
    h('table', { class: 'matrix', 'aria-label': 'How many faults of a family come to what' }, h('thead', {}, head), bodies),
  );
}

const shade = (n, most) => (10 + (26 * Math.log1p(n)) / Math.log1p(most)).toFixed(0);

function bar(cell) {
  const parts = SIGHTS.filter((s) => cell.by[s]);
  if (!parts.length) return null;
  return h('span', { class: 'bar', 'aria-hidden': 'true' }, parts.map((s) => h('i', { class: s, style: { flexGrow: String(cell.by[s]) } })));
}

function spoken(page, row, cell) {
  const text = page.consequences.find((c) => c.id === cell.consequence).text;
  const seen = SIGHTS.filter((s) => cell.by[s]).map((s) => `${cell.by[s]} ${page.sights[s]}`);
  return `${row.family} ${INTO[row.into]}, ${text}: ${cell.count}${seen.length ? `; ${seen.join(', ')}` : ''}`;
}
