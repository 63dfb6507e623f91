import { section, seconds, table, time } from './bundle-page-parts.js';
import type { DataBundle } from './data-bundle.js';
import { html, type Html } from '../../platform/http/html.js';

export function callSection({ calls, accountEvents }: DataBundle): Html {
  return section(
    'Calls made in your name',
    table(
      ['Begun', 'Ended', 'Direction', 'Voice check', 'Why', 'Speech', 'Evidence'],
      calls.map(({ openedAt, closedAt, direction, decision }) => [
        ...[time(openedAt), time(closedAt), direction],
        ...(decision === null
          ? [null, null, null, null]
          : [
              decision.state,
              decision.inWords,
              seconds(decision.netSpeechMs),
              decision.llr === null
                ? null
                : `${decision.llr.toFixed(1)} (accepted from ${bound(decision.acceptLlr)}, rejected below ${bound(decision.rejectLlr)})`,
            ]),
      ]),
    ),
    html`<h3>What was done on your account during calls</h3>`,
    table(
      ['When', 'What', 'Reference'],
      accountEvents.map(({ at, kind, reference }) => [time(at), kind, reference]),
    ),
  );
}

export function flagSection({ flags }: DataBundle): Html {
  return section(
    'Suspicions of misuse of your account',
    table(
      ['Raised', 'Severity', 'State', 'Reasons', 'Changed'],
      flags.map(({ raisedAt, severity, state, reasons, changedAt }) => [
        ...[time(raisedAt), severity, state],
        reasons.map(({ text }) => text).join(' '),
        time(changedAt),
      ]),
    ),
  );
}

export function useSection({ uses }: DataBundle): Html {
  return section(
    'What was done with your data, and when',
    table(
      ['When', 'What', 'In call'],
      uses.map(({ at, action, callId }) => [time(at), action, callId]),
    ),
  );
}

function bound(llr: number | null): string {
  return llr === null ? '–' : llr.toFixed(1);
}
