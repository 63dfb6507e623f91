import { Module } from '@nestjs/common';
import { LegalHoldsController } from './legal-holds.controller.js';
import { LegalHolds } from './legal-holds.service.js';

@Module({ controllers: [LegalHoldsController], providers: [LegalHolds] })
export class LegalHoldsModule {}
