import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { UsageError, type EvaluateOptions } from './arguments.js';
import { deskMarkdown, deskReports } from './desk.js';
import { evaluate } from './evaluate.js';
import { calibrationPlot, detPlot, histogram } from './plots.js';
import { showProgress } from './progress.js';
import { provenanceText } from './provenance.js';
import { plainFigures, toMarkdown } from './report.js';

/** Measures, writes the report and the plots, and gives the report back. */
export async function run(options: EvaluateOptions): Promise<string> {
  const engine = await createEngine({ modelDir: options.model, workers: 1 });
  try {
    const { splits, scored, unscored, enrolments, played } = await evaluate(engine, options, showProgress);
    const [all] = splits;
    if (!all?.figures) throw new UsageError('the list has too few trials to measure anything');
    const { id, sha256, calibration, centre, normalisation, segment } = engine.model;
    const { deskBaseRate } = options;
    const desk = deskBaseRate === undefined ? [] : deskReports(played, deskBaseRate);
    const report = {
      model: {
        id,
        sha256,
        calibration,
        centred: centre !== undefined || options.centre !== undefined,
        ownMeanVoice: options.centre ?? null,
        normalisedTopN: normalisation?.topN ?? null,
        segment,
      },
      trials: { ...all.trials, unscored },
      enrolments,
      ...plainFigures(all.figures),
      splits: splits.slice(1),
      ...(deskBaseRate !== undefined && { desk: { baseRate: deskBaseRate, moments: desk } }),
    };
    const own =
      options.centre === undefined
        ? ''
        : ` Centred on ${options.centre}, not on what the calibration was fitted around.`;
    const markdown = `# Evaluation of ${id}

Model sha256 ${sha256}. ${provenanceText(engine.model)}${own} In brackets: 95 % intervals, bootstrapped over speakers.

${toMarkdown(splits)}

Without speech on one side and not in the figures: ${unscored.target} target and ${unscored.nontarget} non-target trials. Under the default policy, ${enrolments.complete} of the enrolment calls make a voiceprint at once, ${enrolments.incomplete} are too short, ${enrolments.refused} are refused; the figures use all of them.
${deskBaseRate === undefined ? '' : `\n${deskMarkdown(desk, deskBaseRate)}`}`;
    await mkdir(options.out, { recursive: true });
    const files = {
      'report.json': `${JSON.stringify(report, null, 2)}\n`,
      'report.md': markdown,
      'det.svg': detPlot(scored),
      'histogram.svg': histogram(scored),
      'calibration.svg': calibrationPlot(scored),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(options.out, name), text);
    return markdown;
  } finally {
    await engine.shutdown();
  }
}
