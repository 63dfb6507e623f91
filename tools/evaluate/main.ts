#!/usr/bin/env node
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { parseCommand, usage, UsageError, type EvaluateOptions } from './arguments.js';
import { evaluate } from './evaluate.js';
import { calibrationPlot, detPlot, histogram } from './plots.js';
import { toMarkdown } from './report.js';

async function run(options: EvaluateOptions): Promise<void> {
  const engine = await createEngine({ modelDir: options.model, workers: 1 });
  try {
    const { splits, scored, unscored, enrolments } = await evaluate(engine, options, showProgress);
    const [all] = splits;
    if (!all?.figures) throw new UsageError('the list has too few trials to measure anything');
    const { id, sha256, calibration, segment } = engine.model;
    const report = {
      model: { id, sha256, calibration, segment },
      trials: { ...all.trials, unscored },
      enrolments,
      ...all.figures,
      splits: splits.slice(1),
    };
    const markdown = `# Evaluation of ${id}

Model sha256 ${sha256}; llr = ${calibration.scale} × cosine + ${calibration.offset}. In brackets: 95 % intervals, bootstrapped over speakers.

${toMarkdown(splits)}

Without speech on one side and not in the figures: ${unscored.target} target and ${unscored.nontarget} non-target trials. Under the default policy, ${enrolments.complete} of the enrolment calls make a voiceprint at once, ${enrolments.incomplete} are too short, ${enrolments.refused} are refused; the figures use all of them.
`;
    await mkdir(options.out, { recursive: true });
    const files = {
      'report.json': `${JSON.stringify(report, null, 2)}\n`,
      'report.md': markdown,
      'det.svg': detPlot(scored),
      'histogram.svg': histogram(scored),
      'calibration.svg': calibrationPlot(scored),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(options.out, name), text);
    console.log(markdown);
  } finally {
    await engine.shutdown();
  }
}

/** On standard error, so that the report can be piped; one line rewritten in a terminal, nothing in a log. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.floor((done / all) * 30);
  process.stderr.write(
    `\r[${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${done}/${all}${done === all ? '\n' : ''}`,
  );
}

/** 0: measured; 2: the command line or a file is wrong. */
async function main(): Promise<number> {
  try {
    const options = parseCommand(process.argv.slice(2));
    if (options) await run(options);
    else console.log(usage);
    return 0;
  } catch (error) {
    const wrongInput = error instanceof UsageError || (error instanceof Error && 'syscall' in error);
    if (!wrongInput) throw error;
    console.error(`timbre-evaluate: ${error.message}\n\n${usage}`);
    return 2;
  }
}

process.exitCode = await main();
