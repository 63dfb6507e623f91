import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { WatchlistId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { watchlistBody, watchlistExample, type WatchlistBody } from './watchlist-body.js';
import type { WatchlistView } from './watchlist-view.js';
import { WatchlistsService } from './watchlists.service.js';
import { watchlistViewSchema, watchlistsListAnswer } from './answers.js';

const example: WatchlistView = {
  listId: '6c1de1d4-6f0b-4a6c-9f1e-2f0b7c9a1c01' as WatchlistId,
  ...watchlistExample,
  residences: [...watchlistExample.residences],
  reviewBy: '2027-03-01T00:00:00.000Z',
  approvedAt: '2026-03-01T09:30:00.000Z',
  createdAt: '2026-03-01T09:30:00.000Z',
  closedAt: null,
  entries: 0,
  state: 'in-force',
};
const id = z.uuid();

@ApiTags('watchlists')
@ApiBearerAuth()
@Controller('v1/watchlists')
export class WatchlistsController {
  constructor(private readonly lists: WatchlistsService) {}

  @Post()
  @Roles('admin')
  @ApiOperation({
    summary: 'Open a watchlist',
    description:
      'People on it have not consented, so it needs a documented ground: which law, for which residences, approved by whom, to be reviewed when. ' +
      'Callers and listed people elsewhere need to have agreed themselves. `reach`: verified-calls are processed for verification anyway; ' +
      'every-claimed-call also lets voices be analysed for screening alone.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: watchlistViewSchema,
    description: 'The list, without entries yet.',
    example,
  })
  @ApiResponse({
    status: 400,
    description: 'bad-input: a residence where only the person’s own consent counts, among others.',
  })
  @ApiResponse({ status: 409, description: 'watchlist-exists' })
  create(
    @Body({ schema: watchlistBody }) body: WatchlistBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<WatchlistView> {
    return this.lists.create(principal, body);
  }

  @Get()
  @Roles('fraud', 'privacy', 'admin')
  @ApiOperation({ summary: 'All watchlists, oldest first, closed ones too' })
  @ApiResponse({
    status: 200,
    standardSchema: watchlistsListAnswer,
    description: 'Each with its ground and how many voices it keeps.',
    example: { watchlists: [example] },
  })
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<{ watchlists: WatchlistView[] }> {
    return { watchlists: await this.lists.list(tenantId) };
  }

  @Put(':listId')
  @Roles('admin')
  @ApiParam({ name: 'listId', format: 'uuid' })
  @ApiOperation({
    summary: 'Review a watchlist',
    description:
      'Writes its ground, reach and approval anew. Past its review date nothing is added or screened.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: watchlistViewSchema,
    description: 'The list as it is now.',
    example,
  })
  @ApiResponse({ status: 404, description: 'unknown-watchlist' })
  @ApiResponse({ status: 409, description: 'watchlist-closed or watchlist-exists' })
  review(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @Body({ schema: watchlistBody }) body: WatchlistBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<WatchlistView> {
    return this.lists.review(principal, listId, body);
  }

  @Delete(':listId')
  @HttpCode(204)
  @Roles('admin', 'privacy')
  @ApiParam({ name: 'listId', format: 'uuid' })
  @ApiOperation({
    summary: 'Close a watchlist',
    description: 'Every voice on it is destroyed, at once and for good.',
  })
  @ApiResponse({ status: 204, description: 'Closed.' })
  @ApiResponse({ status: 404, description: 'unknown-watchlist' })
  close(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.lists.close(principal, listId);
  }
}
