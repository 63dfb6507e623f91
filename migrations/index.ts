import { Initial1764000000000 } from './1764000000000-initial.js';
import { AudiohookNonces1764000001000 } from './1764000001000-audiohook-nonces.js';
import { CallHandovers1764000002000 } from './1764000002000-call-handovers.js';
import { ModelChange1764000003000 } from './1764000003000-model-change.js';
import { Watchlists1764000004000 } from './1764000004000-watchlists.js';
import { LedgerChain1764000006000 } from './1764000006000-ledger-chain.js';
import { LegalPacks1764000007000 } from './1764000007000-legal-packs.js';
import { Retention1764000007010 } from './1764000007010-retention.js';
import { Erasure1764000008000 } from './1764000008000-erasure.js';
import { KeyHalves1764000008100 } from './1764000008100-key-halves.js';
import { Requests1764000009000 } from './1764000009000-requests.js';
import { SelfService1764000010000 } from './1764000010000-self-service.js';
import { AuditSearch1764000011000 } from './1764000011000-audit-search.js';
import { SignedConsents1764000011001 } from './1764000011001-signed-consents.js';
import { TenantCentres1764000012000 } from './1764000012000-tenant-centres.js';
import { ObjectionsTakenBack1764000013000 } from './1764000013000-objections-taken-back.js';
import { KeyStore1764000013001 } from './1764000013001-key-store.js';
import { FactCursors1764000014000 } from './1764000014000-fact-cursors.js';
import { ProcessLeases1764000014100 } from './1764000014100-process-leases.js';
import { FlagsTold1764000015000 } from './1764000015000-flags-told.js';
import { CallProtocols1764000016000 } from './1764000016000-call-protocols.js';
import { CoolingOff1764000017000 } from './1764000017000-cooling-off.js';
import { HeldEnrolments1764000017010 } from './1764000017010-held-enrolments.js';
import { OwnCallers1764000018000 } from './1764000018000-own-callers.js';
import { MeanVoiceByItself1764000018100 } from './1764000018100-mean-voice-by-itself.js';
import { FlagDesk1764000022000 } from './1764000022000-flag-desk.js';

/** Every migration, in order. Listed by hand: what runs against a customer's database is never found by a pattern. */
export const migrations = [
  Initial1764000000000,
  AudiohookNonces1764000001000,
  CallHandovers1764000002000,
  ModelChange1764000003000,
  Watchlists1764000004000,
  LedgerChain1764000006000,
  LegalPacks1764000007000,
  Retention1764000007010,
  Erasure1764000008000,
  KeyHalves1764000008100,
  Requests1764000009000,
  SelfService1764000010000,
  AuditSearch1764000011000,
  SignedConsents1764000011001,
  TenantCentres1764000012000,
  ObjectionsTakenBack1764000013000,
  KeyStore1764000013001,
  FactCursors1764000014000,
  ProcessLeases1764000014100,
  FlagsTold1764000015000,
  CallProtocols1764000016000,
  CoolingOff1764000017000,
  HeldEnrolments1764000017010,
  OwnCallers1764000018000,
  MeanVoiceByItself1764000018100,
  FlagDesk1764000022000,
];
