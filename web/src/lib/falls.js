// Which falls a map is drawn for.

// km from the pad that the near map shows: what falls on the way, not what nearly reached orbit
export function reach(page) {
  const ranges = page.objects.filter((o) => o.centre !== 'moon').map((o) => o.impact?.range_km).filter((km) => km < 2500);
  return ranges.length ? 1.15 * Math.max(...ranges) : 6000;
}
