import { Module } from '@nestjs/common';
import { LedgerExportController } from './ledger-export.controller.js';
import { LedgersController } from './ledgers.controller.js';

@Module({ controllers: [LedgersController, LedgerExportController] })
export class LedgersModule {}
