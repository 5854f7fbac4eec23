// The bottom bar: play, clock, rows of burns, coasts and eclipses, and the slider.

import { h } from './lib/dom.js';
import { since, utc } from './lib/format.js';
import { focusMarks, timeMarks } from './lib/scale.js';
import { burnName, ofLanding } from './lib/places.js';
import { phaseAt } from './lib/series.js';

const RATES = [
  ['0', 'auto'], ['1', '1×'], ['10', '10×'], ['60', '60×'], ['300', '300×'], ['1200', '1200×'],
];

export function timeline(page, clock, scale) {
  const play = h('button', { class: 'play', type: 'button', 'aria-label': 'Play', title: 'Space' }, '▶');
  const rate = h(
    'select', { 'aria-label': 'Speed of play' },
    RATES.map(([v, text]) => h('option', { value: v }, text)),
  );
  const now = h('output', { class: 'now' }, since(0));
  const day = h('output', { class: 'day' }, utc(page.lift_off_utc, 0));
  const rows = h('div', { class: 'rows' });
  for (const [name, kind] of [['burns', 'burn'], ['coasts', 'coast'], ['eclipses', 'eclipse']]) {
    rows.append(row(page, clock, scale, name, kind));
  }
  const head = h('div', { class: 'head', 'aria-hidden': 'true' });
  const slider = h('input', {
    type: 'range', min: '0', max: '10000', step: '1', value: '0', class: 'slider',
    'aria-label': 'Time since lift-off',
  });
  const small = window.innerWidth < 860;
  const marked = scale.foci ? focusMarks(scale, 6 / trackWidth()) : timeMarks(scale, small ? 0.13 : 0.06);
  const marks = h(
    'div', { class: 'marks', 'aria-hidden': 'true' },
    marked.map((m) => h('span', { style: { left: `${m.x * 100}%` } }, m.label)),
  );
  const track = h('div', { class: 'track' }, rows, head, marks, slider);

  const setPlaying = (on) => {
    if (on && clock.t >= page.span_s[1]) clock.set(page.span_s[0]);
    clock.playing = on;
    play.textContent = on ? '❚❚' : '▶';
    play.setAttribute('aria-label', on ? 'Pause' : 'Play');
    if (on) {
      let last = performance.now();
      const walk = (stamp) => {
        if (!clock.playing) {
          setPlaying(false);
          return;
        }
        clock.step(Math.min(Math.max((stamp - last) / 1000, 0), 0.5));
        last = stamp;
        requestAnimationFrame(walk);
      };
      requestAnimationFrame(walk);
    }
  };
  play.addEventListener('click', () => setPlaying(!clock.playing));
  rate.addEventListener('change', () => { clock.rate = Number(rate.value); });
  slider.addEventListener('input', () => clock.set(scale.t(slider.value / 10000), 'slider'));
  clock.on((t, why) => {
    const x = scale.x(t);
    if (why !== 'slider') slider.value = String(Math.round(x * 10000));
    slider.style.setProperty('--x', `${x * 100}%`);
    slider.setAttribute('aria-valuetext', since(t));
    head.style.left = `${x * 100}%`;
    now.textContent = since(t);
    day.textContent = utc(page.lift_off_utc, t);
  });
  return {
    element: h(
      'footer', { class: 'timeline', 'aria-label': 'Timeline' },
      h('div', { class: 'transport' }, play, rate, h('div', { class: 'clock' }, now, day)),
      track,
    ),
    toggle: () => setPlaying(!clock.playing),
  };
}

const said = (name) => (name === 'umbra' ? 'eclipse' : name);

function row(page, clock, scale, name, kind) {
  const line = h('div', { class: 'row' });
  line.title = name;
  const taken = [];
  const items = page.moon && name === 'burns' ? named(page) : page.timeline[name];
  for (const item of items) {
    const a = scale.x(item.start_s);
    const b = scale.x(item.end_s);
    const width = Math.max((b - a) * 100, 0.18);
    const own = items !== page.timeline[name];
    const inside = own ? width > need(item.name)
      : width > Math.min(4, 0.6 * item.name.length) && item.kind !== 'penumbra';
    line.append(h(
      'button', {
        type: 'button', tabindex: '-1', class: `bar ${item.kind ?? kind}${inside ? ' named' : ''}`,
        style: { left: `${a * 100}%`, width: `${width}%` },
        title: `${said(item.name)}: ${since(item.start_s)} to ${since(item.end_s)}`,
        onclick: () => clock.set(item.start_s, 'bar'),
      },
      inside ? said(item.name) : '',
    ));
    if (inside || !own) continue;
    // too short for its name: beside it, where nothing else stands
    const end = Math.max(b * 100, a * 100 + 0.18);
    const long = need(item.name);
    const clear = (from) => from >= 0 && from + long <= 100 && items.every((o) => o === item
      || scale.x(o.start_s) * 100 >= from + long || scale.x(o.end_s) * 100 <= from)
      && !taken.some(([p, q]) => from < q && from + long > p);
    const at = [end + 0.25, a * 100 - long].find(clear);
    if (at === undefined) continue;
    taken.push([at, at + long]);
    line.append(h('span', { class: 'tag', style: { left: `${at}%` } }, item.name));
  }
  return line;
}

// width of the rows as the style sheet lays them out, px
function trackWidth() {
  const w = window.innerWidth;
  return w < 860 ? w - 32 : w - (w < 1180 ? 240 : 286) - 16;
}

// room that a name takes, per cent of the width
const need = (text) => (100 * (6 * text.length + 8)) / trackWidth();

// burns by the name of the manoeuvre where they have one
function named(page) {
  return page.timeline.burns.map((b) => {
    const t = (b.start_s + b.end_s) / 2;
    const o = page.objects.find((x) => page.primary.includes(x.id) && phaseAt(x, t)?.kind === 'burn');
    if (o?.chapter === 'landing') return { ...b, name: ofLanding(o) };
    const until = o && o.phases.length < 3 ? phaseAt(o, t).until : '';
    return { ...b, name: until ? burnName(until) : b.name };
  });
}
