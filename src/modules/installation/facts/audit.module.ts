import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { FactsModule } from './facts.module.js';

@Module({ imports: [FactsModule], controllers: [AuditController] })
export class AuditModule {}
