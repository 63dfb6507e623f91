import { Module } from '@nestjs/common';
import { AgentPageController } from './agent-page.controller.js';
import { CommonFilesController } from './common-files.controller.js';

@Module({ controllers: [CommonFilesController, AgentPageController] })
export class WebModule {}
