import { html, type Html } from '../../../platform/http/html.js';
import { seconds, section, table, time } from './bundle-page-parts.js';
import type { BundleSpeaker } from './bundle-speaker.js';
import type { DataBundle } from './data-bundle.js';

export function callSection({ calls, accountEvents }: DataBundle, speaker: BundleSpeaker): Html {
  const { say, code } = speaker;
  return section(
    speaker,
    'Calls made in your name',
    table(
      speaker,
      ['Begun', 'Ended', 'Direction', 'Voice check', 'Why', 'Speech', 'Evidence'],
      calls.map(({ openedAt, closedAt, direction, decision }) => [
        time(openedAt),
        time(closedAt),
        direction === null ? null : code(direction),
        ...(decision === null
          ? [null, null, null, null]
          : [
              code(decision.state),
              say(decision.inWords),
              seconds(decision.netSpeechMs),
              decision.llr === null
                ? null
                : say('{llr} (accepted from {accept}, rejected below {reject})', {
                    llr: decision.llr.toFixed(1),
                    accept: bound(decision.acceptLlr),
                    reject: bound(decision.rejectLlr),
                  }),
            ]),
      ]),
    ),
    html`<h3>${say('What was done on your account during calls')}</h3>`,
    table(
      speaker,
      ['When', 'What', 'Reference'],
      accountEvents.map(({ at, kind, reference }) => [time(at), code(kind), reference]),
    ),
  );
}

export function flagSection({ flags }: DataBundle, speaker: BundleSpeaker): Html {
  const { language, code } = speaker;
  return section(
    speaker,
    'Suspicions of misuse of your account',
    table(
      speaker,
      ['Raised', 'Severity', 'State', 'Reasons', 'Changed'],
      flags.map(({ raisedAt, severity, state, reasons, changedAt }) => [
        time(raisedAt),
        code(severity),
        code(state),
        // A reason's own words are written once, in English, with times and counts in them.
        reasons.map((reason) => (language === 'en' ? reason.text : code(reason.code))).join(' '),
        time(changedAt),
      ]),
    ),
  );
}

export function useSection({ uses }: DataBundle, speaker: BundleSpeaker): Html {
  return section(
    speaker,
    'What was done with your data, and when',
    table(
      speaker,
      ['When', 'What', 'In call'],
      uses.map(({ at, action, callId }) => [time(at), speaker.code(action), callId]),
    ),
  );
}

function bound(llr: number | null): string {
  return llr === null ? '–' : llr.toFixed(1);
}
