import { describe, expect, it } from '@jest/globals';
import type {
  AgentState as ServerAgentState,
  AgentView as ServerAgentView,
} from '../../src/core/calls/agent-view.js';
import type { CallResult as ServerCallResult } from '../../src/core/calls/result.js';
import type { AccountEventKind as ServerAccountEventKind } from '../../src/core/risk/account-event-kind.js';
import type { SignedReceipt } from '../../src/core/privacy/erasure-receipt.js';
import type { ConsentView } from '../../src/modules/people/consents/consent-view.js';
import type { Withdrawal } from '../../src/modules/people/withdrawals/withdrawals.service.js';
import type { FlagSummary } from '../../src/modules/fraud/flags/flag-summary.js';
import type { EnrolmentOutcome as ServerEnrolmentOutcome } from '../../src/modules/people/voiceprints/enrolment-outcome.js';
import type { MyEnrolment, ServerMessage } from '../../src/modules/rights/self-service/enrolment-messages.js';
import type { SignalOutcome } from '../../src/modules/rights/requests/opt-out-signal.service.js';
import type { MyRequest } from '../../src/modules/rights/self-service/my-request.js';
import type { MyState } from '../../src/modules/rights/self-service/my-state.js';
import type { LedgersController } from '../../src/modules/rights/ledgers/ledgers.controller.js';
import type { ConsentNoticesController } from '../../src/modules/people/consents/consent-notices.controller.js';
import type { ConsentsController } from '../../src/modules/people/consents/consents.controller.js';
import type { CustomerFileController } from '../../src/modules/people/customer-file/customer-file.controller.js';
import type { ErasureController } from '../../src/modules/rights/erasure/erasure.controller.js';
import type { LegalPacksController } from '../../src/modules/installation/policies/legal-packs.controller.js';
import type { ProcessingRecordsController } from '../../src/modules/rights/processing-records/processing-records.controller.js';
import type { ObjectionsController } from '../../src/modules/rights/requests/objections.controller.js';
import type { ObjectionView } from '../../src/modules/rights/requests/objections.service.js';
import type { RequestView } from '../../src/modules/rights/requests/request-view.js';
import type { RequestsController } from '../../src/modules/rights/requests/requests.controller.js';
import type { LegalHoldsController } from '../../src/modules/people/legal-holds/legal-holds.controller.js';
import type { RetentionController } from '../../src/modules/rights/retention/retention.controller.js';
import type * as officerPage from '../../src/web/privacy/browser/api-types.js';
import type { LegalPack } from '../../src/web/privacy/browser/packs-view.js';
import type * as receiptPage from '../../src/web/privacy/browser/receipt-check.js';
import type * as recordPage from '../../src/web/privacy/browser/record-types.js';
import type * as requestPage from '../../src/web/privacy/browser/request-types.js';
import type * as retentionPage from '../../src/web/privacy/browser/retention-types.js';
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
  myObjection: true satisfies Fits<Json<ObjectionView>, customerPage.MyObjection>,
};

type Answer<Controller, Route extends keyof Controller> = Controller[Route] extends (
  ...args: never[]
) => Promise<infer Body>
  ? Json<Body>
  : never;

/** What each request of the officer's page is answered with; the audit log's entries are chained as they are, and have no type. */
const heldOfOfficer = {
  heads: true satisfies Fits<
    Answer<LedgersController, 'heads'>,
    { readonly ledgers: readonly officerPage.LedgerHead[] }
  >,
  verification: true satisfies Fits<Answer<LedgersController, 'verify'>, officerPage.LedgerVerification>,
  customer: true satisfies Fits<Answer<CustomerFileController, 'state'>, officerPage.CustomerState>,
  consents: true satisfies Fits<
    Answer<ConsentsController, 'list'>,
    { readonly consents: readonly officerPage.Consent[] }
  >,
  notices: true satisfies Fits<
    Answer<ConsentNoticesController, 'list'>,
    { readonly notices: readonly officerPage.Notice[] }
  >,
  objections: true satisfies Fits<
    Answer<ObjectionsController, 'list'>,
    { readonly objections: readonly officerPage.Objection[] }
  >,
  requests: true satisfies Fits<Answer<RequestsController, 'list'>, requestPage.RequestPage>,
  requestWords: true satisfies Same<
    RequestView['standing'] | RequestView['receipt']['standing'] | RequestView['extension']['kind'],
    | requestPage.RightsRequest['standing']
    | requestPage.RightsRequest['receipt']['standing']
    | requestPage.RightsRequest['extension']['kind']
  >,
  preview: true satisfies Fits<Answer<RetentionController, 'preview'>, retentionPage.Preview>,
  runs: true satisfies Fits<
    Answer<RetentionController, 'runs'>,
    { readonly late: boolean; readonly runs: readonly retentionPage.Run[] }
  >,
  holds: true satisfies Fits<
    Answer<LegalHoldsController, 'list'>,
    { readonly holds: readonly retentionPage.Hold[] }
  >,
  receipts: true satisfies Fits<
    Answer<ErasureController, 'receipts'>,
    { readonly receipts: readonly receiptPage.SignedReceipt[] }
  >,
  receiptKeys: true satisfies Fits<
    Answer<ErasureController, 'receiptKeys'>,
    { readonly keys: readonly receiptPage.Ed25519Jwk[] }
  >,
  packs: true satisfies Fits<
    Answer<LegalPacksController, 'list'>,
    { readonly policyVersion: number; readonly packs: readonly LegalPack[] }
  >,
  record: true satisfies Fits<Answer<ProcessingRecordsController, 'record'>, recordPage.ProcessingRecord>,
  dataMap: true satisfies Fits<Answer<ProcessingRecordsController, 'dataMap'>, recordPage.DataMap>,
};

describe("the page's types", () => {
  it("are the server's, as tsc says", () => {
    expect(Object.values({ ...held, ...heldOfOfficer })).not.toContain(false);
  });
});
