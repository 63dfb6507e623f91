import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/public.decorator.js';
import { gpcGpcAnswer } from './answers.js';

const support = { gpc: true, lastUpdate: '2026-11-26' } as const;

/** Says that Global Privacy Control is honoured, as the specification has sites say it. */
@ApiTags('privacy')
@Controller('.well-known')
export class GpcController {
  @Get('gpc.json')
  @Public()
  @ApiOperation({ summary: 'Global Privacy Control is honoured here' })
  @ApiResponse({
    status: 200,
    standardSchema: gpcGpcAnswer,
    description: 'The GPC support resource.',
    example: support,
  })
  gpc(): typeof support {
    return support;
  }
}
