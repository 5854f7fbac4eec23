// The pieces of all paths, with what bounds them.
#include "pieces.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

// The normal of the ellipsoid leans from the radius by no more than this (0.1924 deg at the
// surface, less above).
constexpr double kLean = 3.37e-3;
// Maxima are taken over samples; between them, and for rounding, a little more.
constexpr double kMargin = 1.1;

// Farthest central angle, about the centre of the Earth, at which a point of distance `ground` is
// seen by a satellite at most `r` away.
double reach(const Sensor &sensor, double ground, double r) {
    const double e = sensor.mask - kLean;
    const double level = std::acos(std::min(ground * std::cos(e) / r, 1.0)) - e;
    if (sensor.kind == Sensor::elevation)
        return level;
    double widest = sensor.half_angle;
    if (sensor.kind == Sensor::swath) {
        const double across = std::max(std::fabs(sensor.left), std::fabs(sensor.right));
        widest = std::atan(std::hypot(across, sensor.ahead));
    }
    const double sine = r * std::sin(widest) / ground;
    return sine >= 1.0 ? level : std::min(level, std::asin(sine) - widest);
}

} // namespace

std::vector<Stretch> pieces_of(const Sky &sky, const Sensor &sensor, const Gauges &gauges,
                               double nearest, double farthest) {
    const int n = sky.pieces(), rows = n + 1;
    const double length = sky.block / sky.cuts;
    std::vector<Stretch> all(static_cast<std::size_t>(sky.satellites) * rows);
    for (int satellite = 0; satellite < sky.satellites; ++satellite) {
        Stretch *const own = all.data() + static_cast<std::size_t>(satellite) * rows;
        for (int k = 0; k < n; ++k) {
            Stretch &piece = own[k];
            const int b = k / sky.cuts;
            const double x0 = 2.0 * (k % sky.cuts) / sky.cuts - 1.0, step = 1.0 / sky.cuts;
            double far = 0.0, low = 0.0, unit[3][3];
            piece.speed = piece.push = piece.climb = piece.turn = piece.bend = 0.0;
            for (int i = 0; i < 3; ++i) {
                const Spot at(sky.of(satellite, b), sky.terms, x0 + i * step, 2.0 / sky.block);
                const double r = std::sqrt(dot3(at.s, at.s)), out = dot3(at.s, at.v) / r;
                const double speed2 = dot3(at.v, at.v), turn2 = speed2 - out * out;
                const double along = dot3(at.s, at.a) / r;
                double bend2 = 0.0;
                for (int c = 0; c < 3; ++c) {
                    unit[i][c] = at.s[c] / r;
                    const double turn = (at.v[c] - out * unit[i][c]) / r;
                    const double bend = (at.a[c] - along * unit[i][c]) / r - 2.0 * out * turn / r -
                                        turn2 / (r * r) * unit[i][c];
                    bend2 += bend * bend;
                }
                far = std::max(far, r);
                low = i == 0 ? r : std::min(low, r);
                piece.speed = std::max(piece.speed, std::sqrt(speed2));
                piece.push = std::max(piece.push, std::sqrt(dot3(at.a, at.a)));
                piece.climb = std::max(piece.climb, std::fabs(along + turn2 / r));
                piece.turn = std::max(piece.turn, std::sqrt(turn2) / r);
                piece.bend = std::max(piece.bend, std::sqrt(bend2));
                if (i == 0)
                    std::copy(at.s, at.s + 3, piece.start);
                if (k == n - 1 && i == 2)
                    std::copy(at.s, at.s + 3, own[n].start);
            }
            for (double *bound :
                 {&piece.speed, &piece.push, &piece.climb, &piece.turn, &piece.bend})
                *bound *= kMargin;
            std::copy(unit[1], unit[1] + 3, piece.middle);
            // where samples may miss the extreme of the distance
            const double sag = 0.125 * piece.climb * length * length;
            piece.nearest = std::max(low - sag - farthest, 1.0);
            const double arc = 0.5 * length * piece.turn;
            const double angle =
                std::clamp(reach(sensor, nearest, far + sag) + arc + 1e-6, 0.0, M_PI);
            piece.cosine = std::cos(angle);
            piece.sine = std::sin(angle);
            const double bound = gauges.bend(0, piece, farthest);
            piece.slack = 0.125 * bound * length * length;
            piece.slope = bound * length;
        }
    }
    return all;
}

} // namespace core
