import { Module } from '@nestjs/common';
import { WithdrawalsController } from './withdrawals.controller.js';
import { Withdrawals } from './withdrawals.service.js';

@Module({ controllers: [WithdrawalsController], providers: [Withdrawals], exports: [Withdrawals] })
export class WithdrawalsModule {}
