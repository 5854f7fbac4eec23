// What acts on the spacecraft, and what the tables of the world say at the nodes of a segment.
#pragma once

#include "density.hpp"
#include "environment.hpp"
#include "gravity.hpp"
#include "quadrature.hpp"

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace core {

// Axes a thrust direction is fixed in: inertial; radial, transverse, normal; along the velocity,
// along the angular momentum, and their cross product.
enum class Axes : int { inertial, rtn, vnc };

// Thrust, flow and direction (unit vectors) at knots, linear between them, none outside.
struct Burn {
    std::vector<double> t, thrust, flow;
    std::vector<std::array<double, 3>> direction;
    Axes axes = Axes::inertial;

    // Index of the piece that holds t, or -1.
    int piece(double t) const;
};

// Which way the body axes point: fixed in inertial space; z to the centre and y against the orbit
// normal; z to the centre and the Sun in the x-z plane; x to the Sun.
enum class Attitude : int { inertial, nadir, yaw_steering, sun };

// A flat plate with one side; it may turn to the Sun, about an axis of the body or freely.
enum class Tracking : int { fixed, about_axis, free };

struct Panel {
    double area = 0.0, specular = 0.0, diffuse = 0.0;
    double normal[3] = {0.0, 0.0, 1.0}, axis[3] = {0.0, 1.0, 0.0};
    Tracking tracking = Tracking::fixed;
};

struct Occulter {
    int body = -1; // index into Model::bodies, or -1: the central body
    double radius = 0.0;
};

// Exponential layers: density rho exp(-(h - base) / scale) from each base up.
struct Layer {
    double base, density, scale;
};

// Density of any model at n geodetic places (rows), kg/m^3.
using DirectDensity =
    std::function<void(const double *t, const double *latitude, const double *longitude,
                       const double *height, double *rho, int n)>;

struct Relativity {
    bool schwarzschild = false, lense_thirring = false, de_sitter = false;
    double spin_momentum = 0.0; // of the central body, per unit mass, m^2/s
};

struct Model {
    const GravityField *field = nullptr;
    const GravityField *low = nullptr;        // what the path is first iterated on,
    std::shared_ptr<const GravityField> tiny; // and corrected with; and what lies
    std::vector<float> rough;                 // above the low field, in single precision
    RotationTable rotation;
    std::vector<Body> bodies;
    int sun = -1;
    const VaryingField *tides = nullptr;
    double ellipsoid_a = 0.0, ellipsoid_f = 0.0; // heights are counted above it

    // air
    const DensityTable *density = nullptr;
    std::vector<Layer> layers;
    DirectDensity direct;
    double drag_area = 0.0;        // Cd A of a sphere, m^2
    double drag_coefficient = 0.0; // Cd of the panels
    double spin = 0.0;             // rad/s of the co-rotating atmosphere

    // light
    double pressure_area = 0.0; // Cr A P0 AU^2 of a sphere, N m^2
    double pressure = 0.0;      // P0 AU^2, N, for the panels
    double sun_radius = 0.0;
    std::vector<Occulter> occulters;

    // the spacecraft's plates
    std::vector<Panel> panels;
    bool panels_shine = false, panels_drag = false;
    Attitude attitude = Attitude::inertial;
    double body_axes[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}; // rows: body axes in inertial components

    Relativity relativity;
    std::vector<Burn> burns;
    std::vector<double> breaks; // instants at which some force is not smooth

    bool radiates() const { return pressure_area != 0.0 || panels_shine; }
    bool drags() const {
        return (density || !layers.empty() || direct) && (drag_area != 0.0 || panels_drag);
    }
    bool relativistic() const {
        return relativity.schwarzschild || relativity.lense_thirring || relativity.de_sitter;
    }
};

// Factors on a sample's forces, for ensembles and partial derivatives; and its own burn beside
// those of the model, or null.
struct Scales {
    double drag = 1.0, light = 1.0;
    const Burn *burn = nullptr;
};

// Every burn of a sample: those of the model, then its own.
template <class Take> void each_burn(const Model &model, const Scales &scales, Take &&take) {
    for (const Burn &b : model.burns)
        take(b);
    if (scales.burn)
        take(*scales.burn);
}

// Tables read once for the nodes of a segment.
struct NodeTables {
    Rows rotation;                 // 9 n
    Rows pole;                     // 3 n
    std::vector<Rows> bodies;      // 3 n or 6 n
    std::vector<Rows> orientation; // 9 n of bodies with a field, else empty
    Rows tides;
    VaryingView tide;

    void read(const Model &model, const double *t, int n);
};

// Order of the audit: these, then the bodies in their order.
enum Force : int { central, harmonics, tides, drag, radiation, relativity, thrust, kFixedForces };

// Inertial unit vector of a burn at t (inside its piece) and its thrust, flow.
double burn_at(const Burn &b, int piece, double t, const double *r, const double *v, double *e);

// Rows of the body axes in inertial components.
void body_axes(const Model &m, const double *r, const double *v, const double *sun, double *axes);

// Unit normal of a panel in inertial components.
void panel_normal(const Panel &p, const double *axes, const double *to_sun, double *n);

// Acceleration of sunlight in full light at r with the Sun at s.
void sunlight(const Model &m, const Scales &k, double mass, const double *r, const double *v,
              const double *s, double *a);

// Density at n places (body-fixed through the tables' rotation).
void densities(const Model &m, const NodeTables &tables, const double *t, const double *r, int n,
               Rows &work, double *rho, bool &below);

// Drag from density at one place.
void drag_acceleration(const Model &m, const Scales &k, double rho, double mass, const double *pole,
                       const double *r, const double *v, const double *sun, double *a);

// General relativity at one place (IERS Conventions 2010, eq. 10.12).
void relativity_acceleration(const Model &m, const double *r, const double *v, const double *pole,
                             const double *sun6, double *a);

// Which forces to sum.
enum Part : unsigned {
    field_part = 1,
    tide_part = 2,
    point_part = 4,  // bodies as points
    figure_part = 8, // harmonics of bodies that have them
    drag_part = 16,
    light_part = 32,
    relativity_part = 64,
    thrust_part = 128,
    every_part = 255,
    rough_part = 256 // instead of field_part: the field above the low one, to seven digits
};

struct Workspace {
    Rows a, b, c, density;
};

// Forces at n nodes, in full light (the shadow is the integrator's): three rows a.
// norms: a row of n per audited force. below: the path is under the density table.
void forces(const Model &model, const Scales &scales, const NodeTables &tables, unsigned parts,
            const double *t, const double *mass, const double *r, const double *v, int n, Rows &a,
            Workspace &work, Rows &norms, bool &below);

} // namespace core
