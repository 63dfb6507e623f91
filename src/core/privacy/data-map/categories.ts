/** Kinds of personal data (GDPR Art. 30(1)(c); CCPA 1798.140(v) names them differently). */
export const categories = {
  identifier: 'Identifiers: the customer’s id, the account reference of the business',
  residence: 'Country or state of residence',
  biometric: 'Biometric data: voiceprints and embeddings, sealed (GDPR Art. 9(1))',
  'biometric-key': 'Keys that open biometric data, wrapped',
  'voiceprint-facts': 'Facts about a voiceprint: when it was made, from how much speech, why it ended',
  consent: 'Consent given or withdrawn, with the words read out',
  call: 'Facts about calls: when, by which route, how it ended',
  number: 'Telephone numbers, as keyed hashes only',
  decision: 'Automated results of a voice check, with their reasons',
  'account-activity': 'What was done on the account during a call',
  suspicion: 'Suspicions of fraud, their reasons and reviews',
  request: 'Requests about a person’s rights, and their answers',
  trace: 'Record that something was done with a person’s data, by ids alone',
  staff: 'Who of the business’s own people, or which of its applications, did something',
} as const;
export type CategoryId = keyof typeof categories;
