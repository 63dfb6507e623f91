import { Module } from '@nestjs/common';
import { CallRegistryModule } from '../../calls/live/call-registry.module.js';
import { FlagFileController } from './flag-file.controller.js';

@Module({ imports: [CallRegistryModule], controllers: [FlagFileController] })
export class FlagFileModule {}
