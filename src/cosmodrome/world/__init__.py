"""Where and when: epochs, frames, states, trajectories, bodies, orientation, ephemerides."""
