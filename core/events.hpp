// Events: zeros of smooth functions of the path, found on the finished segments.
#pragma once

#include "segment.hpp"

#include <limits>
#include <vector>

namespace core {

enum class Kind : int {
    ascending_node,
    descending_node,
    periapsis,
    apoapsis,
    umbra_entry,
    umbra_exit,
    penumbra_entry,
    penumbra_exit,
    altitude_up,
    altitude_down,
    burn_start,
    burn_end
};

struct Found {
    Kind kind;
    double t;
    double value; // altitude crossed, m, or index of the burn
};

struct Wanted {
    bool nodes = false, apsides = false, umbra = false, penumbra = false;
    std::vector<double> altitudes;
    double floor = -std::numeric_limits<double>::infinity(); // the path ends on its way down here
};

class Searcher {
public:
    Searcher(const Model &model, const Wanted &wanted, int nodes);

    // Events of a finished segment, in order of time. The last sample of one segment is the first
    // of the next, so that nothing is lost or counted twice at a seam.
    void search(const Arc &arc, const Rule &rule, std::vector<Found> &out);

    // First downward crossing of the floor in a segment, or NaN.
    double landing(const Arc &arc, const Rule &rule) const;

private:
    struct Function {
        Kind rising, falling;
        double value;
    };
    double evaluate(const Function &f, const Arc &arc, double t) const;
    double height(const Arc &arc, double t) const;

    const Model &model_;
    const Wanted &wanted_;
    std::vector<Function> functions_;
    std::vector<double> last_;
    double first_ = 0.0;
};

} // namespace core
