// Which craft the page follows: the primary spacecraft, or one that it let go to fly its own plan.

// the page as it follows a released craft: its line goes on with it, and its carrier, from there
// on, is one that flies beside
export function following(page, id) {
  const line = page.lines?.find((x) => x.id === id);
  if (!line) return page;
  const [, carrier] = line.primary;
  const free = page.objects.filter((o) => o.id === id);
  const parts = Math.min(...free.map((o) => o.series.t_s[0])) - 1e-6;
  const stays = (o) => o.id === carrier && o.series.t_s[0] >= parts;
  const later = (e) => e.object === carrier && e.t_s > parts + 2e-6;
  return {
    ...page,
    primary: line.primary,
    timeline: line.timeline,
    follows: id,
    beside: [`${carrier}, apart`],
    objects: page.objects.map((o) => (stays(o) ? { ...o, id: `${carrier}, apart` } : o)),
    events: page.events.map((e) => (later(e) ? { ...e, object: `${carrier}, apart` } : e)),
  };
}

// ids of craft with lines of their own beside the one that is followed
export function besides(page) {
  return page.beside ?? (page.lines ?? []).map((x) => x.id);
}

// [id, label] of the craft that can be followed; none where there is one alone
export function crafts(page) {
  if (!page.lines?.length) return [];
  const label = (id) => page.objects.find((o) => o.id === id)?.label ?? id;
  return [['', label(page.lines[0].primary[1])], ...page.lines.map((x) => [x.id, label(x.id)])];
}
