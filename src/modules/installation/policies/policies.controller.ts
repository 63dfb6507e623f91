import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { roles, type Principal } from '../../../core/auth/principal.js';
import { defaultPolicy, type Policy, type PolicyDocument } from '../../../core/policy/policy.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { PoliciesService } from './policies.service.js';
import { policyBodySchema } from './policy-body.js';
import { policiesVersionsAnswer, policyAnswer } from './answers.js';

const { version: shippedVersion, ...exampleDocument } = defaultPolicy;

interface PolicyVersionView {
  readonly version: number;
  readonly createdAt: string | null;
  readonly createdBy: string | null;
  readonly document: PolicyDocument;
}

@ApiTags('policy')
@ApiBearerAuth()
@Controller('v1/policy')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  @Roles(...roles)
  @ApiOperation({ summary: 'The policy in force', description: 'Version 0 is the one shipped with Timbre.' })
  @ApiResponse({
    status: 200,
    standardSchema: policyAnswer,
    description: 'The policy with its version.',
    example: defaultPolicy,
  })
  current(@CurrentPrincipal() { tenantId }: Principal): Promise<Policy> {
    return this.policies.current(tenantId);
  }

  @Put()
  @Roles('admin')
  @ApiOperation({
    summary: 'Replace the policy',
    description:
      'The whole document; it becomes a new version, in force for live calls from their next result on. Operating points must be in order: ' +
      'the acceptance bound log(costFalseAccept · priorFraud / (costFalseReject · (1 − priorFraud))) positive, and convenience ≤ standard ≤ strict.',
  })
  @ApiBody({
    schema: {},
    examples: { shipped: { summary: 'The policy shipped with Timbre', value: exampleDocument } },
  })
  @ApiResponse({
    status: 200,
    standardSchema: policyAnswer,
    description: 'The policy now in force.',
    example: { ...exampleDocument, version: 1 },
  })
  @ApiResponse({
    status: 400,
    description: 'Some value is missing, unknown or out of range; errors names each.',
  })
  replace(
    @Body({ schema: policyBodySchema }) document: PolicyDocument,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<Policy> {
    return this.policies.replace(tenantId, document, tokenId);
  }

  @Get('versions')
  @Roles(...roles)
  @ApiOperation({ summary: 'Every version of the policy, newest first, down to the shipped one' })
  @ApiResponse({
    status: 200,
    standardSchema: policiesVersionsAnswer,
    description: 'Versions are never changed: results and flags name theirs.',
    example: {
      versions: [{ version: shippedVersion, createdAt: null, createdBy: null, document: exampleDocument }],
    },
  })
  async versions(
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ versions: readonly PolicyVersionView[] }> {
    const written = await this.policies.versions(tenantId);
    const shipped = { version: shippedVersion, createdAt: null, createdBy: null, document: exampleDocument };
    return {
      versions: [
        ...written.map(({ version, createdAt, createdBy, document }) => ({
          version,
          createdAt: createdAt.toISOString(),
          createdBy,
          document,
        })),
        shipped,
      ],
    };
  }
}
