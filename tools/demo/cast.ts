/** Who calls, whom they say they are, and what the call should come to. All speech is recorded from real people (samples/README.md). */
export interface DemoCustomer {
  readonly accountRef: string;
  readonly who: string;
  readonly enrolOn: readonly string[];
  readonly consents: boolean;
}

export type DemoAct = 'asks-for-payout' | 'withdraws-consent';

export interface DemoCall {
  readonly name: string;
  readonly speech: readonly string[];
  readonly claims: string;
  readonly act?: DemoAct;
  readonly expected: { readonly state: string; readonly flagged: boolean; readonly inWords: string };
}

const speech = (speaker: string, ...files: string[]) =>
  files.map((file) => `samples/speech/${speaker}/${file}.wav`);

export const demoCustomers: readonly DemoCustomer[] = [
  {
    accountRef: 'ACC-1001',
    who: 'Allison',
    enrolOn: speech('allison', 'enrol-1'),
    consents: true,
  },
  { accountRef: 'ACC-1002', who: 'June', enrolOn: speech('june', 'enrol-1'), consents: true },
  { accountRef: 'ACC-1003', who: 'Paola', enrolOn: [], consents: false },
];

export const demoCalls: readonly DemoCall[] = [
  {
    name: 'right caller',
    speech: speech('allison', 'call-1'),
    claims: 'ACC-1001',
    expected: { state: 'accepted', flagged: false, inWords: 'verified' },
  },
  {
    name: 'wrong caller, asks for a payout',
    speech: speech('carlo', 'call-1'),
    claims: 'ACC-1001',
    act: 'asks-for-payout',
    expected: { state: 'rejected', flagged: true, inWords: 'not verified, flagged' },
  },
  {
    name: 'no consent on the account',
    speech: speech('menardi', 'call-1'),
    claims: 'ACC-1003',
    expected: { state: 'no-consent', flagged: false, inWords: 'nothing processed' },
  },
  {
    name: 'withdraws consent in mid-call',
    speech: speech('june', 'call-1'),
    claims: 'ACC-1002',
    act: 'withdraws-consent',
    expected: { state: 'opted-out', flagged: false, inWords: 'processing stopped, voiceprint gone' },
  },
];
