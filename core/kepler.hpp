// The two-body arc in universal variables: the first guess of a segment.
#pragma once

namespace core {

// Place r (3 rows of n, stride n) after times dt[i] (rising or falling) from r0, v0.
void kepler_arc(double mu, const double *r0, const double *v0, const double *dt, int n, double *r);

} // namespace core
