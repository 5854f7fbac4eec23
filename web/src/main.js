// The report page: reads its data, builds the parts, links them to one clock.

import coastBytes from './data/coast.bin';
import { Globe } from './globe.js';
import { makeClock } from './lib/clock.js';
import { coastlines } from './lib/coast.js';
import { h } from './lib/dom.js';
import { reach } from './lib/falls.js';
import { mass, value } from './lib/format.js';
import { crafts, following } from './lib/follow.js';
import { focusScale, fociOf, timeScale } from './lib/scale.js';
import { aboutMoon } from './lib/moon.js';
import { lunarSpans } from './lib/passages.js';
import { marks } from './lib/places.js';
import { climbEnd, linear, primaryAt } from './lib/series.js';
import { FlatMap } from './map.js';
import * as panels from './panels.js';
import { COLUMNS, MOON_COLUMNS, Plots } from './plots.js';
import * as safety from './safety.js';
import { framesOf } from './space.js';
import { timeline } from './timeline.js';
import { landingNear, views } from './views.js';

const TABS = [
  ['ascent', 'Ascent'], ['orbit', 'Orbit'], ['moon', 'Moon'], ['range', 'Range'], ['checks', 'Checks'],
  ['ledger', 'Ledger'], ['sources', 'Sources'],
];
// tabs of what happens on the way from the ground
const GROUND = ['ascent', 'range'];

// what the axes are called about either body
const AXES = {
  fixed: { earth: 'Earth-fixed', moon: 'Moon-fixed' },
  rotating: { earth: 'Turning with the Moon', moon: '' },
  inertial: { earth: 'Inertial', moon: 'Inertial' },
};

export function start(root, whole) {
  const page = following(whole, /[#&]craft=([\w.-]+)/.exec(location.hash)?.[1]);
  const scale = page.moon ? focusScale(...page.span_s, fociOf(page))
    : timeScale(page.span_s[0], page.span_s[1]);
  const clock = makeClock(page.span_s[0], page.span_s[1], scale);
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
  const seen = /[#&]view=([\w-]+)/.exec(location.hash);
  if (seen && views(page).some(([name]) => name === seen[1])) view?.show(seen[1], true);
  const frame = /[#&]frame=(\w+)/.exec(location.hash);
  if (frame) view?.turn(frame[1]);
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
    const lunar = aboutMoon(page).length > 0;
    if (!page.site && !lunar) near.remove();
    const share = () => { near.style.top = `${world.offsetHeight}px`; };
    new ResizeObserver(share).observe(world);
    share();
    new FlatMap(world, page, clock, coast, { label: `World map with the ground track of ${page.name}` });
    if (lunar) {
      new FlatMap(near, page, clock, coast, { body: 'moon', label: 'Ground track on the Moon' });
    } else if (page.site) {
      new FlatMap(near, page, clock, coast, { local: true, label: 'Ground track of the climb' });
    }
    return null;
  }
  const chips = h('div', { class: page.moon ? 'chips many' : 'chips', role: 'group', 'aria-label': 'View' });
  const frames = h('div', { class: 'chips frames', role: 'group', 'aria-label': 'Axes' });
  const press = () => {
    for (const b of chips.children) b.setAttribute('aria-pressed', String(b.value === globe.view));
    for (const b of frames.children) {
      b.setAttribute('aria-pressed', String(b.value === globe.frame));
      b.hidden = !framesOf(globe.view).includes(b.value);
      b.textContent = AXES[b.value][globe.space.body];
    }
  };
  const show = (name, now = false) => {
    const down = name === 'moon' && landingNear(page, clock.t);
    globe.setView(name, now, down ? 'fixed' : framesOf(name)[0]);
    press();
  };
  const turn = (name) => {
    if (!framesOf(globe.view).includes(name)) return;
    // the two pictures of the way to the Moon have nothing in common but the Earth
    if (globe.view === 'earth-moon') globe.setView(globe.view, true, name);
    else globe.setFrame(name);
    press();
  };
  views(page).forEach(([name, text], k) => chips.append(h(
    'button', { type: 'button', value: name, title: `Key ${k + 1}`, onclick: () => show(name) }, text,
  )));
  const axes = page.moon ? ['fixed', 'rotating', 'inertial'] : ['fixed', 'inertial'];
  for (const name of axes) {
    frames.append(h('button', { type: 'button', value: name, onclick: () => turn(name) }, ''));
  }
  stage.append(chips, frames, follow(page), read);
  globe.labels.reserved = read;
  press();
  return { show, turn, globe };
}

// which of several craft to follow: the page is built anew about it
function follow(page) {
  const go = (id) => {
    const kept = location.hash.slice(1).split('&').filter((x) => x && !x.startsWith('craft='));
    location.hash = [...kept, ...(id ? [`craft=${id}`] : [])].join('&');
    location.reload();
  };
  return h(
    'div', { class: 'chips crafts', role: 'group', 'aria-label': 'Spacecraft to follow' },
    crafts(page).map(([id, label]) => h('button', {
      type: 'button', value: id, 'aria-pressed': String(id === (page.follows ?? '')),
      onclick: () => go(id),
    }, label)),
  );
}

// altitude, inertial speed, dynamic pressure, mass: the numbers at the top right of the globe;
// a flight that begins in orbit meets no air to speak of
function numbers(page, clock) {
  const now = () => primaryAt(page.objects, page.primary, clock.t);
  const about = () => now().centre === 'moon';
  const fields = [
    ['altitude', 'altitude_km', (x) => (x < 20000 || !page.moon
      ? `${x < 100 ? x.toFixed(2) : x.toFixed(1)} km` : value(Math.round(x), 'km'))],
    ['inertial speed', 'speed_inertial_m_s', (x) => `${x.toFixed(0)} m/s`],
    ...(page.site
      ? [['dynamic pressure', 'dynamic_pressure_kpa', (x) => `${x.toFixed(1)} kPa`]] : []),
    ['mass', 'mass_kg', mass],
  ];
  const out = fields.map(([label]) => h('div', {}, h('strong', {}), h('span', {}, label)));
  const fill = () => {
    const o = now();
    if (page.moon) tell(out, fields, about(), o.chapter !== 'ascent');
    fields.forEach(([, name, text], k) => {
      const x = linear(o.series.t_s, o.series[name], clock.t);
      out[k].firstChild.textContent = x === null ? '' : text(x);
    });
  };
  clock.on(fill);
  fill();
  return h('div', { class: 'numbers' }, out);
}

// about the Moon the numbers say so; after the ascent there is no air to tell of
function tell(out, fields, about, airless) {
  fields.forEach(([label], k) => {
    const words = { altitude: 'altitude over the Moon', 'inertial speed': 'speed about the Moon' };
    out[k].lastChild.textContent = about ? words[label] ?? label : label;
    out[k].hidden = airless && label === 'dynamic pressure';
  });
}

function buildTabs(page, clock, coast) {
  const lunar = aboutMoon(page);
  const near = page.objects.filter((o) => o.centre !== 'moon');
  const own = !lunar.length || near.some((o) => page.primary.includes(o.id));
  const names = TABS.filter(([name]) => (page.site || !GROUND.includes(name))
    && (name !== 'moon' || lunar.length > 0) && (name !== 'orbit' || own));
  const list = h('div', { class: names.length > 6 ? 'tabs many' : 'tabs', role: 'tablist' });
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
    if (page.site) ascentTabs(page, clock, coast, panes, near);
    if (lunar.length) moonTab(page, clock, coast, panes.moon, lunar);
    if (own) {
      const world = h('div', { class: 'map world' });
      const wide = h('div', { class: 'plots' });
      panes.orbit.append(world, wide, ...panels.orbitTables(page, clock));
      new FlatMap(world, page, clock, coast, { label: 'Ground track' });
      new Plots(wide, page, clock, COLUMNS.slice(0, 1), 'all', 110, near);
    }
    panes.checks.append(panels.findingsDetail(page));
    panes.ledger.append(...panels.ledger(page));
    panes.sources.append(...panels.sources(page).filter(Boolean));
    show(names[0][0]);
    element.dispatchEvent(new Event('ready'));
  });
  return { element, show };
}

// the track over the Moon, the place it comes down at, and plots about it
function moonTab(page, clock, coast, pane, lunar) {
  const all = h('div', { class: 'map world' });
  const spans = lunarSpans(page);
  const chips = h('div', { class: 'chips small', role: 'group', 'aria-label': 'Span of the plots' });
  const plots = h('div', { class: 'plots' });
  const down = h('div', { class: 'map down' });
  const lands = marks(page).length > 0;
  pane.append(all, spans.length > 1 ? chips : '', plots, ...(lands
    ? [h('h3', {}, 'The way down'), down] : []), ...panels.orbitTables(page, clock, 'moon'));
  new FlatMap(all, page, clock, coast, { body: 'moon', label: 'Ground track on the Moon' });
  if (lands) new FlatMap(down, page, clock, coast, { body: 'moon', local: true, label: 'The way down to the Moon' });
  const shown = new Plots(plots, page, clock, MOON_COLUMNS, spans[0][1], 74, lunar);
  for (const [name, span] of spans) {
    const b = h('button', {
      type: 'button', 'aria-pressed': String(span === spans[0][1]),
      onclick: () => {
        shown.setRange(span);
        for (const c of chips.children) c.setAttribute('aria-pressed', String(c === b));
      },
    }, name);
    chips.append(b);
  }
}

// what happens on the way from the pad to the release
function ascentTabs(page, clock, coast, panes, objects) {
  const plots = h('div', { class: 'plots' });
  const near = h('div', { class: 'map near' });
  const ranges = h('div', { class: 'chips small', role: 'group', 'aria-label': 'Span of the plots' });
  panes.ascent.append(ranges, plots, h('h3', {}, 'Ground track and drop points'), near);
  const small = new Plots(plots, page, clock, COLUMNS, 'climb', 74, objects);
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
        const who = page.follows ? `&craft=${page.follows}` : '';
        history.replaceState(null, '', `#t=${t.toFixed(1)}${who}`);
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
