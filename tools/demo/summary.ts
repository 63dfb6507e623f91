import type { PlayedCall } from './play.js';

/** What is not as it should be, in words; empty when the call came to what it should. */
export function shortcomings({ call, result, flags, stoppedAfterMs, voiceprintGone }: PlayedCall): string[] {
  const wrong: string[] = [];
  const { state } = result.verification;
  if (state !== call.expected.state) wrong.push(`came to ${state}, not ${call.expected.state}`);
  if (flags.length > 0 !== call.expected.flagged)
    wrong.push(flags.length > 0 ? 'was flagged' : 'was not flagged');
  if (state === 'no-consent' && result.audio.analysedMs > 0) wrong.push('audio was analysed without consent');
  if (stoppedAfterMs !== null && stoppedAfterMs > 1000) wrong.push('processing went on for more than 1 s');
  if (voiceprintGone === false) wrong.push('the voiceprint is still there');
  return wrong;
}

export function summaryOf(played: PlayedCall): string {
  const { call, result, flags, stoppedAfterMs } = played;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const decision = result.firstDecision;
  const wrong = shortcomings(played);
  return [
    `${wrong.length === 0 ? '✔' : '✘'} ${call.name}: ${call.expected.inWords}`,
    `    came to     ${result.verification.state} (agent sees: ${result.agent.title})`,
    `    why         ${result.agent.reason}`,
    ...flags.map(
      ({ severity, reasons }) => `    flag        ${severity}: ${reasons.map(({ text }) => text).join(' ')}`,
    ),
    decision
      ? `    speech      first decided (${decision.state}) after ${seconds(decision.netSpeechMs)} of net speech, ${seconds(decision.streamMs)} into the call, ${decision.latencyMs.toFixed(0)} ms after the last audio it needed`
      : `    speech      no voice decision; ${seconds(result.audio.analysedMs)} analysed, ${seconds(result.audio.withheldMs)} let go unheard`,
    ...(stoppedAfterMs === null
      ? []
      : [
          `    withdrawal  processing stopped ${stoppedAfterMs.toFixed(0)} ms after it was asked for, voiceprint and key destroyed`,
        ]),
    ...wrong.map((text) => `    WRONG       ${text}`),
  ].join('\n');
}
