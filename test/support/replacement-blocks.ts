import { Global, Module } from '@nestjs/common';
import {
  REPLACEMENT_BLOCKS,
  type ReplacementBlocks,
} from '../../src/modules/people/voiceprints/replacement-blocks.port.js';

/** Where a spec starts people's rooms without calls and flags: nothing stands in the way, until `block` says so. */
export class SwitchedBlocks implements ReplacementBlocks {
  block: Awaited<ReturnType<ReplacementBlocks['blockNow']>> = null;

  blockNow(): ReturnType<ReplacementBlocks['blockNow']> {
    return Promise.resolve(this.block);
  }
}

@Global()
@Module({
  providers: [{ provide: REPLACEMENT_BLOCKS, useClass: SwitchedBlocks }],
  exports: [REPLACEMENT_BLOCKS],
})
export class BlocksModule {}
