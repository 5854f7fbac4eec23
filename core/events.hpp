// Events: zeros of smooth functions of the path, found on the finished segments.
#pragma once

#include "segment.hpp"

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
    rise,
    set,
    farther,
    nearer,
    burn_start,
    burn_end
};

struct Found {
    Kind kind;
    double t;
    int index; // of the occulter, altitude, station, distance or burn
};

// A place on the body from which the spacecraft is seen above an elevation.
struct Station {
    double place[3], up[3]; // body-fixed, m; unit vector
    double sine;            // of the least elevation
};

// A sphere about a body (-1: the central one).
struct Distance {
    int body;
    double metres;
};

// The path ends at the count-th event of a group, to which this kind and index belong.
struct Stop {
    Kind kind;
    int index, count, group;
};

struct Wanted {
    bool nodes = false, apsides = false, umbra = false, penumbra = false;
    std::vector<double> altitudes;
    std::vector<Station> stations;
    std::vector<Distance> distances;
    std::vector<Stop> stops;
};

class Searcher {
public:
    // last: values at the end of an earlier leg of the same flight, or empty at its start.
    Searcher(const Model &model, const Wanted &wanted, std::vector<double> last);

    // Events of a finished segment, in order of flight. The last sample of one segment is the first
    // of the next, so that nothing is lost or counted twice at a seam.
    void search(const Stepper &stepper, std::vector<Found> &out);

    // Index into `found` from `first` of the event that ends the path, or -1.
    int stop(const std::vector<Found> &found, std::size_t first);

    // What the search remembers; `back` forgets all since.
    struct Mark {
        std::vector<double> last;
        std::vector<int> counted;
        bool fresh;
        double first;
    };
    Mark mark() const { return {last_, counted_, fresh_, first_}; }
    void back(Mark mark);

    const std::vector<double> &last() const { return last_; }
    int group() const { return group_; } // of the stop found

private:
    struct Function {
        Kind rising, falling;
        int index;
    };
    double value(const Function &f, double t, const double *r, const double *v,
                 const double *rotation, const double *pole) const;
    double evaluate(const Function &f, const Arc &arc, double t) const;

    const Model &model_;
    const Wanted &wanted_;
    std::vector<Function> functions_;
    std::vector<double> last_, t_, g_;
    std::vector<int> counted_;
    int group_ = 0;
    Rows pole_;
    bool fresh_;
    double first_ = 0.0;
};

} // namespace core
