import { describe, expect, it } from '@jest/globals';
import type {
  AgentState as ServerAgentState,
  AgentView as ServerAgentView,
} from '../../src/core/calls/agent-view.js';
import type { CallResult as ServerCallResult } from '../../src/core/calls/result.js';
import type { AccountEventKind as ServerAccountEventKind } from '../../src/core/policy/policy.js';
import type { SignedReceipt } from '../../src/core/privacy/erasure-receipt.js';
import type { ConsentView } from '../../src/modules/consents/consent-view.js';
import type { Withdrawal } from '../../src/modules/consents/consents.service.js';
import type { FlagSummary } from '../../src/modules/flags/flag-summary.js';
import type { EnrolmentOutcome as ServerEnrolmentOutcome } from '../../src/modules/voiceprints/enrolment-outcome.js';
import type { MyEnrolment, ServerMessage } from '../../src/modules/self-service/enrolment-messages.js';
import type { SignalOutcome } from '../../src/modules/requests/opt-out-signal.service.js';
import type { MyRequest } from '../../src/modules/self-service/my-request.js';
import type { MyState } from '../../src/modules/self-service/my-state.js';
import type * as page from '../../src/web/agent/browser/api-types.js';
import type * as customerPage from '../../src/web/customer/browser/api-types.js';

/** What a server's type is once it has been JSON: ids have lost their brands. */
type Json<T> = T extends string & { readonly __id: string }
  ? string
  : T extends object
    ? { readonly [K in keyof T]: Json<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Fits<A, B> = [A] extends [B] ? true : false;

/** Each line fails to compile when the page's type and the server's drift apart. */
const held = {
  agentState: true satisfies Same<ServerAgentState, page.AgentState>,
  agentView: true satisfies Same<Json<ServerAgentView>, page.AgentView>,
  accountEventKind: true satisfies Same<ServerAccountEventKind, page.AccountEventKind>,
  // The page looks at a part of these: all that it looks at is there.
  callResult: true satisfies Fits<Json<ServerCallResult>, page.CallResult>,
  channels: true satisfies Same<ServerCallResult['channels'], page.CallResult['channels']>,
  flag: true satisfies Fits<Json<FlagSummary>, page.LiveFlag>,
  flagWords: true satisfies Same<
    FlagSummary['severity'] | FlagSummary['state'],
    page.LiveFlag['severity'] | page.LiveFlag['state']
  >,
  enrolment: true satisfies Fits<Json<ServerEnrolmentOutcome>, page.EnrolmentOutcome>,
  consent: true satisfies Fits<Json<ConsentView>, page.Consent>,
  myState: true satisfies Fits<Json<MyState & { optOutSignal: SignalOutcome }>, customerPage.MyState>,
  myRequest: true satisfies Same<Json<MyRequest>, customerPage.MyRequest>,
  myReceipt: true satisfies Fits<Json<SignedReceipt>, customerPage.MyReceipt>,
  myWithdrawal: true satisfies Fits<Json<Withdrawal>, customerPage.MyWithdrawal>,
  myEnrolment: true satisfies Fits<Json<MyEnrolment>, customerPage.MyEnrolment>,
  enrolmentMessage: true satisfies Fits<Json<ServerMessage>, customerPage.EnrolmentMessage>,
};

describe("the page's types", () => {
  it("are the server's, as tsc says", () => {
    expect(Object.values(held)).not.toContain(false);
  });
});
