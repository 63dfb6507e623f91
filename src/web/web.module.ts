import { Module } from '@nestjs/common';
import { AgentPageController } from './agent-page.controller.js';
import { CommonFilesController } from './common-files.controller.js';
import { CustomerPageController } from './customer-page.controller.js';
import { FrontPageController } from './front-page.controller.js';
import { PrivacyPageController } from './privacy-page.controller.js';

@Module({
  controllers: [
    FrontPageController,
    CommonFilesController,
    AgentPageController,
    CustomerPageController,
    PrivacyPageController,
  ],
})
export class WebModule {}
