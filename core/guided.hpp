// Guided flights by the hundred: lanes are flights. The specification, formula by formula, is
// src/cosmodrome/powered/guided_flight.py and guidance.py; names are theirs.
#pragma once

#include <vector>

namespace core {

// Curves over one variable, each cell a cubic; held beyond both ends.
struct Cubics {
    double start = 0.0, step = 1.0;
    int cells = 0, curves = 0;
    const double *c = nullptr; // (cells, curves, 4)
};

enum class Mode { coast, table, guided };
enum class Status { flown, too_short, lost, ground, late };

struct GuidedSection {
    int steps = 1;
    Mode mode = Mode::coast;
    int leg = -1;
    bool open = false;
    double exhaust = 0.0, tau = 1.0, duration = 0.0;
    int drag = 0; // which curve of the drag table
};

enum class Held { velocity = 0, plane = 1, radius = 2 };

struct GuidedAim {
    double radius, speed, sine, cosine, normal[3], cos_ahead, sin_ahead, duration;
    double sense; // 1: burns raise the energy to the aim's; -1: they lower it
    Held held;    // what of the place is flown to
};

struct GuidedProgramme {
    double mu, gravity_radius, j2, j3, j4, omega, ellipsoid, flattening, area, freeze;
    Cubics air, drag, attitude;
    double largest_swing, short_time; // when a place is out of reach
    double side[3];                   // what the body's side axis is held towards
    double start[6];
    std::vector<GuidedSection> sections;
    std::vector<GuidedAim> aims;

    // Does the leg of section k go on after it?
    bool goes_on(std::size_t k) const {
        return k + 1 < sections.size() && sections[k + 1].leg == sections[k].leg;
    }
};

// Rows of n, n a multiple of 8.
struct GuidedLanes {
    int n = 0;
    // a row for each section; usable, after: below zero where nothing is set
    const double *length, *thrust, *flow, *drop, *after, *usable;
    const double *mass, *density, *drag, *wind, *tail;
    const double *navigation; // six rows
    const double *turn;       // nine rows, of the matrix from true to believed axes
    // a row for each section
    const double *pitch, *yaw, *late, *exit_area;
};

// time, place, velocity and mass at the end of each section: eight rows each
constexpr int kMarkRows = 8;
// largest q, largest q sin(alpha), usable propellant left, status, guidance cycles missed
constexpr int kTallyRows = 5;

} // namespace core
