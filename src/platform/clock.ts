import type { Clock } from '../core/clock.js';

export const CLOCK = Symbol('Clock');

export const systemClock: Clock = { nowMs: () => Date.now() };
