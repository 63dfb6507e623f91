/** Examples of the API description; a spec sends the requests and checks the answers' shape. */
const flag = {
  flagId: '7d9f5b1e-1c55-4a57-9f43-0d3a3a6d2c10',
  callId: '0a6f2f7e-54c8-4b0e-8f53-3a8f5f0a2b11',
  customerId: '5b0c8d7a-8f0f-4c39-a1d5-3f6f0f7b9c12',
  severity: 'high',
  state: 'open',
  reasons: [
    {
      code: 'voice-mismatch',
      weightNats: 4.7,
      text: "The voice is 110 times likelier to be somebody else's than the customer's (llr -4.7, rejection bound -4.0), on 6.2 s of net speech, from 0:03 to 0:12 of the call.",
    },
  ],
  assignee: null,
  createdAt: '2026-11-24T10:31:58.120Z',
  updatedAt: '2026-11-24T10:31:58.120Z',
  version: 1,
};

const listed = {
  ...flag,
  policyVersion: 0,
  decideBy: '2026-11-24T14:31:58.120Z',
  call: {
    openedAt: '2026-11-24T10:31:40.000Z',
    closedAt: null,
    numberHash: '3q2-7wS0mRrJx0b5q1m3y2g9vO0c2b8y1m7p5k4d3c2',
  },
  callsOfCustomer: 12,
};

export const flagExamples = {
  page: {
    flags: [listed],
    nextCursor: null,
    counts: {
      total: 1,
      bySeverity: { low: 0, medium: 0, high: 1, critical: 0 },
      byState: { open: 1, 'in-review': 0, 'confirmed-fraud': 0, 'false-alarm': 0, inconclusive: 0 },
    },
  },
  listed,
  takeUp: { state: 'in-review', assignee: 'm.keller', version: 1 },
  decide: {
    state: 'false-alarm',
    note: 'Called back on the number on file: it was the customer.',
    version: 2,
  },
  reviewed: { ...flag, state: 'in-review', assignee: 'm.keller', version: 2 },
  wrongTransition: {
    type: 'urn:timbre:problem:wrong-flag-state',
    title: 'The flag cannot go there from its state',
    status: 409,
    detail: 'From open it can go to in-review.',
    state: 'open',
    allowed: ['in-review'],
  },
};
