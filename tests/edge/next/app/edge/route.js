import * as sdk from 'tencent-im-wasm';
import { answer } from '../../call.mjs';

export const runtime = 'edge';
export const GET = () => answer(sdk);
