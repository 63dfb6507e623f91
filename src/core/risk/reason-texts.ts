import type { AccountEventKind } from '../policy/policy.js';
import type {
  Destruction,
  LeftOfEvidence,
  MeasuredCode,
  ReasonEvidence,
  UnverifiedState,
} from './risk-reason.js';

const actionWords: Readonly<Record<AccountEventKind, string>> = {
  'plain-access': 'Access to the account',
  'address-change': 'Address change',
  payout: 'Payout',
  'credential-reset': 'Credential reset',
  'limit-change': 'Limit change',
  'device-change': 'Device change',
  'failed-knowledge-check': 'Failed knowledge check',
};

/** A customer whose voice cannot be checked is no suspect: the words say what is missing, not that something is wrong. */
const stateWords: Readonly<Record<UnverifiedState, string>> = {
  rejected: "after the voice was found not to be the customer's",
  inconclusive: 'while the voice check had come to no decision',
  collecting: 'before the voice check had enough speech to decide',
  'not-claimed': 'before any customer was named for the call',
  'no-consent': 'not verified by voice (no consent for it): other checks needed',
  'opted-out': 'not verified by voice (the customer opted out): other checks needed',
  'not-enrolled': 'not verified by voice (not enrolled): other checks needed',
  'enrolment-incomplete': 'not verified by voice (enrolment not complete): other checks needed',
  expired: 'not verified by voice (voiceprint expired): other checks needed',
};

export function sensitiveActionText({ actions }: ReasonEvidence['sensitive-action']): string {
  return actions
    .map(
      ({ kind, at, verificationState }) => `${actionWords[kind]} at ${at}, ${stateWords[verificationState]}.`,
    )
    .join(' ');
}

export function voiceMismatchText(evidence: ReasonEvidence['voice-mismatch']): string {
  const { llr, rejectLlr, verificationState, netSpeechMs, span } = evidence;
  const bound = rejectLlr === null ? '' : `, rejection bound ${rejectLlr.toFixed(1)}`;
  const stretch =
    span === null ? '' : `, from ${clockTime(span.startMs)} to ${clockTime(span.endMs)} of the call`;
  const verdict = verificationState === 'rejected' ? '' : ' Not enough to reject.';
  return (
    `The voice is ${timesLikelier(llr)} likelier to be somebody else's than the customer's ` +
    `(llr ${llr.toFixed(1)}${bound}), on ${(netSpeechMs / 1000).toFixed(1)} s of net speech${stretch}.${verdict}`
  );
}

/** Agents read this too: which list it is stays in the evidence. */
export function watchlistMatchText(evidence: ReasonEvidence['watchlist-match']): string {
  const { entries, falseMatchProbability, llr, netSpeechMs } = evidence;
  const among = entries === 1 ? 'its one entry' : `${entries.toLocaleString('en-GB')} entries`;
  const chance =
    falseMatchProbability < 1e-6 ? 'less than 1 in a million' : `1 in ${oneIn(falseMatchProbability)}`;
  return (
    `The voice is like one on a watchlist: among ${among}, a caller who is on no list comes this close in ` +
    `${chance} calls (llr ${llr.toFixed(1)}, corrected for the number of entries), on ${(netSpeechMs / 1000).toFixed(1)} s of net speech.`
  );
}

export const callerChangedText = ({ atMs, llr }: ReasonEvidence['caller-changed']): string =>
  `Another voice took over the call at ${clockTime(atMs)} (llr ${llr.toFixed(1)} of being the same person).`;

/** What is still said of a voice when nothing of it may be kept any more. */
const foundInWords: { readonly [Code in MeasuredCode]: (left: LeftOfEvidence[Code]) => string } = {
  'voice-mismatch': ({ verificationState }) =>
    verificationState === 'rejected'
      ? 'The voice did not match the customer’s'
      : 'The voice seemed not to be the customer’s, but not enough to reject',
  'watchlist-match': () => 'The voice was like one on a watchlist',
  'caller-changed': () => 'Another voice took over during the call',
};

const wordOf: Readonly<Record<Destruction['because'], string>> = {
  'consent-withdrawn': 'consent was withdrawn',
  objected: 'the customer objected',
};

export const destroyedText = <Code extends MeasuredCode>(
  code: Code,
  left: LeftOfEvidence[Code],
  { because, at }: Destruction,
): string => `${foundInWords[code](left)}; what was measured was destroyed when ${wordOf[because]} at ${at}.`;

export const failedKnowledgeChecksText = ({ count }: ReasonEvidence['failed-knowledge-checks']): string =>
  count === 1 ? 'One knowledge check failed in this call.' : `${count} knowledge checks failed in this call.`;

export const numberVelocityText = ({ customers, windowHours }: ReasonEvidence['number-velocity']): string =>
  `The calling number was used for ${customers} customers within ${windowHours} hours.`;

export const accountVelocityText = ({ calls, windowHours }: ReasonEvidence['account-velocity']): string =>
  `${calls} calls claimed to be this customer within ${windowHours} hours.`;

export const numberNewForCustomerText = ({
  earlierCalls,
}: ReasonEvidence['number-new-for-customer']): string =>
  `The calling number is in none of this customer's ${earlierCalls} earlier calls.`;

/** An llr is a ratio: e to its size, rounded to what the evidence can carry. */
function timesLikelier(llr: number): string {
  const ratio = Math.exp(-llr);
  if (ratio >= 1_000_000) return 'more than a million times';
  if (ratio < 10) return `${ratio.toFixed(1)} times`;
  return `${Number(ratio.toPrecision(2)).toLocaleString('en-GB')} times`;
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const oneIn = (probability: number): string =>
  Number((1 / probability).toPrecision(2)).toLocaleString('en-GB');
