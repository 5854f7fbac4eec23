#include "arc.hpp"

#include "cpu.hpp"

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
        legendre(2.0 * (t - s.start) / (s.end - s.start) - 1.0, kPatchNodes + 2, p);
        for (int c = 0; c < 3; ++c) {
            double sum = 0.0;
            for (int k = 0; k < kPatchNodes + 2; ++k)
                sum += s.r[c * (kPatchNodes + 2) + k] * p[k];
            r[c] += sum;
            if (!v)
                continue;
            sum = 0.0;
            for (int k = 0; k < kPatchNodes + 1; ++k)
                sum += s.v[c * (kPatchNodes + 1) + k] * p[k];
            v[c] += sum;
        }
    }
}

void Arc::at(const double *t, int n, double *x, double *out) const {
    for (int i = 0; i < n; ++i)
        x[i] = 2.0 * (t[i] - start) / length - 1.0;
    kernels().legendre(series.data(), 6, terms, x, out, n);
    if (patches.empty())
        return;
    const double sense = length > 0.0 ? 1.0 : -1.0;
    for (int i = 0; i < n; ++i) {
        if (sense * (t[i] - patches.front().start) <= 0.0)
            continue;
        double r[3] = {}, v[3] = {};
        patch(t[i], r, v);
        for (int c = 0; c < 3; ++c) {
            out[c * n + i] += r[c];
            out[(3 + c) * n + i] += v[c];
        }
    }
}

} // namespace core
