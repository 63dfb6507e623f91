import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'timbre:public';

/** Open to anyone, without a token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
