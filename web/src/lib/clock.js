// One clock: everything that shows time listens to it, everything that moves time sets it.

export function makeClock(start, end, scale) {
  const listeners = [];
  const clock = {
    t: start,
    playing: false,
    rate: 0, // 0: automatic, an even walk along the timeline's own scale
    on(f) { listeners.push(f); },
    set(t, why = '') {
      const next = Math.min(Math.max(t, start), end);
      if (next === clock.t && why !== 'init') return;
      clock.t = next;
      for (const f of listeners) f(next, why);
    },
    step(seconds) {
      if (clock.rate > 0) clock.set(clock.t + seconds * clock.rate, 'play');
      else clock.set(scale.t(scale.x(clock.t) + seconds / 75), 'play');
      if (clock.t >= end) clock.playing = false;
    },
  };
  return clock;
}
