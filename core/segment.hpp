// One segment of the path: collocation at Gauss-Legendre nodes, solved by Picard iteration with a
// low field inside and the full field outside; and the dense path that comes out of it.
//
// B. Jones (2012) and Bradley, Jones, Beylkin, Sandberg & Axelrad (2014, BLC-IRK) for
// Gauss-Legendre collocation with a cheap inner force; Woollands & Junkins (2019) for Picard
// iteration in orbits.
#pragma once

#include "forces.hpp"

#include <vector>

namespace core {

// What the shadow takes off the path between two boundaries: the double integral of the missing
// sunlight, a Legendre series on the piece, straight motion after it.
struct Shade {
    double start, end;
    std::vector<double> v, r; // three series each (terms + 1 and terms + 2)
    double v_end[3], r_end[3];
};

// A finished segment: evaluable anywhere in [start, start + length].
struct Arc {
    double start = 0.0, length = 0.0, mass0 = 0.0, flow = 0.0;
    int terms = 0;            // of the r series; v has one less
    std::vector<double> r, v; // three Legendre series each, stride terms
    std::vector<Shade> shades;

    double end() const { return start + length; }
    double mass(double t) const { return mass0 - flow * (t - start); }
    void at(double t, double *r, double *v) const; // v may be null
};

struct Settings {
    int nodes = 24;
    double tolerance = 1e-9; // m/s of velocity a segment may lose to truncation
    double longest = 1e9;    // s
    double first = 0.0;      // s; 0: chosen from the radius
};

struct Counts {
    long segments = 0, rejected = 0, inner = 0, full = 0;
};

class Stepper {
public:
    Stepper(const Model &model, const Settings &settings);

    // Solve from (r0, v0, mass0) at t over h. False when the truncation is too large: `advised`
    // then holds a shorter length; on success it holds the next length.
    bool solve(double t, double h, const double *r0, const double *v0, double mass0);

    Arc arc;
    double r_end[3], v_end[3];
    double advised = 0.0;
    bool below = false; // the last segment solved dips under the density table
    Counts counts;
    Rows norms;                // at the nodes, per audited force
    std::vector<double> shade; // visible fraction at the nodes
    const Rule &rule;

private:
    bool iterate(double h, double tolerance);
    double truncation(double h, const Rows &f) const;
    bool reject(double h, double factor);
    void finish(double t, double h, const double *r0, const double *v0);
    void cast_shadow(double t, double h);

    const Model &model_;
    const Settings &settings_;
    const int n_;
    NodeTables tables_;
    std::vector<double> time_, dt_, mass_;
    Rows r_, v_, base_, f_, d_, fresh_, scratch_, shade_r_, shade_v_;
};

} // namespace core
