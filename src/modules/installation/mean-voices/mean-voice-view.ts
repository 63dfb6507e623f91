import type { MeanVoiceVersion } from './mean-voice-version.entity.js';

export interface MeanVoiceVersionView {
  readonly version: number;
  readonly modelId: string;
  readonly meanVoice: 'own' | 'model';
  readonly calls: number;
  /** How far it lies from the model's own: the length of the difference; null for the model's own. */
  readonly distance: number | null;
  /** For `timbre-evaluate --centre`: the mean of many callers, nobody's voice. Null for the model's own. */
  readonly numbers: readonly number[] | null;
  readonly createdAt: string;
  /** Null: Timbre itself, once enough callers were gathered. */
  readonly createdBy: string | null;
}

export interface MeanVoiceView {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly inForce: { readonly kind: 'model' } | ({ readonly kind: 'own' } & MeanVoiceVersionView);
  readonly gathered: {
    readonly gathering: boolean;
    readonly calls: number;
    readonly neededCalls: number;
    readonly since: string | null;
  };
}

type Row = Pick<MeanVoiceVersion, 'version' | 'modelId' | 'centre' | 'calls' | 'createdAt' | 'createdBy'>;

export function toView(row: Row, modelCentre: Float32Array | undefined): MeanVoiceVersionView {
  const { version, modelId, calls, createdAt, createdBy } = row;
  return {
    version,
    modelId,
    meanVoice: row.centre === null ? 'model' : 'own',
    calls,
    distance: row.centre && distance(row.centre, modelCentre),
    numbers: row.centre,
    createdAt: createdAt.toISOString(),
    createdBy,
  };
}

function distance(own: readonly number[], models: Float32Array | undefined): number {
  return Math.hypot(...own.map((value, i) => value - (models?.[i] ?? 0)));
}
