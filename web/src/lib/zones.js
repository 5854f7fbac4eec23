// Drop zones that can be drawn: some are known by name only.

export const drawn = (zones) => zones.filter((z) => z.polygon_deg.length >= 3);
