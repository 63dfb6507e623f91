import { Global, Module } from '@nestjs/common';

import { AUDIOHOOK_CREDENTIALS } from '../../../platform/auth/audiohook-credentials.port.js';
import { KINESIS_CREDENTIALS } from '../../../platform/auth/kinesis-credentials.port.js';
import { TWILIO_CREDENTIALS } from '../../../platform/auth/twilio-credentials.port.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { CredentialStore } from './credential-store.js';
import { TelephonyCredentialsController } from './telephony-credentials.controller.js';
import { TelephonyCredentialsService } from './telephony-credentials.service.js';

/** Global, since src/telephony may know its ports only. */
@Global()
@Module({
  imports: [TenantsModule],
  controllers: [TelephonyCredentialsController],
  providers: [
    TelephonyCredentialsService,
    CredentialStore,
    { provide: TWILIO_CREDENTIALS, useExisting: TelephonyCredentialsService },
    { provide: AUDIOHOOK_CREDENTIALS, useExisting: TelephonyCredentialsService },
    { provide: KINESIS_CREDENTIALS, useExisting: TelephonyCredentialsService },
  ],
  exports: [TWILIO_CREDENTIALS, AUDIOHOOK_CREDENTIALS, KINESIS_CREDENTIALS, TelephonyCredentialsService],
})
export class TelephonyCredentialsModule {}
