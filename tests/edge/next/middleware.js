import * as sdk from 'tencent-im-wasm';
import { answer } from './call.mjs';

export const config = { matcher: '/middleware' };
export const middleware = () => answer(sdk);
