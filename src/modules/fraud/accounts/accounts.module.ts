import { Module } from '@nestjs/common';
import { CallRegistryModule } from '../../calls/live/call-registry.module.js';
import { FlagsModule } from '../flags/flags.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';

@Module({
  imports: [CallRegistryModule, FlagsModule, PoliciesModule],
  controllers: [AccountsController],
  providers: [AccountsService],
})
export class AccountsModule {}
