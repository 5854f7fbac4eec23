#include "gravity.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace core {
namespace {

double root(double a) {
    return std::sqrt(a);
}

// Coefficients of fully normalised solid harmonics up to `degree`, row-major.
struct Harmonics {
    explicit Harmonics(int degree)
        : degree(degree), c((degree + 1) * (degree + 1)), s((degree + 1) * (degree + 1)) {}
    double &C(int n, int m) { return c[n * (degree + 1) + m]; }
    double &S(int n, int m) { return s[n * (degree + 1) + m]; }
    double C(int n, int m) const { return c[n * (degree + 1) + m]; }
    double S(int n, int m) const { return s[n * (degree + 1) + m]; }

    int degree;
    std::vector<double> c, s;
};

struct Gradient {
    Harmonics x, y, z;
};

// Gradient as harmonics: Cunningham (1970), Celestial Mechanics 2, 207-216, in the form of
// Montenbruck & Gill, Satellite Orbits (2000), 3.33, with fully normalised functions; per radius.
Gradient differentiate(const Harmonics &u, int order) {
    Gradient d{Harmonics(u.degree + 1), Harmonics(u.degree + 1), Harmonics(u.degree + 1)};
    for (int n = 0; n <= u.degree; ++n)
        for (int m = 0; m <= std::min(n, order); ++m) {
            const double C = u.C(n, m), S = m ? u.S(n, m) : 0.0;
            const double q = (2.0 * n + 1.0) / (2.0 * n + 3.0);
            const double up = root((m ? 1.0 : 0.5) * q * (n + m + 1.0) * (n + m + 2.0));
            const double same = root(q * (n + m + 1.0) * (n - m + 1.0));
            d.z.C(n + 1, m) -= same * C;
            d.z.S(n + 1, m) -= same * S;
            if (m == 0) {
                d.x.C(n + 1, 1) -= up * C;
                d.y.S(n + 1, 1) -= up * C;
                continue;
            }
            const double down = root((m == 1 ? 2.0 : 1.0) * q * (n - m + 1.0) * (n - m + 2.0));
            d.x.C(n + 1, m + 1) -= 0.5 * up * C;
            d.x.S(n + 1, m + 1) -= 0.5 * up * S;
            d.y.C(n + 1, m + 1) += 0.5 * up * S;
            d.y.S(n + 1, m + 1) -= 0.5 * up * C;
            d.x.C(n + 1, m - 1) += 0.5 * down * C;
            d.x.S(n + 1, m - 1) += 0.5 * down * S;
            d.y.C(n + 1, m - 1) += 0.5 * down * S;
            d.y.S(n + 1, m - 1) -= 0.5 * down * C;
        }
    return d;
}

double alpha(int n, int m) {
    return root((2.0 * n - 1.0) * (2.0 * n + 1.0) / (double(n - m) * (n + m)));
}

double beta(int n, int m) {
    return root((2.0 * n + 1.0) * (n + m - 1.0) * (n - m - 1.0) /
                ((2.0 * n - 3.0) * (n + m) * (n - m)));
}

// Walk the harmonics as the kernels do: visit(n, m, K_nm, -gamma of the next degree).
template <class F> void columns(int degree, int order, F &&visit) {
    double sectoral = 1.0;
    for (int m = 0; m <= order; ++m) {
        if (m == 1)
            sectoral = root(3.0);
        else if (m > 1)
            sectoral *= root((2.0 * m + 1.0) / (2.0 * m));
        double k = sectoral;
        for (int n = m; n <= degree; ++n) {
            if (n > m)
                k *= alpha(n, m);
            // the recursion begins without it
            visit(n, m, k, n == m ? 0.0 : -beta(n + 1, m) / (alpha(n + 1, m) * alpha(n, m)));
        }
    }
}

std::vector<double> terms_of(const std::vector<const Harmonics *> &parts, int degree, int order) {
    std::vector<double> out;
    columns(degree, order, [&](int n, int m, double k, double gamma) {
        out.push_back(gamma);
        for (const Harmonics *h : parts) {
            out.push_back(k * h->C(n, m));
            out.push_back(k * h->S(n, m));
        }
    });
    return out;
}

} // namespace

GravityField::GravityField(double mu, double radius, const double *c, const double *s, int size,
                           int degree, int order)
    : mu(mu), radius(radius), degree(degree), order(order) {
    if (degree < 0 || order < 0 || order > degree || degree >= size)
        throw std::invalid_argument("gravity: 0 <= order <= degree <= the table's degree");
    if (!(mu > 0.0) || !(radius > 0.0) || !std::isfinite(mu) || !std::isfinite(radius))
        throw std::invalid_argument("gravity: mu and radius are positive numbers");
    Harmonics u(degree);
    for (int n = 0; n <= degree; ++n)
        for (int m = 0; m <= std::min(n, order); ++m) {
            u.C(n, m) = c[static_cast<std::size_t>(n) * size + m];
            u.S(n, m) = m ? s[static_cast<std::size_t>(n) * size + m] : 0.0;
            if (!std::isfinite(u.C(n, m)) || !std::isfinite(u.S(n, m)))
                throw std::invalid_argument("gravity: coefficients are finite numbers");
        }
    const Gradient d = differentiate(u, order);
    terms_ = terms_of({&d.x, &d.y, &d.z}, degree + 1, order + 1);
    c_ = std::move(u.c);
    s_ = std::move(u.s);
}

std::vector<float> GravityField::rough_terms(int above) const {
    Harmonics u(degree);
    for (int n = above + 1; n <= degree; ++n)
        for (int m = 0; m <= n; ++m) {
            u.C(n, m) = c_[n * (degree + 1) + m];
            u.S(n, m) = s_[n * (degree + 1) + m];
        }
    const Gradient d = differentiate(u, order);
    std::vector<float> out;
    // functions scaled by 2^(n - m), so that single precision holds them
    columns(degree + 1, order + 1, [&](int n, int m, double k, double gamma) {
        const double part = k * std::ldexp(1.0, m - n);
        out.push_back(float(gamma));
        for (const Harmonics *h : {&d.x, &d.y, &d.z}) {
            out.push_back(float(part * h->C(n, m)));
            out.push_back(float(part * h->S(n, m)));
        }
    });
    return out;
}

std::unique_ptr<GravityField> GravityField::cut(int to) const {
    const int n = std::min(to, degree);
    return std::make_unique<GravityField>(mu, radius, c_.data(), s_.data(), degree + 1, n,
                                          std::min(order, n));
}

FieldView GravityField::tensor() const {
    std::call_once(made_, [this] {
        Harmonics u(degree);
        u.c = c_;
        u.s = s_;
        const Gradient d = differentiate(u, order);
        const Gradient x = differentiate(d.x, order + 1), y = differentiate(d.y, order + 1),
                       z = differentiate(d.z, order + 1);
        tensor_ = terms_of({&x.x, &x.y, &x.z, &y.z, &z.z}, degree + 2, order + 2);
    });
    return {degree + 2, order + 2, mu / (radius * radius * radius), radius, tensor_.data()};
}

VaryingField::VaryingField(double mu, double radius, int degree, const ChebyshevTable &table)
    : mu(mu), radius(radius), degree(degree) {
    const int pairs = (degree + 1) * (degree + 2) / 2;
    if (degree < 0 || table.rows != 2 * pairs)
        throw std::invalid_argument("a varying field needs C and S of every degree and order");
    table_ = {table.start, table.block, table.blocks, 0, table.terms, {}};
    columns(degree + 1, degree + 1, [&](int, int, double, double gamma) {
        gamma_.push_back(gamma);
        table_.rows += 6;
    });
    table_.c.resize(static_cast<std::size_t>(table_.blocks) * table_.rows * table_.terms);
    // the operator is linear: it acts on the series' coefficients one by one
    for (int b = 0; b < table.blocks; ++b)
        for (int j = 0; j < table.terms; ++j) {
            auto in = [&](int row) {
                return table.c[(static_cast<std::size_t>(b) * table.rows + row) * table.terms + j];
            };
            Harmonics u(degree);
            for (int n = 0, k = 0; n <= degree; ++n)
                for (int m = 0; m <= n; ++m, ++k) {
                    u.C(n, m) = in(k);
                    u.S(n, m) = in(pairs + k);
                }
            const Gradient d = differentiate(u, degree);
            int row = 0;
            columns(degree + 1, degree + 1, [&](int n, int m, double k, double) {
                for (double value :
                     {d.x.C(n, m), d.x.S(n, m), d.y.C(n, m), d.y.S(n, m), d.z.C(n, m), d.z.S(n, m)})
                    table_
                        .c[(static_cast<std::size_t>(b) * table_.rows + row++) * table_.terms + j] =
                        k * value;
            });
        }
}

VaryingView VaryingField::view(const double *t, int n, Rows &terms) const {
    terms.resize(static_cast<std::size_t>(table_.rows) * n);
    table_.at(t, n, terms.data());
    return {degree + 1, degree + 1, mu / (radius * radius), radius, gamma_.data(), terms.data()};
}

} // namespace core
