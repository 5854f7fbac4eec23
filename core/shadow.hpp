// Conical shadow of a spherical body (Montenbruck & Gill 2000, 3.4.2).
#pragma once

namespace core {

struct Disks {
    double a, b, c; // apparent radii of the Sun and the occulting body, their separation, rad
};

// r, sun: places from the occulting body.
Disks disks(const double *r, const double *sun, double sun_radius, double body_radius);

// Visible fraction of the Sun's disk, 0 .. 1.
double visible(const Disks &d);

// Functions that vanish where c = a + b (outer) and c = |a - b| (inner), positive outside, smooth
// and free of inverse functions: cos(a +- b) - cos(c).
struct Edges {
    double outer, inner;
};
Edges edges(const double *r, const double *sun, double sun_radius, double body_radius);

} // namespace core
