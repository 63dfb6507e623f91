#!/usr/bin/env node
import type { CallResult } from '../../src/core/calls/result.js';
import { type Command, parseCommand, usage } from './arguments.js';
import { UnplayableFile } from './call-audio.js';
import { type CallOutcome, streamCall } from './stream-call.js';
import { UsageError } from './usage-error.js';

/** 0: the call was played to its end; 1: it was not; 2: the command line or a file is wrong. */
async function main(): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`timbre-call: ${error.message}\n\n${usage}`);
    return 2;
  }
  if (command.kind === 'help') {
    console.log(usage);
    return 0;
  }
  const hangUp = new AbortController();
  process.once('SIGINT', () => {
    hangUp.abort();
  });
  try {
    const outcome = await streamCall(
      { ...command.options, hangUp: hangUp.signal },
      {
        onStarted: (callId) => {
          console.log(`started ${callId}`);
        },
        onResult: (result, sentMs) => {
          console.log(resultLine(result, sentMs));
        },
      },
    );
    console.log(outcomeLine(outcome));
    return outcome.kind === 'completed' ? 0 : 1;
  } catch (error) {
    const unreadable =
      error instanceof UnplayableFile ||
      error instanceof UsageError ||
      (error instanceof Error && 'syscall' in error);
    if (!unreadable) throw error;
    console.error(`timbre-call: ${error.message}`);
    return 2;
  }
}

function resultLine({ verification, agent }: CallResult, sentMs: number): string {
  const { state, llr, netSpeechMs, minNetSpeechMs } = verification;
  const speech = `speech ${seconds(netSpeechMs)} of ${seconds(minNetSpeechMs)}`;
  const evidence = llr === null ? '' : `, llr ${llr.toFixed(1)}`;
  return `at ${seconds(sentMs)}: ${state} (${speech}${evidence}); agent sees: ${agent.title}`;
}

function outcomeLine(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'completed': {
      const verdict = Object.entries(outcome.verdict ?? {}).map(([name, value]) => `\n${name}: ${value}`);
      return `completed, ${seconds(outcome.sentMs)} sent${verdict.join('')}`;
    }
    case 'cut-off': {
      const { closeCode, closeReason, error, sentMs } = outcome;
      const field = error?.field === undefined ? '' : ` (${error.field})`;
      const why = error ? `${error.code}: ${error.message}${field}` : closeReason;
      return `cut off after ${seconds(sentMs)} with ${closeCode}: ${why}`;
    }
    case 'refused':
      return `refused with ${outcome.status}: ${outcome.title}`;
    case 'unreachable':
      return `unreachable: ${outcome.reason}`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

process.exitCode = await main();
