// The report page: reads its data, builds the parts, links them to one clock.

import coastBytes from './data/coast.bin';
import { Globe } from './globe.js';
import { makeClock } from './lib/clock.js';
import { coastlines } from './lib/coast.js';
import { setFigure } from './lib/earth.js';
import { h } from './lib/dom.js';
import { reach } from './lib/falls.js';
import { mass } from './lib/format.js';
import { timeScale } from './lib/scale.js';
import { climbEnd, linear, primaryAt } from './lib/series.js';
import { FlatMap } from './map.js';
import * as panels from './panels.js';
import { COLUMNS, Plots } from './plots.js';
import * as safety from './safety.js';
import { timeline } from './timeline.js';

const VIEWS = [['pad', 'Pad'], ['ascent', 'Ascent'], ['orbit', 'Orbit'], ['pole', 'Pole']];

const TABS = [
  ['ascent', 'Ascent'], ['orbit', 'Orbit'], ['range', 'Range'], ['checks', 'Checks'],
  ['ledger', 'Ledger'], ['sources', 'Sources'],
];
// views and tabs of what happens on the way from the ground
const GROUND = ['pad', 'ascent', 'range'];
const views = (page) => VIEWS.filter(([name]) => page.site || !GROUND.includes(name));

export function start(root, page) {
  const scale = timeScale(page.span_s[0], page.span_s[1]);
  const clock = makeClock(page.span_s[0], page.span_s[1], scale);
  setFigure(page.earth);
  const coast = coastlines(coastBytes);
  root.replaceChildren();

  const stage = h('main', { class: 'stage', 'aria-label': 'Globe' });
  const tabs = buildTabs(page, clock, coast);
  const openFinding = (check) => {
    tabs.show('checks');
    const card = [...tabs.element.querySelectorAll('details')].find((d) => d.dataset.check === check);
    if (card) card.open = true;
    card?.scrollIntoView({ block: 'nearest' });
    card?.classList.add('lit');
    setTimeout(() => card?.classList.remove('lit'), 1500);
  };
  const bar = timeline(page, clock, scale);
  root.append(
    panels.header(page),
    h('aside', { class: 'left', 'aria-label': 'Mission, events, checks' },
      panels.facts(page), panels.events(page, clock), panels.checks(page, openFinding)),
    stage, tabs.element, bar.element,
  );
  const view = buildStage(stage, page, clock, coast);
  keys(page, clock, bar, scale, view);
  hash(page, clock);
  const seen = /[#&]view=(\w+)/.exec(location.hash);
  if (seen && VIEWS.some(([name]) => name === seen[1])) view?.show(seen[1], true);
}

function buildStage(stage, page, clock, coast) {
  const read = numbers(page, clock);
  let globe = null;
  try {
    if (location.hash.includes('flat')) throw new Error('flat map asked for');
    globe = new Globe(stage, page, clock, coast);
  } catch (error) {
    // a page that cannot draw the globe says so where its maker looks
    console.warn('flat maps instead of the globe:', error);
    stage.classList.add('flat');
    stage.replaceChildren();
    const world = h('div', { class: 'flatmap' });
    const near = h('div', { class: 'flatmap near' });
    stage.append(world, near, read, h(
      'p', { class: 'hint' }, 'No WebGL here: flat maps stand in for the globe.',
    ));
    if (!page.site) near.remove();
    const share = () => { near.style.top = `${world.offsetHeight}px`; };
    new ResizeObserver(share).observe(world);
    share();
    new FlatMap(world, page, clock, coast, { label: `World map with the ground track of ${page.name}` });
    if (page.site) {
      new FlatMap(near, page, clock, coast, { local: true, label: 'Ground track of the climb' });
    }
    return null;
  }
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'View' });
  const frames = h('div', { class: 'chips frames', role: 'group', 'aria-label': 'Axes' });
  const press = () => {
    for (const b of chips.children) b.setAttribute('aria-pressed', String(b.value === globe.view));
    for (const b of frames.children) b.setAttribute('aria-pressed', String(b.value === globe.frame));
  };
  const show = (name, now = false) => {
    globe.setFrame(name === 'orbit' || name === 'pole' ? 'inertial' : 'fixed');
    globe.setView(name, now);
    press();
  };
  views(page).forEach(([name, text], k) => chips.append(h(
    'button', { type: 'button', value: name, title: `Key ${k + 1}`, onclick: () => show(name) }, text,
  )));
  for (const [name, text] of [['fixed', page.earth.body ? 'Moon-fixed' : 'Earth-fixed'], ['inertial', 'Inertial']]) {
    frames.append(h('button', {
      type: 'button', value: name, onclick: () => { globe.setFrame(name); press(); },
    }, text));
  }
  stage.append(chips, frames, read);
  globe.labels.reserved = read;
  press();
  return { show, globe };
}

// altitude, inertial speed, dynamic pressure, mass: the numbers at the top right of the globe;
// a flight that begins in orbit meets no air to speak of
function numbers(page, clock) {
  const fields = [
    ['altitude', 'altitude_km', (x) => `${x < 100 ? x.toFixed(2) : x.toFixed(1)} km`],
    ['inertial speed', 'speed_inertial_m_s', (x) => `${x.toFixed(0)} m/s`],
    ...(page.site
      ? [['dynamic pressure', 'dynamic_pressure_kpa', (x) => `${x.toFixed(1)} kPa`]] : []),
    ['mass', 'mass_kg', mass],
  ];
  const out = fields.map(([label]) => h('div', {}, h('strong', {}), h('span', {}, label)));
  const fill = () => {
    const o = primaryAt(page.objects, page.primary, clock.t);
    fields.forEach(([, name, text], k) => {
      const x = linear(o.series.t_s, o.series[name], clock.t);
      out[k].firstChild.textContent = x === null ? '' : text(x);
    });
  };
  clock.on(fill);
  fill();
  return h('div', { class: 'numbers' }, out);
}

function buildTabs(page, clock, coast) {
  const names = TABS.filter(([name]) => page.site || !GROUND.includes(name));
  const list = h('div', { class: 'tabs', role: 'tablist' });
  const panes = {};
  const element = h('aside', { class: 'right', 'aria-label': 'Plots and tables' }, list);
  const show = (name) => {
    for (const [id] of names) {
      panes[id].hidden = id !== name;
      list.querySelector(`#tab-${id}`).setAttribute('aria-selected', String(id === name));
    }
  };
  for (const [id, text] of names) {
    list.append(h('button', {
      type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `pane-${id}`,
      onclick: () => show(id),
    }, text));
    panes[id] = h('div', {
      class: `pane ${id}`, role: 'tabpanel', id: `pane-${id}`, 'aria-labelledby': `tab-${id}`,
    });
    element.append(panes[id]);
  }
  // the panes must be laid out when plots and maps measure themselves
  queueMicrotask(() => {
    if (page.site) ascentTabs(page, clock, coast, panes);
    const world = h('div', { class: 'map world' });
    const wide = h('div', { class: 'plots' });
    panes.orbit.append(world, wide, ...panels.orbitTables(page, clock));
    new FlatMap(world, page, clock, coast, { label: 'Ground track' });
    new Plots(wide, page, clock, COLUMNS.slice(0, 1), 'all', 110);
    panes.checks.append(panels.findingsDetail(page));
    panes.ledger.append(...panels.ledger(page));
    panes.sources.append(...panels.sources(page).filter(Boolean));
    show(names[0][0]);
    element.dispatchEvent(new Event('ready'));
  });
  return { element, show };
}

// what happens on the way from the pad to the release
function ascentTabs(page, clock, coast, panes) {
  const plots = h('div', { class: 'plots' });
  const near = h('div', { class: 'map near' });
  const ranges = h('div', { class: 'chips small', role: 'group', 'aria-label': 'Span of the plots' });
  panes.ascent.append(ranges, plots, h('h3', {}, 'Ground track and drop points'), near);
  const small = new Plots(plots, page, clock);
  for (const [name, text] of [['climb', 'Climb'], ['release', 'To release'], ['all', 'Whole flight']]) {
    const b = h('button', {
      type: 'button', 'aria-pressed': String(name === 'climb'),
      onclick: () => {
        small.setRange(name);
        for (const c of ranges.children) c.setAttribute('aria-pressed', String(c === b));
      },
    }, text);
    ranges.append(b);
  }
  new FlatMap(near, page, clock, coast, {
    local: true, label: 'Ground track of the climb with drop points',
  });
  const falls = h('div', { class: 'map range' });
  const far = h('div', { class: 'map far' });
  panes.range.append(falls, safety.legend(), ...safety.tables(page), h('h3', {}, 'All of the climb'), far);
  new FlatMap(falls, page, clock, coast, {
    local: true, reach: reach(page), label: 'Fall areas, impact trace and corridor near the site',
  });
  new FlatMap(far, page, clock, coast, { local: true, label: 'Fall areas of the whole climb' });
}

function keys(page, clock, bar, scale, view) {
  const marks = panels.pickEvents(page).map((e) => e.t_s);
  document.addEventListener('keydown', (e) => {
    const tag = e.target.tagName;
    if (e.ctrlKey || e.metaKey || e.altKey || tag === 'SELECT' || tag === 'TEXTAREA') return;
    const slider = tag === 'INPUT';
    const walk = (sign) => clock.set(scale.t(scale.x(clock.t) + sign * (e.shiftKey ? 0.02 : 0.003)), 'key');
    const done = {
      ' ': () => (tag === 'BUTTON' ? false : bar.toggle()),
      ArrowRight: () => (slider ? false : walk(1)),
      ArrowLeft: () => (slider ? false : walk(-1)),
      Home: () => clock.set(page.span_s[0], 'key'),
      End: () => clock.set(page.span_s[1], 'key'),
      '[': () => clock.set([...marks].reverse().find((t) => t < clock.t - 0.05) ?? page.span_s[0], 'key'),
      ']': () => clock.set(marks.find((t) => t > clock.t + 0.05) ?? page.span_s[1], 'key'),
      ...Object.fromEntries(views(page).map(([name], k) => [k + 1, () => view?.show(name)])),
    }[e.key];
    if (done && done() !== false) e.preventDefault();
  });
}

// #t=400 in the address is the clock, so an instant can be sent to somebody
function hash(page, clock) {
  const given = /[#&]t=(-?[\d.]+)/.exec(location.hash);
  let timer = 0;
  clock.on((t, why) => {
    if (why === 'init') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        history.replaceState(null, '', `#t=${t.toFixed(1)}`);
      } catch {
        // a page opened from a mail attachment may not rewrite its address
      }
    }, 300);
  });
  // open on the climb under way: the picture says most there
  const climb = page.site ? climbEnd(page.timeline, page.span_s[1]) * 0.62 : page.span_s[0];
  const first = given ? Number(given[1]) : climb;
  clock.set(first, 'init');
}

const source = document.getElementById('page');
if (source) {
  start(document.getElementById('app'), JSON.parse(source.textContent));
  const tab = /[#&]tab=(\w+)/.exec(location.hash);
  if (tab) setTimeout(() => document.getElementById(`tab-${tab[1]}`)?.click(), 0);
}
