"""Broken winds: what a mission writes, and every fault as printed."""

# ruff: noqa: E501 - as printed
from __future__ import annotations

#: (what is wrong, the line before `physics:`, every fault)
CASES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "of nothing",
        "wind: {}",
        (
            "mission.yaml:17:7: wind: the wind is a named profile or a table, one of the two. Write {profile: jet-stream, speed: 60 m/s, from: 270 deg} or {table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}, ...]}.",
        ),
    ),
    (
        "a word",
        "wind: strong",
        (
            "mission.yaml:17:7: wind: read 'strong'; a mapping of keys belongs here. Write it like {profile: jet-stream, speed: 60 m/s, from: 270 deg}.",
        ),
    ),
    (
        "profile and table",
        "wind: {profile: jet-stream, speed: 60 m/s, from: 270 deg, table: a.csv}",
        (
            "mission.yaml:17:7: wind: the wind is a named profile or a table, one of the two. Write {profile: jet-stream, speed: 60 m/s, from: 270 deg} or {table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}, ...]}.",
        ),
    ),
    (
        "profile unknown",
        "wind: {profile: jetstream, speed: 60 m/s, from: 270 deg}",
        (
            "mission.yaml:17:17: wind.profile: read 'jetstream'; there is no such wind profile. Did you mean 'jet-stream'?",
        ),
    ),
    (
        "direction by another word",
        "wind: {profile: jet-stream, speed: 60 m/s, direction: 270 deg}",
        ("mission.yaml:17:44: wind.direction: there is no such key here. Write from.",),
    ),
    (
        "without direction",
        "wind: {profile: jet-stream, speed: 60 m/s}",
        ("mission.yaml:17:7: wind.from: the profile jet-stream needs from. Add from: 270 deg.",),
    ),
    (
        "envelope with a speed",
        "wind: {profile: envelope, speed: 60 m/s, from: 270 deg}",
        (
            "mission.yaml:17:27: wind.speed: this is not how strong the profile envelope is said to be. Write sigmas: 2.",
        ),
    ),
    (
        "jet with sigmas",
        "wind: {profile: jet-stream, speed: 60 m/s, sigmas: 2, from: 270 deg}",
        (
            "mission.yaml:17:44: wind.sigmas: this is not how strong the profile jet-stream is said to be. Write speed: 60 m/s.",
        ),
    ),
    (
        "bare speed",
        "wind: {profile: uniform, speed: 60, from: 270 deg}",
        (
            "mission.yaml:17:33: wind.speed: read '60'; a bare number has no unit. Write a speed like 40 m/s.",
        ),
    ),
    (
        "too fast",
        "wind: {profile: uniform, speed: 300 m/s, from: 270 deg}",
        (
            "mission.yaml:17:33: wind.speed: read '300 m/s'; it must be at most 200 m/s. Write it like 40 m/s.",
        ),
    ),
    (
        "table with a speed",
        "wind: {table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}], speed: 5 m/s}",
        (
            "mission.yaml:17:66: wind.speed: speed belongs to a profile; a table has its own. Remove speed.",
        ),
    ),
    (
        "table empty",
        "wind: {table: []}",
        (
            "mission.yaml:17:15: wind.table: read 'a list'; a wind table is a list of lines, or the path of a CSV file. Write table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}, ...] or table: winds.csv.",
        ),
    ),
    (
        "table a mapping",
        "wind: {table: {a: b}}",
        (
            "mission.yaml:17:15: wind.table: read 'a mapping'; a wind table is a list of lines, or the path of a CSV file. Write table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}, ...] or table: winds.csv.",
        ),
    ),
    (
        "table line half",
        "wind: {table: [{altitude: 12 km, speed: 40 m/s, north: 5 m/s}]}",
        (
            "mission.yaml:17:16: wind.table[0]: a line of wind is speed and from, or east and north. Write {altitude: 12 km, speed: 40 m/s, from: 270 deg} or {altitude: 12 km, east: 40 m/s, north: 0 m/s}.",
        ),
    ),
    (
        "table line unknown key",
        "wind: {table: [{altitude: 12 km, speed: 40 m/s, form: 270 deg}]}",
        (
            "mission.yaml:17:49: wind.table[0].form: there is no such key here. Did you mean 'from'?",
        ),
    ),
    (
        "table not sorted",
        "wind: {table: [{altitude: 12 km, speed: 40 m/s, from: 270 deg}, {altitude: 2 km, speed: 40 m/s, from: 270 deg}]}",
        (
            "mission.yaml:17:76: wind.table[1].altitude: read '2 km'; the altitude does not increase. Sort the table by altitude.",
        ),
    ),
    (
        "table file missing",
        "wind: {table: gone.csv}",
        (
            "mission.yaml:17:15: wind.table: read 'gone.csv'; there is no such file. Write the path of a CSV file, from this file's folder.",
        ),
    ),
)
