/// The parts of the app in the user's words.
import type { Component, Trouble } from '../../api/bindings';
import { duration } from '../../ui/format';

const states = { running: 'Running', idle: 'Idle', waiting: 'Waiting', left_alone: 'Left alone', broken: 'Broken' };

/// `18:42:10`.
export function clock(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/// `Running`, `Left alone until 18:42:10`.
export function stateOf(part: Component): string {
  return part.until === null ? states[part.state] : `${states[part.state]} until ${clock(part.until)}`;
}

/// Seconds with what of them can be felt: `40 ms`, `2.4 s`, `3 min`.
export function seconds(value: number): string {
  if (value < 1) return `${Math.max(1, Math.round(value * 1000))} ms`;
  return value < 20 ? `${value.toFixed(1)} s` : duration(value);
}

/// The last problem, where nothing went well since.
export function stillWrong(part: Component): Trouble | null {
  const error = part.last_error;
  return error !== null && (part.last_success === null || error.at >= part.last_success) ? error : null;
}
