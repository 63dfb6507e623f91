import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { TenantRotation, type KeyState } from './tenant-rotation.js';
import { keyStateSchema } from './answers.js';

const example: KeyState = {
  tenantKeyVersion: 2,
  state: 'rotating',
  masterKeyId: 'local:5df6e0e2761359d3',
  outstanding: { customers: 1200, watchlistEntries: 0, credentials: 0, calls: 0 },
};

@ApiTags('keys')
@ApiBearerAuth()
@Controller('v1/keys')
export class KeysController {
  constructor(private readonly rotation: TenantRotation) {}

  @Get()
  @Roles('admin', 'privacy')
  @ApiOperation({
    summary: 'How the tenant’s keys stand',
    description: 'Versions and what is still to be sealed anew, never a key.',
  })
  @ApiResponse({ status: 200, standardSchema: keyStateSchema, description: 'State and progress.', example })
  state(@CurrentPrincipal() { tenantId }: Principal): Promise<KeyState> {
    return this.rotation.state(tenantId);
  }

  @Post('rotation')
  @HttpCode(202)
  @Roles('admin')
  @ApiOperation({
    summary: 'Rotate the tenant’s key',
    description:
      'Begins at once and goes on by itself while calls are served; GET shows how far it is. Asked again while it is under way, it is that one.',
  })
  @ApiResponse({ status: 202, standardSchema: keyStateSchema, description: 'Under way.', example })
  async rotate(@CurrentPrincipal() { tenantId, tokenId }: Principal): Promise<KeyState> {
    await this.rotation.begin(tenantId, tokenId);
    return this.rotation.state(tenantId);
  }
}
