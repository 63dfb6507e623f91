/** Rules of the retention schedule: what sets the date by which it must be gone. */
export const retentionRules = {
  voiceprint:
    'Earliest of: end of consent to enrolment or verification, the policy’s retention.voiceprintDaysAfterLastInteraction, the limit of the customer’s legal packs, retirement of the speaker model. Facts about it: retention.recordDays after its end.',
  'enrolment-stretch':
    'The policy’s enrolment.stretchDays after it was spoken, or the enrolment’s completion.',
  'held-enrolment':
    'The policy’s enrolment.stretchDays after it was made, never after consent, or the second person’s decision.',
  'watchlist-entry': 'The date given with the entry, at most the policy’s watchlist.entryDaysAtMost.',
  customer:
    'The policy’s retention.customerDays after the last interaction, once nothing of the customer’s voice or calls is kept; at once on erasure.',
  call: 'The policy’s retention.callDays after the call, or with its flag: retention.flagDays after that one’s last change.',
  consent:
    'As long as the consent has to be shown (GDPR Art. 7(1)); by id alone after an erasure. Where its proof lies: the policy’s retention.proofDays after it ended.',
  'audit-log': 'As long as the business has to show what was done; by ids alone.',
  request: 'The policy’s retention.recordDays after the answer; 11 CCR 7101(a) asks for 24 months.',
  minute: 'One minute.',
  'customer-page-visit': 'Until the link has expired or the visit is over: minutes, at most an hour.',
  'with-its-row': 'As long as the row it stands in.',
  'while-served': 'As long as the business uses Timbre.',
} as const;
export type RetentionId = keyof typeof retentionRules;
