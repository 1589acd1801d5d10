import * as sdk from 'tencent-im-wasm/webhooks';
import { receive } from '../../../hooks.mjs';

export const runtime = 'edge';
export const { GET, POST } = receive(sdk);
