#include "arc.hpp"

#include "cpu.hpp"

#include <algorithm>

namespace core {

void Arc::at(double t, double *r, double *v) const {
    double p[72];
    legendre(2.0 * (t - start) / length - 1.0, terms, p);
    const int rows = v ? 6 : 3;
    double sum[6] = {};
    for (int c = 0; c < rows; ++c) {
        const double *s = series.data() + c * terms;
        for (int k = terms - 1; k >= 0; --k)
            sum[c] += s[k] * p[k];
    }
    for (int c = 0; c < 3; ++c) {
        r[c] = sum[c];
        if (v)
            v[c] = sum[3 + c];
    }
    if (!patches.empty())
        patch(t, r, v);
}

void Arc::patch(double t, double *r, double *v) const {
    const double sense = length > 0.0 ? 1.0 : -1.0;
    double p[kPatchNodes + 2];
    for (const Patch &s : patches) {
        if (sense * (t - s.start) <= 0.0)
            break;
        if (sense * (t - s.end) >= 0.0) {
            for (int c = 0; c < 3; ++c) {
                r[c] += s.r_end[c] + s.v_end[c] * (t - s.end);
                if (v)
                    v[c] += s.v_end[c];
            }
            continue;
        }
        legendre(2.0 * (t - s.start) / (s.end - s.start) - 1.0, Patch::kTerms, p);
        for (int c = 0; c < 3; ++c)
            for (int k = 0; k < Patch::kTerms; ++k) {
                r[c] += s.series[c * Patch::kTerms + k] * p[k];
                if (v)
                    v[c] += s.series[(3 + c) * Patch::kTerms + k] * p[k];
            }
    }
}

void Arc::patch(const double *t, int n, double *out) const {
    constexpr int kMost = 64;
    const double sense = length > 0.0 ? 1.0 : -1.0;
    double x[kMost], values[6 * kMost];
    int first = 0;
    for (const Patch &s : patches) {
        while (first < n && sense * (t[first] - s.start) <= 0.0)
            ++first;
        if (first == n)
            return;
        int beyond = first;
        while (beyond < n && sense * (t[beyond] - s.end) < 0.0)
            ++beyond;
        for (int lo = first; lo < beyond; lo += kMost) {
            const int some = std::min(kMost, beyond - lo), held = padded(some);
            for (int i = 0; i < held; ++i)
                x[i] = 2.0 * (t[lo + std::min(i, some - 1)] - s.start) / (s.end - s.start) - 1.0;
            kernels().legendre(s.series, 6, Patch::kTerms, x, values, held);
            for (int c = 0; c < 6; ++c)
                for (int i = 0; i < some; ++i)
                    out[c * n + lo + i] += values[c * held + i];
        }
        for (int c = 0; c < 3; ++c)
            for (int i = beyond; i < n; ++i) {
                out[c * n + i] += s.r_end[c] + s.v_end[c] * (t[i] - s.end);
                out[(3 + c) * n + i] += s.v_end[c];
            }
    }
}

void Arc::at(const double *t, int n, double *x, double *out) const {
    for (int i = 0; i < n; ++i)
        x[i] = 2.0 * (t[i] - start) / length - 1.0;
    kernels().legendre(series.data(), 6, terms, x, out, n);
    if (!patches.empty())
        patch(t, n, out);
}

} // namespace core
