#include "propagate.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace core {
namespace {

// A finished segment, up to `until`, as Chebyshev columns; cut at the edges of patches, where the
// path has kinks in its acceleration.
class Writer {
public:
    Writer(Path &path, const Rule &rule)
        : path_(path), rule_(rule), cheb_(6 * rule.held), when_(rule.held), x_(rule.held),
          values_(6 * rule.held) {
        path.terms = rule.wide;
    }

    void write(const Arc &arc, double until) {
        if (arc.patches.empty() && until == arc.end()) {
            transform(rule_.to_chebyshev, arc.series, rule_.wide);
            piece(arc, arc.start, until);
            return;
        }
        const double sense = arc.length > 0.0 ? 1.0 : -1.0;
        // an edge within a tenth of a microsecond of the last cut makes no piece of its own
        std::vector<double> cuts{arc.start};
        for (const Patch &s : arc.patches)
            if (s.edge && sense * (s.start - cuts.back()) > 1e-7 &&
                sense * (until - s.start) > 1e-7)
                cuts.push_back(s.start);
        cuts.push_back(until);
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            const double a = cuts[i], b = cuts[i + 1];
            for (int j = 0; j < rule_.held; ++j)
                when_[j] = 0.5 * (a + b) + 0.5 * (b - a) * rule_.lobatto_x[j];
            arc.at(when_.data(), rule_.held, x_.data(), values_.data());
            transform(rule_.lobatto_to_chebyshev, values_, rule_.held);
            piece(arc, a, b);
        }
    }

private:
    void transform(const Rows &matrix, const Rows &in, int n_in) {
        kernels().multiply(matrix.data(), in.data(), cheb_.data(), 6, n_in, rule_.held);
    }
    void piece(const Arc &arc, double a, double b);

    Path &path_;
    const Rule &rule_;
    Rows cheb_, when_, x_, values_;
};

void Writer::piece(const Arc &arc, double a, double b) {
    const std::size_t at = path_.coefficients.size();
    path_.coefficients.resize(at + static_cast<std::size_t>(rule_.wide) * 7, 0.0);
    double *c = path_.coefficients.data() + at;
    for (int k = 0; k < 6; ++k)
        for (int j = 0; j < rule_.wide; ++j)
            c[j * 7 + k] = cheb_[k * rule_.held + j];
    const double half = 0.5 * (b - a), middle = 0.5 * (a + b);
    const double square = -0.5 * arc.slope * half * half;
    c[6] = arc.mass(middle) + 0.5 * square;
    c[7 + 6] = -half * (arc.flow + arc.slope * (middle - arc.start));
    c[14 + 6] = 0.5 * square;
    path_.breaks.push_back(b);
}

double length_of(const double *x) {
    return std::sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

// Flown backward, the pieces came last first.
void turn_round(Path &path) {
    const std::size_t size = static_cast<std::size_t>(path.terms) * 7;
    std::reverse(path.breaks.begin(), path.breaks.end());
    std::vector<double> turned;
    turned.reserve(path.coefficients.size());
    for (std::size_t at = path.coefficients.size(); at > 0; at -= size)
        for (std::size_t k = 0; k < size; ++k)
            turned.push_back((k / 7) % 2 ? -path.coefficients[at - size + k]
                                         : path.coefficients[at - size + k]);
    path.coefficients = std::move(turned);
}

// Where segments must end, in order of flight: the end, breaks of the forces, knots of burns; and
// the events that burns are.
std::vector<double> stops_between(const Model &model, const Scales &scales, const Request &request,
                                  std::vector<Found> &events) {
    const double lo = std::min(request.t0, request.t1), hi = std::max(request.t0, request.t1);
    std::vector<double> stops{request.t1};
    for (double b : model.breaks)
        if (b > lo && b < hi)
            stops.push_back(b);
    int k = 0;
    each_burn(model, scales, [&](const Burn &b) {
        for (auto [kind, at] :
             {std::pair{Kind::burn_start, b.t.front()}, {Kind::burn_end, b.t.back()}})
            if (at >= lo && at <= hi && !(request.resumed && at == request.t0))
                events.push_back({kind, at, k});
        for (double t : b.t)
            if (t > lo && t < hi)
                stops.push_back(t);
        ++k;
    });
    const double sense = request.t1 > request.t0 ? 1.0 : -1.0;
    std::sort(stops.begin(), stops.end(),
              [sense](double a, double b) { return sense * a < sense * b; });
    return stops;
}

// The instants asked for, read off the arcs as these come.
class Sampler {
public:
    explicit Sampler(const Request &request)
        : request_(request), sense_(request.t1 > request.t0 ? 1.0 : -1.0), when_(8), x_(8),
          values_(48) {}

    void take(const Arc &arc, double until) {
        auto inside = [&](int k) {
            return k < request_.samples && sense_ * request_.times[k] <= sense_ * until;
        };
        while (inside(next_)) {
            int some = 0;
            for (int i = 0; i < 8; ++i) {
                if (inside(next_ + i))
                    some = i + 1;
                when_[i] = request_.times[next_ + some - 1];
            }
            arc.at(when_.data(), 8, x_.data(), values_.data());
            for (int i = 0; i < some; ++i, ++next_) {
                double *out = request_.states + static_cast<std::size_t>(next_) * 7;
                for (int c = 0; c < 6; ++c)
                    out[c] = values_[c * 8 + i];
                out[6] = arc.mass(when_[i]);
            }
        }
    }
    int taken() const { return next_; }

private:
    const Request &request_;
    const double sense_;
    Rows when_, x_, values_;
    int next_ = 0;
};

// Into the audit: largest accelerations, and sums over the seconds flown.
void weigh(const Model &model, const Stepper &stepper, double flown, Path &path) {
    const int n = stepper.rule.n;
    for (std::size_t f = 0; f < path.largest.size(); ++f)
        for (int i = 0; i < n; ++i) {
            const double share = f == Force::radiation ? stepper.light[i] : 1.0;
            const double a = share * stepper.norms[f * n + i];
            path.largest[f] = std::max(path.largest[f], a);
            path.mean[f] += 0.5 * flown * stepper.rule.w[i] * a;
        }
    if (model.radiates())
        for (int i = 0; i < n; ++i)
            path.lit += 0.5 * flown * stepper.rule.w[i] * stepper.light[i];
}

} // namespace

Path propagate(const Model &model, const Scales &scales, const Settings &settings,
               const Wanted &wanted, Request request) {
    const double t0 = request.t0, t1 = request.t1;
    if (!(t1 != t0))
        throw std::runtime_error("the end of a propagation must differ from its start");
    const double sense = t1 > t0 ? 1.0 : -1.0;
    Path path;
    Stepper stepper(model, settings, scales);
    stepper.wants_edges = request.partials.state;
    Searcher searcher(model, wanted, std::move(request.last));
    Writer writer(path, stepper.rule);
    const double *y0 = request.y0;
    Variations variations(model, scales, request.partials,
                          request.first_mass > 0.0 ? request.first_mass : y0[6]);
    const std::vector<double> stops = stops_between(model, scales, request, path.events);

    double r[3], v[3], low[6] = {}, mass = y0[6], t = t0;
    for (int k = 0; k < 3; ++k) {
        r[k] = y0[k];
        v[k] = y0[3 + k];
    }
    path.breaks.push_back(t0);
    const int forces = kFixedForces + int(model.bodies.size());
    path.largest.assign(forces, 0.0);
    path.mean.assign(forces, 0.0);
    // a radian of the circular orbit at this radius
    double h = settings.first > 0.0 ? settings.first
                                    : std::sqrt(std::pow(length_of(r), 3) / model.field->mu);
    std::size_t next_stop = 0;
    Sampler sampler(request);
    while (sense * t < sense * t1) {
        while (sense * stops[next_stop] <= sense * t)
            ++next_stop;
        const double left = std::fabs(stops[next_stop] - t);
        // beyond two radians of the orbit sums over a segment lose digits
        const double longest = 2.0 * std::sqrt(std::pow(length_of(r), 3) / model.field->mu);
        const double planned = std::min({h, settings.longest, longest});
        double step = planned;
        // no sliver before a stop
        if (step >= left)
            step = left;
        else if (step > 0.6 * left)
            step = 0.5 * left;
        int tries = 0;
        while (!stepper.solve(t, sense * step, r, v, mass, low)) {
            step = h = std::min(std::fabs(stepper.advised), left);
            if (++tries > 80)
                throw std::runtime_error("no step is small enough to follow this path");
        }
        if (stepper.counts.segments + stepper.counts.rejected > settings.budget)
            throw std::runtime_error("the budget of segments is spent");
        const Arc &arc = stepper.arc;
        double until = arc.end();
        const std::size_t found = path.events.size();
        const Searcher::Mark mark = searcher.mark();
        searcher.search(stepper, path.events);
        if (const int last = searcher.stop(path.events, found); last >= 0) {
            path.stopped = int(path.events[last].kind);
            path.stop_index = path.events[last].index;
            path.stop_group = searcher.group();
            until = path.events[last].t;
            path.events.resize(last + 1);
            // the part flown is solved by itself: what lies beyond the stop must not weigh on it
            if (std::fabs(until - t) > 1e-6) {
                if (!stepper.solve(t, until - t, r, v, mass, low)) {
                    // the tail of a shorter series can be the longer: nearer by half, and again
                    searcher.back(mark);
                    path.events.resize(found);
                    path.stopped = -1;
                    h = 0.5 * std::fabs(until - t);
                    continue;
                }
                until = arc.end();
                const Found &stop = path.events[last];
                if (stop.kind == (sense > 0.0 ? Kind::altitude_down : Kind::altitude_up) &&
                    model.density && wanted.altitudes[stop.index] > 0.999 * model.density->bottom)
                    stepper.below = false;
            }
        }
        if (stepper.below && model.density && path.stopped < 0) {
            // under the table nothing is known: the caller brings a deeper one or gives up
            path.below = true;
            path.events.resize(found);
            break;
        }
        // `advised` grew from the step taken; one cut short by a stop must not shrink the next.
        // The natural length goes with the orbital rate, which changes along an eccentric orbit.
        const double trend =
            std::clamp(std::pow(length_of(stepper.r_end) / length_of(r), 1.5), 0.4, 2.0);
        const double advised = std::fabs(stepper.advised);
        h = step < planned ? std::max(advised, h) : advised * trend;
        path.below = path.below || stepper.below;
        if (request.dense)
            writer.write(arc, until);
        sampler.take(arc, until);
        if (request.partials.state)
            variations.step(stepper, until);
        weigh(model, stepper, std::fabs(until - t), path);
        if (path.stopped >= 0) {
            mass = arc.mass(until);
            arc.at(until, r, v);
            t = until;
        } else {
            mass = stepper.mass_end;
            t = step == left ? stops[next_stop] : until;
            std::copy(stepper.r_end, stepper.r_end + 3, r);
            std::copy(stepper.v_end, stepper.v_end + 3, v);
            std::copy(stepper.low_end, stepper.low_end + 6, low);
        }
        if (request.dense)
            path.breaks.back() = t;
        if (!(mass > 0.0) || !std::isfinite(r[0] + r[1] + r[2] + v[0] + v[1] + v[2]))
            throw std::runtime_error("the path or the mass left the physical range");
        if (path.stopped >= 0)
            break;
    }
    std::stable_sort(path.events.begin(), path.events.end(),
                     [](const Found &a, const Found &b) { return a.t < b.t; });
    auto beyond = [&](const Found &e) { return sense * e.t > sense * t; };
    path.events.erase(std::remove_if(path.events.begin(), path.events.end(), beyond),
                      path.events.end());
    const double flown = std::max(std::fabs(t - t0), 1e-300);
    for (int f = 0; f < forces; ++f)
        path.mean[f] /= flown;
    path.lit /= flown;
    path.end_time = t;
    std::copy(r, r + 3, path.end_state);
    std::copy(v, v + 3, path.end_state + 3);
    path.end_state[6] = mass;
    path.sampled = sampler.taken();
    path.next = h;
    path.last = searcher.last();
    path.counts = stepper.counts;
    if (request.partials.state)
        path.variations = variations.matrix();
    if (request.dense && sense < 0.0)
        turn_round(path);
    return path;
}

void propagate(const Model &model, const Settings &settings, const Wanted &wanted, Ensemble &all) {
    all.faults.assign(all.count, "");
    all.stopped.assign(all.count, -1);
    all.groups.assign(all.count, 0);
    all.below.assign(all.count, 0);
    std::atomic<int> next{0};
    auto work = [&] {
        for (int k = next++; k < all.count; k = next++) {
            Request request;
            request.t0 = all.spans ? all.spans[2 * k] : all.t0;
            request.t1 = all.spans ? all.spans[2 * k + 1] : all.t1;
            request.y0 = all.y0 + static_cast<std::size_t>(k) * 7;
            request.dense = false;
            request.times = all.times;
            request.samples = all.samples;
            request.states = all.states + static_cast<std::size_t>(k) * all.samples * 7;
            Scales scales;
            if (all.scales)
                scales = {all.scales[2 * k], all.scales[2 * k + 1]};
            if (!all.burns.empty() && !all.burns[k].t.empty())
                scales.burn = &all.burns[k];
            double *end = all.ends + static_cast<std::size_t>(k) * 8;
            try {
                const Path path = propagate(model, scales, settings, wanted, request);
                end[0] = path.end_time;
                std::copy(path.end_state, path.end_state + 7, end + 1);
                all.stopped[k] = path.stopped;
                all.groups[k] = path.stop_group;
                all.below[k] = path.below;
            } catch (const std::exception &e) {
                all.faults[k] = e.what();
            }
        }
    };
    std::vector<std::thread> threads;
    try {
        for (int i = 1; i < std::min(all.threads, all.count); ++i)
            threads.emplace_back(work);
    } catch (const std::system_error &) {
        // as many as the machine gives
    }
    work();
    for (std::thread &thread : threads)
        thread.join();
}

} // namespace core
