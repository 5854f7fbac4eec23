"""Lambert's problem: a million random ones flown, and solves per second beside peers."""
