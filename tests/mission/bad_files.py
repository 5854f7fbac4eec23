"""Broken files: sound ones, what to change in them, and what the reader must then say."""

from __future__ import annotations

#: a sound mission; a case replaces one text in it by another
MISSION = """\
schema: cosmodrome/1
name: Trial
site: vostochny
vehicle: soyuz-2.1b-fregat
spacecraft:
  mass: 2900 kg
  drag_area: 12 m^2
launch:
  window: 2027-03-01T00:00Z / 2027-03-03T00:00Z
target:
  kind: sun-synchronous
  altitude: 820 km +- 5 km
  ltan: "15:00 +- 2 min"
limits: {dynamic_pressure: 45 kPa}
plan:
  - coast: {for: 1 day}
physics:
  gravity: 70x70
  third_bodies: [sun, moon]
"""

#: a sound vehicle of one's own, small enough to read
VEHICLE = """\
id: dart
name: Dart
reference_area: 3 m^2
drag: {mach: [0, 1, 5], cd: [0.3, 0.5, 0.25]}
fairing:
  mass: 50 kg
  jettison: {at: 150 s}
stages:
  - id: booster
    name: First
    count: 2
    propellant: 9 t
    residual: 90 kg
    dry_mass: 900 kg
    thrust_vacuum: 200 kN
    thrust_sea_level: 170 kN
    isp_vacuum: 300 s
    ignition: {with: lift-off}
  - id: upper
    name: Second
    propellant: 2 t
    dry_mass: 200 kg
    thrust_vacuum: 25 kN
    isp_vacuum: 340 s
    ignition: {after: booster, delay: 3 s}
"""

#: a sound site of one's own
SITE = """\
id: cape
name: Cape
latitude: 10.5 deg
longitude: 20 deg
height: 5 m
corridors:
  - {first: 10 deg, last: 120 deg, kind: relative}
drop_zones:
  - name: Sea
    body: booster
    polygon:
      - {latitude: 9 deg, longitude: 21 deg}
      - {latitude: 9 deg, longitude: 22 deg}
      - {latitude: 8 deg, longitude: 22 deg}
keep_out:
  - name: Town
    polygon:
      - {latitude: 11 deg, longitude: 179 deg}
      - {latitude: 11 deg, longitude: -179 deg}
      - {latitude: 12 deg, longitude: -179 deg}
"""

#: (what is wrong, which file, the text replaced, by what, every fault as printed)
CASES: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "tab",
        "mission",
        "  mass: 2900 kg",
        "	mass: 2900 kg",
        (
            (
                "mission.yaml:6:1: read 'mass: 2900 kg'; a tab is used here. Indent with spaces "
                "in YAML."
            ),
        ),
    ),
    (
        "open quote",
        "mission",
        "name: Trial",
        'name: "Trial',
        (
            (
                "mission.yaml:2:7: read 'name: \"Trial'; a quotation mark is not closed. Close it "
                'with ".'
            ),
        ),
    ),
    (
        "open bracket",
        "mission",
        "{dynamic_pressure: 45 kPa}",
        "{dynamic_pressure: 45 kPa",
        (
            (
                "mission.yaml:14:9: read 'limits: {dynamic_pressure: 45 kPa'; a bracket is not "
                "closed, or a comma is missing. Write lists like [a, b] and inline mappings like "
                "{key: value}."
            ),
        ),
    ),
    (
        "second colon",
        "mission",
        "name: Trial",
        "name: Trial: two",
        (
            (
                "mission.yaml:2:12: read 'name: Trial: two'; a second colon makes this line "
                'unreadable. Put text that holds ": " in quotes, and check the indentation.'
            ),
        ),
    ),
    (
        "missing colon",
        "mission",
        "name: Trial",
        "name Trial",
        (
            (
                "mission.yaml:2:1: read 'name Trial'; a colon is missing after a key. Write `key: "
                "value`."
            ),
        ),
    ),
    (
        "bad indent",
        "mission",
        "  drag_area: 12 m^2",
        "   drag_area: 12 m^2",
        (
            (
                "mission.yaml:7:13: read 'drag_area: 12 m^2'; a second colon makes this line "
                'unreadable. Put text that holds ": " in quotes, and check the indentation.'
            ),
        ),
    ),
    (
        "duplicate key",
        "mission",
        "name: Trial",
        "name: Trial\nname: Again",
        (
            (
                "mission.yaml:3:1: name: read 'name'; this key is written twice (first on line "
                "2). Keep one of the two."
            ),
        ),
    ),
    (
        "anchor",
        "mission",
        "mass: 2900 kg",
        "mass: &m 2900 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '&m'; anchors are not read. Remove the "
                "anchor and write the value out where it is used."
            ),
        ),
    ),
    (
        "alias",
        "mission",
        "drag_area: 12 m^2",
        "drag_area: *m",
        (
            (
                "mission.yaml:7:14: spacecraft.drag_area: read '*m'; aliases are not read. Write "
                "the value out where it is used."
            ),
        ),
    ),
    (
        "tag",
        "mission",
        "mass: 2900 kg",
        "mass: !!str 2900 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '!!str'; tags are not read: the schema "
                "alone gives types. Remove the tag."
            ),
        ),
    ),
    (
        "merge key",
        "mission",
        "  mass: 2900 kg",
        "  <<: {id: a}\n  mass: 2900 kg",
        ("mission.yaml:6:3: spacecraft.<<: merge keys are not read. Write the keys out.",),
    ),
    (
        "second document",
        "mission",
        "physics:",
        "---\nphysics:",
        (
            (
                "mission.yaml:17:1: read '---'; a second document begins here. Keep one document "
                "in a file."
            ),
        ),
    ),
    (
        "control character",
        "mission",
        "name: Trial",
        "name: Tri\x07al",
        (
            (
                "mission.yaml:2:10: read '\\\\x07'; this character cannot stand in a text file. "
                "Remove it."
            ),
        ),
    ),
    (
        "empty",
        "mission",
        MISSION,
        "",
        ("mission.yaml:1:1: the file is empty. Start from `cosmodrome new`.",),
    ),
    (
        "a list",
        "mission",
        MISSION,
        "- a\n- b\n",
        (
            (
                "mission.yaml:1:1: read 'a list'; a mapping of keys belongs here. Write it like "
                "{schema: cosmodrome/1, ...}."
            ),
        ),
    ),
    (
        "one word",
        "mission",
        MISSION,
        "hello\n",
        (
            (
                "mission.yaml:1:1: read 'hello'; a mapping of keys belongs here. Write it like "
                "{schema: cosmodrome/1, ...}."
            ),
        ),
    ),
    (
        "key is a list",
        "mission",
        "name: Trial",
        "name: Trial\n? [a, b]\n: c",
        ("mission.yaml:3:3: a key must be plain text. Write `key: value`.",),
    ),
    (
        "misspelt key",
        "mission",
        "launch:",
        "lunch:",
        ("mission.yaml:8:1: lunch: there is no such key here. Did you mean 'launch'?",),
    ),
    (
        "another word for a key",
        "mission",
        "vehicle: soyuz",
        "rocket: soyuz",
        ("mission.yaml:4:1: rocket: there is no such key here. Write vehicle.",),
    ),
    (
        "unknown key deep",
        "mission",
        "drag_area: 12 m^2",
        "drag_aera: 12 m^2",
        (
            (
                "mission.yaml:7:3: spacecraft.drag_aera: there is no such key here. Did you mean "
                "'drag_area'?"
            ),
        ),
    ),
    (
        "a node held in a window",
        "mission",
        "target:",
        "  node: held\ntarget:",
        (
            (
                "mission.yaml:10:3: launch.node: a window holds the instant that leads to the "
                "node by itself. Remove node, or give one instant as time."
            ),
        ),
    ),
    (
        "a node held that the target does not name",
        "mission",
        "  window: 2027-03-01T00:00Z / 2027-03-03T00:00Z\ntarget:\n  kind: sun-synchronous\n"
        '  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"\n',
        "  time: 2027-03-01T05:40Z\n  node: held\ntarget:\n  kind: sun-synchronous\n"
        "  altitude: 820 km\n",
        (
            (
                "mission.yaml:9:3: launch.node: read 'held'; the target names no node that could "
                "be held. Give the target raan or ltan, or leave node out."
            ),
        ),
    ),
    (
        "the objective payload with a mass",
        "mission",
        "target:",
        "objective: payload\ntarget:",
        (
            (
                "mission.yaml:10:12: objective: read 'payload'; the mass of the spacecraft is "
                "2900 kg. Write mass: maximum for the objective payload, or another objective."
            ),
        ),
    ),
    (
        "an objective of another kind",
        "mission",
        "target:",
        "objective: cost\ntarget:",
        (
            (
                "mission.yaml:10:12: objective: read 'cost'; there is no such objective. Write "
                "payload, margin or time."
            ),
        ),
    ),
    (
        "a station without a place",
        "mission",
        "physics:",
        "stations: [{id: a, latitude: 62 deg}]\nphysics:",
        (
            "mission.yaml:17:12: stations[0].lon: this key is missing. Add `lon: 128.33475 deg`.",
            "mission.yaml:17:20: stations[0].latitude: there is no such key here. Write lat.",
        ),
    ),
    (
        "a mask straight up",
        "mission",
        "physics:",
        "stations: [{id: a, lat: 62 deg, lon: 129 deg, mask: 90 deg}]\nphysics:",
        (
            (
                "mission.yaml:17:53: stations[0].mask: read '90 deg'; it must be at most 80 deg. "
                "Write it like 5 deg."
            ),
        ),
    ),
    (
        "a mask and a horizon",
        "mission",
        "physics:",
        (
            "stations: [{id: a, lat: 62 deg, lon: 129 deg, mask: 5 deg, horizon: [{az: 9 deg, el:"
            " 3 deg}]}]\nphysics:"
        ),
        (
            (
                "mission.yaml:17:12: stations[0].horizon: a station has one mask: the same "
                "elevation all around, or a table over azimuth. Write mask or horizon."
            ),
        ),
    ),
    (
        "a horizon out of order",
        "mission",
        "physics:",
        (
            "stations: [{id: a, lat: 62 deg, lon: 129 deg, horizon: [{az: 9 deg, el: 3 deg},"
            " {az: 5 deg, el: 3 deg}]}]\nphysics:"
        ),
        (
            (
                "mission.yaml:17:86: stations[0].horizon[1].az: read '5 deg'; azimuth does not "
                "increase. Sort the table by az."
            ),
        ),
    ),
    (
        "two stations of one name",
        "mission",
        "physics:",
        "stations: [{id: a, lat: 62 deg, lon: 129 deg}, {id: a, lat: 1 deg, lon: 2 deg}]\nphysics:",
        (
            (
                "mission.yaml:17:48: stations[1].id: read 'a'; two stations are called a. Give "
                "each its own id."
            ),
        ),
    ),
    (
        "a station nobody knows",
        "mission",
        "physics:",
        "visibility: [{event: lift-off, any_of: [vostochni]}]\nphysics:",
        (
            (
                "mission.yaml:17:14: visibility[0].any_of: read 'vostochni'; there is no such "
                "station in the mission, and no such site in the catalogue. Did you mean "
                "'vostochny'?"
            ),
        ),
    ),
    (
        "a span without its end",
        "mission",
        "physics:",
        "visibility: [{from: lift-off, any_of: [vostochny]}]\nphysics:",
        (
            (
                "mission.yaml:17:14: visibility[0]: one event must be seen, or all from one to "
                "another. Write {event: spacecraft separation, ...} or {from: fairing jettison, "
                "until: core separation, ...}."
            ),
        ),
    ),
    (
        "nobody to see it",
        "mission",
        "physics:",
        "visibility: [{event: lift-off, any_of: []}]\nphysics:",
        (
            (
                "mission.yaml:17:14: visibility[0].any_of: no station is named. Write any_of: "
                "[svalbard]."
            ),
        ),
    ),
    (
        "reserved start",
        "mission",
        "physics:",
        "start: {tle: a}\nphysics:",
        (
            (
                "mission.yaml:17:1: start: the mission begins on a pad, by site, vehicle and "
                "launch, and in orbit, by start. Keep start alone, or remove it."
            ),
        ),
    ),
    (
        "reserved constants",
        "mission",
        "physics:",
        "constants: {mu: 1}\nphysics:",
        (
            (
                "mission.yaml:17:1: constants: other constants of nature are not flown by this "
                "version yet. Remove constants: WGS84, EGM2008 and DE440 are used."
            ),
        ),
    ),
    (
        "a fault told by two sizes",
        "mission",
        "physics:",
        "faults: [{path: ascent.drag, factor: 0.7, turn: 1 deg}]\nphysics:",
        (
            (
                "mission.yaml:17:10: faults[0]: a fault is told by exactly one of factor, offset "
                "and turn. Write factor: 0.93, offset: 43 s or turn: 20 deg."
            ),
        ),
    ),
    (
        "a fault by an offset of nothing",
        "mission",
        "physics:",
        "faults: [{path: ascent.stages.third.ignition, offset: 5 W}]\nphysics:",
        (
            (
                "mission.yaml:17:10: faults[0].offset: read '5 W'; this is no time, length, speed, "
                "angle or mass. Write it like 43 s, 500 m, 2 m/s, 1 deg or 5 kg."
            ),
        ),
    ),
    (
        "a fault told twice",
        "mission",
        "physics:",
        "faults:\n  - {path: ascent.drag, factor: 0.7}\n"
        "  - {path: ascent.drag, factor: 0.70}\nphysics:",
        (
            (
                "mission.yaml:19:5: faults[1].path: read 'ascent.drag'; this fault is told twice. "
                "Remove one."
            ),
        ),
    ),
    (
        "reserved dispersions",
        "mission",
        "physics:",
        "dispersions: []\nphysics:",
        (
            (
                "mission.yaml:17:1: dispersions: dispersions are not flown by this version yet. "
                "Remove dispersions: the nominal flight is flown."
            ),
        ),
    ),
    (
        "missing schema",
        "mission",
        "schema: cosmodrome/1\n",
        "",
        ("mission.yaml:1:1: schema: this key is missing. Add `schema: cosmodrome/1`.",),
    ),
    (
        "wrong schema",
        "mission",
        "cosmodrome/1",
        "cosmodrome/2",
        (
            (
                "mission.yaml:1:9: schema: read 'cosmodrome/2'; there is no such schema. Did you "
                "mean 'cosmodrome/1'?"
            ),
        ),
    ),
    (
        "bare number",
        "mission",
        "mass: 2900 kg",
        "mass: 2900",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900'; a bare number has no unit. Write "
                "a mass like 2900 kg."
            ),
        ),
    ),
    (
        "wrong unit",
        "mission",
        "mass: 2900 kg",
        "mass: 2900 km",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900 km'; km is not a mass. Write it "
                "like 2900 kg."
            ),
        ),
    ),
    (
        "unknown unit",
        "mission",
        "mass: 2900 kg",
        "mass: 2900 lbs",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900 lbs'; the unit 'lbs' is not known. "
                "Units for a mass: g, kg, t."
            ),
        ),
    ),
    (
        "unit case",
        "mission",
        "mass: 2900 kg",
        "mass: 2900 KG",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900 KG'; the unit 'KG' is not known. "
                "Units are case-sensitive: write kg."
            ),
        ),
    ),
    (
        "grouped digits",
        "mission",
        "mass: 2900 kg",
        "mass: 2,900 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2,900 kg'; digits are grouped with a "
                "mark. Write the number plainly, like 2900 kg or 1.5 km."
            ),
        ),
    ),
    (
        "words for a number",
        "mission",
        "mass: 2900 kg",
        "mass: heavy",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read 'heavy'; this is not a mass. Write a "
                "number and a unit, like 2900 kg."
            ),
        ),
    ),
    (
        "negative mass",
        "mission",
        "mass: 2900 kg",
        "mass: -2900 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '-2900 kg'; it must be above zero. Write "
                "it like 2900 kg."
            ),
        ),
    ),
    (
        "zero mass",
        "mission",
        "mass: 2900 kg",
        "mass: 0 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '0 kg'; it must be above zero. Write it "
                "like 2900 kg."
            ),
        ),
    ),
    (
        "infinite mass",
        "mission",
        "mass: 2900 kg",
        "mass: 1e999 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '1e999 kg'; this number is too large to "
                "hold. Write a finite number."
            ),
        ),
    ),
    (
        "nothing written",
        "mission",
        "mass: 2900 kg",
        "mass:",
        (
            (
                "mission.yaml:6:8: spacecraft.mass: nothing is written here. Write it like 2900 "
                "kg, or remove the key."
            ),
        ),
    ),
    (
        "list for a value",
        "mission",
        "mass: 2900 kg",
        "mass: [2900 kg]",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read 'a list'; a list stands here. Write one "
                "value, like 2900 kg."
            ),
        ),
    ),
    (
        "mapping for a value",
        "mission",
        "mass: 2900 kg",
        "mass: {kg: 2900}",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read 'a mapping'; a mapping stands here. "
                "Write one value, like 2900 kg."
            ),
        ),
    ),
    (
        "tolerance where none is judged",
        "mission",
        "mass: 2900 kg",
        "mass: 2900 kg +- 5 kg",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900 kg +- 5 kg'; no tolerance belongs "
                "here: nothing is judged against it. Write the value alone, like 2900 kg."
            ),
        ),
    ),
    (
        "area without power",
        "mission",
        "12 m^2",
        "12 m",
        (
            (
                "mission.yaml:7:14: spacecraft.drag_area: read '12 m'; m is not an area. Write it "
                "like 12 m^2."
            ),
        ),
    ),
    (
        "area as m2",
        "mission",
        "12 m^2",
        "12 m2",
        (
            (
                "mission.yaml:7:14: spacecraft.drag_area: read '12 m2'; the unit 'm2' is not "
                "known. Write m^2."
            ),
        ),
    ),
    (
        "grams for g0",
        "mission",
        "dynamic_pressure: 45 kPa",
        "axial_acceleration: 6 g",
        (
            (
                "mission.yaml:14:30: limits.axial_acceleration: read '6 g'; g is not an "
                "acceleration. Write it like 6 g0."
            ),
        ),
    ),
    (
        "floor of coasts without a unit",
        "mission",
        "dynamic_pressure: 45 kPa",
        "coast_altitude: 160",
        (
            (
                "mission.yaml:14:26: limits.coast_altitude: read '160'; a bare number has no "
                "unit. Write a length like 160 km."
            ),
        ),
    ),
    (
        "floor of perigees in the wrong unit",
        "mission",
        "dynamic_pressure: 45 kPa",
        "perigee: 160000 km",
        (
            (
                "mission.yaml:14:19: limits.perigee: read '160000 km'; it must be at most "
                "2000 km. Write it like 160 km."
            ),
        ),
    ),
    (
        "another name of the floor of coasts",
        "mission",
        "dynamic_pressure: 45 kPa",
        "parking_altitude: 160 km",
        (
            (
                "mission.yaml:14:10: limits.parking_altitude: there is no such key here. Write "
                "coast_altitude."
            ),
        ),
    ),
    (
        "corridor by a number",
        "mission",
        "dynamic_pressure: 45 kPa",
        "corridor: 340 deg",
        (
            (
                "mission.yaml:14:20: limits.corridor: read '340 deg'; there is no such corridor."
                " Write site or none."
            ),
        ),
    ),
    (
        "a body nobody drops",
        "mission",
        "plan:",
        "drops: [{body: cor, range: {to: 1900 km}}]\nplan:",
        (
            (
                "mission.yaml:15:9: drops[0].body: read 'cor'; Soyuz-2.1b / Fregat drops no such"
                " body on the way. Did you mean 'core'?"
            ),
        ),
    ),
    (
        "a body that falls nowhere",
        "mission",
        "plan:",
        "drops: [{body: core}]\nplan:",
        (
            (
                "mission.yaml:15:9: drops[0]: nothing says where it falls. Write one of zone: NAME,"
                " polygon: [{latitude, longitude}, ...] or range: {from: 1500 km, to: 1900 km}."
            ),
        ),
    ),
    (
        "a zone without coordinates",
        "mission",
        "plan:",
        "drops:\n  - {body: core, zone: Sea of Okhotsk (51 deg track)}\nplan:",
        (
            (
                "mission.yaml:16:5: drops[0].zone: read 'Sea of Okhotsk (51 deg track)'; Vostochny"
                " names this zone, and has no coordinates of it. Write its outline as polygon:"
                " [{latitude, longitude}, ...], or a range."
            ),
        ),
    ),
    (
        "a zone of another body",
        "mission",
        "plan:",
        "drops: [{body: fairing, zone: Sea of Okhotsk}]\nplan:",
        (
            (
                "mission.yaml:15:9: drops[0].zone: read 'Sea of Okhotsk'; Vostochny has no such"
                " drop zone for fairing. Write polygon: [{latitude, longitude}, ...] or range:"
                " {from: ..., to: ...}."
            ),
        ),
    ),
    (
        "a range the wrong way round, and a body twice",
        "mission",
        "plan:",
        "drops:\n  - {body: core, range: {from: 1900 km, to: 1500 km}}\n"
        "  - {body: core, range: {to: 1 km}, margin: 600 m}\n  - {stage: third, range: {}}\nplan:",
        (
            (
                "mission.yaml:16:45: drops[0].range.to: read '1500 km'; the range ends before it"
                " begins (1900 km). Write the nearer end as from, the farther one as to."
            ),
            (
                "mission.yaml:17:45: drops[1].margin: read '600 m'; the margin on both sides leaves"
                " nothing of a range 1 km wide. Write less than 0.5 km, or a wider range."
            ),
            "mission.yaml:18:6: drops[2].stage: there is no such key here. Write body.",
            (
                "mission.yaml:18:27: drops[2].range: the range has no end. Write {from: 1500 km,"
                " to: 1900 km}, or one of the two."
            ),
        ),
    ),
    (
        "a polygon that crosses itself",
        "mission",
        "plan:",
        "drops:\n  - body: core\n    polygon:\n      - {latitude: 60 deg, longitude: 120 deg}\n"
        "      - {latitude: 61 deg, longitude: 121 deg}\n"
        "      - {latitude: 60 deg, longitude: 121 deg}\n"
        "      - {latitude: 61 deg, longitude: 120 deg}\nplan:",
        (
            (
                "mission.yaml:16:5: drops[0].polygon: the edges of the zone cross each other; list"
                " its corners in order. Write every corner once, in order around the zone."
            ),
        ),
    ),
    (
        "spoken unit",
        "mission",
        "for: 1 day",
        "for: 90 minutes",
        (
            (
                "mission.yaml:16:18: plan[0].coast.for: read '90 minutes'; the unit 'minutes' is "
                "not known. Write min."
            ),
        ),
    ),
    (
        "unit on a number",
        "mission",
        "drag_area: 12 m^2",
        "drag_coefficient: 2.2 kg",
        (
            (
                "mission.yaml:7:21: spacecraft.drag_coefficient: read '2.2 kg'; this is not a "
                "plain number. Write it like 2.2, with no unit."
            ),
        ),
    ),
    (
        "a target of one spacecraft",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " {id: a, mass: 1 kg, target: {kind: gto}}",
        (
            (
                "mission.yaml:5:33: spacecraft.target: one spacecraft goes to the mission's "
                "target. Write target beside spacecraft, or list several spacecraft with a "
                "dash for each."
            ),
        ),
    ),
    (
        "an adapter of one spacecraft",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg, adapter: {mass: 5 kg}}]",
        (
            (
                "mission.yaml:5:43: spacecraft[0].adapter: the adapter of one spacecraft "
                "belongs to the vehicle. Write adapter in the vehicle's file, or list "
                "several spacecraft with a dash for each."
            ),
        ),
    ),
    (
        "no spacecraft at all",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " []",
        (
            (
                "mission.yaml:5:13: spacecraft: the list of spacecraft is empty. Write - "
                "{id: main-sat, mass: 2900 kg}, with a dash for each."
            ),
        ),
    ),
    (
        "the soonest of several",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg}]\nobjective: time",
        (
            (
                "mission.yaml:6:12: objective: read 'time'; the soonest release is found for one "
                "spacecraft only. Write objective: margin, or payload where one of them says mass: "
                "maximum."
            ),
        ),
    ),
    (
        "the most payload of several given masses",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg}]\nobjective: payload",
        (
            (
                "mission.yaml:6:12: objective: read 'payload'; no spacecraft says mass: maximum. "
                "Write mass: maximum for the objective payload, or another objective."
            ),
        ),
    ),
    (
        "the margin beside a free mass of several",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: maximum}]\nobjective: margin",
        (
            (
                "mission.yaml:6:12: objective: read 'margin'; the mass of 'b' is maximum. Write a "
                "mass, or objective: payload."
            ),
        ),
    ),
    (
        "spacecraft without an id",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {mass: 1 kg}]",
        (("mission.yaml:5:35: spacecraft[1].id: this key is missing. Add `id: demo-sat`."),),
    ),
    (
        "two of a name",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: a, mass: 1 kg}]",
        (
            (
                "mission.yaml:5:35: spacecraft[1].id: read 'a'; 'a' is already the name of "
                "another spacecraft. Give each spacecraft an id of its own."
            ),
        ),
    ),
    (
        "a stage's name",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: fregat, mass: 1 kg}]",
        (
            (
                "mission.yaml:5:35: spacecraft[1].id: read 'fregat'; 'fregat' is already the "
                "name of a stage of Soyuz-2.1b / Fregat. Give each spacecraft an id of its "
                "own."
            ),
        ),
    ),
    (
        "two free masses",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: maximum}, {id: b, mass: maximum}]",
        (
            (
                "mission.yaml:5:52: spacecraft[1].mass: read 'maximum'; the mass of 'a' is "
                "to be found already: one spacecraft may say maximum. Write a mass, like 300 "
                "kg."
            ),
        ),
    ),
    (
        "a target of the first",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg, target: {kind: gto}}, {id: b, mass: 1 kg}]",
        (
            (
                "mission.yaml:5:42: spacecraft[0].target: read 'a mapping'; the first "
                "spacecraft is released into the mission's target. Write target beside "
                "spacecraft, and none here."
            ),
        ),
    ),
    (
        "nothing before the first",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg, after: 5 s}, {id: b, mass: 1 kg}]",
        (
            (
                "mission.yaml:5:41: spacecraft[0].after: read '5 s'; nothing is released "
                "before the first spacecraft. Remove after."
            ),
        ),
    ),
    (
        "after in another orbit",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, after: 5 s, target: {kind: gto}}]",
        (
            (
                "mission.yaml:5:62: spacecraft[1].after: read '5 s'; after counts from the "
                "release before it in the same orbit, and this spacecraft has an orbit of "
                "its own. Remove after, or remove target."
            ),
        ),
    ),
    (
        "the node of a later orbit",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        (
            " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, target: "
            "{kind: sun-synchronous, altitude: 600 km, ltan: 12:00}}]"
        ),
        (
            (
                "mission.yaml:5:105: spacecraft[1].target.ltan: read '12:00'; the node of a "
                "later orbit cannot be asked for: the launch instant sets the first one's, "
                "and a turn of the node on the way is not planned. Remove ltan: it follows "
                "from the first orbit's."
            ),
        ),
    ),
    (
        "a later departure",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, target: {kind: c3, c3: 10 km^2/s^2}}]",
        (
            (
                "mission.yaml:5:70: spacecraft[1].target.kind: read 'c3'; a departure is not "
                "flown after another release. Write it as a mission of its own, or kind: "
                "elliptic with a high apogee."
            ),
        ),
    ),
    (
        "an adapter after all is over",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, adapter: {mass: 5 kg, jettison: 20 s}}]",
        (
            (
                "mission.yaml:5:87: spacecraft[1].adapter.jettison: read '20 s'; the stack "
                "is flown to its last release, and this adapter would leave 20 s after it. "
                "Remove jettison: the adapter stays on the stage."
            ),
        ),
    ),
    (
        "a key of a listed spacecraft",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, orbit: {kind: gto}, colour: red}]",
        (
            ("mission.yaml:5:55: spacecraft[1].orbit: there is no such key here. Write target."),
            (
                "mission.yaml:5:75: spacecraft[1].colour: there is no such key here. Known: "
                "adapter, after, carries, drag_area, drag_coefficient, engine, id, mass, power, "
                "propellant, radio, reflectivity, shadow, srp_area, target, thrusters."
            ),
        ),
    ),
    (
        "a later target of no kind",
        "mission",
        "\n  mass: 2900 kg\n  drag_area: 12 m^2",
        " [{id: a, mass: 1 kg}, {id: b, mass: 1 kg, target: 600 km}]",
        (
            (
                "mission.yaml:5:63: spacecraft[1].target: read '600 km'; a target is a "
                "mapping. Write {kind: sun-synchronous, altitude: 820 km, ltan: 15:00}."
            ),
        ),
    ),
    (
        "the plane of no orbit before",
        "mission",
        'kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
        "kind: circular\n  altitude: 820 km\n  inclination: same",
        (
            (
                "mission.yaml:13:16: target.inclination: read 'same'; there is no orbit "
                "before this one whose inclination it could take. Write an inclination like "
                "51.6 deg."
            ),
        ),
    ),
    (
        "unknown site",
        "mission",
        "site: vostochny",
        "site: vostochni",
        (
            (
                "mission.yaml:3:7: site: read 'vostochni'; the catalogue has no site of this "
                "name. Did you mean 'vostochny'? A path to a YAML file or an inline mapping works "
                "too."
            ),
        ),
    ),
    (
        "unknown vehicle",
        "mission",
        "soyuz-2.1b-fregat",
        "soyuz-2.1b-frigate",
        (
            (
                "mission.yaml:4:10: vehicle: read 'soyuz-2.1b-frigate'; the catalogue has no "
                "vehicle of this name. Did you mean 'soyuz-2.1b-fregat'? A path to a YAML file or "
                "an inline mapping works too."
            ),
        ),
    ),
    (
        "no such file",
        "mission",
        "soyuz-2.1b-fregat",
        "rockets/mine.yaml",
        (
            (
                "mission.yaml:4:10: vehicle: read 'rockets/mine.yaml'; there is no such file. "
                "Write the path of a vehicle file."
            ),
        ),
    ),
    (
        "id with a space",
        "mission",
        "  mass: 2900 kg",
        "  id: my sat\n  mass: 2900 kg",
        (
            (
                "mission.yaml:6:7: spacecraft.id: read 'my sat'; an id may hold letters, digits, "
                "dots, dashes and underscores only. Write it like spacecraft."
            ),
        ),
    ),
    (
        "naive instant",
        "mission",
        "2027-03-01T00:00Z /",
        "2027-03-01T00:00 /",
        (
            (
                "mission.yaml:9:11: launch.window: read '2027-03-01T00:00 / 2027-03-03T00:00Z'; "
                "'2027-03-01T00:00' is not an instant with a scale. Write it like "
                "2027-03-01T05:41:46Z, ending in Z (UTC), TAI, TT or TDB."
            ),
        ),
    ),
    (
        "one instant",
        "mission",
        " / 2027-03-03T00:00Z",
        "",
        (
            (
                "mission.yaml:9:11: launch.window: read '2027-03-01T00:00Z'; a window is two "
                "instants with a slash between. Write it like 2027-03-01T00:00Z / "
                "2027-03-03T00:00Z."
            ),
        ),
    ),
    (
        "no such day",
        "mission",
        "2027-03-01T00:00Z /",
        "2027-02-29T00:00Z /",
        (
            (
                "mission.yaml:9:11: launch.window: read '2027-02-29T00:00Z / 2027-03-03T00:00Z'; "
                "'2027-02-29T00:00Z': day is out of range for month. Write a day that exists."
            ),
        ),
    ),
    (
        "window backwards",
        "mission",
        "2027-03-03T00:00Z",
        "2027-02-03T00:00Z",
        (
            (
                "mission.yaml:9:11: launch.window: read '2027-03-01T00:00Z / 2027-02-03T00:00Z'; "
                "the window ends before it begins. Write the earlier instant first."
            ),
        ),
    ),
    (
        "leap second that was not",
        "mission",
        "2027-03-01T00:00Z /",
        "2027-03-01T23:59:60Z /",
        (
            (
                "mission.yaml:9:11: launch.window: read '2027-03-01T23:59:60Z / "
                "2027-03-03T00:00Z'; '2027-03-01T23:59:60Z': there is no leap second on that day. "
                "Leap seconds exist in UTC only, at 23:59:60 on the days IERS announced."
            ),
        ),
    ),
    (
        "window and time",
        "mission",
        "  window:",
        "  time: 2027-03-01T00:00Z\n  window:",
        (
            (
                "mission.yaml:9:3: launch.time: window and time both say when to launch. Keep one "
                "of the two."
            ),
        ),
    ),
    (
        "no launch time",
        "mission",
        "  window: 2027-03-01T00:00Z / 2027-03-03T00:00Z",
        "  azimuth: {value: 340 deg, kind: relative}",
        (
            (
                "mission.yaml:9:3: launch: nothing says when to launch. Write window: "
                "2027-03-01T00:00Z / 2027-03-03T00:00Z, or one instant as time."
            ),
        ),
    ),
    (
        "azimuth without kind",
        "mission",
        "target:",
        "  azimuth: {value: 343.7 deg}\ntarget:",
        ("mission.yaml:10:12: launch.azimuth.kind: this key is missing. Add `kind: relative`.",),
    ),
    (
        "azimuth as a value",
        "mission",
        "target:",
        "  azimuth: 343.7 deg\ntarget:",
        (
            (
                "mission.yaml:10:12: launch.azimuth: read '343.7 deg'; a mapping of keys belongs "
                "here. Write it like {value: 343.7 deg, kind: relative}."
            ),
        ),
    ),
    (
        "unknown kind",
        "mission",
        "sun-synchronous",
        "sun-sychronous",
        (
            (
                "mission.yaml:11:9: target.kind: read 'sun-sychronous'; there is no such kind of "
                "target. Did you mean 'sun-synchronous'?"
            ),
        ),
    ),
    (
        "landing with the keys of an orbit",
        "mission",
        "sun-synchronous",
        "lunar-landing",
        (
            (
                "mission.yaml:11:3: target.site: this key is missing. Add `site: {lat: -69.545 "
                "deg, lon: 43.544 deg, height: terrain}`."
            ),
            (
                "mission.yaml:12:3: target.altitude: there is no such key here. Write orbit: "
                "{altitude: 100 km}."
            ),
            (
                "mission.yaml:13:3: target.ltan: there is no such key here. Known: after, "
                "capture, corrections, flight, flights, half, horizon, kind, orbit, passing, "
                "perilune, reserve, site, sun, throttle, transfer_inclination, turn, window, "
                "within."
            ),
            (
                "mission.yaml:16:3: plan: read 'a list'; the plan follows from the place "
                "where the mission lands. Remove plan, or write target: {kind: lunar-orbit} "
                "and the steps to-moon and landing."
            ),
        ),
    ),
    (
        "no kind",
        "mission",
        "  kind: sun-synchronous\n",
        "",
        (
            (
                "mission.yaml:11:3: target: the target has no kind. Write kind: sun-synchronous, "
                "circular, elliptic, frozen, repeat, gto, geostationary, molniya, tundra, medium, "
                "c3, lunar-orbit, libration, state, lunar-landing."
            ),
        ),
    ),
    (
        "target as a word",
        "mission",
        '\n  kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
        " sso",
        (
            (
                "mission.yaml:10:9: target: read 'sso'; a target is a mapping. Write {kind: "
                "sun-synchronous, altitude: 820 km, ltan: 15:00}."
            ),
        ),
    ),
    (
        "too high for SSO",
        "mission",
        "820 km +- 5 km",
        "6100 km +- 5 km",
        (
            (
                "mission.yaml:12:13: target.altitude: read '6100 km +- 5 km'; no orbit this high "
                "is Sun-synchronous: at any inclination its node turns too slowly above 5974 km. "
                "Write a lower altitude, or kind: circular with an inclination."
            ),
        ),
    ),
    (
        "too low",
        "mission",
        "820 km +- 5 km",
        "82 km +- 5 km",
        (
            (
                "mission.yaml:12:13: target.altitude: read '82 km +- 5 km'; no orbit lasts below "
                "120 km: the altitude is too low. Write at least 120 km; 200 km lasts for days, "
                "500 km for years."
            ),
        ),
    ),
    (
        "inclination of SSO",
        "mission",
        "  ltan:",
        "  inclination: 98 deg\n  ltan:",
        (
            (
                "mission.yaml:13:3: target.inclination: there is no such key here. Write nothing: "
                "the inclination of a Sun-synchronous orbit follows from its altitude (kind: "
                "circular takes one)."
            ),
        ),
    ),
    (
        "no such time of day",
        "mission",
        "15:00 +- 2 min",
        "25:00 +- 2 min",
        (
            (
                "mission.yaml:13:9: target.ltan: read '25:00 +- 2 min'; there is no such time of "
                "day. Write 00:00 to 23:59."
            ),
        ),
    ),
    (
        "time of day in words",
        "mission",
        "15:00 +- 2 min",
        "3 pm",
        (
            (
                "mission.yaml:13:9: target.ltan: read '3 pm'; this is not a time of day. Write "
                'hours and minutes, like "15:00 +- 2 min".'
            ),
        ),
    ),
    (
        "zero half-width",
        "mission",
        "820 km +- 5 km",
        "820 km +- 0 km",
        (
            (
                "mission.yaml:12:13: target.altitude: read '820 km +- 0 km'; a half-width must be "
                "above zero. Write it like 820 km +- 5 km."
            ),
        ),
    ),
    (
        "sigma",
        "mission",
        "820 km +- 5 km",
        "820 km +- 5 km (3 sigma)",
        (
            (
                "mission.yaml:12:13: target.altitude: read '820 km +- 5 km (3 sigma)'; a "
                "dispersion (n sigma) is not flown by this version yet. Write an acceptance "
                "half-width, like 820 km +- 5 km."
            ),
        ),
    ),
    (
        "half-width of another kind",
        "mission",
        "820 km +- 5 km",
        "820 km +- 5 deg",
        (
            (
                "mission.yaml:12:13: target.altitude: read '820 km +- 5 deg'; deg is not a "
                "length. Write it like 820 km."
            ),
        ),
    ),
    (
        "perigee above apogee",
        "mission",
        'sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
        "elliptic\n  perigee: 900 km\n  apogee: 300 km\n  inclination: 51.6 deg",
        (
            (
                "mission.yaml:12:12: target.perigee: read '900 km'; the perigee is above the "
                "apogee (300 km). Swap the two."
            ),
        ),
    ),
    (
        "inclination beyond 180",
        "mission",
        'sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
        "circular\n  altitude: 300 km\n  inclination: 190 deg",
        (
            (
                "mission.yaml:13:16: target.inclination: read '190 deg'; it must be at most 180 "
                "deg. Write it like 51.6 deg +- 0.05 deg."
            ),
        ),
    ),
    (
        "raan and ltan",
        "mission",
        "kind: sun-synchronous\n",
        "kind: circular\n  inclination: 98 deg\n  raan: 10 deg\n",
        (
            (
                "mission.yaml:13:9: target.raan: read '10 deg'; raan and ltan both fix the node. "
                "Keep one of the two."
            ),
        ),
    ),
    (
        "field too large",
        "mission",
        "70x70",
        "360x360",
        (
            (
                "mission.yaml:18:12: physics.gravity: read '360x360'; the shipped field (EGM2008) "
                "ends at degree 150. Write up to 150x150."
            ),
        ),
    ),
    (
        "field without a cross",
        "mission",
        "70x70",
        "70",
        (
            (
                "mission.yaml:18:12: physics.gravity: read '70'; this is no gravity field. Write "
                "degree x order, like 70x70."
            ),
        ),
    ),
    (
        "order above degree",
        "mission",
        "70x70",
        "20x30",
        (
            (
                "mission.yaml:18:12: physics.gravity: read '20x30'; the order is above the "
                "degree. Write 20x20."
            ),
        ),
    ),
    (
        "unknown body",
        "mission",
        "[sun, moon]",
        "[sun, mon]",
        (
            (
                "mission.yaml:19:23: physics.third_bodies[1]: read 'mon'; there is no such body. "
                "Did you mean 'moon'?"
            ),
        ),
    ),
    (
        "atmosphere of later",
        "mission",
        "third_bodies: [sun, moon]",
        "drag: jb2008",
        (
            (
                "mission.yaml:19:9: physics.drag: read 'jb2008'; not flown by this version yet. "
                "Write nrlmsise00 or none."
            ),
        ),
    ),
    (
        "yes for true",
        "mission",
        "third_bodies: [sun, moon]",
        "radiation_pressure: yes",
        (
            (
                "mission.yaml:19:23: physics.radiation_pressure: read 'yes'; this is neither true "
                "nor false. Write true."
            ),
        ),
    ),
    (
        "step of later",
        "mission",
        "- coast: {for: 1 day}",
        "- object: {object: first}",
        (
            (
                "mission.yaml:16:5: plan[0].object: the step 'object' is not flown by this "
                "version yet. Write - coast: {for: 1 day}."
            ),
        ),
    ),
    (
        "coast backwards",
        "mission",
        "for: 1 day",
        "for: -1 day",
        (
            (
                "mission.yaml:16:18: plan[0].coast.for: read '-1 day'; it must be above zero. "
                "Write it like 1 day."
            ),
        ),
    ),
    (
        "plan as a mapping",
        "mission",
        "  - coast: {for: 1 day}",
        "  coast: {for: 1 day}",
        (
            (
                "mission.yaml:16:3: plan: read 'a mapping'; a list belongs here. Write [a, b], or "
                "one line with a dash for each."
            ),
        ),
    ),
    (
        "flux in the wrong unit",
        "mission",
        "physics:",
        "space_weather: {f107: 20, f107a: 150, ap: 4}\nphysics:",
        (
            (
                "mission.yaml:17:23: space_weather.f107: read '20'; it must be at least 50. Write "
                "it like 150."
            ),
        ),
    ),
    (
        "thrusts swapped",
        "vehicle",
        "thrust_sea_level: 170 kN",
        "thrust_sea_level: 210 kN",
        (
            (
                "dart.yaml:16:23: stages[0].thrust_sea_level: read '210 kN'; thrust at sea level "
                "is not below thrust in vacuum (thrust_vacuum 200 kN). Swap the two, or correct "
                "one: look at their units."
            ),
        ),
    ),
    (
        "residual above load",
        "vehicle",
        "residual: 90 kg",
        "residual: 9.1 t",
        (
            (
                "dart.yaml:13:15: stages[0].residual: read '9.1 t'; nothing is left to burn in "
                "flight of a propellant of 9000 kg. Write less than that, and look at the units of "
                "both."
            ),
        ),
    ),
    (
        "load above tanks",
        "vehicle",
        "residual: 90 kg",
        "load: 10 t",
        (
            (
                "dart.yaml:13:11: stages[0].load: read '10 t'; the load is more than the tanks "
                "hold (9 t). Write a load up to propellant."
            ),
        ),
    ),
    (
        "usable and residual",
        "vehicle",
        "residual: 90 kg",
        "residual: 90 kg\n    usable: 8.9 t",
        (
            (
                "dart.yaml:14:13: stages[0].usable: read '8.9 t'; usable and residual say the "
                "same thing twice. Keep one: residual is what cannot be burnt."
            ),
        ),
    ),
    (
        "another word for Isp",
        "vehicle",
        "isp_vacuum: 340 s",
        "isp: 340 s",
        ("dart.yaml:24:5: stages[1].isp: there is no such key here. Write isp_vacuum.",),
    ),
    (
        "stage after nothing",
        "vehicle",
        "after: booster",
        "after: boster",
        (
            (
                "dart.yaml:25:15: stages[1].ignition.after: read 'boster'; stage upper lights "
                "after a stage that does not come before it. Did you mean 'booster'?"
            ),
        ),
    ),
    (
        "first stage waits",
        "vehicle",
        "{with: lift-off}",
        "{with: free}",
        (
            (
                "dart.yaml:9:5: stages[0].id: read 'booster'; the first stage does not burn at "
                "lift-off. Write ignition: {with: lift-off} for it."
            ),
        ),
    ),
    (
        "a free ignition at once",
        "vehicle",
        "{after: booster, delay: 3 s}",
        "{with: free, delay: 0 s}",
        (
            (
                "dart.yaml:25:35: stages[1].ignition.delay: read '0 s'; a stage that lights at a "
                "free moment flies freely before it. Write a positive delay, like 60 s, or "
                "{after: core, delay: 0 s} to light at once."
            ),
        ),
    ),
    (
        "ignition late",
        "vehicle",
        "{with: lift-off}",
        "{with: lift-off, at: 2 s}",
        (
            (
                "dart.yaml:18:36: stages[0].ignition.at: read '2 s'; an engine that lifts the "
                "vehicle off starts before first motion. Write a negative time or zero, like -15 "
                "s."
            ),
        ),
    ),
    (
        "no ignition rule",
        "vehicle",
        "{after: booster, delay: 3 s}",
        "{delay: 3 s}",
        (
            (
                "dart.yaml:25:15: stages[1].ignition: an ignition needs one rule: with or after. "
                "Write {with: lift-off}, {with: free}, {after: core, delay: 0 s} or, for boosters "
                "lit in the air, {after: lift-off, delay: 25 s}."
            ),
        ),
    ),
    (
        "no fairing rule",
        "vehicle",
        "jettison: {at: 150 s}",
        "jettison: {}",
        (
            (
                "dart.yaml:7:13: fairing.jettison: the fairing needs one rule, no more and no "
                "less. Write jettison: {heat_flux: 1135 W/m^2} or jettison: {at: 208.4 s}."
            ),
        ),
    ),
    (
        "drag table uneven",
        "vehicle",
        "cd: [0.3, 0.5, 0.25]",
        "cd: [0.3, 0.5]",
        (
            (
                "dart.yaml:4:15: drag.mach[0]: mach has 3 values and cd has 2. Write as many cd "
                "as mach, at least two of each."
            ),
        ),
    ),
    (
        "mach unsorted",
        "vehicle",
        "mach: [0, 1, 5]",
        "mach: [0, 5, 1]",
        (
            (
                "dart.yaml:4:21: drag.mach[2]: read '1'; mach does not increase. Sort the table "
                "by mach."
            ),
        ),
    ),
    (
        "half a booster",
        "vehicle",
        "count: 2",
        "count: 2.5",
        (
            (
                "dart.yaml:11:12: stages[0].count: read '2.5'; this is not a whole number from 1 "
                "to 64. Write it like 1."
            ),
        ),
    ),
    (
        "same id twice",
        "vehicle",
        "id: upper",
        "id: booster",
        (
            (
                "dart.yaml:19:5: stages[1].id: read 'booster'; two stages are called booster. "
                "Give each its own id."
            ),
        ),
    ),
    (
        "thrust table",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust: [[0 s, 1 kN]]",
        (
            (
                "dart.yaml:16:5: stages[0].thrust: thrust over time is written relative to "
                "thrust_vacuum. Write thrust_vacuum and thrust_curve: [{at: 0 s, level: 90 %}, "
                "...]."
            ),
        ),
    ),
    (
        "variants",
        "vehicle",
        "name: Dart\n",
        "name: Dart\nvariants: [a]\n",
        (
            (
                "dart.yaml:3:1: variants: variants are not flown by this version yet. Write each "
                "variant as a vehicle file of its own."
            ),
        ),
    ),
    (
        "figure without status",
        "vehicle",
        "mass: 50 kg",
        "mass: {value: 50 kg, source: me}",
        (
            (
                "dart.yaml:6:9: fairing.mass: a figure needs a status. Write status: published, "
                "estimated or measured."
            ),
        ),
    ),
    (
        "figure with odd status",
        "vehicle",
        "mass: 50 kg",
        "mass: {value: 50 kg, source: me, status: sure}",
        (
            (
                "dart.yaml:6:44: fairing.mass.status: read 'sure'; this is no status. Write "
                "status: published, estimated or measured."
            ),
        ),
    ),
    (
        "figure without value",
        "vehicle",
        "mass: 50 kg",
        "mass: {source: me, status: published}",
        (
            (
                "dart.yaml:6:9: fairing.mass: read 'a mapping'; a figure has no value. Write "
                "{value: 3784 kg, source: ..., status: ...}."
            ),
        ),
    ),
    (
        "latitude beyond the pole",
        "site",
        "latitude: 10.5 deg",
        "latitude: 100.5 deg",
        (
            (
                "cape.yaml:3:11: latitude: read '100.5 deg'; it must be at most 90 deg. Write it "
                "like 51.88435 deg."
            ),
        ),
    ),
    (
        "height without unit",
        "site",
        "height: 5 m",
        "height: 5",
        (
            (
                "cape.yaml:5:9: height: read '5'; a bare number has no unit. Write a length like "
                "250 m."
            ),
        ),
    ),
    (
        "corridor without kind",
        "site",
        ", kind: relative}",
        "}",
        ("cape.yaml:7:5: corridors[0].kind: this key is missing. Add `kind: relative`.",),
    ),
    (
        "keep-out of two corners",
        "site",
        "      - {latitude: 12 deg, longitude: -179 deg}\n",
        "",
        (
            (
                "cape.yaml:18:20: keep_out[0].polygon[0].latitude: a polygon of 2 corners "
                "encloses nothing. Write at least three corners."
            ),
        ),
    ),
    (
        "keep-out without an outline",
        "site",
        """    polygon:
      - {latitude: 11 deg, longitude: 179 deg}
      - {latitude: 11 deg, longitude: -179 deg}
      - {latitude: 12 deg, longitude: -179 deg}
""",
        "    polygon: []\n",
        (
            "cape.yaml:16:5: keep_out[0]: the zone has no outline, so nothing can be kept out of "
            "it. Write at least three corners.",
        ),
    ),
    (
        "two corners",
        "site",
        "      - {latitude: 8 deg, longitude: 22 deg}\n",
        "",
        (
            (
                "cape.yaml:12:20: drop_zones[0].polygon[0].latitude: a polygon of 2 corners "
                "encloses nothing. Write at least three corners, or leave polygon out."
            ),
        ),
    ),
    (
        "no target at all",
        "mission",
        'target:\n  kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"\n',
        "",
        (
            (
                "mission.yaml:1:1: target: this key is missing. Add `target: {kind: "
                "sun-synchronous, altitude: 820 km}`."
            ),
        ),
    ),
    (
        "unit with a sign",
        "mission",
        "mass: 2900 kg",
        "mass: 2900 kg!",
        (
            (
                "mission.yaml:6:9: spacecraft.mass: read '2900 kg!'; '!' is not part of a unit. "
                "Write units like km, m^2, kg/s or W/m^2."
            ),
        ),
    ),
    (
        "degree sign",
        "mission",
        "kind: sun-synchronous\n",
        "kind: circular\n  inclination: 98°\n",
        (
            (
                "mission.yaml:12:16: target.inclination: read '98°'; the unit '°' is not known. "
                "Write deg."
            ),
        ),
    ),
    (
        "two half-widths",
        "mission",
        "820 km +- 5 km",
        "820 km +- 5 km +- 1 km",
        (
            (
                "mission.yaml:12:13: target.altitude: read '820 km +- 5 km +- 1 km'; there is "
                "more than one +-. Write one half-width: 820 km +- 5 km."
            ),
        ),
    ),
    (
        "body twice",
        "mission",
        "[sun, moon]",
        "[sun, sun]",
        (
            (
                "mission.yaml:18:3: physics.third_bodies: read 'sun'; sun is listed twice. List "
                "it once."
            ),
        ),
    ),
    (
        "degree one",
        "mission",
        "70x70",
        "1x1",
        (
            (
                "mission.yaml:18:12: physics.gravity: read '1x1'; degree 1 is zero about the "
                "centre of mass. Write two-body or 2x0."
            ),
        ),
    ),
    (
        "too far out",
        "mission",
        "kind: sun-synchronous\n  altitude: 820 km +- 5 km",
        "kind: circular\n  inclination: 98 deg\n  altitude: 2000000 km",
        (
            (
                "mission.yaml:13:13: target.altitude: read '2000000 km'; this lies outside the "
                "sphere where Earth holds a satellite (1.5 million km). Write a lower altitude."
            ),
        ),
    ),
    (
        "altitude of an ellipse",
        "mission",
        "kind: sun-synchronous\n",
        "kind: elliptic\n  perigee: 300 km\n  apogee: 400 km\n  inclination: 98 deg\n",
        (
            (
                "mission.yaml:15:3: target.altitude: there is no such key here. Write perigee and "
                "apogee (kind: circular takes an altitude)."
            ),
        ),
    ),
    (
        "a word for the vehicle",
        "mission",
        "vehicle: soyuz-2.1b-fregat",
        "vehicle: [soyuz]",
        (
            (
                "mission.yaml:4:10: vehicle: read 'a list'; this is no vehicle. Write a catalogue "
                "id (cosmodrome catalog vehicles lists them), a path or a mapping."
            ),
        ),
    ),
    (
        "a number for a list",
        "mission",
        "[sun, moon]",
        "sun",
        (
            (
                "mission.yaml:19:17: physics.third_bodies: read 'sun'; a list belongs here. Write "
                "[a, b], or one line with a dash for each."
            ),
        ),
    ),
    (
        "space weather in part",
        "mission",
        "physics:",
        "space_weather: {f107: 150}\nphysics:",
        (
            "mission.yaml:17:16: space_weather.f107a: this key is missing. Add `f107a: 150`.",
            "mission.yaml:17:16: space_weather.ap: this key is missing. Add `ap: 15`.",
        ),
    ),
    (
        "a broken vehicle file",
        "vehicle",
        "name: Dart",
        "name: 'Dart",
        (
            (
                'dart.yaml:2:7: read "name: \'Dart"; a quotation mark is not closed. Close it '
                "with '."
            ),
        ),
    ),
    (
        "usable above propellant",
        "vehicle",
        "residual: 90 kg",
        "usable: 9.5 t",
        (
            (
                "dart.yaml:13:13: stages[0].usable: read '9.5 t'; usable is more than propellant "
                "(9 t). Write what can be burnt of it."
            ),
        ),
    ),
    (
        "Isps swapped",
        "vehicle",
        "isp_vacuum: 300 s",
        "isp_vacuum: 300 s\n    isp_sea_level: 310 s",
        (
            (
                "dart.yaml:18:20: stages[0].isp_sea_level: read '310 s'; Isp at sea level is not "
                "below Isp in vacuum (isp_vacuum 300 s). Swap the two, or correct one: both are in "
                "seconds."
            ),
        ),
    ),
    (
        "pad burn of a later stage",
        "vehicle",
        "propellant: 2 t",
        "propellant: 2 t\n    burnt_before_liftoff: 5 kg",
        (
            (
                "dart.yaml:22:27: stages[1].burnt_before_liftoff: read '5 kg'; only a stage that "
                "burns at lift-off burns before it. Write ignition_loss for a later stage."
            ),
        ),
    ),
    (
        "jettisons above dry mass",
        "vehicle",
        "dry_mass: 200 kg",
        "dry_mass: 200 kg\n    jettisons: [{name: skirt, mass: 250 kg, after_ignition: 5 s}]",
        (
            (
                "dart.yaml:23:37: stages[1].jettisons[0].mass: read '250 kg'; the jettisons (250 "
                "kg) are more than dry_mass, which includes them. Write dry_mass with every "
                "jettison in it."
            ),
        ),
    ),
    (
        "delay with lift-off",
        "vehicle",
        "{with: lift-off}",
        "{with: lift-off, delay: 2 s}",
        (
            (
                "dart.yaml:18:39: stages[0].ignition.delay: read '2 s'; delay: belongs to "
                "ignition after a stage, or at a free moment. Write {after: core, delay: 0 s}, or "
                "{with: free, delay: 60 s} for the least free flight before it."
            ),
        ),
    ),
    (
        "engine start of a later stage",
        "vehicle",
        "{after: booster, delay: 3 s}",
        "{after: booster, at: -3 s}",
        (
            (
                "dart.yaml:25:36: stages[1].ignition.at: read '-3 s'; at: belongs to ignition "
                "with lift-off. Write {after: core, delay: 0 s} for a later stage."
            ),
        ),
    ),
    (
        "throttle without a rule",
        "vehicle",
        "dry_mass: 200 kg",
        "dry_mass: 200 kg\n    throttle: {}",
        (
            (
                "dart.yaml:23:15: stages[1].throttle: a throttle is either a profile or a range. "
                "Write {profile: [{at: 112 s, level: 81 %}]} or {range: [60 %, 100 %]}."
            ),
        ),
    ),
    (
        "throttle range turned round",
        "vehicle",
        "dry_mass: 200 kg",
        "dry_mass: 200 kg\n    throttle: {range: [100 %, 60 %]}",
        (
            (
                "dart.yaml:23:24: stages[1].throttle.range[0]: a range is the lowest and the "
                "highest level. Write range: [60 %, 100 %]."
            ),
        ),
    ),
    (
        "throttle steps out of order",
        "vehicle",
        "dry_mass: 200 kg",
        "dry_mass: 200 kg\n    throttle: {profile: [{at: 9 s, level: 50 %}, {at: 5 s, level: 1}]}",
        (
            (
                "dart.yaml:23:55: stages[1].throttle.profile[1].at: read '5 s'; the steps are not "
                "in order. Sort them by at."
            ),
        ),
    ),
    (
        "cut-off on velocity",
        "vehicle",
        "dry_mass: 200 kg",
        "dry_mass: 200 kg\n    cutoff: {velocity: 5 km/s}",
        (
            (
                "dart.yaml:23:14: stages[1].cutoff.velocity: a cut-off on velocity is not flown "
                "by this version yet. Leave cutoff out: the plan chooses the last cut-off of the "
                "upper stage itself."
            ),
        ),
    ),
    (
        "sources as a list",
        "vehicle",
        "name: Dart\n",
        "name: Dart\nsources: [me]\n",
        (
            (
                "dart.yaml:3:10: sources: read 'a list'; a mapping belongs here. Write {name: "
                "text}, or one `name: text` a line."
            ),
        ),
    ),
    (
        "figure with another key",
        "vehicle",
        "mass: 50 kg",
        "mass: {value: 50 kg, source: me, status: published, sauce: x}",
        (
            (
                "dart.yaml:6:55: fairing.mass.sauce: read 'sauce'; a figure has no such key. "
                "Write {value, source, status, note}. Did you mean 'source'?"
            ),
        ),
    ),
    (
        "longitude as a word",
        "site",
        "longitude: 20 deg",
        "longitude: east",
        (
            (
                "cape.yaml:4:12: longitude: read 'east'; this is not an angle. Write a number and "
                "a unit, like 128.33475 deg."
            ),
        ),
    ),
    (
        "thrust curve beside a throttle",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 0 s, level: 90 %}, {at: 9 s, level: 1}]\n"
        "    throttle: {range: [50 %, 100 %]}",
        (
            (
                "dart.yaml:16:25: stages[0].thrust_curve[0].at: read '0 s'; a thrust curve has "
                "at least two points and stands instead of a throttle. Write thrust_curve: "
                "[{at: 0 s, level: 90 %}, {at: 60 s, level: 110 %}] alone."
            ),
        ),
    ),
    (
        "thrust curve of one point",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 0 s, level: 90 %}]",
        (
            (
                "dart.yaml:16:25: stages[0].thrust_curve[0].at: read '0 s'; a thrust curve has "
                "at least two points and stands instead of a throttle. Write thrust_curve: "
                "[{at: 0 s, level: 90 %}, {at: 60 s, level: 110 %}] alone."
            ),
        ),
    ),
    (
        "thrust curve out of order",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 0 s, level: 90 %}, {at: 9 s, level: 1}, {at: 5 s, level: 1}]",
        (
            (
                "dart.yaml:16:70: stages[0].thrust_curve[2].at: read '5 s'; the points are not "
                "in order. Sort them by at."
            ),
        ),
    ),
    (
        "thrust curve that begins late",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 2 s, level: 90 %}, {at: 9 s, level: 1}]",
        (
            (
                "dart.yaml:16:25: stages[0].thrust_curve[0].at: read '2 s'; a thrust curve "
                "begins at ignition and pushes somewhere. Write its first point as {at: 0 s, "
                "level: 90 %}."
            ),
        ),
    ),
    (
        "thrust curve without thrust",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 0 s, level: 0}, {at: 9 s, level: 0}]",
        (
            (
                "dart.yaml:16:25: stages[0].thrust_curve[0].at: read '0 s'; a thrust curve "
                "begins at ignition and pushes somewhere. Write its first point as {at: 0 s, "
                "level: 90 %}."
            ),
        ),
    ),
    (
        "solid that throttles",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    kind: solid\n    throttle: {range: [50 %, 100 %]}",
        (
            (
                "dart.yaml:9:5: stages[0].kind: read 'solid'; a solid has no throttle: it "
                "burns in one piece to its end. Write thrust_curve for its thrust over time, "
                "or kind: liquid."
            ),
        ),
    ),
    (
        "solid that restarts",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    kind: solid\n    restarts: 1",
        (
            (
                "dart.yaml:9:5: stages[0].kind: read 'solid'; a solid has no restarts: it "
                "burns in one piece to its end. Write thrust_curve for its thrust over time, "
                "or kind: liquid."
            ),
        ),
    ),
    (
        "solid cut by command",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    kind: solid\n    cutoff: {at: 100 s}",
        (
            (
                "dart.yaml:9:5: stages[0].kind: read 'solid'; a solid has no cut-off by "
                "command: it burns in one piece to its end. Write thrust_curve for its thrust "
                "over time, or kind: liquid."
            ),
        ),
    ),
    (
        "no such propellant",
        "vehicle",
        "    thrust_sea_level: 170 kN",
        "    kind: gas",
        (
            (
                "dart.yaml:16:11: stages[0].kind: read 'gas'; there is no such kind of "
                "propellant. Write liquid or solid."
            ),
        ),
    ),
    (
        "lit in the air without a delay",
        "vehicle",
        "{after: booster, delay: 3 s}",
        "{after: lift-off}",
        (
            (
                "dart.yaml:25:15: stages[1].ignition.after: read 'lift-off'; a stage that "
                "lights after lift-off needs a positive delay. Write {after: lift-off, delay: "
                "25 s}, or {with: lift-off} to lift off with it."
            ),
        ),
    ),
    (
        "lit in the air at once",
        "vehicle",
        "{after: booster, delay: 3 s}",
        "{after: lift-off, delay: 0 s}",
        (
            (
                "dart.yaml:25:15: stages[1].ignition.after: read 'lift-off'; a stage that "
                "lights after lift-off needs a positive delay. Write {after: lift-off, delay: "
                "25 s}, or {with: lift-off} to lift off with it."
            ),
        ),
    ),
    (
        "stage called lift-off",
        "vehicle",
        "id: upper",
        "id: lift-off",
        (
            (
                "dart.yaml:19:5: stages[1].id: read 'lift-off'; lift-off is the moment of "
                "first motion, not a stage. Give the stage another id."
            ),
        ),
    ),
    (
        "confidence in a payload figure",
        "vehicle",
        "id: dart",
        "payloads: [{mass: 9 kg, orbit: gto, site: here, kind: rating, confidence: D}]\nid: dart",
        (
            (
                "dart.yaml:1:75: payloads[0].confidence: read 'D'; there is no such "
                "confidence. Write A, B or C."
            ),
        ),
    ),
    (
        "a reason of one's own",
        "vehicle",
        "id: dart",
        "payloads: [{mass: 9 kg, orbit: gto, site: here, kind: rating, excluded: no}]\nid: dart",
        (
            (
                "dart.yaml:1:73: payloads[0].excluded: read 'no'; there is no such reason for "
                "leaving it out. Write benchmark, reusable, corridor-limited, reserve-limited "
                "or orbit not stated."
            ),
        ),
    ),
    (
        "thrust in the wrong unit",
        "vehicle",
        "thrust_vacuum: 25 kN",
        "thrust_vacuum: 25 MN",
        (
            (
                "dart.yaml:23:20: stages[1].thrust_vacuum: read '25 MN'; at thrust_vacuum "
                "25,000 kN and 340 s the stage burns its propellant of 2,000 kg in 0.27 s. "
                "Stages burn for a minute to half an hour: look at the units of thrust and "
                "propellant."
            ),
        ),
    ),
    (
        "Isp in m/s",
        "vehicle",
        "isp_vacuum: 340 s",
        "isp_vacuum: 3334 s",
        (
            (
                "dart.yaml:24:17: stages[1].isp_vacuum: read '3334 s'; a specific impulse "
                "(isp_vacuum) of 3334 s is no chemical engine's (150 to 490 s). An exhaust "
                "velocity of 3334 m/s is 340 s: write that."
            ),
        ),
    ),
    (
        "two pads alike",
        "site",
        "drop_zones:",
        "pads: [{id: main, latitude: 10 deg, longitude: 20 deg}]\ndrop_zones:",
        (
            (
                "cape.yaml:8:8: pads[0].id: read 'main'; two pads are called main. Give each "
                "its own id; the site's own pad is written as pad."
            ),
        ),
    ),
    (
        "inclinations the wrong way round",
        "site",
        "drop_zones:",
        "inclinations: [{first: 60 deg, last: 50 deg}]\ndrop_zones:",
        (
            (
                "cape.yaml:8:38: inclinations[0].last: read '50 deg'; the range of "
                "inclinations ends below its beginning (60 deg). Write the lower one first, or "
                "one alone as {first: 51.7 deg}."
            ),
        ),
    ),
)
