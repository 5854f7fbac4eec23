// The page of a fault sweep: one choice of faults, shown as matrix, list, sizes and time line.

import { brand } from '../brand.js';
import { h } from '../lib/dom.js';
import { ALL, atFirst, INTO, matches, orbits, read, said } from '../lib/faults.js';
import { chosenFault } from './chosen.js';
import { kinds } from './kinds.js';
import { list } from './list.js';
import { families } from './matrix.js';
import { reached } from './orbits.js';
import { times } from './times.js';
import { counts, notes } from './words.js';

const TABS = [
  ['faults', 'Faults, ranked', list], ['sizes', 'From which size on', kinds], ['time', 'When it is seen', times],
  ['orbits', 'Orbits reached', reached],
];

// without an orbit that was planned none is shown
const tabsOf = (page) => TABS.filter(([name]) => name !== 'orbits' || orbits(page).length > 0);

// What is chosen: a filter, the tab, one fault by its rank. Parts are told when it changes.
function choice(page) {
  const parts = [];
  const start = { ...atFirst(page), tab: TABS[0][0], fault: '' };
  const state = {
    page,
    ...read(location.hash, start),
    on: (part) => parts.push(part),
    set(more) {
      Object.assign(state, more);
      tell(parts, state, more);
      keep(start, state);
    },
    // a choice anew, of these alone; the same once more takes it back
    only(more) {
      const same = Object.keys(ALL).every((k) => state[k] === { ...ALL, ...more }[k]);
      state.set(same ? atFirst(page) : { ...ALL, ...more });
    },
  };
  if (!tabsOf(page).some(([name]) => name === state.tab)) state.tab = start.tab;
  return state;
}

function tell(parts, state, more) {
  const chosen = new Set();
  state.page.outcomes.forEach((o, n) => { if (matches(o, state)) chosen.add(n); });
  for (const part of parts) part(state, chosen, more);
}

function keep(start, state) {
  const changed = Object.fromEntries(Object.keys(start).filter((k) => state[k] !== start[k]).map((k) => [k, state[k]]));
  try {
    history.replaceState(null, '', `#${said(changed)}`);
  } catch {
    // a page opened from a mail attachment may not rewrite its address
  }
}

export function start(root, page) {
  const state = choice(page);
  root.replaceChildren(
    header(page),
    h('aside', { class: 'over', 'aria-label': 'Families of faults and what comes of them' },
      counts(state), families(state), notes(page)),
    h('main', { class: 'show' }, filter(state), ...tabs(state), chosenFault(state)),
  );
  keys(state);
  state.set({});
}

function header(page) {
  const { checks: c, losing } = page;
  const go = page.verdict === 'go';
  const n = c.holds + c.fails + c.warns + c.not_judged;
  document.title = `What would lose ${page.mission}`;
  return h(
    'header', { class: 'top' },
    brand(),
    h('h1', {}, page.mission, h('span', { class: 'quiet' }, ' · what would lose it')),
    h('span', { class: 'spacer' }),
    h('span', { class: `pill ${go ? 'go' : 'nogo'}`, title: 'the flight with nothing wrong' },
      `${page.verdict.toUpperCase()} · ${n} checks`),
    c.fails ? h('span', { class: 'pill nogo' }, `${c.fails} failed`) : null,
    losing.seen_by_none
      ? h('span', { class: 'pill nogo' }, `${losing.seen_by_none} seen by none`)
      : h('span', { class: 'pill go' }, 'all that loses it is seen'),
  );
}

// the search, and what is chosen in words
function filter(state) {
  const { page } = state;
  const search = h('input', {
    type: 'search', id: 'search', placeholder: 'Search faults and who sees them', 'aria-label': 'Search', title: 'Key /',
    value: state.q || null, oninput: () => state.set({ q: search.value.trim() }),
  });
  const lose = h('input', { type: 'checkbox', id: 'lose', onchange: () => state.set({ lose: lose.checked }) });
  const told = h('output', { class: 'told', role: 'status' });
  const clear = h('button', { type: 'button', class: 'plain', onclick: () => state.set(ALL), title: 'Key Escape' }, 'Show all');
  state.on((s, chosen) => {
    if (search.value.trim() !== s.q) search.value = s.q;
    lose.checked = s.lose;
    const parts = [
      s.family, INTO[s.into],
      page.consequences.find((c) => c.id === s.consequence)?.text, page.sights[s.sight],
    ].filter(Boolean);
    told.textContent = `${chosen.size} of ${page.outcomes.length}${parts.length ? `: ${parts.join(', ')}` : ''}`;
    clear.hidden = Object.keys(ALL).every((k) => s[k] === ALL[k]);
  });
  return h('div', { class: 'filter', role: 'search' }, search,
    h('label', { for: 'lose' }, lose, 'only what loses the mission'), told, clear);
}

function tabs(state) {
  const bar = h('div', { class: 'tabs', role: 'tablist' });
  const names = tabsOf(state.page);
  const panes = names.map(([name, text, make], k) => {
    bar.append(h('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `pane-${name}`, title: `Key ${k + 1}`,
      onclick: () => state.set({ tab: name }),
    }, text));
    const pane = h('div', { class: `pane ${name}`, role: 'tabpanel', id: `pane-${name}`, 'aria-labelledby': `tab-${name}`, tabindex: '0' });
    const fill = make(pane, state);
    state.on((s, chosen, more) => {
      pane.hidden = s.tab !== name;
      // what is not looked at is drawn when it is; another fault alone draws nothing anew
      if (!pane.hidden) fill(chosen, Object.keys(more).length === 1 && 'fault' in more);
    });
    return pane;
  });
  state.on((s) => {
    for (const b of bar.children) {
      const on = b.id === `tab-${s.tab}`;
      b.setAttribute('aria-selected', String(on));
      b.tabIndex = on ? 0 : -1;
      // a bar of tabs that is wider than its place
      if (on) bar.scrollLeft = b.offsetLeft - bar.offsetLeft - 20;
    }
  });
  bar.addEventListener('keydown', (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    const at = names.findIndex(([name]) => name === state.tab);
    const next = names[(at + step + names.length) % names.length][0];
    state.set({ tab: next });
    bar.querySelector(`#tab-${next}`).focus();
    e.preventDefault();
  });
  return [bar, ...panes];
}

function keys(state) {
  const names = tabsOf(state.page);
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const typing = e.target.id === 'search';
    if (e.key === 'Escape') {
      if (state.fault !== '') state.set({ fault: '' });
      else state.set(ALL);
    } else if (typing) return;
    else if (e.key === '/') document.getElementById('search').focus();
    else if (names[Number(e.key) - 1]) state.set({ tab: names[Number(e.key) - 1][0] });
    else return;
    e.preventDefault();
  });
}

const source = document.getElementById('page');
if (source) start(document.getElementById('app'), JSON.parse(source.textContent));
