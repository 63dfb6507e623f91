/** Who gets to see it inside the business, by Timbre's roles; whom the tenant passes data on to is in its policy. */
export type Recipient =
  | 'agents'
  | 'customer service'
  | 'fraud team'
  | 'privacy officer'
  | 'administrators'
  | 'auditors'
  | 'supervisory authority'
  | 'the person';
