#include "shadow.hpp"

#include <algorithm>
#include <cmath>

namespace core {

Disks disks(const double *r, const double *sun, double sun_radius, double body_radius) {
    const double d[3] = {sun[0] - r[0], sun[1] - r[1], sun[2] - r[2]};
    const double dd = std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    const double rr = std::sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    // the angle by atan2: acos loses half the digits near 0 and pi
    const double x = d[1] * r[2] - d[2] * r[1], y = d[2] * r[0] - d[0] * r[2],
                 z = d[0] * r[1] - d[1] * r[0];
    const double dot = -(d[0] * r[0] + d[1] * r[1] + d[2] * r[2]);
    return {std::asin(std::min(1.0, sun_radius / dd)), std::asin(std::min(1.0, body_radius / rr)),
            std::atan2(std::sqrt(x * x + y * y + z * z), dot)};
}

double visible(const Disks &d) {
    const double a = d.a, b = d.b, c = d.c;
    if (c >= a + b)
        return 1.0;
    if (c <= b - a)
        return 0.0;
    if (c <= a - b)
        return 1.0 - (b * b) / (a * a);
    const double x = (c * c + a * a - b * b) / (2.0 * c);
    const double y = std::sqrt(std::max(0.0, a * a - x * x));
    const double area = a * a * std::acos(std::clamp(x / a, -1.0, 1.0)) +
                        b * b * std::acos(std::clamp((c - x) / b, -1.0, 1.0)) - c * y;
    return 1.0 - area / (3.14159265358979323846 * a * a);
}

Edges edges(const double *r, const double *sun, double sun_radius, double body_radius) {
    const double d[3] = {sun[0] - r[0], sun[1] - r[1], sun[2] - r[2]};
    const double dd = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    const double rr = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    const double sa2 = std::min(1.0, sun_radius * sun_radius / dd);
    const double sb2 = std::min(1.0, body_radius * body_radius / rr);
    const double even = std::sqrt((1.0 - sa2) * (1.0 - sb2)), odd = std::sqrt(sa2 * sb2);
    const double c = -(d[0] * r[0] + d[1] * r[1] + d[2] * r[2]) / std::sqrt(dd * rr);
    return {even - odd - c, even + odd - c};
}

} // namespace core
