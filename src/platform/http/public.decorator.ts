import { SetMetadata } from '@nestjs/common';

export const publicKey = 'timbre:public';

/** Open to anyone, without a token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);
