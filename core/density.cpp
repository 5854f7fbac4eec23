#include "density.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace core {
namespace {

// between these heights the density fades to nothing, smoothly, so that no force ends in a step
constexpr double kFadeBottom = 1.2e6, kFadeTop = 1.5e6;
constexpr double kTwoPi = 6.283185307179586476925286766559;

// First coefficient and the four weights of the uniform cubic B-spline at u steps from the start.
int weights(double u, int spans, double *w) {
    // compared before the conversion: not-a-number has no int
    const double floor = std::floor(u);
    const int k = !(floor > 0.0) ? 0 : floor >= spans - 1.0 ? spans - 1 : int(floor);
    const double s = u - k, s2 = s * s, s3 = s2 * s;
    w[0] = (1.0 - 3.0 * s + 3.0 * s2 - s3) / 6.0;
    w[1] = (4.0 - 6.0 * s2 + 3.0 * s3) / 6.0;
    w[2] = (1.0 + 3.0 * s + 3.0 * s2 - 3.0 * s3) / 6.0;
    w[3] = s3 / 6.0;
    return k;
}

} // namespace

double DensityTable::density(double t, double lat, double lon, double height, bool &below) const {
    if (height >= std::min(top, kFadeTop))
        return 0.0;
    if (height < bottom) {
        below = true;
        height = bottom;
    }
    double wt[4], wl[4], ws[4], wh[4];
    const int kt = weights((t - time.start) / time.step, time.count - 3, wt);
    const int kl = weights((lat - latitude.start) / latitude.step, latitude.count - 3, wl);
    const int kh =
        weights((std::log(height) - altitude.start) / altitude.step, altitude.count - 3, wh);
    double angle = std::fmod(lon + solar0 + solar_rate * t, kTwoPi);
    if (angle < 0.0)
        angle += kTwoPi;
    const int ks = weights(angle / solar.step, solar.count, ws);
    double sum = 0.0;
    for (int a = 0; a < 4; ++a)
        for (int b = 0; b < 4; ++b) {
            double inner = 0.0;
            for (int s = 0; s < 4; ++s) {
                const int js = (ks + s) % solar.count;
                const double *row =
                    c.data() +
                    ((static_cast<std::size_t>(kt + a) * latitude.count + kl + b) * solar.count +
                     js) *
                        altitude.count +
                    kh;
                inner +=
                    ws[s] * (wh[0] * row[0] + wh[1] * row[1] + wh[2] * row[2] + wh[3] * row[3]);
            }
            sum += wt[a] * wl[b] * inner;
        }
    const double s = std::clamp((kFadeTop - height) / (kFadeTop - kFadeBottom), 0.0, 1.0);
    return std::exp(sum) * (s * s * s * (10.0 + s * (6.0 * s - 15.0)));
}

} // namespace core
