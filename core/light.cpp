// Where sunlight is not smooth: edges of penumbra and umbra, plates that turn their back. No node
// steps over an edge: the edges are roots on the path, the light between them is integrated piece
// by piece and laid over the path as patches.
//
// A patch bends the path by delta(t), and gravity answers with G delta, which has the same edges.
// Its larger part, with the two-body gradient and the delta of light alone, is taken out of the
// forces at the nodes (bend_) and integrated in the patches too: what remains for the polynomial is
// smooth to a thousandth of it.
#include "cpu.hpp"
#include "roots.hpp"
#include "segment.hpp"
#include "shadow.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kEdgeTolerance = 1e-9; // s

void from_body(const Model &m, const Occulter &o, double t, const double *r, const double *sun,
               double *place, double *light) {
    double b[6] = {};
    if (o.body >= 0)
        m.bodies[o.body].place.at(t, b);
    for (int c = 0; c < 3; ++c) {
        place[c] = r[c] - b[c];
        light[c] = sun[c] - b[c];
    }
}

// Pieces between edges; a patch has half the nodes of the segment, and so is no longer than a third
// of it.
std::vector<Piece> pieces_of(const std::vector<double> &cuts, double h) {
    std::vector<Piece> out;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const double a = cuts[i], b = cuts[i + 1];
        if (std::fabs(b - a) < 2e-9)
            continue;
        const int parts = std::max(1, int(std::ceil(std::fabs((b - a) / h) / 0.34)));
        for (int k = 0; k < parts; ++k)
            out.push_back({a + (b - a) * k / parts,
                           k + 1 == parts ? b : a + (b - a) * (k + 1) / parts, k == 0});
    }
    return out;
}

// Gravity's answer to a small displacement: two-body gradient times delta.
void answer(double mu, const double *r, const double *delta, double *out) {
    const double r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2], k = mu / (r2 * std::sqrt(r2));
    const double q = 3.0 * (r[0] * delta[0] + r[1] * delta[1] + r[2] * delta[2]) / r2;
    for (int c = 0; c < 3; ++c)
        out[c] = k * (q * r[c] - delta[c]);
}

} // namespace

double Stepper::seen(double t, const double *r, const double *sun) const {
    double fraction = 1.0;
    for (const Occulter &o : model_.occulters) {
        double place[3], from[3];
        from_body(model_, o, t, r, sun, place, from);
        // most places are plainly lit or plainly dark
        const Edges e = core::edges(place, from, model_.sun_radius, o.radius);
        if (e.outer >= 0.0)
            continue;
        fraction *= visible(disks(place, from, model_.sun_radius, o.radius));
    }
    return fraction;
}

// A penumbra crossed from a to b, for the variations: the integral of light times the gradient of
// the visible fraction, which is smooth inside and nothing outside.
void Stepper::add_edge(double a, double b) {
    constexpr double kStep = 50.0; // m
    const Rule &fine = core::rule(kPatchNodes);
    const double half = 0.5 * (b - a);
    // in four parts, each at its middle: a long penumbra is entered and left at different places
    constexpr int kParts = 4, kShare = kPatchNodes / kParts;
    Edge parts[kParts] = {};
    for (int j = 0; j < kPatchNodes; ++j) {
        Edge &edge = parts[j / kShare];
        const double t = 0.5 * (a + b) + half * fine.x[j];
        edge.t += t / kShare;
        double r[3], v[3], s[6], f[3];
        arc.at(t, r, v);
        model_.bodies[model_.sun].place.at(t, s);
        sunlight(model_, scales_, arc.mass(t), r, v, s, f);
        for (int c = 0; c < 3; ++c) {
            double lower[3] = {r[0], r[1], r[2]}, upper[3] = {r[0], r[1], r[2]};
            lower[c] -= kStep;
            upper[c] += kStep;
            const double slope = (seen(t, upper, s) - seen(t, lower, s)) / (2.0 * kStep);
            for (int row = 0; row < 3; ++row)
                edge.answer[3 * row + c] += half * fine.w[j] * slope * f[row];
        }
    }
    edges.insert(edges.end(), parts, parts + kParts);
}

// Whether the whole segment lies in full shadow, as far as its nodes tell.
bool Stepper::all_dark() const {
    const Rows &sun = tables_.bodies[model_.sun];
    for (int i : {0, n_ - 1, n_ / 2}) {
        const double r[3] = {r_[i], r_[n_ + i], r_[2 * n_ + i]};
        const double s[3] = {sun[i], sun[n_ + i], sun[2 * n_ + i]};
        if (seen(time_[i], r, s) > 0.0)
            return false;
    }
    return true;
}

// Edges of light inside the segment, in order of flight. False where there is nothing rough.
bool Stepper::rough_pieces(double t, double h, std::vector<double> &cuts) {
    const Rows &sun = tables_.bodies[model_.sun];
    const double sense = h > 0.0 ? 1.0 : -1.0;
    std::vector<double> when, g;
    auto place_at = [&](double at, double *r, double *v, double *s) {
        double b[6];
        arc.at(at, r, v);
        model_.bodies[model_.sun].place.at(at, b);
        std::copy(b, b + 3, s);
    };
    auto sample = [&](auto &&f) { // f(t, r, v, sun)
        auto look = [&](double at) {
            double r[3], v[3], s[3];
            place_at(at, r, v, s);
            return f(at, r, v, s);
        };
        when.assign(1, t);
        g.assign(1, look(t));
        for (int i = 0; i < n_; ++i) {
            const double r[3] = {r_[i], r_[n_ + i], r_[2 * n_ + i]};
            const double v[3] = {v_[i], v_[n_ + i], v_[2 * n_ + i]};
            const double s[3] = {sun[i], sun[n_ + i], sun[2 * n_ + i]};
            when.push_back(time_[i]);
            g.push_back(f(time_[i], r, v, s));
        }
        when.push_back(t + h);
        g.push_back(look(t + h));
        for (auto [at, rising] : zeros(look, when, g, kEdgeTolerance))
            cuts.push_back(at);
    };
    bool rough = false;
    for (const Occulter &o : model_.occulters) {
        // far from the shadow's axis all along: nothing to do
        bool near = false;
        for (int i = 0; i < n_ && !near; ++i) {
            const double r[3] = {r_[i], r_[n_ + i], r_[2 * n_ + i]};
            const double s[3] = {sun[i], sun[n_ + i], sun[2 * n_ + i]};
            double x[3], y[3];
            if (o.body >= 0) {
                const Rows &b = tables_.bodies[o.body];
                for (int c = 0; c < 3; ++c) {
                    x[c] = r[c] - b[c * n_ + i];
                    y[c] = s[c] - b[c * n_ + i];
                }
            } else {
                std::copy(r, r + 3, x);
                std::copy(s, s + 3, y);
            }
            const double along = x[0] * y[0] + x[1] * y[1] + x[2] * y[2];
            const double yy = y[0] * y[0] + y[1] * y[1] + y[2] * y[2];
            const double across = x[0] * x[0] + x[1] * x[1] + x[2] * x[2] - along * along / yy;
            // the penumbra widens by half a degree; what the path covers between two samples
            double gap = 0.0;
            const int k = std::min(i + 1, n_ - 1);
            for (int c = 0; c < 3; ++c)
                gap += std::fabs(r_[c * n_ + k] - r_[c * n_ + k - 1]);
            const double wide = o.radius + 0.01 * std::fabs(along) / std::sqrt(yy) + gap;
            near = along < (0.1 * o.radius + gap) * std::sqrt(yy) && across < wide * wide;
        }
        if (!near)
            continue;
        rough = true;
        sample([&](double at, const double *r, const double *, const double *s) {
            double place[3], from[3];
            from_body(model_, o, at, r, s, place, from);
            return core::edges(place, from, model_.sun_radius, o.radius).outer;
        });
        sample([&](double at, const double *r, const double *, const double *s) {
            double place[3], from[3];
            from_body(model_, o, at, r, s, place, from);
            return core::edges(place, from, model_.sun_radius, o.radius).inner;
        });
    }
    if (model_.panels_shine)
        for (const Panel &panel : model_.panels) {
            if (panel.tracking != Tracking::fixed)
                continue;
            const std::size_t found = cuts.size();
            sample([&](double, const double *r, const double *v, const double *s) {
                double axes[9], n[3], d[3], norm = 0.0;
                for (int c = 0; c < 3; ++c) {
                    d[c] = s[c] - r[c];
                    norm += d[c] * d[c];
                }
                for (double &x : d)
                    x /= std::sqrt(norm);
                body_axes(model_, r, v, s, axes);
                panel_normal(panel, axes, d, n);
                return n[0] * d[0] + n[1] * d[1] + n[2] * d[2];
            });
            if (cuts.size() > found)
                bare_ = rough = true;
        }
    std::sort(cuts.begin(), cuts.end(),
              [sense](double a, double b) { return sense * a < sense * b; });
    return rough;
}

// Visible fraction at an instant of the path.
double Stepper::fraction(double at) const {
    double r[3], s[6];
    arc.at(at, r, nullptr);
    model_.bodies[model_.sun].place.at(at, s);
    return seen(at, r, s);
}

// The same at the nodes, and what bare nodes keep of the radiation for the audit.
void Stepper::light_nodes() {
    const Rows &s = tables_.bodies[model_.sun];
    for (int i = 0; i < n_; ++i) {
        const double r[3] = {r_[i], r_[n_ + i], r_[2 * n_ + i]};
        const double sun[3] = {s[i], s[n_ + i], s[2 * n_ + i]};
        light[i] = seen(time_[i], r, sun);
        if (!bare_)
            continue;
        const double v[3] = {v_[i], v_[n_ + i], v_[2 * n_ + i]};
        double f[3];
        sunlight(model_, scales_, mass_[i], r, v, sun, f);
        bare_norms_[i] = std::sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
    }
}

void Stepper::cast_shadow(double t, double h) {
    for (int i = 0; i < 3 * n_; ++i)
        d_[i] += bend_[i]; // of an earlier cast
    for (Rows *zero : {&patch_r_, &patch_v_, &bend_})
        std::fill(zero->begin(), zero->end(), 0.0);
    std::fill(light.begin(), light.end(), 1.0);
    arc.patches.clear();
    edges.clear();
    dark_ = bare_ = false;
    std::vector<double> cuts{t};
    const bool rough = rough_pieces(t, h, cuts);
    if (!rough)
        return;
    cuts.push_back(t + h);
    light_nodes();
    if (cuts.size() == 2 && !bare_) {
        const double middle = fraction(t + 0.5 * h);
        dark_ = middle == 0.0;
        if (middle == 0.0 || middle == 1.0)
            return;
    }
    lay_patches(pieces_of(cuts, h));
    if (!arc.patches.empty())
        patch_nodes(h);
}

// Patches on the pieces: light's own displacement first, then gravity's answer to it.
void Stepper::lay_patches(const std::vector<Piece> &pieces) {
    const Rule &fine = core::rule(kPatchNodes);
    constexpr int K = kPatchNodes;
    const Body &sun_table = model_.bodies[model_.sun];
    // the smooth path, before any patch: light's edges were found on it
    const Arc smooth = arc;
    Rows when(K), x(K), y(6 * K), suns(sun_table.place.rows * K), force(3 * K), series(3 * K);
    double moved[3] = {}, speed[3] = {}; // delta of light alone at the piece's start
    shifts_.clear();
    std::vector<Patch> patches;
    bool begun = false;
    auto integrate = [&](const Rows &f, double half, double *v, double *r) {
        kernels().multiply(fine.to_series.data(), f.data(), series.data(), 3, K, K);
        for (int c = 0; c < 3; ++c) {
            for (int k = 0; k < K; ++k)
                series[c * K + k] *= half;
            integrate_series(series.data() + c * K, K, v + c * (K + 1));
            integrate_series(v + c * (K + 1), K + 1, r + c * (K + 2));
            for (int k = 0; k < K + 2; ++k)
                r[c * (K + 2) + k] *= half;
        }
    };
    for (const Piece &piece : pieces) {
        const double a = piece.start, b = piece.end, half = 0.5 * (b - a);
        const double middle = fraction(0.5 * (a + b));
        if (!begun && !bare_ && middle == 1.0)
            continue;
        begun = true;
        if (middle > 0.0 && middle < 1.0 && wants_edges)
            add_edge(a, b);
        for (int j = 0; j < K; ++j)
            when[j] = 0.5 * (a + b) + half * fine.x[j];
        smooth.at(when.data(), K, x.data(), y.data());
        sun_table.place.at(when.data(), K, suns.data());
        for (int j = 0; j < K; ++j) {
            const double r[3] = {y[j], y[K + j], y[2 * K + j]};
            const double v[3] = {y[3 * K + j], y[4 * K + j], y[5 * K + j]};
            const double s[3] = {suns[j], suns[K + j], suns[2 * K + j]};
            double f[3];
            sunlight(model_, scales_, arc.mass(when[j]), r, v, s, f);
            const double in = middle == 0.0 || middle == 1.0 ? middle : seen(when[j], r, s);
            const double share = bare_ ? in : in - 1.0;
            for (int c = 0; c < 3; ++c)
                force[c * K + j] = share * f[c];
        }
        // light's own displacement on the piece, with what it brought along
        double v[3 * (K + 1)];
        std::array<double, 3 * (K + 2)> shift;
        integrate(force, half, v, shift.data());
        double next_moved[3], next_speed[3];
        for (int c = 0; c < 3; ++c) {
            double sum_r = 0.0, sum_v = 0.0;
            for (int k = 0; k < K + 2; ++k)
                sum_r += shift[c * (K + 2) + k];
            for (int k = 0; k < K + 1; ++k)
                sum_v += v[c * (K + 1) + k];
            next_moved[c] = moved[c] + speed[c] * (b - a) + sum_r;
            next_speed[c] = speed[c] + sum_v;
            shift[c * (K + 2)] += moved[c] + speed[c] * half;
            shift[c * (K + 2) + 1] += speed[c] * half;
        }
        for (int j = 0; j < K; ++j) {
            double p[K + 2], delta[3], g[3];
            legendre(fine.x[j], K + 2, p);
            for (int c = 0; c < 3; ++c) {
                delta[c] = 0.0;
                for (int k = 0; k < K + 2; ++k)
                    delta[c] += shift[c * (K + 2) + k] * p[k];
            }
            const double r[3] = {y[j], y[K + j], y[2 * K + j]};
            answer(model_.field->mu, r, delta, g);
            for (int c = 0; c < 3; ++c)
                force[c * K + j] += g[c];
        }
        Patch patch{};
        patch.start = a;
        patch.end = b;
        patch.edge = piece.edge;
        double place[3 * (K + 2)];
        integrate(force, half, v, place);
        for (int c = 0; c < 3; ++c) {
            for (int k = 0; k < K + 2; ++k) {
                patch.series[c * (K + 2) + k] = place[c * (K + 2) + k];
                patch.r_end[c] += place[c * (K + 2) + k];
            }
            for (int k = 0; k < K + 1; ++k) {
                patch.series[(3 + c) * (K + 2) + k] = v[c * (K + 1) + k];
                patch.v_end[c] += v[c * (K + 1) + k];
            }
            moved[c] = next_moved[c];
            speed[c] = next_speed[c];
        }
        shifts_.push_back(shift);
        patches.push_back(patch);
    }
    arc.patches = std::move(patches);
}

// What the patches do at the nodes.
void Stepper::patch_nodes(double h) {
    constexpr int K = kPatchNodes;
    const double sense = h > 0.0 ? 1.0 : -1.0;
    Rows both(6 * n_);
    arc.patch(time_.data(), n_, both.data());
    std::copy(both.begin(), both.begin() + 3 * n_, patch_r_.begin());
    std::copy(both.begin() + 3 * n_, both.end(), patch_v_.begin());
    for (int i = 0; i < n_; ++i) {
        if (sense * (time_[i] - arc.patches.front().start) <= 0.0)
            continue;
        std::size_t k = 0;
        while (k + 1 < arc.patches.size() && sense * (time_[i] - arc.patches[k].end) > 0.0)
            ++k;
        const Patch &p = arc.patches[k];
        double series_at[K + 2], delta[3], g[3];
        legendre(2.0 * (time_[i] - p.start) / (p.end - p.start) - 1.0, K + 2, series_at);
        for (int c = 0; c < 3; ++c) {
            delta[c] = 0.0;
            for (int j = 0; j < K + 2; ++j)
                delta[c] += shifts_[k][c * (K + 2) + j] * series_at[j];
        }
        const double place[3] = {r_[i], r_[n_ + i], r_[2 * n_ + i]};
        answer(model_.field->mu, place, delta, g);
        for (int c = 0; c < 3; ++c) {
            bend_[c * n_ + i] = g[c];
            d_[c * n_ + i] -= g[c];
        }
    }
}

} // namespace core
