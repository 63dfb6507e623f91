import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ProblemError } from '../../../platform/http/problem.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { liveRoles } from './live-roles.js';

/** A browser is not told why its WebSocket was refused; plain HTTP to the same path says it. */
@ApiTags('live')
@ApiBearerAuth()
@Controller('v1/live')
export class LiveController {
  @Get()
  @Roles(...liveRoles)
  @ApiOperation({
    summary: 'Live events of calls (WebSocket)',
    description:
      'A WebSocket with subprotocol `timbre.v1`; the token as `Authorization: Bearer` or as a second subprotocol `bearer.<token>`. ' +
      'Query: `callId` follows one call, `after` resumes after an event id. ' +
      'Plain HTTP gets 426 with a token that may follow calls, 401 or 403 with another.',
  })
  @ApiResponse({ status: 426, description: 'The token is good; open a WebSocket.' })
  upgradeOnly(): never {
    throw new ProblemError(426, 'upgrade-required', 'This is a WebSocket', {
      detail: 'Open a WebSocket here with subprotocol timbre.v1.',
      headers: { Upgrade: 'websocket', Connection: 'Upgrade' },
    });
  }
}
