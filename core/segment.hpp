// One segment of the path: collocation at Gauss-Legendre nodes. A low field iterates inside, guided
// by the two-body response; the full field corrects it two or three times from outside.
//
// B. Jones (2012) and Bradley, Jones, Beylkin, Sandberg & Axelrad (2014, BLC-IRK) for
// Gauss-Legendre collocation with a cheap inner force; Woollands & Junkins (2019) for Picard
// iteration in orbits. The guide is a Newton step whose Jacobian is the two-body problem's: the
// defect e = y - x of a Picard step x -> y spreads as w'' = G (e + w), solved by the transition
// matrix of the Kepler arc.
#pragma once

#include "arc.hpp"
#include "forces.hpp"

#include <vector>

namespace core {

struct Settings {
    int nodes = 32;
    double tolerance = 1e-7; // m/s of velocity that the last terms of a segment stand for
    double longest = 1e9;    // s
    double first = 0.0;      // s; 0: chosen from the radius
    long budget = 100000;    // segments and rejected tries before the flight is given up
};

// A penumbra crossed: how the velocity behind it answers to a displacement there, row-major.
struct Edge {
    double t, answer[9];
};

// A piece of a segment for a patch.
struct Piece {
    double start, end;
    bool edge; // begins where light has an edge
};

struct Counts {
    long segments = 0, rejected = 0, inner = 0, full = 0;
};

class Stepper {
public:
    Stepper(const Model &model, const Settings &settings, const Scales &scales);

    // Solve from (r0, v0, mass0) at t over h (negative: backward). False when the truncation is too
    // large: `advised` then holds a shorter length; on success it holds the next length.
    // low: what the place and velocity of the start leave behind their last digit, (6), or null.
    bool solve(double t, double h, const double *r0, const double *v0, double mass0,
               const double *low = nullptr);

    Arc arc;
    double r_end[3], v_end[3], low_end[6], mass_end = 0.0;
    double advised = 0.0;
    bool below = false; // the last segment solved dips under the density table
    Counts counts;
    Rows norms;                // at the nodes, per audited force, in full light
    std::vector<double> light; // visible fraction at the nodes
    bool wants_edges = false;
    std::vector<Edge> edges; // penumbras crossed; on demand
    const Rule &rule;

    // of the last segment, at its nodes
    const Rows &times() const { return time_; }
    const Rows &places() const { return r_; }
    const Rows &velocities() const { return v_; }
    const Rows &masses() const { return mass_; }
    const NodeTables &tables() const { return tables_; }
    bool dark() const { return dark_; }
    bool bare() const { return bare_; }
    const Rows &patch_places() const { return patch_r_; }
    const Rows &patch_velocities() const { return patch_v_; }
    const Rows &patch_bends() const { return bend_; }

private:
    double sweep(double h);
    bool iterate(double h, double tolerance, double change);
    double truncation(double h, const Rows &f) const;
    bool reject(double h, double factor);
    void finish(double h);
    void land(double h, const double *low);
    void velocities_from_forces(double h);
    bool all_dark() const;
    void cast_shadow(double t, double h);
    bool rough_pieces(double t, double h, std::vector<double> &cuts);
    double seen(double t, const double *r, const double *sun) const;
    double fraction(double at) const;
    void light_nodes();
    void add_edge(double a, double b);
    void lay_patches(const std::vector<Piece> &pieces);
    void patch_nodes(double h);

    const Model &model_;
    const Settings &settings_;
    const Scales &scales_;
    const int n_;
    NodeTables tables_;
    Workspace work_;
    Rows time_, dt_, mass_;
    Rows r_, v_, base_, f_, d_, fresh_, y_, scratch_, kepler_, six_, response_;
    Rows bare_norms_;
    std::vector<std::array<double, 3 * Patch::kTerms>> shifts_; // of light alone, by patch
    Rows patch_r_, patch_v_, bend_; // of the patches at the nodes; gravity of their light part
    double r0_[3], v0_[3], contraction_ = 0.1, first_ = 0.0;
    const GravityField *low_ = nullptr;
    bool guided_ = true, dark_ = false, bare_ = false; // bare: light lies in the patches alone
};

} // namespace core
