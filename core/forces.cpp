#include "forces.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

double norm(double x, double y, double z) {
    return std::sqrt(x * x + y * y + z * z);
}

void cross(const double *a, const double *b, double *out) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

void unit(double *a) {
    const double length = norm(a[0], a[1], a[2]);
    for (int c = 0; c < 3; ++c)
        a[c] /= length;
}

// Inertial unit vector of a burn's direction at place x and velocity y.
void point(const Burn &b, const double *x, const double *y, double *e) {
    if (b.axes == Axes::inertial) {
        for (int c = 0; c < 3; ++c)
            e[c] = b.direction[c];
        return;
    }
    double first[3], second[3], third[3], momentum[3];
    cross(x, y, momentum);
    unit(momentum);
    for (int c = 0; c < 3; ++c)
        first[c] = b.axes == Axes::rtn ? x[c] : y[c];
    unit(first);
    if (b.axes == Axes::rtn) {
        cross(momentum, first, second);
        for (int c = 0; c < 3; ++c)
            third[c] = momentum[c];
    } else {
        for (int c = 0; c < 3; ++c)
            second[c] = momentum[c];
        cross(first, momentum, third);
    }
    for (int c = 0; c < 3; ++c)
        e[c] = b.direction[0] * first[c] + b.direction[1] * second[c] + b.direction[2] * third[c];
}

} // namespace

double Model::flow(double t) const {
    double sum = 0.0;
    for (const Burn &b : burns)
        if (t >= b.start && t < b.end)
            sum += b.flow;
    return sum;
}

void NodeTables::read(const Model &model, const double *t, int n) {
    rotation.resize(9 * n);
    pole.resize(3 * n);
    bodies.resize(model.bodies.size());
    for (auto &b : bodies)
        b.resize(3 * n);
    double m[9];
    for (int i = 0; i < n; ++i) {
        model.rotation.at(t[i], m);
        for (int k = 0; k < 9; ++k)
            rotation[k * n + i] = m[k];
        model.rotation.pole.at(t[i], m);
        for (int k = 0; k < 3; ++k)
            pole[k * n + i] = m[k];
        for (std::size_t j = 0; j < bodies.size(); ++j) {
            model.bodies[j].place.at(t[i], m);
            for (int k = 0; k < 3; ++k)
                bodies[j][k * n + i] = m[k];
        }
    }
}

void perturbation(const Model &model, const NodeTables &tables, const double *t, const double *mass,
                  const double *r, const double *v, int n, Rows &a, Rows &scratch, Rows &norms,
                  bool &below) {
    const Kernels &kernel = kernels();
    const double mu = model.field->mu;
    const int forces = kFixedForces + int(model.attracting.size());
    a.assign(3 * n, 0.0);
    scratch.resize(3 * n);
    norms.assign(static_cast<std::size_t>(forces) * n, 0.0);

    kernel.gravity(model.field->view(), tables.rotation.data(), r, a.data(), n);
    kernel.gravity(model.low->view(), tables.rotation.data(), r, scratch.data(), n);
    for (int i = 0; i < n; ++i) {
        const double rr = norm(r[i], r[n + i], r[2 * n + i]), k = mu / (rr * rr * rr);
        norms[i] = mu / (rr * rr);
        norms[n + i] =
            norm(a[i] + k * r[i], a[n + i] + k * r[n + i], a[2 * n + i] + k * r[2 * n + i]);
        for (int c = 0; c < 3; ++c)
            a[c * n + i] -= scratch[c * n + i];
    }
    auto add = [&](int force) {
        for (int i = 0; i < n; ++i) {
            norms[force * n + i] = norm(scratch[i], scratch[n + i], scratch[2 * n + i]);
            for (int c = 0; c < 3; ++c)
                a[c * n + i] += scratch[c * n + i];
        }
    };
    for (std::size_t j = 0; j < model.attracting.size(); ++j) {
        const int b = model.attracting[j];
        std::fill(scratch.begin(), scratch.end(), 0.0);
        kernel.third_body(model.bodies[b].mu, tables.bodies[b].data(), r, scratch.data(), n);
        add(kFixedForces + int(j));
    }
    if (model.drags()) {
        for (int i = 0; i < n; ++i) {
            double fixed[3];
            for (int c = 0; c < 3; ++c)
                fixed[c] = tables.rotation[(3 * c) * n + i] * r[i] +
                           tables.rotation[(3 * c + 1) * n + i] * r[n + i] +
                           tables.rotation[(3 * c + 2) * n + i] * r[2 * n + i];
            const Geodetic g = geodetic(fixed, kWgs84A, kWgs84F);
            const double rho =
                model.density->density(t[i], g.latitude, g.longitude, g.height, below);
            const double wx = model.spin * tables.pole[i], wy = model.spin * tables.pole[n + i],
                         wz = model.spin * tables.pole[2 * n + i];
            const double ux = v[i] - (wy * r[2 * n + i] - wz * r[n + i]),
                         uy = v[n + i] - (wz * r[i] - wx * r[2 * n + i]),
                         uz = v[2 * n + i] - (wx * r[n + i] - wy * r[i]);
            const double k = -0.5 * rho * model.drag_area / mass[i] * norm(ux, uy, uz);
            scratch[i] = k * ux;
            scratch[n + i] = k * uy;
            scratch[2 * n + i] = k * uz;
        }
        add(2);
    }
    if (model.radiates()) {
        const Rows &sun = tables.bodies[model.sun];
        for (int i = 0; i < n; ++i) {
            const double place[3] = {r[i], r[n + i], r[2 * n + i]};
            const double s[3] = {sun[i], sun[n + i], sun[2 * n + i]};
            double f[3];
            sunlight(model, mass[i], place, s, f);
            for (int c = 0; c < 3; ++c)
                scratch[c * n + i] = f[c];
        }
        add(3);
    }
    for (const Burn &b : model.burns) {
        // a segment lies on one side of every switch: its middle decides
        const double middle = 0.5 * (t[0] + t[n - 1]);
        if (middle < b.start || middle >= b.end)
            continue;
        for (int i = 0; i < n; ++i) {
            const double x[3] = {r[i], r[n + i], r[2 * n + i]};
            const double y[3] = {v[i], v[n + i], v[2 * n + i]};
            double e[3];
            point(b, x, y, e);
            const double k = b.thrust / mass[i];
            for (int c = 0; c < 3; ++c)
                scratch[c * n + i] = k * e[c];
        }
        add(4);
    }
}

} // namespace core
