import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ACCESS_WATCH } from '../../../platform/auth/access.port.js';
import { AUTHENTICATOR } from '../../../platform/auth/authenticator.port.js';
import { FactsModule } from '../facts/facts.module.js';
import { AccessEnds } from './access-ends.js';
import { AccessGuard } from './access.guard.js';
import { TokenAuthenticator } from './token-authenticator.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';

@Global()
@Module({
  imports: [FactsModule],
  controllers: [TokensController],
  providers: [
    TokensService,
    AccessEnds,
    { provide: ACCESS_WATCH, useExisting: AccessEnds },
    { provide: AUTHENTICATOR, useClass: TokenAuthenticator },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ACCESS_WATCH, AUTHENTICATOR, TokensService],
})
export class TokensModule {}
