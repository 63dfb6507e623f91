import type {
  AccountEventKind,
  AgentState,
  EnrolmentOutcome,
  LiveFlag,
  SpeechProgress,
} from './api-types.js';

export interface StateLook {
  /** Short words for the list of calls. */
  readonly badge: string;
  /** A symbol of agent.html: each state has its own shape, so that colour is never the only sign. */
  readonly icon: string;
  readonly tone: 'good' | 'bad' | 'wait' | 'neutral' | 'warn' | 'alarm';
}

export const stateLooks: Record<AgentState, StateLook> = {
  verified: { badge: 'Verified', icon: 'check', tone: 'good' },
  'not-verified': { badge: 'Not verified', icon: 'cross', tone: 'bad' },
  'not-sure-yet': { badge: 'Not sure yet', icon: 'wave', tone: 'wait' },
  'not-enrolled': { badge: 'Not enrolled', icon: 'person-plus', tone: 'neutral' },
  'no-voice-check': { badge: 'No voice check', icon: 'voice-off', tone: 'neutral' },
  'voiceprint-expired': { badge: 'Voiceprint expired', icon: 'clock', tone: 'warn' },
  'high-risk': { badge: 'High risk', icon: 'alarm', tone: 'alarm' },
};

export const accountEventNames: Record<AccountEventKind, string> = {
  'plain-access': 'Looked at the account',
  'address-change': 'Change of address',
  payout: 'Payout',
  'credential-reset': 'Password or PIN reset',
  'limit-change': 'Change of limit',
  'device-change': 'New device',
  'failed-knowledge-check': 'Security question failed',
};

const severityNames: Record<LiveFlag['severity'], string> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

const flagStates: Record<LiveFlag['state'], string> = {
  open: 'The fraud team has been told.',
  'in-review': 'The fraud team is looking at it.',
  'confirmed-fraud': 'The fraud team has confirmed fraud.',
  'false-alarm': 'The fraud team found it to be a false alarm.',
  inconclusive: 'The fraud team could not settle it.',
};

export function flagText(flag: LiveFlag): string {
  return `Flagged, severity ${severityNames[flag.severity]}. ${flagStates[flag.state]}`;
}

export function enrolmentText(outcome: EnrolmentOutcome): string {
  switch (outcome.kind) {
    case 'enrolled':
      return `Enrolled. The voiceprint is kept until ${new Date(outcome.expiresAt).toLocaleDateString()} at the latest.`;
    case 'incomplete':
      return `${progressText(outcome)} so far. The rest can come in another call.`;
    case 'held':
      return 'The customer has a voiceprint already, so a second person decides on the new one. Nothing changes until then.';
    case 'refused':
      return ['Not enrolled.', ...outcome.reasons.map(({ detail }) => detail)].join(' ');
    case 'no-consent':
      return 'Not enrolled: the customer’s consent to enrolment is missing or was withdrawn.';
    case 'erased':
      return 'Not enrolled: the customer’s voice data was erased meanwhile.';
    case 'failed':
      return 'Not enrolled: it could not be stored. Try again.';
  }
}

/** One figure after the point, as in "3.2 of 5 seconds of speech". */
export function progressText({ netSpeechMs, neededMs }: SpeechProgress): string {
  const seconds = (ms: number): string => String(Math.floor(ms / 100) / 10);
  return `${seconds(Math.min(netSpeechMs, neededMs))} of ${seconds(neededMs)} seconds of speech`;
}
