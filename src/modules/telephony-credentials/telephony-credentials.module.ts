import { Global, Module } from '@nestjs/common';

import { TWILIO_CREDENTIALS } from '../../platform/auth/twilio-credentials.port.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { CredentialStore } from './credential-store.js';
import { TelephonyCredentialsController } from './telephony-credentials.controller.js';
import { TelephonyCredentialsService } from './telephony-credentials.service.js';

/** Global, since src/telephony may know its port only. */
@Global()
@Module({
  imports: [TenantsModule],
  controllers: [TelephonyCredentialsController],
  providers: [
    TelephonyCredentialsService,
    CredentialStore,
    { provide: TWILIO_CREDENTIALS, useExisting: TelephonyCredentialsService },
  ],
  exports: [TWILIO_CREDENTIALS, TelephonyCredentialsService],
})
export class TelephonyCredentialsModule {}
