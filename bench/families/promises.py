"""The tables of docs/families.md: designs beside published orbits, and promises flown for a month.

    python bench/families/promises.py [--write]

prints them; --write puts them between the page's markers. Everything is computed in the run: a
few seconds on one core.
"""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

from cosmodrome.mission import read_orbit
from cosmodrome.targets.families import Design, design
from cosmodrome.targets.promises import Kept, keep
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "families.md"
EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DAY = 86_400.0

# text; name; published a km, i deg, e; source
PUBLISHED = (
    ("frozen repeat 412/29 sso ltdn 9:30", "Metop", 7195.605, 98.7022, 0.001165,
     "EUMETSAT, EPS Product Guide, app. B"),
    ("frozen repeat 501/35 sso ltdn 10:00", "Envisat", 7159.50, 98.55, 0.001165,
     "SCIAMACHY Handbook, table 2-2"),
    ("frozen repeat 233/16 sso ltdn 10:11", "Landsat", 7077.7, 98.2, None, "USGS"),
    ("frozen repeat 143/10 sso ltdn 10:30", "Sentinel-2", 7164.1, 98.62, None,
     "ESA: 786 km; seen to fly 98.57 deg"),
    ("frozen repeat 385/27 sso ltdn 10:00", "Sentinel-3", None, 98.65, None,
     "ESA: 814.5 km is a mean height over the ellipsoid"),
    ("frozen repeat 127/10 66.04 deg", "TOPEX, Jason", 7714.43, 66.04, 0.000095, "AVISO"),
    ("gps", "GPS", 26_559.7, 55.0, None, "SPS Performance Standard, 2020"),
    ("glonass", "GLONASS", 25_508.0, 64.8, None, "ICD, 2008: 11 h 15 min 44 s"),
    ("galileo", "Galileo", 29_599.8, 56.0, None, "OS SIS ICD"),
    ("beidou", "BeiDou, medium", 27_906.1, 55.0, None, "B1C ICD, 2017"),
)  # fmt: skip

FLOWN = (
    "sso repeat 233/16, ltdn 10:11",
    "sso repeat 143/10, ltdn 10:30",
    "frozen repeat 385/27 sso, ltdn 10:00",
    "frozen repeat 412/29 sso, ltdn 9:30",
    "frozen repeat 127/10 66.04 deg",
    "800 km sso 22:30",
    "molniya raan 0 deg",
    "molniya raan 90 deg",
    "molniya raan 200 deg",
    "tundra longitude -96 deg",
    "tundra e 0.075 43 deg longitude 135 deg",
    "gps",
    "glonass",
    "galileo",
    "geo longitude 19.2 deg",
    "repeat 15/1 51.6 deg",
)


def beside(world: World) -> list[str]:
    out = [
        "| orbit | as asked | a, km | published | i, deg | published | e | published | source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for text, name, a, i, e, source in PUBLISHED:
        m = design(read_orbit(text).target, EPOCH, world).mean
        said, wanted = f"{m.e:.6f}" if m.e else "0", "" if e is None else f"{e:.6f}"
        out.append(
            f"| {name} | `{text}` | {m.a_m / 1e3:,.2f} | {'' if a is None else f'{a:,.2f}'}"
            f" | {math.degrees(m.i_rad):.3f} | {i:g} | {said} | {wanted} |"
            f" {source} |"
        )
    return out


def flown(world: World) -> list[str]:
    out = [
        "| as asked | local time | track | e vector | perigee, deg (theory) | node, deg (theory)"
        " | i, deg |",
        "|---|---|---|---|---|---|---|",
    ]
    for text in FLOWN:
        made = design(read_orbit(text).target, EPOCH, world)
        out.append(f"| `{text}` | " + " | ".join(cells(made, keep(made, world))) + " |")
    return out


def cells(made: Design, kept: Kept) -> list[str]:
    f = kept.figures
    sun = made.target.turns_with_sun
    ltan = f"{f['ltan_drift_s']:.1f} s" if sun else ""
    if "longitude_drift_rad" in f:
        track = f"{math.degrees(f['longitude_drift_rad']):.2f} deg of longitude"
    else:
        track = f"{f['repeat_m'] / 1e3:.2f} km" if "repeat_m" in f else ""
    e = f"{100 * f['e_vector_ratio']:.1f} %" if made.kind == "frozen" else ""

    def beside_theory(key: str) -> str:
        theory = math.degrees(f[f"{key}_theory_rad"])
        return f"{math.degrees(f[f'{key}_rad']):+.3f} ({theory:+.3f})"

    argp = beside_theory("argp_drift") if "argp_drift_rad" in f else ""
    node = beside_theory("node_drift") if "node_drift_rad" in f and not sun else ""
    return [ltan, track, e, argp, node, f"{math.degrees(f['inclination_drift_rad']):+.4f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    world = World.shipped()
    tables = {"published": beside(world), "promises": flown(world)}
    text = PAGE.read_text(encoding="utf-8") if write else ""
    for name, lines in tables.items():
        table = "\n".join(lines)
        print(f"{name}\n{table}\n")
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(\n<!-- end -->)",
            lambda m, table=table: m[1] + table + m[2],
            text,
            flags=re.DOTALL,
        )
    if write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
