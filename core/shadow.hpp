// Conical shadow of the central body (Montenbruck & Gill 2000, 3.4.2).
#pragma once

namespace core {

struct Disks {
    double a, b, c; // apparent radii of the Sun and the occulting body, their separation, rad
};

Disks disks(const double *r, const double *sun, double sun_radius, double body_radius);

// Visible fraction of the Sun's disk, 0 .. 1.
double visible(const Disks &d);

} // namespace core
