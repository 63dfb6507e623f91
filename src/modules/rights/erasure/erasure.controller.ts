import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import {
  erasureReasons,
  erasureRuleSchema,
  type SignedReceipt,
} from '../../../core/privacy/erasure-receipt.js';
import { toJwk, type Ed25519Jwk } from '../../../platform/crypto/ed25519.js';
import { Public } from '../../../platform/http/public.decorator.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ErasureService } from './erasure.service.js';
import { ReceiptKeys } from './receipt-keys.js';
import { erasureEraseAnswer, erasureReceiptKeysAnswer, erasureReceiptsAnswer } from './answers.js';

const uuid = z.uuid().transform((id) => id as CustomerId);
const erasureBody = z
  .strictObject({
    reason: z.enum(erasureReasons),
    requestId: z.uuid().optional(),
    rules: z.array(erasureRuleSchema).max(20).optional(),
  })
  .meta({ example: { reason: 'request-of-the-person' } });
const receiptsQuery = z.strictObject({ customerId: uuid.optional() });

const example: SignedReceipt = {
  receipt: {
    v: 1,
    kind: 'timbre-erasure-receipt',
    erasureId: '5b0a3f0e-7a51-4c8e-9f5e-2f6f4b0c9a11',
    tenantId: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55',
    customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11',
    reason: 'request-of-the-person',
    rules: [{ packId: 'gdpr', rule: 'erasure', article: 'GDPR Art. 17(1)' }],
    requestId: null,
    requestedBy: 'c2a7a1de-0a4e-4f0e-8a53-6f0b8a3d7b21',
    requestedAt: '2026-03-01T09:30:00.000Z',
    keys: [{ keyId: 'e1f1c7f4-9a30-4c1c-8a3e-1c8e7d6b5a43', destroyedAt: '2026-03-01T09:30:00.004Z' }],
    erasedAt: '2026-03-01T09:30:00.004Z',
    counts: { customer_keys: 1, voiceprints: 1, calls: 3, call_events: 210, customers: 1 },
    signingKeyId: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  },
  signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
};

@ApiTags('erasure')
@Controller()
export class ErasureController {
  constructor(
    private readonly erasures: ErasureService,
    private readonly keys: ReceiptKeys,
  ) {}

  @Post('v1/customers/:customerId/erasure')
  @HttpCode(200)
  @Roles('privacy')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Erase a customer',
    description:
      'Destroys the customer’s keys, then every row of theirs, then what live calls hold, and answers a signed receipt. It cannot be undone. ' +
      'Asked again it answers the first receipt. What stays: chained ledgers and this receipt, which hold ids that lead nowhere.',
  })
  @ApiParam({ name: 'customerId', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({ status: 200, standardSchema: erasureEraseAnswer, description: 'The receipt.', example })
  @ApiResponse({ status: 404, description: 'customer-not-found: there never was such a customer.' })
  erase(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Body({ schema: erasureBody }) { reason, requestId, rules }: z.output<typeof erasureBody>,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<SignedReceipt> {
    return this.erasures.erase(tenantId, customerId, { by: tokenId, reason, requestId, rules });
  }

  @Get('v1/erasure-receipts')
  @Roles('privacy')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Receipts of erasures', description: 'Newest first, at most 1000.' })
  @ApiQuery({ name: 'customerId', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 200,
    standardSchema: erasureReceiptsAnswer,
    description: 'Signed receipts.',
    example: { receipts: [example] },
  })
  async receipts(
    @Query({ schema: receiptsQuery }) { customerId }: z.output<typeof receiptsQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ receipts: SignedReceipt[] }> {
    return { receipts: await this.erasures.receipts(tenantId, customerId) };
  }

  @Get('.well-known/timbre-receipt-keys')
  @Public()
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({
    summary: 'Public keys of erasure receipts',
    description:
      'A JWK set (RFC 7517) of Ed25519 keys (RFC 8037): the one in use first, then every earlier one.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: erasureReceiptKeysAnswer,
    description: 'The key set.',
    example: { keys: [toJwk(Buffer.alloc(32, 1))] },
  })
  async receiptKeys(): Promise<{ keys: Ed25519Jwk[] }> {
    return { keys: await this.keys.published() };
  }
}
