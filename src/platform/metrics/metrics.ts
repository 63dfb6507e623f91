import { collectDefaultMetrics, Registry } from 'prom-client';

/** The registry that /metrics shows: inject it and register counters with `registers: [registry]`. */
export const METRICS_REGISTRY = Symbol('MetricsRegistry');

export function createMetricsRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
