import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../src/engine/engine.port.js';
import type { TestApp } from '../support/app.js';

/** What came through the engine's one door. */
export interface Heard {
  opened: number;
  pushed: number;
  /** Ids of models that embeddings were wanted of. */
  readonly models: Set<string>;
  reset(): void;
}

/** Watches the real engine of an application from outside. */
export function countedEngine({ app }: TestApp): Heard {
  const engine = app.get<AnalysisEngine>(ANALYSIS_ENGINE, { strict: false });
  const models = new Set<string>();
  const heard: Heard = {
    opened: 0,
    pushed: 0,
    models,
    reset() {
      heard.opened = 0;
      heard.pushed = 0;
      models.clear();
    },
  };
  const want = (ids: readonly string[]): void => {
    for (const id of ids) models.add(id);
  };
  const open = engine.open.bind(engine);
  engine.open = (request, listener) => {
    heard.opened += 1;
    want(request.models ?? [engine.model.id]);
    const stream = open(request, listener);
    const { push, useModels } = stream;
    stream.push = (bytes) => {
      heard.pushed += 1;
      push.call(stream, bytes);
    };
    stream.useModels = (ids) => {
      want(ids);
      useModels.call(stream, ids);
    };
    return stream;
  };
  return heard;
}
