import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../platform/http/problem.js';
import type { DataBundle } from '../data-bundles/data-bundle.js';
import { DataBundleService } from '../data-bundles/data-bundle.service.js';
import {
  OptOutSignalService,
  type OptOutHeader,
  type SignalOutcome,
} from '../requests/opt-out-signal.service.js';
import { ObjectionsService, type ObjectionView, type TakenBack } from '../requests/objections.service.js';
import { RequestsService } from '../requests/requests.service.js';
import { MyDataService, onBehalf } from './my-data.service.js';
import { toMyRequest, type MyNewRequest, type MyRequest } from './my-request.js';
import type { Visit } from './self-service-session.entity.js';

/** What the law lets people ask for, asked on their own page: the link has shown who they are. */
@Injectable()
export class MyRightsService {
  constructor(
    private readonly mine: MyDataService,
    private readonly bundles: DataBundleService,
    private readonly requests: RequestsService,
    private readonly standing: ObjectionsService,
    private readonly signals: OptOutSignalService,
  ) {}

  /** A copy at once: nobody has to look at a request first. */
  bundle(visit: Visit): Promise<DataBundle> {
    // Recorded first: what was handed out without a trace would be worse than a trace of what was not.
    this.mine.used(visit, 'data');
    return this.bundles.bundle(visit.tenantId, visit.customerId);
  }

  async list({ tenantId, customerId }: Visit): Promise<MyRequest[]> {
    const { requests } = await this.requests.list(tenantId, { customerId, limit: 100 });
    return requests.map(toMyRequest);
  }

  async open(visit: Visit, asked: MyNewRequest): Promise<MyRequest> {
    const identity = { method: 'self-service-link' as const, reference: visit.linkId };
    const request = { ...asked, identity };
    return toMyRequest(await this.requests.open(onBehalf(visit), visit.customerId, request, 'customer-page'));
  }

  /** What the visitor has objected to and may take back. */
  async objections({ tenantId, customerId }: Visit): Promise<ObjectionView[]> {
    const all = await this.standing.list(tenantId, customerId);
    return all.filter(({ standing }) => standing === 'in-force');
  }

  async takeBack(visit: Visit, objectionId: string, header: OptOutHeader): Promise<TakenBack> {
    const { tenantId, customerId } = visit;
    const all = await this.standing.list(tenantId, customerId);
    const asked = all.find((one) => one.objectionId === objectionId);
    // The next request of this very page would record it again.
    if (
      asked?.scopes.includes('sale-or-sharing') === true &&
      (await this.signals.counts(tenantId, customerId, header))
    )
      throw new ProblemError(409, 'opt-out-signal-on', 'The browser asks for the opposite', {
        detail:
          'It sends Global Privacy Control, which is honoured. Switch that off first; nothing was recorded.',
      });
    return this.standing.takeBack(onBehalf(visit), customerId, objectionId, 'customer-page');
  }

  /** Global Privacy Control, heard on every visit whose browser says it. */
  hearSignal(visit: Visit, header: OptOutHeader): Promise<SignalOutcome> {
    return this.signals.hear(onBehalf(visit), visit.customerId, header);
  }
}
