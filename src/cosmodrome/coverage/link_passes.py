"""A spacecraft's radio over its passes: margins, Doppler, data; and what would close a link.

One row a pass and way (down, up). Where no pass closes a link, `closing` says how many dB are
short, at which data rate it would close and at which elevation the asked one would.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.catalog.antennas import OMNI
from cosmodrome.coverage.link import Link, link_over
from cosmodrome.coverage.track import gcrf_places
from cosmodrome.errors import InputError
from cosmodrome.world.bodies import C_M_S
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.coverage.contacts import Contact
    from cosmodrome.coverage.link import LinkTable
    from cosmodrome.mission.onboard import Radio
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Closing", "LinkPass", "closing", "link_passes", "links_of", "range_rate_m_s"]

WAYS = ("down", "up")


def links_of(radio: Radio, station: Station) -> dict[str, Link]:
    """The link down and the link up between a spacecraft and a station, as far as both can.

    Raises InputError where the station has no antenna, or none that serves any way of the radio.
    """
    ground = station.antenna
    if ground is None:
        raise InputError(
            f"station {station.id} has no antenna, so no link to it can be reckoned; add `antenna:"
            " {diameter: 5 m, noise_temperature: 150 K}` to it under `stations:` of the mission"
        )
    out: dict[str, Link] = {}
    down, up = radio.downlink, radio.uplink
    if down is not None and ground.hears:
        out["down"] = Link(
            down.frequency_hz,
            down.data_rate_bit_s,
            down.required_ebn0_db,
            power_w=down.power_w,
            transmit=radio.antenna,
            line_loss_db=down.line_loss_db,
            eirp_dbw=down.eirp_dbw,
            receive=ground.antenna or OMNI,
            noise_temperature_k=ground.noise_temperature_k,
            g_over_t_db_k=ground.g_over_t_db_k,
            losses_db=down.losses_db,
            spacecraft_points=radio.points,
        )
    if up is not None and ground.sends:
        out["up"] = Link(
            up.frequency_hz,
            up.data_rate_bit_s,
            up.required_ebn0_db,
            power_w=ground.power_w,
            transmit=ground.antenna or OMNI,
            line_loss_db=ground.line_loss_db,
            eirp_dbw=ground.eirp_dbw,
            receive=radio.antenna,
            noise_temperature_k=up.noise_temperature_k,
            g_over_t_db_k=up.g_over_t_db_k,
            losses_db=up.losses_db,
            spacecraft_points=radio.points,
            spacecraft_receives=True,
        )
    if not out:
        wants = " and ".join(w for w, k in (("hears", down), ("sends", up)) if k is not None)
        raise InputError(
            f"the antenna of station {station.id} serves no way of the spacecraft's radio; give it"
            f" what it {wants} with: noise_temperature or g_over_t to hear, power or eirp to send"
        )
    return out


def range_rate_m_s(path: Trajectory, station: Station, world: World, t_s: Array) -> Array:
    """How fast the distance from a station grows, (n,), at seconds from the path's epoch.

    The station moves with the Earth's rotation, its rate complete; no light time.
    """
    y = path.columns_at(t_s)
    v = y[:, 3:6]
    if path.frame.centre != "earth":
        v = v + _centre_velocity(path, t_s, world)
    r = gcrf_places(path, t_s, world, "earth")
    turned = world.orientation.itrf_from_gcrf_many(path.epoch, t_s)
    place = itrf_from_geodetic(station.latitude_rad, station.longitude_rad, station.height_m)
    # the rate is that of the Earth in its own axes
    moved = np.cross(np.asarray(turned.rate), place)
    s = np.einsum("nji,j->ni", turned.matrix, place)
    vs = np.einsum("nji,nj->ni", turned.matrix, moved)
    d = r - s
    return np.asarray(np.einsum("ni,ni->n", d, v - vs) / np.linalg.norm(d, axis=1))


def _centre_velocity(path: Trajectory, t_s: Array, world: World) -> Array:
    """Velocity of the path's centre about the Earth, m/s, by central differences of 10 s."""
    step = 10.0

    def places(t: Array) -> Array:
        return world.ephemeris.positions_m(path.frame.centre, path.epoch, t, "earth")

    return np.asarray((places(t_s + step) - places(t_s - step)) / (2.0 * step))


@dataclass(frozen=True, slots=True, eq=False)
class LinkPass:
    """One way of the radio over one pass.

    contact          the pass
    way              "down" or "up"
    table            each ten seconds and at the ends
    doppler_hz       (n,) received less sent frequency, first order: -f (range rate) / c
    """

    contact: Contact
    way: str
    link: Link
    table: LinkTable
    doppler_hz: Array

    @property
    def best_margin_db(self) -> float:
        return float(self.table.margin_db.max())

    @property
    def worst_margin_db(self) -> float:
        return float(self.table.margin_db.min())

    @property
    def open_s(self) -> float:
        """Seconds of the pass with a margin of zero or more."""
        return self.table.data_volume_bit / self.link.data_rate_bit_s

    @property
    def closes_from_rad(self) -> float | None:
        """The lowest elevation of the table with such a margin; None: none."""
        good = self.table.elevation_rad[self.table.margin_db >= 0.0]
        return float(good.min()) if good.size else None


def link_passes(
    path: Trajectory,
    stations: Iterable[Station],
    passes: Sequence[Contact],
    world: World,
    radio: Radio,
    *,
    step_s: float = 10.0,
) -> tuple[LinkPass, ...]:
    """The radio over every pass, in order of rise, down before up.

    passes  of these stations, as `contacts` finds them

    Raises InputError where a station has no antenna that serves.
    """
    by_id = {s.id: s for s in stations}
    links = {id_: links_of(radio, s) for id_, s in by_id.items()}
    out = []
    for contact in passes:
        station = by_id[contact.station]
        for way, link in links[contact.station].items():
            table = link_over(path, station, contact, world, link, step_s=step_s)
            rate = range_rate_m_s(path, station, world, table.t_s)
            out.append(LinkPass(contact, way, link, table, -link.frequency_hz * rate / C_M_S))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a link that no pass closes lacks, at its best row of all passes.

    short_db       of margin there, at this elevation and range
    rate_bit_s     at which it would close there
    lowest_rate_bit_s   at which it would close wherever the station sees the spacecraft
    elevation_rad  from which on it would close at the asked rate, the spacecraft as high as it is
                   there; None: not even overhead, where it would be `overhead_db` short
    """

    way: str
    station: str
    utc: str
    short_db: float
    elevation_rad: float
    range_m: float
    rate_bit_s: float
    lowest_rate_bit_s: float
    would_close_rad: float | None
    overhead_db: float

    def __str__(self) -> str:
        where = (
            f"at best {-self.short_db:.2f} dB: {self.short_db:.2f} dB short over {self.station}"
            f" at {self.utc}, {math.degrees(self.elevation_rad):.1f} deg high and"
            f" {self.range_m / 1e3:.0f} km away"
        )
        would = (
            f"It would close there at {rate_text(self.rate_bit_s)}, over whole passes at"
            f" {rate_text(self.lowest_rate_bit_s)}"
        )
        if self.would_close_rad is None:
            high = f"not even overhead ({self.overhead_db:.2f} dB short)"
        else:
            high = f"from {math.degrees(self.would_close_rad):.1f} deg of elevation on"
        return (
            f"The link {self.way} closes on no pass, {where}. {would}; at the asked rate {high}."
            f" Give the power or the antennas {self.short_db:.1f} dB more, or lower data_rate."
        )


def rate_text(bit_s: float) -> str:
    """A data rate in words, four digits."""
    for factor, unit in ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")):
        if bit_s >= factor:
            return f"{bit_s / factor:.4g} {unit}"
    return f"{bit_s:.4g} bit/s"


def closing(
    path: Trajectory, world: World, stations: Iterable[Station], rows: Sequence[LinkPass]
) -> tuple[Closing, ...]:
    """For every way that never closes: what it lacks. Empty where each way closes somewhere."""
    by_id = {s.id: s for s in stations}
    out = []
    for way in WAYS:
        mine = [r for r in rows if r.way == way]
        if not mine or any(r.best_margin_db >= 0.0 for r in mine):
            continue
        best = max(mine, key=lambda r: r.best_margin_db)
        k = int(np.argmax(best.table.margin_db))
        t = float(best.table.t_s[k])
        station = by_id[best.contact.station]
        place = itrf_from_geodetic(station.latitude_rad, station.longitude_rad, station.height_m)
        inner = float(np.linalg.norm(place))
        outer = float(np.linalg.norm(gcrf_places(path, np.array([t]), world, "earth")[0]))
        elevation = np.radians(np.arange(0.0, 90.05, 0.1))
        across = inner * np.cos(elevation)
        distance = np.sqrt(outer**2 - across**2) - inner * np.sin(elevation)
        margin = best.link.margin_db(distance, np.arcsin(across / outer))
        closes = elevation[margin >= 0.0]
        least = min(r.worst_margin_db for r in mine)
        asked = best.link.data_rate_bit_s
        out.append(
            Closing(
                way,
                station.id,
                (path.epoch + t).utc(0),
                -best.best_margin_db,
                float(best.table.elevation_rad[k]),
                float(best.table.range_m[k]),
                asked * 10.0 ** (best.best_margin_db / 10.0),
                asked * 10.0 ** (least / 10.0),
                float(closes.min()) if closes.size else None,
                -float(margin.max()),
            )
        )
    return tuple(out)
