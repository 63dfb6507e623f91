import { Gauge, type Registry } from 'prom-client';
import type { AnalysisEngine } from '../engine/engine.port.js';

/** The engine knows no metrics; its status is asked for whenever they are shown. */
export function observeEngine(engine: AnalysisEngine, registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('timbre_engine_workers', 'Analysis worker threads', () => engine.status().workers);
  gauge('timbre_engine_streams', 'Streams being analysed', () => engine.status().streams);
  gauge(
    'timbre_engine_waiting_seconds',
    'Audio waiting for analysis',
    () => engine.status().waitingMs / 1000,
  );
  gauge(
    'timbre_engine_worker_restarts',
    'Analysis workers started again since start-up',
    () => engine.status().workerRestarts,
  );
}
