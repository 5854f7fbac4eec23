// Gauges of what a sensor sees, one point at a time: smooth functions of time that are not
// negative where the point is seen, each with a bound of its second derivative over a piece.
#pragma once

#include "coverage.hpp"

#include <algorithm>
#include <cmath>

namespace core {

struct GroundPoint {
    double p[3], up[3];
};

inline double dot3(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// A satellite's place and its two derivatives at x of a block, per second.
struct Spot {
    double s[3], v[3], a[3];

    Spot(const double *power, int terms, double x, double per_second) {
        for (int axis = 0; axis < 3; ++axis, power += terms) {
            double sum = power[terms - 1], first = 0.0, second = 0.0;
            for (int j = terms - 2; j >= 0; --j) {
                second = second * x + 2.0 * first;
                first = first * x + sum;
                sum = sum * x + power[j];
            }
            s[axis] = sum;
            v[axis] = first * per_second;
            a[axis] = second * per_second * per_second;
        }
    }
};

// The gauges of a sensor, in the order in which they are asked.
class Gauges {
public:
    Gauges(const Sensor &sensor, const Sky &sky)
        : sensor_(sensor), sky_(sky), sine_(std::sin(sensor.mask)),
          cosine_(std::cos(sensor.half_angle)) {}

    int count() const {
        return sensor_.kind == Sensor::elevation ? 1 : sensor_.kind == Sensor::cone ? 2 : 5;
    }

    double value(int which, int satellite, double t, const GroundPoint &point) const {
        const int b = std::clamp(static_cast<int>(t / sky_.block), 0, sky_.blocks - 1);
        return value(which, satellite, b, t, point);
    }

    // The same by block b, at whose ends both neighbours hold.
    double value(int which, int satellite, int b, double t, const GroundPoint &point) const {
        const double x = 2.0 * (t - b * sky_.block) / sky_.block - 1.0;
        const Spot at(sky_.of(satellite, b), sky_.terms, x, 2.0 / sky_.block);
        double d[3];
        for (int k = 0; k < 3; ++k)
            d[k] = at.s[k] - point.p[k];
        if (which == 0)
            return dot3(point.up, d) - sine_ * std::sqrt(dot3(d, d));
        const double r = std::sqrt(dot3(at.s, at.s)), down = dot3(at.s, d) / r;
        if (sensor_.kind == Sensor::cone)
            return down - cosine_ * std::sqrt(dot3(d, d));
        // z to the centre, y right of the flight (against the orbit's normal), x = y x z
        const double v[3] = {at.v[0] - sky_.spin * at.s[1], at.v[1] + sky_.spin * at.s[0], at.v[2]};
        double y[3] = {v[1] * at.s[2] - v[2] * at.s[1], v[2] * at.s[0] - v[0] * at.s[2],
                       v[0] * at.s[1] - v[1] * at.s[0]};
        const double size = std::sqrt(dot3(y, y));
        const double x_axis[3] = {(y[2] * at.s[1] - y[1] * at.s[2]) / (size * r),
                                  (y[0] * at.s[2] - y[2] * at.s[0]) / (size * r),
                                  (y[1] * at.s[0] - y[0] * at.s[1]) / (size * r)};
        // the axes are perpendicular to s: what they see of the look vector is what they see of p
        const double across = dot3(point.p, y) / size, along = dot3(point.p, x_axis);
        switch (which) {
        case 1:
            return sensor_.right * down - across;
        case 2:
            return across - sensor_.left * down;
        case 3:
            return sensor_.ahead * down - along;
        default:
            return sensor_.ahead * down + along;
        }
    }

    // Bound of the second derivative over a piece; `farthest` is the largest |p|.
    double bend(int which, const Stretch &piece, double farthest) const {
        const double range = piece.push + piece.speed * piece.speed / piece.nearest;
        if (which == 0)
            return piece.push + sine_ * range;
        const double down = piece.climb + farthest * piece.bend;
        if (sensor_.kind == Sensor::cone)
            return down + cosine_ * range;
        // the orbit's normal turns with the Earth and, little, with the node
        constexpr double kTurn = 1.5e-4;
        if (which <= 2)
            return std::fabs(which == 1 ? sensor_.right : sensor_.left) * down +
                   farthest * kTurn * kTurn;
        return sensor_.ahead * down +
               farthest * (piece.bend + 2.0 * piece.turn * kTurn + kTurn * kTurn);
    }

private:
    const Sensor &sensor_;
    const Sky &sky_;
    double sine_, cosine_;
};

} // namespace core
