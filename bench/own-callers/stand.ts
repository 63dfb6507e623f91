import { measure } from '../../src/core/evaluation/figures.js';
import { sortTrials } from '../../src/core/evaluation/trials.js';
import { markdownTable } from '../../src/core/markdown/markdown-table.js';
import { defaultPolicy, operatingPointNames } from '../../src/core/policy/policy.js';
import type { OperatingPointName } from '../../src/core/speaker/verification.js';
import type { ModelDescription } from '../../src/engine/engine.port.js';
import { alarmsOfOneEntry } from './alarms.js';
import { compare, type Compared, type Population } from './population.js';
import { percent, shareByCaller, withInterval } from './shares.js';

export type AcceptLlrs = Readonly<Record<OperatingPointName, number>>;

/** What holds at one moment of an installation's life. */
export interface Stand {
  readonly name: string;
  readonly population: Population;
  readonly centre: Float32Array | undefined;
  readonly acceptLlr: AcceptLlrs;
}

const nominal = defaultPolicy.watchlist.falseAlarmsPerCall;

/** Tables of one stand: strangers accepted by operating point and kind of pair, the worth of the llr, alarms of a list of one. */
export function tablesOf({ name, population, centre, acceptLlr }: Stand, model: ModelDescription): string {
  const compared = compare(population, model, centre);
  const kinds = [...new Set(compared.map(({ genders }) => genders))].filter((kind) => kind !== '').sort();
  const groups: readonly (readonly [string, readonly Compared[]])[] = [
    ['all', compared],
    ...kinds.map((kind) => [kind, compared.filter(({ genders }) => genders === kind)] as const),
  ];
  const rows = groups.map(([kind, trials]) => {
    const own = trials.filter(({ target }) => target);
    const strangers = trials.filter(({ target }) => !target);
    return [
      kind,
      `${own.length} / ${strangers.length}`,
      ...operatingPointNames.flatMap((point) => {
        const accepted = ({ score }: Compared): boolean => score > acceptLlr[point];
        const share = shareByCaller(
          strangers.map((one) => ({ call: one.probe, caller: one.probeSpeaker, happened: accepted(one) })),
        );
        const refused = own.filter((one) => !accepted(one)).length;
        return [withInterval(share), own.length === 0 ? '' : percent(refused / own.length, 1)];
      }),
    ];
  });
  const { eer, cllr, minCllr } = measure(sortTrials(compared));
  const head = operatingPointNames.flatMap((point) => [
    `strangers accepted, ${point} (llr ${acceptLlr[point].toFixed(2)})`,
    'own not accepted',
  ]);
  const lines = [
    `## ${name}\n`,
    markdownTable([['pairs', 'target / non-target', ...head], ...rows]),
    `EER ${percent(eer, 1)}, Cllr ${cllr.toFixed(3)}, minCllr ${minCllr.toFixed(3)}.`,
  ];
  const { impostorTail } = model;
  if (impostorTail) {
    const alarms = alarmsOfOneEntry(population.screened, centre, impostorTail, nominal);
    lines.push(
      `A watchlist of one entry, nominal ${percent(nominal, 1)}: alarms in ${withInterval(shareByCaller(alarms))} of ${alarms.length} calls against somebody else's entry.`,
    );
  }
  return `${lines.join('\n')}\n`;
}
