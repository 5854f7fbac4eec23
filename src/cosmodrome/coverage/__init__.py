"""What is seen: contacts with the ground, eclipses, lighting, imaging, links and power.

`contacts` and `eclipses` search a flown path (a dense Trajectory) for every interval; the others
are tables along it. `cover` answers for many satellites over a grid of points.
"""

from cosmodrome.coverage.accesses import Coverage, Intervals, cover
from cosmodrome.coverage.contacts import Contact, Look, contacts, look_angles
from cosmodrome.coverage.eclipses import KINDS as ECLIPSE_KINDS
from cosmodrome.coverage.eclipses import Eclipse, eclipses, in_sunlight_s
from cosmodrome.coverage.geometry import (
    EquatorCrossing,
    GroundTrack,
    Lighting,
    beta_angle_rad,
    ground_track,
    site_lighting,
    sub_satellite_lighting,
)
from cosmodrome.coverage.grid import Grid
from cosmodrome.coverage.imaging import ImagingInstant, ImagingPass, imaging_passes
from cosmodrome.coverage.link import (
    GaussianBeam,
    Isotropic,
    Link,
    LinkTable,
    Parabolic,
    free_space_loss_db,
    link_over,
)
from cosmodrome.coverage.overflown import overflights, overflights_of
from cosmodrome.coverage.power import Battery, PowerTable, SolarArray, power_over
from cosmodrome.coverage.revisit import Band, Summary, bands, summary
from cosmodrome.coverage.sight import Sight, sights
from cosmodrome.coverage.site_sky import PARTS as SKY_PARTS
from cosmodrome.coverage.site_sky import (
    Showing,
    SkyPlaces,
    lit_s,
    showings,
    site_eclipses,
    sky,
)
from cosmodrome.coverage.swath import Cone, Elevation, Sensor, Swath, footprint
from cosmodrome.coverage.tabulated import tabulated
from cosmodrome.coverage.walker import Constellation, Street, streets, walker

__all__ = [
    "ECLIPSE_KINDS",
    "SKY_PARTS",
    "Band",
    "Battery",
    "Cone",
    "Constellation",
    "Contact",
    "Coverage",
    "Eclipse",
    "Elevation",
    "EquatorCrossing",
    "GaussianBeam",
    "Grid",
    "GroundTrack",
    "ImagingInstant",
    "ImagingPass",
    "Intervals",
    "Isotropic",
    "Lighting",
    "Link",
    "LinkTable",
    "Look",
    "Parabolic",
    "PowerTable",
    "Sensor",
    "Showing",
    "Sight",
    "SkyPlaces",
    "SolarArray",
    "Street",
    "Summary",
    "Swath",
    "bands",
    "beta_angle_rad",
    "contacts",
    "cover",
    "eclipses",
    "footprint",
    "free_space_loss_db",
    "ground_track",
    "imaging_passes",
    "in_sunlight_s",
    "link_over",
    "lit_s",
    "look_angles",
    "overflights",
    "overflights_of",
    "power_over",
    "showings",
    "sights",
    "site_eclipses",
    "site_lighting",
    "sky",
    "streets",
    "sub_satellite_lighting",
    "summary",
    "tabulated",
    "walker",
]
