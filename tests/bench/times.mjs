// What benchmarks say of a list of times.

/// The time that this part of them (0 to 1) is below.
export const at = (times, part) => [...times].sort((a, b) => a - b)[Math.floor(times.length * part)];
export const median = (times) => at(times, 0.5);
