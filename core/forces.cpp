#include "forces.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kLight = 299792458.0; // m/s

void cross(const double *a, const double *b, double *out) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void unit(double *a) {
    const double length = std::sqrt(dot(a, a));
    for (int c = 0; c < 3; ++c)
        a[c] /= length;
}

// Unit vector along a x b; where it vanishes, across `along` and the axis least like it.
void across(const double *a, const double *b, const double *along, double *out) {
    cross(a, b, out);
    if (dot(out, out) < 1e-24) {
        int least = 0;
        for (int c = 1; c < 3; ++c)
            if (std::fabs(along[c]) < std::fabs(along[least]))
                least = c;
        double e[3] = {};
        e[least] = 1.0;
        cross(along, e, out);
    }
    unit(out);
}

} // namespace

int Burn::piece(double at) const {
    if (!(at >= t.front()) || at >= t.back())
        return -1;
    return int(std::upper_bound(t.begin(), t.end(), at) - t.begin()) - 1;
}

double burn_at(const Burn &b, int k, double t, const double *x, const double *y, double *e) {
    const double u = (t - b.t[k]) / (b.t[k + 1] - b.t[k]);
    double d[3];
    for (int c = 0; c < 3; ++c)
        d[c] = (1.0 - u) * b.direction[k][c] + u * b.direction[k + 1][c];
    unit(d);
    const double force = (1.0 - u) * b.thrust[k] + u * b.thrust[k + 1];
    if (b.axes == Axes::inertial) {
        std::copy(d, d + 3, e);
        return force;
    }
    double first[3], second[3], third[3], momentum[3];
    cross(x, y, momentum);
    unit(momentum);
    std::copy(b.axes == Axes::rtn ? x : y, (b.axes == Axes::rtn ? x : y) + 3, first);
    unit(first);
    if (b.axes == Axes::rtn) {
        cross(momentum, first, second);
        std::copy(momentum, momentum + 3, third);
    } else {
        std::copy(momentum, momentum + 3, second);
        cross(first, momentum, third);
    }
    for (int c = 0; c < 3; ++c)
        e[c] = d[0] * first[c] + d[1] * second[c] + d[2] * third[c];
    return force;
}

void NodeTables::read(const Model &model, const double *t, int n) {
    rotation.resize(9 * n);
    model.rotation.at(t, n, rotation.data());
    pole.resize(3 * n);
    if (model.drags() || model.relativity.lense_thirring)
        model.rotation.pole.at(t, n, pole.data());
    bodies.resize(model.bodies.size());
    orientation.resize(model.bodies.size());
    for (std::size_t j = 0; j < bodies.size(); ++j) {
        const Body &b = model.bodies[j];
        bodies[j].resize(static_cast<std::size_t>(b.place.rows) * n);
        b.place.at(t, n, bodies[j].data());
        if (b.field) {
            orientation[j].resize(9 * n);
            b.rotation.at(t, n, orientation[j].data());
        }
    }
    if (model.tides)
        tide = model.tides->view(t, n, tides);
}

void body_axes(const Model &m, const double *r, const double *v, const double *sun, double *axes) {
    if (m.attitude == Attitude::inertial) {
        std::copy(m.body_axes, m.body_axes + 9, axes);
        return;
    }
    double *x = axes, *y = axes + 3, *z = axes + 6, s[3], w[3];
    for (int c = 0; c < 3; ++c) {
        s[c] = sun[c] - r[c];
        w[c] = v[c];
        z[c] = -r[c];
    }
    unit(s);
    if (m.attitude == Attitude::sun) {
        const double north[3] = {0.0, 0.0, 1.0};
        std::copy(s, s + 3, x);
        across(north, s, s, y);
        cross(x, y, z);
        return;
    }
    unit(z);
    if (m.attitude == Attitude::nadir)
        unit(w);
    across(z, m.attitude == Attitude::nadir ? w : s, z, y);
    cross(y, z, x);
}

void panel_normal(const Panel &p, const double *axes, const double *to_sun, double *n) {
    if (p.tracking == Tracking::free) {
        std::copy(to_sun, to_sun + 3, n);
        return;
    }
    const double *own = p.tracking == Tracking::fixed ? p.normal : p.axis;
    for (int c = 0; c < 3; ++c)
        n[c] = own[0] * axes[c] + own[1] * axes[3 + c] + own[2] * axes[6 + c];
    if (p.tracking == Tracking::about_axis) {
        const double along = dot(to_sun, n);
        for (int c = 0; c < 3; ++c)
            n[c] = to_sun[c] - along * n[c];
        // with the Sun on its axis a plate shows its edge
        if (dot(n, n) < 1e-24)
            n[0] = n[1] = n[2] = 0.0;
        else
            unit(n);
    }
}

// Sphere: Montenbruck & Gill (2000), 3.75. Plates: 3.73 with diffuse reflection (Milani, Nobili &
// Farinella 1987, ch. 4).
void sunlight(const Model &m, const Scales &k, double mass, const double *r, const double *v,
              const double *s, double *a) {
    const double d[3] = {r[0] - s[0], r[1] - s[1], r[2] - s[2]};
    const double d2 = dot(d, d), d1 = std::sqrt(d2);
    const double sphere = k.light * m.pressure_area / (mass * d2 * d1);
    for (int c = 0; c < 3; ++c)
        a[c] = sphere * d[c];
    if (!m.panels_shine)
        return;
    const double to_sun[3] = {-d[0] / d1, -d[1] / d1, -d[2] / d1};
    double axes[9], n[3];
    body_axes(m, r, v, s, axes);
    const double p = k.light * m.pressure / (mass * d2);
    for (const Panel &panel : m.panels) {
        panel_normal(panel, axes, to_sun, n);
        const double cosine = dot(n, to_sun);
        if (!(cosine > 0.0))
            continue;
        const double f = -p * panel.area * cosine,
                     g = 2.0 * (panel.specular * cosine + panel.diffuse / 3.0);
        for (int c = 0; c < 3; ++c)
            a[c] += f * ((1.0 - panel.specular) * to_sun[c] + g * n[c]);
    }
}

void densities(const Model &m, const NodeTables &tables, const double *t, const double *r, int n,
               Rows &work, double *rho, bool &below) {
    work.resize(3 * n);
    for (int i = 0; i < n; ++i) {
        double fixed[3];
        for (int c = 0; c < 3; ++c)
            fixed[c] = tables.rotation[(3 * c) * n + i] * r[i] +
                       tables.rotation[(3 * c + 1) * n + i] * r[n + i] +
                       tables.rotation[(3 * c + 2) * n + i] * r[2 * n + i];
        const Geodetic g = geodetic(fixed, m.ellipsoid_a, m.ellipsoid_f);
        if (m.density) {
            rho[i] = m.density->density(t[i], g.latitude, g.longitude, g.height, below);
        } else if (!m.layers.empty()) {
            auto above =
                std::upper_bound(m.layers.begin(), m.layers.end(), g.height,
                                 [](double h, const Layer &layer) { return h < layer.base; });
            const Layer &layer = above == m.layers.begin() ? *above : *(above - 1);
            rho[i] = layer.density * std::exp(-(g.height - layer.base) / layer.scale);
        }
        work[i] = g.latitude;
        work[n + i] = g.longitude;
        work[2 * n + i] = g.height;
    }
    if (m.direct)
        m.direct(t, work.data(), work.data() + n, work.data() + 2 * n, rho, n);
}

void drag_acceleration(const Model &m, const Scales &k, double rho, double mass, const double *pole,
                       const double *r, const double *v, const double *sun, double *a) {
    const double w[3] = {m.spin * pole[0], m.spin * pole[1], m.spin * pole[2]};
    double u[3];
    cross(w, r, u);
    for (int c = 0; c < 3; ++c)
        u[c] = v[c] - u[c];
    const double speed = std::sqrt(dot(u, u));
    double area = m.drag_area;
    if (m.panels_drag) {
        double axes[9], n[3], to_sun[3];
        for (int c = 0; c < 3; ++c)
            to_sun[c] = sun[c] - r[c];
        unit(to_sun);
        body_axes(m, r, v, sun, axes);
        for (const Panel &panel : m.panels) {
            panel_normal(panel, axes, to_sun, n);
            area += m.drag_coefficient * panel.area * std::max(0.0, dot(n, u) / speed);
        }
    }
    const double f = -0.5 * k.drag * rho * area / mass * speed;
    for (int c = 0; c < 3; ++c)
        a[c] = f * u[c];
}

void relativity_acceleration(const Model &m, const double *r, const double *v, const double *pole,
                             const double *sun6, double *a) {
    const double c2 = kLight * kLight, mu = m.field->mu;
    const double rr = std::sqrt(dot(r, r)), vv = dot(v, v), rv = dot(r, v);
    a[0] = a[1] = a[2] = 0.0;
    if (m.relativity.schwarzschild) {
        const double k = mu / (c2 * rr * rr * rr);
        for (int c = 0; c < 3; ++c)
            a[c] += k * ((4.0 * mu / rr - vv) * r[c] + 4.0 * rv * v[c]);
    }
    if (m.relativity.lense_thirring) {
        const double j[3] = {m.relativity.spin_momentum * pole[0],
                             m.relativity.spin_momentum * pole[1],
                             m.relativity.spin_momentum * pole[2]};
        double rxv[3], vxj[3];
        cross(r, v, rxv);
        cross(v, j, vxj);
        const double k = 2.0 * mu / (c2 * rr * rr * rr), q = 3.0 / (rr * rr) * dot(r, j);
        for (int c = 0; c < 3; ++c)
            a[c] += k * (q * rxv[c] + vxj[c]);
    }
    if (m.relativity.de_sitter) {
        // place and velocity of the central body from the Sun
        const double R[3] = {-sun6[0], -sun6[1], -sun6[2]}, V[3] = {-sun6[3], -sun6[4], -sun6[5]};
        const double R1 = std::sqrt(dot(R, R)), k = -m.bodies[m.sun].mu / (c2 * R1 * R1 * R1);
        const double kR[3] = {k * R[0], k * R[1], k * R[2]};
        double once[3], twice[3];
        cross(V, kR, once);
        cross(once, v, twice);
        for (int c = 0; c < 3; ++c)
            a[c] += 3.0 * twice[c];
    }
}

void forces(const Model &model, const Scales &scales, const NodeTables &tables, unsigned parts,
            const double *t, const double *mass, const double *r, const double *v, int n, Rows &a,
            Workspace &work, Rows &norms, bool &below) {
    const Kernels &kernel = kernels();
    const double mu = model.field->mu;
    const int count = kFixedForces + int(model.bodies.size());
    a.assign(3 * n, 0.0);
    work.a.resize(3 * n);
    work.b.resize(3 * n);
    norms.assign(static_cast<std::size_t>(count) * n, 0.0);
    auto add = [&](int force) { kernel.add(work.a.data(), a.data(), norms.data() + force * n, n); };
    auto each = [&](int force, auto &&f) { // f(i, place, velocity, acceleration)
        for (int i = 0; i < n; ++i) {
            const double x[3] = {r[i], r[n + i], r[2 * n + i]};
            const double y[3] = {v[i], v[n + i], v[2 * n + i]};
            double out[3];
            f(i, x, y, out);
            for (int c = 0; c < 3; ++c)
                work.a[c * n + i] = out[c];
        }
        add(force);
    };
    auto column = [n](const Rows &rows, int i, double *out, int count) {
        for (int c = 0; c < count; ++c)
            out[c] = rows[c * n + i];
    };

    if (parts & field_part) {
        kernel.gravity(model.field->view(), tables.rotation.data(), r, a.data(), n);
        for (int i = 0; i < n; ++i) {
            const double r2 = r[i] * r[i] + r[n + i] * r[n + i] + r[2 * n + i] * r[2 * n + i];
            const double k = mu / (r2 * std::sqrt(r2));
            norms[i] = mu / r2;
            double sum = 0.0;
            for (int c = 0; c < 3; ++c) {
                const double d = a[c * n + i] + k * r[c * n + i];
                sum += d * d;
            }
            norms[n + i] = std::sqrt(sum);
        }
    }
    if (parts & rough_part)
        kernel.rough(model.field->rough(model.rough), tables.rotation.data(), r, a.data(), n);
    if (model.tides && parts & tide_part) {
        kernel.varying(tables.tide, tables.rotation.data(), r, work.a.data(), n);
        add(Force::tides);
    }
    for (std::size_t j = 0; j < model.bodies.size(); ++j) {
        const Body &b = model.bodies[j];
        if (!b.attracts)
            continue;
        const double *s = tables.bodies[j].data();
        std::fill(work.a.begin(), work.a.end(), 0.0);
        if (parts & point_part)
            kernel.third_body(b.mu, s, r, work.a.data(), n);
        if (b.field && parts & figure_part) {
            work.c.resize(3 * n);
            for (int i = 0; i < 3 * n; ++i)
                work.b[i] = r[i] - s[i];
            kernel.gravity(b.field->view(), tables.orientation[j].data(), work.b.data(),
                           work.c.data(), n);
            for (int i = 0; i < 3 * n; ++i)
                work.a[i] += work.c[i];
            // the centre falls in the same field
            for (int i = 0; i < 3 * n; ++i)
                work.b[i] = -s[i];
            kernel.gravity(b.field->view(), tables.orientation[j].data(), work.b.data(),
                           work.c.data(), n);
            for (int i = 0; i < 3 * n; ++i)
                work.a[i] -= work.c[i];
        }
        add(kFixedForces + int(j));
    }
    if (model.drags() && parts & drag_part) {
        Rows &rho = work.density;
        rho.assign(n, 0.0);
        densities(model, tables, t, r, n, work.c, rho.data(), below);
        each(Force::drag, [&](int i, const double *x, const double *y, double *out) {
            double pole[3], sun[3] = {0.0, 0.0, 0.0};
            column(tables.pole, i, pole, 3);
            if (model.sun >= 0)
                column(tables.bodies[model.sun], i, sun, 3);
            drag_acceleration(model, scales, rho[i], mass[i], pole, x, y, sun, out);
        });
    }
    if (model.radiates() && parts & light_part) {
        const Rows &sun = tables.bodies[model.sun];
        if (!model.panels_shine) {
            for (int i = 0; i < n; ++i)
                work.b[i] = scales.light * model.pressure_area / mass[i];
            kernel.repel(work.b.data(), sun.data(), r, work.a.data(), n);
            add(Force::radiation);
        } else {
            each(Force::radiation, [&](int i, const double *x, const double *y, double *out) {
                double s[3];
                column(sun, i, s, 3);
                sunlight(model, scales, mass[i], x, y, s, out);
            });
        }
    }
    if (model.relativistic() && parts & relativity_part)
        each(Force::relativity, [&](int i, const double *x, const double *y, double *out) {
            double pole[3], sun[6] = {};
            column(tables.pole, i, pole, 3);
            if (model.relativity.de_sitter)
                column(tables.bodies[model.sun], i, sun, 6);
            relativity_acceleration(model, x, y, pole, sun, out);
        });
    // a segment lies on one side of every switch: its middle decides
    const double middle = 0.5 * (t[0] + t[n - 1]);
    each_burn(model, scales, [&](const Burn &b) {
        const int k = b.piece(middle);
        if (k < 0 || !(parts & thrust_part))
            return;
        Rows before(norms.begin() + Force::thrust * n, norms.begin() + (Force::thrust + 1) * n);
        each(Force::thrust, [&](int i, const double *x, const double *y, double *out) {
            const double force = burn_at(b, k, t[i], x, y, out);
            for (int c = 0; c < 3; ++c)
                out[c] *= force / mass[i];
        });
        for (int i = 0; i < n; ++i)
            norms[Force::thrust * n + i] += before[i];
    });
}

} // namespace core
